#pragma once

#include <algorithm>

#include "property/twin/look.h"

namespace plumb::twin {

/// Which facts a tail lets count.
struct Window {
  bool nothing = false;    // `since E`, and there was none
  bool beyond = false;     // it looks back over the period of a quota
  bool fewer = false;      // `over last N E`, and nobody knows of so many
  bool undecided = false;  // where it begins
  Instant from = Instant::unknown();
  bool clock = false;                   // that is an instant within a day
  bool days = false;                    // so many days back, which are those of the calendar
  Instant created;                      // the deal: on the day of that a date alone comes behind it
  const Fact* latest = nullptr;         // undecided: it begins there at the latest, where that is known
  Instant surely;                       // and from then on what comes counts for certain
  std::vector<const Fact*> themselves;    // so do those with which it begins, where no others can be it
  std::vector<const Fact*> earlier = {};  // of a day in a known order: what came on it before that does not count
  bool begins_with(const Fact& fact) const { return std::ranges::find(themselves, &fact) != themselves.end(); }
  std::size_t order = 0;  // `over last N E`: from this fact on
};

/// From where a tail looks back: the day that is written, where days are counted.
Instant from_of(const Moment& m, time::Duration back);
Window window_of(const Look& look, const model::Tails& tails, const Moment& m);
/// Whether it falls into it wherever that begins.
bool surely_falls_in(const Window& window, const Fact& fact);
/// Of a date alone on whose day the hours began it cannot be told. `earliest`: it came no sooner, where that is known.
Tri falls_in(const Window& window, const Fact& fact, Instant earliest = Instant::unknown());

}  // namespace plumb::twin
