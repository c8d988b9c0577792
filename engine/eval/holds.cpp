#include "eval/holds.h"

#include <algorithm>

namespace plumb::eval {

namespace {

using time::Calendar;
using time::Day;
using time::Unit;

// The holds from `at` on, as the clock sees them: sorted, apart, none of length zero.
std::vector<Hold> stops(const std::vector<Hold>& holds, Instant at, Doubt doubt, bool in_days) {
  std::vector<Hold> out;
  for (const Hold& hold : holds) {
    // A day that is on hold in part is not counted, whichever part it is.
    const bool stands = !hold.perhaps || doubt == Doubt::stands || (in_days && hold.in_part);
    if (hold.until <= at || !stands) continue;
    const Instant from = std::max(hold.from, at);
    if (!out.empty() && out.back().until == from) {
      out.back().until = hold.until;
    } else {
      out.push_back({from, hold.until, false});
    }
  }
  return out;
}

// The end of the `count`-th day after that of `at` that counts. `count` = 0: the first that counts, from that day on.
Instant days_after(const Calendar& calendar, std::int64_t count, bool business, Instant at,
                   const std::vector<Hold>& stops) {
  auto stop = stops.begin();
  Day day = calendar.day_of(at);
  for (std::int64_t counted = count == 0 ? -1 : 0;; day = day + 1) {
    const Instant from = calendar.start_of(day), until = calendar.end_of(day);
    if (!from.known() || !until.known()) return Instant::unknown();
    while (stop != stops.end() && stop->until <= from) ++stop;
    const bool still = stop != stops.end() && stop->from < until;
    if (still && stop->until == Instant::max() && stop->from < from) return Instant::max();
    const bool first = counted == 0 && day == calendar.day_of(at) && count != 0;
    if (first || still || (business && !calendar.is_business_day(day))) continue;
    if (counted < 0 || ++counted == count) return until;
  }
}

// As many micros of `length(from, until)` as `wanted` after `at`; `end_of` finds the end within a stretch that has
// enough.
template <class Length, class End>
Instant run_off(Instant at, std::int64_t wanted, const std::vector<Hold>& stops, Length length, End end_of) {
  for (const Hold& stop : stops) {
    const std::int64_t run = length(at, stop.from);
    if (run >= wanted) break;
    wanted -= run;
    if (stop.until == Instant::max()) return Instant::max();
    at = stop.until;
  }
  return end_of(at, wanted);
}

// The earliest instant by which `wanted` micros of the schedule have been worked from `at`, before `latest`.
Instant worked_off(const Calendar& calendar, Instant at, std::int64_t wanted, Instant latest) {
  if (!latest.known()) return latest;
  std::int64_t low = at.micros, high = latest.micros;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (calendar.worked(at, Instant{middle}) >= wanted) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Instant{low};
}

Instant hours_after(const Calendar& calendar, time::Duration d, Instant at, const std::vector<Hold>& stops) {
  const std::int64_t unit = d.unit == Unit::minutes ? time::micros_per_hour / 60 : time::micros_per_hour;
  std::int64_t wanted = 0;
  if (__builtin_mul_overflow(d.count, unit, &wanted)) return Instant::unknown();
  if (d.unit == Unit::working_hours) {
    return run_off(
        at, wanted, stops, [&](Instant from, Instant until) { return calendar.worked(from, until); },
        [&](Instant from, std::int64_t left) { return worked_off(calendar, from, left, calendar.within(d, from)); });
  }
  return run_off(
      at, wanted, stops, [](Instant from, Instant until) { return until.micros - from.micros; },
      [](Instant from, std::int64_t left) {
        std::int64_t end = 0;
        return __builtin_add_overflow(from.micros, left, &end) ? Instant::unknown() : Instant{end};
      });
}

}  // namespace

Instant within(const Calendar& calendar, time::Duration d, Instant at, const std::vector<Hold>& holds, Doubt doubt) {
  const Instant plain = calendar.within(d, at);
  if (holds.empty() || !plain.known()) return plain;
  const bool clock = d.unit == Unit::minutes || d.unit == Unit::hours || d.unit == Unit::working_hours;
  const std::vector<Hold> still = stops(holds, at, doubt, !clock);
  if (still.empty() || still.front().from >= plain) return plain;
  switch (d.unit) {
    case Unit::minutes:
    case Unit::hours:
    case Unit::working_hours: return hours_after(calendar, d, at, still);
    case Unit::business_days: return days_after(calendar, d.count, true, at, still);
    default: {
      const Day last = calendar.day_of(Instant{plain.micros - 1});
      return days_after(calendar, last - calendar.day_of(at), false, at, still);
    }
  }
}

}  // namespace plumb::eval
