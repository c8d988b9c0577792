#pragma once

#include <vector>

#include "property/twin/look.h"

/// Clocks that stand still while a deal is on hold (semantics.md §2).
namespace plumb::twin {

/// A stretch in which a deal is on hold, or may be. until `Instant::max()`: still at the horizon.
struct Hold {
  Instant from, until;
  Tri is = Tri::yes;
};
std::vector<Hold> holds_of(const Look& look);

/// Those of them that certainly are; with `perhaps` those that may be, too.
std::vector<Hold> reading(const std::vector<Hold>& holds, bool perhaps);

/// When a clock that starts at `at` has run off. `Instant::max()`: it stands still at the horizon.
Instant within(const Clock& clock, Duration d, Instant at, const std::vector<Hold>& holds);

}  // namespace plumb::twin
