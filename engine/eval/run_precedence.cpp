#include <algorithm>

#include "eval/day.h"
#include "eval/openings.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

Context context_of(const RuleRun& run, View& view, std::uint32_t opening, Instant cut, const time::Calendar& calendar) {
  return {.view = view,
          .cut = cut,
          .opening = opening,
          .person = view.of_person() ? view.subject() : nobody,
          .subject = run.rule.subject.kind,
          .calendar = &calendar};
}

// The condition by what had happened and was stated before E. Facts at E's own instant count, E itself excepted. A date
// without a time of day may lie earlier or later within its day: then the strict and the lenient reading have to agree.
struct Before {
  Context strict, lenient;
};

Before before(RuleRun& run, View& view, const Occurrence& trigger, const time::Calendar& calendar) {
  const time::Calendar& days = run.plan.calendars.front();
  const auto cut_of = [&](Instant at) {
    return run.rule.ahead ? calendar.ahead_of(*run.rule.ahead, at) : Instant{at.micros + 1};
  };
  Context strict = context_of(run, view, trigger.index, cut_of(trigger.at), calendar);
  strict.timely = true;
  strict.except = trigger.index;
  Context lenient = strict;
  if (view.timeline().by_day[trigger.index]) lenient.cut = cut_of(last_of_day(run.plan, trigger.at));
  if (!run.rule.ahead) strict.day_cut = days.start_of(days.day_of(trigger.at));
  if (run.rule.ahead && is_clock(run.rule.ahead->unit)) strict.day_cut = days.start_of(days.day_of(strict.cut));
  return {strict, lenient};
}

Verdict verdict_of(Truth outcome) {
  return outcome == Truth::yes ? Verdict::kept : outcome == Truth::no ? Verdict::missed : Verdict::cannot_tell;
}

void settle(RuleRun& run, View& view, const Occurrence& trigger, Context context, Instant deadline, Truth outcome) {
  context.trace = &run.trace;
  tell(run, run.rule.expect, run.rule.expect_event, context);
  // What a date alone opens is decided when the last that it may ask of is over: until then more may happen.
  const bool due = view.timeline().by_day[trigger.index] != 0 && context.cut > run.plan.horizon;
  if (!due && run.trace.reasons.empty()) explain_expectation(run.rule, context, outcome);
  const std::uint32_t owner = debtor(run.plan, run.rule, view, last_of(view, trigger.index));
  emit(run, {run.rule_index,
             view.subject(),
             owner,
             trigger.at,
             deadline,
             due ? Instant::unknown() : trigger.at,
             due ? Verdict::due : verdict_of(outcome),
             {}});
}

// Whether it holds likewise at every instant from the strict one to the lenient one, and whether or not what has a date
// alone has come by then.
bool stays(RuleRun& run, View& view, const Context& strict, const Context& lenient, Truth outcome) {
  if (!run.rule.expect || strict.cut >= lenient.cut) return true;
  std::vector<Instant>& points = run.instants;
  points.assign(1, Instant{strict.cut.micros - 1});
  change_points(view, *strict.calendar, {run.rule.expect}, strict.cut, lenient.cut, false, points);
  return std::ranges::all_of(points, [&](Instant at) {
    Context then = lenient;
    then.cut = std::min(Instant{at.micros + 1}, lenient.cut);
    if (expectation(run.rule, then) != outcome) return false;
    then.day_cut = strict.day_cut;
    return expectation(run.rule, then) == outcome;
  });
}

}  // namespace

void run_precedence(RuleRun& run, View& view) {
  for_each_opening(run, view, [&](const Occurrence& trigger) {
    const std::uint32_t owner = debtor(run.plan, run.rule, view, last_of(view, trigger.index));
    const Before contexts = before(run, view, trigger, run.plan.calendar_at(owner, last_of(view, trigger.index)));
    const Truth lenient = expectation(run.rule, contexts.lenient);
    const Truth strict = view.by_day() ? expectation(run.rule, contexts.strict) : lenient;
    const bool agreed = strict == lenient && stays(run, view, contexts.strict, contexts.lenient, strict);
    if (!agreed) {
      if (view.timeline().by_day[trigger.index]) lack_time(run, view.ref(trigger.index));
      lack_times(run, contexts.strict);
    }
    const bool dated = contexts.strict.cut == contexts.lenient.cut;
    const Instant deadline = !dated ? Instant::unknown() : run.rule.ahead ? contexts.lenient.cut : trigger.at;
    settle(run, view, trigger, contexts.lenient, deadline, agreed ? strict : Truth::unknown);
  });
}

// What has a date alone and may have come at E's instant, or on E's day where that has none itself, counts as there.
// But nothing is held against anybody that may have come later.
void run_check(RuleRun& run, View& view) {
  for_each_opening(run, view, [&](const Occurrence& trigger) {
    const std::uint32_t owner = debtor(run.plan, run.rule, view, last_of(view, trigger.index));
    const time::Calendar& days = run.plan.calendars.front();
    const time::Calendar& calendar = run.plan.calendar_at(owner, last_of(view, trigger.index));
    const bool whole_day = view.timeline().by_day[trigger.index];
    const time::Day day = days.day_of(trigger.at);
    const Context first = context_of(run, view, trigger.index, Instant{trigger.at.micros + 1}, calendar);
    Context last = first;
    if (whole_day) last.cut = days.end_of(day);
    Truth outcome = expectation(run.rule, last);
    if (outcome == Truth::no && view.by_day()) {
      Context strict = first;
      strict.day_cut = days.start_of(day);
      if (expectation(run.rule, strict) != Truth::no || !stays(run, view, strict, last, Truth::no)) {
        outcome = Truth::unknown;
        if (whole_day) lack_time(run, view.ref(trigger.index));
        lack_times(run, strict);
      }
    }
    settle(run, view, trigger, last, whole_day ? last.cut : trigger.at, outcome);
  });
}

}  // namespace plumb::eval
