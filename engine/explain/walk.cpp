#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "explain/parts.h"
#include "report/words.h"
#include "time/point.h"

namespace plumb::explain {

namespace {

using time::Day;
using time::Unit;

constexpr std::size_t most_steps = 14;
constexpr std::size_t shown_at_ends = 6;
constexpr int most_days = 4000;

// Why a day holds no work: a holiday by its name, or a weekday on which nobody works.
std::string why_free(const model::Rulebook& book, std::size_t number, const time::Calendar& calendar, Day day) {
  const std::vector<Day>& holidays = calendar.spec().holidays;
  const auto found = std::find(holidays.begin(), holidays.end(), day);
  if (found == holidays.end() || number >= book.calendars.size()) return "no work";
  const auto& names = book.calendars[number].holiday_names;
  const auto row = static_cast<std::size_t>(found - holidays.begin());
  return row < names.size() && !names[row].empty() ? fmt::format("holiday ({})", names[row]) : "holiday";
}

std::size_t number_of(const std::vector<time::Calendar>& calendars, const time::Calendar& calendar) {
  for (std::size_t i = 0; i < calendars.size(); ++i) {
    if (&calendars[i] == &calendar) return i;
  }
  return 0;
}

void shorten(Walk& walk) {
  if (walk.steps.size() <= most_steps) return;
  walk.left_out = walk.steps.size() - 2 * shown_at_ends;
  walk.steps.erase(walk.steps.begin() + shown_at_ends, walk.steps.end() - shown_at_ends);
}

// The days on which the zone's clock changes between two instants.
std::string clock_change(const time::Calendar& calendar, Instant from, Instant until) {
  std::string text;
  const time::Zone& zone = calendar.zone();
  Day day = calendar.day_of(from);
  for (int i = 0; i < most_days && day.known() && calendar.start_of(day) < until; ++i, day = day + 1) {
    const int by = zone.offset_seconds(calendar.start_of(day + 1)) - zone.offset_seconds(calendar.start_of(day));
    if (by == 0) continue;
    text += fmt::format("{}the clock goes {} {} on {}", text.empty() ? "" : "; ", by > 0 ? "forward" : "back",
                        report::length_text(std::abs(by) * time::micros_per_second), short_day(day, Day::unknown()));
  }
  return text;
}

void add_free(Walk& walk, Day day, std::string why) {
  const bool goes_on = !walk.steps.empty() && walk.steps.back().number == 0 && walk.steps.back().why == why;
  if (goes_on && std::abs(walk.steps.back().last - day) == 1) {
    walk.steps.back().last = day;
  } else {
    walk.steps.push_back({day, day, 0, std::move(why)});
  }
}

// A day any part of which, from the opening on, is on hold.
bool on_hold(const std::vector<eval::Hold>& holds, const time::Calendar& calendar, Day day) {
  return std::any_of(holds.begin(), holds.end(), [&](const eval::Hold& hold) {
    return !hold.perhaps && hold.from < calendar.end_of(day) && hold.until > calendar.start_of(day);
  });
}

// Counts the days; says how many there are.
std::int64_t walk_days(Walk& walk, const model::Rulebook& book, std::size_t number, const time::Calendar& calendar,
                       Unit unit, Day from, Day last, int by, const std::vector<eval::Hold>& holds) {
  std::int64_t counted = 0;
  Day day = from + by;
  for (int i = 0; i < most_days && (by > 0 ? day <= last : day >= last); ++i, day = day + by) {
    if (unit == Unit::business_days && !calendar.is_business_day(day)) {
      add_free(walk, day, why_free(book, number, calendar, day));
    } else if (on_hold(holds, calendar, day)) {
      add_free(walk, day, "on hold");
    } else {
      walk.steps.push_back({day, day, ++counted, {}});
    }
  }
  return counted;
}

// The part of a stretch of working time in which the deal is on hold.
std::int64_t held(const std::vector<eval::Hold>& holds, const time::Calendar& calendar, Instant from, Instant until) {
  std::int64_t worked = 0;
  for (const eval::Hold& hold : holds) {
    const Instant begin = std::max(from, hold.from), end = std::min(until, hold.until);
    if (!hold.perhaps && begin < end) worked += calendar.worked(begin, end);
  }
  return worked;
}

void walk_hours(Walk& walk, const model::Rulebook& book, std::size_t number, const time::Calendar& calendar, Instant at,
                Instant deadline, const std::vector<eval::Hold>& holds) {
  Day day = calendar.day_of(at);
  for (int i = 0; i < most_days && day.known() && calendar.start_of(day) < deadline; ++i, day = day + 1) {
    const Instant from = std::max(at, calendar.start_of(day)), until = std::min(deadline, calendar.end_of(day));
    const std::int64_t worked = calendar.worked(from, until), lost = held(holds, calendar, from, until);
    if (worked > lost) {
      walk.steps.push_back({day, day, 0, "has " + report::length_text(worked - lost)});
    } else if (worked > 0) {
      add_free(walk, day, "on hold");
    } else {
      add_free(walk, day,
               calendar.is_business_day(day) ? "outside working hours" : why_free(book, number, calendar, day));
    }
  }
}

// A clock that runs day and night stops as long as the deal is on hold.
void walk_holds(Walk& walk, const time::Calendar& calendar, Instant at, Instant deadline,
                const std::vector<eval::Hold>& holds) {
  for (const eval::Hold& hold : holds) {
    const Instant from = std::max(at, hold.from), until = std::min(deadline, hold.until);
    if (hold.perhaps || from >= until) continue;
    walk.steps.push_back({calendar.day_of(from), calendar.day_of(Instant{until.micros - 1}), 0,
                          "on hold for " + report::length_text(until.micros - from.micros)});
  }
}

// Months are as many days as they have, and a day any part of which is on hold is none of them.
void walk_held_days(Walk& walk, const time::Calendar& calendar, Instant at, Day last,
                    const std::vector<eval::Hold>& holds) {
  Day first = Day::unknown();
  Day day = calendar.day_of(at) + 1;
  for (int i = 0; i < most_days && day <= last + 1; ++i, day = day + 1) {
    const bool held = day <= last && on_hold(holds, calendar, day);
    if (held && !first.known()) first = day;
    if (held || !first.known()) continue;
    walk.steps.push_back({first, day + -1, 0,
                          "on hold for " + report::count_text(static_cast<std::uint64_t>(day - first), "day", "days")});
    first = Day::unknown();
  }
}

// Days on which nobody works, or the clock stands still, and then the next one on which it runs.
void walk_to_business_day(Walk& walk, const model::Rulebook& book, std::size_t number, const time::Calendar& calendar,
                          Day from, Day last) {
  if (last == from) return;
  for (Day day = from; day < last; day = day + 1) {
    add_free(walk, day, calendar.is_business_day(day) ? "on hold" : why_free(book, number, calendar, day));
  }
  walk.steps.push_back({last, last, 0, "is the next business day"});
}

Walk begun(const model::Rulebook& book, std::size_t number, const time::Calendar& calendar) {
  Walk walk;
  walk.zone = calendar.zone().name();
  if (number < book.calendars.size()) walk.calendar = book.calendars[number].name;
  return walk;
}

}  // namespace

std::optional<Walk> walk_of(const model::Rulebook& book, const std::vector<time::Calendar>& calendars,
                            const time::Calendar& calendar, const time::Duration& within, Instant at, Instant deadline,
                            const std::vector<eval::Hold>& holds) {
  if (!at.known() || !deadline.known() || deadline == Instant::max()) return std::nullopt;
  const std::size_t number = number_of(calendars, calendar);
  Walk walk = begun(book, number, calendar);
  const Day last = calendar.day_of(Instant{deadline.micros - 1});
  const std::int64_t days = within.unit == Unit::weeks ? 7 * within.count : within.count;
  switch (within.unit) {
    case Unit::business_days:
    case Unit::days:
    case Unit::weeks:
      if (days == 0) {
        if (within.unit == Unit::business_days) {
          walk_to_business_day(walk, book, number, calendar, calendar.day_of(at), last);
        }
        break;
      }
      // The own `at most` of a stage on hold runs on.
      if (walk_days(walk, book, number, calendar, within.unit, calendar.day_of(at), last, 1, holds) == days) break;
      walk.steps.clear();
      walk_days(walk, book, number, calendar, within.unit, calendar.day_of(at), last, 1, {});
      break;
    case Unit::working_hours: walk_hours(walk, book, number, calendar, at, deadline, holds); break;
    case Unit::minutes:
    case Unit::hours: walk_holds(walk, calendar, at, deadline, holds); break;
    default: walk_held_days(walk, calendar, at, last, holds); break;
  }
  walk.clock_change = clock_change(calendar, at, deadline);
  shorten(walk);
  return walk;
}

std::optional<Walk> walk_to_point(const model::Rulebook& book, const std::vector<time::Calendar>& calendars,
                                  const time::Calendar& calendar, const model::Rule& rule, time::Interval period,
                                  Instant deadline) {
  if (!rule.period || !deadline.known() || deadline == Instant::max()) return std::nullopt;
  const std::size_t number = number_of(calendars, calendar);
  Walk walk = begun(book, number, calendar);
  // The clock of the default calendar needs no word.
  if (!rule.point) return number == 0 ? std::nullopt : std::optional(std::move(walk));
  const model::Point& point = *rule.point;
  const Day last = calendar.day_of(Instant{deadline.micros - 1});
  const time::Interval of = point.of_period_after ? calendar.next(*rule.period, period) : period;
  if (point.business && of.from.known()) {
    // The day before the period is none of it.
    walk_days(walk, book, number, calendar, Unit::business_days, calendar.day_of(of.from) + -1, last, 1, {});
  } else if (point.or_next_business_day) {
    const Instant written = time::point_of(
        {point.weekday, point.day_number, point.business, point.micros_of_day, point.of_period_after, false}, calendar,
        *rule.period, period);
    if (!written.known()) return std::nullopt;
    walk_to_business_day(walk, book, number, calendar, calendar.day_of(Instant{written.micros - 1}), last);
  }
  walk.clock_change = clock_change(calendar, period.from, deadline);
  shorten(walk);
  return walk;
}

std::optional<Walk> walk_ahead(const model::Rulebook& book, const std::vector<time::Calendar>& calendars,
                               const time::Calendar& calendar, const time::Duration& ahead, Instant at) {
  const Instant deadline = calendar.ahead_of(ahead, at);
  if (!at.known() || !deadline.known()) return std::nullopt;
  const std::size_t number = number_of(calendars, calendar);
  Walk walk = begun(book, number, calendar);
  const bool days = ahead.unit == Unit::business_days || ahead.unit == Unit::days || ahead.unit == Unit::weeks;
  const Day last = calendar.day_of(Instant{deadline.micros - 1});
  if (days) walk_days(walk, book, number, calendar, ahead.unit, calendar.day_of(at), last, -1, {});
  walk.clock_change = clock_change(calendar, deadline, at);
  shorten(walk);
  return walk;
}

}  // namespace plumb::explain
