#pragma once

#include <vector>

#include "explain/ways.h"

/// The facts of a change, those together that stand or fall together.
namespace plumb::explain {

/// A new deal with what happens in it, else one fact; so is what happens in a new deal once more.
std::vector<Revisions> units_of(const Revisions& revisions);
/// The facts of all units but some, and of none that needs a new deal that is gone.
Revisions without(const std::vector<Revisions>& units, std::size_t from, std::size_t until);
/// Whether two units say the same, but for when and for the name of a new deal: then they can be counted.
bool are_alike(const Revisions& a, const Revisions& b);

}  // namespace plumb::explain
