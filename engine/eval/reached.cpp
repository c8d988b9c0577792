#include "eval/reached.h"

#include <algorithm>
#include <vector>

#include "eval/asked.h"
#include "eval/by_stage.h"
#include "eval/closing.h"
#include "eval/day.h"

namespace plumb::eval {

namespace {

using model::Shape;

struct Reached {
  const RuleRun& run;
  std::size_t row;
  View& view;
  Instant at;
  Instant opened = run.verdicts.opened[row];
  Instant deadline = run.verdicts.deadline[row];
  Verdict verdict = run.verdicts.verdict[row];
  std::vector<EventRef> evidence = {};  // the trigger first

  const history::Timeline& timeline(EventRef ref) const {
    return ref.of_person ? run.plan.history.person_events : run.plan.history.deal_events;
  }
  EventRef if_by_day(EventRef ref) const { return timeline(ref).by_day[ref.index] != 0 ? ref : no_event; }
  std::vector<EventRef> rows_of_subject(Instant then) const;
  bool disputed() const;
  bool closed_untold() const;
  bool as_created() const;
  EventRef closed_by_then() const;
  EventRef moved() const;
  EventRef counted() const;
  bool exceeded() const;
  EventRef answered() const;
  EventRef held() const;
};

// The rows without a time of day by which something turned that was asked of the verdict's subject.
std::vector<EventRef> Reached::rows_of_subject(Instant then) const {
  std::vector<EventRef> rows;
  if (!run.who.any()) return rows_by_day(run, view, then);
  for (const DayTurn& turn : run.by_day) {
    if (turn.at == then && turn.subject == run.verdicts.subject[row]) rows.push_back(turn.row);
  }
  return rows;
}

// By what may have been on hold, or not.
bool Reached::disputed() const {
  const Verdicts& of = run.verdicts;
  const std::size_t end = row + 1 < of.size() ? of.reason_first[row + 1] : of.reasons.size();
  for (std::size_t i = of.reason_first[row]; i < end; ++i) {
    if (of.reasons[i].ground == Ground::unknown_hold) return true;
  }
  return false;
}

// Whether the deal closed just then, before the deadline, and may have kept it before.
bool Reached::closed_untold() const {
  return verdict == Verdict::cannot_tell && deadline.known() && at < deadline &&
         std::ranges::any_of(view.lives(), [&](const Life& life) { return life.end == at; });
}

// Of hours that a date starts and that cannot be told once the deal has closed: the move that did by the end of its
// day.
EventRef Reached::closed_by_then() const {
  if (verdict != Verdict::cannot_tell || deadline.known() || !is_clock(run.rule.within->unit)) return no_event;
  for (const Life& life : view.lives()) {
    const bool by_day = life.closing != UINT32_MAX && if_by_day(view.ref(life.closing)) != no_event;
    if (by_day && latest_end(view, life) == at) return view.ref(life.closing);
  }
  return no_event;
}

// Whether the deal was created just then, at a time, and stood where it was known to be open. A life that begins anew
// at that instant does so by a date.
bool Reached::as_created() const {
  if (run.rule.subject.kind != model::SubjectKind::deal || at != view.begins()) return false;
  const Verdicts& of = run.verdicts;
  if (row > 0 && of.subject[row - 1] == of.subject[row] && of.opened[row - 1] == at) return false;
  const auto created = view.of_kind(view.plan().created_kind);
  const Life* life = view.life_at(at);
  return !created.empty() && view.timeline().at[created.back()] == at && view.timeline().by_day[created.back()] == 0 &&
         !(life && life->doubtful(at));
}

// A move just then, which closed the deal or opened it.
EventRef Reached::moved() const {
  if (run.rule.subject.kind != model::SubjectKind::deal) return no_event;
  for (const Visit& visit : view.visits()) {
    if (visit.at == at && if_by_day(view.ref(visit.index)) != no_event) return view.ref(visit.index);
  }
  return no_event;
}

// What was counted just then; of a limit that was missed not all that was counted is evidence, and what has that date
// alone may have come after what stands there.
EventRef Reached::counted() const {
  for (const EventRef& ref : evidence) {
    if (timeline(ref).at[ref.index] == at && if_by_day(ref) != no_event) return ref;
  }
  if (run.rule.shape != Shape::throughout || verdict != Verdict::missed) return no_event;
  if (const std::vector<EventRef> rows = rows_of_subject(at); !rows.empty()) return rows.front();
  if (run.who.any()) return no_event;
  const time::Calendar& days = run.plan.calendars.front();
  const std::vector<EventRef> that_day = rows_of_subject(days.start_of(days.day_of(at)));
  return that_day.empty() ? no_event : that_day.front();
}

// Whether a limit was exceeded just then, whatever has a date alone had come. What came on the day of a reopening that
// has a date alone exceeds nothing.
bool Reached::exceeded() const {
  const time::Calendar& days = run.plan.calendars.front();
  Context then{.view = view,
               .cut = Instant{at.micros + 1},
               .day_cut = days.start_of(days.day_of(at)),
               .window_from = opened == view.begins() ? Instant::unknown() : opened,
               .subject = run.rule.subject.kind,
               .calendar = &run.plan.calendar_at(run.verdicts.owed_by[row], opened)};
  const Life* life = run.rule.even_when_closed ? nullptr : view.life_at(opened);
  const bool reopened = life && life != &view.lives().front() && life->begin == opened;
  if (const Reopened by = reopened ? reopened_by_day(view, *life) : Reopened{}; by.move != UINT32_MAX)
    then.window_from = by.latest;
  return in_every_order(then, [&](const Context& read) { return holds(run.rule.expect, read); }) == Truth::no;
}

// The event that was expected, unless another came just then that has a time. What a record says counts from when it
// was stated.
EventRef Reached::answered() const {
  const EventRef trigger = evidence.front(), last = evidence.back();
  const auto by_day = [&](std::uint32_t index) {
    return counts_from(view, index, true) == view.timeline().at[index] && view.timeline().by_day[index] != 0;
  };
  if (last == trigger || !by_day(last.index)) return no_event;
  for (const Occurrence& one : view.occurrences(run.rule.expect_event)) {
    if (one.index == trigger.index || !one.certain || counts_from(view, one.index, true) != at) continue;
    if (!by_day(one.index)) return no_event;
  }
  return last;
}

// A condition that holds whatever has a date alone had come by then came true by something that has a time.
EventRef Reached::held() const {
  const EventRef trigger = evidence.front();
  const bool hours = is_clock(run.rule.within->unit);
  // Of hours that a date starts it is so in all of them at the end of that day, and in some of them before that.
  const Instant from = hours ? last_of(view, trigger.index) : opened;
  if (at == from && if_by_day(trigger) != no_event) return trigger;
  if (!view.by_day() || hours) return no_event;
  const time::Calendar& days = run.plan.calendars.front();
  Context then{.view = view,
               .cut = Instant{at.micros + 1},
               .timely = true,
               .opening = trigger.index,
               .day_cut = days.start_of(days.day_of(at)),
               .person = view.of_person() ? view.subject() : nobody,
               .subject = run.rule.subject.kind,
               .calendar = &run.plan.calendar_at(run.verdicts.owed_by[row], last_of(view, trigger.index))};
  const auto ask = [&](const Context& read) { return holds(run.rule.expect, read); };
  if (in_every_order(then, ask) == Truth::yes) return no_event;
  if (!run.rule.each_its_own && just_then(view, run.rule.expect, at) == Truth::yes) return no_event;
  Trace lacking;
  then.trace = &lacking;
  ask(then);
  for (const Fact& fact : lacking.facts) {
    if (fact.kind == FactKind::time_of_day && fact.member != no_event) return fact.member;
  }
  const std::vector<std::uint32_t> rows = view.rows_by_day(then.day_cut);
  return rows.empty() ? no_event : view.ref(rows.front());
}

}  // namespace

EventRef reached_by_day(const RuleRun& run, std::size_t row, Verdict as, View& view) {
  const bool late = run.verdicts.verdict[row] == Verdict::late && as == Verdict::late;
  const bool missed_first = run.verdicts.verdict[row] == Verdict::late && !late;
  Reached of{run, row, view, missed_first ? run.verdicts.deadline[row] : run.verdicts.settled[row]};
  const Shape shape = run.rule.shape;
  if (shape == Shape::while_) {
    // Without a tolerance the deadline is the instant from which on it does not hold.
    const bool at_once = of.deadline == of.opened || !run.rule.lapse;
    const std::vector<EventRef> rows =
        of.at == of.deadline && !at_once && !late ? std::vector<EventRef>() : of.rows_of_subject(of.at);
    return rows.empty() ? no_event : rows.front();
  }
  const std::size_t first = run.verdicts.evidence_first[row];
  const std::size_t end =
      row + 1 < run.verdicts.size() ? run.verdicts.evidence_first[row + 1] : run.verdicts.evidence.size();
  for (std::size_t i = first; i < end; ++i) of.evidence.push_back(run.verdicts.evidence[i]);
  const bool waived = of.verdict == Verdict::excused;
  if (shape == Shape::throughout) {
    if (of.at == of.opened && of.verdict == Verdict::cannot_tell && of.as_created()) return no_event;
    const bool missed = of.verdict == Verdict::missed || waived;
    const bool turned = run.who.any() ? !of.rows_of_subject(of.at).empty() : view.by_day() && !of.exceeded();
    const EventRef counted = missed && turned ? of.counted() : no_event;
    return counted != no_event || of.verdict == Verdict::missed ? counted : of.moved();
  }
  if (of.at == of.deadline && !late && (shape == Shape::after || shape == Shape::every)) return no_event;
  if (shape == Shape::every) {
    if (of.at == of.opened && of.verdict == Verdict::cannot_tell) return no_event;  // as the period began
    const bool early = of.verdict == Verdict::kept || of.verdict == Verdict::missed || late || waived;
    const EventRef counted = early ? of.counted() : no_event;
    return counted != no_event ? counted : of.moved();
  }
  if (of.evidence.empty()) return no_event;
  const bool untold = !of.deadline.known() && (of.verdict == Verdict::cannot_tell || waived);
  if (shape != Shape::after || (untold && of.at == of.opened)) return of.if_by_day(of.evidence.front());
  if (of.verdict == Verdict::excused || of.closed_untold()) return of.moved();
  if (const EventRef closed = of.closed_by_then(); closed != no_event) return closed;
  if (of.disputed()) return no_event;
  return run.rule.expect_event ? of.answered() : of.held();
}

void note_timed(RuleRun& run, View& view) {
  if (run.tried || !view.by_day()) return;
  Verdicts& of = run.verdicts;
  const auto row = static_cast<std::uint32_t>(of.size() - 1);
  const Verdict is = of.verdict[row];
  const bool limit = run.rule.shape == Shape::throughout;
  const bool may_be = limit ? is == Verdict::missed : run.rule.expect && (is == Verdict::kept || is == Verdict::late);
  if (!may_be || reached_by_day(run, row, is, view) != no_event) return;
  const bool noted = !of.earlier.empty() && of.earlier.back().row == row;
  if (!noted) of.earlier.push_back({row, Instant::unknown(), Instant::unknown()});
  of.earlier.back().timed = true;
}

}  // namespace plumb::eval
