#pragma once

#include "eval/obligation.h"

namespace plumb::eval {

/// Takes back what a calendar has decided of an obligation that nobody knows, or that has no working hours where they
/// are counted: what every declared calendar says alike stays, everything else cannot be told.
void heed_calendar(RuleRun& run, Obligation& obligation);

}  // namespace plumb::eval
