#pragma once

#include "eval/condition.h"
#include "eval/holds.h"

/// Dates as they are written: what has a date alone is of that day in whatever zone a calendar is, although it stands
/// at the start of its day in the default calendar (semantics.md §1: it is never turned into an instant of some zone).
namespace plumb::eval {

/// Lets nothing count that has the date of a day which begins in the context's calendar with `end`, or a later one.
/// What `end` is not the start of a day of that calendar changes nothing, nor in the default calendar.
void end_by_date(Context& context, Instant end);

/// The day on which somebody's fields and leave are read: as it is written, else the one that it is where he is,
/// whoever owes what asks. Missing: where nobody knows which calendar he has, from the first that it may be to the last.
struct OwnDay {
  time::Day first, last;
};
OwnDay day_of(const Context& context, std::uint32_t person);

/// The holds of a deal as a calendar has them: those that begin or end on a date do so on that day of it.
std::vector<Hold> as_written(const Plan& plan, const std::vector<Hold>& holds, const time::Calendar& calendar);

}  // namespace plumb::eval
