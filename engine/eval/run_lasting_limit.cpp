#include <algorithm>

#include "eval/lasting.h"
#include "eval/watch.h"
#include "eval/written.h"

/// `throughout` of people, teams and the company: a limit for each time in which the rule is about them.
namespace plumb::eval {

namespace {

struct Limited {
  RuleRun& run;
  View& view;
  const time::Calendar& calendar;
  Instant from;          // counts from there
  Instant perhaps_from;  // or from there, where whether it was asked before cannot be told; else as `from`

  Context context(Instant cut, Instant until) const {
    Context context = context_at(run, view, cut, calendar);
    context.window_from = from;
    end_by_date(context, until);
    return context;
  }
  Truth outcome(Instant cut, Instant until) const {
    Context at = context(cut, until);
    const Truth own = holds(run.rule.expect, at);
    if (own != Truth::yes || perhaps_from == from) return own;
    at.window_from = perhaps_from;
    return holds(run.rule.expect, at) == Truth::yes ? own : Truth::unknown;
  }
};

// Where a limit is exceeded for certain, and where it first may have been before that. Missing: unknown.
struct Exceeded {
  Instant surely = Instant::unknown(), perhaps = Instant::unknown();
};

Exceeded exceeded(const Limited& limited, Instant until) {
  Exceeded found;
  const std::vector<Instant>& all = limited.run.instants;
  for (auto at = std::ranges::lower_bound(all, limited.from); at != all.end() && *at < until; ++at) {
    const Truth outcome = limited.outcome(Instant{at->micros + 1}, until);
    if (outcome == Truth::unknown && !found.perhaps.known()) found.perhaps = *at;
    if (outcome != Truth::no) continue;
    found.surely = *at;
    break;
  }
  return found;
}

Outcome outcome_of(const Exceeded& when, Instant until, bool ended) {
  if (when.surely.known()) return {Instant::max(), when.surely, Verdict::missed, false};
  if (!ended) return {Instant::max(), Instant::unknown(), Verdict::due, false};
  return {until, until, when.perhaps.known() ? Verdict::cannot_tell : Verdict::kept, false};
}

void judge(RuleRun& run, View& view, const std::vector<Interval>& all, std::size_t i) {
  const Interval& interval = all[i];
  const std::optional<Owing> owed = owing(run, view, interval);
  if (!owed) return;
  const auto& [owner, calendar] = *owed;
  std::size_t first = i;
  while (first > 0 && may_go_on(all[first - 1], all[first])) --first;
  const Limited limited{run, view, calendar, interval.from, all[first].from};
  const Exceeded when = exceeded(limited, interval.until);
  Outcome outcome = outcome_of(when, interval.until, interval.ended);
  bool disputed = false;
  if (interval.perhaps_ended) {
    const Interval whole = gone_on(all, i);
    const Outcome other = outcome_of(exceeded(limited, whole.until), whole.until, whole.ended);
    disputed = other.verdict != outcome.verdict;
    outcome = by_both(outcome, other);
  }
  run.trace.clear();
  const Obligation limit{run.rule_index,   subject_of(run, view), owner,           interval.from,
                         outcome.deadline, outcome.settled,       outcome.verdict, {}};
  if (disputed && outcome.verdict == Verdict::cannot_tell) {
    lack_asked(run, view, interval.until, calendar);
    return emit(run, limit);
  }
  const bool missed = outcome.verdict == Verdict::missed, untold = outcome.verdict == Verdict::cannot_tell;
  const Instant cut = missed   ? Instant{when.surely.micros + 1}
                      : untold ? Instant{when.perhaps.micros + 1}
                               : interval.until;
  Context traced = limited.context(cut, interval.until);
  traced.trace = &run.trace;
  tell(run, run.rule.expect, {}, traced);
  explain(run.rule.expect, traced, holds(run.rule.expect, limited.context(cut, interval.until)));
  if (missed) run.trace.reasons.assign(1, {Ground::limit_exceeded, run.rule.expect, {}, 0, 0});
  // It may have been asked for longer, and more may count.
  if (untold && limited.perhaps_from != limited.from)
    lack_asked(run, view, Instant{interval.from.micros - 1}, calendar);
  emit(run, limit);
}

}  // namespace

void run_lasting_limit(RuleRun& run, View& view) {
  run.trace.clear();
  const std::vector<Interval> all = lasting(run, view);
  for (std::size_t i = 0; i < all.size(); ++i) judge(run, view, all, i);
}

}  // namespace plumb::eval
