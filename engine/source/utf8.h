#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plumb::source {

/// One character of a text. Missing: where the bytes are no UTF-8, one byte is one character that is not `valid`.
struct Character {
  char32_t value = 0xFFFD;
  std::uint32_t size = 1;
  bool valid = false;

  std::uint32_t utf16_units() const { return value > 0xFFFF ? 2 : 1; }
};

/// The character that begins at byte `at`, which must lie inside the text. Refuses overlong forms, surrogates, and
/// what lies beyond U+10FFFF.
Character decode(std::string_view text, std::size_t at);

/// Where the character begins that ends just before byte `at`; `at` is above 0 and at most the text's size.
std::size_t previous(std::string_view text, std::size_t at);

}  // namespace plumb::source
