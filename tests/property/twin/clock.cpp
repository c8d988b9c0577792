#include "property/twin/clock.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <date/tz.h>

namespace plumb::twin {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day_length = 24 * hour;
constexpr int patience = 4000;  // days that a search may last

date::year_month_day civil(Day day) { return date::year_month_day{date::sys_days{date::days{day.days}}}; }

std::vector<Offset> read_offsets(const std::string& zone) {
  const date::time_zone* of = date::locate_zone(zone);
  std::vector<Offset> all;
  date::sys_seconds at = date::sys_days{date::year{2008} / 1 / 1};
  const date::sys_seconds end = date::sys_days{date::year{2034} / 1 / 1};
  while (at < end) {
    const date::sys_info info = of->get_info(at);
    all.push_back({at.time_since_epoch().count() * second, info.end.time_since_epoch().count() * second,
                   info.offset.count() * second});
    at = info.end;
  }
  all.front().from = INT64_MIN / 2;
  all.back().until = INT64_MAX / 2;
  return all;
}

int months_of(const date::year_month_day& ymd) {
  return static_cast<int>(ymd.year()) * 12 + static_cast<int>(static_cast<unsigned>(ymd.month())) - 1;
}

}  // namespace

const std::vector<Offset>& offsets_of(const std::string& zone) {
  static std::map<std::string, std::vector<Offset>> known;
  const auto found = known.find(zone);
  return found != known.end() ? found->second : known.emplace(zone, read_offsets(zone)).first->second;
}

int weekday(Day day) { return static_cast<int>(date::weekday{date::sys_days{date::days{day.days}}}.iso_encoding()); }

Day months_later(Day day, std::int64_t months) {
  const date::year_month_day ymd = civil(day);
  const auto wanted = static_cast<int>(months_of(ymd) + months);
  const date::year_month month{date::year{wanted / 12}, date::month{static_cast<unsigned>(wanted % 12 + 1)}};
  const date::day last = date::year_month_day_last{month.year(), date::month_day_last{month.month()}}.day();
  const date::year_month_day there = month / std::min(ymd.day(), last);
  return Day{static_cast<std::int32_t>(date::sys_days{there}.time_since_epoch().count())};
}

Clock::Clock(time::CalendarSpec spec) : spec_(std::move(spec)) {}

// The first instant at which the clock on the wall shows that day, or a later one.
Instant Clock::start_of(Day day) const {
  for (const Offset& offset : offsets_of(spec_.zone)) {
    const std::int64_t at = std::max(offset.from, day.days * day_length - offset.east);
    if (at < offset.until) return {at};
  }
  std::abort();
}

Day Clock::day_of(Instant at) const {
  Day day{static_cast<std::int32_t>(at.micros / day_length - 2)};
  while (start_of(day + 1) <= at) day = day + 1;
  return day;
}

bool Clock::is_business_day(Day day) const {
  if (spec_.week[static_cast<std::size_t>(weekday(day) - 1)].empty()) return false;
  if (std::find(spec_.holidays.begin(), spec_.holidays.end(), day) != spec_.holidays.end()) return false;
  return start_of(day) < start_of(day + 1);  // a zone may skip a day
}

Day Clock::business_day(Day day, std::int64_t n) const {
  if (n == 0 && is_business_day(day)) return day;
  const int step = n < 0 ? -1 : 1;
  std::int64_t left = n == 0 ? 1 : std::abs(n);
  for (int i = 0; i < patience; ++i) {
    day = day + step;
    if (is_business_day(day) && --left == 0) return day;
  }
  return Day::unknown();
}

std::vector<Interval> Clock::shifts_of(Day day) const {
  std::vector<Interval> shifts;
  if (!is_business_day(day)) return shifts;
  const std::int64_t midnight = day.days * day_length;
  for (const time::WorkHours& hours : spec_.week[static_cast<std::size_t>(weekday(day) - 1)]) {
    for (const Offset& offset : offsets_of(spec_.zone)) {
      const std::int64_t from = std::max(offset.from, midnight + hours.from * minute - offset.east);
      const std::int64_t until = std::min(offset.until, midnight + hours.until * minute - offset.east);
      if (from < until) shifts.push_back({{from}, {until}});
    }
  }
  std::sort(shifts.begin(), shifts.end(), [](const Interval& a, const Interval& b) { return a.from < b.from; });
  return shifts;
}

Instant Clock::worked_from(Instant at, std::int64_t left) const {
  if (left == 0) return at;
  Day day = day_of(at) - 1;
  for (int i = 0; i < patience; ++i, day = day + 1) {
    for (const Interval& shift : shifts_of(day)) {
      const std::int64_t from = std::max(shift.from.micros, at.micros);
      if (from >= shift.until.micros) continue;
      if (shift.until.micros - from >= left) return {from + left};
      left -= shift.until.micros - from;
    }
  }
  return Instant::unknown();
}

Instant Clock::worked_until(Instant at, std::int64_t left) const {
  if (left == 0) return at;
  Day day = day_of(at) + 1;
  for (int i = 0; i < patience; ++i, day = day - 1) {
    std::vector<Interval> shifts = shifts_of(day);
    std::reverse(shifts.begin(), shifts.end());
    for (const Interval& shift : shifts) {
      const std::int64_t until = std::min(shift.until.micros, at.micros);
      if (until <= shift.from.micros) continue;
      if (until - shift.from.micros >= left) return {until - left};
      left -= until - shift.from.micros;
    }
  }
  return Instant::unknown();
}

bool by_the_clock(Duration d) {
  return d.unit == time::Unit::minutes || d.unit == time::Unit::hours || d.unit == time::Unit::working_hours;
}

Instant Clock::run(Duration d, Instant at, int direction) const {
  if (d.unit == time::Unit::minutes) return {at.micros + direction * d.count * minute};
  if (d.unit == time::Unit::hours) return {at.micros + direction * d.count * hour};
  return direction > 0 ? worked_from(at, d.count * hour) : worked_until(at, d.count * hour);
}

Day Clock::shifted(Duration d, Day day, int direction) const {
  const std::int64_t count = direction * d.count;
  switch (d.unit) {
    case time::Unit::days: return day + static_cast<int>(count);
    case time::Unit::weeks: return day + static_cast<int>(7 * count);
    case time::Unit::months: return months_later(day, count);
    case time::Unit::quarters: return months_later(day, 3 * count);
    case time::Unit::years: return months_later(day, 12 * count);
    case time::Unit::business_days: return business_day(day, count);
    default: std::abort();
  }
}

Instant Clock::within(Duration d, Instant at) const {
  if (by_the_clock(d)) return run(d, at, 1);
  const Day last = shifted(d, day_of(at), 1);
  return last.known() ? end_of(last) : Instant::unknown();
}

Instant Clock::ahead_of(Duration d, Instant at) const {
  if (by_the_clock(d)) return run(d, at, -1);
  const Day last = shifted(d, day_of(at), -1);
  return last.known() ? end_of(last) : Instant::unknown();
}

Instant Clock::back_from(Duration d, Instant at) const {
  if (by_the_clock(d)) return run(d, at, -1);
  const Day first = shifted(d, day_of(at), -1);
  return first.known() ? start_of(first) : Instant::unknown();
}

bool Clock::starts(Period period, Day day) const {
  if (period == Period::day) return true;
  if (period == Period::week) return weekday(day) == spec_.week_starts_weekday;
  const date::year_month_day ymd = civil(day);
  if (ymd.day() != date::day{1}) return false;
  const int month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  const int of_year = (month - spec_.fiscal_year_starts_month + 12) % 12;
  switch (period) {
    case Period::month: return true;
    case Period::quarter: return of_year % 3 == 0;
    case Period::half: return of_year % 6 == 0;
    default: return of_year == 0;
  }
}

Interval Clock::period_of(Period period, Instant at) const {
  const Day day = day_of(at);
  if (period == Period::term) {
    for (const time::Term& term : spec_.terms) {
      if (term.from <= day && day <= term.to) return {start_of(term.from), end_of(term.to)};
    }
    return {};
  }
  Day first = day, after = day + 1;
  while (!starts(period, first)) first = first - 1;
  while (!starts(period, after)) after = after + 1;
  return {start_of(first), start_of(after)};
}

Interval Clock::next(Period period, Interval interval) const {
  if (period != Period::term) return period_of(period, interval.until);
  for (const time::Term& term : spec_.terms) {
    if (start_of(term.from) >= interval.until) return {start_of(term.from), end_of(term.to)};
  }
  return {};
}

Interval Clock::previous(Period period, Interval interval) const {
  if (period != Period::term) return period_of(period, {interval.from.micros - 1});
  Interval last;
  for (const time::Term& term : spec_.terms) {
    if (end_of(term.to) <= interval.from) last = {start_of(term.from), end_of(term.to)};
  }
  return last;
}

}  // namespace plumb::twin
