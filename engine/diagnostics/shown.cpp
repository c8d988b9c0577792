#include "diagnostics/shown.h"

#include <algorithm>
#include <iterator>

#include "source/utf8.h"

namespace plumb::diagnostics {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Ordered and disjoint. What a terminal draws over the character before, or not at all.
constexpr Range no_columns[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x05BF, 0x05BF},   {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
    {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},   {0x06D6, 0x06DC},   {0x06DF, 0x06E4}, {0x06E7, 0x06E8},
    {0x06EA, 0x06ED}, {0x0900, 0x0902}, {0x093A, 0x093A},   {0x093C, 0x093C},   {0x0941, 0x0948}, {0x094D, 0x094D},
    {0x0951, 0x0957}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E},   {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200D}, {0x2060, 0x2060}, {0x20D0, 0x20F0},   {0x302A, 0x302D},   {0x3099, 0x309A}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF},
};

// Ordered and disjoint. What takes two columns in a terminal: East Asian wide forms and emoji.
constexpr Range two_columns[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26D4, 0x26D4},   {0x2705, 0x2705},
    {0x270A, 0x270B},   {0x2728, 0x2728},   {0x274C, 0x274C},   {0x2753, 0x2755},   {0x2757, 0x2757},
    {0x2795, 0x2797},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F004, 0x1F004},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F265}, {0x1F300, 0x1F3FA}, {0x1F400, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB}, {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

// Ordered and disjoint: controls, direction marks, line and paragraph separators.
constexpr Range never_shown[] = {
    {0x00, 0x1F}, {0x7F, 0x9F}, {0x061C, 0x061C}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
};

template <std::size_t N>
bool contains(const Range (&ranges)[N], char32_t value) {
  const auto above = std::upper_bound(std::begin(ranges), std::end(ranges), value,
                                      [](char32_t v, const Range& range) { return v < range.first; });
  return above != std::begin(ranges) && value <= std::prev(above)->last;
}

constexpr const char* replacement = "\xEF\xBF\xBD";

}  // namespace

Cell cell_at(std::string_view text, std::size_t at) {
  const source::Character character = source::decode(text, at);
  if (character.value == U'\t') return {" ", 1, 1};
  if (!character.valid || contains(never_shown, character.value)) return {replacement, 1, character.size};
  std::uint32_t width = 1;
  if (contains(two_columns, character.value)) width = 2;
  if (contains(no_columns, character.value)) width = 0;
  return {std::string(text.substr(at, character.size)), width, character.size};
}

std::string shown(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const Cell cell = cell_at(text, at);
    result += cell.shown;
    at += cell.size;
  }
  return result;
}

}  // namespace plumb::diagnostics
