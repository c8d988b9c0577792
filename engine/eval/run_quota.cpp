#include <algorithm>

#include "eval/asked.h"
#include "eval/closing.h"
#include "eval/day.h"
#include "eval/lack.h"
#include "eval/naming.h"
#include "eval/openings.h"
#include "eval/order.h"
#include "eval/quota.h"
#include "eval/standing.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::SubjectKind;

// Whether the sample is large enough to be judged; says "12 of 20" where it is not.
bool enough(RuleRun& run, const Context& context) {
  for (const model::Given& given : run.rule.given) {
    const Value size = value(given.population, context);
    const std::int64_t certain = size.known() ? whole(size.low) : 0;
    if (certain >= given.count) continue;
    // Where there may have been enough, what would tell it is lacking.
    const bool perhaps = !size.known() || whole(size.high) >= given.count;
    Context traced = context;
    traced.trace = &run.trace;
    if (perhaps) value(given.population, traced);
    run.trace.reasons.push_back({Ground::too_few, given.population, {}, certain, given.count});
    return false;
  }
  return true;
}

// In which life a deal is when a period begins. What closes it on the date with which that begins comes later, as it is
// written, in whatever zone, and also where it was reopened on that day. Missing: nullptr, it is closed.
const Life* life_when_begun(const View& view, Instant begin, const time::Calendar& calendar) {
  const time::Calendar& days = view.plan().calendars.front();
  if (!view.by_day()) return view.life_at(begin);
  const Instant date = days.start_of(calendar.day_of(begin));
  for (const Life& life : view.lives()) {
    if (life.end == date && life.closing != UINT32_MAX && view.timeline().by_day[life.closing] != 0) return &life;
  }
  return view.life_at(begin);
}

// When nothing is asked any more before the deadline: the first day within the period on which the person is none of
// those whom the rule is about, or the close of the deal; and the first before that on which nobody knows whether he
// is. Missing: unknown where there is none before the horizon.
struct AskedNoMore {
  Instant surely = Instant::unknown(), perhaps = Instant::unknown();
};

AskedNoMore asked_no_more(RuleRun& run, View& view, const Asked& asked, const Quota& quota) {
  const Instant until = std::min(quota.deadline, run.plan.horizon);
  if (run.rule.subject.kind == SubjectKind::deal) {
    const Instant begin = quota.period.from;
    const Life* life = run.rule.even_when_closed ? nullptr : life_when_begun(view, begin, *quota.calendar);
    if (!life || !life->end.known() || life->end >= until) return {};
    // A date is of that day in whatever zone the calendar is.
    const bool by_day = life->closing != UINT32_MAX && view.timeline().by_day[life->closing] != 0;
    const bool behind = by_day && as_written(run.plan, life->end, *quota.calendar) >= quota.deadline;
    return {behind ? Instant::unknown() : std::max(life->end, begin)};
  }
  if (run.rule.subject.kind != SubjectKind::person) return {};
  if (!run.rule.subject.where && !may_leave(run.plan, asked.person)) return {};
  const time::Calendar& days = *quota.calendar;
  const std::size_t reasons = run.trace.reasons.size();
  AskedNoMore found;
  for (time::Day day = days.day_of(quota.period.from) + 1; !found.surely.known(); day = day + 1) {
    const Instant start = days.start_of(day);
    if (start >= std::min(until, quota.period.until)) break;
    const Truth is = included(run, view, asked.person, days, start);
    if (is == Truth::no) found.surely = start;
    if (is == Truth::unknown && !found.perhaps.known()) found.perhaps = start;
  }
  run.trace.reasons.resize(reasons);
  run.trace.facts.clear();
  return found;
}

// A quota that can only come true is kept as soon as it is true, one that can only be broken missed as soon as it is.
bool decided_early(Course course, Truth outcome) {
  return (course == Course::floor && outcome == Truth::yes) || (course == Course::ceiling && outcome == Truth::no);
}

// Whether the subject is still there at an instant after the deadline: a deal that has closed, or somebody who has
// left, does nothing afterwards that would make up for what was missed. That a deal may have closed after the deadline
// (a move to a stage that nobody knows) takes nothing back, as with a response: it was missed by then in either case,
// and what was done since is done.
bool still_there(const RuleRun& run, const View& view, const Asked& asked, const Quota& quota, Instant at) {
  if (run.rule.subject.kind == SubjectKind::person) {
    return employed(run.plan, asked.person, quota.calendar->day_of(at));
  }
  if (run.rule.subject.kind != SubjectKind::deal || run.rule.even_when_closed) return true;
  const Life* life = life_when_begun(view, quota.period.from, *quota.calendar);
  return !life || !life->end.known() || at <= life->end;  // what closes it still counts
}

// When records that name the period made it true after it was due. Missing: unknown where they have not.
Turned late_by_name(const RuleRun& run, View& view, const Asked& asked, const Quota& quota) {
  const Instant horizon = run.plan.horizon;
  if (holds(run.rule.expect, context_of(run, view, asked, quota, horizon)) != Truth::yes) return {};
  const Turned late = turned(run, view, asked, quota, horizon, Truth::yes);
  return still_there(run, view, asked, quota, late.at) ? late : Turned{};
}

Verdict verdict_of(Truth outcome) {
  return outcome == Truth::yes ? Verdict::kept : outcome == Truth::no ? Verdict::missed : Verdict::cannot_tell;
}

// An average falls short for what was before, too: whether the period by itself did is another question.
void give_own_period(RuleRun& run, View& view, const Asked& asked, const Quota& quota, const Share& share,
                     Instant cut) {
  Quota own = quota;
  own.windows.assign(1, quota.windows.back());
  Context context = context_of(run, view, asked, own, cut);
  if (!share.each.empty()) context.share = &share.each.back();
  if (holds(run.rule.expect, context) != Truth::yes) return;
  run.trace.reasons.push_back({Ground::alone_enough, run.rule.expect, {}, 0, 0});
}

// Whether the deal may have closed, so that nothing was asked any more, before what decides.
bool may_have_closed(const RuleRun& run, const View& view, const Quota& quota, const Obligation& duty) {
  if (run.rule.even_when_closed || (duty.verdict != Verdict::kept && duty.verdict != Verdict::missed)) return false;
  const Life* life = life_when_begun(view, quota.period.from, *quota.calendar);
  return life && life->doubt.known() && duty.settled > life->doubt;
}

// Missing: unknown where the calendar does not say yet by when.
Instant told_deadline(const Quota& quota) {
  return quota.deadline == Instant::max() ? Instant::unknown() : quota.deadline;
}

// When a period is over for all of whom verdicts are asked: it ends later for those who are further west.
Instant over_for_all(const RuleRun& run, const Asked& asked, const Quota& quota) {
  const Plan& plan = run.plan;
  const bool group = run.rule.subject.kind == SubjectKind::team || run.rule.subject.kind == SubjectKind::company;
  const bool by_point = quota.deadline != quota.period.until;  // what is so at the point is read
  if (!group || by_point || !plan.person_calendar || !reads_verdicts(plan.book, run.rule)) return quota.deadline;
  const time::Day next = quota.calendar->day_of(quota.period.until);
  Instant over = quota.deadline;
  const auto take = [&](std::uint32_t person) {
    over = std::max(over, plan.calendar_of(person, next - 1).start_of(next));
  };
  const auto people = static_cast<std::uint32_t>(plan.history.people.names.size());
  if (run.rule.subject.kind == SubjectKind::team) {
    for (const std::uint32_t person : ever_in(plan, asked.team)) take(person);
  } else {
    for (std::uint32_t person = 0; person < people; ++person) take(person);
  }
  return over;
}

void judge(RuleRun& run, View& view, const Asked& asked, const Quota& quota) {
  // How much leave reduces it is known when the period is over.
  const bool adjusted = !run.rule.adjusted_for.empty();
  const bool early = run.rule.given.empty() && !adjusted;
  const Course course = early ? course_of(run.plan, run.rule.expect, run.rule.point.has_value()) : Course::open;
  const Share share = adjusted ? share_of(run, asked, quota) : Share{};
  const AskedNoMore no_more = asked_no_more(run, view, asked, quota);
  const Instant gone = no_more.surely;
  const Instant over = over_for_all(run, asked, quota);
  const bool passed = over <= run.plan.horizon;
  const bool deal = run.rule.subject.kind == SubjectKind::deal;
  // What closes a deal still counts; the day on which a person is gone does not.
  // By a point that the calendar does not say yet, what happens in the period itself counts whenever that will be.
  const Instant last = told_deadline(quota).known() ? quota.deadline : quota.period.until;
  const Instant cut = gone.known() ? Instant{gone.micros + deal} : std::min(last, run.plan.horizon);
  Obligation duty{run.rule_index,    asked.subject,        asked.owed_by,
                  quota.period.from, told_deadline(quota), Instant::unknown(),
                  Verdict::due,      quota.period,         number_of(run.plan, *quota.calendar)};
  Context context = context_of(run, view, asked, quota, cut);
  if (adjusted) context.share = &share;
  const bool judged = enough(run, context);
  const Truth outcome = judged ? holds(run.rule.expect, context) : Truth::unknown;
  const Id<model::Event> naming = naming_event(run.plan, run.rule.expect);
  Instant reached = Instant::unknown();  // a date as it is written
  if (counted_from(run, quota) < cut && decided_early(course, outcome)) {
    duty.verdict = verdict_of(outcome);
    const auto [at, by_day] = turned(run, view, asked, quota, cut, outcome);
    // What is averaged may have been so before the period began.
    duty.settled = std::max(at, quota.period.from);
    reached = by_day ? std::max(as_written(run.plan, at, *quota.calendar), duty.settled) : duty.settled;
    // What comes after that changes nothing, nor does anything where it was so before the first of it.
    const bool from_the_start = holds(run.rule.expect, context_of(run, view, asked, quota, at)) == outcome;
    context.cut = std::min(context.cut, from_the_start ? at : Instant{duty.settled.micros + 1});
  } else if (gone.known()) {
    duty.verdict = outcome == Truth::yes && !(adjusted && share.nothing()) ? Verdict::kept : Verdict::excused;
    duty.settled = gone;
  } else if (passed) {
    duty.verdict = adjusted && share.nothing() ? Verdict::excused : verdict_of(outcome);
    duty.settled = reached = over;
  }
  // What was missed is excused where nothing was asked any more before that, and so is what was done no sooner; the day
  // on which a person is gone, and what happened on it, counts no more.
  const auto excused_if_gone = [&] {
    if (!no_more.perhaps.known()) return false;
    if (duty.verdict != Verdict::kept) return duty.verdict == Verdict::missed && no_more.perhaps <= reached;
    Context sooner = context_of(run, view, asked, quota, no_more.perhaps);
    sooner.share = context.share;
    return !enough(run, sooner) || holds(run.rule.expect, sooner) != Truth::yes;
  };
  if (excused_if_gone()) {
    run.trace.clear();
    included(run, view, asked.person, *quota.calendar, no_more.perhaps);
    duty.verdict = Verdict::cannot_tell;
    return emit(run, duty);
  }
  if (deal && may_have_closed(run, view, quota, duty)) {
    duty.verdict = Verdict::cannot_tell;
    lack_lives(view, run.trace);
  }
  if (passed && naming && duty.verdict == Verdict::missed && course == Course::floor && !run.rule.averaged_over) {
    const Turned late = late_by_name(run, view, asked, quota);
    if (late.at.known()) {
      give_late(run, asked, quota, context, late);
      duty.verdict = Verdict::late, duty.settled = late.at;
      return emit(run, duty);
    }
  }
  if (duty.verdict == Verdict::excused) {
    const Ground ground = !gone.known() ? Ground::nothing_asked : deal ? Ground::closed_first : Ground::left_filter;
    run.trace.reasons.assign(1, {ground, run.rule.subject.where, {}, 0, 0});
    if (!gone.known()) give_adjustments(run, asked, quota);
    return emit(run, duty);
  }
  if (duty.verdict == Verdict::due) {
    run.trace.reasons.clear();
    tell(run, run.rule.expect, {}, context);
    give_progress(run, asked, quota, context, true);
    if (adjusted) give_share(run, asked, quota, share, false);
    return emit(run, duty);
  }
  Context traced = context;
  traced.trace = &run.trace;
  if (judged) tell(run, run.rule.expect, {}, traced);
  if (judged) explain(run.rule.expect, traced, outcome);
  if (judged && duty.verdict != Verdict::kept) give_progress(run, asked, quota, context, false);
  if (judged && adjusted) give_share(run, asked, quota, share, outcome == Truth::unknown);
  if (duty.verdict == Verdict::missed && quota.windows.size() > 1) give_own_period(run, view, asked, quota, share, cut);
  emit(run, duty);
}

// Whether the rule is about a team or the company in a period: by what was true when it started.
Truth group_included(RuleRun& run, View& view, const Asked& asked, const Quota& quota) {
  Context context = context_of(run, view, asked, quota, Instant{quota.period.from.micros + 1});
  context.window_from = Instant::unknown();
  const Truth is = includes_group(run, context);
  return is == Truth::no ? is : both(is, has_begun(run, quota.period.until));
}

// Of the periods that are judged together those stay in which, up to its own, the rule asked of the subject without a
// break: nobody answers for a time in which he was not there. Unknown where that cannot be told.
template <class IsAsked>
Truth keep_asked(Quota& quota, IsAsked is_asked) {
  for (auto window = quota.windows.end() - 1; window != quota.windows.begin();) {
    const Truth asked = is_asked((--window)->period);
    if (asked == Truth::unknown) return asked;
    if (asked == Truth::yes) continue;
    quota.windows.erase(quota.windows.begin(), window + 1);
    break;
  }
  return Truth::yes;
}

// Points divide time for whom they are asked of: the first window of a newcomer begins with its period, since nobody
// has asked him for what came before. Unknown where it cannot be told whether he was asked before, and that matters.
template <class IsAsked>
Truth begin_anew(RuleRun& run, View& view, const Asked& asked, Quota& quota, IsAsked is_asked) {
  Window& first = quota.windows.front();
  if (!run.rule.point || first.from == first.period) return Truth::yes;
  const time::Period unit = *run.rule.period;
  const Instant before = quota.calendar->previous(unit, quota.calendar->period_of(unit, first.period)).from;
  if (!before.known() || !in_force(run, before)) return Truth::yes;
  const Truth was_asked = is_asked(before);
  if (was_asked == Truth::yes) return was_asked;
  if (was_asked == Truth::no) {
    first.from = first.period;
    return Truth::yes;
  }
  const Trace lacking = std::exchange(run.trace, Trace{});
  std::vector<Obligation> either;
  run.tried = &either;
  judge(run, view, asked, quota);
  run.trace.clear();
  Quota anew = quota;
  anew.windows.front().from = first.period;
  judge(run, view, asked, anew);
  run.tried = nullptr;
  run.trace = lacking;
  return either[0].verdict == either[1].verdict && either[0].settled == either[1].settled ? Truth::yes : Truth::unknown;
}

// Whether a deal came to be only after a period began; with a date alone at some time of that day, as it is written.
bool comes_after(const View& view, Instant begin, Instant at, const time::Calendar& days) {
  if (begin > at) return true;
  const auto created = view.of_kind(view.plan().created_kind);
  const bool by_day = !created.empty() && view.timeline().by_day[created.back()] != 0;
  return by_day && as_written(view.plan(), begin, days) == at;
}

// A deal that is reopened with a date alone when a period begins is so at some time of that day, and asked from the
// next one on.
Truth open_at(const RuleRun& run, const View& view, Instant at, const time::Calendar& days) {
  if (run.rule.even_when_closed) return Truth::yes;
  const Life* life = life_when_begun(view, at, days);
  const bool that_day = life && life->begin.known() && as_written(run.plan, life->begin, days) == at;
  const bool begun = that_day && reopened_by_day(view, *life).latest.known();
  if (begun && reopens(view, *life)) return Truth::no;
  return begun || view.lives_unknown() || (life && life->doubtful(at)) ? Truth::unknown : truth(life != nullptr);
}

}  // namespace

void run_quota(RuleRun& run, View& view, Instant begin) {
  const bool person = view.of_person();
  Asked asked{view.subject(), person ? view.subject() : nobody, nobody, nobody};
  if (person) asked.members = {view.subject()};
  if (!person) {
    if (view.dated() == view.end()) return;
    begin = view.begins();
  }
  const auto calendar_at = [&](const time::Calendar& days, Instant at) -> const time::Calendar& {
    if (person) return run.plan.calendar_of(asked.person, days.day_of(at));
    const Instant start = std::max(at, begin);
    return run.plan.calendar_of(debtor(run.plan, run.rule, view, start), days.day_of(start));
  };
  const auto about_in = [&](RuleRun& version, const time::Calendar& days, const time::Interval& period) {
    return person ? included(version, view, asked.person, days, period.from)
                  : applies(version, view, std::max(period.from, begin), UINT32_MAX, &days);
  };
  for (Quota& quota : quotas_of(run, begin, calendar_at, about_in)) {
    run.trace.clear();
    const Instant start = quota.period.from;
    const auto is_asked = [&](Instant at) {
      if (person) {
        const Truth is = included(run, view, asked.person, *quota.calendar, at);
        return is == Truth::no ? is : both(is, has_begun(run, quota.calendar->period_of(*run.rule.period, at).until));
      }
      // A deal that did not exist when the period began is asked from the next one on.
      const Truth open =
          comes_after(view, begin, at, *quota.calendar) ? Truth::no : open_at(run, view, at, *quota.calendar);
      if (open == Truth::no) return open;
      const Truth about = both(open, applies(run, view, at, UINT32_MAX));
      if (open == Truth::unknown && about == Truth::unknown) {
        lack_lives(view, run.trace);
        run.trace.reasons.push_back({Ground::unknown_subject, {}, {}, 0, 0});
      }
      return about;
    };
    Truth about = is_asked(start);
    if (about == Truth::no) continue;
    if (about == Truth::yes) about = keep_asked(quota, is_asked);
    asked.owed_by = debtor(run.plan, run.rule, view, start);
    if (person) asked.team = team_of(run.plan, asked.person, quota.calendar->day_of(start));
    if (about == Truth::yes) about = begin_anew(run, view, asked, quota, is_asked);
    if (about == Truth::unknown) {
      emit(run, {run.rule_index, asked.subject, asked.owed_by, start, told_deadline(quota), start, Verdict::cannot_tell,
                 quota.period, number_of(run.plan, *quota.calendar)});
      continue;
    }
    run.trace.clear();
    judge(run, view, asked, quota);
  }
}

// Whether everybody who may be employed on a day has a team, or is known to have none.
bool all_teams_told(const Plan& plan, time::Day day) {
  const history::People& people = plan.history.people;
  for (std::uint32_t p = 0; p < people.names.size(); ++p) {
    const bool there = person_row(people, p, day) != UINT32_MAX && employed(plan, p, day);
    if (there && team_key(plan, p, day) == anybody) return false;
  }
  return true;
}

void run_group_quota(RuleRun& run, View& view, Instant begin) {
  const time::Calendar& calendar = run.plan.calendars.front();
  const bool company = run.rule.subject.kind == SubjectKind::company;
  for (const std::string& name : company ? std::vector<std::string>{"the company"} : team_names(run.plan)) {
    const std::uint32_t word = company ? nobody : run.plan.history.words.find(name);
    const auto subject = static_cast<std::uint32_t>(run.verdicts.teams.size());
    run.verdicts.teams.push_back(name);
    const auto about_in = [&](RuleRun& version, const time::Calendar& days, const time::Interval& period) {
      return group_included(version, view, {subject, nobody, word},
                            {&days, period, period.until, {{period.from, period.until, period.from}}});
    };
    for (Quota& quota : quotas(run, calendar, begin, about_in)) {
      run.trace.clear();
      const time::Day day = calendar.day_of(quota.period.from);
      const bool asked_for = !company || !run.rule.adjusted_for.empty();
      const auto members = asked_for ? members_of(run.plan, word, day) : std::vector<std::uint32_t>();
      const Truth there = company ? Truth::yes : is_staffed(run, word, members, day);
      if (there == Truth::no) continue;
      const auto is_asked = [&](Instant at) {
        const time::Day then_day = calendar.day_of(at);
        const Truth then_there =
            company ? Truth::yes : is_staffed(run, word, members_of(run.plan, word, then_day), then_day);
        if (then_there != Truth::yes) return then_there;
        Quota then = quota;
        then.period = calendar.period_of(*run.rule.period, at);
        return group_included(run, view, {subject, nobody, word}, then);
      };
      const std::uint32_t manager = company ? nobody : manager_of_all(run.plan, members, day);
      Asked asked{subject, nobody, word, manager, members};
      asked.members_told = company || run.rule.adjusted_for.empty() || all_teams_told(run.plan, day);
      Truth about = there == Truth::yes ? group_included(run, view, asked, quota) : there;
      if (about == Truth::yes) about = keep_asked(quota, is_asked);
      if (about == Truth::yes) about = begin_anew(run, view, asked, quota, is_asked);
      if (about == Truth::yes) run.trace.clear(), judge(run, view, asked, quota);
      if (about != Truth::unknown) continue;
      emit(run, {run.rule_index, subject, manager, quota.period.from, told_deadline(quota), quota.period.from,
                 Verdict::cannot_tell, quota.period, number_of(run.plan, calendar)});
    }
  }
}

}  // namespace plumb::eval
