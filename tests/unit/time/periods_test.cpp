#include <gtest/gtest.h>

#include "unit/time/texts.h"

namespace plumb::time {
namespace {

CalendarSpec fiscal_from_february() {
  CalendarSpec spec = office("America/New_York");
  spec.fiscal_year_starts_month = 2;
  return spec;
}

std::string shown(const Calendar& calendar, Period period, Interval interval) {
  if (!interval.from.known() && !interval.until.known()) return "unknown";
  return calendar.name_of(period, interval) + ": " + to_text(interval.from, calendar.zone()) + " - " +
         to_text(interval.until, calendar.zone());
}

std::string period(const Calendar& calendar, Period period, std::string_view text) {
  return shown(calendar, period, calendar.period_of(period, at(calendar, text)));
}

std::string name(const Calendar& calendar, Period period, std::string_view text) {
  return calendar.name_of(period, calendar.period_of(period, at(calendar, text)));
}

TEST(Periods, of_a_plain_calendar) {
  const Calendar calendar = make(office("America/New_York"));
  EXPECT_EQ(period(calendar, Period::day, "2026-03-08 12:00"),
            "2026-03-08: Sun 8 Mar 2026 00:00 - Mon 9 Mar 2026 00:00");
  EXPECT_EQ(period(calendar, Period::week, "2026-03-08 12:00"),
            "2026-W10: Mon 2 Mar 2026 00:00 - Mon 9 Mar 2026 00:00");
  EXPECT_EQ(period(calendar, Period::month, "2026-03-08 12:00"),
            "2026-03: Sun 1 Mar 2026 00:00 - Wed 1 Apr 2026 00:00");
  EXPECT_EQ(period(calendar, Period::quarter, "2026-03-08 12:00"),
            "FY2026-Q1: Thu 1 Jan 2026 00:00 - Wed 1 Apr 2026 00:00");
  EXPECT_EQ(period(calendar, Period::half, "2026-07-01 00:00"),
            "FY2026-H2: Wed 1 Jul 2026 00:00 - Fri 1 Jan 2027 00:00");
  EXPECT_EQ(period(calendar, Period::year, "2026-12-31 23:59"), "FY2026: Thu 1 Jan 2026 00:00 - Fri 1 Jan 2027 00:00");
}

TEST(Periods, of_a_fiscal_year_from_february) {
  const Calendar calendar = make(fiscal_from_february());
  EXPECT_EQ(period(calendar, Period::quarter, "2026-01-31 23:59"),
            "FY2025-Q4: Sat 1 Nov 2025 00:00 - Sun 1 Feb 2026 00:00");
  EXPECT_EQ(period(calendar, Period::quarter, "2026-02-01 00:00"),
            "FY2026-Q1: Sun 1 Feb 2026 00:00 - Fri 1 May 2026 00:00");
  EXPECT_EQ(period(calendar, Period::half, "2026-08-01 00:00"),
            "FY2026-H2: Sat 1 Aug 2026 00:00 - Mon 1 Feb 2027 00:00");
  EXPECT_EQ(period(calendar, Period::year, "2026-01-15 12:00"), "FY2025: Sat 1 Feb 2025 00:00 - Sun 1 Feb 2026 00:00");
  EXPECT_EQ(period(calendar, Period::month, "2026-01-15 12:00"),
            "2026-01: Thu 1 Jan 2026 00:00 - Sun 1 Feb 2026 00:00");
}

TEST(Periods, of_every_fiscal_start_hold_their_instants_and_join) {
  for (int month = 1; month <= 12; ++month) {
    CalendarSpec spec = office("Europe/Berlin");
    spec.fiscal_year_starts_month = month;
    const Calendar calendar = make(spec);
    for (const Period kind : {Period::day, Period::week, Period::month, Period::quarter, Period::half, Period::year}) {
      Interval here = calendar.period_of(kind, at(calendar, "2023-05-17 12:00"));
      for (int i = 0; i < 60; ++i) {
        const Interval after = calendar.next(kind, here);
        ASSERT_EQ(after.from, here.until) << to_text(kind) << ' ' << month;
        ASSERT_LT(after.from, after.until);
        ASSERT_EQ(calendar.period_of(kind, after.from), after);
        ASSERT_EQ(calendar.period_of(kind, Instant{after.until.micros - 1}), after);
        ASSERT_EQ(calendar.previous(kind, after), here);
        ASSERT_NE(calendar.name_of(kind, after), calendar.name_of(kind, here));
        here = after;
      }
    }
  }
}

TEST(Periods, are_named_by_iso_weeks) {
  const Calendar calendar = make(office("UTC"));
  EXPECT_EQ(name(calendar, Period::week, "2026-01-01 00:00"), "2026-W01");
  EXPECT_EQ(name(calendar, Period::week, "2025-12-29 00:00"), "2026-W01");
  EXPECT_EQ(name(calendar, Period::week, "2027-01-03 00:00"), "2026-W53");
  EXPECT_EQ(name(calendar, Period::week, "2027-01-04 00:00"), "2027-W01");
}

TEST(Periods, of_weeks_from_sunday_on) {
  CalendarSpec spec = office("America/New_York");
  spec.week_starts_weekday = 7;
  const Calendar calendar = make(spec);
  EXPECT_EQ(period(calendar, Period::week, "2026-03-07 23:59"),
            "week of 2026-03-01: Sun 1 Mar 2026 00:00 - Sun 8 Mar 2026 00:00");
  EXPECT_EQ(period(calendar, Period::week, "2026-03-08 00:00"),
            "week of 2026-03-08: Sun 8 Mar 2026 00:00 - Sun 15 Mar 2026 00:00");
}

TEST(Terms, hold_what_lies_in_them_and_leave_gaps) {
  CalendarSpec spec = office("America/New_York");
  spec.terms = {{"2026-1", day("2026-01-05"), day("2026-03-06")},
                {"2026-2", day("2026-03-07"), day("2026-05-29")},
                {"2026-3", day("2026-09-01"), day("2026-09-01")}};
  const Calendar calendar = make(spec);
  EXPECT_EQ(period(calendar, Period::term, "2026-01-04 23:59"), "unknown");
  EXPECT_EQ(period(calendar, Period::term, "2026-01-05 00:00"), "2026-1: Mon 5 Jan 2026 00:00 - Sat 7 Mar 2026 00:00");
  EXPECT_EQ(period(calendar, Period::term, "2026-03-06 23:59"), "2026-1: Mon 5 Jan 2026 00:00 - Sat 7 Mar 2026 00:00");
  EXPECT_EQ(name(calendar, Period::term, "2026-03-07 00:00"), "2026-2");
  EXPECT_EQ(period(calendar, Period::term, "2026-05-30 00:00"), "unknown");
  EXPECT_EQ(name(calendar, Period::term, "2026-09-01 12:00"), "2026-3");
  const Interval second = calendar.period_of(Period::term, at(calendar, "2026-04-01 00:00"));
  EXPECT_EQ(calendar.name_of(Period::term, calendar.next(Period::term, second)), "2026-3");
  EXPECT_EQ(calendar.name_of(Period::term, calendar.previous(Period::term, second)), "2026-1");
  const Interval third = calendar.next(Period::term, second);
  EXPECT_EQ(shown(calendar, Period::term, calendar.next(Period::term, third)), "unknown");
  EXPECT_EQ(calendar.previous(Period::term, third), second);
  EXPECT_EQ(shown(calendar, Period::term, calendar.previous(Period::term, calendar.previous(Period::term, second))),
            "unknown");
}

TEST(Terms, outside_the_tabulated_range_are_never_found) {
  CalendarSpec spec = office("UTC");
  spec.terms = {{"early", day_of(1, 1, 1).value(), day_of(1700, 1, 1).value()},
                {"now", day("2026-01-01"), day("2026-06-30")},
                {"late", day_of(2500, 1, 1).value(), day_of(2600, 1, 1).value()}};
  const Calendar calendar = make(spec);
  const Interval now = calendar.period_of(Period::term, utc("2026-02-01 00:00"));
  EXPECT_EQ(calendar.name_of(Period::term, now), "now");
  EXPECT_EQ(calendar.next(Period::term, now), Interval{});
  EXPECT_EQ(calendar.previous(Period::term, now), Interval{});
}

TEST(Periods, next_to_an_interval_that_is_none_of_them) {
  const Calendar calendar = make(office("UTC"));
  const Interval odd{utc("2026-03-10 12:00"), utc("2026-03-12 12:00")};
  EXPECT_EQ(calendar.name_of(Period::month, calendar.next(Period::month, odd)), "2026-04");
  EXPECT_EQ(calendar.name_of(Period::month, calendar.previous(Period::month, odd)), "2026-02");
}

TEST(Periods, are_unknown_where_there_is_nothing) {
  const Calendar calendar = make(fiscal_from_february());
  EXPECT_EQ(calendar.period_of(Period::year, Instant::unknown()), Interval{});
  EXPECT_EQ(calendar.period_of(Period::year, Instant::max()), Interval{});
  EXPECT_EQ(calendar.next(Period::year, Interval{}), Interval{});
  EXPECT_EQ(calendar.previous(Period::year, Interval{}), Interval{});
  EXPECT_EQ(calendar.name_of(Period::year, Interval{}), "");
  EXPECT_EQ(name(calendar, Period::year, "1900-01-01 00:00"), "FY1899");
  EXPECT_EQ(name(calendar, Period::year, "2200-01-31 00:00"), "FY2199");
  EXPECT_EQ(name(calendar, Period::year, "2200-12-31 23:00"), "FY2200");
}

}  // namespace
}  // namespace plumb::time
