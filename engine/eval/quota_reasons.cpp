#include <algorithm>
#include <utility>

#include "eval/quota.h"
#include "eval/shown.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

using time::Interval;

bool fits(Rational r) { return r.exact() && r.n / r.d < INT64_MAX && r.n / r.d > INT64_MIN; }

// As far as it can be shown.
std::int64_t fitted(Wide millionths) { return whole(rational(millionths, 1)); }

// The periods that are judged together, the last first.
template <class Each>
void for_periods(const RuleRun& run, const Quota& quota, Each each) {
  Interval period = quota.period;
  for (std::size_t i = 0; i < quota.windows.size(); ++i) {
    each(period);
    period = quota.calendar->previous(*run.rule.period, period);
  }
}

}  // namespace

std::int64_t whole(Rational r) {
  const Wide most = INT64_MAX;
  const Wide found = r.n / r.d;
  return static_cast<std::int64_t>(found > most ? most : found < -most ? -most : found);
}

Share share_of(const RuleRun& run, const Asked& asked, const Quota& quota) {
  Share share;
  for_periods(run, quota, [&](const Interval& period) {
    Share one = asked_in(run.plan, run.rule, asked.members, *quota.calendar, period);
    // Whoever else is of the team may be away all the time, or not at all.
    if (!asked.members_told) one.low = rational(0, 1), one.high = rational(1, 1), one.reduced = true;
    add(share, one);
    share.each.push_back(std::move(one));
  });
  std::reverse(share.each.begin(), share.each.end());
  if (!asked.members_told) share.lacks = run.plan.team;
  return share;
}

void give_adjustments(RuleRun& run, const Asked& asked, const Quota& quota) {
  for_periods(run, quota, [&](const Interval& period) {
    tell_adjustments(run.plan, run.rule, asked.members, number_of(run.plan, *quota.calendar), period,
                     run.trace.reasons);
  });
}

void give_share(RuleRun& run, const Asked& asked, const Quota& quota, const Share& share, bool untold) {
  if (untold && share.lacks) run.trace.lack({FactKind::person_field, share.lacks, {}});
  if (untold && !share.lacks && compare(share.low, share.high) != 0) {
    for (const std::uint32_t person : asked.members) lack_leave(run.plan, person, quota.period, run.trace);
  }
  if (!share.known || !share.reduced) return;
  const auto periods = static_cast<std::int64_t>(quota.windows.size());
  const Rational part = divide(multiply(share.high, rational(Decimal::scale, 1)), rational(periods, 1));
  if (part.exact() && compare(share.low, share.high) == 0) {
    const std::int64_t days = periods == 1 ? days_asked_of(run.rule, asked.members, *quota.calendar, quota.period) : 0;
    run.trace.reasons.push_back({Ground::adjusted, run.rule.expect, {}, whole(add(part, rational(1, 2))), days});
  }
  give_adjustments(run, asked, quota);
}

namespace {

// What a total that is due still needs, or may still have, and where it would be by now if it came evenly.
void give_outlook(RuleRun& run, const Asked& asked, const Quota& quota, const model::Expr& expr, Rational had,
                  Rational wanted, std::uint32_t currency) {
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
  const model::TypeKind kind = run.plan.book.exprs[expr.args[0]].type.kind;
  const bool counted = kind == model::TypeKind::count;
  const Wide step = kind == model::TypeKind::money ? Decimal::scale / 100 : 1;
  Rational left = floor ? subtract(wanted, had) : subtract(had, wanted);
  // One more than so many is one more; more than an amount has no least.
  if (strict && counted) left = add(left, rational(Decimal::scale, 1));
  if (!floor) left = Rational{-left.n, left.d};
  const bool none = compare(left, rational(0, 1)) < 0 || (floor && left.n == 0 && (!strict || counted));
  if (none || !fits(left)) return;
  run.trace.reasons.push_back({floor ? Ground::still_asked : Ground::still_allowed,
                               run.rule.expect,
                               {},
                               fitted(stepped(left, step, floor)),
                               0,
                               currency});
}

// A word, a person or a day comes about at once and is not counted.
bool is_amount(model::TypeKind kind) {
  switch (kind) {
    case model::TypeKind::money:
    case model::TypeKind::percent:
    case model::TypeKind::count:
    case model::TypeKind::number:
    case model::TypeKind::duration: return true;
    default: return false;
  }
}

}  // namespace

void give_progress(RuleRun& run, const Asked& of, const Quota& quota, const Context& context, bool due) {
  const model::Expr& expr = run.plan.book.exprs[run.rule.expect];
  if (expr.op != model::Op::compare) return;
  // What has come about is said first; the other way round it would read as what is asked.
  if (is_total(run.plan.book, expr.args[1]) && !is_total(run.plan.book, expr.args[0])) return;
  const Value so_far = left_side(expr, context), wanted = right_side(expr, 1, context);
  if (!so_far.known() || !wanted.known() || compare(wanted.low, wanted.high) != 0) return;
  if (so_far.currency != wanted.currency && so_far.currency != 0 && wanted.currency != 0) return;
  // A length of time in its own unit.
  const model::Type type = run.plan.book.exprs[expr.args[0]].type;
  if (!is_amount(type.kind)) return;
  const bool length = type.kind == model::TypeKind::duration;
  if (length && compare(so_far.low, so_far.high) != 0) return;
  const Rational scale =
      divide(rational(Decimal::scale, 1), length ? exact_length({1, type.unit}).low : rational(1, 1));
  const Rational had = multiply(so_far.low, scale), asked = multiply(wanted.low, scale);
  if (!had.exact() || !asked.exact()) return;
  if (fits(had) && fits(asked)) {
    run.trace.reasons.push_back({Ground::progress,
                                 run.rule.expect,
                                 {},
                                 fitted(shown(had, asked, type)),
                                 fitted(stepped(add(asked, rational(1, 2)), 1, false)),
                                 wanted.currency});
  } else {
    const Rational unit = rational(1, Decimal::scale);
    run.trace.reasons.push_back(
        {Ground::progress_in_units, run.rule.expect, {}, whole(multiply(had, unit)), whole(multiply(asked, unit))});
  }
  const bool settled = compare(so_far.low, so_far.high) == 0;
  if (due && settled) give_outlook(run, of, quota, expr, had, asked, wanted.currency);
}

void give_late(RuleRun& run, const Asked& asked, const Quota& quota, const Context& by_deadline, const Turned& late) {
  run.trace.clear();
  const model::Expr& expr = run.plan.book.exprs[run.rule.expect];
  const bool one = expr.op == model::Op::happened;
  Context context = by_deadline;
  if (!one) {
    context.trace = &run.trace;
    explain(run.rule.expect, context, Truth::no);
    give_progress(run, asked, quota, by_deadline, false);
  }
  Trace then;
  context.cut = Instant{late.at.micros + 1}, context.trace = &then;
  tell(run, run.rule.expect, {}, context);
  holds(run.rule.expect, context);
  run.trace.evidence = std::move(then.evidence);
  const std::int64_t by = late.by_day ? -1 : late.at.micros - quota.deadline.micros;
  run.trace.reasons.push_back({Ground::happened_late, {}, one ? expr.event : Id<model::Event>(), by, 0});
}

}  // namespace plumb::eval
