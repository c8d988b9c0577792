#include "time/time.h"

#include <chrono>

#include <gtest/gtest.h>

namespace plumb::time {
namespace {

// Missing: unknown for a date that does not exist.
Day civil(int year, int month, int day) { return day_of(year, month, day).value_or(Day::unknown()); }

TEST(Civil, agrees_with_the_standard_library_on_every_day_of_a_long_span) {
  using std::chrono::sys_days;
  using std::chrono::year_month_day;
  const int first = civil(1, 1, 1).days;
  const int last = civil(9999, 12, 31).days;
  EXPECT_EQ(last - first + 1, 3'652'059);
  for (int n = first; n <= last; n += 7) {
    const year_month_day expected{sys_days{std::chrono::days{n}}};
    const YearMonthDay parts = parts_of(Day{n});
    ASSERT_EQ(parts.year, static_cast<int>(expected.year())) << n;
    ASSERT_EQ(parts.month, static_cast<int>(static_cast<unsigned>(expected.month()))) << n;
    ASSERT_EQ(parts.day, static_cast<int>(static_cast<unsigned>(expected.day()))) << n;
    ASSERT_EQ(civil(parts.year, parts.month, parts.day), Day{n});
    const int weekday = static_cast<int>(std::chrono::weekday{sys_days{std::chrono::days{n}}}.iso_encoding());
    ASSERT_EQ(weekday_of(Day{n}), weekday) << n;
  }
}

TEST(Civil, refuses_days_that_no_month_has) {
  EXPECT_FALSE(day_of(2026, 2, 29));
  EXPECT_TRUE(day_of(2028, 2, 29));
  EXPECT_FALSE(day_of(1900, 2, 29));
  EXPECT_TRUE(day_of(2000, 2, 29));
  EXPECT_FALSE(day_of(2026, 4, 31));
  EXPECT_FALSE(day_of(2026, 0, 1));
  EXPECT_FALSE(day_of(2026, 13, 1));
  EXPECT_FALSE(day_of(2026, 1, 0));
  EXPECT_FALSE(day_of(2026, 1, 32));
  EXPECT_FALSE(day_of(0, 1, 1));
  EXPECT_FALSE(day_of(10'000, 1, 1));
  EXPECT_FALSE(day_of(INT_MAX, INT_MAX, INT_MAX));
  EXPECT_FALSE(day_of(INT_MIN, INT_MIN, INT_MIN));
}

TEST(Civil, is_defined_for_every_day_number) {
  EXPECT_EQ(parts_of(Day{INT32_MAX}).year, 5'881'580);
  EXPECT_GE(weekday_of(Day{INT32_MIN}), 1);
  EXPECT_LE(weekday_of(Day{INT32_MAX}), 7);
}

TEST(Texts, of_days_and_instants) {
  EXPECT_EQ(to_text(civil(2026, 3, 2)), "2026-03-02");
  EXPECT_EQ(to_text(civil(26, 3, 2)), "0026-03-02");
  EXPECT_EQ(to_text(Day::unknown()), "unknown");
  EXPECT_EQ(to_text_utc(Instant{0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_text_utc(Instant{-1}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_text_utc(Instant{1'500'000}), "1970-01-01T00:00:01.500000Z");
  EXPECT_EQ(to_text_utc(Instant::unknown()), "unknown");
  EXPECT_EQ(to_text_utc(Instant::max()), "never");
}

TEST(Texts, of_durations_and_periods) {
  EXPECT_EQ(to_text(Duration{2, Unit::business_days}), "2 business days");
  EXPECT_EQ(to_text(Duration{1, Unit::hours}), "1 hour");
  EXPECT_EQ(to_text(Duration{0, Unit::days}), "0 days");
  EXPECT_EQ(to_text(Duration{9, Unit::working_hours}), "9 working hours");
  EXPECT_EQ(to_text(Duration{1, Unit::quarters}), "1 quarter");
  EXPECT_EQ(to_text(Period::half), "half year");
  EXPECT_EQ(to_text(Period::term), "term");
}

TEST(Instant, unknown_is_less_than_every_known_one) {
  EXPECT_FALSE(Instant::unknown().known());
  EXPECT_LT(Instant::unknown(), Instant{INT64_MIN + 1});
  EXPECT_LT(Instant{INT64_MAX - 1}, Instant::max());
}

}  // namespace
}  // namespace plumb::time
