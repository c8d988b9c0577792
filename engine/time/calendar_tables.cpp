#include "time/calendar_tables.h"

#include "base/assert.h"

namespace plumb::time {

namespace {

void verify(const CalendarSpec& spec) {
  for (const auto& hours : spec.week) {
    int free_from = 0;
    for (const WorkHours& shift : hours) {
      PLUMB_ASSERT(shift.from >= free_from && shift.from < shift.until && shift.until <= 24 * 60,
                   "the work hours of a weekday are sorted, apart and within the day");
      free_from = shift.until;
    }
  }
  PLUMB_ASSERT(spec.fiscal_year_starts_month >= 1 && spec.fiscal_year_starts_month <= 12,
               "a fiscal year starts in a month of 1 to 12");
  PLUMB_ASSERT(spec.week_starts_weekday >= 1 && spec.week_starts_weekday <= 7, "a week starts on a weekday of 1 to 7");
  for (std::size_t i = 0; i < spec.terms.size(); ++i) {
    const Term& term = spec.terms[i];
    PLUMB_ASSERT(term.from.known() && term.from <= term.to, "a term ends on or after the day it begins");
    PLUMB_ASSERT(i == 0 || spec.terms[i - 1].to < term.from, "terms are sorted and apart");
  }
}

}  // namespace

void Calendar::Tables::build(const ZoneTable& zone_table) {
  verify(spec);
  build_days();
  build_business_days();
  build_odd_days(zone_table);
  build_work();
  build_terms();
}

void Calendar::Tables::build_days() {
  first_day = *plumb::time::day_of(first_year, 1, 1);
  days = *plumb::time::day_of(last_year, 12, 31) - first_day + 1;
  starts.reserve(index(days) + 1);
  month.reserve(index(days));
  for (int year = first_year; year <= last_year; ++year) {
    for (int number = 1; number <= 12; ++number) {
      month_starts.push_back(*plumb::time::day_of(year, number, 1) - first_day);
    }
  }
  month_starts.push_back(days);
  for (std::size_t i = 0; i + 1 < month_starts.size(); ++i) {
    month.insert(month.end(), index(month_starts[i + 1] - month_starts[i]), static_cast<std::uint16_t>(i));
  }
  for (int row = 0; row <= days; ++row) {
    starts.push_back(zone.start_of(first_day + row).micros);
    PLUMB_ASSERT(row == 0 || starts[index(row) - 1] <= starts[index(row)], "no day starts before the one before it");
  }
}

void Calendar::Tables::build_business_days() {
  std::vector<bool> is_holiday(index(days));
  for (Day holiday : spec.holidays) {
    if (const int row = row_of(holiday); row >= 0) is_holiday[index(row)] = true;
  }
  rank.reserve(index(days) + 1);
  for (int row = 0; row < days; ++row) {
    rank.push_back(static_cast<std::int32_t>(business.size()));
    const bool has_hours = !spec.week[index(weekday_at(row) - 1)].empty();
    // A day that the zone skipped (Apia, 2011-12-30) was nobody's business day.
    const bool took_place = starts[index(row)] < starts[index(row) + 1];
    if (has_hours && took_place && !is_holiday[index(row)]) business.push_back(row);
  }
  rank.push_back(static_cast<std::int32_t>(business.size()));
}

void Calendar::Tables::build_odd_days(const ZoneTable& zone_table) {
  int last = -1;
  for (std::size_t i = 1; i < zone_table.from.size(); ++i) {
    const int row = row_of(Instant{zone_table.from[i]});
    if (row > last) build_odd_day(zone_table, row);
    last = std::max(last, row);
  }
}

void Calendar::Tables::build_odd_day(const ZoneTable& zone_table, int row) {
  OddDay day{row, odd_shifts.size(), 0};
  const std::int64_t start = starts[index(row)];
  const std::int64_t end = starts[index(row) + 1];
  const std::int64_t midnight = std::int64_t{day_at(row).days} * micros_per_day;
  const auto& hours = spec.week[index(weekday_at(row) - 1)];
  for (std::size_t i = zone_table.row_at(start); i < zone_table.from.size() && zone_table.from[i] < end; ++i) {
    const std::int64_t from = std::max(start, zone_table.from[i]);
    const std::int64_t until = i + 1 < zone_table.from.size() ? std::min(end, zone_table.from[i + 1]) : end;
    for (const WorkHours& shift : hours) {
      // An instant is worked when the wall clock shows a working time, so in an autumn fold twice.
      const std::int64_t begins = std::max(from, midnight + shift.from * micros_per_minute - zone_table.offset[i]);
      const std::int64_t ends = std::min(until, midnight + shift.until * micros_per_minute - zone_table.offset[i]);
      if (begins < ends) odd_shifts.push_back({Instant{begins}, Instant{ends}});
    }
  }
  day.last = odd_shifts.size();
  odd_days.push_back(day);
}

void Calendar::Tables::build_work() {
  worked.reserve(index(days) + 1);
  std::int64_t sum = 0;
  for (int row = 0; row < days; ++row) {
    worked.push_back(sum);
    each_shift(row, [&sum](std::int64_t from, std::int64_t until) {
      sum += until - from;
      return true;
    });
  }
  worked.push_back(sum);
}

void Calendar::Tables::build_terms() {
  for (const Term& term : spec.terms) {
    const int from = row_of(term.from);
    const int to = row_of(term.to);
    // A term that leaves the table holds no instant that has a result.
    const bool inside = from >= 0 && to >= 0;
    const Instant outside{from < 0 && term.from < first_day ? starts.front() : starts.back()};
    terms.push_back(inside ? Interval{start(from), end(to)} : Interval{outside, outside});
  }
}

std::int64_t Calendar::Tables::scheduled_before(Instant at) const {
  if (at.micros <= starts.front()) return 0;
  const int row = row_of(at);
  if (row < 0) return worked.back();
  std::int64_t sum = worked[index(row)];
  each_shift(row, [&sum, at](std::int64_t from, std::int64_t until) {
    if (at.micros <= from) return false;
    sum += std::min(until, at.micros) - from;
    return true;
  });
  return sum;
}

}  // namespace plumb::time
