#include <algorithm>

#include "eval/day.h"
#include "eval/openings.h"
#include "eval/quota.h"
#include "time/point.h"

namespace plumb::eval {

namespace {

using time::Interval;

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
Instant last_point_before(const RuleRun& run, const time::Calendar& calendar, Instant begin, const Asks& asks) {
  Instant last = Instant::unknown();
  for (const std::uint32_t row : earlier_versions(run)) {
    RuleRun earlier(run.plan, row);
    if (!earlier.rule.point) continue;
    const Instant over = calendar.start_of(*earlier.rule.effective_until);
    const Interval period = calendar.period_of(*earlier.rule.period, Instant{over.micros - 1});
    if (period.from.known() && period.until > begin && in_force(earlier, period.from) &&
        asks(earlier, calendar, period) == Truth::yes)
      last = std::max(last, deadline_of(earlier.rule, calendar, period));
  }
  return last;
}

std::int64_t judged_together(const model::Rule& rule) { return rule.averaged_over ? rule.averaged_over->first : 1; }

// A version behind this one, and the start of the first period that it judges: with so many before it, none of which
// began before its day.
struct Later {
  RuleRun run;
  Instant asks_from;
  bool next;  // none is between them
};

std::vector<Later> later_of(const RuleRun& run, const time::Calendar& calendar) {
  std::vector<Later> all;
  for (const std::uint32_t row : later_versions(run)) {
    const model::Rule& rule = run.plan.book.rules[row];
    if (rule.shape != model::Shape::every) continue;
    const Instant start = run.plan.calendars.front().start_of(*rule.effective_from);
    Instant asks_from = start;
    // A period by itself is judged by the version in force when it starts, whether or not that asks of such a one.
    std::int64_t left = judged_together(rule) - 1;
    for (Interval period = first_period(rule, calendar, start); left > 0 && period.from.known();) {
      left -= period.from >= start;
      period = calendar.next(*rule.period, period);
      if (period.from.known()) asks_from = period.from;
    }
    all.push_back({RuleRun(run.plan, row), asks_from, rule.effective_from == run.rule.effective_until});
  }
  return all;
}

// Whether this version goes on asking what begins after its last day, until the next one judges so many together.
bool goes_on(const std::vector<Later>& later, const Interval& period) {
  return std::any_of(later.begin(), later.end(),
                     [&](const Later& one) { return one.next && period.from < one.asks_from; });
}

bool is_asked_by(std::vector<Later>& later, const time::Calendar& calendar, const Interval& period, const Asks& asks) {
  return std::any_of(later.begin(), later.end(), [&](Later& one) {
    return one.asks_from <= period.from && asks(one.run, calendar, period) != Truth::no;
  });
}

}  // namespace

std::vector<Quota> quotas(const RuleRun& run, const time::Calendar& calendar, Instant begin, const Asks& asks) {
  std::vector<Quota> out;
  std::vector<Window> windows;
  Instant previous_point = last_point_before(run, calendar, begin, asks);
  std::vector<Later> later = later_of(run, calendar);
  const auto averaged = static_cast<std::size_t>(judged_together(run.rule));
  // A row dated to 1850 is no reason to ask nobody anything.
  begin = std::max(begin, calendar.start_of(first_tabulated));
  for (Interval period = first_period(run.rule, calendar, begin); period.from.known() && period.from < run.plan.horizon;
       period = calendar.next(*run.rule.period, period)) {
    const bool begins = in_force(run, period.from);
    if (!begins && windows.empty()) continue;
    if (!begins && !goes_on(later, period)) break;
    const Instant point = deadline_of(run.rule, calendar, period);
    if (!point.known() && !run.rule.point) break;
    // Of the last term nobody knows yet when the one after it begins: what is asked by then may still be done.
    const Instant deadline = point.known() ? point : Instant::max();
    const bool tiled = run.rule.point && previous_point.known();
    windows.push_back({tiled ? previous_point : period.from, deadline, period.from});
    previous_point = deadline;
    // Several periods may wait for one business day: nothing can be done in the windows of all but the first.
    if (point.known() && windows.back().from >= deadline) continue;
    if (windows.size() < averaged || (!begins && is_asked_by(later, calendar, period, asks))) continue;
    out.push_back(
        {&calendar, period, deadline, {windows.end() - static_cast<std::ptrdiff_t>(averaged), windows.end()}});
  }
  return out;
}

std::vector<Quota> quotas_of(const RuleRun& run, Instant begin, const CalendarAt& calendar_at, const Asks& asks) {
  if (!run.plan.person_calendar) return quotas(run, run.plan.calendars.front(), begin, asks);
  std::vector<Quota> out;
  // What begins with a day does so wherever days are counted.
  const time::Calendar& days = run.plan.calendars.front();
  const bool with_day = run.rule.subject.kind != model::SubjectKind::deal && days.start_of(days.day_of(begin)) == begin;
  for (const time::Calendar& calendar : run.plan.calendars) {
    const Instant here = with_day ? as_written(run.plan, begin, calendar) : begin;
    for (const Quota& quota : quotas(run, calendar, here, asks)) {
      if (&calendar_at(calendar, quota.period.from) == &calendar) out.push_back(quota);
    }
  }
  const auto earlier = [](const Quota& a, const Quota& b) { return a.period.from < b.period.from; };
  std::stable_sort(out.begin(), out.end(), earlier);
  return out;
}

}  // namespace plumb::eval
