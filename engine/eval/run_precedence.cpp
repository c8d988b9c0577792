#include <algorithm>

#include "eval/by_stage.h"
#include "eval/day.h"
#include "eval/openings.h"
#include "eval/watch.h"
#include "eval/written.h"

namespace plumb::eval {

namespace {

Context context_of(const RuleRun& run, View& view, std::uint32_t opening, Instant cut, const time::Calendar& calendar) {
  const bool by_date = view.timeline().by_day[opening] != 0 && !run.rule.ahead;
  const time::Day day = run.plan.calendars.front().day_of(view.timeline().at[opening]);
  return {.view = view,
          .cut = cut,
          .opening = opening,
          .person = view.of_person() ? view.subject() : nobody,
          .subject = run.rule.subject.kind,
          .calendar = &calendar,
          .written = by_date ? day : time::Day::unknown()};
}

// The condition by what had happened and was stated before E. Facts at E's own instant count, E itself excepted. A date
// without a time of day may lie earlier or later within its day: then the strict and the lenient reading have to agree.
struct Before {
  Context strict, lenient;
};

Before before(RuleRun& run, View& view, const Occurrence& trigger, const time::Calendar& calendar) {
  const time::Calendar& days = run.plan.calendars.front();
  const bool days_ahead = run.rule.ahead && !is_clock(run.rule.ahead->unit);
  // What counts days does so from a date as it is written.
  const bool written = days_ahead && view.timeline().by_day[trigger.index] != 0;
  const auto cut_of = [&](Instant at) {
    if (!run.rule.ahead) return Instant{at.micros + 1};
    return calendar.ahead_of(*run.rule.ahead, written ? as_written(run.plan, trigger.at, calendar) : at);
  };
  Context strict = context_of(run, view, trigger.index, cut_of(first_of(view, trigger.index)), calendar);
  strict.timely = true;
  strict.except = trigger.index;
  Context lenient = strict;
  if (view.timeline().by_day[trigger.index]) lenient.cut = cut_of(last_of_day(run.plan, trigger.at));
  if (!run.rule.ahead) strict.day_cut = days.start_of(days.day_of(trigger.at));
  if (run.rule.ahead && !days_ahead) strict.day_cut = days.start_of(days.day_of(strict.cut));
  if (days_ahead) end_by_date(strict, strict.cut), end_by_date(lenient, lenient.cut);
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

// What it comes to at every instant from the strict one to the lenient one, in whatever order what has a date alone
// came within its day; unknown where that differs. `to_the_end`: it may also have come after the last instant of it.
Truth always(RuleRun& run, View& view, const Context& strict, const Context& lenient, bool to_the_end) {
  const auto ask = [&](const Context& then) { return expectation(run.rule, then); };
  const bool hours_ahead = run.rule.ahead && is_clock(run.rule.ahead->unit);
  const auto in_every_order = [&](Context then) {
    const bool over = !to_the_end && then.now() >= last_of_day(run.plan, then.now());
    if (over) then.day_cut = Instant::max();
    return eval::in_every_order(then, ask, UINT32_MAX, hours_ahead ? then.opening : UINT32_MAX);
  };
  if (!view.by_day()) return ask(lenient);
  const Truth first = in_every_order(strict);
  if (strict.cut >= lenient.cut) return first;
  if (!run.rule.expect) return ask(lenient) == first ? first : Truth::unknown;
  const time::Calendar& days = run.plan.calendars.front();
  std::vector<Instant>& points = run.instants;
  points.clear();
  change_points(view, *strict.calendar, {run.rule.expect}, strict.cut, lenient.cut, false, points);
  points.push_back(lenient.now());
  const bool alike = std::ranges::all_of(points, [&](Instant at) {
    Context then = lenient;
    then.cut = Instant{at.micros + 1};
    if (strict.day_cut != Instant::max()) then.day_cut = days.start_of(days.day_of(at));
    return in_every_order(then) == first;
  });
  return alike ? first : Truth::unknown;
}

}  // namespace

void run_precedence(RuleRun& run, View& view) {
  for_each_opening(run, view, [&](const Occurrence& trigger) {
    const std::uint32_t owner = debtor(run.plan, run.rule, view, last_of(view, trigger.index));
    const Before contexts = before(run, view, trigger, run.plan.calendar_at(owner, last_of(view, trigger.index)));
    const Truth outcome = always(run, view, contexts.strict, contexts.lenient, false);
    if (outcome == Truth::unknown && view.by_day() && expectation(run.rule, contexts.lenient) != outcome) {
      if (view.timeline().by_day[trigger.index]) lack_time(run, view.ref(trigger.index));
      lack_times(run, contexts.strict);
    }
    const bool day_alone = view.timeline().by_day[trigger.index] != 0 && !run.rule.ahead;
    const bool dated = contexts.strict.cut == contexts.lenient.cut && !day_alone;
    const Instant deadline = !dated ? Instant::unknown() : run.rule.ahead ? contexts.lenient.cut : trigger.at;
    settle(run, view, trigger, contexts.lenient, deadline, outcome);
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
    const Context first =
        context_of(run, view, trigger.index, Instant{first_of(view, trigger.index).micros + 1}, calendar);
    Context last = first;
    if (whole_day) last.cut = days.end_of(day);
    Truth outcome = expectation(run.rule, last);
    const bool at_an_instant = outcome != Truth::yes && run.rule.expect && !whole_day;
    const Truth by_move = at_an_instant ? just_then(view, run.rule.expect, trigger.at) : Truth::unknown;
    if (outcome == Truth::unknown) outcome = by_move;
    if (outcome == Truth::no && by_move != outcome && view.by_day()) {
      Context strict = first;
      strict.day_cut = days.start_of(day);
      if (always(run, view, strict, last, true) != Truth::no) {
        outcome = Truth::unknown;
        if (whole_day) lack_time(run, view.ref(trigger.index));
        lack_times(run, strict);
      }
    }
    settle(run, view, trigger, last, whole_day ? last.cut : trigger.at, outcome);
  });
}

}  // namespace plumb::eval
