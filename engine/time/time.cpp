#include "time/time.h"

#include <array>

#include <fmt/format.h>

namespace plumb::time {

namespace {

constexpr std::int64_t micros_per_day = 24 * micros_per_hour;

// Both directions count in eras of 400 years that start on 1 March, so that the leap day is the last of its year.
constexpr std::int64_t days_per_era = 146'097;
constexpr std::int64_t epoch_in_era_zero = 719'468;

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int length_of_month(int year, int month) {
  constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : lengths[static_cast<std::size_t>(month - 1)];
}

std::string_view name_of(Unit unit) {
  switch (unit) {
    case Unit::minutes: return "minute";
    case Unit::hours: return "hour";
    case Unit::days: return "day";
    case Unit::weeks: return "week";
    case Unit::months: return "month";
    case Unit::quarters: return "quarter";
    case Unit::years: return "year";
    case Unit::business_days: return "business day";
    case Unit::working_hours: return "working hour";
  }
  return "";
}

}  // namespace

int weekday_of(Day day) {
  // 1970-01-01 was a Thursday.
  const std::int64_t since_monday = static_cast<std::int64_t>(day.days) + 3;
  return static_cast<int>(since_monday - 7 * floor_divide(since_monday, 7)) + 1;
}

std::optional<Day> day_of(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > length_of_month(year, month)) return std::nullopt;
  const std::int64_t march_year = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_divide(march_year, 400);
  const std::int64_t year_of_era = march_year - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Day{static_cast<std::int32_t>(era * days_per_era + day_of_era - epoch_in_era_zero)};
}

YearMonthDay parts_of(Day day) {
  const std::int64_t since_era_zero = day.days + epoch_in_era_zero;
  const std::int64_t era = floor_divide(since_era_zero, days_per_era);
  const std::int64_t day_of_era = since_era_zero - era * days_per_era;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / (days_per_era - 1)) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  return {static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), static_cast<int>(month),
          static_cast<int>(day_of_year - (153 * march_month + 2) / 5 + 1)};
}

std::string to_text(Day day) {
  if (!day.known()) return "unknown";
  const YearMonthDay parts = parts_of(day);
  return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

std::string to_text_utc(Instant at) {
  if (!at.known()) return "unknown";
  if (at == Instant::max()) return "never";
  const std::int64_t days = floor_divide(at.micros, micros_per_day);
  const std::int64_t rest = at.micros - days * micros_per_day;
  const std::int64_t seconds = rest / micros_per_second;
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_text(Day{static_cast<std::int32_t>(days)}), seconds / 3'600,
                                 seconds / 60 % 60, seconds % 60);
  if (rest % micros_per_second != 0) text += fmt::format(".{:06}", rest % micros_per_second);
  return text + "Z";
}

std::string to_text(Duration duration) {
  return fmt::format("{} {}{}", duration.count, name_of(duration.unit), duration.count == 1 ? "" : "s");
}

std::string_view to_text(Period period) {
  switch (period) {
    case Period::day: return "day";
    case Period::week: return "week";
    case Period::month: return "month";
    case Period::quarter: return "quarter";
    case Period::half: return "half year";
    case Period::year: return "year";
    case Period::term: return "term";
  }
  return "";
}

}  // namespace plumb::time
