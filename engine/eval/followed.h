#pragma once

#include "eval/view.h"

/// What came upon an occurrence: what it was followed by, and how long it took from one event to another.
namespace plumb::eval {

/// When something first followed; unknown: it never did. `by_day`: or later on that day, which is all that is known.
struct Followed {
  Instant certain = Instant::unknown();
  Instant possible = Instant::unknown();
  bool certain_by_day = false;
  bool possible_by_day = false;
};
/// The first `by` of the loaded subject from `thing` on; another event at its instant counts, and on its day where one of
/// them has no time of day. `clock`: hours are counted, so that what has a date alone is not surely followed before the
/// next day.
Followed followed(View& view, Id<model::Event> by, const Occurrence& thing, bool clock);

/// From one event to another. Missing: both unknown where there is no such stretch; `told` is false where that, or an
/// end of it, cannot be told.
struct Stretch {
  Instant from = Instant::unknown();
  Instant until = Instant::unknown();
  bool told = true;
  bool from_by_day = false, until_by_day = false;  // or later on that day
};
/// From the loaded subject's first `from`, or `thing` where it is one, to the first `to` upon it, or `thing`.
Stretch stretch(View& view, Id<model::Event> from, Id<model::Event> to, const Occurrence& thing);

/// Unit: that of exact_length. Days are civil days of the calendar, from the one to the other; hours a range where an end
/// has no time of day.
Value length(const Plan& plan, const Stretch& stretch, time::Unit unit, const time::Calendar& calendar);

}  // namespace plumb::eval
