#pragma once

#include <string>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "model/model.h"

namespace plumb::graph {

/// What a proof comes to. `reason` says in words why it does not hold, its walk in the stages of the rulebook.
struct Decision {
  enum class Is { holds, fails, too_large } is = Is::holds;
  std::string reason;
  std::vector<Id<model::Stage>> walk;      // that shows it: the shortest, or the longest where that is asked
  std::vector<diagnostics::Label> labels;  // the moves and stages that lead there
};

/// Decides one proof: over all walks that begin where a deal may begin, every skip taken or not, every return taken up
/// to its number; a closed stage ends a walk, and a stage reaches itself. Missing: a proof that speaks of something
/// that the checker has reported holds. Cost: linear in stages and moves; where a return may be taken so many times,
/// that times the ways to have taken them, up to a bound behind which it is too large.
Decision decide(const model::Rulebook& rulebook, const model::Proof& proof);

/// Reports every proof of the rulebook that does not hold, at its claim.
void prove(const model::Rulebook& rulebook, diagnostics::Sink& sink);

}  // namespace plumb::graph
