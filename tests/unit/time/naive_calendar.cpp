#include "unit/time/naive_calendar.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace plumb::time {

namespace {

constexpr std::int64_t minutes_per_day = 24 * 60;
constexpr std::int64_t micros_per_minute = 60 * micros_per_second;

std::chrono::sys_days civil(Day day) { return std::chrono::sys_days{std::chrono::days{day.days}}; }

Day day_in(std::chrono::sys_days day) { return Day{static_cast<std::int32_t>(day.time_since_epoch().count())}; }

Day new_year(int year) { return day_in(std::chrono::year{year} / 1 / 1); }

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Minutes east of UTC.
std::int64_t offset_at(std::int64_t minute) {
  const std::time_t seconds = minute * 60;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  EXPECT_EQ(parts.tm_gmtoff % 60, 0) << minute;
  return parts.tm_gmtoff / 60;
}

bool known(Interval interval) { return interval.from.known() && interval.until.known(); }

int months_in(Period period) {
  return period == Period::year ? 12 : period == Period::half ? 6 : period == Period::quarter ? 3 : 1;
}

}  // namespace

WallClock::WallClock(const std::string& name, int year) : zone(name), first_year(year) {
  setenv("TZ", (":" + name).c_str(), 1);
  tzset();
  first = new_year(year).days * minutes_per_day;
  const std::int64_t end = new_year(year + years).days * minutes_per_day;
  shows.reserve(static_cast<std::size_t>(end - first));
  std::int64_t offset = offset_at(first);
  for (std::int64_t quarter = first; quarter < end; quarter += 15) {
    const bool steady = offset_at(quarter + 14) == offset;
    for (std::int64_t minute = quarter; minute < quarter + 15; ++minute) {
      const std::int64_t now = steady ? offset : offset_at(minute);
      if (now != offset) changes.push_back(minute);
      offset = now;
      shows.push_back(static_cast<std::int32_t>(minute + offset));
    }
  }
  unsetenv("TZ");
  tzset();
}

NaiveCalendar::NaiveCalendar(const WallClock& clock, const CalendarSpec& spec) : clock_(clock), spec_(spec) {
  walk_days();
  walk_minutes();
}

// A day begins when the clock first shows it, or a later one; what it shows again after that is still the new day.
void NaiveCalendar::walk_days() {
  first_day_ = new_year(clock_.first_year) + 2;
  const Day end = new_year(clock_.first_year + WallClock::years) - 2;
  std::size_t minute = 0;
  for (Day day = first_day_; day < end; day = day + 1) {
    const std::chrono::year_month_day parts{civil(day)};
    CivilDay row;
    row.year = static_cast<int>(parts.year());
    row.month = static_cast<int>(static_cast<unsigned>(parts.month()));
    row.day = static_cast<int>(static_cast<unsigned>(parts.day()));
    row.weekday = static_cast<int>(std::chrono::weekday{civil(day)}.iso_encoding());
    while (clock_.shows[minute] < day.days * minutes_per_day) ++minute;
    row.start = clock_.first + static_cast<std::int64_t>(minute);
    days_.push_back(row);
  }
  for (std::size_t i = 0; i + 1 < days_.size(); ++i) {
    const Day day = first_day_ + static_cast<int>(i);
    const bool took_place = days_[i].start < days_[i + 1].start;
    const bool holiday = std::find(spec_.holidays.begin(), spec_.holidays.end(), day) != spec_.holidays.end();
    const bool has_hours = !spec_.week[static_cast<std::size_t>(days_[i].weekday - 1)].empty();
    days_[i].business = took_place && has_hours && !holiday;
  }
}

void NaiveCalendar::walk_minutes() {
  works_.assign(clock_.shows.size(), 0);
  // In the first and the last year nobody asks.
  for (std::size_t i = 366; i + 366 < days_.size(); ++i) {
    if (!days_[i].business) continue;
    const std::int64_t midnight = (first_day_ + static_cast<int>(i)).days * minutes_per_day;
    for (std::int64_t minute = days_[i].start; minute < days_[i + 1].start; ++minute) {
      const auto at = static_cast<std::size_t>(minute - clock_.first);
      for (const WorkHours& hours : spec_.week[static_cast<std::size_t>(days_[i].weekday - 1)]) {
        const std::int64_t time = clock_.shows[at] - midnight;
        if (time >= hours.from && time < hours.until) works_[at] = 1;
      }
    }
  }
}

const NaiveCalendar::CivilDay* NaiveCalendar::find(Day day) const {
  const std::int64_t row = std::int64_t{day.days} - first_day_.days;
  return row < 0 || row + 1 >= static_cast<std::int64_t>(days_.size()) ? nullptr
                                                                       : &days_[static_cast<std::size_t>(row)];
}

std::int64_t NaiveCalendar::minute_of(Instant at) const { return floor_divide(at.micros, micros_per_minute); }

Day NaiveCalendar::day_of(Instant at) const {
  const std::int64_t minute = minute_of(at);
  // Within two days of the one that UTC has.
  Day day{static_cast<std::int32_t>(floor_divide(minute, minutes_per_day)) + 2};
  while (find(day) != nullptr && find(day)->start > minute) day = day - 1;
  return find(day) == nullptr ? Day::unknown() : day;
}

Instant NaiveCalendar::start_of(Day day) const {
  const CivilDay* row = find(day);
  return row == nullptr ? Instant::unknown() : Instant{row->start * micros_per_minute};
}

bool NaiveCalendar::is_business_day(Day day) const {
  const CivilDay* row = find(day);
  return row != nullptr && row->business;
}

Day NaiveCalendar::business_day_after(Day day, std::int64_t n) const {
  const int step = n < 0 ? -1 : 1;
  if (n == 0 && is_business_day(day)) return day;
  std::int64_t left = n == 0 ? 1 : n < 0 ? -n : n;
  while (left > 0) {
    day = day + step;
    if (find(day) == nullptr) return Day::unknown();
    if (is_business_day(day)) --left;
  }
  return day;
}

std::int64_t NaiveCalendar::business_days_between(Day from, Day to) const {
  if (to < from) return -business_days_between(to, from);
  std::int64_t count = 0;
  for (; from < to; from = from + 1) count += is_business_day(from) ? 1 : 0;
  return count;
}

Day NaiveCalendar::month_later(Day day, int months) const {
  const std::chrono::year_month_day from{civil(day)};
  std::chrono::year_month_day to = from + std::chrono::months{months};
  if (!to.ok()) to = to.year() / to.month() / std::chrono::last;
  return day_in(to);
}

Day NaiveCalendar::later(Duration d, Day day, int direction) const {
  const int n = static_cast<int>(d.count) * direction;
  switch (d.unit) {
    case Unit::days: return day + n;
    case Unit::weeks: return day + 7 * n;
    case Unit::months: return month_later(day, n);
    case Unit::quarters: return month_later(day, 3 * n);
    case Unit::years: return month_later(day, 12 * n);
    default: return business_day_after(day, n);
  }
}

Instant NaiveCalendar::when_worked(std::int64_t left, Instant at) const {
  while (left > 0) {
    const std::int64_t minute = minute_of(at);
    const auto row = static_cast<std::size_t>(minute - clock_.first);
    if (minute < clock_.first || row >= works_.size()) return Instant::unknown();
    const std::int64_t rest = (minute + 1) * micros_per_minute - at.micros;
    const std::int64_t step = works_[row] ? std::min(left, rest) : rest;
    if (works_[row]) left -= step;
    at.micros += step;
  }
  return at;
}

Instant NaiveCalendar::when_still_to_work(std::int64_t left, Instant at) const {
  while (left > 0) {
    const std::int64_t minute = minute_of(Instant{at.micros - 1});
    const auto row = static_cast<std::size_t>(minute - clock_.first);
    if (minute < clock_.first || row >= works_.size()) return Instant::unknown();
    const std::int64_t rest = at.micros - minute * micros_per_minute;
    const std::int64_t step = works_[row] ? std::min(left, rest) : rest;
    if (works_[row]) left -= step;
    at.micros -= step;
  }
  return at;
}

Instant NaiveCalendar::within(Duration d, Instant at) const {
  if (d.unit == Unit::minutes) return Instant{at.micros + d.count * micros_per_minute};
  if (d.unit == Unit::hours) return Instant{at.micros + d.count * micros_per_hour};
  if (d.unit == Unit::working_hours) return when_worked(d.count * micros_per_hour, at);
  return end_of(later(d, day_of(at), 1));
}

Instant NaiveCalendar::ahead_of(Duration d, Instant at) const {
  if (d.unit == Unit::minutes) return Instant{at.micros - d.count * micros_per_minute};
  if (d.unit == Unit::hours) return Instant{at.micros - d.count * micros_per_hour};
  if (d.unit == Unit::working_hours) return when_still_to_work(d.count * micros_per_hour, at);
  return d.count == 0 ? at : end_of(later(d, day_of(at), -1));
}

Instant NaiveCalendar::back_from(Duration d, Instant at) const {
  if (d.unit == Unit::minutes || d.unit == Unit::hours || d.unit == Unit::working_hours) return ahead_of(d, at);
  return d.count == 0 ? start_of(day_of(at)) : start_of(later(d, day_of(at), -1));
}

std::int64_t NaiveCalendar::worked(Instant from, Instant until) const {
  if (until <= from) return 0;
  const std::int64_t first = minute_of(from), last = minute_of(until);
  const auto works = [this](std::int64_t minute) {
    return works_[static_cast<std::size_t>(minute - clock_.first)] != 0;
  };
  std::int64_t sum = works(last) ? until.micros - last * micros_per_minute : 0;
  sum -= works(first) ? from.micros - first * micros_per_minute : 0;
  for (std::int64_t minute = first; minute < last; ++minute) sum += works(minute) ? micros_per_minute : 0;
  return sum;
}

// ---- periods --------------------------------------------------------------------------------------------------------

bool NaiveCalendar::begins(Period period, Day day) const {
  const CivilDay& row = *find(day);
  if (period == Period::day) return true;
  if (period == Period::week) return row.weekday == spec_.week_starts_weekday;
  return row.day == 1 && (row.month - spec_.fiscal_year_starts_month + 12) % months_in(period) == 0;
}

Interval NaiveCalendar::from_day(Period period, Day first) const {
  for (Day day = first + 1; find(day) != nullptr; day = day + 1) {
    if (begins(period, day)) return {start_of(first), start_of(day)};
  }
  return {};
}

std::vector<Interval> NaiveCalendar::terms() const {
  std::vector<Interval> found;
  for (const Term& term : spec_.terms) {
    const Interval interval{start_of(term.from), end_of(term.to)};
    if (known(interval) && interval.from < interval.until) found.push_back(interval);
  }
  return found;
}

Interval NaiveCalendar::period_of(Period period, Instant at) const {
  if (period == Period::term) {
    for (const Interval& term : terms()) {
      if (term.from <= at && at < term.until) return term;
    }
    return {};
  }
  Day day = day_of(at);
  while (find(day) != nullptr && !begins(period, day)) day = day - 1;
  return find(day) == nullptr ? Interval{} : from_day(period, day);
}

Interval NaiveCalendar::next(Period period, Interval interval) const {
  if (period == Period::term) {
    for (const Interval& term : terms()) {
      if (term.from >= interval.until) return term;
    }
    return {};
  }
  // A day that was skipped has passed when it begins, and a week may begin with it.
  for (Day day = day_of(interval.until) - 2; find(day) != nullptr; day = day + 1) {
    if (start_of(day) < interval.until || !begins(period, day)) continue;
    const Interval found = from_day(period, day);
    if (found.from < found.until) return found;
  }
  return {};
}

Interval NaiveCalendar::previous(Period period, Interval interval) const {
  if (period == Period::term) {
    Interval last;
    for (const Interval& term : terms()) {
      if (term.until <= interval.from) last = term;
    }
    return last;
  }
  for (Day day = day_of(interval.from); find(day) != nullptr; day = day - 1) {
    if (!begins(period, day)) continue;
    const Interval found = from_day(period, day);
    if (known(found) && found.until <= interval.from && found.from < found.until) return found;
  }
  return {};
}

std::string NaiveCalendar::name_of(Period period, Interval interval) const {
  if (period == Period::term) {
    for (const Term& term : spec_.terms) {
      if (Interval{start_of(term.from), end_of(term.to)} == interval) return term.name;
    }
    return "";
  }
  const Day first = day_of(interval.from);
  const CivilDay& row = *find(first);
  if (period == Period::day) return fmt::format("{}-{:02}-{:02}", row.year, row.month, row.day);
  if (period == Period::month) return fmt::format("{}-{:02}", row.year, row.month);
  if (period == Period::week) {
    // The number of a week is said only where everybody counts the same days to it.
    if (row.weekday != 1) return fmt::format("week of {}-{:02}-{:02}", row.year, row.month, row.day);
    const int year = find(first + 3)->year;
    int number = 1;
    for (Day day = first - 7; find(day + 3) != nullptr && find(day + 3)->year == year; day = day - 7) ++number;
    return fmt::format("{}-W{:02}", year, number);
  }
  // The fiscal year, by walking back to where it starts, and how many periods start on the way.
  int number = 1;
  Day day = first;
  for (; !begins(Period::year, day); day = day - 1) number += begins(period, day) ? 1 : 0;
  const int year = find(day)->year;
  if (period == Period::year) return fmt::format("FY{}", year);
  return fmt::format("FY{}-{}{}", year, period == Period::quarter ? 'Q' : 'H', number);
}

// ---- points ---------------------------------------------------------------------------------------------------------

Instant NaiveCalendar::point_of(const Point& point, Period period, Interval interval) const {
  if (known(interval) && point.of_period_after) interval = next(period, interval);
  if (!known(interval)) return Instant::unknown();
  std::vector<Day> candidates;
  Day day = day_of(interval.from);
  for (; start_of(day) < interval.until; day = day + 1) {
    const bool named = !point.weekday || find(day)->weekday == *point.weekday;
    if (named && (!point.day_number || !point.business || is_business_day(day))) candidates.push_back(day);
  }
  while (candidates.empty() && find(day) != nullptr) {
    if (is_business_day(day)) candidates.push_back(day);
    day = day + 1;
  }
  if (candidates.empty()) return Instant::unknown();
  const auto number = static_cast<std::size_t>(point.day_number.value_or(1));
  day = candidates[std::min(number, candidates.size()) - 1];
  while (point.or_next_business_day && find(day) != nullptr && !is_business_day(day)) day = day + 1;
  if (find(day) == nullptr) return Instant::unknown();
  if (!point.micros_of_day) return end_of(day);
  // The first minute whose clock shows this time, or a later one.
  const std::int64_t wanted = day.days * minutes_per_day + *point.micros_of_day / micros_per_minute;
  std::int64_t minute = find(day)->start - minutes_per_day;
  while (clock_.shows[static_cast<std::size_t>(minute - clock_.first)] < wanted) ++minute;
  return Instant{minute * micros_per_minute};
}

}  // namespace plumb::time
