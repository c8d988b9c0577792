#include <algorithm>

#include "property/twin/quota.h"

namespace plumb::twin {

using model::Comparison;
using model::Op;

namespace {

Instant clock_time(const Clock& clock, Day day, std::int64_t micros) {
  // The first instant of the day at which the clock on the wall shows that time, or a later one.
  for (const Offset& offset : offsets_of(clock.spec().zone)) {
    const Instant at{std::max(offset.from, day.days * std::int64_t{86'400'000'000} + micros - offset.east)};
    if (at.micros < offset.until) return at;
  }
  return Instant::unknown();
}

// Whether a filter reads nothing but the event itself: then whoever counts, counts for good.
bool only_event(const model::Rulebook& book, Id<model::Expr> id) {
  if (!id) return true;
  const model::Expr& expr = book.exprs[id];
  const bool other = expr.op == Op::subject_field || expr.op == Op::account_field || expr.op == Op::state ||
                     expr.op == Op::in_stage || expr.op == Op::happened || expr.op == Op::aggregate ||
                     expr.op == Op::today || expr.op == Op::measure || expr.op == Op::time_since ||
                     expr.op == Op::total_time_in || expr.op == Op::its_field;
  return !other &&
         std::all_of(expr.args.begin(), expr.args.end(), [&](Id<model::Expr> a) { return only_event(book, a); });
}

}  // namespace

Instant point_of(const model::Rule& rule, const Clock& clock, Interval period) {
  const model::Point& point = *rule.point;
  if (point.of_period_after) period = clock.next(*rule.period, period);
  if (!period.from.known()) return Instant::unknown();
  const Day first = clock.day_of(period.from), last = clock.day_of({period.until.micros - 1});
  Day day = first;
  if (point.weekday) {
    while (weekday(day) != *point.weekday) day = day + 1;
  } else if (point.business) {
    std::int64_t number = 0;
    for (Day each = first; each <= last && number < *point.day_number; each = each + 1) {
      if (clock.is_business_day(each)) day = each, ++number;
    }
    if (number == 0) day = last;
  } else {
    day = std::min(first + static_cast<int>(*point.day_number - 1), last);
  }
  if (point.or_next_business_day) day = clock.business_day(day, 0);
  return point.micros_of_day ? clock_time(clock, day, *point.micros_of_day) : clock.end_of(day);
}

namespace {

// A number, also one that depends on when the period starts.
bool is_fixed(const model::Rulebook& book, Id<model::Expr> id) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op != Op::target) return expr.op == Op::number;
  const auto& cases = book.targets[expr.target].cases;
  return std::ranges::all_of(cases, [&](const auto& each) { return book.exprs[each.value].op == Op::number; });
}

}  // namespace

int direction(const model::Rulebook& book, Id<model::Expr> id, bool stated) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::happened) return expr.tails.any() ? 0 : 1;
  if (expr.op == Op::and_ || expr.op == Op::or_) {
    const int all = direction(book, expr.args.front(), stated);
    const bool alike = std::all_of(expr.args.begin(), expr.args.end(),
                                   [&](Id<model::Expr> arg) { return direction(book, arg, stated) == all; });
    return alike ? all : 0;
  }
  if (expr.op != Op::compare || expr.tails.any() || !is_fixed(book, expr.args[1])) return 0;
  const model::Expr* left = &book.exprs[expr.args.front()];
  while (left->op == Op::measure) left = &book.exprs[book.measures[left->measure].value];
  if (!left->aggregate || left->aggregate->function != model::AggregateFunction::count) return 0;
  if (!left->aggregate->event) return 0;  // contacts
  const Id<model::Expr> where = left->aggregate->where;
  if (left->aggregate->tails.any() || (where && (stated || !only_event(book, where)))) return 0;
  if (expr.comparison == Comparison::at_least || expr.comparison == Comparison::more_than) return 1;
  return expr.comparison == Comparison::at_most || expr.comparison == Comparison::less_than ? -1 : 0;
}

}  // namespace plumb::twin
