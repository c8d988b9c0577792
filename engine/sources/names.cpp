#include "sources/names.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "base/digits.h"
#include "sources/table.h"

namespace plumb::sources {

namespace {

/// `*` is any text. Cost: that of both, multiplied.
bool fits_pattern(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, in = 0, star = std::string_view::npos, held = 0;  // by the last `*` the text up to `held`
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++, held = in;
    } else if (at < pattern.size() && pattern[at] == text[in]) {
      ++at, ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1, in = ++held;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

/// What programs put behind the name of what they export: `accountData.csv`. Missing: the name itself.
std::string without_tail(std::string stem) {
  for (const std::string_view tail : {"data", "export", "extract", "report"}) {
    if (stem.size() > tail.size() && stem.ends_with(tail)) return stem_of(stem.substr(0, stem.size() - tail.size()));
  }
  return stem;
}

/// `Tasks 2026-01.csv` is `tasks`. Missing: empty.
std::string without_numbers(const std::string& name) {
  std::string letters;
  std::copy_if(name.begin(), name.end(), std::back_inserter(letters), [](char c) { return c < '0' || c > '9'; });
  return without_tail(stem_of(letters));
}

/// What stands in a text before its first number between `_`, which may end it, and that number. Missing: an empty
/// number, and all of it stands before.
std::pair<std::string_view, std::string_view> number_within(std::string_view text) {
  for (std::size_t at = text.find('_'); at != std::string_view::npos; at = text.find('_', at + 1)) {
    const std::string_view word = text.substr(at + 1, text.find('_', at + 1) - at - 1);
    if (is_digits(word)) return {text.substr(0, at + 1), word};
  }
  return {text, {}};
}

}  // namespace

bool comes_before(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto number_at_begin = [&](std::string_view& text) {
    const std::size_t size = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
    std::string_view number = text.substr(0, size);
    text.remove_prefix(size);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
  };
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view x = number_at_begin(a), y = number_at_begin(b);
      if (x != y) return std::pair(x.size(), x) < std::pair(y.size(), y);
      continue;
    }
    if (a.front() != b.front()) return a.front() < b.front();
    a.remove_prefix(1), b.remove_prefix(1);
  }
  return a.size() < b.size();
}

bool lower_id(std::string_view a, std::string_view b) {
  const bool number = is_digits(a);
  if (number != is_digits(b)) return number;
  if (number) return comes_before(a, b);
  for (;;) {
    const auto [before, count] = number_within(a);
    const auto [other_before, other_count] = number_within(b);
    if (before != other_before) return before < other_before;
    if (count.empty() || other_count.empty()) return count.empty() && !other_count.empty();
    if (comes_before(count, other_count) || comes_before(other_count, count)) return comes_before(count, other_count);
    if (count.size() != other_count.size()) return count.size() < other_count.size();
    a.remove_prefix(before.size() + count.size()), b.remove_prefix(before.size() + count.size());
  }
}

bool akin(const std::string& a, const std::string& b) {
  const std::size_t key = a.find(": "), other_key = b.find(": ");
  const std::string stem = without_numbers(a.substr(0, key));
  const bool files = !stem.empty() && stem == without_numbers(b.substr(0, other_key));
  if (key == std::string::npos || other_key == std::string::npos) return files && key == other_key;
  return files && a.substr(key) == b.substr(other_key);
}

bool is_called(const PartNames& part, std::string_view table, bool whole) {
  const auto small = [](std::string_view text) {
    std::string letters(text);
    std::ranges::transform(letters, letters.begin(), [](unsigned char c) { return std::tolower(c); });
    return letters;
  };
  const std::string pattern = small(part.name), name = small(table);
  return fits_pattern(pattern, name) ||
         (!whole && fits_pattern(pattern, std::string_view(name).substr(0, name.find(": "))));
}

}  // namespace plumb::sources
