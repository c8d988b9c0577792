#pragma once

#include "eval/obligation.h"

namespace plumb::eval {

/// The row that has a date alone and by which a verdict was `reached`, so that no clock in hours can start there.
/// `view` has the verdict's subject. Missing: no_event, the verdict was reached at its instant.
EventRef reached_by_day(const RuleRun& run, std::size_t row, Instant reached, View& view);

}  // namespace plumb::eval
