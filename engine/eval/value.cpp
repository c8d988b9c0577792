#include "eval/value.h"

#include "base/assert.h"

namespace plumb::eval {

namespace {

Wide magnitude(Wide a) { return a < 0 ? -a : a; }

Wide gcd(Wide a, Wide b) {
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

}  // namespace

Rational rational(Wide n, Wide d) {
  PLUMB_ASSERT(d != 0, "a fraction has a denominator");
  if (d == 1) return {n, d};
  if (d < 0) n = -n, d = -d;
  const Wide common = n == 0 ? d : gcd(magnitude(n), d);
  return {n / common, d / common};
}

Rational add(Rational a, Rational b) { return rational(a.n * b.d + b.n * a.d, a.d * b.d); }
Rational subtract(Rational a, Rational b) { return rational(a.n * b.d - b.n * a.d, a.d * b.d); }
Rational multiply(Rational a, Rational b) { return rational(a.n * b.n, a.d * b.d); }
Rational divide(Rational a, Rational b) { return rational(a.n * b.d, a.d * b.n); }

int compare(Rational a, Rational b) {
  const Wide left = a.n * b.d, right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

Value cell(const history::Column& column, std::uint32_t row) {
  const std::int64_t v = column.values[row];
  if (v == history::missing) return Value::missing();
  if (!history::is_value(v)) return Value::unknown();
  switch (column.type) {
    case history::ValueType::decimal: return Value::of(rational(v, Decimal::scale));
    case history::ValueType::money:
      return Value::of(rational(v, Decimal::scale), column.currency.empty() ? 0 : column.currency[row]);
    case history::ValueType::text:
    case history::ValueType::date:
    case history::ValueType::instant:
    case history::ValueType::boolean: return Value::of_id(v);
  }
  return Value::unknown();
}

}  // namespace plumb::eval
