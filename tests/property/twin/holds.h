#pragma once

#include <vector>

#include "property/twin/judge.h"

/// Clocks that stand still while a deal is on hold (semantics.md §2).
namespace plumb::twin {

/// A stretch in which a deal is on hold, or may be. until `Instant::max()`: still at the horizon.
struct Hold {
  Instant from, until;
  Tri is = Tri::yes;
  bool in_part = false;  // for some of it, which begins or ends on a date without a time of day
};
std::vector<Hold> holds_of(const Look& look);

/// Those of them that certainly are; with `perhaps` those that may be, too. For a clock in days a day on hold in part
/// is on hold, whichever part it is.
std::vector<Hold> reading(const std::vector<Hold>& holds, bool perhaps, Duration clock);

/// The holds as a calendar's days have them: what begins or ends on a date does so on that day of it, in whatever zone.
std::vector<Hold> written(const std::vector<Hold>& holds, const Clock& clock, const Clock& usual, Duration d);

/// What is said where the readings differ: nobody can tell from the sooner of the deadlines on; or, where only times of
/// day are missing, from the later on, and till then it is due.
void unsettle(Told& told, const std::vector<Hold>& holds, Instant opened, Instant sooner, Instant later,
              Instant horizon);
/// Where the readings say different things: whether it is known at the later of the deadlines, since only times of day
/// are missing.
bool told_later(const std::vector<Hold>& holds, Instant from, Instant later);

/// The last instant at which what turned may have turned: that of its day where a fact with a date alone stands there.
Instant latest_turn(const Look& look, Instant at);

/// When a clock that starts at `at` has run off. `Instant::max()`: it stands still at the horizon.
Instant within(const Clock& clock, Duration d, Instant at, const std::vector<Hold>& holds);

}  // namespace plumb::twin
