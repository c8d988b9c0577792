#pragma once

#include "diagnostics/diagnostic.h"
#include "model/model.h"

namespace plumb::graph {

/// Reports what no deal can go through with, in every process of the rulebook: stages that cannot be reached, stages
/// and cycles from which a deal can neither be won nor lost, a process that nobody can win, moves that go nowhere. One
/// root cause is reported once: at the first stage of those that cannot be reached, and at the dead end rather than at
/// the stages that lead into it. Missing: silent on a process without a path, for any move may be made there, and on
/// one that names stages it does not have. Cost: linear in stages and moves.
void analyse(const model::Rulebook& rulebook, diagnostics::Sink& sink);

}  // namespace plumb::graph
