#include <algorithm>

#include "eval/lack.h"
#include "eval/lasting.h"
#include "eval/openings.h"
#include "eval/owned.h"

/// What becomes of an obligation where it cannot be told whether, or until when, anything was asked.
namespace plumb::eval {

namespace {

void lack_condition(RuleRun& run, View& view, Instant now, const time::Calendar& calendar) {
  if (!run.who.any() && !run.rule.even_when_closed && open_after(view, now) == Truth::unknown) {
    lack_lives(view, run.trace);
  }
  Context context = context_at(run, view, Instant{now.micros + 1}, calendar);
  context.trace = &run.trace;
  context.as_rows_say = true;
  if (run.rule.while_condition && holds(run.rule.while_condition, context) == Truth::unknown) {
    run.trace.reasons.push_back({Ground::unknown_subject, run.rule.while_condition, {}, 0, 0});
  }
}

}  // namespace

void lack_asked(RuleRun& run, View& view, Instant now, const time::Calendar& calendar) {
  about_at(run, view, now);
  lack_condition(run, view, now, calendar);
}

namespace {

// Since when it is so: what is late was missed first.
Instant decided(const Outcome& outcome) {
  return outcome.verdict == Verdict::late && outcome.deadline.known() ? outcome.deadline : outcome.settled;
}

// Since when it may have been missed.
Instant first_missed(const Outcome& outcome) {
  if (outcome.perhaps_missed.known() || outcome.deadline == Instant::max()) return outcome.perhaps_missed;
  return outcome.deadline;
}

// Since when it was missed for certain, where it was. Missing: unknown.
Instant surely_missed(const Outcome& outcome) {
  return outcome.deadline.known() ? outcome.deadline : outcome.surely_missed;
}

}  // namespace

Outcome by_both(const Outcome& one, const Outcome& other) {
  const auto stands = [](const Outcome& each) { return each.verdict == Verdict::due && each.held; };
  Outcome both{one.deadline == other.deadline ? one.deadline : Instant::unknown(), std::max(one.settled, other.settled),
               one.verdict, stands(one) || stands(other)};
  const Instant missed = first_missed(one), also = first_missed(other);
  if (!both.deadline.known())
    both.perhaps_missed = missed.known() && also.known() ? std::min(missed, also) : std::max(missed, also);
  const Instant surely = surely_missed(one), also_surely = surely_missed(other);
  if (!both.deadline.known() && surely.known() && also_surely.known())
    both.surely_missed = std::max(surely, also_surely);
  if (one.verdict == other.verdict) return both;
  const auto either = [&](Verdict verdict) { return one.verdict == verdict || other.verdict == verdict; };
  if (either(Verdict::due)) {
    both.settled = Instant::unknown(), both.verdict = Verdict::due;
  } else if (either(Verdict::missed) && either(Verdict::late)) {
    both.verdict = Verdict::late;
  } else {
    both.settled = std::max(decided(one), decided(other)), both.verdict = Verdict::cannot_tell;
  }
  return both;
}

namespace {

// Says what would tell whether an earlier version of the rule asks, so that this one does not.
void lack_earlier(RuleRun& run, View& view, Instant at, const time::Calendar& calendar) {
  for (const std::uint32_t row : earlier_versions(run)) {
    RuleRun earlier(run.plan, row);
    earlier.who = run.who, earlier.members = run.members;
    if (about_at(earlier, view, at) != Truth::unknown) {
      earlier.trace.clear();
      lack_condition(earlier, view, at, calendar);
    }
    for (const Fact& fact : earlier.trace.facts) run.trace.lack(fact);
    run.trace.reasons.insert(run.trace.reasons.end(), earlier.trace.reasons.begin(), earlier.trace.reasons.end());
  }
}

void emit_perhaps_asked(RuleRun& run, View& view, Instant from, const time::Calendar& calendar) {
  run.trace.clear();
  about_at(run, view, from);
  lack_condition(run, view, from, calendar);
  if (run.trace.reasons.empty()) lack_earlier(run, view, from, calendar);
  emit_untold(run, view, from);
}

}  // namespace

std::optional<Owing> owing(RuleRun& run, View& view, const Interval& interval) {
  if (interval.only_goes_on) return std::nullopt;
  const std::uint32_t owner = debtor_of(run, view, interval.from);
  const time::Calendar& calendar = run.plan.calendar_at(owner, interval.from);
  if (interval.asked != Truth::unknown) return Owing{owner, calendar};
  emit_perhaps_asked(run, view, interval.from, calendar);
  return std::nullopt;
}

void tell_perhaps_about(RuleRun& run, View& view) {
  const Id<model::Event> event = run.rule.trigger;
  if (!view.of_person() || run.plan.book.events[event].kind == model::EventKind::ordinal) return;
  constexpr std::size_t most = 20;  // that are named
  std::vector<std::uint32_t> his;
  for (const Occurrence& trigger : of_nobody_known(view, event)) {
    const bool dated = trigger.at.known();
    const Instant at = dated ? trigger.at : run.plan.horizon;
    if (dated ? !in_force(run, at) : !is_first(run, at)) continue;
    const time::Day day = run.plan.calendar_at(view.subject(), at).day_of(at);
    if (dated && present(run.plan, view.subject(), day) == Truth::no) continue;
    run.trace.clear();
    if (applies_to(run, view, trigger, at) != Truth::no) his.push_back(trigger.index);
    if (his.size() == most) break;
  }
  if (his.empty()) return;
  run.trace.clear();
  for (const std::uint32_t row : his) {
    run.trace.use(view.ref(row));
    run.trace.lack({.kind = FactKind::whose, .event = event, .member = view.ref(row)});
  }
  run.trace.reasons.push_back({Ground::unknown, {}, event, 0, 0});
  emit_untold(run, view, view.timeline().at[his.front()], last_of(view, his.front()));
}

}  // namespace plumb::eval
