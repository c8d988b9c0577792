#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "model/facts.h"
#include "model/process.h"
#include "time/time.h"

/// Proofs: what is always true of a process or a ladder, whatever a deal does.
namespace plumb::model {

using source::Span;

struct Ladder;

/// `every path to S passes T`.
struct PathPasses { Id<Stage> to, passes; };
/// `from every stage S or T is reachable`.
struct StageReaches { std::vector<Id<Stage>> stages; };
/// `in ladder L R comes before Q`: rows of its rungs.
struct RungBefore { Id<Ladder> ladder; std::uint32_t first = 0, second = 0; };
/// `longest path from S to T without going back is at most D`.
struct LongestPath { Id<Stage> from, to; bool without_going_back = false; time::Duration at_most; };
struct Proof {
  std::string claim;
  std::variant<PathPasses, StageReaches, RungBefore, LongestPath> is;
  Id<Process> process;                    // none for a ladder
  Header header;
  Span span;
};

}  // namespace plumb::model
