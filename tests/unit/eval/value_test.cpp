#include "eval/value.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace plumb::eval {
namespace {

const Wide huge = (Wide{1} << 126) + 1;

TEST(Rational, IsInLowestTermsWithASignAbove) {
  const Rational r = rational(6, -4);
  EXPECT_TRUE(r.n == -3 && r.d == 2);
  EXPECT_TRUE(rational(0, 7).d == 1);
}

TEST(Rational, SumsOfManyCentsStayExact) {
  Rational sum;
  for (int i = 0; i < 1'000'000; ++i) sum = add(sum, rational(INT64_MAX, 1'000'000));
  EXPECT_EQ(compare(sum, rational(INT64_MAX, 1)), 0);
}

TEST(Rational, ComparesWhatDoesNotFitWhenMultipliedOut) {
  const Rational a{huge, huge - 1}, b{huge + 1, huge};  // 1 + 1/(huge - 1), 1 + 1/huge
  EXPECT_GT(compare(a, b), 0);
  EXPECT_LT(compare(b, a), 0);
  EXPECT_LT(compare({-a.n, a.d}, {-b.n, b.d}), 0);
  EXPECT_EQ(compare(a, a), 0);
}

TEST(Rational, ComparesAsSmallFractionsDo) {
  std::mt19937 random(1);
  const auto some = [&] { return static_cast<int>(random() % 41) - 20; };
  for (int i = 0; i < 2000; ++i) {
    const int n = some(), m = some(), d = 1 + static_cast<int>(random() % 20), e = 1 + static_cast<int>(random() % 20);
    const int expected = n * e < m * d ? -1 : n * e > m * d;
    EXPECT_EQ(compare(rational(n, d), rational(m, e)), expected);
    // The same distance beyond what can be multiplied out.
    const Wide far = Wide{1} << 120;
    EXPECT_EQ(compare({far * d + n, d}, {far * e + m, e}), expected);
  }
}

TEST(Rational, WhatCannotBeHeldIsUnknownAndStaysIt) {
  const Rational most = rational(huge, 1);
  EXPECT_FALSE(multiply(most, rational(3, 1)).exact());
  EXPECT_FALSE(add(most, most).exact());
  EXPECT_FALSE(add(multiply(most, most), rational(1, 1)).exact());
  EXPECT_FALSE(divide(rational(1, 1), multiply(most, most)).exact());
  EXPECT_EQ(Value::of(multiply(most, most)).state, Value::State::unknown);
  EXPECT_TRUE(multiply(most, rational(1, 2)).exact());
  EXPECT_EQ(compare(divide(most, most), rational(1, 1)), 0);
}

TEST(Rational, DividesByWhatIsNegative) {
  const Rational r = divide(rational(1, 2), rational(-3, 4));
  EXPECT_TRUE(r.n == -2 && r.d == 3);
}

}  // namespace
}  // namespace plumb::eval
