#include <algorithm>

#include "property/twin/look.h"
#include "property/twin/share.h"

/// Comparisons, and what is calculated (language.md; semantics.md §3).
namespace plumb::twin {

using model::Comparison;
using model::Expr;
using model::Op;

namespace {

Tri at_least(const Value& a, const Value& b) {
  if (!(a.number < most(b))) return Tri::yes;
  return most(a) < b.number ? Tri::no : Tri::unknown;
}

Tri compare_quantities(Comparison comparison, const Value& a, const Value& b) {
  if (a.is == Value::Is::money && !a.text.empty() && !b.text.empty() && a.text != b.text) return Tri::unknown;
  switch (comparison) {
    case Comparison::at_least: return at_least(a, b);
    case Comparison::less_than: return !at_least(a, b);
    case Comparison::at_most: return at_least(b, a);
    case Comparison::more_than: return !at_least(b, a);
    case Comparison::is:
    case Comparison::is_one_of: return both(at_least(a, b), at_least(b, a));
    case Comparison::is_not: return !both(at_least(a, b), at_least(b, a));
    default: return Tri::unknown;
  }
}

}  // namespace

Tri compare_values(Comparison comparison, const Value& a, const Value& b) {
  if (!a.known() || !b.known()) return Tri::unknown;
  if (is_quantity(a) && is_quantity(b)) return compare_quantities(comparison, a, b);
  if (a.is == Value::Is::text) {
    const bool equal = a.text == b.text;
    return sure(comparison == Comparison::is_not ? !equal : equal);
  }
  switch (comparison) {
    case Comparison::is:
    case Comparison::is_one_of: return sure(a.point == b.point);
    case Comparison::is_not: return sure(a.point != b.point);
    case Comparison::before:
    case Comparison::less_than: return sure(a.point < b.point);
    case Comparison::after:
    case Comparison::more_than: return sure(a.point > b.point);
    case Comparison::not_before:
    case Comparison::at_least: return sure(a.point >= b.point);
    case Comparison::not_after:
    case Comparison::at_most: return sure(a.point <= b.point);
  }
  return Tri::unknown;
}

// A count or a sum grows with its window, and so does what is added up of them.
bool Look::is_total(Id<Expr> id) const {
  const Expr& expr = book().exprs[id];
  if (expr.op == Op::measure) return is_total(book().measures[expr.measure].value);
  if (expr.op == Op::arithmetic && expr.arithmetic != model::Arithmetic::divided_by) {
    return is_total(expr.args[0]) || is_total(expr.args[1]);
  }
  using Function = model::AggregateFunction;
  return expr.aggregate && (expr.aggregate->function == Function::count || expr.aggregate->function == Function::sum);
}

// `time since E is at most D`: whether the end of D after E has come; of days the last is both at most and at least D
// away.
Tri Look::elapsed(const Expr& expr, const Moment& m) const {
  const Value since = time_since(book().exprs[expr.args.front()].event, m);
  if (!since.known()) return Tri::unknown;
  const std::optional<Duration> asked = length(expr.args[1], m);
  if (!asked) return Tri::unknown;
  const Duration d = *asked;
  const bool by_date = since.range && !twin::by_the_clock(d);  // the day that is written, in whatever zone
  const auto when = [&](const Ratio& since) {
    const Instant from{m.now.micros - static_cast<std::int64_t>(since.over)};
    const Instant end = m.clock->within(d, by_date ? m.clock->start_of(world_.usual().day_of(from)) : from);
    // So many working hours have been worked until work goes on.
    Instant exactly = end;
    if (d.unit == time::Unit::working_hours) {
      const Duration hour{1, time::Unit::working_hours};
      exactly = m.clock->ahead_of(hour, m.clock->within(hour, end));
    }
    const bool clock = twin::by_the_clock(d);
    const time::Day last = m.clock->day_of(Instant{end.micros - 1});
    const bool began = d.count == 0 || m.today() >= last;  // the day that is so many away
    const bool reached = clock ? m.now >= end : began, passed = clock ? m.now > exactly : m.today() > last;
    switch (expr.comparison) {
      case Comparison::at_least: return sure(reached);
      case Comparison::more_than: return sure(passed);
      case Comparison::at_most: return sure(!passed);
      default: return sure(!reached);
    }
  };
  const Tri found = when(by_date ? since.most : since.number);
  const bool clock = twin::by_the_clock(d) && since.range;
  return clock && when(since.most) != found ? Tri::unknown : found;
}

namespace {

// What is asked of one of several periods.
Moment within(const Part& part, const Moment& m) {
  Moment one = m;
  one.parts = {part}, one.period = part.period, one.since = part.from, one.point = part.until;
  one.now = std::min(m.now, Instant{part.until.micros - 1});
  return one;
}

}  // namespace

// What is asked of a total: of all periods together, less what takes something off each. Half a call cannot be made.
Value Look::asked_number(const Expr& expr, std::size_t arg, const Moment& m) const {
  if (!m.of_period) return value(expr.args[arg], m);
  Value bound;
  bool reduced = false;
  for (const Part& part : m.parts) {
    Value one = value(expr.args[arg], within(part, m));
    if (!is_quantity(one) || (part.share != nullptr && !part.share->known)) return {};
    one.most = most(one);
    if (part.share != nullptr) {
      one.number = times(one.number, part.share->least), one.most = times(one.most, part.share->most);
      reduced |= part.share->reduced;
    }
    if (bound.known()) {
      if (!bound.text.empty() && !one.text.empty() && bound.text != one.text) return {};
      if (one.text.empty()) one.text = bound.text;
      one.number = plus(bound.number, one.number), one.most = plus(bound.most, one.most);
    }
    bound = one;
  }
  if (book().exprs[expr.args.front()].type.kind == model::TypeKind::count) {
    const bool floor = expr.comparison == Comparison::at_least || expr.comparison == Comparison::more_than;
    const bool ceiling = expr.comparison == Comparison::at_most || expr.comparison == Comparison::less_than;
    for (Ratio* each : {&bound.number, &bound.most}) {
      if (reduced && floor) *each = whole_below(*each);
      if (!reduced || ceiling) *each = whole_above(*each);
    }
  }
  bound.range = bound.number < bound.most;
  return bound;
}

// What a share of several periods is held against: what they promised together, each its own target of what it had.
Value Look::promised(const model::Aggregate& share, Id<Expr> target, const Moment& m) const {
  model::Aggregate all = share;
  all.function = share.value ? model::AggregateFunction::sum : model::AggregateFunction::count;
  all.where = {};
  Ratio promised, whole;
  Value range;
  bool told = true;
  for (const Part& part : m.parts) {
    const Moment one = within(part, m);
    const Value asked = value(target, one), had = aggregate(all, {}, one);
    if (!is_quantity(asked)) return {};
    if (!range.known()) range = asked, range.most = most(asked);
    range.number = std::min(range.number, asked.number), range.most = std::max(range.most, most(asked));
    told &= is_quantity(had) && !had.range && !asked.range;
    if (!told) continue;
    promised = plus(promised, times(asked.number, had.number)), whole = plus(whole, had.number);
  }
  range.range = range.number < range.most;
  if (!range.range || !told || whole.over == 0) return range;
  range.number = divided(promised, whole), range.range = false;
  return range;
}

Tri Look::compare(const Expr& expr, const Moment& m) const {
  if (book().exprs[expr.args.front()].op == Op::time_since) {
    return elapsed(expr, m);
  }
  Value left = value(expr.args.front(), m);
  if (expr.tails.any()) {
    const Expr& of = book().exprs[expr.args.front()];
    if (of.op == Op::aggregate) {
      left = aggregate(*of.aggregate, expr.tails, m);
    } else {
      left = one_of(of.field, expr.tails, m);
    }
  }
  if (left.no_such) return sure(expr.comparison == Comparison::is_not);
  Tri any = Tri::no;
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const Expr* of = &book().exprs[expr.args.front()];
    while (of->op == Op::measure) of = &book().exprs[book().measures[of->measure].value];
    const bool share = of->aggregate && of->aggregate->function == model::AggregateFunction::share;
    const Value right = is_total(expr.args.front())   ? asked_number(expr, i, m)
                        : share && m.parts.size() > 1 ? promised(*of->aggregate, expr.args[i], m)
                                                      : value(expr.args[i], m);
    const bool missing = left.is == Value::Is::missing || right.is == Value::Is::missing;
    any = either(any, missing ? m.missing : compare_values(expr.comparison, left, right));
  }
  return any;
}

Tri Look::apart(const Expr& expr, const Moment& m) const {
  Value from = value(expr.args[1], m), to = value(expr.args[0], m);
  if (!expr.after) std::swap(from, to);  // `a is at most D before b`: b is at most D after a
  if (from.is == Value::Is::missing || to.is == Value::Is::missing) return m.missing;
  if (!from.known() || !to.known()) return Tri::unknown;
  if (from.is != Value::Is::day || to.is != Value::Is::day) return Tri::unknown;
  const Day a{static_cast<std::int32_t>(from.point)}, b{static_cast<std::int32_t>(to.point)};
  // The last day that is at most D away is the first that is at least D away.
  const Day last = m.clock->day_of({m.clock->within(expr.duration, m.clock->start_of(a)).micros - 1});
  return sure(a <= b && (expr.at_most ? b <= last : b >= last));
}

namespace {

// What comes of a number somewhere in each of two ranges.
template <class Operation>
void combine(const Value& a, const Value& b, Operation operation, Value& result) {
  std::vector<Ratio> corners;
  for (const Ratio& x : {a.number, most(a)}) {
    for (const Ratio& y : {b.number, most(b)}) corners.push_back(operation(x, y));
  }
  std::sort(corners.begin(), corners.end());
  result.number = corners.front(), result.most = corners.back();
  result.range = corners.front() < corners.back();
}

}  // namespace

Value Look::calculate(const Expr& expr, const Moment& m) const {
  const Value a = value(expr.args[0], m), b = value(expr.args[1], m);
  if (!is_quantity(a) || !is_quantity(b)) return {};
  const bool other_money = !a.text.empty() && !b.text.empty() && a.text != b.text;
  Value result = a;
  switch (expr.arithmetic) {
    case model::Arithmetic::plus:
    case model::Arithmetic::minus:
      if (other_money) return {};
      if (result.text.empty()) result.text = b.text;
      combine(a, b, expr.arithmetic == model::Arithmetic::plus ? plus : minus, result);
      break;
    case model::Arithmetic::times:
      if (b.is == Value::Is::money) result.is = b.is, result.text = b.text;
      combine(a, b, twin::times, result);
      break;
    case model::Arithmetic::divided_by:
      if (!(Ratio{0, 1} < b.number) && !(most(b) < Ratio{0, 1})) return {};  // it may be nothing
      if (other_money) return {};
      if (b.is == Value::Is::money) result.is = Value::Is::number, result.text.clear();
      combine(a, b, divided, result);
      break;
  }
  if (result.is == Value::Is::money && result.number.over == 0 && !result.range) result.text.clear();
  return result;
}

}  // namespace plumb::twin
