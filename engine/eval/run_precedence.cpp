#include "eval/openings.h"

namespace plumb::eval {

namespace {

bool any_by_day(const View& view) {
  for (std::uint32_t index = view.begin(); index < view.end(); ++index) {
    if (view.timeline().by_day[index]) return true;
  }
  return false;
}

Context context_of(const RuleRun& run, View& view, std::uint32_t opening, Instant cut, const time::Calendar& calendar) {
  return {.view = view, .cut = cut, .opening = opening, .person = view.of_person() ? view.subject() : nobody,
          .subject = run.rule.subject.kind, .calendar = &calendar};
}

// The condition by what had happened and was stated before E. Facts at E's own instant count, E itself excepted. Within
// one day a date without a time of day may lie before or after: then both readings have to agree.
struct Before {
  Context strict, lenient;
};

Before before(RuleRun& run, View& view, const Occurrence& trigger, const time::Calendar& calendar) {
  Context context = context_of(run, view, trigger.index, Instant{trigger.at.micros + 1}, calendar);
  context.timely = true;
  context.except = trigger.index;
  if (run.rule.ahead) {
    context.cut = calendar.ahead_of(*run.rule.ahead, trigger.at);
    return {context, context};
  }
  Context strict = context, lenient = context;
  if (view.timeline().by_day[trigger.index]) {
    const time::Calendar& days = run.plan.calendars.front();
    strict.cut = trigger.at;
    lenient.cut = days.end_of(days.day_of(trigger.at));
  } else if (any_by_day(view)) {
    const time::Calendar& days = run.plan.calendars.front();
    strict.day_cut = days.start_of(days.day_of(trigger.at));
  }
  return {strict, lenient};
}

Verdict verdict_of(Truth outcome) {
  return outcome == Truth::yes ? Verdict::kept : outcome == Truth::no ? Verdict::missed : Verdict::cannot_tell;
}

void settle(RuleRun& run, View& view, const Occurrence& trigger, Context context, Truth outcome, bool day_only) {
  context.trace = &run.trace;
  if (day_only) {
    run.trace.reasons.push_back({Ground::day_only, {}, run.rule.trigger, 0, 0});
    run.trace.lack({FactKind::event_time, {}, run.rule.trigger});
  } else {
    explain_expectation(run.rule, context, outcome);
  }
  const std::uint32_t owner = debtor(run.plan, run.rule, view, trigger.at);
  emit(run, {run.rule_index, view.subject(), owner, trigger.at, trigger.at, trigger.at, verdict_of(outcome), {}});
}

}  // namespace

void run_precedence(RuleRun& run, View& view) {
  for_each_opening(run, view, [&](const Occurrence& trigger) {
    const std::uint32_t owner = debtor(run.plan, run.rule, view, trigger.at);
    const Before contexts = before(run, view, trigger, run.plan.calendar_of(owner));
    const Truth strict = expectation(run.rule, contexts.strict);
    const Truth lenient = expectation(run.rule, contexts.lenient);
    const bool agreed = strict == lenient;
    settle(run, view, trigger, contexts.lenient, agreed ? strict : Truth::unknown, !agreed);
  });
}

void run_check(RuleRun& run, View& view) {
  for_each_opening(run, view, [&](const Occurrence& trigger) {
    const std::uint32_t owner = debtor(run.plan, run.rule, view, trigger.at);
    const time::Calendar& days = run.plan.calendars.front();
    const bool whole_day = view.timeline().by_day[trigger.index];
    const Instant cut = whole_day ? days.end_of(days.day_of(trigger.at)) : Instant{trigger.at.micros + 1};
    const Context context = context_of(run, view, trigger.index, cut, run.plan.calendar_of(owner));
    settle(run, view, trigger, context, expectation(run.rule, context), false);
  });
}

}  // namespace plumb::eval
