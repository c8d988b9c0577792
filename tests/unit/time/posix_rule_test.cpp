#include "time/posix_rule.h"

#include <gtest/gtest.h>

#include "unit/time/texts.h"

namespace plumb::time {
namespace {

std::string changes(std::string_view text, int year) {
  const auto rule = parse_posix_rule(text);
  if (!rule) return "no rule";
  if (!rule->summer) return "none";
  std::string all;
  for (const OffsetChange& change : changes_in(*rule->summer, rule->offset, year)) {
    all += to_text_utc(Instant{change.at * micros_per_second}) + " " + std::to_string(change.offset) + "; ";
  }
  return all;
}

TEST(PosixRule, reads_a_constant_offset) {
  EXPECT_EQ(parse_posix_rule("UTC0")->offset, 0);
  EXPECT_EQ(parse_posix_rule("EST5")->offset, -5 * 3'600);
  EXPECT_EQ(parse_posix_rule("<+0545>-5:45")->offset, 5 * 3'600 + 45 * 60);
  EXPECT_FALSE(parse_posix_rule("EST5")->summer);
}

TEST(PosixRule, finds_the_changes_of_a_year) {
  EXPECT_EQ(changes("EST5EDT,M3.2.0,M11.1.0", 2040), "2040-03-11T07:00:00Z -14400; 2040-11-04T06:00:00Z -18000; ");
  // Winter time is the saving one in Dublin.
  EXPECT_EQ(changes("IST-1GMT0,M10.5.0,M3.5.0/1", 2026), "2026-03-29T01:00:00Z 3600; 2026-10-25T01:00:00Z 0; ");
  // The Friday before the last Sunday of March: Thursday of the fourth week plus 26 hours.
  EXPECT_EQ(changes("IST-2IDT,M3.4.4/26,M10.5.0", 2026), "2026-03-27T00:00:00Z 10800; 2026-10-24T23:00:00Z 7200; ");
  EXPECT_EQ(changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026),
            "2026-03-29T01:00:00Z -3600; 2026-10-25T01:00:00Z -7200; ");
  EXPECT_EQ(changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026),
            "2026-04-04T15:00:00Z 37800; 2026-10-03T15:30:00Z 39600; ");
}

TEST(PosixRule, counts_days_of_the_year_with_and_without_the_leap_day) {
  EXPECT_EQ(changes("AAA0BBB,J60/0,J365/0", 2028), "2028-03-01T00:00:00Z 3600; 2028-12-30T23:00:00Z 0; ");
  EXPECT_EQ(changes("AAA0BBB,59/0,365/0", 2028), "2028-02-29T00:00:00Z 3600; 2028-12-30T23:00:00Z 0; ");
}

TEST(PosixRule, refuses_other_texts) {
  for (const char* text : {"", "E", "EST", "5", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0",
                           "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,M3.2.0,M11.1.0x", "<+05-5",
                           "EST999", "EST5:60", "EST5EDT,J0,J5", "EST5EDT,366,5"}) {
    EXPECT_FALSE(parse_posix_rule(text)) << text;
  }
}

}  // namespace
}  // namespace plumb::time
