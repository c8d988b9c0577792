#pragma once

#include <string>
#include <vector>

#include "time/calendar.h"
#include "time/time.h"

/// The twin's own time: offsets of a zone as a list, days counted one by one, work looked up shift by shift.
namespace plumb::twin {

using time::Day;
using time::Duration;
using time::Instant;
using time::Interval;
using time::Period;

/// A stretch in which a zone has one offset. Unit: microseconds; east is positive.
struct Offset {
  std::int64_t from = 0, until = 0, east = 0;
};

/// Those of the years 2008 … 2034. Errors: ends the program for a zone that the database does not have.
const std::vector<Offset>& offsets_of(const std::string& zone);

/// semantics.md §2, word by word. Only the data of the rulebook's calendar is used, none of its arithmetic.
class Clock {
 public:
  explicit Clock(time::CalendarSpec spec);

  Instant start_of(Day day) const;
  Instant end_of(Day day) const { return start_of(day + 1); }
  Day day_of(Instant at) const;
  bool is_business_day(Day day) const;
  /// The n-th business day strictly after (n > 0) or before (n < 0); 0: the day itself, or the next business day.
  Day business_day(Day day, std::int64_t n) const;

  Instant within(Duration d, Instant at) const;
  Instant ahead_of(Duration d, Instant at) const;
  /// The first instant that `in D` still looks back to.
  Instant back_from(Duration d, Instant at) const;

  /// Missing: unknown where no term holds the instant.
  Interval period_of(Period period, Instant at) const;
  Interval next(Period period, Interval interval) const;
  Interval previous(Period period, Interval interval) const;

  /// The stretches of scheduled work of a day.
  std::vector<Interval> shifts_of(Day day) const;

  /// The first instant by which so much has been worked from another.
  Instant worked_from(Instant at, std::int64_t micros) const;

  const time::CalendarSpec& spec() const { return spec_; }

 private:
  bool starts(Period period, Day day) const;
  /// A duration of the clock or of the schedule, forward or back.
  Instant run(Duration d, Instant at, int direction) const;
  /// The day that is so many days, business days, weeks or months away.
  Day shifted(Duration d, Day day, int direction) const;
  Instant worked_until(Instant at, std::int64_t micros) const;

  time::CalendarSpec spec_;
};

/// Whether a duration is measured by the clock, and not in days.
bool by_the_clock(Duration d);
Day months_later(Day day, std::int64_t months);
int weekday(Day day);  // 1 is Monday

}  // namespace plumb::twin
