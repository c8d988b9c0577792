#include "plumb/diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

namespace plumb::tool {

namespace {

constexpr std::size_t most_compared = 4'000'000;
constexpr std::size_t context = 3;

using Lines = std::vector<std::string_view>;

/// Each with its line break, which the last one may lack.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// One line of the diff: ' ' for what stays, '-' for what goes, '+' for what comes.
struct Edit {
  char sign;
  std::string_view line;
};

/// What lies between the first and the last line that differ, by the longest run of lines that stay.
void compare(const Lines& before, const Lines& after, std::vector<Edit>& edits) {
  const std::size_t rows = before.size() + 1;
  const std::size_t columns = after.size() + 1;
  const bool too_long = rows * columns > most_compared;
  std::vector<std::uint32_t> longest(too_long ? 0 : rows * columns, 0);  // of what stays from here on
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return longest[i * columns + j]; };
  for (std::size_t i = before.size(); !too_long && i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      at(i, j) = before[i] == after[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    const bool both = i < before.size() && j < after.size();
    if (both && !too_long && before[i] == after[j]) {
      edits.push_back({' ', before[i++]});
      ++j;
    } else if (i < before.size() && (!both || too_long || at(i + 1, j) >= at(i, j + 1))) {
      edits.push_back({'-', before[i++]});
    } else {
      edits.push_back({'+', after[j++]});
    }
  }
}

std::vector<Edit> edits_between(const Lines& before, const Lines& after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t same = 0;
  while (same < shorter && before[same] == after[same]) ++same;
  std::size_t same_end = 0;
  while (same_end < shorter - same && before[before.size() - 1 - same_end] == after[after.size() - 1 - same_end]) {
    ++same_end;
  }
  const auto middle = [&](const Lines& lines) {
    const auto begin = lines.begin();
    return Lines(begin + static_cast<std::ptrdiff_t>(same), lines.end() - static_cast<std::ptrdiff_t>(same_end));
  };
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < same; ++i) edits.push_back({' ', before[i]});
  compare(middle(before), middle(after), edits);
  for (std::size_t i = before.size() - same_end; i < before.size(); ++i) edits.push_back({' ', before[i]});
  return edits;
}

/// `3,7`; an empty range is named by the line before it.
std::string range_of(std::size_t first, std::size_t count) {
  if (count == 1) return fmt::format("{}", first + 1);
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

std::string hunk(const std::vector<Edit>& edits, std::size_t begin, std::size_t end, std::size_t old_line,
                 std::size_t new_line) {
  std::string body;
  std::size_t old_count = 0;
  std::size_t new_count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    old_count += edits[i].sign == '+' ? 0 : 1;
    new_count += edits[i].sign == '-' ? 0 : 1;
    body += edits[i].sign;
    body += edits[i].line;
    if (edits[i].line.back() != '\n') body += "\n\\ No newline at end of file\n";
  }
  return fmt::format("@@ -{} +{} @@\n{}", range_of(old_line, old_count), range_of(new_line, new_count), body);
}

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const std::vector<Edit> edits = edits_between(lines_of(before), lines_of(after));
  std::string text = fmt::format("--- {}\n+++ {}\n", name, name);
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  std::size_t passed = 0;  // edits that are counted in the lines
  const auto pass = [&](std::size_t until) {
    for (; passed < until; ++passed) {
      old_line += edits[passed].sign == '+' ? 0 : 1;
      new_line += edits[passed].sign == '-' ? 0 : 1;
    }
  };
  const auto changes = [](const Edit& edit) { return edit.sign != ' '; };
  for (auto at = std::find_if(edits.begin(), edits.end(), changes); at != edits.end();) {
    const auto first = static_cast<std::size_t>(at - edits.begin());
    const std::size_t begin = std::max(passed, first - std::min(first, context));
    std::size_t end = first;  // behind the last change; the next one is near where their context meets
    while (at != edits.end() && static_cast<std::size_t>(at - edits.begin()) <= end + 2 * context) {
      end = static_cast<std::size_t>(at - edits.begin()) + 1;
      at = std::find_if(at + 1, edits.end(), changes);
    }
    pass(begin);
    const std::size_t stop = std::min(end + context, edits.size());
    text += hunk(edits, begin, stop, old_line, new_line);
    pass(stop);
  }
  return text;
}

}  // namespace plumb::tool
