#pragma once

#include "eval/obligation.h"

namespace plumb::eval {

/// Takes back what a calendar has decided of an obligation that nobody knows, or that has no working hours where they
/// are counted: what every declared calendar says alike stays, everything else cannot be told.
void heed_calendar(RuleRun& run, Obligation& obligation);

/// The calendar in which an obligation runs: that of its period, by its number, else that which whoever owes it has
/// when it opens.
const time::Calendar& own_calendar(const Plan& plan, const time::Interval& period, std::uint32_t number,
                                   std::uint32_t owed_by, Instant opened);

/// The day of an instant in a calendar; of what may have come with a date alone that date, in whatever zone.
time::Day day_in(const Plan& plan, const time::Calendar& calendar, Instant at);

}  // namespace plumb::eval
