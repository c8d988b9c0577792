#include <algorithm>

#include "property/twin/judge.h"
#include "property/twin/look.h"
#include "property/twin/share.h"
#include "property/twin/verdicts.h"

/// Conditions and values (language.md, semantics.md §3).
namespace plumb::twin {

using model::Comparison;
using model::Expr;
using model::Op;

namespace {

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

}  // namespace

// What is unknown is told all the same where it comes to the same in all ways.
template <class Ask>
Tri Look::whichever(const Moment& m, Ask ask) const {
  const Tri asked = ask(m);
  if (asked != Tri::unknown || m.choice) return asked;
  Choice choice;
  Moment one = m;
  one.choice = &choice;
  const Tri first = ask(one);
  if (choice.picks.empty()) return asked;
  while (choice.next()) {
    if (ask(one) != first) return Tri::unknown;
  }
  return first;
}

// A field has one value, wherever it is read.
Tri Look::joined(const Expr& expr, const Moment& m) const {
  std::int64_t yes = 0, may = 0;
  for (const Id<Expr> arg : expr.args) {
    const Tri one = holds(arg, m);
    yes += one == Tri::yes, may += one != Tri::no;
  }
  const auto all = static_cast<std::int64_t>(expr.args.size());
  const std::int64_t asked = expr.op == Op::and_ ? all : expr.op == Op::or_ ? 1 : expr.count;
  if (yes >= asked) return Tri::yes;
  return may < asked ? Tri::no : Tri::unknown;
}

Tri Look::holds(Id<Expr> id, const Moment& m) const {
  const Expr& expr = book().exprs[id];
  switch (expr.op) {
    case Op::not_: return !holds(expr.args.front(), m);
    case Op::and_:
    case Op::or_:
    case Op::at_least_of: return whichever(m, [&](const Moment& one) { return joined(expr, one); });
    case Op::known:
    case Op::missing: {
      const Expr& of = book().exprs[expr.args.front()];
      std::vector<Value> all;
      if (of.op == Op::subject_field) {
        all = field_versions(of.field, m, expr.tails);
        if (m.choice) all = {one_of(of.field, expr.tails, m)};
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
    case Op::compare: return whichever(m, [&](const Moment& one) { return compare(expr, one); });
    case Op::apart: return whichever(m, [&](const Moment& one) { return apart(expr, one); });
    case Op::differs: return whichever(m, [&](const Moment& one) { return differs(expr, one); });
    case Op::state: return is_state(expr.state, m);
    case Op::in_stage: return in_stages(expr.stages, m);
    case Op::situation: return situation(expr, m);
    case Op::verdict: return is_verdict(world_, deal_.id, expr, m);
    default: return Tri::unknown;
  }
}

Tri Look::differs(const Expr& expr, const Moment& m) const {
  const Value a = value(expr.args[0], m), b = value(expr.args[1], m);
  Value c = value(expr.args[2], m), gap = a;
  const auto missing = [](const Value& v) { return v.is == Value::Is::missing; };
  if (missing(a) || missing(b) || missing(c)) return m.missing;
  if (!a.known() || !b.known() || !c.known() || !is_quantity(a)) return Tri::unknown;
  if (!a.text.empty() && !b.text.empty() && a.text != b.text) return Tri::unknown;
  if (gap.text.empty()) gap.text = b.text;
  gap.number = a.number < b.number ? minus(b.number, a.number) : minus(a.number, b.number);
  if (a.range || b.range) return Tri::unknown;
  if (gap.number.over == 0) gap.text.clear();
  return compare_values(Comparison::at_most, gap, c);
}

Tri Look::situation(const Expr& expr, const Moment& m) const {
  if (expr.situation == model::Situation::on_hold) return on_hold(m);
  const Value who = expr.args.empty() ? himself() : value(expr.args.front(), m);
  if (!who.known()) return Tri::unknown;
  return on_leave(world_, who.text, day_of(world_, who.text, m));
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
      if (!world_.tables.deals.has("account") || !accounts.has(of.name) || deal_.account.empty() ||
          deal_.account == "?")
        return {};
      for (std::size_t row = 0; row < accounts.rows.size(); ++row) {
        if (accounts.cell(row, "account") != deal_.account) continue;
        return read_cell(accounts.cell(row, of.name), of.type, of.choices);
      }
      return {};
    }
    case Op::its_field: return attribute_by_then(expr.field, *m.opener, m);
    case Op::event_field: return attribute_by_then(expr.field, *m.candidate, m);
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
    case Op::duration: return length_of(expr.duration);
    case Op::today: return point_of(Value::Is::day, m.today().days);
    case Op::aggregate: return aggregate(*expr.aggregate, {}, m);
    case Op::target: return target(book().targets[expr.target], m);
    case Op::measure: return value(book().measures[expr.measure].value, m);
    case Op::time_since: return time_since(expr.event, m);
    case Op::total_time_in: return total_time(expr.stage, m);
    case Op::arithmetic: return calculate(expr, m);
    default: return {};
  }
}

}  // namespace plumb::twin
