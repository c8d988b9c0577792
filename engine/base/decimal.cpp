#include "base/decimal.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb {

namespace {

constexpr std::size_t decimals = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Appends one digit; false when the number leaves the range.
bool append(std::int64_t& value, int digit) {
  return !__builtin_mul_overflow(value, 10, &value) && !__builtin_add_overflow(value, digit, &value);
}

// The digits before the point. A group has three digits, an inner one may have two (1,00,000): where a mark stands
// anywhere else the text means something else, most often a fraction written with the other mark.
bool read_whole(std::string_view text, char group, std::int64_t& value) {
  std::size_t run = 0;
  bool grouped = false;
  for (char c : text) {
    if (is_digit(c)) {
      ++run;
      if (!append(value, c - '0')) return false;
    } else if (c == group && (run == 3 || run == 2 || (run == 1 && !grouped))) {
      grouped = true;
      run = 0;
    } else {
      return false;
    }
  }
  return grouped ? run == 3 : run > 0;
}

// The digits after the point, shifting `value` to millionths.
bool read_fraction(std::string_view text, std::int64_t& value) {
  for (std::size_t i = 0; i < std::max(text.size(), decimals); ++i) {
    const char c = i < text.size() ? text[i] : '0';
    if (!is_digit(c)) return false;
    if (i < decimals ? !append(value, c - '0') : c != '0') return false;
  }
  return true;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text, char point, char group) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t at = text.find(point);
  const bool has_point = at != std::string_view::npos;
  std::int64_t value = 0;
  if (!read_whole(text.substr(0, at), group, value)) return std::nullopt;
  if (has_point && at + 1 == text.size()) return std::nullopt;
  if (!read_fraction(has_point ? text.substr(at + 1) : std::string_view(), value)) return std::nullopt;
  return Decimal{negative ? -value : value};
}

std::string to_text(Decimal value) {
  const bool negative = value.millionths < 0;
  const auto magnitude =
      negative ? 0 - static_cast<std::uint64_t>(value.millionths) : static_cast<std::uint64_t>(value.millionths);
  const std::string whole = fmt::format("{}", magnitude / Decimal::scale);
  std::string text = negative ? "-" : "";
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0) text += ',';
    text += whole[i];
  }
  std::string fraction = fmt::format(".{:06}", magnitude % Decimal::scale);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction == "." ? text : text + fraction;
}

}  // namespace plumb
