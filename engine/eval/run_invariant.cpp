#include <algorithm>

#include "eval/openings.h"

namespace plumb::eval {

namespace {

// A maximal stretch over which a condition keeps one value.
struct Stretch {
  Instant from;
  Instant until;
  Truth holds;
};

// While A holds and the subject is open: the stretch, what A was, and B's stretches within it.
struct Interval {
  Instant from;
  Instant until;
  Truth asked;          // A, with the rule's filter
  bool ended;           // A ended, or the deal closed; otherwise the horizon came first
  std::vector<Stretch> kept;
};

Context at(const RuleRun& run, View& view, Instant cut, const time::Calendar& calendar) {
  return {.view = view, .cut = cut, .person = view.of_person() ? view.subject() : nobody,
          .subject = run.rule.subject.kind, .calendar = &calendar};
}

// A and whatever narrows the rule's subjects; a closed deal is asked nothing unless the rule says so. An event that
// closes the deal ends the interval.
Truth asked_at(RuleRun& run, View& view, Instant now, const time::Calendar& calendar) {
  if (!in_force(run, now)) return Truth::no;
  const Life* life = view.life_at(now);
  if (!run.rule.even_when_closed && (!life || (life->end.known() && life->end <= now))) return Truth::no;
  const std::size_t reasons = run.trace.reasons.size();
  const Truth about = applies(run, view, now, UINT32_MAX);
  run.trace.reasons.resize(reasons);
  if (about == Truth::no) return Truth::no;
  return both(about, holds(run.rule.while_condition, at(run, view, Instant{now.micros + 1}, calendar)));
}

std::vector<Interval> intervals(RuleRun& run, View& view, const time::Calendar& calendar) {
  const bool midnights = run.plan.uses_today[run.rule.while_condition.index()] ||
                         run.plan.uses_today[run.rule.expect.index()] ||
                         (run.rule.subject.where && run.plan.uses_today[run.rule.subject.where.index()]);
  run.instants.clear();
  if (view.dated() == view.end()) return {};
  const Instant first = view.timeline().at[view.dated()];
  change_points(view, calendar, first, run.plan.horizon, midnights, run.instants);
  if (run.rule.effective_from) {
    const Instant start = run.plan.calendars.front().start_of(*run.rule.effective_from);
    if (start > first && start < run.plan.horizon) run.instants.push_back(start);
    std::sort(run.instants.begin(), run.instants.end());
  }
  std::vector<Interval> out;
  bool open = false;
  for (Instant now : run.instants) {
    const Truth asked = asked_at(run, view, now, calendar);
    if (open && asked != out.back().asked) {
      out.back().until = now, out.back().ended = true;
      open = false;
    }
    if (asked == Truth::no) continue;
    if (!open) out.push_back({now, run.plan.horizon, asked, false, {}}), open = true;
    const Truth kept = holds(run.rule.expect, at(run, view, Instant{now.micros + 1}, calendar));
    std::vector<Stretch>& stretches = out.back().kept;
    if (!stretches.empty() && stretches.back().holds == kept) continue;
    if (!stretches.empty()) stretches.back().until = now;
    stretches.push_back({now, run.plan.horizon, kept});
  }
  for (Interval& interval : out) {
    if (!interval.kept.empty()) interval.kept.back().until = interval.until;
  }
  return out;
}

struct Emission {
  RuleRun& run;
  View& view;
  const Interval& interval;
  std::uint32_t owner;
  const time::Calendar& calendar;

  void operator()(Instant opened, Instant deadline, Instant settled, Verdict verdict, Instant cut, Ground ground,
                  std::int64_t amount) {
    run.trace.clear();
    Context context = at(run, view, cut, calendar);
    context.trace = &run.trace;
    explain(run.rule.expect, context, holds(run.rule.expect, at(run, view, cut, calendar)));
    if (ground == Ground::lapse) run.trace.reasons.push_back({ground, run.rule.expect, {}, amount, 0});
    emit(run, {run.rule_index, view.subject(), owner, opened, deadline, settled, verdict, {}});
  }
};

Instant tolerated_until(const RuleRun& run, const time::Calendar& calendar, Instant from) {
  return run.rule.lapse ? calendar.within(*run.rule.lapse, from) : from;
}

// One lapse settles one obligation: mended or outlived within the tolerance it is kept, mended later late, and missed when
// the tolerance is over while it lasts.
void judge_lapse(const RuleRun& run, const Stretch& lapse, Instant opened, Emission& say) {
  const Instant deadline = tolerated_until(run, say.calendar, lapse.from);
  const bool mended = lapse.until < say.interval.until;
  const bool lasts = !mended && !say.interval.ended;
  const Instant begun{lapse.from.micros + 1};
  const std::int64_t length = lapse.until.micros - lapse.from.micros;
  if (!lasts && lapse.until < deadline) {
    say(opened, deadline, lapse.until, Verdict::kept, begun, Ground::lapse, length);
  } else if (mended) {
    say(opened, deadline, lapse.until, Verdict::late, begun, Ground::lapse, length);
  } else if (lasts && deadline > run.plan.horizon) {
    say(opened, deadline, Instant::unknown(), Verdict::due, begun, Ground::lapse, length);
  } else {
    say(opened, deadline, deadline, Verdict::missed, begun, Ground::lapse, length);
  }
}

void judge(RuleRun& run, View& view, const Interval& interval) {
  const std::uint32_t owner = debtor(run.plan, run.rule, view, interval.from);
  const time::Calendar& calendar = run.plan.calendar_of(owner);
  Emission say{run, view, interval, owner, calendar};
  if (interval.asked == Truth::unknown) {
    run.trace.clear();
    applies(run, view, interval.from, UINT32_MAX);
    Context context = at(run, view, Instant{interval.from.micros + 1}, calendar);
    context.trace = &run.trace;
    if (holds(run.rule.while_condition, context) == Truth::unknown) {
      run.trace.reasons.push_back({Ground::unknown_subject, run.rule.while_condition, {}, 0, 0});
    }
    return emit_untold(run, view, interval.from);
  }
  bool lapsed = false, untold = false;
  Instant untold_at;
  for (const Stretch& stretch : interval.kept) {
    if (stretch.holds == Truth::unknown && !untold && stretch.until > tolerated_until(run, calendar, stretch.from)) {
      untold = true;
      untold_at = stretch.from;
    }
    if (stretch.holds != Truth::no) continue;
    judge_lapse(run, stretch, lapsed ? stretch.from : interval.from, say);
    lapsed = true;
  }
  if (lapsed) return;
  if (untold) {
    say(interval.from, Instant::max(), untold_at, Verdict::cannot_tell, Instant{untold_at.micros + 1}, Ground::unknown, 0);
  } else if (interval.ended) {
    say(interval.from, interval.until, interval.until, Verdict::kept, interval.until, Ground::holds, 0);
  } else {
    say(interval.from, Instant::max(), Instant::unknown(), Verdict::due, run.plan.horizon, Ground::holds, 0);
  }
}

}  // namespace

void run_invariant(RuleRun& run, View& view) {
  run.trace.clear();
  const std::uint32_t owner = debtor(run.plan, run.rule, view, run.plan.horizon);
  // Nothing about the subject has an instant: whether and when it was asked cannot be told.
  if (view.begin() != view.end() && view.dated() == view.end()) {
    if (asked_at(run, view, Instant{run.plan.horizon.micros - 1}, run.plan.calendar_of(owner)) == Truth::no) return;
    run.trace.use(view.ref(view.begin()));
    run.trace.reasons.push_back({Ground::undated, run.rule.while_condition, {}, 0, 0});
    run.trace.lack({FactKind::stage, {}, {}});
    return emit_untold(run, view, Instant::unknown());
  }
  for (const Interval& interval : intervals(run, view, run.plan.calendar_of(owner))) judge(run, view, interval);
}

void run_limit(RuleRun& run, View& view) {
  run.trace.clear();
  run.instants.clear();
  if (view.begin() == view.end()) return;
  const Instant first = view.dated() < view.end() ? view.timeline().at[view.dated()] : Instant::unknown();
  const Instant start = first.known() ? first : Instant{run.plan.horizon.micros - 1};
  const Truth about = applies(run, view, start, UINT32_MAX);
  if (about == Truth::no) return;
  if (about == Truth::unknown) return emit_untold(run, view, first);
  const Instant from = run.rule.effective_from
                           ? std::max(start, run.plan.calendars.front().start_of(*run.rule.effective_from))
                           : start;
  if (from >= run.plan.horizon) return;
  const std::uint32_t owner = debtor(run.plan, run.rule, view, from);
  const time::Calendar& calendar = run.plan.calendar_of(owner);
  const Life* life = run.rule.even_when_closed || view.lives().empty() ? nullptr : &view.lives().back();
  const bool closed = life && life->end.known();
  const Instant until = closed ? Instant{life->end.micros + 1} : run.plan.horizon;
  change_points(view, calendar, from, until, run.plan.uses_today[run.rule.expect.index()], run.instants);
  const auto context_at = [&](Instant cut) {
    Context context = at(run, view, cut, calendar);
    context.window_from = run.rule.effective_from ? from : Instant::unknown();
    return context;
  };
  Obligation limit{run.rule_index, view.subject(), owner, from, closed ? life->end : Instant::max(),
                   Instant::unknown(), Verdict::due, {}};
  Instant cut = until;
  for (Instant now : run.instants) {
    if (holds(run.rule.expect, context_at(Instant{now.micros + 1})) != Truth::no) continue;
    limit.verdict = Verdict::missed;
    limit.settled = now;
    cut = Instant{now.micros + 1};
    break;
  }
  Context context = context_at(cut);
  context.trace = &run.trace;
  const Truth outcome = holds(run.rule.expect, context_at(cut));
  if (limit.verdict == Verdict::due && outcome == Truth::unknown && closed) {
    limit.verdict = Verdict::cannot_tell, limit.settled = life->end;
  } else if (limit.verdict == Verdict::due && closed) {
    limit.verdict = Verdict::kept, limit.settled = life->end;
  }
  explain(run.rule.expect, context, outcome);
  if (limit.verdict == Verdict::missed) {
    run.trace.reasons.push_back({Ground::limit_exceeded, run.rule.expect, {}, 0, 0});
  }
  emit(run, limit);
}

}  // namespace plumb::eval
