#pragma once

#include "eval/obligation.h"

namespace plumb::eval {

/// The row that has a date alone and by which a verdict came to be what it is looked at as, so that no clock in hours can
/// start there; what is late was missed first. `view` has the verdict's subject. Missing: no_event, it came to be so at
/// its instant.
EventRef reached_by_day(const RuleRun& run, std::size_t row, Verdict as, View& view);

/// Notes of the last verdict, for what reads it, that no date alone settled it: what keeps a condition, or exceeds a
/// limit, at an instant may have a date alone among its evidence all the same.
void note_timed(RuleRun& run, View& view);

}  // namespace plumb::eval
