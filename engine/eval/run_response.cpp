#include <algorithm>

#include "eval/openings.h"

namespace plumb::eval {

namespace {

// One obligation on its way: when it opened, until when it can be kept, and until when anybody can still do it.
struct Opened {
  std::uint32_t trigger;
  Instant at;
  Instant deadline;
  Instant close;  // unknown: the deal has not closed, or the rule does not ask
  Instant seen;   // facts before it count: the horizon, or just after the close
};

// When what was expected came about: for certain, and when it may have.
struct Answer {
  Instant certain;
  Instant possible;
  std::uint32_t index = UINT32_MAX;
  Truth at_deadline = Truth::no;
};

bool leaves_entered_stage(const RuleRun& run) {
  const model::Event& trigger = run.plan.book.events[run.rule.trigger];
  const model::Event& expected = run.plan.book.events[run.rule.expect_event];
  return trigger.kind == model::EventKind::enters && expected.kind == model::EventKind::leaves &&
         trigger.stage == expected.stage;
}

void take(Answer& answer, Instant when, bool sure, std::uint32_t index) {
  if (sure && !answer.certain.known()) answer.certain = when, answer.index = index;
  if (!sure && !answer.possible.known()) answer.possible = when;
}

// The first occurrence of the expected event from the trigger on; another event at the trigger's own instant counts.
Answer first_event(RuleRun& run, View& view, const Opened& opened) {
  Answer answer;
  const bool next_move = leaves_entered_stage(run);
  for (const Occurrence& occurrence : view.occurrences(run.rule.expect_event)) {
    if (occurrence.index == opened.trigger || (next_move && occurrence.index < opened.trigger)) continue;
    if (std::find(run.used.begin(), run.used.end(), occurrence.index) != run.used.end()) continue;
    const Instant counted = counts_from(view, occurrence.index, true);
    if (!occurrence.at.known() || !counted.known()) {
      if (occurrence.at.known() && occurrence.at < opened.at) continue;
      take(answer, opened.at, false, occurrence.index);
      continue;
    }
    Instant when = counted;
    bool sure = occurrence.certain;
    if (view.timeline().by_day[occurrence.index]) {
      // A date without a time of day ties with the whole of its day.
      const Instant day_end = run.plan.calendars.front().end_of(run.plan.calendars.front().day_of(counted));
      if (day_end <= opened.at) continue;
      when = std::max(counted, opened.at);
      sure = sure && !(when < opened.deadline && day_end > opened.deadline);
    }
    if (when < opened.at || when >= opened.seen) continue;
    take(answer, when, sure, occurrence.index);
    if (answer.certain.known()) break;
  }
  return answer;
}

Context context_at(const RuleRun& run, View& view, const Opened& opened, Instant cut, const time::Calendar& calendar) {
  return {.view = view, .cut = cut, .timely = true, .opening = opened.trigger, .person = view.of_person() ? view.subject() : nobody,
          .subject = run.rule.subject.kind, .calendar = &calendar};
}

// The first instant from the trigger on at which the condition is true.
Answer first_truth(RuleRun& run, View& view, const Opened& opened, const time::Calendar& calendar) {
  Answer answer;
  run.instants.assign(1, opened.at);
  const bool midnights = run.plan.uses_today[run.rule.expect.index()];
  change_points(view, calendar, opened.at, opened.seen, midnights, run.instants);
  for (Instant at : run.instants) {
    const Truth now = holds(run.rule.expect, context_at(run, view, opened, Instant{at.micros + 1}, calendar));
    if (now != Truth::yes) continue;
    answer.certain = at;
    break;
  }
  if (opened.deadline <= run.plan.horizon) {
    answer.at_deadline = holds(run.rule.expect, context_at(run, view, opened, opened.deadline, calendar));
    if (answer.at_deadline == Truth::unknown) answer.possible = opened.at;
  }
  return answer;
}

Verdict decide(const Opened& opened, const Answer& answer, Instant horizon, Instant& settled) {
  const bool done = answer.certain.known();
  const bool closed_first = opened.close.known() && opened.close < opened.deadline;
  const bool possible = answer.possible.known() && answer.possible < opened.deadline;
  if (done && answer.certain < opened.deadline) return settled = answer.certain, Verdict::kept;
  if (closed_first) return settled = opened.close, Verdict::excused;
  if (opened.deadline > horizon) return Verdict::due;
  settled = opened.deadline;
  if (possible) return Verdict::cannot_tell;
  if (done) return settled = answer.certain, Verdict::late;
  return Verdict::missed;
}

// For events a possible answer leaves `kept` or nothing: what is not observed may have been done.
bool unobserved_response(RuleRun& run, View& view, const Opened& opened, const time::Calendar& calendar) {
  if (run.rule.expect) return false;
  Context context = context_at(run, view, opened, std::min(opened.deadline, run.plan.horizon), calendar);
  context.window_from = opened.at;
  context.except = opened.trigger;
  context.trace = &run.trace;
  return expectation(run.rule, context) == Truth::unknown;
}

void give_reasons(RuleRun& run, View& view, const Opened& opened, const Answer& answer, Verdict verdict,
                  const time::Calendar& calendar) {
  if (run.rule.expect_event && verdict != Verdict::cannot_tell) {
    const bool done = answer.certain.known() && verdict != Verdict::excused;
    const Ground ground = verdict == Verdict::excused ? Ground::closed_first
                          : verdict == Verdict::late  ? Ground::happened_late
                          : done                      ? Ground::happened
                                                      : Ground::nothing_happened;
    const std::int64_t by = verdict == Verdict::late ? answer.certain.micros - opened.deadline.micros : 0;
    run.trace.reasons.push_back({ground, {}, run.rule.expect_event, by, 0});
    if (done) run.trace.use(view.ref(answer.index));
    return;
  }
  if (verdict == Verdict::excused) run.trace.reasons.push_back({Ground::closed_first, {}, {}, 0, 0});
  const bool done = verdict == Verdict::kept || verdict == Verdict::late;
  const Instant cut = done                      ? Instant{answer.certain.micros + 1}
                      : verdict == Verdict::due ? run.plan.horizon
                                                : std::min(opened.deadline, opened.seen);
  Context context = context_at(run, view, opened, cut, calendar);
  context.trace = &run.trace;
  const Truth outcome = run.rule.expect ? expectation(run.rule, context) : Truth::unknown;
  if (run.rule.expect) {
    explain_expectation(run.rule, context, outcome);
  } else {
    run.trace.reasons.push_back({Ground::unknown, {}, run.rule.expect_event, 0, 0});
    run.trace.lack({FactKind::event, {}, run.rule.expect_event});
  }
  if (verdict == Verdict::late) {
    run.trace.reasons.push_back({Ground::happened_late, run.rule.expect, {}, answer.certain.micros - opened.deadline.micros, 0});
  }
}

}  // namespace

void run_response(RuleRun& run, View& view) {
  run.used.clear();
  for_each_opening(run, view, [&](const Occurrence& trigger) {
    const std::uint32_t owner = debtor(run.plan, run.rule, view, trigger.at);
    const time::Calendar& calendar = run.plan.calendar_of(owner);
    Opened opened{trigger.index, trigger.at, calendar.within(*run.rule.within, trigger.at), Instant::unknown(),
                  run.plan.horizon};
    const time::Unit unit = run.rule.within->unit;
    const bool clock = unit == time::Unit::hours || unit == time::Unit::minutes || unit == time::Unit::working_hours;
    if ((clock && view.timeline().by_day[trigger.index]) || !opened.deadline.known()) {
      run.trace.reasons.push_back({Ground::day_only, {}, run.rule.trigger, 0, 0});
      run.trace.lack({FactKind::event_time, {}, run.rule.trigger});
      return emit_untold(run, view, trigger.at);
    }
    const Life* life = run.rule.even_when_closed ? nullptr : view.life_at(trigger.at);
    if (life && life->end.known()) opened.close = life->end, opened.seen = Instant{life->end.micros + 1};
    const Answer answer = run.rule.expect ? first_truth(run, view, opened, calendar) : first_event(run, view, opened);
    Instant settled = Instant::unknown();
    Verdict verdict = decide(opened, answer, run.plan.horizon, settled);
    const bool undone = verdict == Verdict::missed || verdict == Verdict::late;
    if (undone && unobserved_response(run, view, opened, calendar)) {
      verdict = Verdict::cannot_tell;
      settled = opened.deadline;
    }
    if (run.rule.each_its_own && answer.certain.known()) run.used.push_back(answer.index);
    give_reasons(run, view, opened, answer, verdict, calendar);
    emit(run, {run.rule_index, view.subject(), owner, trigger.at, opened.deadline, settled, verdict, {}});
  });
}

}  // namespace plumb::eval
