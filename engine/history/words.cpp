#include "history/words.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace plumb::history {

namespace {

constexpr std::size_t longest_shown = 60;
// Nobody mistypes a longer word by a third of it, and the cost grows with the square.
constexpr std::size_t longest_compared = 100;
constexpr std::size_t most_listed = 20;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string in_ticks(std::string_view cell) {
  const bool cut = cell.size() > longest_shown;
  if (cut) {
    std::size_t end = longest_shown;
    while (end > 0 && is_inside_character(cell[end])) --end;
    cell = cell.substr(0, end);
  }
  std::string result = "`";
  for (char c : cell) result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  return result + (cut ? "…`" : "`");
}

std::string_view nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > longest_compared) return {};
  std::string_view best;
  std::size_t below = word.size() / 3 + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), word.size());
    if (longer - std::min(candidate.size(), word.size()) >= below) continue;
    const std::size_t so_far = distance(word, candidate);
    if (so_far >= below) continue;
    best = candidate;
    below = so_far;
  }
  return best;
}

std::string listed(const std::vector<std::string>& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size() && i < most_listed; ++i) {
    if (i > 0) result += ", ";
    result += in_ticks(words[i]);
  }
  if (words.size() > most_listed) result += fmt::format(" and {} more", words.size() - most_listed);
  return result;
}

}  // namespace plumb::history
