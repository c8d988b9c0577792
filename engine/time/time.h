#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::time {

/// A point on the time line. Unit: microseconds since 1970-01-01T00:00:00Z. Missing: `unknown()`, which is less than
/// every known instant; ask `known()` before comparing.
struct Instant {
  std::int64_t micros = INT64_MIN;

  static constexpr Instant unknown() { return Instant{}; }
  static constexpr Instant max() { return Instant{INT64_MAX}; }
  constexpr bool known() const { return micros != INT64_MIN; }
  friend constexpr auto operator<=>(Instant, Instant) = default;
};

inline constexpr std::int64_t micros_per_second = 1'000'000;
inline constexpr std::int64_t micros_per_hour = 3'600 * micros_per_second;

/// A civil day, of no zone. Unit: days since 1970-01-01. Missing: `unknown()`.
struct Day {
  std::int32_t days = INT32_MIN;

  static constexpr Day unknown() { return Day{}; }
  constexpr bool known() const { return days != INT32_MIN; }
  friend constexpr auto operator<=>(Day, Day) = default;
  friend constexpr Day operator+(Day day, int n) { return Day{day.days + n}; }
  friend constexpr Day operator-(Day day, int n) { return Day{day.days - n}; }
  friend constexpr int operator-(Day a, Day b) { return a.days - b.days; }
};

/// 1 is Monday … 7 is Sunday (ISO 8601).
int weekday_of(Day day);

/// Missing: nullopt for a day that no month has (2026-02-30), or a year outside 1 … 9999.
std::optional<Day> day_of(int year, int month, int day);

struct YearMonthDay {
  int year, month, day;
};
YearMonthDay parts_of(Day day);

std::string to_text(Day day);         // 2026-03-02, or "unknown"
std::string to_text_utc(Instant at);  // 2026-03-02T09:00:00Z, with .123456 where it is not zero; "unknown"; "never"

/// The units a duration may have; they are four different things and never convert into each other.
enum class Unit : std::uint8_t {
  minutes,        // exact
  hours,          // exact
  days,           // civil
  weeks,          // civil, 7 days
  months,         // civil
  quarters,       // civil, 3 months
  years,          // civil, 12 months
  business_days,  // of the debtor's calendar
  working_hours,  // of the debtor's schedule
};

struct Duration {
  std::int64_t count = 0;
  Unit unit = Unit::days;
  friend constexpr bool operator==(Duration, Duration) = default;
};

std::string to_text(Duration duration);  // 2 business days, 1 hour

enum class Period : std::uint8_t { day, week, month, quarter, half, year, term };

std::string_view to_text(Period period);

/// Half open: [from, until).
struct Interval {
  Instant from;
  Instant until;
  friend constexpr bool operator==(Interval, Interval) = default;
};

}  // namespace plumb::time
