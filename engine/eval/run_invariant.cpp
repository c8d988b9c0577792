#include <algorithm>
#include <array>

#include "eval/day.h"
#include "eval/lack.h"
#include "eval/lasting.h"
#include "eval/openings.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

struct Emission {
  RuleRun& run;
  View& view;
  const Interval& interval;
  std::uint32_t owner;
  const time::Calendar& calendar;
  bool held = false;                                 // the clock stands still at the horizon
  bool disputed = false;                             // the readings of the deal's holds differ
  std::vector<Outcome>* only = nullptr;              // where they are noted, and nothing is written down
  const std::vector<Outcome>* if_gone_on = nullptr;  // as it was if A did not end there; nullptr: it did
  bool perhaps_longer = false;                       // the lapse may have begun before the interval
  Instant doubted_since = Instant::unknown();   // known: from then on nobody can tell whether it had begun, or another
  Instant perhaps_one = Instant::unknown();     // known: it may go on from the one before the time that begins then
  Instant untold = Instant::unknown();          // known: from then on nobody can tell whether it was mended
  Instant perhaps_missed = Instant::unknown();  // known: the sooner of its deadlines, of which nobody knows which it is
  Instant surely_missed = Instant::unknown();   // and the later
  std::size_t number = 0;                       // of the interval's obligations

  /// What the obligation comes to; false where it is only noted.
  bool settle(Outcome& outcome) {
    const bool late = outcome.verdict == Verdict::late;
    if (perhaps_one.known() && (late || outcome.verdict == Verdict::missed)) {
      const Instant missed = late && outcome.deadline.known() ? outcome.deadline : outcome.settled;
      outcome = {outcome.deadline, missed, Verdict::cannot_tell, false, outcome.perhaps_missed, outcome.surely_missed};
    }
    if (only) only->push_back(outcome);
    if (only) return false;
    if (if_gone_on && number < if_gone_on->size()) outcome = by_both(outcome, (*if_gone_on)[number]);
    ++number;
    return true;
  }

  /// Says what would tell B from an instant on.
  void explain_untold(Instant from) {
    Context context = context_at(run, view, Instant{from.micros + 1}, calendar);
    context.trace = &run.trace;
    if (holds(run.rule.expect, context) == Truth::unknown) explain(run.rule.expect, context, Truth::unknown);
  }

  void operator()(Instant opened, Instant deadline, Instant settled, Verdict verdict, Instant cut, Ground ground,
                  std::int64_t amount) {
    Outcome outcome{deadline, settled, verdict, held, perhaps_missed, surely_missed};
    if (!settle(outcome)) return;
    run.trace.clear();
    if (outcome.verdict != verdict && outcome.verdict == Verdict::cannot_tell) {
      const bool of_before = perhaps_one == interval.from;
      if (perhaps_one.known() && !of_before) explain_untold(perhaps_one);
      const Instant asked = of_before ? Instant{interval.from.micros - 1} : interval.until;
      if (of_before || !perhaps_one.known()) lack_asked(run, view, asked, calendar);
      return emit(run, {run.rule_index,
                        subject_of(run, view),
                        owner,
                        opened,
                        outcome.deadline,
                        outcome.settled,
                        outcome.verdict,
                        {},
                        0,
                        no_row,
                        Instant::unknown(),
                        outcome.perhaps_missed,
                        outcome.surely_missed});
    }
    deadline = outcome.deadline, settled = outcome.settled, verdict = outcome.verdict, held = outcome.held;
    Context context = context_at(run, view, cut, calendar);
    context.trace = &run.trace;
    tell(run, run.rule.expect, {}, context);
    const Truth then = holds(run.rule.expect, context_at(run, view, cut, calendar));
    explain(run.rule.expect, context, then);
    // It may have been another only between two things of that day.
    const bool between = verdict == Verdict::cannot_tell && ground == Ground::unknown && then != Truth::unknown;
    if (between && !run.who.any() && view.by_day()) {
      run.trace.clear();
      lack_turn(run, view, Instant{cut.micros - 1}, run.rule.expect);
    }
    if (ground == Ground::lapse) {
      std::erase_if(run.trace.reasons, [&](const Reason& reason) {
        return reason.ground == Ground::fails && reason.atom == run.rule.expect;
      });
      run.trace.reasons.push_back({ground, run.rule.expect, {}, amount, 0});
    }
    if (untold.known() && verdict == Verdict::cannot_tell) explain_untold(untold);
    if (doubted_since.known() && verdict == Verdict::cannot_tell) explain_untold(doubted_since);
    if (perhaps_longer && verdict == Verdict::cannot_tell) {
      lack_asked(run, view, Instant{interval.from.micros - 1}, calendar);
    }
    if (verdict == Verdict::due && held) run.trace.reasons.push_back({Ground::on_hold, {}, {}, 0, 0});
    if (disputed && (verdict == Verdict::cannot_tell || (verdict == Verdict::due && !held))) lack_holds(run, view);
    emit(run, {run.rule_index,
               subject_of(run, view),
               owner,
               opened,
               deadline,
               settled,
               verdict,
               {},
               0,
               no_row,
               Instant::unknown(),
               outcome.perhaps_missed,
               outcome.surely_missed});
  }
};

// Whether a lapse is counted in days of a calendar that is not the default one: then what has a date alone turned on
// that day of it, as it is written.
bool by_written_days(const Emission& say) {
  const std::optional<time::Duration>& lapse = say.run.rule.lapse;
  return lapse && !is_clock(lapse->unit) && &say.calendar != &say.run.plan.calendars.front();
}

// Whether what has a date alone may be why something turned at an instant at which it stands. The creation and moves
// open and close the deal, too; what A and B are without anything else they are by something that has a time.
bool turns_by_day(const Emission& say, Instant at) {
  const RuleRun& run = say.run;
  if (!at.known() || rows_by_day(run, say.view, at).empty()) return false;
  if (run.rule.subject.kind != model::SubjectKind::deal || run.rule.subject.where) return true;
  const auto begins_or_ends = [&](std::uint32_t row) {
    const std::uint16_t kind = say.view.timeline().kind[row];
    return kind == run.plan.moved_kind || kind == run.plan.created_kind;
  };
  if (std::ranges::any_of(say.view.rows_by_day(at), begins_or_ends)) return true;
  const time::Calendar& days = run.plan.calendars.front();
  return std::ranges::any_of(std::array{run.rule.while_condition, run.rule.expect}, [&](Id<model::Expr> condition) {
    if (!condition) return false;
    const auto ask = [&](const Context& then) { return holds(condition, then); };
    Context then = context_at(run, say.view, Instant{at.micros + 1}, say.calendar);
    then.as_rows_say = condition == run.rule.while_condition;
    const Truth with = ask(then);
    then.day_cut = days.start_of(days.day_of(at));
    return with == Truth::unknown || in_every_order(then, ask) != with;
  });
}

// The first and the last instant at which a turn may have come.
Instant first_turn(const Emission& say, Instant at) {
  return by_written_days(say) && turns_by_day(say, at) ? turn_as_written(say.run, say.view, at, say.calendar) : at;
}
Instant latest_turn(const RuleRun& run, const View& view, Instant at) {
  return at.known() && !rows_by_day(run, view, at).empty() ? last_of_day(run.plan, at) : at;
}
Instant latest_turn(const Emission& say, Instant at) {
  const Instant last = turns_by_day(say, at) ? latest_turn(say.run, say.view, at) : at;
  if (last == at || !by_written_days(say)) return last;
  return Instant{say.calendar.end_of(say.run.plan.calendars.front().day_of(at)).micros - 1};
}

Instant tolerated_until(const Emission& say, Instant from, Doubt doubt) {
  const std::optional<time::Duration>& lapse = say.run.rule.lapse;
  return lapse ? deadline_of(say.run, say.view, *lapse, from, say.calendar, doubt) : from;
}

// How a lapse went on: until when it lasts at least, until when at most, and whether anything followed it.
struct Lapse {
  Instant from;
  Instant ended;   // B is not known to be false any more
  Instant mended;  // B is known to be true again, or nothing is asked any more; unknown: neither has come yet
  bool asked_no_more;
};

// Whether a lapse may go on behind a time in which B cannot be told: then nobody knows whether the next is another one.
bool may_lapse_on(const std::vector<Stretch>& stretches, std::size_t i) {
  return i + 2 < stretches.size() && stretches[i].holds == Truth::no && stretches[i + 1].holds == Truth::unknown &&
         stretches[i + 2].holds == Truth::no;
}

Lapse lapse_at(const Interval& interval, std::size_t i) {
  const std::vector<Stretch>& stretches = interval.kept;
  Lapse lapse{stretches[i].from, stretches[i].until, stretches[i].until, false};
  while (may_lapse_on(stretches, i)) i += 2;
  const bool untold = i + 1 < stretches.size() && stretches[i + 1].holds == Truth::unknown;
  lapse.mended = stretches[untold ? i + 1 : i].until;
  if (lapse.mended < interval.until) return lapse;
  lapse.asked_no_more = interval.ended;
  if (!interval.ended) lapse.mended = Instant::unknown();
  return lapse;
}

struct Settled {
  Verdict verdict;
  Instant at;
};

// One lapse settles one obligation: mended, or nothing asked any more, within the tolerance it is kept; mended later
// late; missed when the tolerance is over while it lasts. `doubted`: a stretch before it could not be told. One without
// length is none, and without a tolerance that decides.
Settled verdict_by(const RuleRun& run, const Lapse& lapse, bool doubted, Instant deadline) {
  if (!run.rule.lapse && lapse.from == lapse.ended) {
    if (!lapse.mended.known()) return {Verdict::due, Instant::unknown()};
    return {doubted || lapse.mended != lapse.ended ? Verdict::cannot_tell : Verdict::kept, lapse.ended};
  }
  if (lapse.mended.known() && lapse.mended < deadline) {
    return {doubted ? Verdict::cannot_tell : Verdict::kept, lapse.mended};
  }
  if (deadline > run.plan.horizon) return {Verdict::due, Instant::unknown()};
  if (lapse.ended < deadline) return {Verdict::cannot_tell, deadline};
  if (lapse.mended.known() && !lapse.asked_no_more) return {Verdict::late, lapse.mended};
  return {Verdict::missed, deadline};
}

// How a lapse may have been where times of day are missing: as long, or as short, as can be.
struct Readings {
  Lapse told, longest, shortest;
  bool by_day = false;  // it began or ended with what has a date and no time of day
};

Readings readings_of(const Lapse& lapse, const Emission& say) {
  Readings of{lapse, lapse, lapse};
  if (!by_day(say.run, say.view)) return of;
  const Instant ended = first_turn(say, lapse.ended);
  Instant from = latest_turn(say, lapse.from);
  of.longest.ended = latest_turn(say, lapse.ended), of.longest.mended = latest_turn(say, lapse.mended);
  of.shortest.ended = ended, of.shortest.mended = first_turn(say, lapse.mended);
  of.by_day = from != lapse.from || of.longest.ended != lapse.ended || of.longest.mended != lapse.mended;
  // Hours from the last instant of a day on are as good as from the next.
  if (from != lapse.from && say.run.rule.lapse && is_clock(say.run.rule.lapse->unit)) ++from.micros;
  of.longest.from = std::min(first_turn(say, lapse.from), ended), of.shortest.from = std::min(from, ended);
  return of;
}

// By one reading of the deal's holds the longest and the shortest that a lapse can have been have to agree.
Settled verdict_by_day(RuleRun& run, const Readings& of, bool doubted, Doubt doubt, const Emission& say) {
  const auto end_of = [&](const Lapse& lapse) { return tolerated_until(say, lapse.from, doubt); };
  // By then the lapse was over in time by both, or its time was over.
  const auto decided = [&](const Lapse& lapse) {
    const Instant end = end_of(lapse);
    return lapse.mended.known() && lapse.mended < end ? of.shortest.mended : end;
  };
  const Settled one = verdict_by(run, of.longest, doubted, end_of(of.longest));
  const Settled other = verdict_by(run, of.shortest, doubted, end_of(of.shortest));
  if (one.verdict == Verdict::due || other.verdict == Verdict::due) return {Verdict::due, Instant::unknown()};
  const Instant by_both = std::max(decided(of.longest), decided(of.shortest));
  if (one.verdict != other.verdict) return {Verdict::cannot_tell, by_both};
  const bool over = one.verdict == Verdict::kept || one.verdict == Verdict::late;
  return {one.verdict, over ? of.told.mended : by_both};
}

// A lapse that began or ended on a day. False where nothing is tolerated and it is the same however long it was: then
// it is missed on that day, as all is that happens on one.
bool judge_lapse_by_day(RuleRun& run, const Readings& of, Instant opened, bool doubted, Emission& say) {
  const Instant last = tolerated_until(say, of.shortest.from, Doubt::stands);
  const Instant first = tolerated_until(say, of.longest.from, Doubt::runs);
  const Settled sooner = verdict_by_day(run, of, doubted, Doubt::runs, say);
  const Settled later = first == last ? sooner : verdict_by_day(run, of, doubted, Doubt::stands, say);
  const auto at_once = [&](const Lapse& lapse) { return verdict_by(run, lapse, doubted, lapse.from).verdict; };
  if (!run.rule.lapse && sooner.verdict != Verdict::due && at_once(of.longest) == at_once(of.shortest)) return false;
  // Nobody can tell from the sooner on where the deal may have been on hold for nobody knows how long.
  const Unsettled left = unsettled(run, say.view, of.longest.from, first, last);
  const bool for_good = first != last && !left.due && left.settled == first && sooner.verdict != Verdict::due;
  const bool either_due = sooner.verdict == Verdict::due || later.verdict == Verdict::due;
  const Verdict verdict = sooner.verdict == later.verdict ? sooner.verdict
                          : either_due && !for_good       ? Verdict::due
                                                          : Verdict::cannot_tell;
  const bool due = verdict == Verdict::due;
  const Instant deadline = first == last ? last : Instant::unknown();
  const Instant settled = due                                           ? Instant::unknown()
                          : verdict == Verdict::cannot_tell && for_good ? sooner.at
                                                                        : std::max(sooner.at, later.at);
  say.held = last == Instant::max(), say.perhaps_missed = deadline.known() ? Instant::unknown() : first;
  say.surely_missed = deadline.known() ? Instant::unknown() : last;
  if (verdict != Verdict::cannot_tell || doubted) {
    say(opened, deadline, settled, verdict, Instant{of.told.from.micros + 1}, Ground::fails, 0);
    return true;
  }
  Outcome outcome{deadline, settled, verdict, say.held, say.perhaps_missed, say.surely_missed};
  if (!say.settle(outcome)) return true;
  run.trace.clear();
  lack_turn(run, say.view, of.told.from, run.rule.expect);
  if (of.told.mended.known()) lack_turn(run, say.view, of.told.mended, run.rule.expect);
  if (sooner.verdict != later.verdict) lack_holds(run, say.view);
  if (outcome.verdict == Verdict::due && outcome.held) run.trace.reasons.push_back({Ground::on_hold, {}, {}, 0, 0});
  emit(run, {run.rule_index,
             subject_of(run, say.view),
             say.owner,
             opened,
             outcome.deadline,
             outcome.settled,
             outcome.verdict,
             {},
             0,
             no_row,
             Instant::unknown(),
             outcome.perhaps_missed,
             outcome.surely_missed});
  return true;
}

// Where the deal may have been on hold, both readings have to agree.
void judge_lapse(RuleRun& run, const Lapse& lapse, Instant opened, bool doubted, Emission& say) {
  const Readings readings = readings_of(lapse, say);
  say.untold = lapse.mended != lapse.ended ? lapse.ended : Instant::unknown();
  if (readings.by_day && judge_lapse_by_day(run, readings, opened, doubted, say)) return;
  const Instant deadline = tolerated_until(say, lapse.from, Doubt::stands);
  const Instant sooner = tolerated_until(say, lapse.from, Doubt::runs);
  const Settled settled = verdict_by(run, lapse, doubted, deadline);
  const Settled by_sooner = sooner == deadline ? settled : verdict_by(run, lapse, doubted, sooner);
  const bool agreed = by_sooner.verdict == settled.verdict;
  const bool dated = sooner == deadline && deadline != Instant::max();
  say.held = agreed && deadline == Instant::max(), say.disputed = !agreed;
  say.perhaps_missed = sooner == deadline ? Instant::unknown() : sooner;
  say.surely_missed = sooner == deadline ? Instant::unknown() : deadline;
  const Unsettled left = sooner == deadline ? Unsettled{} : unsettled(run, say.view, lapse.from, sooner, deadline);
  // What cannot be told by either reading could not be told from the sooner deadline on.
  const bool since_sooner = settled.verdict == Verdict::cannot_tell && !left.due && left.settled == sooner;
  say.disputed |= since_sooner && by_sooner.at != settled.at;
  say(opened, dated ? deadline : Instant::unknown(),
      !agreed        ? left.settled
      : since_sooner ? by_sooner.at
                     : settled.at,
      agreed     ? settled.verdict
      : left.due ? Verdict::due
                 : Verdict::cannot_tell,
      Instant{lapse.from.micros + 1}, Ground::lapse, lapse.ended.micros - lapse.from.micros);
}

// Since when B is not known to have been true where a lapse begins, be it before the interval. Missing: unknown, until
// then it was. Behind another lapse it may go on from that.
Instant untold_before(const Interval& interval, std::size_t i) {
  if (i == 0) return interval.lapsed_since;
  const bool untold = interval.kept[i - 1].holds == Truth::unknown;
  if (!untold || (i > 1 && interval.kept[i - 2].holds == Truth::no)) return Instant::unknown();
  return i == 1 && interval.lapsed_since.known() ? interval.lapsed_since : interval.kept[i - 1].from;
}

// Whether a lapse is more than one in time if it began sooner.
bool may_be_longer(RuleRun& run, const Interval& interval, std::size_t i, Emission& say) {
  const Instant since = untold_before(interval, i);
  if (!since.known()) return false;
  Lapse longer = lapse_at(interval, i);
  longer.from = first_turn(say, since);
  longer.ended = first_turn(say, longer.ended), longer.mended = first_turn(say, longer.mended);
  return verdict_by(run, longer, false, tolerated_until(say, longer.from, Doubt::runs)).verdict != Verdict::kept;
}

// A time in which B cannot be told, behind a lapse, may hide another that is longer than is tolerated; one that turns
// into a lapse is a part of that, or of none.
void tell_hidden_lapse(RuleRun& run, const Stretch& stretch, Emission& say) {
  const Instant from = first_turn(say, stretch.from), sooner = tolerated_until(say, from, Doubt::runs);
  const bool one = tolerated_until(say, from, Doubt::stands) == sooner;
  if (sooner > run.plan.horizon) return;
  say.held = false, say.perhaps_missed = one ? Instant::unknown() : sooner;
  say(stretch.from, one ? sooner : Instant::unknown(), sooner, Verdict::cannot_tell, Instant{stretch.from.micros + 1},
      Ground::unknown, 0);
  say.perhaps_missed = Instant::unknown();
}

void judge_asked(RuleRun& run, const Interval& interval, Emission& say) {
  Instant opened = interval.from;
  Instant doubt = Instant::unknown();  // since when the open obligation could not be told for too long
  bool lapsed = false;
  for (std::size_t i = 0; i < interval.kept.size(); ++i) {
    const Stretch& stretch = interval.kept[i];
    const bool after_lapse = i > 0 && interval.kept[i - 1].holds == Truth::no;
    const Instant from = i == 0 && interval.lapsed_since.known() ? interval.lapsed_since : stretch.from;
    const bool too_long = stretch.holds == Truth::unknown && !after_lapse &&
                          latest_turn(say, stretch.until) > tolerated_until(say, first_turn(say, from), Doubt::runs);
    const bool told_by_next = i + 1 < interval.kept.size() && interval.kept[i + 1].holds == Truth::no;
    if (too_long && lapsed && !told_by_next) tell_hidden_lapse(run, stretch, say);
    if (too_long && !doubt.known()) doubt = stretch.from;
    if (stretch.holds != Truth::no) continue;
    if (lapsed) opened = stretch.from;
    const bool longer = may_be_longer(run, interval, i, say);
    say.perhaps_longer = longer && i == 0;
    say.doubted_since = doubt.known() ? doubt : longer && i > 0 ? interval.kept[i - 1].from : Instant::unknown();
    const bool perhaps_one = i >= 2 && may_lapse_on(interval.kept, i - 2);
    const bool of_before = !lapsed && interval.may_lapse_on &&
                           (i == 0 || (i == 1 && interval.kept.front().holds == Truth::unknown));
    say.perhaps_one = perhaps_one ? interval.kept[i - 1].from : of_before ? interval.from : Instant::unknown();
    judge_lapse(run, lapse_at(interval, i), opened, doubt.known() || longer, say);
    say.perhaps_longer = false;
    say.perhaps_one = say.untold = say.perhaps_missed = say.surely_missed = say.doubted_since = Instant::unknown();
    doubt = Instant::unknown();
    lapsed = true;
  }
  if (lapsed) return;
  if (!interval.ended) {
    say(interval.from, Instant::max(), Instant::unknown(), Verdict::due, run.plan.horizon, Ground::holds, 0);
  } else if (doubt.known()) {
    say(interval.from, interval.until, interval.until, Verdict::cannot_tell, Instant{doubt.micros + 1}, Ground::unknown,
        0);
  } else {
    const Instant end = turn_as_written(run, say.view, interval.until, say.calendar);
    say(interval.from, interval.until, interval.until, Verdict::kept, std::min(interval.until, end), Ground::holds, 0);
  }
}

Interval cut_off(Interval whole, Instant end) {
  std::erase_if(whole.kept, [&](const Stretch& stretch) { return stretch.from >= end; });
  whole.kept.back().until = whole.until = end, whole.ended = true;
  return whole;
}

// The interval as it was if A ended later, or not at all, where that cannot be told: at the end of a stretch in which
// it may go on, or within one as a day ends on which B may have turned. One after the other: of many days each is as
// long as all of them.
template <class Each>
void longer(const RuleRun& run, const View& view, const std::vector<Interval>& all, std::size_t i, Each each) {
  const Interval longest = gone_on(all, i);
  std::vector<Instant> turns;
  for (const Stretch& stretch : longest.kept) {
    if (const Instant latest = latest_turn(run, view, stretch.from); latest != stretch.from) {
      turns.insert(turns.end(), {latest, Instant{latest.micros + 1}});
    }
  }
  each(longest);
  for (; i + 1 < all.size() && may_go_on(all[i], all[i + 1]); ++i) {
    const Interval& next = all[i + 1];
    if (next.asked != Truth::unknown) continue;
    for (const Instant end : turns) {
      if (end > next.from && end < next.until) each(cut_off(longest, end));
    }
    if (next.until < longest.until) each(cut_off(longest, next.until));
  }
}

// Whether it cannot be told if anything is asked any more, or already, and B is true all the time: then whatever is
// asked there is kept, and is no other than what is asked before or after it.
bool is_part_of_another(const RuleRun& run, const std::vector<Interval>& all, std::size_t i) {
  const Interval& one = all[i];
  const bool kept = one.kept.size() == 1 && one.kept.front().holds == Truth::yes;
  if (one.asked != Truth::unknown || !kept || !earlier_versions(run).empty()) return false;
  const bool goes_on = i > 0 && all[i - 1].asked == Truth::yes && may_go_on(all[i - 1], one);
  return goes_on || (i + 1 < all.size() && all[i + 1].asked == Truth::yes && may_go_on(one, all[i + 1]));
}

void judge(RuleRun& run, View& view, const std::vector<Interval>& all, std::size_t i) {
  const Interval& interval = all[i];
  if (is_part_of_another(run, all, i)) return;
  const std::optional<Owing> owed = owing(run, view, interval);
  if (!owed) return;
  const auto& [owner, calendar] = *owed;
  Emission say{run, view, interval, owner, calendar};
  std::vector<Outcome> if_gone_on;
  if (interval.perhaps_ended) {
    longer(run, view, all, i, [&](const Interval& way) {
      std::vector<Outcome> outcomes;
      Emission note{run, view, way, owner, calendar, false, false, &outcomes};
      judge_asked(run, way, note);
      for (std::size_t number = 0; number < outcomes.size(); ++number) {
        const bool other = number < if_gone_on.size();
        if (other) if_gone_on[number] = by_both(if_gone_on[number], outcomes[number]);
        if (!other) if_gone_on.push_back(outcomes[number]);
      }
    });
    say.if_gone_on = &if_gone_on;
  }
  judge_asked(run, interval, say);
}

}  // namespace

void run_invariant(RuleRun& run, View& view) {
  run.trace.clear();
  // Nothing about the subject has an instant: whether and when it was asked cannot be told.
  if (!run.who.any() && view.begin() != view.end() && view.dated() == view.end()) {
    const Instant now{run.plan.horizon.micros - 1};
    if (!is_first(run, run.plan.horizon)) return;
    if (asked_at(run, view, now, calendar_at(run, view, now), true) == Truth::no) return;
    run.trace.use(view.ref(view.begin()));
    run.trace.reasons.push_back({Ground::undated, run.rule.while_condition, {}, 0, 0});
    lack_lives(view, run.trace);
    return emit_untold(run, view, Instant::unknown());
  }
  const std::vector<Interval> all = lasting(run, view);
  for (std::size_t i = 0; i < all.size(); ++i) judge(run, view, all, i);
}

}  // namespace plumb::eval
