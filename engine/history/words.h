#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Small helpers for texts that stand in files and messages.
namespace plumb::history {

/// Without blanks and tabs at either end.
inline std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Equal but for the case of ASCII letters.
bool same_letters(std::string_view a, std::string_view b);

/// A cell for a message: in backticks, on one line, cut after some 60 bytes.
std::string in_ticks(std::string_view cell);

/// The candidate that is `word` but for a few mistyped letters (at most a third), letter case apart. Missing: empty.
/// Ties: the first.
std::string_view nearest_word(std::string_view word, const std::vector<std::string>& candidates);

/// `a`, `b`, `c`: the first of many, then how many more.
std::string listed(const std::vector<std::string>& words);

}  // namespace plumb::history
