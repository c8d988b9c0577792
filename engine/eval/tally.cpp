#include "eval/tally.h"

#include <algorithm>

namespace plumb::eval {

using model::AggregateFunction;

void Tally::add(bool sure, Truth part) {
  (sure ? certain : possible) += 1;
  if (sure) {
    part_yes += part == Truth::yes;
    part_open += part == Truth::unknown;
  } else {
    possible_part += part == Truth::yes;
    possible_open += part == Truth::unknown;
    possible_rest += part == Truth::no;
  }
}

// Nothing is nothing in every currency.
void Tally::add_value(const Value& v, bool part) {
  if (!has_currency) currency = v.currency;
  mixed |= has_currency && !v.zero() && currency != v.currency;
  has_currency |= !v.zero();
  values.push_back(v.low);
  in_part.push_back(part);
}

void Tallier::take(const Candidate& candidate, const Context& at) {
  Truth where = Truth::yes;
  if (aggregate.where) where = candidate.where_decided ? candidate.where : holds(aggregate.where, at);
  const bool share = aggregate.function == AggregateFunction::share;
  if (!share && where == Truth::no) return;
  const bool sure = candidate.certain && (share || where == Truth::yes);
  tally.add(sure, share ? where : Truth::yes);
  if (aggregate.value) take_value(at, sure, where);
  if (!context.trace) return;
  if (sure && where == Truth::yes && context.trace->evidence.size() < most_members) {
    context.trace->use(candidate.event);
  }
  if (!sure || where == Truth::unknown) context.trace->lack({FactKind::members, {}, aggregate.event});
}

void Tallier::take_value(const Context& at, bool sure, Truth where) {
  const Value v = value(aggregate.value, at);
  if (v.known() && sure && where != Truth::unknown && compare(v.low, v.high) == 0) {
    return tally.add_value(v, where == Truth::yes);
  }
  tally.undecided_value = true;
  if (context.trace) context.trace->lack({FactKind::members, {}, aggregate.event});
}

namespace {

Value share_by_number(const Tally& t) {
  const std::int64_t low_part = t.part_yes, low_whole = t.certain + t.possible_rest + t.possible_open;
  const std::int64_t high_part = t.part_yes + t.part_open + t.possible_part + t.possible_open;
  const std::int64_t high_whole = t.certain + t.possible_part + t.possible_open;
  if (t.certain == 0) return Value::unknown();  // a share of nothing, or perhaps of nothing
  return Value::between(rational(low_part, low_whole), rational(high_part, high_whole));
}

Rational total(const Tally& tally, bool part_only) {
  Rational sum;
  for (std::size_t i = 0; i < tally.values.size(); ++i) {
    if (!part_only || tally.in_part[i]) sum = add(sum, tally.values[i]);
  }
  return sum;
}

Value median(std::vector<Rational> values, std::uint32_t currency) {
  std::sort(values.begin(), values.end(), [](Rational a, Rational b) { return compare(a, b) < 0; });
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return Value::of(values[middle], currency);
  return Value::of(divide(add(values[middle - 1], values[middle]), rational(2, 1)), currency);
}

}  // namespace

Value Tallier::result(bool whole_observed) const {
  const bool of_some = aggregate.function != AggregateFunction::count && aggregate.function != AggregateFunction::sum;
  if (of_some && tally.certain == 0 && context.trace) context.trace->lack({FactKind::members, {}, aggregate.event});
  if (aggregate.function == AggregateFunction::count) {
    const Wide most = whole_observed ? tally.certain + tally.possible : Wide{1} << 60;
    return Value::between(rational(tally.certain, 1), rational(most, 1));
  }
  if (!whole_observed) return Value::unknown();
  if (aggregate.function == AggregateFunction::share && !aggregate.value) return share_by_number(tally);
  if (tally.mixed && context.trace) context.trace->lack({FactKind::rate, {}, {}});
  if (tally.undecided_value || tally.possible > 0 || tally.mixed) return Value::unknown();
  switch (aggregate.function) {
    case AggregateFunction::sum: return Value::of(total(tally, false), tally.currency);
    case AggregateFunction::mean:
      if (tally.values.empty()) return Value::unknown();
      return Value::of(divide(total(tally, false), rational(static_cast<Wide>(tally.values.size()), 1)),
                       tally.currency);
    case AggregateFunction::median:
      return tally.values.empty() ? Value::unknown() : median(tally.values, tally.currency);
    case AggregateFunction::share: {
      const Rational whole = total(tally, false);
      return whole.n == 0 ? Value::unknown() : Value::of(divide(total(tally, true), whole));
    }
    case AggregateFunction::count: break;
  }
  return Value::unknown();
}

}  // namespace plumb::eval
