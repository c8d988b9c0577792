#include <cstdlib>
#include <ctime>
#include <random>

#include <gtest/gtest.h>

#include "time/calendar.h"
#include "unit/time/texts.h"

namespace plumb::time {
namespace {

constexpr std::int64_t minute = 60 * micros_per_second;

// The C library has its own reader of the same database, and shares no code with ours.
class CLibraryZone {
 public:
  explicit CLibraryZone(const std::string& name) {
    setenv("TZ", (":" + name).c_str(), 1);
    tzset();
  }
  ~CLibraryZone() {
    unsetenv("TZ");
    tzset();
  }
  static std::tm read(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    localtime_r(&time, &parts);
    return parts;
  }
};

const char* const all_sorts[] = {
    "UTC",          "America/New_York",     "Europe/London",   "Europe/Dublin",      "Africa/Cairo",
    "Asia/Kolkata", "America/Sao_Paulo",    "Pacific/Apia",    "Africa/Casablanca",  "Australia/Lord_Howe",
    "Asia/Tehran",  "America/St_Johns",     "America/Havana",  "Pacific/Kiritimati", "Asia/Jerusalem",
    "Asia/Gaza",    "America/Scoresbysund", "Pacific/Chatham", "America/Santiago",   "Antarctica/Troll"};

TEST(Zone, shows_the_wall_clock_that_the_c_library_shows_until_2200) {
  std::mt19937_64 random(7);
  const std::int64_t first = utc("1902-01-02 00:00").micros / micros_per_second;
  const std::int64_t last = utc("2199-12-31 00:00").micros / micros_per_second;
  for (const char* name : all_sorts) {
    const CLibraryZone expected(name);
    const Zone ours = zone(name);
    std::uniform_int_distribution<std::int64_t> seconds(first, last);
    for (int i = 0; i < 3'000; ++i) {
      const std::int64_t second = seconds(random);
      const std::tm parts = CLibraryZone::read(second);
      const Instant instant{second * micros_per_second};
      ASSERT_EQ(ours.day_of(instant), day_of(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday))
          << name << ' ' << to_text_utc(instant);
      ASSERT_EQ(ours.time_of_day(instant),
                ((parts.tm_hour * 60 + parts.tm_min) * 60 + parts.tm_sec) * micros_per_second)
          << name << ' ' << to_text_utc(instant);
      ASSERT_EQ(ours.offset_seconds(instant), parts.tm_gmtoff) << name << ' ' << to_text_utc(instant);
    }
  }
}

TEST(Zone, finds_every_instant_by_what_its_clock_shows) {
  std::mt19937_64 random(8);
  std::uniform_int_distribution<std::int64_t> micros(utc("1900-01-01 00:00").micros, utc("2200-12-31 00:00").micros);
  for (const char* name : all_sorts) {
    const Zone ours = zone(name);
    for (int i = 0; i < 3'000; ++i) {
      const Instant instant{micros(random)};
      const Zone::Found found = ours.local(ours.day_of(instant), ours.time_of_day(instant));
      ASSERT_NE(found.how, Zone::Local::never) << name << ' ' << to_text_utc(instant);
      ASSERT_TRUE(found.at == instant || (found.how == Zone::Local::twice && found.second == instant))
          << name << ' ' << to_text_utc(instant);
      ASSERT_TRUE(found.how == Zone::Local::once || found.at < found.second);
    }
  }
}

TEST(Zone, says_when_a_reading_never_occurs) {
  const Zone new_york = zone("America/New_York");
  const auto gap = new_york.local(day("2026-03-08"), 150 * minute);
  EXPECT_EQ(gap.how, Zone::Local::never);
  EXPECT_EQ(to_text_utc(gap.at), "2026-03-08T07:00:00Z");
  EXPECT_EQ(new_york.local(day("2026-03-08"), 120 * minute).how, Zone::Local::never);
  EXPECT_EQ(new_york.local(day("2026-03-08"), 120 * minute - 1).how, Zone::Local::once);
  EXPECT_EQ(new_york.local(day("2026-03-08"), 180 * minute).how, Zone::Local::once);
}

TEST(Zone, says_when_a_reading_occurs_twice) {
  const Zone new_york = zone("America/New_York");
  const auto fold = new_york.local(day("2026-11-01"), 90 * minute);
  EXPECT_EQ(fold.how, Zone::Local::twice);
  EXPECT_EQ(to_text_utc(fold.at), "2026-11-01T05:30:00Z");
  EXPECT_EQ(to_text_utc(fold.second), "2026-11-01T06:30:00Z");
  EXPECT_EQ(new_york.local(day("2026-11-01"), 60 * minute).how, Zone::Local::twice);
  EXPECT_EQ(new_york.local(day("2026-11-01"), 120 * minute).how, Zone::Local::once);
}

TEST(Zone, starts_a_day_without_midnight_at_its_first_instant) {
  EXPECT_EQ(to_text_utc(zone("America/Sao_Paulo").start_of(day("2017-10-15"))), "2017-10-15T03:00:00Z");
  EXPECT_EQ(to_text(zone("America/Sao_Paulo").start_of(day("2017-10-15")), zone("America/Sao_Paulo")),
            "Sun 15 Oct 2017 01:00");
  EXPECT_EQ(to_text_utc(zone("Africa/Cairo").start_of(day("2025-04-25"))), "2025-04-24T22:00:00Z");
}

TEST(Zone, starts_a_day_with_two_midnights_at_the_first) {
  // Havana sets its clocks back from 01:00 to 00:00.
  EXPECT_EQ(to_text_utc(zone("America/Havana").start_of(day("2025-11-02"))), "2025-11-02T04:00:00Z");
  // Sao Paulo set them back from 24:00 to 23:00: midnight came once, at the end of a day of 25 hours.
  EXPECT_EQ(to_text_utc(zone("America/Sao_Paulo").start_of(day("2018-02-18"))), "2018-02-18T03:00:00Z");
}

TEST(Zone, gives_a_skipped_day_no_length) {
  const Zone apia = zone("Pacific/Apia");
  EXPECT_EQ(apia.start_of(day("2011-12-30")), apia.start_of(day("2011-12-31")));
  EXPECT_EQ(to_text_utc(apia.start_of(day("2011-12-31"))), "2011-12-30T10:00:00Z");
}

TEST(Zone, keeps_summer_time_after_the_listed_transitions) {
  EXPECT_EQ(zone("America/New_York").offset_seconds(utc("2060-07-01 12:00")), -4 * 3'600);
  EXPECT_EQ(zone("America/New_York").offset_seconds(utc("2060-01-01 12:00")), -5 * 3'600);
  EXPECT_EQ(zone("Europe/Dublin").offset_seconds(utc("2199-07-01 12:00")), 3'600);
  EXPECT_EQ(zone("Australia/Sydney").offset_seconds(utc("2150-01-01 12:00")), 11 * 3'600);
}

TEST(Zone, refuses_names_the_database_does_not_have) {
  for (const char* name : {"", "Nowhere", "America", "america/new_york", "../../etc/passwd", "/etc/localtime", "EST ",
                           "localtime", "posixrules", "Factory", "America/New_York\n"}) {
    const auto found = Zone::find(name);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(found.error(), "the time zone database has no zone `" + std::string(name) + "`");
  }
}

TEST(Zone, lists_the_names_it_finds) {
  const auto names = Zone::names();
  EXPECT_GT(names.size(), 300u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const std::string& name : names) EXPECT_TRUE(Zone::find(name)) << name;
  EXPECT_FALSE(std::binary_search(names.begin(), names.end(), std::string("localtime")));
}

TEST(Zone, answers_for_instants_and_days_at_the_ends_of_their_range) {
  const Zone ours = zone("Pacific/Kiritimati");
  EXPECT_EQ(ours.day_of(Instant::unknown()), Day::unknown());
  EXPECT_TRUE(ours.day_of(Instant::max()).known());
  EXPECT_TRUE(ours.day_of(Instant{INT64_MIN + 1}).known());
  EXPECT_FALSE(ours.start_of(Day::unknown()).known());
  EXPECT_FALSE(ours.start_of(Day{INT32_MAX}).known());
}

TEST(Zone, is_utc_by_default) {
  EXPECT_EQ(Zone().name(), "UTC");
  EXPECT_EQ(Zone::utc().start_of(Day{1}).micros, 24 * micros_per_hour);
}

TEST(Zone, writes_instants_as_people_do) {
  const Zone new_york = zone("America/New_York");
  EXPECT_EQ(to_text(utc("2026-03-03 15:00"), new_york), "Tue 3 Mar 2026 10:00");
  EXPECT_EQ(to_text(utc("2026-03-03 15:00:07"), new_york), "Tue 3 Mar 2026 10:00:07");
  EXPECT_EQ(to_text(utc("2026-03-03 15:00:00.25"), new_york), "Tue 3 Mar 2026 10:00:00.250000");
  EXPECT_EQ(to_text(Instant::unknown(), new_york), "unknown");
  EXPECT_EQ(to_text(Instant::max(), new_york), "never");
}

}  // namespace
}  // namespace plumb::time
