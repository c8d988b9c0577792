#pragma once

#include "eval/answers.h"
#include "eval/obligation.h"

/// What an obligation of `after … expect …` comes to, by one reading of when it was over.
namespace plumb::eval {

struct Judged {
  Answer answer;
  Verdict verdict = Verdict::due;
  Instant settled = Instant::unknown();  // unknown while due
};

/// `disputed`: the move that closed the deal has a date alone, and it comes to one thing if that was the first thing on
/// its day and to another if that was the last.
struct Closing {
  Judged judged;
  bool disputed = false;
};

/// `life`: the one in which it opened; nullptr where a close does not matter.
Closing judge_closing(RuleRun& run, View& view, const Opened& opened, const Life* life, ConditionAnswers& conditions);

/// Whether the deal may have closed, at a move to a stage that the rulebook does not have, before what decides.
bool may_have_closed(const RuleRun& run, const View& view, const Life* life, const Opened& opened, Verdict verdict,
                     Instant settled);

/// Since when it may have been kept, for what reads the verdict before it is settled. Missing: unknown, where it was
/// not before that.
Instant perhaps_kept(const RuleRun& run, View& view, Opened opened, const Life* life, const Answer& answer,
                     const ConditionAnswers& conditions);

/// Whether it was missed, and whoever owes it may have left before it was due: then it would be excused. Says so.
bool perhaps_left(RuleRun& run, const View& view, const Opened& opened, Verdict verdict);

/// Adds to the trace why it is so; `dated`: its deadline is known.
void give_reasons(RuleRun& run, View& view, const Opened& opened, const Answer& answer, Verdict verdict, bool dated,
                  ConditionAnswers& conditions);

}  // namespace plumb::eval
