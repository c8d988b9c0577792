#include "eval/money.h"

#include <algorithm>
#include <array>

namespace plumb::eval {

namespace {

// The last rate up to the day. Missing: nullptr where there is none by then.
const history::Rate* rate_on(const history::Array<history::Rate>& rates, std::uint32_t from, std::uint32_t into,
                             time::Day day) {
  const auto after = std::upper_bound(rates.begin(), rates.end(), history::Rate{.from = from, .into = into, .day = day},
                                      history::earlier);
  if (after == rates.begin()) return nullptr;
  const history::Rate& found = *(after - 1);
  return found.from == from && found.into == into ? &found : nullptr;
}

Rational of_decimal(Decimal d) { return rational(d.millionths, Decimal::scale); }

std::optional<Rational> rate(const Plan& plan, std::uint32_t from, std::uint32_t into, time::Day day) {
  const history::Rate* found = rate_between(plan, from, into, day);
  if (!found) return std::nullopt;
  return found->from == from ? of_decimal(found->rate) : divide(rational(1, 1), of_decimal(found->rate));
}

std::nullopt_t lacking(std::uint32_t currency, std::uint32_t into, time::Day day, const Context& context) {
  if (context.trace) context.trace->lack({.kind = FactKind::rate, .currency = currency, .into = into, .day = day});
  return std::nullopt;
}

Value ranged(std::array<Rational, 4> corners, std::uint32_t currency) {
  for (const Rational& corner : corners) {
    if (!corner.exact()) return Value::unknown();
  }
  const auto less = [](const Rational& a, const Rational& b) { return compare(a, b) < 0; };
  const auto [low, high] = std::minmax_element(corners.begin(), corners.end(), less);
  Value out = Value::between(*low, *high);
  out.currency = currency;
  return out;
}

Value sum(const Value& a, const Value& b, bool minus) {
  Value out = minus ? Value::between(subtract(a.low, b.high), subtract(a.high, b.low))
                    : Value::between(add(a.low, b.low), add(a.high, b.high));
  out.currency = common_currency(a, b);
  return out;
}

}  // namespace

namespace {

Id<model::Field> field_in(const model::Rulebook& book, Id<model::Expr> amount) {
  if (!amount) return {};
  const model::Expr& expr = book.exprs[amount];
  if (expr.op == model::Op::measure) return field_in(book, book.measures[expr.measure].value);
  if (expr.op == model::Op::arithmetic) {
    const Id<model::Field> first = field_in(book, expr.args[0]);
    return first ? first : field_in(book, expr.args[1]);
  }
  return expr.aggregate ? field_in(book, expr.aggregate->value) : expr.field;
}

}  // namespace

void name_currency(const Context& context, Id<model::Expr> amount, EventRef of) {
  const Id<model::Field> field = field_in(context.view.plan().book, amount);
  if (!context.trace || !field) return;
  std::vector<Fact> facts = std::move(context.trace->facts);
  context.trace->facts.clear();
  for (const Fact& fact : facts) {
    const bool nameless = fact.kind == FactKind::rate && fact.currency == 0 && !fact.field;
    context.trace->lack(nameless ? Fact{.kind = FactKind::rate, .field = field, .member = of} : fact);
  }
}

// Of two the later one.
const history::Rate* rate_between(const Plan& plan, std::uint32_t from, std::uint32_t into, time::Day day) {
  const history::Rate* there = rate_on(plan.history.rates, from, into, day);
  const history::Rate* back = rate_on(plan.history.rates, into, from, day);
  return there && (!back || there->day >= back->day) ? there : back;
}

std::uint32_t common_currency(const Value& a, const Value& b) {
  return a.currency && (!a.zero() || !b.currency) ? a.currency : b.currency;
}

std::optional<Value> converted(const Value& amount, std::uint32_t into, time::Day day, const Context& context) {
  if (into == 0 || amount.currency == into || amount.zero()) return amount;
  const Plan& plan = context.view.plan();
  const std::optional<Rational> at =
      amount.currency == 0 || !day.known() ? std::nullopt : rate(plan, amount.currency, into, day);
  if (!at) return lacking(amount.currency, into, day, context);
  Value out = Value::between(multiply(amount.low, *at), multiply(amount.high, *at));
  if (!out.known()) return std::nullopt;
  out.currency = into;
  return out;
}

std::optional<Value> converted(const Value& amount, const Value& like, const Context& context) {
  if (like.zero() || amount.currency == like.currency) return amount;
  if (like.currency == 0) {
    if (amount.zero()) return amount;
    return lacking(0, amount.currency, {}, context);
  }
  return converted(amount, like.currency, context.calendar->day_of(context.now()), context);
}

Value combined(const Value& a, const Value& b, model::Arithmetic operation, const Context& context) {
  if (!a.known() || !b.known()) return Value::unknown();
  const bool both_money = a.currency && b.currency;
  const std::optional<Value> c = both_money ? converted(b, a, context) : b;
  if (!c) return Value::unknown();
  switch (operation) {
    case model::Arithmetic::plus: return sum(a, *c, false);
    case model::Arithmetic::minus: return sum(a, *c, true);
    case model::Arithmetic::times:
      return ranged(
          {multiply(a.low, c->low), multiply(a.low, c->high), multiply(a.high, c->low), multiply(a.high, c->high)},
          common_currency(a, *c));
    case model::Arithmetic::divided_by: break;
  }
  const Rational nothing = rational(0, 1);
  if (compare(c->low, nothing) <= 0 && compare(c->high, nothing) >= 0) return Value::unknown();
  return ranged({divide(a.low, c->low), divide(a.low, c->high), divide(a.high, c->low), divide(a.high, c->high)},
                both_money ? 0 : a.currency);
}

}  // namespace plumb::eval
