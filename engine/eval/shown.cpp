#include "eval/shown.h"

#include "base/decimal.h"

namespace plumb::eval {

Wide stepped(Rational number, Wide step, bool up) {
  const Rational steps = divide(number, rational(step, 1));
  const Wide down = steps.n / steps.d - (steps.n % steps.d < 0);
  return (down + (up && down * steps.d != steps.n)) * step;
}

Wide shown(Rational number, std::optional<Rational> asked, const model::Type& type) {
  constexpr Wide hundredth = Decimal::scale / 100;
  if (number.d == 1 && type.kind != model::TypeKind::money) return number.n;
  const Wide step = type.kind == model::TypeKind::percent ? hundredth / 100 : hundredth;
  const Wide nearest = stepped(add(number, rational(step, 2)), step, false);
  if (!asked) return nearest;
  const int side = compare(number, *asked), seen = compare(rational(nearest, 1), *asked);
  return (side < 0) == (seen < 0) && (side > 0) == (seen > 0) ? nearest : stepped(number, step, side > 0);
}

}  // namespace plumb::eval
