#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::time {

/// One of the two changes of a year, as a POSIX TZ text states it (`M3.2.0/2`, `J60`, `59/12`).
struct YearlyChange {
  enum class Form : std::uint8_t { weekday_of_month, day_without_leap, day_with_leap };
  Form form = Form::weekday_of_month;
  int month = 1;
  int week = 1;         // 5: the last
  int weekday = 0;      // 0: Sunday
  int day = 0;          // of the year, for the other two forms
  int seconds = 7'200;  // local time of day; may be negative or more than a day
};

/// What a zone does for ever after its last listed transition. Unit: seconds east.
struct PosixRule {
  struct Summer {
    int offset = 0;
    YearlyChange begins, ends;
  };
  int offset = 0;
  std::optional<Summer> summer;  // nullopt: the same offset all year
};

/// Reads `EST5EDT,M3.2.0,M11.1.0`, `<+0330>-3:30`. Missing: nullopt for what is no such text.
std::optional<PosixRule> parse_posix_rule(std::string_view text);

/// An instant from which an offset holds. Unit: seconds since 1970-01-01T00:00:00Z; seconds east.
struct OffsetChange {
  std::int64_t at = 0;
  int offset = 0;
};

/// The two changes of `year`, in order of time.
std::array<OffsetChange, 2> changes_in(const PosixRule::Summer& summer, int standard_offset, int year);

}  // namespace plumb::time
