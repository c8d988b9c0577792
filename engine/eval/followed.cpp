#include "eval/followed.h"

#include <algorithm>

#include "eval/day.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

using Occurrences = std::vector<Occurrence>;

const Occurrence* at_index(const Occurrences& all, std::uint32_t index) {
  const auto found = std::lower_bound(all.begin(), all.end(), index,
                                      [](const Occurrence& o, std::uint32_t wanted) { return o.index < wanted; });
  return found != all.end() && found->index == index ? &*found : nullptr;
}

Occurrences::const_iterator first_from(const Occurrences& all, Instant from) {
  return std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) { return o.at < from; });
}

bool is_by_day(const View& view, const Occurrence& o) { return view.by_day() && view.timeline().by_day[o.index] != 0; }

// Whether an occurrence may have come at or after an instant.
bool may_come_from(const View& view, const Occurrence& o, Instant from) {
  return o.at >= from || (is_by_day(view, o) && last_of_day(view.plan(), o.at) >= from);
}

// Where those that may have come from an instant on begin; of its day some may have been before it.
Occurrences::const_iterator first_of(const View& view, const Occurrences& all, Instant from) {
  const time::Calendar& days = view.plan().calendars.front();
  return first_from(all, view.by_day() ? days.start_of(days.day_of(from)) : from);
}

Value exact_micros(const Stretch& stretch, time::Unit unit, const time::Calendar& calendar) {
  if (stretch.until <= stretch.from) return Value::of(Rational{});
  if (unit == time::Unit::working_hours) return Value::of(rational(calendar.worked(stretch.from, stretch.until), 1));
  return Value::of(rational(Wide{stretch.until.micros} - stretch.from.micros, 1));
}

Value length_by_clock(const Plan& plan, const Stretch& stretch, time::Unit unit, const time::Calendar& calendar) {
  if (!stretch.from_by_day && !stretch.until_by_day) return exact_micros(stretch, unit, calendar);
  const Instant from = stretch.from_by_day ? last_of_day(plan, stretch.from) : stretch.from;
  const Instant until = stretch.until_by_day ? last_of_day(plan, stretch.until) : stretch.until;
  return Value::between(exact_micros({from, stretch.until}, unit, calendar).low,
                        exact_micros({stretch.from, until}, unit, calendar).high);
}

}  // namespace

Followed followed(View& view, Id<model::Event> by, const Occurrence& thing, bool clock) {
  Followed found;
  const Occurrences& all = view.occurrences(by);
  // One that nobody dated may have come right away.
  if (!all.empty() && !all.front().at.known()) found.possible = thing.at;
  if (const Instant untold = first_untold(view, by, thing.at); untold < view.plan().horizon) found.possible = untold;
  const bool some_time_of_day = is_by_day(view, thing) && clock;
  const Instant latest = some_time_of_day ? last_of_day(view.plan(), thing.at) : thing.at;
  for (auto next = first_of(view, all, thing.at); next != all.end() && !found.certain.known(); ++next) {
    if (next->index == thing.index || !may_come_from(view, *next, thing.at)) continue;
    const Instant at = std::max(next->at, thing.at);
    const bool by_day = is_by_day(view, *next);
    if (next->certain && (!some_time_of_day || at > latest)) found.certain = at, found.certain_by_day = by_day;
    if (!found.possible.known() || at < found.possible) found.possible = at, found.possible_by_day = by_day;
  }
  return found;
}

Stretch stretch(View& view, Id<model::Event> from, Id<model::Event> to, const Occurrence& thing) {
  const Occurrences starts = view.occurrences(from);
  const Occurrences& ends = view.occurrences(to);
  const Occurrence* start = at_index(starts, thing.index);
  if (!start) {
    // The first may have come before that.
    const Instant untold = first_untold(view, from, Instant::unknown());
    if (untold < (starts.empty() ? view.plan().horizon : starts.front().at)) return {.told = false};
  }
  if (!start && !starts.empty()) start = &starts.front();
  const Occurrence* end = at_index(ends, thing.index);
  if (!start) return {};
  const Instant untold = end ? Instant::max() : first_untold(view, to, start->at);
  if (ends.empty() && untold >= view.plan().horizon) return {};
  if (ends.empty()) return {.told = false};
  if (!start->at.known() || !start->certain) return {.told = false};
  if (!end || end == start) {
    auto next = first_of(view, ends, start->at);
    while (next != ends.end() && (next->index == start->index || !may_come_from(view, *next, start->at))) ++next;
    if (!ends.front().at.known()) return {.told = false};
    if (untold < (next == ends.end() ? view.plan().horizon : next->at)) return {.told = false};
    if (next == ends.end()) return {};
    end = &*next;
  }
  if (!end->at.known() || !end->certain) return {.told = false};
  if (!may_come_from(view, *end, start->at)) return {};
  return {start->at, std::max(start->at, end->at), true, is_by_day(view, *start), is_by_day(view, *end)};
}

Value length(const Plan& plan, const Stretch& stretch, time::Unit unit, const time::Calendar& calendar) {
  const auto day_of = [&](Instant at, bool by_day) { return (by_day ? plan.calendars.front() : calendar).day_of(at); };
  const time::Day first = day_of(stretch.from, stretch.from_by_day);
  const time::Day last = std::max(first, day_of(stretch.until, stretch.until_by_day));
  switch (unit) {
    case time::Unit::minutes:
    case time::Unit::hours:
    case time::Unit::working_hours: return length_by_clock(plan, stretch, unit, calendar);
    case time::Unit::days:
    case time::Unit::weeks:
      if (!first.known() || !last.known()) return Value::unknown();
      return exact_length({last - first, time::Unit::days});
    case time::Unit::business_days:
      if (!first.known() || !last.known()) return Value::unknown();
      return exact_length({calendar.business_days_between(first + 1, last + 1), unit});
    case time::Unit::months:
    case time::Unit::quarters:
    case time::Unit::years: break;
  }
  return Value::unknown();
}

}  // namespace plumb::eval
