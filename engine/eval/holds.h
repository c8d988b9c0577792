#pragma once

#include <vector>

#include "eval/value.h"
#include "time/calendar.h"

/// Clocks that stand still while a deal is on hold (semantics.md §2: on hold pauses, never excuses).
namespace plumb::eval {

using time::Instant;

/// A stretch in which a deal is on hold, [from, until); `perhaps`: or may be; `in_part`: for some of it, nobody knows
/// which, since it begins or ends on a date without a time of day. until `Instant::max()`: still at the horizon.
struct Hold {
  Instant from;
  Instant until;
  bool perhaps = false;
  bool in_part = false;  // and perhaps
};

/// Where the stretches that may be holds count: as none, or as holds.
enum class Doubt : std::uint8_t { runs, stands };

/// The (exclusive) deadline of `within d of at` when the clock stands still in `holds` (sorted, apart). In day units a
/// day of which any part from `at` on is on hold is not counted, months are as many days as they have without holds; in
/// hours the hold's length, in working hours its working part is added. Missing: `Instant::max()` where the clock
/// stands still at the horizon, so that there is no date yet; unknown where the calendar ends. Cost: linear in the days
/// from the first hold on.
Instant within(const time::Calendar& calendar, time::Duration d, Instant at, const std::vector<Hold>& holds,
               Doubt doubt);

}  // namespace plumb::eval
