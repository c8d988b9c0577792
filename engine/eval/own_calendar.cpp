#include "eval/own_calendar.h"

#include <algorithm>

namespace plumb::eval {

namespace {

using model::Shape;
using time::Calendar;
using time::Unit;

std::optional<time::Duration> clock_of(const model::Rule& rule) {
  return rule.within ? rule.within : rule.ahead ? rule.ahead : rule.lapse;
}

bool in_working_time(const model::Rule& rule) {
  const std::optional<time::Duration> clock = clock_of(rule);
  const bool counted = clock && (clock->unit == Unit::business_days || clock->unit == Unit::working_hours);
  return counted || (rule.point && (rule.point->business || rule.point->or_next_business_day));
}

// What is done about a verdict has a clock, whatever the rule is that it is done about.
bool is_quota(const model::Rule& rule) { return rule.shape == Shape::every && !rule.responds_to; }

// Whether what is asked, or by when, depends on a day of the debtor's calendar.
bool reads_days(const RuleRun& run) {
  const model::Rule& rule = run.rule;
  const std::optional<time::Duration> clock = clock_of(rule);
  const auto today = [&](Id<model::Expr> condition) { return condition && run.plan.uses_today[condition.index()]; };
  const bool by_days = clock && clock->unit != Unit::hours && clock->unit != Unit::minutes;
  return by_days || is_quota(rule) || today(rule.expect) || today(rule.while_condition);
}

// Whether an `after` was answered before, or is over after, what each calendar would make of it.
bool alike_in_all(const RuleRun& run, const Obligation& duty) {
  const Plan& plan = run.plan;
  if (!run.rule.within || plan.any_holds || !duty.opened.known() || !duty.deadline.known()) return false;
  if (run.rule.expect && plan.uses_today[run.rule.expect.index()]) return false;
  Instant first = Instant::max(), last = Instant::unknown();
  for (const Calendar& calendar : plan.calendars) {
    const Instant deadline = calendar.within(*run.rule.within, duty.opened);
    if (!deadline.known()) return false;
    first = std::min(first, deadline), last = std::max(last, deadline);
  }
  switch (duty.verdict) {
    case Verdict::kept:
    case Verdict::excused: return duty.settled < first;
    case Verdict::late: return duty.settled >= last;
    case Verdict::missed: return last <= plan.horizon;
    case Verdict::due: return first > plan.horizon;
    case Verdict::cannot_tell: break;
  }
  return true;
}

// The word for a calendar that the rulebook does not have. Missing: 0, nobody knows which he has.
std::uint32_t undeclared(const Plan& plan, std::uint32_t person, Instant at) {
  const std::uint32_t row = person_row(plan.history.people, person, plan.calendars.front().day_of(at));
  const std::int64_t word = row == UINT32_MAX ? history::unreadable : plan.person_calendar->values[row];
  return history::is_value(word) ? static_cast<std::uint32_t>(word) : 0;
}

void take_back(RuleRun& run, Obligation& duty, const Reason& reason) {
  const bool decided = duty.verdict != Verdict::due && duty.verdict != Verdict::excused;
  duty.deadline = Instant::unknown();
  if (!decided) return;
  if (!duty.settled.known()) duty.settled = duty.opened;
  duty.verdict = Verdict::cannot_tell;
  run.trace.reasons.assign(1, reason);
  run.trace.facts.clear();
}

}  // namespace

const Calendar& own_calendar(const Plan& plan, const time::Interval& period, std::uint32_t number,
                             std::uint32_t owed_by, Instant opened) {
  return period.from.known() ? plan.calendars[number] : plan.calendar_at(owed_by, opened);
}

time::Day day_in(const Plan& plan, const Calendar& calendar, Instant at) {
  const Calendar& usual = plan.calendars.front();
  const time::Day date = usual.day_of(at);
  const bool written = plan.by_day && (at == usual.start_of(date) || Instant{at.micros + 1} == usual.end_of(date));
  return written ? date : calendar.day_of(at);
}

void heed_calendar(RuleRun& run, Obligation& duty) {
  const Plan& plan = run.plan;
  if ((plan.calendars_told && plan.all_work) || !duty.opened.known()) return;
  const model::SubjectKind kind = run.rule.subject.kind;
  const bool quota = is_quota(run.rule);
  // The periods of teams and the company are the default calendar's.
  if (quota && (kind == model::SubjectKind::team || kind == model::SubjectKind::company)) return;
  const std::uint32_t whose = quota && kind == model::SubjectKind::person ? duty.subject : duty.owed_by;
  // What lasted without a break is kept in any calendar.
  const bool unbroken = run.rule.shape == Shape::while_ && duty.settled == duty.deadline;
  if (!plan.calendar_told(whose, duty.opened)) {
    const std::uint32_t word = undeclared(plan, whose, duty.opened);
    const bool known = unbroken || (word == 0 && alike_in_all(run, duty));
    if (!reads_days(run) || (known && duty.verdict != Verdict::cannot_tell)) return;
    if (duty.verdict == Verdict::cannot_tell && !run.trace.facts.empty()) return;
    take_back(run, duty, {Ground::unknown_calendar, {}, {}, whose, word});
    if (duty.verdict == Verdict::cannot_tell) run.trace.lack({.kind = FactKind::calendar, .person = whose});
    return;
  }
  if (plan.all_work || !in_working_time(run.rule) || unbroken) return;
  const Calendar& calendar = plan.calendar_at(whose, duty.opened);
  if (works(calendar)) return;
  const bool over = quota && duty.verdict == Verdict::due && duty.period.until <= plan.horizon;
  if (over) duty.verdict = Verdict::cannot_tell, duty.settled = duty.period.until;
  take_back(run, duty, {Ground::no_working_hours, {}, {}, &calendar - plan.calendars.data(), 0});
}

}  // namespace plumb::eval
