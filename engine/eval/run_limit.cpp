#include <algorithm>

#include "eval/by_stage.h"
#include "eval/closing.h"
#include "eval/lack.h"
#include "eval/openings.h"
#include "eval/reached.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

struct Limited {
  Instant from;   // counts from there
  Instant until;  // facts before it count
  Instant close;  // unknown: the deal is open
  Instant doubt;  // the deal may have closed there; unknown: nowhere
  std::uint32_t owner;
  const time::Calendar* calendar;
  std::uint32_t closing = UINT32_MAX;   // the move with a date alone that closed it; none: it has a time
  Instant latest = Instant::unknown();  // and the last instant at which that may have been
  Reopened reopened = {};               // by a date alone: counts from there for certain
  std::uint32_t next = UINT32_MAX;      // the move that reopens the deal afterwards: it and those behind count no more
  bool perhaps_none = false;            // it may be the life before that goes on, which the limit counts already
};

Context context_at(const RuleRun& run, View& view, const Limited& limited, Instant cut, bool whole_life) {
  return {.view = view,
          .cut = cut,
          .except = limited.next,
          .window_from = whole_life ? Instant::unknown() : limited.from,
          .subject = run.rule.subject.kind,
          .calendar = limited.calendar};
}

// What of the day of a reopening that has a date alone may have come before it exceeds nothing for certain.
Truth held(const RuleRun& run, const Limited& limited, Context context) {
  const Truth outcome = holds(run.rule.expect, context);
  if (limited.reopened.move == UINT32_MAX || outcome != Truth::no) return outcome;
  context.window_from = limited.reopened.latest;
  return holds(run.rule.expect, context) == Truth::no ? Truth::no : Truth::unknown;
}

// Where a limit is exceeded for certain, and where it first may have been before that. Missing: unknown.
struct Exceeded {
  Instant surely, perhaps;
};

// What is limited cannot shrink: it is within a number, then perhaps not, then not. A sum of which one part is unknown
// stays so; what exceeded the number before that did. So the first instant at which it is too much is found by
// bisection. What a target, a measure or a field comes to may change as well, and each instant is asked.
Exceeded exceeded(RuleRun& run, View& view, const Limited& limited, bool whole_life) {
  run.instants.clear();
  change_points(view, *limited.calendar, {run.rule.expect}, limited.from, limited.until, false, run.instants);
  if (run.instants.empty() || run.instants.front() != limited.from)
    run.instants.insert(run.instants.begin(), limited.from);
  const auto outcome_at = [&](Instant now) {
    return held(run, limited, context_at(run, view, limited, Instant{now.micros + 1}, whole_life));
  };
  Exceeded found{Instant::unknown(), Instant::unknown()};
  const auto take = [&](Instant at, Truth outcome) {
    if (outcome == Truth::unknown && !found.perhaps.known()) found.perhaps = at;
    if (outcome == Truth::no) found.surely = at;
    return outcome == Truth::no;
  };
  using model::Op;
  const Op bound = run.plan.book.exprs[run.plan.book.exprs[run.rule.expect].args[1]].op;
  if (bound != Op::number && bound != Op::money && bound != Op::percent && bound != Op::duration) {
    for (const Instant at : run.instants) {
      if (take(at, outcome_at(at))) break;
    }
    return found;
  }
  auto next = run.instants.begin();
  for (const Truth same : {Truth::yes, Truth::unknown}) {
    next = std::partition_point(next, run.instants.end(), [&](Instant at) { return outcome_at(at) == same; });
    if (next == run.instants.end() || take(*next, outcome_at(*next))) break;
  }
  return found;
}

// What becomes of a limit that is within its number before the day of the move that closed the deal, where that has a
// date alone and what came on that day decides. False where nothing does.
bool judge_closing_day(RuleRun& run, View& view, const Limited& limited, const Exceeded& when, bool whole_life) {
  if (limited.closing == UINT32_MAX) return false;
  if (when.surely.known() && when.surely < limited.close) {
    // It closed no sooner than a move with a time, and what has that date alone may have come after it.
    const time::Calendar& days = run.plan.calendars.front();
    Context strict = context_at(run, view, limited, limited.close, whole_life);
    strict.day_cut = days.start_of(days.day_of(limited.close));
    if (when.surely < strict.day_cut || held(run, limited, strict) == Truth::no) return false;
  }
  const Instant horizon = run.plan.horizon;
  Limited last = limited;
  last.until = std::min(Instant{limited.latest.micros + 1}, horizon);
  const Exceeded later = exceeded(run, view, last, whole_life);
  const bool perhaps = later.perhaps >= limited.close && !when.perhaps.known();
  const bool untold = later.surely.known() || (perhaps && limited.latest < horizon);
  if (!untold && limited.latest < horizon) return false;
  lack_time(run, view.ref(limited.closing));
  emit(run, {run.rule_index,
             view.subject(),
             limited.owner,
             limited.from,
             Instant::max(),
             !untold                ? Instant::unknown()
             : later.surely.known() ? later.surely
                                    : later.perhaps,
             untold ? Verdict::cannot_tell : Verdict::due,
             {}});
  return true;
}

// Too much on the day on which the deal closed at a time, and perhaps only by what has that date alone and came after
// that. False where it was too much before, or without that.
bool judge_after_close(RuleRun& run, View& view, const Limited& limited, const Exceeded& when, bool whole_life) {
  if (!view.by_day() || !limited.close.known() || limited.closing != UINT32_MAX || !when.surely.known()) return false;
  const time::Calendar& days = run.plan.calendars.front();
  Context strict = context_at(run, view, limited, Instant{limited.close.micros + 1}, whole_life);
  strict.day_cut = days.start_of(days.day_of(limited.close));
  if (when.surely < strict.day_cut || held(run, limited, strict) == Truth::no) return false;
  lack_times(run, strict);
  emit(run, {run.rule_index,
             view.subject(),
             limited.owner,
             limited.from,
             Instant::max(),
             when.surely,
             Verdict::cannot_tell,
             {}});
  return true;
}

void judge(RuleRun& run, View& view, const Limited& limited, bool whole_life) {
  const Exceeded when = exceeded(run, view, limited, whole_life);
  // Where it may have closed before that nobody knows what decides.
  const bool told = !limited.doubt.known() || (when.surely.known() && when.surely <= limited.doubt);
  if (told && judge_closing_day(run, view, limited, when, whole_life)) return;
  if (told && judge_after_close(run, view, limited, when, whole_life)) return;
  const auto outcome_at = [&](Instant cut) {
    return held(run, limited, context_at(run, view, limited, cut, whole_life));
  };
  const bool closed = limited.close.known();
  Obligation limit{run.rule_index,
                   view.subject(),
                   limited.owner,
                   limited.from,
                   closed ? limited.close : Instant::max(),
                   Instant::unknown(),
                   Verdict::due,
                   {}};
  Instant cut = limited.until;
  if (when.surely.known()) {
    limit.verdict = Verdict::missed;
    limit.settled = when.surely;
    limit.deadline = Instant::max();
    cut = Instant{when.surely.micros + 1};
  } else if (when.perhaps.known() && closed && outcome_at(cut) == Truth::yes) {
    cut = Instant{when.perhaps.micros + 1};
  }
  const Truth outcome = outcome_at(cut);
  if (limit.verdict == Verdict::due && closed) {
    limit.verdict = outcome == Truth::unknown ? Verdict::cannot_tell : Verdict::kept;
    limit.settled = limited.close;
  }
  const bool in_doubt = limited.doubt.known() && (!limit.settled.known() || limit.settled > limited.doubt);
  if (in_doubt || (limited.perhaps_none && limit.verdict == Verdict::missed)) {
    limit.verdict = Verdict::cannot_tell;
    if (in_doubt) limit.settled = limited.doubt;
    limit.deadline = Instant::max();  // whether the deal closed then or later nobody can tell
    lack_lives(view, run.trace);
    run.trace.reasons.push_back({Ground::unknown, run.rule.expect, {}, 0, 0});
    return emit(run, limit);
  }
  Context traced = context_at(run, view, limited, cut, whole_life);
  traced.trace = &run.trace;
  tell(run, run.rule.expect, {}, traced);
  if (outcome == Truth::unknown && holds(run.rule.expect, traced) == Truth::no) {
    lack_time(run, view.ref(limited.reopened.move));
  } else {
    explain(run.rule.expect, traced, outcome);
  }
  if (limit.verdict == Verdict::missed) {
    std::erase_if(run.trace.reasons, [&](const Reason& reason) { return reason.atom == run.rule.expect; });
    run.trace.reasons.push_back({Ground::limit_exceeded, run.rule.expect, {}, 0, 0});
  }
  emit(run, limit);
  if (run.plan.verdict_read[run.rule_index]) note_timed(run, view);
}

// Whether an earlier version of the rule asked it of this life: it goes on doing so. Says what would tell it.
Truth kept_by_earlier(RuleRun& run, View& view, const Life& life) {
  Truth kept = Truth::no;
  for (const std::uint32_t row : earlier_versions(run)) {
    RuleRun earlier(run.plan, row);
    run_limit(earlier, view);
    const Verdicts& of = earlier.verdicts;
    for (std::size_t i = 0; i < of.size(); ++i) {
      const Instant at = of.opened[i];
      if (at < life.begin || (life.end.known() && life.end < at)) continue;
      const bool untold = !of.deadline[i].known();  // also where it was waived
      if (!untold) return Truth::yes;
      kept = Truth::unknown;
      if (of.verdict[i] == Verdict::excused) {
        earlier.trace.clear();
        applies(earlier, view, at, UINT32_MAX);
        for (const Reason& reason : earlier.trace.reasons) run.trace.reasons.push_back(reason);
        for (const Fact& fact : earlier.trace.facts) run.trace.lack(fact);
        continue;
      }
      const std::size_t reasons = i + 1 < of.size() ? of.reason_first[i + 1] : of.reasons.size();
      for (std::size_t r = of.reason_first[i]; r < reasons; ++r) run.trace.reasons.push_back(of.reasons[r]);
      for (std::size_t f = of.fact_first[i]; f < (i + 1 < of.size() ? of.fact_first[i + 1] : of.facts.size()); ++f)
        run.trace.lack(of.facts[f]);
    }
  }
  return kept;
}

// The limit of one life of the deal; reopened it has a new one, which counts anew.
void run_life(RuleRun& run, View& view, const Life& life, const Life* before) {
  run.trace.clear();
  const bool first = before == nullptr;
  const Instant begun = first ? view.begins() : std::max(life.begin, view.created());
  const Instant in_force =
      run.rule.effective_from ? run.plan.calendars.front().start_of(*run.rule.effective_from) : begun;
  const Instant from = std::max(begun, in_force);
  if (!eval::in_force(run, from)) return;
  const Truth earlier = kept_by_earlier(run, view, life);
  if (earlier == Truth::yes) return;
  const Instant end = run.rule.even_when_closed ? Instant::unknown() : life.end;
  if (from >= run.plan.horizon || (end.known() && from > end)) return;
  const Truth about = applies(run, view, from, UINT32_MAX);
  if (about == Truth::no) return;
  if (about == Truth::yes && earlier == Truth::unknown) return emit_untold(run, view, from);
  if (about == Truth::unknown && earlier == about) {
    run.trace.clear();
    applies(run, view, from, UINT32_MAX);  // says by itself why it cannot be told
  }
  const bool doubtful = view.lives_unknown() || (life.doubt.known() && life.doubt <= from);
  if (about == Truth::yes && doubtful && !run.rule.even_when_closed) {
    lack_lives(view, run.trace);
    run.trace.reasons.push_back({Ground::unknown, run.rule.expect, {}, 0, 0});
  }
  if (about == Truth::unknown || (doubtful && !run.rule.even_when_closed)) return emit_untold(run, view, from);
  Limited limited{from, run.plan.horizon, end, Instant::unknown(), nobody, nullptr};
  if (!run.rule.even_when_closed) limited.doubt = life.doubt;
  if (end.known()) limited.until = Instant{end.micros + 1};
  if (end.known() && latest_end(view, life) != end) {
    limited.closing = life.closing, limited.latest = latest_end(view, life);
  }
  if (life.closing != UINT32_MAX) limited.next = reopening(view, life);
  if (!first && limited.from == begun) limited.reopened = reopened_by_day(view, life);
  limited.owner = debtor(run.plan, run.rule, view, limited.from);
  limited.calendar = &run.plan.calendar_at(limited.owner, limited.from);
  limited.perhaps_none = before && !reopens(view, life);
  judge(run, view, limited, first && limited.from == begun);
}

// Nothing about the deal has an instant: it is open, and has kept to the limit so far or may not have.
void run_undated(RuleRun& run, View& view) {
  if (!is_first(run, run.plan.horizon)) return;
  run.trace.clear();
  run.trace.use(view.ref(view.begin()));
  const Instant now{run.plan.horizon.micros - 1};
  const Truth about = applies(run, view, now, UINT32_MAX);
  if (about == Truth::no) return;
  const std::uint32_t owner = debtor(run.plan, run.rule, view, now);
  const Limited limited{Instant::unknown(),          run.plan.horizon, Instant::unknown(), Instant::unknown(), owner,
                        &run.plan.calendar_at(owner, now)};
  Context context = context_at(run, view, limited, run.plan.horizon, true);
  context.trace = &run.trace;
  const Truth outcome = holds(run.rule.expect, context);
  if (about == Truth::unknown || outcome != Truth::yes || view.lives_unknown()) {
    explain(run.rule.expect, context, outcome);
    if (view.lives_unknown()) lack_lives(view, run.trace);
    return emit_untold(run, view, Instant::unknown());
  }
  emit(run, {run.rule_index,
             view.subject(),
             owner,
             Instant::unknown(),
             Instant::max(),
             Instant::unknown(),
             Verdict::due,
             {}});
}

}  // namespace

void run_limit(RuleRun& run, View& view) {
  if (view.begin() == view.end()) return;
  if (view.dated() == view.end()) return run_undated(run, view);
  if (run.rule.even_when_closed) return run_life(run, view, {Instant{INT64_MIN + 1}, Instant::unknown()}, nullptr);
  const Life* before = nullptr;
  for (const Life& life : view.lives()) {
    run_life(run, view, life, before);
    before = &life;
  }
}

}  // namespace plumb::eval
