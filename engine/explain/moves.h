#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "explain/case.h"
#include "explain/ways.h"

/// Moves that nobody would make.
namespace plumb::explain {

/// How many of the moves that are put into deals their process does not allow: from the stage in which the deal is
/// then, or as its first; or on to the one to which it goes next; or at the very instant of another move. What is asked
/// before a move is not looked at. Missing: 0 for a process without a path. Cost: linear in the deals' events.
std::size_t strange_moves(const Case& c, const Revisions& revisions);

/// The open stages through which the deal has to go first, the fewest, so that its process allows a move to a stage at
/// an instant. Missing: empty where that is allowed at once, and where no way leads there. Cost: linear in the deal's
/// events.
std::vector<Id<model::Stage>> stages_before(const model::Rulebook& book, const history::History& history,
                                            const std::string& deal, Instant at, Id<model::Stage> to);

}  // namespace plumb::explain
