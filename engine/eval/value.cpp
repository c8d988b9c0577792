#include "eval/value.h"

#include <numeric>

#include "base/assert.h"

namespace plumb::eval {

namespace {

constexpr Rational beyond{0, 0};

Wide magnitude(Wide a) { return a < 0 ? -a : a; }

Wide gcd(Wide a, Wide b) {
  a = magnitude(a), b = magnitude(b);
  if (a <= INT64_MAX && b <= INT64_MAX) return std::gcd(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// False where the product cannot be held.
bool product(Wide a, Wide b, Wide& out) { return !__builtin_mul_overflow(a, b, &out); }

Wide floor_of(Rational r) { return r.n / r.d - (r.n % r.d < 0); }

}  // namespace

Rational rational(Wide n, Wide d) {
  PLUMB_ASSERT(d != 0, "a fraction has a denominator");
  if (d == 1) return {n, d};
  if (d < 0) n = -n, d = -d;
  const Wide common = n == 0 ? d : gcd(n, d);
  return common == 1 ? Rational{n, d} : Rational{n / common, d / common};
}

Rational add(Rational a, Rational b) {
  if (!a.exact() || !b.exact()) return beyond;
  if (a.d == b.d && a.d == 1) {
    Wide n;
    return __builtin_add_overflow(a.n, b.n, &n) ? beyond : Rational{n, 1};
  }
  const Wide common = gcd(a.d, b.d);
  Wide left, right, d, n;
  if (!product(a.n, b.d / common, left) || !product(b.n, a.d / common, right) || !product(a.d, b.d / common, d)) {
    return beyond;
  }
  return __builtin_add_overflow(left, right, &n) ? beyond : rational(n, d);
}

Rational subtract(Rational a, Rational b) { return add(a, {-b.n, b.d}); }

Rational multiply(Rational a, Rational b) {
  if (!a.exact() || !b.exact()) return beyond;
  const Rational left = rational(a.n, b.d), right = rational(b.n, a.d);
  Wide n, d;
  return product(left.n, right.n, n) && product(left.d, right.d, d) ? Rational{n, d} : beyond;
}

Rational divide(Rational a, Rational b) {
  if (!a.exact() || !b.exact()) return beyond;
  return multiply(a, b.n < 0 ? Rational{-b.d, -b.n} : Rational{b.d, b.n});
}

int compare(Rational a, Rational b) {
  if (a.d == b.d) return a.n < b.n ? -1 : a.n > b.n;
  Wide left, right;
  if (product(a.n, b.d, left) && product(b.n, a.d, right)) return left < right ? -1 : left > right ? 1 : 0;
  // Whole parts first, then the inverses of what is left of them: nothing grows.
  const Wide a_floor = floor_of(a), b_floor = floor_of(b);
  if (a_floor != b_floor) return a_floor < b_floor ? -1 : 1;
  const auto rest = [](Rational r) { return Rational{r.n % r.d + (r.n % r.d < 0 ? r.d : 0), r.d}; };
  const Rational a_rest = rest(a), b_rest = rest(b);
  if (a_rest.n == 0 || b_rest.n == 0) return (a_rest.n != 0) - (b_rest.n != 0);
  return compare({b_rest.d, b_rest.n}, {a_rest.d, a_rest.n});
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
