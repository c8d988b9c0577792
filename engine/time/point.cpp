#include "time/point.h"

#include <algorithm>

namespace plumb::time {

namespace {

// More days than any period has.
constexpr std::int64_t most_days = 100'000;

struct Days {
  Day first, last;
};

// The days of a period; those at its ends have instants of their own.
Days days_of(const Calendar& calendar, const Interval& interval) {
  return {calendar.day_of(interval.from), calendar.day_of(Instant{interval.until.micros - 1})};
}

Day business_day(const Calendar& calendar, const Days& days, std::int64_t number) {
  const Day last = calendar.business_day_after(days.last + 1, -1);
  // None in the period: the next one there is.
  if (!last.known() || last < days.first) return calendar.business_day_after(days.last, 1);
  const Day found = calendar.business_day_after(days.first - 1, number);
  return found.known() ? std::min(found, last) : last;
}

Day day_of(const Point& point, const Calendar& calendar, const Days& days) {
  if (point.weekday) return days.first + (*point.weekday - weekday_of(days.first) + 7) % 7;
  if (!point.day_number) return days.first;
  const std::int64_t number = std::clamp<std::int64_t>(*point.day_number, 1, most_days);
  if (point.business) return business_day(calendar, days, number);
  return std::min(days.first + static_cast<int>(number - 1), days.last);
}

}  // namespace

Instant point_of(const Point& point, const Calendar& calendar, Period period, Interval interval) {
  if (point.of_period_after) interval = calendar.next(period, interval);
  if (!interval.from.known() || interval.until <= interval.from) return Instant::unknown();
  const Days days = days_of(calendar, interval);
  if (!days.first.known() || !days.last.known()) return Instant::unknown();
  Day day = day_of(point, calendar, days);
  if (point.or_next_business_day && day.known()) day = calendar.business_day_after(day, 0);
  if (!calendar.start_of(day).known()) return Instant::unknown();
  if (!point.micros_of_day) return calendar.end_of(day);
  return calendar.zone().local(day, *point.micros_of_day).at;
}

}  // namespace plumb::time
