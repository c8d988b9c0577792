#pragma once

#include <cstdint>
#include <optional>

#include "time/calendar.h"
#include "time/time.h"

namespace plumb::time {

/// When in a period something is due: `by monday 16:30 of the week after or the next business day`.
struct Point {
  std::optional<int> weekday;              // 1 is Monday
  std::optional<std::int64_t> day_number;  // the n-th (business) day of the period
  bool business = false;
  std::optional<std::int64_t> micros_of_day;  // none: the end of the day
  bool of_period_after = false;
  bool or_next_business_day = false;
};

/// The (exclusive) instant of the point that belongs to `interval`, one of the calendar's periods. Without a weekday or
/// a number it is the period's first day. A period with fewer (business) days than the number has the last of its kind
/// instead, the 30th for the 31st of April; one without any business day has the next one after it. A time that a
/// spring gap leaves out is the instant of the gap; one that an autumn fold shows twice is the first.
/// Missing: unknown for an unknown period, and for what would lie outside the calendar's table or on a business day
/// that never comes. Cost: O(log n).
Instant point_of(const Point& point, const Calendar& calendar, Period period, Interval interval);

}  // namespace plumb::time
