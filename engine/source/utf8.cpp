#include "source/utf8.h"

namespace plumb::source {

namespace {

struct Lead {
  std::uint32_t size;
  char32_t bits;
  char32_t least;  // below it the form would be overlong
};

Lead lead(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, byte & 0x1Fu, 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {3, byte & 0x0Fu, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {4, byte & 0x07u, 0x10000};
  return {0, 0, 0};
}

bool is_surrogate(char32_t value) { return value >= 0xD800 && value <= 0xDFFF; }

}  // namespace

Character decode(std::string_view text, std::size_t at) {
  const Lead first = lead(static_cast<unsigned char>(text[at]));
  if (first.size == 0 || at + first.size > text.size()) return {};
  char32_t value = first.bits;
  for (std::size_t i = at + 1; i < at + first.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    value = value << 6 | (byte & 0x3Fu);
  }
  if (value < first.least || value > 0x10FFFF || is_surrogate(value)) return {};
  return {value, first.size, true};
}

std::size_t previous(std::string_view text, std::size_t at) {
  for (std::size_t size = 2; size <= 4 && size <= at; ++size) {
    const Character character = decode(text, at - size);
    if (character.valid && character.size == size) return at - size;
  }
  return at - 1;
}

}  // namespace plumb::source
