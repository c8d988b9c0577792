#pragma once

#include <cstddef>

#include "explain/case.h"
#include "explain/ways.h"

/// Moves that nobody would make.
namespace plumb::explain {

/// How many of the moves that are put into deals their process does not allow: from the stage in which the deal is
/// then, or on to the one to which it goes next; or at the very instant of another move. What is asked before a move is
/// not looked at. Missing: 0 for a process without a path. Cost: linear in the deals' events.
std::size_t strange_moves(const Case& c, const Revisions& revisions);

}  // namespace plumb::explain
