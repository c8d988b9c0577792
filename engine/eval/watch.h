#pragma once

#include <functional>

#include "eval/obligation.h"
#include "eval/run.h"

namespace plumb::eval {

/// Somebody who wants to know how an evaluation comes to its verdicts. Both are called in the course of it, on one
/// thread, while the subject is loaded.
struct Watch {
  /// A condition, or an expected event, was looked at in this context and decides. None of both: a move was.
  std::function<void(Id<model::Expr>, Id<model::Event>, const Context&)> looked;
  /// An obligation was written down: the last row of these verdicts of its rule.
  std::function<void(const Verdicts&)> written;
};

/// As `run`, watched.
Result<Evaluation> run_watched(const model::Rulebook& rulebook, const history::History& history, const Options& options,
                               const Watch& watch);

/// Tells the run's watch, if there is one.
inline void tell(const RuleRun& run, Id<model::Expr> condition, Id<model::Event> event, const Context& context) {
  if (run.watch) run.watch->looked(condition, event, context);
}

}  // namespace plumb::eval
