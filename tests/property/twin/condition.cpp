#include <algorithm>

#include "property/twin/look.h"

/// Conditions and values (language.md, semantics.md §3).
namespace plumb::twin {

using model::Comparison;
using model::Expr;
using model::Op;

namespace {

constexpr std::int64_t day_length = 86'400'000'000;

Value number_of(const Ratio& number) {
  Value value;
  value.is = Value::Is::number;
  value.number = number;
  return value;
}
Value text_of(const std::string& text) {
  Value value;
  value.is = Value::Is::text;
  value.text = text;
  return value;
}
Value point_of(Value::Is is, std::int64_t point) {
  Value value;
  value.is = is;
  value.point = point;
  return value;
}

// A duration that a span of time is compared with: exact hours, days of 24.
Value span_of(Duration d) {
  std::int64_t unit = 0;
  switch (d.unit) {
    case time::Unit::minutes: unit = 60'000'000; break;
    case time::Unit::hours: unit = time::micros_per_hour; break;
    case time::Unit::days: unit = day_length; break;
    case time::Unit::weeks: unit = 7 * day_length; break;
    default: return {};
  }
  return number_of({d.count * unit, 1});
}

bool is_quantity(const Value& v) { return v.is == Value::Is::number || v.is == Value::Is::money; }

// A number stands for all from its least to its most.
std::optional<Ratio> most(const Value& v) { return v.range ? v.most : std::optional(v.number); }

Tri at_least(const Value& a, const Value& b) {
  const std::optional<Ratio> a_most = most(a), b_most = most(b);
  if (b_most && !(a.number < *b_most)) return Tri::yes;
  if (a_most && *a_most < b.number) return Tri::no;
  return Tri::unknown;
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

// `time since E is at most D`: whether the end of D after E has come.
Tri Look::elapsed(const Expr& expr, const Moment& m) const {
  const Value since = time_since(book().exprs[expr.args.front()].event, m);
  if (!since.known()) return Tri::unknown;
  const Duration d = book().exprs[expr.args[1]].duration;
  const Instant end = m.clock->within(d, {m.now.micros - static_cast<std::int64_t>(since.number.over)});
  const bool exact =
      d.unit == time::Unit::minutes || d.unit == time::Unit::hours || d.unit == time::Unit::working_hours;
  const bool reached = m.now >= end, passed = exact ? m.now > end : reached;
  switch (expr.comparison) {
    case Comparison::at_least: return sure(reached);
    case Comparison::more_than: return sure(passed);
    case Comparison::at_most: return sure(!passed);
    default: return sure(!reached);
  }
}

Tri Look::compare(const Expr& expr, const Moment& m) const {
  if (book().exprs[expr.args.front()].op == Op::time_since && book().exprs[expr.args[1]].op == Op::duration) {
    return elapsed(expr, m);
  }
  Value left = value(expr.args.front(), m);
  if (expr.tails.any()) {
    const Expr& of = book().exprs[expr.args.front()];
    if (of.op == Op::aggregate) {
      left = aggregate(*of.aggregate, expr.tails, m);
    } else {
      const std::vector<Value> all = field_versions(of.field, m, expr.tails);
      const bool one = std::all_of(all.begin(), all.end(), [&](const Value& v) { return same(v, all.front()); });
      left = one ? all.front() : Value{};
    }
  }
  if (left.no_such) return sure(expr.comparison == Comparison::is_not);
  Tri any = Tri::no;
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    Value right = value(expr.args[i], m);
    if (m.times > 1 && is_total(expr.args.front())) right.number = twin::times(right.number, {m.times, 1});
    any = either(any, compare_values(expr.comparison, left, right));
  }
  return any;
}

Tri Look::apart(const Expr& expr, const Moment& m) const {
  Value from = value(expr.args[1], m), to = value(expr.args[0], m);
  if (!expr.after) std::swap(from, to);  // `a is at most D before b`: b is at most D after a
  if (!from.known() || !to.known()) return Tri::unknown;
  if (from.is != Value::Is::day || to.is != Value::Is::day) return Tri::unknown;
  const Day a{static_cast<std::int32_t>(from.point)}, b{static_cast<std::int32_t>(to.point)};
  // The last day that is at most D away is the first that is at least D away.
  const Day last = m.clock->day_of({m.clock->within(expr.duration, m.clock->start_of(a)).micros - 1});
  return sure(a <= b && (expr.at_most ? b <= last : b >= last));
}

Tri Look::holds(Id<Expr> id, const Moment& m) const {
  const Expr& expr = book().exprs[id];
  switch (expr.op) {
    case Op::not_: return !holds(expr.args.front(), m);
    case Op::and_: {
      Tri all = Tri::yes;
      for (const Id<Expr> arg : expr.args) all = both(all, holds(arg, m));
      return all;
    }
    case Op::or_: {
      Tri any = Tri::no;
      for (const Id<Expr> arg : expr.args) any = either(any, holds(arg, m));
      return any;
    }
    case Op::at_least_of: {
      std::int64_t yes = 0, may = 0;
      for (const Id<Expr> arg : expr.args) {
        const Tri one = holds(arg, m);
        yes += one == Tri::yes, may += one != Tri::no;
      }
      if (yes >= expr.count) return Tri::yes;
      return may < expr.count ? Tri::no : Tri::unknown;
    }
    case Op::known:
    case Op::missing: {
      const Expr& of = book().exprs[expr.args.front()];
      std::vector<Value> all;
      if (of.op == Op::subject_field) {
        all = field_versions(of.field, m, expr.tails);
      } else {
        all.push_back(value(expr.args.front(), m));
      }
      Tri known = Tri::unknown;
      bool first = true;
      for (const Value& each : all) {
        const Tri one = each.is == Value::Is::unknown ? Tri::unknown : sure(each.known());
        known = first || known == one ? one : Tri::unknown;
        first = false;
        if (known == Tri::unknown) break;
      }
      return expr.op == Op::known ? known : !known;
    }
    case Op::happened: return happened(expr.event, expr.tails, m);
    case Op::compare: return compare(expr, m);
    case Op::apart: return apart(expr, m);
    case Op::differs: {
      const Value a = value(expr.args[0], m), b = value(expr.args[1], m);
      Value c = value(expr.args[2], m), gap = a;
      if (!a.known() || !b.known() || !c.known() || !is_quantity(a)) return Tri::unknown;
      if (!a.text.empty() && !b.text.empty() && a.text != b.text) return Tri::unknown;
      if (gap.text.empty()) gap.text = b.text;
      gap.number = a.number < b.number ? minus(b.number, a.number) : minus(a.number, b.number);
      if (a.range || b.range) return Tri::unknown;
      if (gap.number.over == 0) gap.text.clear();
      return compare_values(Comparison::at_most, gap, c);
    }
    case Op::state: return is_state(expr.state, m);
    case Op::in_stage: return in_stages(expr.stages, m);
    default: return Tri::unknown;
  }
}

Value Look::value(Id<Expr> id, const Moment& m) const {
  const Expr& expr = book().exprs[id];
  switch (expr.op) {
    case Op::subject_field: return field(expr.field, m);
    case Op::account_field: {
      const model::Field& of = book().fields[expr.field];
      const Span& span = world_.observed(of.name);
      if (m.now < span.from || m.now >= span.until) return {};
      const auto& accounts = world_.tables.accounts;
      if (!world_.tables.deals.has("account") || !accounts.has(of.name) || deal_.account.empty()) return {};
      for (std::size_t row = 0; row < accounts.rows.size(); ++row) {
        if (accounts.cell(row, "account") != deal_.account) continue;
        return read_cell(accounts.cell(row, of.name), of.type, of.choices);
      }
      return {};
    }
    case Op::its_field: {
      Value its = attribute(expr.field, *m.opener);
      if (!m.stated_by_then || its.is == Value::Is::missing) return its;
      const std::optional<Instant> at = recorded(book().fields[expr.field].name, *m.opener);
      if (!at) return {};
      if (*at <= m.now) return its;
      its = {};
      its.is = Value::Is::missing;
      return its;
    }
    case Op::event_field: return attribute(expr.field, *m.candidate);
    case Op::number:
    case Op::percent: return number_of(millionths(expr.decimal.millionths));
    case Op::money: {
      Value value = number_of(millionths(expr.decimal.millionths));
      value.is = Value::Is::money;
      value.text = expr.decimal.millionths == 0 ? "" : expr.text;
      return value;
    }
    case Op::date: return point_of(Value::Is::day, expr.day.days);
    case Op::instant: return point_of(Value::Is::instant, expr.at.micros);
    case Op::text: return text_of(expr.text);
    case Op::choice: return text_of(book().fields[expr.field].choices[expr.choice]);
    case Op::duration: return span_of(expr.duration);
    case Op::today: return point_of(Value::Is::day, m.clock->day_of(m.now).days);
    case Op::aggregate: return aggregate(*expr.aggregate, {}, m);
    case Op::measure: return value(book().measures[expr.measure].value, m);
    case Op::time_since: return time_since(expr.event, m);
    case Op::total_time_in: return total_time(expr.stage, m);
    case Op::arithmetic: return calculate(expr, m);
    default: return {};
  }
}

Value Look::calculate(const Expr& expr, const Moment& m) const {
  const Value a = value(expr.args[0], m), b = value(expr.args[1], m);
  if (!is_quantity(a) || !is_quantity(b) || a.range || b.range) return {};
  Value result = a;
  switch (expr.arithmetic) {
    case model::Arithmetic::plus:
    case model::Arithmetic::minus: {
      if (!a.text.empty() && !b.text.empty() && a.text != b.text) return {};
      if (result.text.empty()) result.text = b.text;
      const bool add = expr.arithmetic == model::Arithmetic::plus;
      result.number = add ? plus(a.number, b.number) : minus(a.number, b.number);
      break;
    }
    case model::Arithmetic::times:
      if (b.is == Value::Is::money) result.is = b.is, result.text = b.text;
      result.number = times(a.number, b.number);
      break;
    case model::Arithmetic::divided_by:
      if (b.number.over == 0) return {};
      if (!a.text.empty() && !b.text.empty() && a.text != b.text) return {};
      if (b.is == Value::Is::money) result.is = Value::Is::number, result.text.clear();
      result.number = divided(a.number, b.number);
      break;
  }
  if (result.is == Value::Is::money && result.number.over == 0) result.text.clear();
  return result;
}

// ---- when to ask again ---------------------------------------------------------------------------------------------

void Look::durations(Id<Expr> id, std::vector<Duration>& all) const {
  if (!id) return;
  const Expr& expr = book().exprs[id];
  if (expr.op == Op::duration) all.push_back(expr.duration);
  if (expr.tails.in) all.push_back(*expr.tails.in);
  for (const Id<Expr> arg : expr.args) durations(arg, all);
  if (expr.op == Op::measure && expr.measure) durations(book().measures[expr.measure].value, all);
  if (!expr.aggregate) return;
  if (expr.aggregate->tails.in) all.push_back(*expr.aggregate->tails.in);
  durations(expr.aggregate->value, all), durations(expr.aggregate->where, all);
}

// More of them than needed does no harm: every fact's instants, every midnight, and whenever a clock that a fact
// started runs out.
std::vector<Instant> Look::turns(Id<Expr> id, Instant from, Instant until, const Clock& clock) const {
  std::vector<Instant> all;
  const auto add = [&](Instant at) {
    if (at.known() && at >= from && at < until) all.push_back(at);
  };
  std::vector<Duration> spans;
  durations(id, spans);
  std::vector<Instant> starts;
  for (const Fact& fact : deal_.facts) {
    if (fact.at.known()) starts.push_back(fact.at), starts.push_back({fact.latest.micros});
    if (fact.recorded) starts.push_back(*fact.recorded);
    for (const std::string& column : fact.table->columns) {
      if (!column.ends_with(".recorded")) continue;
      const When own = read_time(fact.table->cell(fact.row, column));
      if (own.at.known()) starts.push_back(own.at);
    }
  }
  std::vector<Instant> ends = starts;
  for (const Duration& span : spans) {
    const Value exact = span_of(span);
    for (const Instant start : starts) {
      if (exact.known()) ends.push_back({start.micros + static_cast<std::int64_t>(exact.number.over)});
      if (span.unit == time::Unit::working_hours) ends.push_back(clock.within(span, start));
    }
    if (!exact.known()) continue;
    for (std::size_t i = 0; i < book().stages.size(); ++i) {
      for (const Fact& fact : deal_.facts) {
        if (fact.of != Class::move || !fact.at.known()) continue;
        Moment m;
        m.now = fact.at, m.clock = &clock;
        const Value so_far = total_time(Id<model::Stage>{i}, m);
        if (so_far.known())
          ends.push_back({fact.at.micros + static_cast<std::int64_t>(minus(exact.number, so_far.number).over)});
      }
    }
  }
  for (const Instant end : ends) {
    add(end), add({end.micros + 1});
  }
  for (const Span* span : {&world_.everything}) add(span->from), add(span->until);
  for (const auto& [name, span] : world_.coverage) add(span.from), add(span.until);
  for (const Clock* each : {&clock, &world_.usual()}) {
    Day day = each->day_of(from);
    for (int i = 0; i < 1000 && each->start_of(day) < until; ++i, day = day + 1) add(each->start_of(day));
  }
  add(from);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace plumb::twin
