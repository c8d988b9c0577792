#include "time/parse_time.h"

#include <chrono>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "unit/time/texts.h"

namespace plumb::time {
namespace {

std::string instant_of(std::string_view text, const char* zone_name = "UTC",
                       DateOrder order = DateOrder::year_month_day) {
  const auto reading = parse_reading(text, zone(zone_name), order);
  if (!reading) return reading.error();
  EXPECT_FALSE(reading->day.known() && reading->at.known());
  return reading->at.known() ? to_text_utc(reading->at) : to_text(reading->day);
}

TEST(ParseTime, reads_dates) {
  EXPECT_EQ(instant_of("2026-03-02"), "2026-03-02");
  EXPECT_EQ(instant_of("2028-02-29"), "2028-02-29");
  EXPECT_EQ(instant_of("1900-01-01"), "1900-01-01");
  EXPECT_EQ(instant_of("2200-12-31"), "2200-12-31");
}

TEST(ParseTime, reads_instants_with_an_offset) {
  EXPECT_EQ(instant_of("2026-03-02T09:00:00.123456Z"), "2026-03-02T09:00:00.123456Z");
  EXPECT_EQ(instant_of("2026-03-02T09:00:00+01:00"), "2026-03-02T08:00:00Z");
  EXPECT_EQ(instant_of("2026-03-02T09:00:00.000+0100"), "2026-03-02T08:00:00Z");
  EXPECT_EQ(instant_of("2026-03-02 09:00-05"), "2026-03-02T14:00:00Z");
  EXPECT_EQ(instant_of("2026-03-02 09:00 +05:45"), "2026-03-02T03:15:00Z");
  EXPECT_EQ(instant_of("2026-01-01T00:00Z", "America/New_York"), "2026-01-01T00:00:00Z");
  EXPECT_TRUE(parse_reading("2026-03-02T09:00Z", Zone::utc())->has_offset);
  EXPECT_FALSE(parse_reading("2026-03-02T09:00", Zone::utc())->has_offset);
}

TEST(ParseTime, reads_local_times_in_the_zone) {
  EXPECT_EQ(instant_of("2026-03-02 09:00", "America/New_York"), "2026-03-02T14:00:00Z");
  EXPECT_EQ(instant_of("2026-07-02 09:00", "America/New_York"), "2026-07-02T13:00:00Z");
  EXPECT_EQ(instant_of("2026-07-02T23:59:59.999999", "Asia/Kolkata"), "2026-07-02T18:29:59.999999Z");
}

TEST(ParseTime, reads_fractions_to_the_microsecond) {
  EXPECT_EQ(instant_of("2026-03-02T09:00:00.5Z"), "2026-03-02T09:00:00.500000Z");
  EXPECT_EQ(instant_of("2026-03-02T09:00:00.123456789Z"), "2026-03-02T09:00:00.123456Z");
  EXPECT_EQ(instant_of("2026-03-02T09:00:00.Z"),
            "`2026-03-02T09:00:00.Z` has no time of day such as 09:00 or 09:00:30");
  EXPECT_NE(instant_of("2026-03-02T09:00:00.1234567890Z").find("has no time of day"), std::string::npos);
}

TEST(ParseTime, reads_other_orders_when_told_to) {
  EXPECT_EQ(instant_of("25/05/2026", "UTC", DateOrder::day_month_year), "2026-05-25");
  EXPECT_EQ(instant_of("25.05.2026 09:30", "UTC", DateOrder::day_month_year), "2026-05-25T09:30:00Z");
  EXPECT_EQ(instant_of("5/6/2026", "UTC", DateOrder::day_month_year), "2026-06-05");
  EXPECT_EQ(instant_of("5/6/2026", "UTC", DateOrder::month_day_year), "2026-05-06");
  EXPECT_EQ(instant_of("05-06-2026", "UTC", DateOrder::month_day_year), "2026-05-06");
  EXPECT_EQ(instant_of("2026-05-25", "UTC", DateOrder::month_day_year), "2026-05-25");
  EXPECT_EQ(
      instant_of("25/05/2026", "UTC", DateOrder::month_day_year),
      "`25/05/2026` names month 25, and a year has 12: are dates written with the day first here? Then the others are "
      "read wrong, too");
  EXPECT_EQ(instant_of("25/05/2026"), "`25/05/2026` is not a date such as 2026-05-25");
  EXPECT_EQ(instant_of("25/05/26", "UTC", DateOrder::day_month_year),
            "`25/05/26` is not a date such as 25/05/2026 or 2026-05-25");
  EXPECT_NE(instant_of("25/05.2026", "UTC", DateOrder::day_month_year).find("is not a date"), std::string::npos);
  EXPECT_NE(instant_of("25/05/20265", "UTC", DateOrder::day_month_year).find("is not a date"), std::string::npos);
}

TEST(ParseTime, reads_clocks_of_twelve_hours_where_the_year_may_be_last) {
  const auto american = [](std::string_view text) { return instant_of(text, "UTC", DateOrder::month_day_year); };
  EXPECT_EQ(american("1/25/2026 2:00 PM"), "2026-01-25T14:00:00Z");
  EXPECT_EQ(american("1/25/2026, 12:00:30am"), "2026-01-25T00:00:30Z");
  EXPECT_EQ(american("1/25/2026, 12:05\xE2\x80\xAFPM"), "2026-01-25T12:05:00Z");
  EXPECT_EQ(american("2026-01-25 9:05"), "2026-01-25T09:05:00Z");
  EXPECT_EQ(american("1/25/2026 13:00 PM"), "`1/25/2026 13:00 PM` has a time of day that no clock shows");
  EXPECT_EQ(american("1/25/2026 0:30 AM"), "`1/25/2026 0:30 AM` has a time of day that no clock shows");
  EXPECT_EQ(american("1/25/2026 2:00 XM"),
            "`1/25/2026 2:00 XM` goes on after the date in a way that is not understood");
  EXPECT_EQ(instant_of("2026-01-25 02:00 PM"),
            "`2026-01-25 02:00 PM` goes on after the date in a way that is not understood");
}

TEST(ParseTime, calls_placeholders_placeholders) {
  for (const char* text :
       {"0000-00-00", "0000-00-00 00:00:00", "9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00"}) {
    EXPECT_EQ(instant_of(text), "`" + std::string(text) + "` is a placeholder and not a date");
  }
  EXPECT_EQ(instant_of("31/12/9999", "UTC", DateOrder::day_month_year), "`31/12/9999` is a placeholder and not a date");
}

TEST(ParseTime, refuses_days_and_years_that_do_not_exist_here) {
  EXPECT_EQ(instant_of("2026-02-30"), "`2026-02-30` does not exist: 2026-02 has no day 30");
  EXPECT_EQ(instant_of("2026-02-29T09:00Z"), "`2026-02-29T09:00Z` does not exist: 2026-02 has no day 29");
  EXPECT_EQ(instant_of("2026-00-01"), "`2026-00-01` names month 0, and a year has 12");
  EXPECT_EQ(instant_of("2026-13-01"), "`2026-13-01` names month 13, and a year has 12");
  EXPECT_EQ(instant_of("2026-01-00"), "`2026-01-00` does not exist: 2026-01 has no day 0");
  EXPECT_EQ(instant_of("1899-12-31"), "`1899-12-31` is outside the years 1900 to 2200");
  EXPECT_EQ(instant_of("2201-01-01"), "`2201-01-01` is outside the years 1900 to 2200");
  EXPECT_EQ(instant_of("0026-03-02"), "`0026-03-02` is outside the years 1900 to 2200");
}

TEST(ParseTime, refuses_times_that_no_clock_shows) {
  EXPECT_EQ(instant_of("2026-03-02 24:00"), "`2026-03-02 24:00` says 24:00; write 00:00 of the next day");
  EXPECT_EQ(instant_of("2026-03-02 24:01"), "`2026-03-02 24:01` has a time of day that no clock shows");
  EXPECT_EQ(instant_of("2026-03-02 09:60"), "`2026-03-02 09:60` has a time of day that no clock shows");
  EXPECT_EQ(instant_of("2016-12-31T23:59:60Z"), "`2016-12-31T23:59:60Z` has a leap second, which is not supported");
  EXPECT_EQ(instant_of("2016-12-31T23:59:61Z"), "`2016-12-31T23:59:61Z` has a time of day that no clock shows");
  EXPECT_EQ(instant_of("2026-03-02 9:00"), "`2026-03-02 9:00` has no time of day such as 09:00 or 09:00:30");
  EXPECT_EQ(instant_of("2026-03-02 09"), "`2026-03-02 09` has no time of day such as 09:00 or 09:00:30");
}

TEST(ParseTime, refuses_offsets_that_no_place_has) {
  for (const char* text :
       {"2026-03-02T09:00+25:00", "2026-03-02T09:00+18:01", "2026-03-02T09:00+01:60", "2026-03-02T09:00+1",
        "2026-03-02T09:00+01:", "2026-03-02T09:00+01:0", "2026-03-02T09:00-"}) {
    EXPECT_EQ(instant_of(text), "`" + std::string(text) + "` has no offset such as Z or +01:00");
  }
  EXPECT_EQ(instant_of("2026-03-02T09:00+14:00"), "2026-03-01T19:00:00Z");
}

TEST(ParseTime, says_that_a_local_time_does_not_exist) {
  EXPECT_EQ(instant_of("2026-03-08 02:30", "America/New_York"),
            "`2026-03-08 02:30` does not exist in America/New_York: the clock is set forward past it; give an offset");
  EXPECT_EQ(instant_of("2026-03-08 02:30-05:00", "America/New_York"), "2026-03-08T07:30:00Z");
  EXPECT_NE(instant_of("2011-12-30 12:00", "Pacific/Apia").find("does not exist in Pacific/Apia"), std::string::npos);
  EXPECT_EQ(instant_of("2011-12-30", "Pacific/Apia"), "2011-12-30");
}

TEST(ParseTime, says_that_a_local_time_exists_twice) {
  EXPECT_EQ(instant_of("2026-11-01 01:30", "America/New_York"),
            "`2026-11-01 01:30` occurs twice in America/New_York, when the clock is set back; give an offset such as "
            "-04:00 or -05:00");
  EXPECT_EQ(instant_of("2026-11-01 01:30-05:00", "America/New_York"), "2026-11-01T06:30:00Z");
}

TEST(ParseTime, knows_what_stands_for_no_time) {
  const Zone berlin = zone("Europe/Berlin");
  const auto none = [&](std::string_view text) { return stands_for_none(*parse_reading(text, berlin), berlin); };
  for (const char* text : {"1900-01-01", "1970-01-01", "1970-01-01T00:00:00Z", "1970-01-01 00:00", "1900-01-01 00:00:00",
                           "1970-01-01 01:00"}) {
    EXPECT_TRUE(none(text)) << text;
  }
  for (const char* text : {"1900-01-02", "1970-01-01 10:00", "1969-12-31", "2026-01-01"}) EXPECT_FALSE(none(text)) << text;
}

TEST(ParseTime, reads_milliseconds_since_1970) {
  EXPECT_EQ(instant_of("1767690000000"), "2026-01-06T09:00:00Z");
  EXPECT_EQ(instant_of("1767690000"), "2026-01-06T09:00:00Z");
  EXPECT_EQ(instant_of("1000000000001"), "2001-09-09T01:46:40.001000Z");
  for (const char* text : {"9999999999999", "0767690000000", "176769000000", "17676900000000", "-1767690000000"}) {
    EXPECT_NE(instant_of(text).find("is not a date such as 2026-05-25"), std::string::npos) << text;
  }
}

TEST(ParseTime, refuses_junk) {
  for (const char* text : {"", " ", "-", "2026", "2026-03", "2026-3-2", "2026/03/02", "20260302", "today",
                           "-2026-03-02", " 2026-03-02", "2026-03-021", "+2026-03-02", "12026-03-02"}) {
    EXPECT_NE(instant_of(text).find("is not a date such as 2026-05-25"), std::string::npos) << text;
  }
  for (const char* text : {"2026-03-02 ", "2026-03-02T", "2026-03-02x", "2026-03-02Z", "2026-03-02  09:00",
                           "2026-03-02 09:00 ", "2026-03-02 09:00 PM", "2026-03-02T09:00Zulu",
                           "2026-03-02T09:00Z+01:00", "2026-03-02 09:00:00 UTC", "2026-03-02T09:00+01:00:00"}) {
    EXPECT_NE(instant_of(text).find("goes on after the date"), std::string::npos) << text << ": " << instant_of(text);
  }
}

TEST(ParseTime, shows_long_and_dirty_texts_short_and_clean) {
  const std::string shown = instant_of(std::string(1'000'000, 'x'));
  EXPECT_EQ(shown, "`" + std::string(40, 'x') + "…` is not a date such as 2026-05-25");
  // Byte 40 lies inside a two-byte letter, which is left out whole.
  EXPECT_EQ(instant_of(std::string(39, 'x') + "éé"),
            "`" + std::string(39, 'x') + "…` is not a date such as 2026-05-25");
  EXPECT_EQ(instant_of("\x1b[31m\n"), "`?[31m?` is not a date such as 2026-05-25");
  EXPECT_EQ(instant_of(std::string_view("\0\0", 2)), "`??` is not a date such as 2026-05-25");
}

TEST(ParseTime, reads_back_what_is_written) {
  std::mt19937_64 random(9);
  std::uniform_int_distribution<std::int64_t> micros(utc("1900-01-01 00:00").micros, utc("2200-12-31 00:00").micros);
  for (int i = 0; i < 20'000; ++i) {
    const Instant instant{micros(random)};
    ASSERT_EQ(utc(to_text_utc(instant)), instant) << to_text_utc(instant);
  }
}

TEST(ParseTime, survives_any_change_to_a_good_text) {
  std::mt19937_64 random(10);
  const std::string good = "2026-03-02T09:00:00.123456+01:00";
  int read = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = good;
    for (std::uint64_t n = random() % 3 + 1; n > 0; --n)
      text[random() % text.size()] = static_cast<char>(random() % 256);
    text.resize(random() % (text.size() + 1));
    const auto order = static_cast<DateOrder>(random() % 3);
    const auto reading = parse_reading(text, Zone::utc(), order);
    if (reading) {
      ++read;
      EXPECT_NE(reading->at.known(), reading->day.known()) << text;
    } else {
      EXPECT_LT(reading.error().size(), 200u) << text;
    }
  }
  EXPECT_GT(read, 0);
}

TEST(CommonTimes, read_what_nearly_every_export_writes) {
  CommonTimes times;
  Reading reading;
  for (const char* text : {"2026-03-02 09:00:30", "2026-03-02T09:00:30.5Z", "2024-02-29 23:59:59.123456"}) {
    ASSERT_TRUE(times.read(text, Zone::utc(), reading)) << text;
    EXPECT_EQ(reading.at, parse_reading(text, Zone::utc())->at) << text;
  }
  for (const char* text :
       {"2026-02-29 09:00:30", "2026-03-02 24:00:00", "2026-03-02 09:00", "2026-03-02 09:00:30+01",
        "2026-03-02 09:00:30.", "2026-03-02 09:00:30.1234567", "2026-03-02 0a:00:30", "1899-12-31 09:00:30"}) {
    EXPECT_FALSE(times.read(text, Zone::utc(), reading)) << text;
  }
  EXPECT_FALSE(CommonTimes().read(std::string_view("\0\0\0\0\0\0\0\0\0\0 09:00:30", 19), Zone::utc(), reading));
}

TEST(CommonTimes, read_nothing_otherwise_than_the_careful_reader) {
  std::mt19937_64 random(11);
  const std::vector<Zone> zones = {Zone::utc(), zone("Europe/Berlin"), zone("Asia/Kolkata")};
  const std::vector<std::string> good = {"2026-03-29 02:00:00.123456Z", "2026-10-25T02:30:59.5", "2024-02-29 23:59:59"};
  CommonTimes times;  // one for all: what it remembers of the last date shows nowhere
  int read = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = good[random() % good.size()];
    for (std::uint64_t n = random() % 4; n > 0; --n) {
      const bool digit = random() % 4 != 0;
      text[random() % text.size()] = static_cast<char>(digit ? '0' + random() % 10 : random() % 256);
    }
    const Zone& zone = zones[random() % zones.size()];
    Reading common;
    if (!times.read(text, zone, common)) continue;
    ++read;
    const auto reading = parse_reading(text, zone);
    ASSERT_TRUE(bool(reading)) << text;
    ASSERT_EQ(common.at, reading->at) << text;
    ASSERT_EQ(common.has_offset, reading->has_offset) << text;
  }
  EXPECT_GT(read, 50'000);
}

}  // namespace
}  // namespace plumb::time
