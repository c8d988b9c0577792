#pragma once

#include <functional>
#include <vector>

#include "property/twin/look.h"

/// One day as a list of what happened on it, in each order that the rows allow.
namespace plumb::twin {

/// What is looked at of the day of `from`: the points from there on and before `until`.
struct Hours {
  Instant from, until;
  const Fact* opener = nullptr;  // with a date alone: from it on
  const Fact* closer = nullptr;  // with a date alone: up to it
  bool whole = false;            // at the end all of it has come
  bool exhaust = false;          // all orders are gone through, also behind one in which it is never so
};

/// Whether it is so at one point at least in every order: something is true between two things of a day, whichever time
/// they came at. Missing: false where the day has too much.
bool so_in_passing(const Look& look, const std::function<Tri(const Moment&)>& ask, const std::vector<Instant>& turns,
                   const Hours& hours);
/// Whether it is, or may be, so at any point in any order. Missing: true.
bool may_be_in_passing(const Look& look, const std::function<Tri(const Moment&)>& ask,
                       const std::vector<Instant>& turns, const Hours& hours);

}  // namespace plumb::twin
