#include "base/decimal.h"

#include <random>

#include <gtest/gtest.h>

namespace plumb {
namespace {

std::int64_t millionths(std::string_view text) {
  const auto read = parse_decimal(text);
  EXPECT_TRUE(read) << text;
  return read ? read->millionths : INT64_MIN;
}

TEST(Decimal, reads_plain_numbers) {
  EXPECT_EQ(millionths("0"), 0);
  EXPECT_EQ(millionths("-0"), 0);
  EXPECT_EQ(millionths("7"), 7'000'000);
  EXPECT_EQ(millionths("007"), 7'000'000);
  EXPECT_EQ(millionths("-12.5"), -12'500'000);
  EXPECT_EQ(millionths("0.000001"), 1);
  EXPECT_EQ(millionths("240000"), 240'000'000'000);
}

TEST(Decimal, reads_groups_of_three_and_of_two) {
  EXPECT_EQ(millionths("1,234"), 1'234'000'000);
  EXPECT_EQ(millionths("-12,345.678900"), -12'345'678'900);
  EXPECT_EQ(millionths("1,00,000"), 100'000'000'000);
  EXPECT_EQ(millionths("123,456,789"), 123'456'789'000'000);
}

TEST(Decimal, reads_other_marks) {
  EXPECT_EQ(parse_decimal("1.234,56", ',', '.'), (Decimal{1'234'560'000}));
  EXPECT_EQ(parse_decimal("1'234.5", '.', '\''), (Decimal{1'234'500'000}));
  EXPECT_EQ(parse_decimal("1 234,5", ',', ' '), (Decimal{1'234'500'000}));
}

TEST(Decimal, refuses_a_mark_that_does_not_group) {
  // With a decimal comma these are 12.5, 1.50 and 1234.5678; to read them as whole numbers would be a silent error.
  for (const char* text : {"12,5", "1,50", "1234,5678", "1,2,3", "1234,567", "1,23,45"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
}

TEST(Decimal, refuses_what_is_no_number) {
  for (const char* text :
       {"",     "-",      "--1",     "+1",  ".",    ",",  ".5", "5.",  "1.2.3", "1,.5", "1,",
        ",100", "1,,000", "1.000,0", "1e3", "0x10", " 1", "1 ", "nan", "inf",   "12a",  "\xD9\xA1"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
}

TEST(Decimal, takes_further_decimals_only_when_they_are_zero) {
  EXPECT_EQ(millionths("1.1234560000000000000000000000"), 1'123'456);
  EXPECT_FALSE(parse_decimal("1.1234561"));
  EXPECT_FALSE(parse_decimal("0.00000000000000000000000000000000000001"));
}

TEST(Decimal, ends_at_its_range) {
  EXPECT_EQ(millionths("9223372036854.775807"), INT64_MAX);
  EXPECT_EQ(millionths("-9223372036854.775807"), -INT64_MAX);
  EXPECT_FALSE(parse_decimal("9223372036854.775808"));
  EXPECT_FALSE(parse_decimal("9223372036855"));
  EXPECT_FALSE(parse_decimal("18446744073709.551616"));
  EXPECT_FALSE(parse_decimal(std::string(100'000, '9')));
  EXPECT_EQ(millionths(std::string(100'000, '0') + "5"), 5'000'000);
}

TEST(Decimal, writes_the_shortest_grouped_spelling) {
  EXPECT_EQ(to_text(Decimal{0}), "0");
  EXPECT_EQ(to_text(Decimal::of(999)), "999");
  EXPECT_EQ(to_text(Decimal::of(1'000)), "1,000");
  EXPECT_EQ(to_text(Decimal::of(240'000)), "240,000");
  EXPECT_EQ(to_text(Decimal::of(1'234'567)), "1,234,567");
  EXPECT_EQ(to_text(Decimal{12'500'000}), "12.5");
  EXPECT_EQ(to_text(Decimal{-1}), "-0.000001");
  EXPECT_EQ(to_text(Decimal{-100'000'000'000}), "-100,000");
  EXPECT_EQ(to_text(Decimal{INT64_MAX}), "9,223,372,036,854.775807");
  EXPECT_EQ(to_text(Decimal{INT64_MIN}), "-9,223,372,036,854.775808");
}

TEST(Decimal, reads_back_what_it_writes) {
  std::mt19937_64 random(20260302);
  for (int i = 0; i < 20'000; ++i) {
    const auto bits = static_cast<std::int64_t>(random());
    const Decimal value{bits >> (random() % 63)};
    if (value.millionths == INT64_MIN) continue;
    EXPECT_EQ(parse_decimal(to_text(value)), value) << to_text(value);
  }
}

}  // namespace
}  // namespace plumb
