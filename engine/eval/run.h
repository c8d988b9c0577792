#pragma once

#include <vector>

#include "base/result.h"
#include "eval/verdict.h"
#include "history/history.h"
#include "history/load.h"
#include "model/model.h"

namespace plumb::eval {

/// Which rules can be evaluated: those that can be worked out, as can all that they read. Rows: the rules.
std::vector<bool> evaluated_rules(const model::Rulebook& rulebook);
/// The same for one of the rulebook's own.
bool evaluated(const model::Rulebook& rulebook, const model::Rule& rule);

/// The rulebook without the rules and the conditions of processes that `unevaluated` lists: all that a run can be about
/// when its caller goes on without them.
model::Rulebook evaluated_part(model::Rulebook rulebook);

/// The columns a rulebook reads: what a loader has to bring.
history::Schema schema_of(const model::Rulebook& rulebook);

/// Declarations of the rulebook that this evaluator does not evaluate yet, those that `check` found among them. A
/// caller refuses to run with any, unless told to go on without; then their rules are left out of the verdicts.
std::vector<model::Unevaluated> unevaluated(const model::Rulebook& rulebook);

struct Options {
  Instant as_of;                      // known
  Instant known_at = Instant::max();  // only what was recorded before it is there; max: whatever the history holds
  unsigned threads = 0;               // 0: as many as the machine has; the verdicts are the same with any number
};

enum class HorizonFrom : std::uint8_t { as_of, known_at, complete_until };

struct Evaluation {
  Verdicts verdicts;
  Instant horizon;  // facts before it are seen; deadlines up to it have passed
  HorizonFrom horizon_from = HorizonFrom::as_of;
  Instant known_at = Instant::max();  // as the options say
};

/// The pure function of semantics.md: (rulebook, history, as-of, known-at) → verdicts with evidence. The rulebook has
/// no errors; the history was loaded with `schema_of(rulebook)` and the default calendar's zone. Errors: a calendar
/// that cannot be made. Cost: one pass over the deals' events for all rules; memory grows with the obligations.
Result<Evaluation> run(const model::Rulebook& rulebook, const history::History& history, const Options& options);

}  // namespace plumb::eval
