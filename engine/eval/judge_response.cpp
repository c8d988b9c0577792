#include "eval/judge_response.h"

#include <algorithm>
#include <vector>

#include "eval/asked.h"
#include "eval/by_stage.h"
#include "eval/closing.h"
#include "eval/day.h"
#include "eval/lack.h"
#include "eval/ordinal.h"
#include "eval/standing.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

Verdict decide(const Opened& opened, const Answer& answer, Instant horizon, Instant& settled) {
  const bool done = answer.certain.known();
  const bool closed_first = opened.close.known() && opened.close < opened.deadline;
  const bool possible = answer.possible.known() && answer.possible < opened.deadline;
  if (done && answer.certain < opened.deadline) return settled = answer.certain, Verdict::kept;
  if (closed_first) {
    settled = opened.close;
    return possible && answer.possible <= opened.close ? Verdict::cannot_tell : Verdict::excused;
  }
  if (opened.deadline > horizon) return Verdict::due;
  settled = opened.deadline;
  if (possible) return Verdict::cannot_tell;
  if (done) return settled = answer.certain, Verdict::late;
  return Verdict::missed;
}

// Whether all that may have been done before an instant is told. Moves that may be hidden before a row up to the move
// that opened it came before that, whenever on its day it was.
bool is_told(const View& view, Id<model::Event> event, const Opened& opened, Instant until) {
  if (is_observed(view, event, opened.at, until)) return true;
  const bool by_move = view.by_day() && view.timeline().kind[opened.trigger] == view.plan().moved_kind;
  if (!by_move || !is_observed(view.plan(), event, opened.at, until)) return false;
  return std::ranges::none_of(untold_of(view, event), [&](const Hidden& others) {
    return others.row > opened.trigger && others.from < until && others.until > opened.at;
  });
}

// What is not observed may have been done.
bool unobserved_response(const RuleRun& run, View& view, const Opened& opened) {
  if (run.rule.expect) return false;
  const Instant until = std::min(opened.deadline, opened.seen);
  return !is_told(view, run.rule.expect_event, opened, until);
}

Ground excuse_of(const View& view) { return view.of_person() ? Ground::left_filter : Ground::closed_first; }

// By how much it was late. Missing: -1 where nobody knows, since the deadline or what was done has no time of day.
std::int64_t late_by(const View& view, const Opened& opened, const Answer& answer, bool dated, bool hours) {
  const bool by_day = view.by_day() && (answer.index == UINT32_MAX ? came_by_day(view, answer.certain, hours)
                                                                   : view.timeline().by_day[answer.index] != 0);
  // By what is written it came behind the deadline, whichever instant that is.
  const bool written =
      view.by_day() && !hours && answer.certain == opened.deadline && opened.calendar != &view.plan().calendars.front();
  return dated && !by_day && !written ? answer.certain.micros - opened.deadline.micros : -1;
}

Judged judge(RuleRun& run, View& view, const Opened& opened, ConditionAnswers& conditions) {
  Judged judged{run.rule.expect ? conditions.first(opened) : run.answers.first(opened)};
  judged.verdict = decide(opened, judged.answer, run.plan.horizon, judged.settled);
  const bool undone = judged.verdict == Verdict::missed || judged.verdict == Verdict::late;
  const bool closed = judged.verdict == Verdict::excused;
  if ((undone || closed) && unobserved_response(run, view, opened)) {
    judged.verdict = Verdict::cannot_tell;
    if (!closed) judged.settled = opened.deadline;
  }
  return judged;
}

Closing judge_disputed(RuleRun& run, View& view, Opened opened, Instant latest, ConditionAnswers& conditions) {
  // By what is written it closed before the end of a day or not, whatever the zone.
  if (!is_clock(run.rule.within->unit)) {
    const Instant written = as_written(run.plan, opened.close, *opened.calendar);
    if (written >= opened.deadline) opened.close = std::max(opened.close, written), latest = std::max(latest, written);
    if (written < opened.deadline)
      latest = std::max(opened.close, std::min(latest, Instant{opened.deadline.micros - 1}));
    opened.seen = std::min(Instant{opened.close.micros + 1}, run.plan.horizon);
  }
  Closing closing{judge(run, view, opened, conditions)};
  Opened last = opened;
  last.close = latest < run.plan.horizon ? latest : Instant::unknown();
  last.seen = std::min(Instant{latest.micros + 1}, run.plan.horizon);
  const Judged later = judge(run, view, last, conditions);
  const auto either = [&](Verdict verdict) { return closing.judged.verdict == verdict || later.verdict == verdict; };
  if (later.verdict == Verdict::cannot_tell && later.verdict == closing.judged.verdict)
    closing.judged.settled = std::max(closing.judged.settled, later.settled);
  if (later.verdict == closing.judged.verdict) return closing;
  // What was missed before the deal closed, and done when it may have been closed, is done.
  if (either(Verdict::missed) && either(Verdict::late)) return {later};
  const bool due = either(Verdict::due);
  // What is late was missed at the deadline.
  Instant settled = std::max(closing.judged.settled, later.settled);
  if (either(Verdict::late)) settled = std::max(settled, opened.deadline);
  return {{later.answer, due ? Verdict::due : Verdict::cannot_tell, due ? Instant::unknown() : settled}, true};
}

}  // namespace

Closing judge_closing(RuleRun& run, View& view, const Opened& opened, const Life* life, ConditionAnswers& conditions) {
  const bool by_life = life && opened.close == life->end;
  const Instant latest = by_life ? latest_end(view, *life) : opened.close;
  // Also where it was reopened on that day, so that it stands at one instant: in another zone that may be before the
  // deadline, and the date is not.
  const bool by_day = by_life && life->closing != UINT32_MAX && view.timeline().by_day[life->closing] != 0;
  const bool in_zone = by_day && opened.calendar != &run.plan.calendars.front();
  if (latest != opened.close || in_zone) return judge_disputed(run, view, opened, latest, conditions);
  return {judge(run, view, opened, conditions)};
}

bool may_have_closed(const RuleRun& run, const View& view, const Life* life, const Opened& opened, Verdict verdict,
                     Instant settled) {
  if (!life || !life->doubt.known() || life->doubt >= opened.deadline || verdict == Verdict::due) return false;
  if (verdict == Verdict::kept) {
    // It was done where that came by the close, whenever that was, as `won` does.
    const Id<model::Stage> closed = run.rule.expect ? closed_in(view, *life) : Id<model::Stage>();
    const bool by_closing = closed && in_stage_alone(run.plan.book, run.rule.expect, closed) == Truth::yes;
    return settled > life->doubt && !by_closing;
  }
  const bool by_close = verdict == Verdict::excused || settled == opened.close;  // or kept before that
  return !by_close || life->closing == UINT32_MAX;
}

Instant perhaps_kept(const RuleRun& run, View& view, Opened opened, const Life* life, const Answer& answer,
                     const ConditionAnswers& conditions) {
  if (life && life->end.known() && opened.close == life->end) {
    opened.seen = std::min(Instant{latest_end(view, *life).micros + 1}, run.plan.horizon);
  }
  if (run.rule.expect) return conditions.perhaps_since(opened);
  const Instant until = std::min(opened.deadline, opened.seen);
  const Instant possible = answer.possible < until ? answer.possible : Instant::unknown();  // else it would be late
  if (is_told(view, run.rule.expect_event, opened, until)) return possible;
  std::vector<Instant> begins = run.plan.coverage_ends;
  begins.push_back(opened.at);
  for (const Hidden& others : view.hidden()) begins.push_back(std::max(others.from, opened.at));
  std::sort(begins.begin(), begins.end());
  for (const Instant at : begins) {
    const bool within = at >= opened.at && at < until;
    const Instant end{at.micros + 1};
    if (!within || is_told(view, run.rule.expect_event, opened, end)) continue;
    return possible.known() ? std::min(possible, at) : at;
  }
  return possible;
}

bool perhaps_left(RuleRun& run, const View& view, const Opened& opened, Verdict verdict) {
  if (!view.of_person() || (verdict != Verdict::missed && verdict != Verdict::late)) return false;
  const time::Calendar& days = *opened.calendar;
  const time::Day over = days.day_of(Instant{opened.deadline.micros - 1}) + 1;
  if (!perhaps_gone(run.plan, view.subject(), days.day_of(opened.at), over).known()) return false;
  run.trace.lack({.kind = FactKind::departure, .person = view.subject()});
  run.trace.reasons.push_back({Ground::unknown_subject, {}, {}, 0, 0});
  return true;
}

void give_reasons(RuleRun& run, View& view, const Opened& opened, const Answer& answer, Verdict verdict, bool dated,
                  ConditionAnswers& conditions) {
  const bool hours = is_clock(run.rule.within->unit);
  if (run.rule.expect_event) {
    tell(run, {}, run.rule.expect_event, response_context(run, view, opened, std::min(opened.deadline, opened.seen)));
  }
  if (run.rule.expect_event && verdict != Verdict::cannot_tell) {
    const bool done = answer.certain.known() && verdict != Verdict::excused;
    if (verdict == Verdict::due && !done) return;  // it may still happen
    const Ground ground = verdict == Verdict::excused ? excuse_of(view)
                          : verdict == Verdict::late  ? Ground::happened_late
                          : done                      ? Ground::happened
                                                      : Ground::nothing_happened;
    const std::int64_t by = verdict == Verdict::late ? late_by(view, opened, answer, dated, hours) : 0;
    run.trace.reasons.emplace_back(ground, Id<model::Expr>(), run.rule.expect_event, by, 0);
    if (done) run.trace.use(view.ref(answer.index));
    return;
  }
  if (verdict == Verdict::cannot_tell && answer.by_day != UINT32_MAX) return lack_time(run, view.ref(answer.by_day));
  if (verdict == Verdict::excused) run.trace.reasons.push_back({excuse_of(view), {}, {}, 0, 0});
  const bool done = verdict == Verdict::kept || verdict == Verdict::late;
  const Instant cut = done                      ? Instant{answer.certain.micros + 1}
                      : verdict == Verdict::due ? run.plan.horizon
                                                : std::min(opened.deadline, opened.seen);
  Context context = response_context(run, view, opened, cut);
  // By the end of a day it had been true, whatever the next began with.
  const time::Calendar& days = run.plan.calendars.front();
  const bool by_day_end = done && hours && run.rule.expect && view.by_day() &&
                          days.start_of(days.day_of(answer.certain)) == answer.certain;
  if (by_day_end && holds(run.rule.expect, context) != Truth::yes) context.cut = answer.certain;
  const bool by_day_done = done && run.rule.expect && view.by_day();
  if (const Context* passed = by_day_done ? conditions.passed(opened, answer, context) : nullptr)
    context.cut = passed->cut, context.day_cut = passed->day_cut, context.reading = passed->reading;
  DayReading moves(opened.closing + 1);
  if (verdict == Verdict::excused && run.rule.expect) conditions.up_to_close(opened, context, moves);
  context.trace = &run.trace;
  if (verdict == Verdict::cannot_tell && answer.perhaps_used) {
    Context older = conditions.by_older();
    older.trace = &run.trace;
    return explain_expectation(run.rule, older, expectation(run.rule, conditions.by_older()));
  }
  Truth outcome = run.rule.expect ? expectation(run.rule, context) : Truth::unknown;
  // A move brought it about, and where the deal was before and behind it nobody knows.
  if (run.rule.expect && done && outcome == Truth::unknown) outcome = just_then(view, run.rule.expect, answer.certain);
  // True all the same, and used up by an older obligation: no other answer came.
  if (run.rule.expect && outcome == Truth::yes && verdict == Verdict::missed) {
    run.trace.reasons.push_back({Ground::nothing_happened, {}, {}, 0, 0});
  } else if (run.rule.expect) {
    const bool untold = verdict == Verdict::cannot_tell && outcome != Truth::unknown;
    if (untold && view.by_day() && lack_times(run, conditions.in_doubt(opened)))
      return tell(run, run.rule.expect, {}, context);
    // It is false at last, and may have been true before.
    const bool before = untold && outcome == Truth::no;
    if (before) context.cut = Instant{conditions.perhaps_since(opened).micros + 1};
    tell(run, run.rule.expect, {}, context);
    explain_expectation(run.rule, context, before ? Truth::unknown : outcome);
  } else {
    run.trace.reasons.push_back({Ground::unknown, {}, run.rule.expect_event, 0, 0});
    const auto undated = [&](const Occurrence& one) {
      return one.certain && !one.at.known() && view.timeline().kind[one.index] != run.plan.moved_kind;
    };
    const bool only_when = !unobserved_response(run, view, opened) &&
                           std::ranges::any_of(view.occurrences(run.rule.expect_event), undated);
    const Instant until = std::min(opened.deadline, opened.seen);
    const bool named = lack_origins(view, run.rule.expect_event, opened.at, until, run.trace);
    const bool whose = lack_whose(view, run.rule.expect_event, opened.at, until, run.trace);
    if ((!named && !whose) || (whose && only_when))
      run.trace.lack({only_when ? FactKind::event_time : FactKind::event, {}, run.rule.expect_event});
  }
  if (verdict == Verdict::late) {
    run.trace.reasons.push_back(
        {Ground::happened_late, run.rule.expect, {}, late_by(view, opened, answer, dated, hours), 0});
  }
}

}  // namespace plumb::eval
