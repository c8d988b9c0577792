#include <algorithm>
#include <set>

#include "eval/members.h"
#include "eval/openings.h"
#include "eval/standing.h"
#include "eval/watch.h"
#include "time/point.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::SubjectKind;
using time::Interval;

// One period of one subject.
struct Quota {
  const time::Calendar* calendar;
  Interval period;
  Instant deadline;
  std::vector<Window> windows;  // of the periods that are judged together, its own the last

  Instant window_from() const { return windows.front().from; }
};

// Which way a condition can still go while its window runs: a count that asks for enough can only come true, one that
// allows no more only become false.
enum class Course : std::uint8_t { floor, ceiling, open };

// A number, or a target whose cases are: which of them governs is settled when the period starts.
bool is_fixed(const Plan& plan, Id<model::Expr> id) {
  const model::Expr& expr = plan.book.exprs[id];
  if (expr.op != Op::target) return expr.op == Op::number;
  return std::ranges::all_of(plan.book.targets[expr.target].cases,
                             [&](const model::TargetCase& one) { return plan.book.exprs[one.value].op == Op::number; });
}

// A count of what happened. `stated`: by a point, so that an attribute may come to be another.
bool only_grows(const Plan& plan, const model::Expr& expr, bool stated) {
  if (!expr.aggregate || expr.aggregate->function != model::AggregateFunction::count) return false;
  const model::Aggregate& of = *expr.aggregate;
  return of.event && !of.per && !of.tails.any() && (!of.where || (!stated && plan.only_event[of.where.index()]));
}

Course course_of_compare(const Plan& plan, const model::Expr& expr, bool stated) {
  const model::Expr* left = &plan.book.exprs[expr.args[0]];
  while (left->op == Op::measure && left->text.empty()) {
    left = &plan.book.exprs[plan.book.measures[left->measure].value];
  }
  if (!is_fixed(plan, expr.args[1]) || expr.tails.any() || !only_grows(plan, *left, stated)) return Course::open;
  switch (expr.comparison) {
    case model::Comparison::at_least:
    case model::Comparison::more_than: return Course::floor;
    case model::Comparison::at_most:
    case model::Comparison::less_than: return Course::ceiling;
    default: return Course::open;
  }
}

Course course_of(const Plan& plan, Id<model::Expr> id, bool stated) {
  const model::Expr& expr = plan.book.exprs[id];
  if (expr.op == Op::happened) return expr.tails.any() ? Course::open : Course::floor;
  if (expr.op == Op::compare) return course_of_compare(plan, expr, stated);
  if (expr.op != Op::and_ && expr.op != Op::or_) return Course::open;
  Course all = course_of(plan, expr.args.front(), stated);
  for (Id<model::Expr> arg : expr.args) {
    if (course_of(plan, arg, stated) != all) all = Course::open;
  }
  return all;
}

Instant deadline_of(const model::Rule& rule, const time::Calendar& calendar, const Interval& period) {
  if (!rule.point) return period.until;
  const model::Point& point = *rule.point;
  return time::point_of({point.weekday, point.day_number, point.business, point.micros_of_day, point.of_period_after,
                         point.or_next_business_day},
                        calendar, *rule.period, period);
}

// The first period at or after `begin`. Missing: both ends unknown.
Interval first_period(const model::Rule& rule, const time::Calendar& calendar, Instant begin) {
  const Interval holding = calendar.period_of(*rule.period, begin);
  if (holding.from.known() || *rule.period != time::Period::term) return holding;
  for (const time::Term& term : calendar.spec().terms) {
    if (calendar.start_of(term.from) >= begin)
      return calendar.period_of(time::Period::term, calendar.start_of(term.from));
  }
  return holding;
}

// The point by which an earlier version of the rule asked last: what happened until then has counted. Missing: unknown.
Instant last_point_before(const RuleRun& run, const time::Calendar& calendar, Instant begin) {
  Instant last = Instant::unknown();
  for (const std::uint32_t row : earlier_versions(run)) {
    const RuleRun earlier(run.plan, row);
    if (!earlier.rule.point) continue;
    const Instant over = calendar.start_of(*earlier.rule.effective_until);
    const Interval period = calendar.period_of(*earlier.rule.period, Instant{over.micros - 1});
    if (period.from.known() && period.until > begin && in_force(earlier, period.from))
      last = std::max(last, deadline_of(earlier.rule, calendar, period));
  }
  return last;
}

std::vector<Quota> quotas(const RuleRun& run, const time::Calendar& calendar, Instant begin) {
  std::vector<Quota> out;
  std::vector<Window> windows;
  Instant previous_point = last_point_before(run, calendar, begin);
  const std::int64_t averaged = run.rule.averaged_over ? run.rule.averaged_over->first : 1;
  std::int64_t beyond = 0;  // periods that begin after the last day of this version
  // A row dated to 1850 is no reason to ask nobody anything.
  begin = std::max(begin, calendar.start_of(first_tabulated));
  for (Interval period = first_period(run.rule, calendar, begin); period.from.known() && period.from < run.plan.horizon;
       period = calendar.next(*run.rule.period, period)) {
    // Of periods that are judged together the first decides by which version.
    const bool begins = in_force(run, period.from);
    if (!begins && windows.empty()) continue;
    if (!begins && ++beyond >= averaged) break;
    const Instant deadline = deadline_of(run.rule, calendar, period);
    if (!deadline.known()) break;
    const bool tiled = run.rule.point && previous_point.known();
    windows.push_back({tiled ? previous_point : period.from, deadline, period.from});
    previous_point = deadline;
    if (windows.size() < static_cast<std::size_t>(averaged)) continue;
    out.push_back({&calendar, period, deadline, {windows.end() - averaged, windows.end()}});
  }
  return out;
}

// Each period by the calendar that counts when it starts: `calendar_at(calendar, instant)`.
template <class CalendarAt>
std::vector<Quota> quotas_of(const RuleRun& run, Instant begin, CalendarAt calendar_at) {
  if (!run.plan.person_calendar) return quotas(run, run.plan.calendars.front(), begin);
  std::vector<Quota> out;
  for (const time::Calendar& calendar : run.plan.calendars) {
    for (const Quota& quota : quotas(run, calendar, begin)) {
      if (&calendar_at(calendar, quota.period.from) == &calendar) out.push_back(quota);
    }
  }
  const auto earlier = [](const Quota& a, const Quota& b) { return a.period.from < b.period.from; };
  std::stable_sort(out.begin(), out.end(), earlier);
  return out;
}

std::uint32_t number_of(const Plan& plan, const time::Calendar& calendar) {
  return static_cast<std::uint32_t>(&calendar - plan.calendars.data());
}

struct Asked {
  std::uint32_t subject;
  std::uint32_t person = nobody;
  std::uint32_t team = nobody;
  std::uint32_t owed_by = nobody;
  std::vector<std::uint32_t> members = {};  // whose holidays and leave reduce it
};

Context context_of(const RuleRun& run, View& view, const Asked& asked, const Quota& quota, Instant cut) {
  return {.view = view,
          .cut = cut,
          .timely = run.rule.point.has_value(),
          .period = quota.period,
          .window_from = quota.window_from(),
          .deadline = quota.deadline,
          .windows = quota.windows,
          .person = asked.person,
          .team = asked.team,
          .subject = run.rule.subject.kind,
          .calendar = quota.calendar};
}

// The instants at which members of the condition's aggregates happened.
void member_instants(const RuleRun& run, Id<model::Expr> id, const Context& context, std::vector<Instant>& out) {
  const model::Expr& expr = run.plan.book.exprs[id];
  if (expr.op == Op::aggregate || expr.op == Op::happened) {
    const SubjectKind kind = expr.aggregate ? list_kind(*expr.aggregate, context) : context.subject;
    const history::History& history = run.plan.history;
    // By a point a record of any time may count, from when it was stated.
    const Instant first = context.timely ? Instant::unknown() : context.window_from;
    const auto range = context.view.members()->list(kind, id).between(list_key(kind, context), first, context.cut);
    for (const MemberList::Row* row = range.begin; row != range.end; ++row) {
      const history::Timeline& timeline = row->of_person ? history.person_events : history.deal_events;
      const Instant when = counts_from(run.plan, timeline, row->index, context.timely);
      if (when >= context.window_from && when < context.cut) out.push_back(when);
    }
  }
  if (expr.op == Op::measure) member_instants(run, run.plan.book.measures[expr.measure].value, context, out);
  for (Id<model::Expr> arg : expr.args) member_instants(run, arg, context, out);
}

// The instant before `cut` at which a condition of one course turned, by bisection over the instants of its members.
Instant turned(const RuleRun& run, View& view, const Asked& asked, const Quota& quota, Instant cut, Truth to) {
  std::vector<Instant> instants{quota.window_from()};
  const bool lists = run.rule.subject.kind != SubjectKind::deal;
  if (lists) member_instants(run, run.rule.expect, context_of(run, view, asked, quota, cut), instants);
  for (std::uint32_t index = view.dated(); index < view.end(); ++index) {
    const Instant at = counts_from(view, index, run.rule.point.has_value());
    if (at >= quota.window_from() && at < cut) instants.push_back(at);
  }
  std::sort(instants.begin(), instants.end());
  const auto first = std::partition_point(instants.begin(), instants.end(), [&](Instant at) {
    return holds(run.rule.expect, context_of(run, view, asked, quota, Instant{at.micros + 1})) != to;
  });
  return first == instants.end() ? Instant{cut.micros - 1} : *first;
}

// As far as it can be shown.
std::int64_t whole(Rational r) {
  const Wide most = INT64_MAX;
  const Wide found = r.n / r.d;
  return static_cast<std::int64_t>(found > most ? most : found < -most ? -most : found);
}

bool fits(Rational r) { return r.exact() && r.n / r.d < INT64_MAX && r.n / r.d > INT64_MIN; }

// The whole number next to it, as far as it can be shown.
std::int64_t nearest(Rational r) {
  const Rational half = rational(r.n < 0 ? -1 : 1, 2);
  return whole(add(r, half));
}

// Whether the sample is large enough to be judged; says "12 of 20" where it is not.
bool enough(RuleRun& run, const Context& context) {
  for (const model::Given& given : run.rule.given) {
    const Value size = value(given.population, context);
    const std::int64_t certain = size.known() ? whole(size.low) : 0;
    if (certain >= given.count) continue;
    run.trace.reasons.push_back({Ground::too_few, given.population, {}, certain, given.count});
    return false;
  }
  return true;
}

// The periods that are judged together, the last first.
template <class Each>
void for_periods(const RuleRun& run, const Quota& quota, Each each) {
  Interval period = quota.period;
  for (std::size_t i = 0; i < quota.windows.size(); ++i) {
    each(period);
    period = quota.calendar->previous(*run.rule.period, period);
  }
}

// What is left of the threshold in the periods that are judged together.
Share share_of(const RuleRun& run, const Asked& asked, const Quota& quota) {
  Share share;
  for_periods(run, quota, [&](const Interval& period) {
    add(share, asked_in(run.plan, run.rule, asked.members, *quota.calendar, period));
  });
  return share;
}

// By what it is adjusted, so that everybody can check it.
void give_adjustments(RuleRun& run, const Asked& asked, const Quota& quota) {
  for_periods(run, quota, [&](const Interval& period) {
    tell_adjustments(run.plan, run.rule, asked.members, number_of(run.plan, *quota.calendar), period,
                     run.trace.reasons);
  });
}

void give_share(RuleRun& run, const Asked& asked, const Quota& quota, const Share& share, bool untold) {
  if (untold && !share.known) run.trace.lack({FactKind::person_field, share.lacks, {}});
  if (untold && share.known && compare(share.low, share.high) != 0) run.trace.lack({FactKind::leave, {}, {}});
  if (!share.known || !share.reduced) return;
  const auto periods = static_cast<std::int64_t>(quota.windows.size());
  const Rational part = divide(multiply(share.high, rational(Decimal::scale, 1)), rational(periods, 1));
  if (part.exact() && compare(share.low, share.high) == 0) {
    const std::int64_t days = periods == 1 ? days_asked_of(run.rule, asked.members, *quota.calendar, quota.period) : 0;
    run.trace.reasons.push_back({Ground::adjusted, run.rule.expect, {}, whole(add(part, rational(1, 2))), days});
  }
  give_adjustments(run, asked, quota);
}

// What a total that is due still needs, or may still have, and where it would be by now if it came evenly.
void give_outlook(RuleRun& run, const Asked& asked, const Quota& quota, const model::Expr& expr, Rational had,
                  Rational wanted) {
  if (!is_total(run.plan.book, expr.args[0])) return;
  const bool floor = expr.comparison == model::Comparison::at_least || expr.comparison == model::Comparison::more_than;
  const bool ceiling = expr.comparison == model::Comparison::at_most || expr.comparison == model::Comparison::less_than;
  if (!floor && !ceiling) return;
  const Window& window = quota.windows.back();
  if (floor && quota.windows.size() == 1) {
    const Rational gone =
        gone_by(run.plan, run.rule, asked.members, *quota.calendar, {window.from, window.until}, run.plan.horizon);
    const std::int64_t units = whole(divide(multiply(wanted, gone), rational(Decimal::scale, 1)));
    if (fits(wanted) && wanted.n > 0)
      run.trace.reasons.push_back({Ground::pace, run.rule.expect, {}, units, whole(wanted)});
  }
  const bool strict =
      expr.comparison == model::Comparison::more_than || expr.comparison == model::Comparison::less_than;
  const bool counted = run.plan.book.exprs[expr.args[0]].type.kind == model::TypeKind::count;
  Rational left = floor ? subtract(wanted, had) : subtract(had, wanted);
  // One more than so many is one more; more than an amount has no least.
  if (strict && counted) left = add(left, rational(Decimal::scale, 1));
  if (!floor) left = Rational{-left.n, left.d};
  const bool none = compare(left, rational(0, 1)) < 0 || (floor && left.n == 0 && (!strict || counted));
  if (none || !fits(left)) return;
  run.trace.reasons.push_back(
      {floor ? Ground::still_asked : Ground::still_allowed, run.rule.expect, {}, whole(left), 0});
}

void give_progress(RuleRun& run, const Asked& of, const Quota& quota, const Context& context, bool due) {
  const model::Expr& expr = run.plan.book.exprs[run.rule.expect];
  if (expr.op != Op::compare) return;
  const Value so_far = left_side(expr, context), wanted = right_side(expr, 1, context);
  if (!so_far.known() || !wanted.known() || compare(wanted.low, wanted.high) != 0) return;
  // A length of time in its own unit.
  const model::Type type = run.plan.book.exprs[expr.args[0]].type;
  const bool length = type.kind == model::TypeKind::duration;
  if (length && compare(so_far.low, so_far.high) != 0) return;
  const Rational scale =
      divide(rational(Decimal::scale, 1), length ? exact_length({1, type.unit}).low : rational(1, 1));
  const Rational had = multiply(so_far.low, scale), asked = multiply(wanted.low, scale);
  if (!had.exact() || !asked.exact()) return;
  if (fits(had) && fits(asked)) {
    run.trace.reasons.push_back({Ground::progress, run.rule.expect, {}, nearest(had), nearest(asked)});
  } else {
    const Rational unit = rational(1, Decimal::scale);
    run.trace.reasons.push_back(
        {Ground::progress_in_units, run.rule.expect, {}, whole(multiply(had, unit)), whole(multiply(asked, unit))});
  }
  const bool settled = compare(so_far.low, so_far.high) == 0;
  if (due && settled) give_outlook(run, of, quota, expr, had, asked);
}

// Whether a person is (still) one of those the rule is about on a day.
Truth included(RuleRun& run, View& view, const Asked& asked, const time::Calendar& days, Instant at) {
  if (!employed(run.plan.history.people, asked.person, days.day_of(at))) return Truth::no;
  return applies(run, view, at, UINT32_MAX, &days);
}

// When nothing is asked any more before the deadline: the first day within the period on which the person is none of
// those whom the rule is about, or the close of the deal. Missing: unknown where it does not end so before the horizon.
Instant asked_no_more(RuleRun& run, View& view, const Asked& asked, const Quota& quota) {
  const Instant until = std::min(quota.deadline, run.plan.horizon);
  if (run.rule.subject.kind == SubjectKind::deal) {
    const Life* life = run.rule.even_when_closed ? nullptr : view.life_at(quota.period.from);
    return life && life->end.known() && life->end < until ? life->end : Instant::unknown();
  }
  if (run.rule.subject.kind != SubjectKind::person) return Instant::unknown();
  const time::Calendar& days = *quota.calendar;
  const std::size_t reasons = run.trace.reasons.size();
  Instant found = Instant::unknown();
  for (time::Day day = days.day_of(quota.period.from) + 1; !found.known(); day = day + 1) {
    const Instant start = days.start_of(day);
    if (start >= std::min(until, quota.period.until)) break;
    if (included(run, view, asked, days, start) == Truth::no) found = start;
  }
  run.trace.reasons.resize(reasons);
  run.trace.facts.clear();
  return found;
}

// A quota that can only come true is kept as soon as it is true, one that can only be broken missed as soon as it is.
bool decided_early(Course course, Truth outcome) {
  return (course == Course::floor && outcome == Truth::yes) || (course == Course::ceiling && outcome == Truth::no);
}

Verdict verdict_of(Truth outcome) {
  return outcome == Truth::yes ? Verdict::kept : outcome == Truth::no ? Verdict::missed : Verdict::cannot_tell;
}

// An average falls short for what was before, too: whether the period by itself did is another question.
void give_own_period(RuleRun& run, View& view, const Asked& asked, const Quota& quota, Instant cut) {
  Quota own = quota;
  own.windows.assign(1, quota.windows.back());
  if (holds(run.rule.expect, context_of(run, view, asked, own, cut)) != Truth::yes) return;
  run.trace.reasons.push_back({Ground::alone_enough, run.rule.expect, {}, 0, 0});
}

// Whether the deal may have closed, so that nothing was asked any more, before what decides.
bool may_have_closed(const RuleRun& run, const View& view, const Quota& quota, const Obligation& duty) {
  if (run.rule.even_when_closed || (duty.verdict != Verdict::kept && duty.verdict != Verdict::missed)) return false;
  const Life* life = view.life_at(quota.period.from);
  return life && life->doubt.known() && duty.settled > life->doubt;
}

void judge(RuleRun& run, View& view, const Asked& asked, const Quota& quota) {
  // How much leave reduces it is known when the period is over.
  const bool adjusted = !run.rule.adjusted_for.empty();
  const bool early = run.rule.given.empty() && quota.windows.size() == 1 && !adjusted;
  const Course course = early ? course_of(run.plan, run.rule.expect, run.rule.point.has_value()) : Course::open;
  const Share share = adjusted ? share_of(run, asked, quota) : Share{};
  const Instant gone = asked_no_more(run, view, asked, quota);
  const bool passed = quota.deadline <= run.plan.horizon;
  const bool deal = run.rule.subject.kind == SubjectKind::deal;
  // What closes a deal still counts; the day on which a person is gone does not.
  const Instant cut = gone.known() ? Instant{gone.micros + deal} : std::min(quota.deadline, run.plan.horizon);
  Obligation duty{run.rule_index,    asked.subject,  asked.owed_by,
                  quota.period.from, quota.deadline, Instant::unknown(),
                  Verdict::due,      quota.period,   number_of(run.plan, *quota.calendar)};
  Context context = context_of(run, view, asked, quota, cut);
  if (adjusted) context.share = &share;
  const bool judged = enough(run, context);
  const Truth outcome = judged ? holds(run.rule.expect, context) : Truth::unknown;
  if (quota.window_from() < cut && decided_early(course, outcome)) {
    duty.verdict = verdict_of(outcome);
    duty.settled = turned(run, view, asked, quota, cut, outcome);
  } else if (gone.known()) {
    duty.verdict = outcome == Truth::yes ? Verdict::kept : Verdict::excused;
    duty.settled = gone;
  } else if (passed) {
    duty.verdict = adjusted && share.nothing() ? Verdict::excused : verdict_of(outcome);
    duty.settled = quota.deadline;
  }
  if (deal && may_have_closed(run, view, quota, duty)) {
    duty.verdict = Verdict::cannot_tell;
    run.trace.lack({FactKind::stage, {}, {}});
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
  if (duty.verdict == Verdict::missed && quota.windows.size() > 1) give_own_period(run, view, asked, quota, cut);
  emit(run, duty);
}

// Whether the rule is about a team or the company in a period: by what was true when it started.
Truth group_included(RuleRun& run, View& view, const Asked& asked, const Quota& quota) {
  if (!run.rule.subject.where) return Truth::yes;
  Context context = context_of(run, view, asked, quota, Instant{quota.period.from.micros + 1});
  context.window_from = Instant::unknown();
  const Truth about = holds(run.rule.subject.where, context);
  if (about != Truth::unknown) return about;
  context.trace = &run.trace;
  holds(run.rule.subject.where, context);
  run.trace.reasons.push_back({Ground::unknown_subject, run.rule.subject.where, {}, 0, 0});
  return about;
}

Truth open_at(const RuleRun& run, const View& view, Instant at) {
  if (run.rule.even_when_closed) return Truth::yes;
  const Life* life = view.life_at(at);
  return view.lives_unknown() || (life && life->doubtful(at)) ? Truth::unknown : truth(life != nullptr);
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
  const std::vector<Quota> asks =
      quotas_of(run, begin, [&](const time::Calendar& days, Instant at) -> const time::Calendar& {
        if (person) return run.plan.calendar_of(asked.person, days.day_of(at));
        const Instant start = std::max(at, begin);
        return run.plan.calendar_of(debtor(run.plan, run.rule, view, start), days.day_of(start));
      });
  for (const Quota& quota : asks) {
    run.trace.clear();
    const Instant start = person ? quota.period.from : std::max(quota.period.from, begin);
    // A deal that did not exist when the period began is asked from the next one on.
    if (!person && (begin > quota.period.from || open_at(run, view, start) == Truth::no)) continue;
    const Truth open = person ? Truth::yes : open_at(run, view, start);
    const Truth about =
        person ? included(run, view, asked, *quota.calendar, start) : both(open, applies(run, view, start, UINT32_MAX));
    if (about == Truth::no) continue;
    if (open == Truth::unknown) {
      run.trace.lack({FactKind::stage, {}, {}});
      run.trace.reasons.push_back({Ground::unknown_subject, {}, {}, 0, 0});
    }
    asked.owed_by = debtor(run.plan, run.rule, view, start);
    if (person) asked.team = team_of(run.plan, asked.person, quota.calendar->day_of(start));
    if (about == Truth::unknown) {
      emit(run, {run.rule_index, asked.subject, asked.owed_by, start, quota.deadline, start, Verdict::cannot_tell,
                 quota.period, number_of(run.plan, *quota.calendar)});
      continue;
    }
    judge(run, view, asked, quota);
  }
}

void run_group_quota(RuleRun& run, View& view, Instant begin) {
  const time::Calendar& calendar = run.plan.calendars.front();
  const history::Column* team = run.plan.team ? run.plan.fields[run.plan.team.index()].dated : nullptr;
  const bool company = run.rule.subject.kind == SubjectKind::company;
  std::set<std::string> names;
  if (!company && team) {
    for (std::int64_t word : team->values) {
      if (history::is_value(word)) names.emplace(run.plan.history.words[static_cast<std::uint32_t>(word)]);
    }
  }
  if (company) names.insert("the company");
  for (const std::string& name : names) {
    const std::uint32_t word = company ? nobody : run.plan.history.words.find(name);
    const auto subject = static_cast<std::uint32_t>(run.verdicts.teams.size());
    run.verdicts.teams.push_back(name);
    for (const Quota& quota : quotas(run, calendar, begin)) {
      run.trace.clear();
      const time::Day day = calendar.day_of(quota.period.from);
      const bool asked_for = !company || !run.rule.adjusted_for.empty();
      const auto members = asked_for ? members_of(run.plan, word, day) : std::vector<std::uint32_t>();
      if (!company && members.empty()) continue;
      const std::uint32_t manager = company ? nobody : manager_of_all(run.plan, members, day);
      const Asked asked{subject, nobody, word, manager, members};
      const Truth about = group_included(run, view, asked, quota);
      if (about == Truth::yes) judge(run, view, asked, quota);
      if (about != Truth::unknown) continue;
      emit(run, {run.rule_index, subject, manager, quota.period.from, quota.deadline, quota.period.from,
                 Verdict::cannot_tell, quota.period, number_of(run.plan, calendar)});
    }
  }
}

}  // namespace plumb::eval
