#pragma once

#include <string>
#include <vector>

#include "property/twin/world.h"

/// Leave, and how much of a number is asked after it (semantics.md §4, Quota; `adjusted for`).
namespace plumb::twin {

/// Whether somebody is on leave on a day.
Tri on_leave(const World& world, const std::string& person, Day day);

/// The part of the whole that is left.
struct Share {
  Ratio least, most;
  bool known = true;     // whether all percentages are
  bool reduced = false;  // something is taken off, or may be
};
/// Of the working days of a period, the mean of people.
Share share_of(const World& world, const model::Rule& rule, const std::vector<std::string>& people, const Clock& clock,
               Interval period);

}  // namespace plumb::twin
