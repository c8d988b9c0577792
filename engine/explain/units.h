#pragma once

#include <vector>

#include "explain/ways.h"

/// The facts of a change, those together that stand or fall together.
namespace plumb::explain {

/// A new deal with all that happens in it, else one fact.
std::vector<Revisions> units_of(const Revisions& revisions);
/// Whether two units say the same, but for when and for the name of a new deal: then they can be counted.
bool are_alike(const Revisions& a, const Revisions& b);

}  // namespace plumb::explain
