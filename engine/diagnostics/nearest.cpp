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

void read_characters(std::string_view word, std::u32string& result) {
  result.clear();
  for (std::size_t at = 0; at < word.size() && result.size() <= longest_word;) {
    const source::Character character = source::decode(word, at);
    result.push_back(folded(character.value));
    at += character.size;
  }
}

/// Three rows of the usual table, kept from one word to the next.
struct Rows {
  std::vector<std::size_t> before_last, last, row;
};

// Insertions, deletions, replacements and swaps of neighbours. Whatever is not below a number is that number, so only
// what lies so near the diagonal is looked at.
std::size_t distance(const std::u32string& a, const std::u32string& b, std::size_t below, Rows& rows) {
  auto& [before_last, last, row] = rows;
  for (auto* each : {&before_last, &last, &row}) each->assign(b.size() + 1, below);
  for (std::size_t j = 0; j <= std::min(b.size(), below); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    const std::size_t first = std::max(i, below) - below;
    const std::size_t end = std::min(b.size(), i + below);
    row[first] = first == 0 ? i : below;
    bool is_near = row[first] < below;
    for (std::size_t j = first + 1; j <= end; ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      const std::size_t inserted = j == i + below ? below : last[j] + 1;
      row[j] = std::min({inserted, row[j - 1] + 1, replaced, below});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
      is_near = is_near || row[j] < below;
    }
    const bool was_near = std::any_of(last.begin(), last.end(), [&](std::size_t each) { return each < below; });
    if (!is_near && !was_near) return below;
  }
  return std::min(row[b.size()], below);
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::u32string wanted, found;
  Rows rows;
  read_characters(word, wanted);
  if (wanted.empty() || wanted.size() > longest_word) return {};
  std::string_view best;
  // One slip in a short word, one more for every four letters: `Amount` is not meant as `count`, nor `Won` as `on`.
  const bool is_short = wanted.size() < 4;
  std::size_t below = (wanted.size() + 1) / 4 + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() + below <= wanted.size()) continue;  // a character has at least a byte
    read_characters(candidate, found);
    const std::size_t longer = std::max(found.size(), wanted.size());
    if (longer - std::min(found.size(), wanted.size()) >= below) continue;
    const std::size_t so_far = distance(wanted, found, below, rows);
    if (so_far >= below || (is_short && so_far > 0 && wanted.front() != found.front())) continue;
    best = candidate;
    below = so_far;
  }
  return best;
}

}  // namespace plumb::diagnostics
