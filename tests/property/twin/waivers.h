#pragma once

#include <vector>

#include "property/twin/judge.h"

/// `waiver` records: what somebody has let somebody off (semantics.md §4, `excused`).
namespace plumb::twin {

/// As it narrows itself; what is empty or unknown fits all.
struct Waiver {
  std::string rule, deal, person;
  Instant opened;
  Instant since;                    // from when it was stated on it covers what no first day narrows
  Day from, to;                     // the first and the last day that it covers, where it says them
  std::optional<Instant> recorded;  // nullopt: nobody knows
  Instant recorded_at_latest;       // of a date alone: the end of its day
  bool readable = true;
  std::string himself;  // who stated it about himself, or about nobody: it lets everybody off but him
};
std::vector<Waiver> waivers_of(const World& world);

/// Kept stays kept; what is missed, late or cannot be told may be excused.
void waive(const World& world, const std::vector<Waiver>& waivers, const model::Rule& rule, Told& told);

}  // namespace plumb::twin
