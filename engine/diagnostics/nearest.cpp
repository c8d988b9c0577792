#include <algorithm>
#include <cstddef>
#include <utility>

#include "diagnostics/diagnostic.h"
#include "source/utf8.h"

namespace plumb::diagnostics {

namespace {

// Nobody mistypes a longer word by a third of it, and the cost grows with the square.
constexpr std::size_t longest_word = 100;

char32_t folded(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c - U'A' + U'a';
  return c == U'-' || c == U' ' ? U'_' : c;
}

std::u32string characters(std::string_view word) {
  std::u32string result;
  for (std::size_t at = 0; at < word.size() && result.size() <= longest_word;) {
    const source::Character character = source::decode(word, at);
    result.push_back(folded(character.value));
    at += character.size;
  }
  return result;
}

// Insertions, deletions, replacements and swaps of neighbours; three rows of the usual table.
std::size_t distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::u32string wanted = characters(word);
  if (wanted.empty() || wanted.size() > longest_word) return {};
  std::string_view best;
  // One slip in a short word, one more for every four letters: `Amount` is not meant as `count`, nor `Won` as `on`.
  const bool is_short = wanted.size() < 4;
  std::size_t below = (wanted.size() + 1) / 4 + 1;
  for (const std::string& candidate : candidates) {
    const std::u32string found = characters(candidate);
    const std::size_t longer = std::max(found.size(), wanted.size());
    if (longer - std::min(found.size(), wanted.size()) >= below) continue;
    const std::size_t so_far = distance(wanted, found);
    if (so_far >= below || (is_short && so_far > 0 && wanted.front() != found.front())) continue;
    best = candidate;
    below = so_far;
  }
  return best;
}

}  // namespace plumb::diagnostics
