#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "time/calendar.h"
#include "time/point.h"

namespace plumb::time {

/// What the clock on the wall of a place shows at every minute of six years, by the C library, which has its own reader
/// of the zone database. Unit: minutes since 1970-01-01, of UTC in `first` and of the wall clock in `shows`.
struct WallClock {
  static constexpr int years = 6;

  /// The years `first_year` … `first_year + 5`. Every offset in them is whole minutes.
  WallClock(const std::string& zone, int first_year);

  std::string zone;
  int first_year;
  std::int64_t first = 0;
  std::vector<std::int32_t> shows;
  std::vector<std::int64_t> changes;  // the minutes at which the clock was set
};

/// The calendar that is obviously right: it walks from minute to minute and from day to day. It shares with the
/// engine's the specification of a calendar, and the numbers of civil days, and nothing else. Missing: unknown where
/// the six years do not reach.
class NaiveCalendar {
 public:
  NaiveCalendar(const WallClock& clock, const CalendarSpec& spec);

  Day day_of(Instant at) const;
  Instant start_of(Day day) const;
  Instant end_of(Day day) const { return start_of(day + 1); }
  bool is_business_day(Day day) const;
  Day business_day_after(Day day, std::int64_t n) const;
  std::int64_t business_days_between(Day from, Day to) const;

  Instant within(Duration d, Instant at) const;
  Instant ahead_of(Duration d, Instant at) const;
  Instant back_from(Duration d, Instant at) const;
  std::int64_t worked(Instant from, Instant until) const;

  Interval period_of(Period period, Instant at) const;
  Interval next(Period period, Interval interval) const;
  Interval previous(Period period, Interval interval) const;
  std::string name_of(Period period, Interval interval) const;

  Instant point_of(const Point& point, Period period, Interval interval) const;

 private:
  struct CivilDay {
    int year = 0, month = 0, day = 0;
    int weekday = 0;
    std::int64_t start = 0;  // the first minute
    bool business = false;
  };

  const CivilDay* find(Day day) const;
  std::int64_t minute_of(Instant at) const;
  void walk_days();
  void walk_minutes();
  Day later(Duration d, Day day, int direction) const;
  Day month_later(Day day, int months) const;
  Instant when_worked(std::int64_t micros, Instant at) const;
  Instant when_still_to_work(std::int64_t micros, Instant at) const;
  bool begins(Period period, Day day) const;
  Interval from_day(Period period, Day first) const;
  std::vector<Interval> terms() const;

  const WallClock& clock_;
  CalendarSpec spec_;
  Day first_day_;
  std::vector<CivilDay> days_;
  std::vector<std::uint8_t> works_;  // per minute
};

}  // namespace plumb::time
