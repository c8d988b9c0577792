#pragma once

#include "eval/condition.h"

/// Facts that have a date and no time of day. They happened at some instant of their civil day in the default calendar,
/// and stand at its start (semantics.md §1): an order within the day, and a clock that runs within it, cannot be told.
namespace plumb::eval {

/// The last instant of the civil day that holds `at`.
inline Instant last_of_day(const Plan& plan, Instant at) {
  const time::Calendar& days = plan.calendars.front();
  const Instant end = days.end_of(days.day_of(at));
  return end.known() ? Instant{end.micros - 1} : at;
}

/// Says that the time of day of a row would have to be known.
inline void lack_time(const Context& context, std::uint32_t index) {
  if (context.trace) context.trace->lack({.kind = FactKind::time_of_day, .member = context.view.ref(index)});
}

}  // namespace plumb::eval
