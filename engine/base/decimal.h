#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb {

/// An exact decimal with six digits after the point, as a count of millionths. Range: ± 9.2 × 10^12.
/// Percentages are stored as their fraction: 12.5 % is 0.125. Sums over many values go through __int128.
struct Decimal {
  static constexpr std::int64_t scale = 1'000'000;
  std::int64_t millionths = 0;

  static constexpr Decimal of(std::int64_t whole) { return Decimal{whole * scale}; }
  friend constexpr auto operator<=>(Decimal, Decimal) = default;
};

/// Reads `-12,345.678900`: digits, with optional `group` marks before each three (or inside, as in 1,00,000, two) of
/// them, `point` before the fraction.
/// Missing: nullopt when the text is no number, groups its digits otherwise (`12,5` is no 125), has more than six
/// decimals that are not zero, or is out of range.
std::optional<Decimal> parse_decimal(std::string_view text, char point = '.', char group = ',');

/// The shortest exact spelling, digits grouped by thousands: `240,000`, `12.5`.
std::string to_text(Decimal value);

/// The same of any number of millionths: a sum of many decimals need not be one.
__extension__ typedef __int128 Millionths;
std::string to_text(Millionths millionths);

}  // namespace plumb
