#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "eval/closing.h"
#include "eval/day.h"
#include "eval/judge_response.h"
#include "eval/lack.h"
#include "eval/openings.h"
#include "eval/reached.h"
#include "eval/respond.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

// Hours that a date without a time of day starts: nobody knows when they begin.
bool starts_by_day(const RuleRun& run, const View& view, std::uint32_t trigger) {
  return is_clock(run.rule.within->unit) && view.timeline().by_day[trigger] != 0;
}

void lack_start(RuleRun& run, View& view, std::uint32_t trigger) {
  run.trace.lack({.kind = FactKind::time_of_day, .member = view.ref(trigger)});
  run.trace.reasons.push_back({Ground::day_only, {}, run.rule.trigger, 0, 0});
}

// Such hours where what answers is used up, and a calendar that ends before the deadline.
bool untold_clock(RuleRun& run, View& view, const Opened& opened) {
  const bool started_by_day = starts_by_day(run, view, opened.trigger);
  if (opened.deadline.known() && !(started_by_day && run.rule.each_its_own)) return false;
  if (started_by_day) {
    lack_start(run, view, opened.trigger);
  } else {
    run.trace.reasons.push_back({Ground::unknown, run.rule.expect, run.rule.expect_event, 0, 0});
  }
  emit_untold(run, view, view.timeline().at[opened.trigger], last_of(view, opened.trigger));
  return true;
}

// The first day on which a person is no longer there, from an instant on. Missing: unknown, also for deals.
Instant left_at(const RuleRun& run, const View& view, const time::Calendar& calendar, Instant since) {
  if (!view.of_person()) return Instant::unknown();
  const time::Day left = gone_from(run.plan, view.subject(), calendar.day_of(since));
  return left.known() ? calendar.start_of(left) : Instant::unknown();
}

// An earlier version of a rule, and what answered its obligations.
struct Version {
  Version(const Plan& plan, std::uint32_t row, View& view) : run(plan, row), conditions(run, view) {}
  RuleRun run;
  ConditionAnswers conditions;
};
using Versions = std::vector<std::unique_ptr<Version>>;

bool expects_the_same(const RuleRun& one, const RuleRun& other) {
  const auto& exprs = one.plan.book.exprs;
  return one.rule.expect && other.rule.expect && exprs[one.rule.expect].words == exprs[other.rule.expect].words;
}

// What answered an obligation of an earlier version of the rule is no other's answer.
void use_up(RuleRun& run, ConditionAnswers& conditions, const Versions& earlier) {
  for (const auto& version : earlier) {
    const RuleRun& before = version->run;
    if (!run.rule.effective_from || *before.rule.effective_until > *run.rule.effective_from) continue;
    if (run.rule.expect_event && before.rule.expect_event) run.answers.use_as(before.answers);
    if (expects_the_same(run, before)) conditions.use_as(version->conditions);
  }
}

// Hours that begin at some time of a day, and what they come to from one of those times on.
class Whenever {
 public:
  Whenever(RuleRun& run, View& view, const Opened& opened, const Life* life, ConditionAnswers& conditions)
      : run_(run), view_(view), opened_(opened), life_(life), conditions_(conditions) {
    next_ = Instant{last_of(view, opened.trigger).micros + 1};
    first_ = begun_at(first_of(view, opened.trigger));
  }

  // As those of the least time have it, of all that begin then.
  Opened begun_at(Instant at) const {
    Opened begun = opened_;
    begun.at = at, begun.deadline = deadline_of(run_, view_, *run_.rule.within, at, *opened_.calendar, Doubt::runs);
    return begun;
  }
  const Opened& first() const { return first_; }
  // From the first of them until the last is over.
  Opened longest() const {
    Opened longest = first_;
    longest.deadline = deadline_of(run_, view_, *run_.rule.within, next_, *opened_.calendar, Doubt::stands);
    return longest;
  }

  Closing judge(const Opened& begun) const { return judge_closing(run_, view_, begun, life_, conditions_); }
  // Whether they are missed, or late, whenever they were over. What is expected of a condition is asked by the
  // deadline, and may be unknown by one of them.
  bool undone_by_all(const Closing& by_any) const {
    const auto undone = [](const Closing& closing) {
      const Verdict is = closing.judged.verdict;
      return !closing.disputed && (is == Verdict::missed || is == Verdict::late);
    };
    if (!undone(by_any) || !run_.rule.expect) return undone(by_any);
    if (!undone(judge(first_))) return false;
    const std::vector<Instant> turns =
        conditions_.turns(Instant{first_.deadline.micros - 1}, Instant{longest().deadline.micros - 1});
    return std::ranges::all_of(turns, [&](Instant at) {
      Opened over = first_;
      over.deadline = Instant{at.micros + 1};
      return undone(judge(over));
    });
  }
  // Whether they are kept whenever they began: of those that are answered last by what. A move by which the deal leaves
  // the stage that it entered is behind that; another event has to come when the day is over, before the first of them
  // are. What is not so as they begin is asked of from where it ceased to be so.
  std::optional<std::pair<Opened, Judged>> kept_by_all(const Closing& by_first) const {
    if (run_.rule.expect_event && run_.answers.is_next_move()) return kept(first_, by_first);
    if (run_.rule.expect_event) {
      Opened surely = first_;
      surely.at = next_;
      return kept(surely, judge(surely));
    }
    std::optional<std::pair<Opened, Judged>> last = kept(first_, by_first);
    const Instant until = opened_.close.known() ? std::min(next_, Instant{opened_.close.micros + 1}) : next_;
    for (const Instant at : last ? conditions_.turns(first_.at, until) : std::vector<Instant>()) {
      const Opened begun = begun_at(at);
      const auto one = kept(begun, judge(begun));
      if (!one) return one;
      if (one->second.settled > last->second.settled) last = one;
    }
    // What is so by the end of the day came on it.
    if (last && last->second.settled == next_) {
      Opened day = last->first;
      day.deadline = next_;
      if (const auto one = kept(day, judge(day))) last->second = one->second;
    }
    const Instant end{next_.micros - 1};
    const Instant begun = opened_.close.known() ? std::min(opened_.close, end) : end;  // the last of them
    if (last) last->second.settled = std::max(last->second.settled, begun);
    // Until the last of them have begun it is due.
    return last && last->second.settled < run_.plan.horizon ? last : std::nullopt;
  }

 private:
  static std::optional<std::pair<Opened, Judged>> kept(const Opened& begun, const Closing& closing) {
    const bool is = closing.judged.verdict == Verdict::kept && !closing.disputed;
    return is ? std::optional(std::pair(begun, closing.judged)) : std::nullopt;
  }

  RuleRun& run_;
  View& view_;
  const Opened& opened_;
  const Life* life_;
  ConditionAnswers& conditions_;
  Instant next_;  // the day of the trigger is over
  Opened first_;
};

// Of hours that began at some time of a day, what they come to whenever that was: what is missed, or late, by all that
// may have been in time, what closed before any of them was over, what keeps all of them. Else it is due until the last
// of them is over or the deal has closed, and cannot be told then.
void respond_whenever(RuleRun& run, View& view, const Opened& opened, std::uint32_t owner, const Life* life,
                      ConditionAnswers& conditions, bool is_read) {
  const Whenever hours(run, view, opened, life, conditions);
  const Opened longest = hours.longest();
  const Closing by_any = hours.judge(longest);
  const auto kept_since = [&](const Judged& judged) {
    const Instant perhaps = perhaps_kept(run, view, longest, life, judged.answer, conditions);
    const Instant one = by_any.judged.answer.certain;  // by the one that it keeps
    return one.known() && one < longest.deadline && (!perhaps.known() || one < perhaps) ? one : perhaps;
  };
  const auto write = [&](const Opened& by, const Judged& judged) {
    const Instant since = is_read ? kept_since(judged) : Instant::unknown();
    if (judged.verdict != Verdict::due && judged.verdict != Verdict::cannot_tell)
      give_reasons(run, view, by, judged.answer, judged.verdict, false, conditions);
    emit(run, {run.rule_index,
               view.subject(),
               owner,
               view.timeline().at[opened.trigger],
               Instant::unknown(),
               judged.settled,
               judged.verdict,
               {},
               0,
               no_row,
               since,
               hours.first().deadline,
               longest.deadline});
    if (is_read) note_timed(run, view);
  };
  const auto told = [&](const Opened& by, const Judged& judged) {
    const bool is = !may_have_closed(run, view, life, by, judged.verdict, judged.settled) &&
                    !perhaps_left(run, view, by, judged.verdict);
    if (is) write(by, judged);
    return is;
  };
  const Verdict any = by_any.judged.verdict;
  if (hours.undone_by_all(by_any) && told(longest, by_any.judged)) return;
  if (any != Verdict::missed && any != Verdict::late) {
    const Closing by_first = hours.judge(hours.first());
    const bool excused = by_first.judged.verdict == Verdict::excused && !by_first.disputed;
    if (excused && told(hours.first(), by_first.judged)) return;
    const auto kept = hours.kept_by_all(by_first);
    if (kept && told(kept->first, kept->second)) return;
  }
  run.trace.reasons.clear(), run.trace.facts.clear();
  lack_start(run, view, opened.trigger);
  const Instant close =
      life && opened.close.known() && opened.close == life->end ? latest_end(view, *life) : opened.close;
  // Where the deal may have been on hold for nobody knows how long it cannot be told from the first of them on.
  const Unsettled left = unsettled(run, view, hours.first().at, hours.first().deadline, longest.deadline);
  const Instant last = left.due ? longest.deadline : left.settled;
  const Instant until = close.known() ? std::min(close, last) : last;
  const bool due = until >= run.plan.horizon && last > run.plan.horizon;
  if (due) tell(run, run.rule.expect, run.rule.expect_event, response_context(run, view, longest, run.plan.horizon));
  write(longest, {{}, due ? Verdict::due : Verdict::cannot_tell, due ? Instant::unknown() : until});
}

// Uses up the event that answered one of several obligations (`each its own`). What may have come before it and is an
// answer, if it is one, is used up in its place; `decided`: nothing but that leaves the verdict open.
void use_event(RuleRun& run, View& view, const Opened& opened, const Answer& answer, bool untold, bool decided) {
  const Instant last = std::min(opened.deadline, opened.seen);
  const Instant until = answer.certain < last && answer.certain.known() ? Instant{answer.certain.micros + 1} : last;
  const bool seen = is_observed(view, run.rule.expect_event, opened.at, until);
  // What was late came first of all that did since the obligation opened.
  const bool late = answer.certain.known() && answer.certain >= last;
  const bool all_seen =
      seen && (!late || is_observed(view, run.rule.expect_event, opened.at, Instant{answer.certain.micros + 1}));
  const bool surely = !untold && !answer.other_first && all_seen;
  if (answer.certain.known()) surely ? run.answers.use(answer.position) : run.answers.use_perhaps(answer);
  if (decided && seen && answer.other != UINT32_MAX) run.answers.use(answer.other);
}

// An obligation as it begins with a trigger.
struct Begun {
  std::uint32_t owner;
  Instant counted;  // from when its days count
  const Life* life;
  Opened opened;
};

Begun begin(const RuleRun& run, View& view, const Occurrence& trigger) {
  const std::uint32_t owner = debtor(run.plan, run.rule, view, last_of(view, trigger.index));
  const time::Calendar& calendar = run.plan.calendar_at(owner, last_of(view, trigger.index));
  const bool by_date = view.timeline().by_day[trigger.index] != 0 && !is_clock(run.rule.within->unit);
  const Instant counted = by_date ? as_written(run.plan, trigger.at, calendar) : trigger.at;
  // Nothing was so before the deal was created. An event that has the date of that may stand before it as well.
  Opened opened{trigger.index,
                run.rule.expect ? first_of(view, trigger.index) : trigger.at,
                deadline_of(run, view, *run.rule.within, counted, calendar, Doubt::stands),
                Instant::unknown(),
                run.plan.horizon,
                &calendar,
                view.timeline().by_day[trigger.index] != 0};
  const Life* life = run.rule.even_when_closed ? nullptr : view.life_of(trigger.index);
  if (life && life->end.known()) opened.close = life->end, opened.seen = Instant{life->end.micros + 1};
  if (life && view.by_day()) opened.closing = closed_before_others(view, *life);
  const Instant gone = left_at(run, view, calendar, trigger.at);
  if (gone.known() && gone < run.plan.horizon) opened.close = gone, opened.seen = gone;
  return {owner, counted, life, opened};
}

void respond(RuleRun& run, View& view, ConditionAnswers& conditions, const Versions& earlier) {
  bool found = false;
  const bool is_read = run.plan.verdict_read[run.rule_index];
  const auto find_answers = [&] {
    if (std::exchange(found, true)) return;
    if (run.rule.expect_event) run.answers.find(run, view);
    use_up(run, conditions, earlier);
  };
  // Where nobody knows whether it is asked what would answer it may be free for the next.
  const auto may_use_up = [&](const Occurrence& trigger) {
    if (!run.rule.each_its_own || !trigger.at.known() || starts_by_day(run, view, trigger.index)) return;
    const Begun begun = begin(run, view, trigger);
    if (!begun.opened.deadline.known()) return;
    find_answers();
    const Answer answer = judge_closing(run, view, begun.opened, begun.life, conditions).judged.answer;
    if (run.rule.expect) {
      conditions.use_perhaps(begun.opened, answer);
    } else if (answer.certain.known()) {
      run.answers.use_perhaps(answer);
    }
  };
  const auto asked = [&](const Occurrence& trigger) {
    const Begun begun = begin(run, view, trigger);
    const std::uint32_t owner = begun.owner;
    const Instant counted = begun.counted;
    const Life* const life = begun.life;
    const Opened& opened = begun.opened;
    const time::Calendar& calendar = *opened.calendar;
    if (untold_clock(run, view, opened)) return;
    find_answers();
    if (starts_by_day(run, view, trigger.index))
      return respond_whenever(run, view, opened, owner, life, conditions, is_read);
    const auto [judged, by_close] = judge_closing(run, view, opened, life, conditions);
    const Answer& answer = judged.answer;
    Verdict verdict = judged.verdict;
    Instant settled = judged.settled;
    // Where the deal may have been on hold, both readings have to agree.
    Opened sooner = opened;
    if (run.plan.any_holds) {
      sooner.deadline = deadline_of(run, view, *run.rule.within, counted, calendar, Doubt::runs);
    }
    const Verdict by_sooner = sooner.deadline == opened.deadline
                                  ? verdict
                                  : judge_closing(run, view, sooner, life, conditions).judged.verdict;
    const bool disputed = by_sooner != verdict && !by_close;
    const Instant since = is_read ? perhaps_kept(run, view, opened, life, answer, conditions) : Instant::unknown();
    const Instant perhaps_missed = sooner.deadline == opened.deadline ? Instant::unknown() : sooner.deadline;
    const auto write = [&](Instant deadline, Instant at, Verdict is) {
      emit(run, {run.rule_index,
                 view.subject(),
                 owner,
                 trigger.at,
                 deadline,
                 at,
                 is,
                 {},
                 0,
                 no_row,
                 since,
                 perhaps_missed,
                 opened.deadline});
      if (is_read) note_timed(run, view);
    };
    const bool left = perhaps_left(run, view, opened, verdict);
    if (left) verdict = Verdict::cannot_tell, settled = opened.deadline;
    const bool untold = verdict == Verdict::cannot_tell;
    if (run.rule.each_its_own && run.rule.expect) {
      untold || by_close ? conditions.use_perhaps(opened, answer) : conditions.use(opened, answer);
    } else if (run.rule.each_its_own) {
      use_event(run, view, opened, answer, untold, !left && !by_close && !disputed && verdict != Verdict::due);
    }
    if (disputed) {
      lack_holds(run, view);
      const Unsettled left = unsettled(run, view, trigger.at, sooner.deadline, opened.deadline);
      return write(Instant::unknown(), left.settled, left.due ? Verdict::due : Verdict::cannot_tell);
    }
    const bool dated = opened.deadline != Instant::max() && sooner.deadline == opened.deadline;
    const Instant deadline = dated ? opened.deadline : Instant::unknown();
    if (left) return write(deadline, settled, verdict);
    const auto say_on_hold = [&] {
      if (verdict == Verdict::due && opened.deadline == Instant::max())
        run.trace.reasons.push_back({Ground::on_hold, {}, {}, 0, 0});
    };
    if (by_close) {
      lack_time(run, view.ref(life->closing));
      say_on_hold();
      return write(deadline, settled, verdict);
    }
    if (may_have_closed(run, view, life, opened, verdict, settled)) {
      // What was done is done, whether before the deal may have closed or not; else the deadline decides.
      if (verdict != Verdict::kept) settled = opened.deadline;
      if (verdict == Verdict::kept && answer.index != UINT32_MAX) run.trace.use(view.ref(answer.index));
      const bool decided = settled <= run.plan.horizon;
      verdict = decided ? Verdict::cannot_tell : Verdict::due;
      if (!decided) settled = Instant::unknown();
      say_on_hold();
      lack_lives(view, run.trace);
      run.trace.reasons.push_back({Ground::unknown, run.rule.expect, run.rule.expect_event, 0, 0});
      return write(deadline, settled, verdict);
    }
    give_reasons(run, view, opened, answer, verdict, dated, conditions);
    say_on_hold();
    write(deadline, settled, verdict);
  };
  for_each_opening(run, view, asked, may_use_up);
}

}  // namespace

void run_response(RuleRun& run, View& view) {
  Versions earlier;
  for (const std::uint32_t row : run.rule.each_its_own ? earlier_versions(run) : std::vector<std::uint32_t>()) {
    const model::Rule& rule = run.plan.book.rules[row];
    if (!rule.each_its_own || rule.shape != run.rule.shape) continue;
    auto version = std::make_unique<Version>(run.plan, row, view);
    respond(version->run, view, version->conditions, earlier);
    earlier.push_back(std::move(version));
  }
  ConditionAnswers conditions(run, view);
  respond(run, view, conditions, earlier);
}

}  // namespace plumb::eval
