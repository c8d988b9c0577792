#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "time/calendar.h"
#include "time/zone_table.h"

namespace plumb::time {

/// The numbers behind a Calendar, one row for each civil day of the years 1899 … 2201: the tabulated range and a year
/// of margin on both sides, so that the periods at its ends are whole. Private to calendar*.cpp.
/// Unit: rows count from 1899-01-01, months from January 1899, the rest are microseconds.
struct Calendar::Tables {
  static constexpr int first_year = 1899;
  static constexpr int last_year = 2201;
  static constexpr std::int64_t micros_per_day = 24 * micros_per_hour;
  static constexpr std::int64_t micros_per_minute = 60 * micros_per_second;

  /// A day on which the clock changes: its stretches of work are `odd_shifts[first … last)`.
  struct OddDay {
    int row = 0;
    std::size_t first = 0;
    std::size_t last = 0;
  };

  Zone zone;
  CalendarSpec spec;
  Day first_day;
  int days = 0;
  std::vector<std::int64_t> starts;        // the first instant of each day, and the end of the last
  std::vector<std::int64_t> worked;        // scheduled time before each day, and in all
  std::vector<std::int32_t> rank;          // business days before each day, and in all
  std::vector<std::int32_t> business;      // rows of the business days
  std::vector<std::uint16_t> month;        // the month of each day
  std::vector<std::int32_t> month_starts;  // the row of each month's first day, and the end of the last
  std::vector<OddDay> odd_days;
  std::vector<Interval> odd_shifts;
  std::vector<Interval> terms;  // one for each of spec.terms

  bool holds(int row) const { return row >= 0 && row < days; }
  /// -1 outside the table.
  int row_of(Day day) const {
    const std::int64_t row = std::int64_t{day.days} - first_day.days;
    return row >= 0 && row < days ? static_cast<int>(row) : -1;
  }
  int row_of(Instant at) const {
    if (at.micros < starts.front() || at.micros >= starts.back()) return -1;
    // A local day starts less than a day away from the day of UTC.
    const std::int64_t guess = (at.micros - first_day.days * micros_per_day) / micros_per_day;
    auto row = static_cast<std::size_t>(std::clamp<std::int64_t>(guess, 0, days - 1));
    while (starts[row] > at.micros) --row;
    while (starts[row + 1] <= at.micros) ++row;
    return static_cast<int>(row);
  }
  Day day_at(int row) const { return first_day + row; }
  Instant start(int row) const { return row >= 0 && row <= days ? Instant{starts[index(row)]} : Instant::unknown(); }
  Instant end(int row) const { return holds(row) ? Instant{starts[index(row) + 1]} : Instant::unknown(); }
  int weekday_at(int row) const { return weekday_of(day_at(row)); }
  bool is_business(int row) const { return rank[index(row)] != rank[index(row) + 1]; }

  static std::size_t index(int row) { return static_cast<std::size_t>(row); }

  /// Calls `each(from, until)` for the stretches of work of a day, in order, until it returns false.
  template <class Each>
  void each_shift(int row, Each each) const {
    if (!is_business(row)) return;
    const auto odd = std::lower_bound(odd_days.begin(), odd_days.end(), row,
                                      [](const OddDay& day, int wanted) { return day.row < wanted; });
    if (odd != odd_days.end() && odd->row == row) {
      for (std::size_t i = odd->first; i < odd->last; ++i) {
        if (!each(odd_shifts[i].from.micros, odd_shifts[i].until.micros)) return;
      }
      return;
    }
    const std::int64_t midnight = starts[index(row)];
    for (const WorkHours& hours : spec.week[index(weekday_at(row) - 1)]) {
      if (!each(midnight + hours.from * micros_per_minute, midnight + hours.until * micros_per_minute)) return;
    }
  }

  /// Scheduled time before `at`, from the table's start on; instants outside the table count as its ends.
  std::int64_t scheduled_before(Instant at) const;

  // Days. A row of -1 stands for what lies outside the table, here and in results.
  int business_row(int row, std::int64_t n) const;
  int row_months_later(int row, std::int64_t months) const;
  int row_later(int row, Unit unit, std::int64_t count) const;

  // Instants.
  Instant exactly(Instant at, std::int64_t micros) const;
  /// The earliest instant by which so much of the schedule has been worked from `at`.
  Instant when_worked(Instant at, std::int64_t micros) const;
  /// The latest instant from which so much of the schedule is worked until `at`.
  Instant when_still_to_work(Instant at, std::int64_t micros) const;

  /// The instant of a day by which so much of it has been worked. Between two shifts this holds for a while.
  enum class Edge : std::uint8_t { earliest, latest };
  Instant when_worked_in(int row, std::int64_t micros, Edge edge) const;

  // Periods.
  Interval rows(int from, int until) const;
  Interval months_around(int row, int length) const;
  Interval term_at(Instant at) const;
  std::string name_of_months(Period period, Day first) const;

  void build(const ZoneTable& zone_table);

 private:
  void build_days();
  void build_business_days();
  void build_odd_days(const ZoneTable& zone_table);
  void build_odd_day(const ZoneTable& zone_table, int row);
  void build_work();
  void build_terms();
};

}  // namespace plumb::time
