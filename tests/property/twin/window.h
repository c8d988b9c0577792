#pragma once

#include "property/twin/look.h"

namespace plumb::twin {

/// Which facts a tail lets count.
struct Window {
  bool nothing = false;  // `since E`, and there was none
  bool undecided = false;
  Instant from = Instant::unknown();
  std::size_t order = 0;  // `over last N E`: from this fact on
};

Window window_of(const Look& look, const model::Tails& tails, const Moment& m);
bool falls_in(const Window& window, const Fact& fact);

}  // namespace plumb::twin
