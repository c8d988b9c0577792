#include "eval/leave.h"

#include <algorithm>
#include <optional>

#include "eval/condition.h"

namespace plumb::eval {

namespace {

using model::Adjustment;
using time::Calendar;
using time::Day;

struct Days {
  Day from, to;  // to inclusive
};

// Whether a row of leave is there as of the horizon and the known-at: from when its first day begins where he is.
// Nobody knows of one that may begin later.
Truth exists(const Plan& plan, const history::People::Leave& leave) {
  const Day first = leave.from.known() ? leave.from : leave.to;
  const bool later = first.known() && plan.calendar_of(leave.person, first).start_of(first) >= plan.horizon;
  if (later && leave.from.known()) return Truth::no;
  return both(later ? Truth::unknown : Truth::yes, plan.recorded_by_then(leave.recorded));
}

// The last day that calendars tabulate, on which ends what has no end so far.
const Day last_tabulated = *time::day_of(2200, 12, 31);

// The days on which it is leave at the most, and at the least: a day that is named is one. Missing: nullopt where none.
Days longest(const history::People::Leave& leave) {
  return {leave.from.known() ? leave.from : first_tabulated, leave.to.known() ? leave.to : last_tabulated};
}

std::optional<Days> shortest(const history::People::Leave& leave) {
  const bool ends = leave.to.known() && (leave.from.known() || leave.to < last_tabulated);
  if (!leave.from.known() && !ends) return std::nullopt;
  return Days{leave.from.known() ? leave.from : leave.to, ends ? leave.to : leave.from};
}

// A person's leave, rows that overlap or touch as one; with what may be leave, or without.
std::vector<Days> leave_of(const Plan& plan, std::uint32_t person, Truth at_least) {
  std::vector<Days> rows, out;
  const history::Array<history::People::Leave>& all = plan.history.people.leave;
  auto row = std::partition_point(all.begin(), all.end(), [&](const auto& leave) { return leave.person < person; });
  for (; row != all.end() && row->person == person; ++row) {
    if (exists(plan, *row) < at_least) continue;
    const std::optional<Days> days = at_least == Truth::yes ? shortest(*row) : longest(*row);
    if (days) rows.push_back(*days);
  }
  std::ranges::sort(rows, {}, &Days::from);
  for (const Days& days : rows) {
    if (!out.empty() && days.from <= out.back().to + 1) {
      out.back().to = std::max(out.back().to, days.to);
    } else {
      out.push_back(days);
    }
  }
  return out;
}

bool holds_day(const std::vector<Days>& leave, Day day) {
  return std::any_of(leave.begin(), leave.end(), [&](Days days) { return days.from <= day && day <= days.to; });
}

// Whether leave is observed on a day; where no file supplies it, it never is.
bool observed(const Plan& plan, Day day) {
  const Instant at = plan.calendars.front().start_of(day);
  const time::Interval& seen = plan.leave_observed;
  return !(seen.from.known() && at < seen.from) && at < seen.until;
}

bool longer(const Calendar& calendar, Days leave, time::Duration than) {
  const Instant from = calendar.start_of(leave.from), until = calendar.end_of(leave.to);
  const std::int64_t days = leave.to - leave.from + 1;
  switch (than.unit) {
    case time::Unit::business_days: return calendar.business_days_between(leave.from, leave.to + 1) > than.count;
    case time::Unit::days: return days > than.count;
    case time::Unit::weeks: return days > 7 * than.count;
    case time::Unit::working_hours: return calendar.worked(from, until) > than.count * time::micros_per_hour;
    // From 1 to 31 March is a month, and not longer than one.
    default: return until >= calendar.within(than, from) || !until.known();
  }
}

// The leave that counts for a rule.
struct Counted {
  std::vector<Days> certain, possible;
};

Counted counted_leave(const Plan& plan, const Adjustment& by, std::uint32_t person, const Calendar& calendar) {
  Counted out{leave_of(plan, person, Truth::yes), leave_of(plan, person, Truth::unknown)};
  if (!by.longer_than) return out;
  const auto is_short = [&](Days leave) { return !longer(calendar, leave, *by.longer_than); };
  std::erase_if(out.certain, is_short);
  std::erase_if(out.possible, is_short);
  return out;
}

const Adjustment* adjusted_for(const model::Rule& rule, Adjustment::For what) {
  const auto found = std::find_if(rule.adjusted_for.begin(), rule.adjusted_for.end(),
                                  [&](const Adjustment& one) { return one.by == what; });
  return found == rule.adjusted_for.end() ? nullptr : &*found;
}

// The working days of a period: those that are left, and all that they are a share of.
struct WorkingDays {
  std::vector<Day> left;
  std::int64_t all = 0;
};

WorkingDays working_days(const Calendar& calendar, const time::Interval& period, bool holidays_reduce) {
  const auto& week = calendar.spec().week;
  const bool any = works(calendar);
  WorkingDays out;
  const Day after = calendar.day_of(period.until);
  for (Day day = calendar.day_of(period.from); day < after; day = day + 1) {
    if (any && week[static_cast<std::size_t>(time::weekday_of(day) - 1)].empty()) continue;
    const bool works = !any || calendar.is_business_day(day);
    if (works) out.left.push_back(day);
    out.all += works || holidays_reduce;
  }
  return out;
}

// What is asked of one person on a day, as a part of a whole day.
struct OnDay {
  Rational low{1, 1}, high{1, 1};
};

void take_percentages(const Plan& plan, const model::Rule& rule, std::uint32_t person, Day day, OnDay& part,
                      Share& asked) {
  for (const Adjustment& by : rule.adjusted_for) {
    if (by.by != Adjustment::For::field) continue;
    const time::Interval& observed = plan.fields[by.field.index()].observed;
    const Instant at = plan.calendars.front().start_of(day);
    const bool told = at >= observed.from && at < observed.until;
    const Value percentage = told ? person_value(plan, by.field, person, day) : Value::unknown();
    if (!percentage.known()) {
      asked.known = false, asked.lacks = by.field;
      continue;
    }
    asked.reduced |= compare(percentage.low, Rational{1, 1}) != 0;
    part.low = multiply(part.low, percentage.low), part.high = multiply(part.high, percentage.high);
  }
}

Share asked_of(const Plan& plan, const model::Rule& rule, std::uint32_t person, const Calendar& calendar,
               const WorkingDays& days) {
  Share asked;
  const Adjustment* leave = adjusted_for(rule, Adjustment::For::leave);
  const Counted away = leave ? counted_leave(plan, *leave, person, calendar) : Counted{};
  for (const Day day : days.left) {
    OnDay part;
    const bool certain = leave && holds_day(away.certain, day);
    // Nothing is asked of who is away, whatever part of it.
    if (!certain) take_percentages(plan, rule, person, day, part, asked);
    const bool possible = leave && (holds_day(away.possible, day) || !observed(plan, day));
    asked.reduced |= possible || certain;
    if (!possible && !certain) asked.low = add(asked.low, part.low);
    if (!certain) asked.high = add(asked.high, part.high);
  }
  asked.reduced |= static_cast<std::int64_t>(days.left.size()) < days.all;
  return asked;
}

void scale(Share& asked, std::int64_t by) {
  asked.low = divide(asked.low, rational(by, 1)), asked.high = divide(asked.high, rational(by, 1));
}

}  // namespace

void add(Share& sum, const Share& more) {
  sum.low = add(sum.low, more.low), sum.high = add(sum.high, more.high);
  sum.known &= more.known, sum.reduced |= more.reduced;
  if (!more.known) sum.lacks = more.lacks;
}

Truth on_leave(const Plan& plan, std::uint32_t person, Day day) {
  if (holds_day(leave_of(plan, person, Truth::yes), day)) return Truth::yes;
  if (!observed(plan, day)) return Truth::unknown;
  return holds_day(leave_of(plan, person, Truth::unknown), day) ? Truth::unknown : Truth::no;
}

void lack_leave(const Plan& plan, std::uint32_t person, time::Interval period, Trace& trace) {
  const history::Array<history::People::Leave>& all = plan.history.people.leave;
  const Day first = plan.calendars.front().day_of(period.from);
  const Day last = plan.calendars.front().day_of(Instant{period.until.micros - 1});
  const std::size_t before = trace.facts.size();
  auto row = std::partition_point(all.begin(), all.end(), [&](const auto& leave) { return leave.person < person; });
  for (; row != all.end() && row->person == person; ++row) {
    const Days days = longest(*row);
    if (exists(plan, *row) == Truth::no || days.from > last || days.to < first) continue;
    if (!row->from.known()) trace.lack({.kind = FactKind::leave_from, .person = person});
    if (!row->to.known()) trace.lack({.kind = FactKind::leave_until, .person = person});
    if (plan.recorded_by_then(row->recorded) == Truth::unknown)
      trace.lack({.kind = FactKind::leave_recorded, .person = person});
  }
  const bool told = observed(plan, first) && observed(plan, last);
  if (trace.facts.size() == before && !told) trace.lack({.kind = FactKind::leave});
}

bool may_go_on(const Plan& plan, std::uint32_t person, Day start) {
  const history::Array<history::People::Leave>& all = plan.history.people.leave;
  auto row = std::partition_point(all.begin(), all.end(), [&](const auto& leave) { return leave.person < person; });
  for (; row != all.end() && row->person == person; ++row) {
    const bool open = !row->from.known() || !row->to.known();
    const Days days = longest(*row);
    if (open && exists(plan, *row) != Truth::no && days.from < start && days.to + 1 >= start) return true;
  }
  return false;
}

Share asked_in(const Plan& plan, const model::Rule& rule, const std::vector<std::uint32_t>& people,
               const Calendar& calendar, time::Interval period) {
  const bool holidays = adjusted_for(rule, Adjustment::For::holidays) != nullptr;
  const WorkingDays days = working_days(calendar, period, holidays);
  Share all;
  // In a period without any working day nothing is left to be taken off.
  if (days.all == 0) return {Rational{1, 1}, Rational{1, 1}};
  for (const std::uint32_t person : people) add(all, asked_of(plan, rule, person, calendar, days));
  if (people.empty()) all = asked_of(plan, rule, nobody, calendar, days);
  scale(all, days.all * static_cast<std::int64_t>(std::max<std::size_t>(people.size(), 1)));
  return all;
}

std::int64_t days_asked_of(const model::Rule& rule, const std::vector<std::uint32_t>& people, const Calendar& calendar,
                           time::Interval period) {
  const bool holidays = adjusted_for(rule, Adjustment::For::holidays) != nullptr;
  const auto persons = static_cast<std::int64_t>(std::max<std::size_t>(people.size(), 1));
  return working_days(calendar, period, holidays).all * persons;
}

Rational gone_by(const Plan& plan, const model::Rule& rule, const std::vector<std::uint32_t>& people,
                 const Calendar& calendar, time::Interval period, Instant now) {
  WorkingDays days = working_days(calendar, period, false);
  const std::vector<std::uint32_t> somebody{nobody};
  Share all, gone;
  for (const std::uint32_t person : people.empty() ? somebody : people) {
    add(all, asked_of(plan, rule, person, calendar, days));
  }
  std::erase_if(days.left, [&](Day day) { return calendar.end_of(day) > now; });
  for (const std::uint32_t person : people.empty() ? somebody : people) {
    add(gone, asked_of(plan, rule, person, calendar, days));
  }
  return all.known && all.high.exact() && all.high.n > 0 ? divide(gone.high, all.high) : rational(0, 1);
}

namespace {

// Each row of leave with the working days that it takes off and no row before it did.
void tell_leave(const Plan& plan, const Counted& away, std::uint32_t person, std::vector<Day> left,
                std::vector<Reason>& out) {
  const history::Array<history::People::Leave>& all = plan.history.people.leave;
  auto row = std::partition_point(all.begin(), all.end(), [&](const auto& leave) { return leave.person < person; });
  for (; row != all.end() && row->person == person; ++row) {
    const Days days = longest(*row);
    if (exists(plan, *row) == Truth::no || !holds_day(away.possible, days.from)) continue;
    const std::size_t before = left.size();
    std::erase_if(left, [&](Day day) { return days.from <= day && day <= days.to; });
    if (left.size() == before) continue;
    out.push_back({Ground::away, {}, {}, row - all.begin(), static_cast<std::int64_t>(before - left.size())});
  }
}

void tell_percentages(const Plan& plan, const Adjustment& by, std::uint32_t person, const std::vector<Day>& left,
                      std::vector<Reason>& out) {
  std::uint32_t last = UINT32_MAX;
  for (const Day day : left) {
    const std::uint32_t row = person_row(plan.history.people, person, day);
    const Value percentage = person_value(plan, by.field, person, day);
    if (row == last || row == UINT32_MAX || !percentage.known()) continue;
    last = row;
    if (compare(percentage.low, Rational{1, 1}) == 0) continue;
    out.push_back({Ground::percentage, {}, {}, row, static_cast<std::int64_t>(by.field.index())});
  }
}

}  // namespace

void tell_adjustments(const Plan& plan, const model::Rule& rule, const std::vector<std::uint32_t>& people,
                      std::uint32_t number, time::Interval period, std::vector<Reason>& out) {
  const Calendar& calendar = plan.calendars[number];
  const bool holidays = adjusted_for(rule, Adjustment::For::holidays) != nullptr;
  const std::vector<Day> left = working_days(calendar, period, false).left;
  std::vector<Day> off = calendar.spec().holidays;
  std::sort(off.begin(), off.end());
  off.erase(std::unique(off.begin(), off.end()), off.end());
  for (const Day day : off) {
    const bool within = day >= calendar.day_of(period.from) && day < calendar.day_of(period.until);
    const bool works = !calendar.spec().week[static_cast<std::size_t>(time::weekday_of(day) - 1)].empty();
    if (holidays && within && works) out.push_back({Ground::holiday, {}, {}, day.days, number});
  }
  for (const Adjustment& by : rule.adjusted_for) {
    for (const std::uint32_t person : people) {
      if (by.by == Adjustment::For::leave) {
        tell_leave(plan, counted_leave(plan, by, person, calendar), person, left, out);
      }
      if (by.by == Adjustment::For::field) tell_percentages(plan, by, person, left, out);
    }
  }
}

}  // namespace plumb::eval
