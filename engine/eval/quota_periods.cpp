#include <algorithm>

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

}  // namespace

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

std::vector<Quota> quotas_of(const RuleRun& run, Instant begin, const CalendarAt& calendar_at) {
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

}  // namespace plumb::eval
