#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "eval/asked.h"
#include "eval/closing.h"
#include "eval/lack.h"
#include "eval/obligation.h"
#include "eval/standing.h"

namespace plumb::eval {

/// Whether this version of the rule is in force at an instant: what opens then is judged by it.
bool in_force(const RuleRun& run, Instant at);
/// Whether it is the first version of the rule, and has been in force before an instant.
bool is_first(const RuleRun& run, Instant before);
/// The rows of the versions that were in force before this one, the earliest first.
std::vector<std::uint32_t> earlier_versions(const RuleRun& run);
/// The rows of the versions that are in force from its last day on.
std::vector<std::uint32_t> later_versions(const RuleRun& run);
/// Whether a stage's `to move on` asks anything of this move: forward by path or skip, not a return and not a loss.
/// Unknown where the move goes to a stage that the process does not have.
Truth moves_on(const RuleRun& run, const View& view, std::uint32_t move);

/// Whether a visit is to the stage that a row says the deal came from, where no other row leads there: how it got there
/// nobody recorded.
bool is_implied(const View& view, const Visit& visit);

/// The first instant at which a row may have been: with a date alone on the day of the creation, not before that.
/// Missing: unknown.
inline Instant first_of(const View& view, std::uint32_t index) {
  const Instant at = view.timeline().at[index];
  return view.timeline().by_day[index] != 0 ? std::min(std::max(at, view.created()), last_of(view, index)) : at;
}

/// Calls `open` for each occurrence of the rule's trigger that asks something of the subject; writes down those of
/// which it cannot be told.
// An event that has a date and no time of day may have been at its beginning or at its end.
inline Truth applies_to(RuleRun& run, View& view, const Occurrence& trigger, Instant at) {
  const bool by_day = trigger.at.known() && view.timeline().by_day[trigger.index] != 0;
  const Truth first = applies(run, view, by_day ? std::max(at, view.created()) : at, trigger.index);
  if (!by_day) return first;
  const std::size_t reasons = run.trace.reasons.size();
  const Truth last = applies(run, view, last_of(view, trigger.index), trigger.index);
  if (first == last) {
    run.trace.reasons.resize(reasons);  // it says so again
    return first;
  }
  run.trace.lack({.kind = FactKind::time_of_day, .member = view.ref(trigger.index)});
  run.trace.reasons.push_back({Ground::unknown_subject, run.rule.subject.where, {}, 0, 0});
  return Truth::unknown;
}

/// Writes down what those occurrences of the rule's trigger ask of the person of which nobody knows about whom they
/// are: whether anything, cannot be told, once for all of them, since how many are his nobody knows. Not of those that
/// are counted before they ask.
void tell_perhaps_about(RuleRun& run, View& view);

/// Whether, of several things of one day, one is the n-th for certain: then it is known on which day that came.
bool of_one_day(const RuleRun& run, const View& view, const std::vector<Occurrence>& perhaps_nth);

/// Whether the rule asks the same of the subject, and that comes to the same, whichever of those it was.
template <class Open>
bool asks_alike(RuleRun& run, View& view, const Open& open) {
  if (run.rule.each_its_own) return false;
  std::vector<Obligation> tried;
  run.tried = &tried;
  const Watch* watch = std::exchange(run.watch, nullptr);
  const std::vector<Occurrence>& all = view.occurrences(run.rule.trigger);
  for (const Occurrence& one : all) {
    if (applies_to(run, view, one, one.at) == Truth::yes) open(one);
  }
  run.tried = nullptr, run.watch = watch;
  run.trace.clear();
  run.trace.use(view.ref(all.front().index));
  return tried.size() == all.size() && std::ranges::all_of(tried, [&](const Obligation& one) {
           const Obligation& first = tried.front();
           return one.verdict != Verdict::cannot_tell && one.verdict == first.verdict &&
                  one.deadline == first.deadline && one.settled == first.settled && one.owed_by == first.owed_by;
         });
}

template <class Open, class Untold>
void for_each_opening(RuleRun& run, View& view, const Open& open, const Untold& untold) {
  const bool stage_left = run.rule.origin == model::RuleOrigin::to_move_on;
  const bool nth = run.plan.book.events[run.rule.trigger].kind == model::EventKind::ordinal;
  bool several = false;
  for (const Occurrence& trigger : view.occurrences(run.rule.trigger)) {
    // Which thing of a day is the n-th is known no sooner than that day is over.
    if (nth && view.by_day() && trigger.at.known() && last_of(view, trigger.index) != trigger.at &&
        last_of(view, trigger.index) >= run.plan.horizon) {
      continue;
    }
    run.trace.clear();
    run.trace.use(view.ref(trigger.index));
    const Truth asks = stage_left ? moves_on(run, view, trigger.index) : Truth::yes;
    if (asks == Truth::no) continue;
    const Instant at = trigger.at.known() ? trigger.at : view.plan().horizon;
    // Of what nobody dated the first version says that it cannot be told.
    if (trigger.at.known() ? !in_force(run, at) : !is_first(run, at)) continue;
    const bool dated_of_person = view.of_person() && trigger.at.known();
    const time::Day day = dated_of_person ? run.plan.calendar_at(view.subject(), at).day_of(at) : time::Day::unknown();
    const Truth there = dated_of_person ? present(run.plan, view.subject(), day) : Truth::yes;
    if (there == Truth::no) continue;
    const bool any_life = run.rule.even_when_closed || view.lives_unknown();
    const Life* life = any_life ? nullptr : trigger.at.known() ? view.life_of(trigger.index) : view.life_at(at);
    const std::uint32_t turn = any_life ? UINT32_MAX : turned_that_day(view, trigger.index);
    if (trigger.at.known() && !any_life && !life && turn == UINT32_MAX) continue;
    // The event that may close the deal still belongs to it, as one that does.
    const bool doubtful = !run.rule.even_when_closed && (view.lives_unknown() || (life && life->doubtful_for(at)));
    const Truth about = applies_to(run, view, trigger, at);
    if (about == Truth::yes && there == Truth::unknown) is_there(run, view.subject(), day);
    const Instant whose = last_of(view, trigger.index);
    if (about == Truth::no) continue;
    // Of several that may be the n-th one opens an obligation; nobody knows when.
    const bool one_of_several = nth && !trigger.certain && !run.plan.book.events[run.rule.trigger].for_each_contact;
    if (one_of_several && std::exchange(several, true)) continue;
    const auto tell_untold = [&] {
      emit_untold(run, view, one_of_several ? Instant::unknown() : at, whose);
      if (!one_of_several) untold(trigger);
    };
    if (about == Truth::yes && turn != UINT32_MAX) {
      const bool itself = view.timeline().by_day[trigger.index] != 0;
      if (view.timeline().by_day[turn] != 0) lack_time(run, view.ref(turn));
      if (itself) lack_time(run, view.ref(trigger.index));
      tell_untold();
    } else if (about == Truth::yes && trigger.at.known() && doubtful) {
      run.trace.lack({FactKind::stage, {}, {}});
      run.trace.reasons.push_back({Ground::unknown, run.rule.expect, run.rule.expect_event, 0, 0});
      tell_untold();
    } else if (!trigger.at.known()) {
      // It may have been something else, too.
      run.trace.reasons = {{Ground::undated, {}, run.rule.trigger, trigger.certain ? 0 : 1, 0}};
      const bool move = !view.of_person() && view.timeline().kind[trigger.index] == run.plan.moved_kind;
      if (!trigger.certain && move) lack_occurrence(view, run.rule.trigger, trigger.index, run.trace);
      const EventRef row = view.of_person() ? view.ref(trigger.index) : no_event;
      run.trace.lack({.kind = FactKind::event_time, .event = run.rule.trigger, .member = row});
      emit_untold(run, view, Instant::unknown());
    } else if (about == Truth::unknown || there == Truth::unknown) {
      tell_untold();
    } else if (one_of_several && of_one_day(run, view, view.occurrences(run.rule.trigger))) {
      if (asks_alike(run, view, open)) {
        open(trigger);
        continue;
      }
      for (const Occurrence& one : view.occurrences(run.rule.trigger)) {
        if (last_of(view, one.index) != one.at) lack_time(run, view.ref(one.index));
      }
      emit_untold(run, view, Instant::unknown(), whose);
    } else if (!trigger.certain || asks == Truth::unknown) {
      run.trace.reasons.push_back({Ground::unknown, {}, run.rule.trigger, 0, 0});
      if (trigger.certain) run.trace.lack({FactKind::stage, {}, {}});
      if (!trigger.certain) lack_occurrence(view, run.rule.trigger, trigger.index, run.trace);
      tell_untold();
    } else {
      open(trigger);
    }
  }
  tell_perhaps_about(run, view);
}

template <class Open>
void for_each_opening(RuleRun& run, View& view, const Open& open) {
  for_each_opening(run, view, open, [](const Occurrence&) {});
}

}  // namespace plumb::eval
