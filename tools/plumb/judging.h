#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "eval/run.h"
#include "history/history.h"
#include "model/model.h"
#include "plumb/given.h"
#include "report/report.h"
#include "source/source.h"
#include "time/calendar.h"

/// What the commands that hold a history against a rulebook do before they say what comes of it.
namespace plumb::tool {

/// The rulebook that was asked for, what is wrong with it said. Missing: nullopt, and `exit` is what the process
/// returns then.
std::optional<model::Rulebook> compile_given(const HistoryOptions& options, source::Map& texts, int& exit);
/// That, without what cannot be evaluated yet. Missing: likewise, also where it has none of the rule asked for or
/// nobody asked to go on without what cannot be evaluated.
std::optional<model::Rulebook> compile_to_judge(const JudgingOptions& options, source::Map& texts, int& exit);

/// The two clocks that were asked for. Missing: an unknown as-of, the end of the history. Errors: what is no time; the
/// message names the option.
Result<eval::Options> clocks_of(const JudgingOptions& options, const time::Zone& zone);

/// A history judged: when, and what came of it.
struct Judged {
  eval::Options how;
  bool at_end = false;  // nobody said as of when
  eval::Evaluation evaluation;
};
/// Judges, as of just after the last event where nobody says when, which is said. Errors: no event has a date; the
/// output is one of the texts that were read.
Result<Judged> judge(const JudgingOptions& options, const eval::Options& clocks, const model::Rulebook& rulebook,
                     const history::History& history, const source::Map& texts);

/// An output that is one of the texts that were read: those of a package and what it builds on are known only when it
/// was compiled. Missing: empty.
std::string lost_by_output(const source::Map& texts, const std::string& output);

}  // namespace plumb::tool
