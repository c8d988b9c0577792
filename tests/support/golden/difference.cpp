#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "support/golden/run_test.h"

namespace plumb::golden {

namespace {

constexpr std::size_t context = 3;
constexpr std::size_t most_shown = 100;
constexpr std::size_t largest_table = 4'000'000;

struct Change {
  char sign;
  std::string line;
};

using Lines = std::vector<std::string>;

// A text without a line break at its end differs from one with it.
Lines marked_lines(std::string_view text) {
  Lines lines = lines_of(text);
  if (!text.empty() && text.back() != '\n') lines.push_back("\\ no newline at the end");
  return lines;
}

// The longest common subsequence, walked from the front; both sides without what they share at begin and end.
void compare_middle(const Lines& a, const Lines& b, std::size_t begin, std::size_t a_end, std::size_t b_end,
                    std::vector<Change>& changes) {
  const std::size_t height = a_end - begin, width = b_end - begin;
  const bool fits = height == 0 || width <= largest_table / height;
  std::vector<std::uint32_t> table(fits ? (height + 1) * (width + 1) : 0);
  const auto cell = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return table[i * (width + 1) + j]; };
  for (std::size_t i = fits ? height : 0; i-- > 0;) {
    for (std::size_t j = width; j-- > 0;) {
      cell(i, j) = a[begin + i] == b[begin + j] ? cell(i + 1, j + 1) + 1 : std::max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  std::size_t i = 0, j = 0;
  while (i < height || j < width) {
    if (i < height && j < width && fits && a[begin + i] == b[begin + j]) {
      changes.push_back({' ', a[begin + i]});
      ++i, ++j;
    } else if (i < height && (j == width || !fits || cell(i + 1, j) >= cell(i, j + 1))) {
      changes.push_back({'-', a[begin + i++]});
    } else {
      changes.push_back({'+', b[begin + j++]});
    }
  }
}

std::vector<Change> compare(const Lines& a, const Lines& b) {
  std::vector<Change> changes;
  std::size_t begin = 0, a_end = a.size(), b_end = b.size();
  while (begin < a_end && begin < b_end && a[begin] == b[begin]) changes.push_back({' ', a[begin++]});
  while (a_end > begin && b_end > begin && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
  compare_middle(a, b, begin, a_end, b_end, changes);
  for (; a_end < a.size(); ++a_end) changes.push_back({' ', a[a_end]});
  return changes;
}

bool is_near_a_change(const std::vector<Change>& changes, std::size_t at) {
  const std::size_t first = at < context ? 0 : at - context;
  const std::size_t last = std::min(at + context + 1, changes.size());
  return std::any_of(changes.begin() + static_cast<std::ptrdiff_t>(first),
                     changes.begin() + static_cast<std::ptrdiff_t>(last),
                     [](const Change& c) { return c.sign != ' '; });
}

}  // namespace

std::string difference(std::string_view expected, std::string_view actual) {
  const std::vector<Change> changes = compare(marked_lines(expected), marked_lines(actual));
  std::string out;
  std::size_t shown = 0;
  bool gap = false;
  for (std::size_t at = 0; at < changes.size(); ++at) {
    if (!is_near_a_change(changes, at)) {
      gap = shown > 0;
      continue;
    }
    if (shown == most_shown) return out + "  ...\n";
    if (gap) out += "  ...\n";
    gap = false;
    out += fmt::format("{} {}\n", changes[at].sign, changes[at].line);
    ++shown;
  }
  return out;
}

}  // namespace plumb::golden
