#include "time/calendar.h"

#include <gtest/gtest.h>

#include "base/assert.h"
#include "unit/time/texts.h"

namespace plumb::time {
namespace {

constexpr std::int64_t hour = micros_per_hour;

Calendar new_york_office() {
  CalendarSpec spec = office("America/New_York");
  spec.holidays = {day("2026-05-25"), day("2026-07-03"), day("2026-11-26")};
  return make(spec);
}

std::string within(const Calendar& calendar, std::int64_t count, Unit unit, std::string_view from) {
  return to_text(calendar.within({count, unit}, at(calendar, from)), calendar.zone());
}

std::string ahead(const Calendar& calendar, std::int64_t count, Unit unit, std::string_view of) {
  return to_text(calendar.ahead_of({count, unit}, at(calendar, of)), calendar.zone());
}

std::string back(const Calendar& calendar, std::int64_t count, Unit unit, std::string_view from) {
  return to_text(calendar.back_from({count, unit}, at(calendar, from)), calendar.zone());
}

TEST(CalendarMake, refuses_an_unknown_zone) {
  const auto made = Calendar::make(office("Mars/Olympus"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error(), "the time zone database has no zone `Mars/Olympus`");
}

TEST(CalendarMake, asserts_what_its_caller_promised) {
  CalendarSpec hours_overlap = office("UTC");
  hours_overlap.week[0] = {{600, 700}, {650, 800}};
  EXPECT_THROW(static_cast<void>(Calendar::make(hours_overlap)), Bug);
  CalendarSpec terms_overlap = office("UTC");
  terms_overlap.terms = {{"a", day("2026-01-01"), day("2026-02-01")}, {"b", day("2026-02-01"), day("2026-03-01")}};
  EXPECT_THROW(static_cast<void>(Calendar::make(terms_overlap)), Bug);
  EXPECT_THROW(Calendar().day_of(Instant{0}), Bug);
}

TEST(BusinessDays, within_two_of_a_tuesday) {
  // The walk of semantics.md §9: opened Tue 3 Mar 10:00; Wed 4 is 1, Thu 5 is 2; deadline Thu 5 Mar 24:00.
  EXPECT_EQ(within(new_york_office(), 2, Unit::business_days, "2026-03-03 10:00"), "Fri 6 Mar 2026 00:00");
}

TEST(BusinessDays, within_skips_weekends_and_holidays) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(within(calendar, 1, Unit::business_days, "2026-03-06 16:00"), "Tue 10 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::business_days, "2026-03-07 12:00"), "Tue 10 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::business_days, "2026-03-08 23:59:59.999999"), "Tue 10 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::business_days, "2026-05-22 10:00"), "Wed 27 May 2026 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::business_days, "2026-05-25 10:00"), "Wed 27 May 2026 00:00");
  EXPECT_EQ(within(calendar, 2, Unit::business_days, "2026-07-02 10:00"), "Wed 8 Jul 2026 00:00");
}

TEST(BusinessDays, within_none_is_the_end_of_this_or_the_next) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(within(calendar, 0, Unit::business_days, "2026-03-03 23:00"), "Wed 4 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 0, Unit::business_days, "2026-03-07 10:00"), "Tue 10 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 0, Unit::business_days, "2026-05-25 10:00"), "Wed 27 May 2026 00:00");
}

TEST(BusinessDays, ahead_is_the_end_of_one_strictly_before) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(ahead(calendar, 1, Unit::business_days, "2026-03-04 10:00"), "Wed 4 Mar 2026 00:00");
  EXPECT_EQ(ahead(calendar, 1, Unit::business_days, "2026-03-09 00:00"), "Sat 7 Mar 2026 00:00");
  EXPECT_EQ(ahead(calendar, 1, Unit::business_days, "2026-03-08 12:00"), "Sat 7 Mar 2026 00:00");
  EXPECT_EQ(ahead(calendar, 2, Unit::business_days, "2026-05-26 12:00"), "Fri 22 May 2026 00:00");
  EXPECT_EQ(ahead(calendar, 0, Unit::business_days, "2026-03-04 10:00"), "Wed 4 Mar 2026 10:00");
}

TEST(BusinessDays, are_found_before_and_after) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(calendar.business_day_after(day("2026-03-06"), 1), day("2026-03-09"));
  EXPECT_EQ(calendar.business_day_after(day("2026-03-08"), 1), day("2026-03-09"));
  EXPECT_EQ(calendar.business_day_after(day("2026-03-08"), 0), day("2026-03-09"));
  EXPECT_EQ(calendar.business_day_after(day("2026-03-09"), 0), day("2026-03-09"));
  EXPECT_EQ(calendar.business_day_after(day("2026-03-09"), -1), day("2026-03-06"));
  EXPECT_EQ(calendar.business_day_after(day("2026-03-08"), -1), day("2026-03-06"));
  EXPECT_FALSE(calendar.business_day_after(day("2026-03-08"), 1'000'000).known());
  EXPECT_FALSE(calendar.business_day_after(day("2026-03-08"), INT64_MAX).known());
  EXPECT_FALSE(calendar.business_day_after(day("2026-03-08"), INT64_MIN).known());
  EXPECT_FALSE(calendar.business_day_after(Day::unknown(), 1).known());
}

TEST(BusinessDays, are_counted_half_open_and_signed) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(calendar.business_days_between(day("2026-03-02"), day("2026-03-09")), 5);
  EXPECT_EQ(calendar.business_days_between(day("2026-03-09"), day("2026-03-02")), -5);
  EXPECT_EQ(calendar.business_days_between(day("2026-05-25"), day("2026-05-26")), 0);
  EXPECT_EQ(calendar.business_days_between(day("2026-03-02"), day("2026-03-02")), 0);
  EXPECT_THROW(calendar.business_days_between(Day::unknown(), day("2026-03-02")), Bug);
}

TEST(BusinessDays, do_not_exist_without_a_work_week) {
  const Calendar calendar = make(CalendarSpec{});
  EXPECT_FALSE(calendar.is_business_day(day("2026-03-04")));
  EXPECT_FALSE(calendar.within({1, Unit::business_days}, utc("2026-03-04 10:00")).known());
  EXPECT_FALSE(calendar.within({0, Unit::business_days}, utc("2026-03-04 10:00")).known());
  EXPECT_FALSE(calendar.ahead_of({1, Unit::business_days}, utc("2026-03-04 10:00")).known());
  EXPECT_FALSE(calendar.within({1, Unit::working_hours}, utc("2026-03-04 10:00")).known());
  EXPECT_EQ(calendar.within({1, Unit::days}, utc("2026-03-04 10:00")), utc("2026-03-06 00:00"));
}

TEST(CivilDays, within_ends_with_a_day) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(within(calendar, 0, Unit::days, "2026-03-04 10:00"), "Thu 5 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 2, Unit::days, "2026-03-06 10:00"), "Mon 9 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::weeks, "2026-03-06 10:00"), "Sat 14 Mar 2026 00:00");
  EXPECT_EQ(ahead(calendar, 2, Unit::days, "2026-03-06 10:00"), "Thu 5 Mar 2026 00:00");
  EXPECT_EQ(back(calendar, 30, Unit::days, "2026-03-31 10:00"), "Sun 1 Mar 2026 00:00");
  EXPECT_EQ(back(calendar, 0, Unit::days, "2026-03-31 10:00"), "Tue 31 Mar 2026 00:00");
  EXPECT_EQ(back(calendar, 5, Unit::business_days, "2026-03-09 10:00"), "Mon 2 Mar 2026 00:00");
}

TEST(Months, keep_the_day_or_take_the_last) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(within(calendar, 1, Unit::months, "2026-03-15 10:00"), "Thu 16 Apr 2026 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::months, "2026-01-31 10:00"), "Sun 1 Mar 2026 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::months, "2028-01-31 10:00"), "Wed 1 Mar 2028 00:00");
  EXPECT_EQ(within(calendar, 3, Unit::months, "2026-11-30 10:00"), "Mon 1 Mar 2027 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::quarters, "2026-11-30 10:00"), "Mon 1 Mar 2027 00:00");
  EXPECT_EQ(within(calendar, 1, Unit::years, "2028-02-29 10:00"), "Thu 1 Mar 2029 00:00");
  EXPECT_EQ(within(calendar, 4, Unit::years, "2028-02-29 10:00"), "Mon 1 Mar 2032 00:00");
  EXPECT_EQ(ahead(calendar, 1, Unit::months, "2026-03-31 10:00"), "Sun 1 Mar 2026 00:00");
  EXPECT_EQ(back(calendar, 1, Unit::months, "2026-03-31 10:00"), "Sat 28 Feb 2026 00:00");
}

TEST(Hours, are_exact_across_a_change_of_the_clock) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(within(calendar, 24, Unit::hours, "2026-03-07 12:00"), "Sun 8 Mar 2026 13:00");
  EXPECT_EQ(within(calendar, 90, Unit::minutes, "2026-03-08 01:00"), "Sun 8 Mar 2026 03:30");
  EXPECT_EQ(ahead(calendar, 24, Unit::hours, "2026-11-02 00:30"), "Sun 1 Nov 2026 01:30");
  EXPECT_EQ(back(calendar, 1, Unit::hours, "2026-03-08 03:00"), "Sun 8 Mar 2026 01:00");
  EXPECT_EQ(within(calendar, 0, Unit::hours, "2026-03-07 12:00:00.000001"), "Sat 7 Mar 2026 12:00:00.000001");
}

TEST(WorkingHours, run_only_while_there_is_work) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(within(calendar, 2, Unit::working_hours, "2026-03-03 10:00"), "Tue 3 Mar 2026 12:00");
  EXPECT_EQ(within(calendar, 7, Unit::working_hours, "2026-03-03 10:00"), "Tue 3 Mar 2026 17:00");
  EXPECT_EQ(within(calendar, 8, Unit::working_hours, "2026-03-03 10:00"), "Wed 4 Mar 2026 10:00");
  EXPECT_EQ(within(calendar, 8, Unit::working_hours, "2026-03-03 20:00"), "Wed 4 Mar 2026 17:00");
  EXPECT_EQ(within(calendar, 2, Unit::working_hours, "2026-03-06 16:00"), "Mon 9 Mar 2026 10:00");
  EXPECT_EQ(within(calendar, 1, Unit::working_hours, "2026-05-23 03:00"), "Tue 26 May 2026 10:00");
  EXPECT_EQ(within(calendar, 0, Unit::working_hours, "2026-05-23 03:00"), "Sat 23 May 2026 03:00");
  EXPECT_EQ(within(calendar, 400, Unit::working_hours, "2026-01-05 09:00"), "Fri 13 Mar 2026 17:00");
}

TEST(WorkingHours, ahead_is_the_latest_instant_that_leaves_so_many) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(ahead(calendar, 2, Unit::working_hours, "2026-03-03 12:00"), "Tue 3 Mar 2026 10:00");
  EXPECT_EQ(ahead(calendar, 8, Unit::working_hours, "2026-03-09 09:00"), "Fri 6 Mar 2026 09:00");
  // Until Friday 17:00 nothing is left to work; the weekend adds nothing.
  EXPECT_EQ(ahead(calendar, 1, Unit::working_hours, "2026-03-08 12:00"), "Fri 6 Mar 2026 16:00");
  EXPECT_EQ(ahead(calendar, 8, Unit::working_hours, "2026-03-04 17:00"), "Wed 4 Mar 2026 09:00");
  EXPECT_EQ(back(calendar, 9, Unit::working_hours, "2026-03-04 17:00"), "Tue 3 Mar 2026 16:00");
}

TEST(WorkingHours, pause_at_noon) {
  CalendarSpec spec = office("America/New_York");
  for (std::size_t weekday = 0; weekday < 5; ++weekday) spec.week[weekday] = {{9 * 60, 12 * 60}, {13 * 60, 17 * 60}};
  const Calendar calendar = make(spec);
  // Three hours are worked as soon as noon comes; four are still to work until the pause is over.
  EXPECT_EQ(within(calendar, 3, Unit::working_hours, "2026-03-03 09:00"), "Tue 3 Mar 2026 12:00");
  EXPECT_EQ(ahead(calendar, 4, Unit::working_hours, "2026-03-03 17:00"), "Tue 3 Mar 2026 13:00");
  EXPECT_EQ(within(calendar, 4, Unit::working_hours, "2026-03-03 12:30"), "Tue 3 Mar 2026 17:00");
  EXPECT_EQ(within(calendar, 10, Unit::working_hours, "2026-03-06 12:30"), "Mon 9 Mar 2026 16:00");
}

TEST(WorkingHours, are_those_the_wall_clock_shows) {
  CalendarSpec spec;
  spec.zone = "America/New_York";
  for (auto& weekday : spec.week) weekday = {{0, 6 * 60}, {22 * 60, 24 * 60}};
  const Calendar nights = make(spec);
  EXPECT_EQ(nights.worked(nights.start_of(day("2026-03-08")), nights.end_of(day("2026-03-08"))), 7 * hour);
  EXPECT_EQ(nights.worked(nights.start_of(day("2026-11-01")), nights.end_of(day("2026-11-01"))), 9 * hour);
  EXPECT_EQ(within(nights, 4, Unit::working_hours, "2026-03-07 23:00"), "Sun 8 Mar 2026 04:00");
  EXPECT_EQ(within(nights, 4, Unit::working_hours, "2026-10-31 23:00"), "Sun 1 Nov 2026 02:00");
  EXPECT_EQ(within(nights, 3, Unit::working_hours, "2026-06-01 05:00"), "Tue 2 Jun 2026 00:00");
}

TEST(WorkingHours, that_begin_in_a_gap_or_a_fold) {
  CalendarSpec spec;
  spec.zone = "America/New_York";
  for (auto& weekday : spec.week) weekday = {{90, 150}};  // 01:30 to 02:30
  const Calendar calendar = make(spec);
  const auto worked_on = [&](const char* text) {
    return calendar.worked(calendar.start_of(day(text)), calendar.end_of(day(text)));
  };
  EXPECT_EQ(worked_on("2026-03-07"), hour);
  EXPECT_EQ(worked_on("2026-03-08"), hour / 2);
  EXPECT_EQ(worked_on("2026-11-01"), 3 * hour / 2);
  EXPECT_EQ(to_text_utc(calendar.within({1, Unit::working_hours}, calendar.start_of(day("2026-11-01")))),
            "2026-11-01T07:00:00Z");
}

TEST(WorkingHours, count_between_any_two_instants) {
  const Calendar calendar = new_york_office();
  const auto between = [&](const char* from, const char* until) {
    return calendar.worked(at(calendar, from), at(calendar, until));
  };
  EXPECT_EQ(between("2026-03-03 10:00", "2026-03-03 12:00"), 2 * hour);
  EXPECT_EQ(between("2026-03-03 16:00", "2026-03-04 10:00"), 2 * hour);
  EXPECT_EQ(between("2026-03-06 16:00", "2026-03-09 10:00"), 2 * hour);
  EXPECT_EQ(between("2026-05-23 00:00", "2026-05-26 00:00"), 0);
  EXPECT_EQ(between("2026-03-04 10:00", "2026-03-03 10:00"), 0);
  EXPECT_EQ(calendar.worked(Instant::unknown(), Instant::max()),
            calendar.worked(Instant{INT64_MIN + 1}, Instant::max()));
}

TEST(Days, have_23_or_25_hours_when_the_clock_changes) {
  const Calendar calendar = new_york_office();
  const auto length = [&](const char* text) {
    return calendar.end_of(day(text)).micros - calendar.start_of(day(text)).micros;
  };
  EXPECT_EQ(length("2026-03-07"), 24 * hour);
  EXPECT_EQ(length("2026-03-08"), 23 * hour);
  EXPECT_EQ(length("2026-11-01"), 25 * hour);
  EXPECT_EQ(length("2160-11-02"), 25 * hour);
}

TEST(Days, that_begin_after_midnight) {
  const Calendar calendar = make(office("America/Sao_Paulo"));
  EXPECT_EQ(to_text(calendar.start_of(day("2017-10-15")), calendar.zone()), "Sun 15 Oct 2017 01:00");
  EXPECT_EQ(calendar.day_of(utc("2017-10-15 02:59:59.999999")), day("2017-10-14"));
  EXPECT_EQ(calendar.day_of(utc("2017-10-15 03:00")), day("2017-10-15"));
  EXPECT_EQ(within(calendar, 1, Unit::days, "2017-10-13 12:00"), "Sun 15 Oct 2017 01:00");
  const Calendar cairo = make(office("Africa/Cairo"));
  EXPECT_EQ(cairo.start_of(day("2025-04-25")), utc("2025-04-24 22:00"));
  EXPECT_EQ(cairo.end_of(day("2025-04-25")), utc("2025-04-25 21:00"));
}

TEST(Days, that_a_zone_skips) {
  const Calendar calendar = make(office("Pacific/Apia"));
  EXPECT_EQ(calendar.start_of(day("2011-12-30")), calendar.end_of(day("2011-12-30")));
  EXPECT_EQ(calendar.day_of(utc("2011-12-30 09:59:59")), day("2011-12-29"));
  EXPECT_EQ(calendar.day_of(utc("2011-12-30 10:00")), day("2011-12-31"));
  // A Friday by the week, and nobody's business day.
  EXPECT_FALSE(calendar.is_business_day(day("2011-12-30")));
  EXPECT_EQ(calendar.business_day_after(day("2011-12-29"), 1), day("2012-01-02"));
  const Interval thursday = calendar.period_of(Period::day, utc("2011-12-30 09:00"));
  EXPECT_EQ(calendar.name_of(Period::day, calendar.next(Period::day, thursday)), "2011-12-31");
}

TEST(Days, that_a_clock_set_back_over_midnight_divides) {
  // Newfoundland went from Sunday 00:01 back to Saturday 23:01: from its first midnight on it is Sunday.
  const Calendar calendar = make(office("America/St_Johns"));
  const Instant midnight = utc("2010-11-07 02:30");
  EXPECT_EQ(calendar.start_of(day("2010-11-07")), midnight);
  EXPECT_EQ(calendar.day_of(Instant{midnight.micros + hour / 2}), day("2010-11-07"));
  EXPECT_EQ(calendar.zone().day_of(Instant{midnight.micros + hour / 2}), day("2010-11-06"));
}

TEST(Range, ends_in_unknown) {
  const Calendar calendar = new_york_office();
  EXPECT_EQ(calendar.day_of(Instant::unknown()), Day::unknown());
  EXPECT_EQ(calendar.day_of(Instant::max()), Day::unknown());
  EXPECT_EQ(calendar.day_of(at(calendar, "1900-01-01 00:00")), day("1900-01-01"));
  EXPECT_EQ(calendar.day_of(at(calendar, "2200-12-31 23:59:59.999999")), day("2200-12-31"));
  EXPECT_FALSE(calendar.start_of(Day::unknown()).known());
  EXPECT_FALSE(calendar.end_of(Day{INT32_MAX}).known());
  const Instant now = at(calendar, "2026-03-03 10:00");
  for (const Unit unit : {Unit::minutes, Unit::hours, Unit::days, Unit::weeks, Unit::months, Unit::quarters,
                          Unit::years, Unit::business_days, Unit::working_hours}) {
    for (const std::int64_t count : {std::int64_t{1'000'000'000}, INT64_MAX}) {
      EXPECT_FALSE(calendar.within({count, unit}, now).known()) << to_text(Duration{count, unit});
      EXPECT_FALSE(calendar.ahead_of({count, unit}, now).known()) << to_text(Duration{count, unit});
      EXPECT_FALSE(calendar.back_from({count, unit}, now).known()) << to_text(Duration{count, unit});
    }
    for (const Instant outside : {Instant::unknown(), Instant{INT64_MIN + 1}, Instant::max()}) {
      EXPECT_FALSE(calendar.within({1, unit}, outside).known());
      EXPECT_FALSE(calendar.ahead_of({1, unit}, outside).known());
      EXPECT_FALSE(calendar.back_from({1, unit}, outside).known());
    }
    EXPECT_THROW(calendar.within({-1, unit}, now), Bug);
  }
}

}  // namespace
}  // namespace plumb::time
