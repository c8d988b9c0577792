// The calendar against one that walks: a million questions over all operations, in years and places where time is
// difficult. The engine answers from prefix sums, the other from minute to minute and from day to day.

#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "unit/time/naive_calendar.h"
#include "unit/time/texts.h"

namespace plumb::time {

void PrintTo(Day day, std::ostream* out) { *out << to_text(day); }
void PrintTo(Instant at, std::ostream* out) { *out << to_text_utc(at); }
void PrintTo(const Interval& interval, std::ostream* out) {
  *out << to_text_utc(interval.from) << " to " << to_text_utc(interval.until);
}

namespace {

constexpr std::int64_t minute = 60 * micros_per_second;

struct Where {
  const char* zone;
  int from;  // six years from here on; the questions are about the two in the middle
};

void PrintTo(const Where& where, std::ostream* out) { *out << where.zone << " from " << where.from; }

constexpr Where places[] = {
    {"UTC", 1998},         // 2000 is a leap year
    {"UTC", 2097},         // 2100 is none
    {"Etc/GMT+12", 1900},  // the farthest west, and the table's first years
    {"Etc/GMT-14", 2195},  // the farthest east, and its last
    {"America/New_York", 2024},
    {"America/New_York", 2150},      // by the rule that holds after the last listed transition
    {"America/St_Johns", 2008},      // set back over midnight
    {"America/Sao_Paulo", 2015},     // no midnight in spring
    {"America/Havana", 2023},        // midnight twice in autumn
    {"America/Asuncion", 2021},      // no midnight in spring; gave summer time up in 2024
    {"America/Caracas", 2013},       // half an hour, for good
    {"America/Scoresbysund", 2021},  // changed its zone
    {"Europe/London", 1966},         // summer time all year
    {"Europe/Dublin", 2024},         // negative summer time
    {"Africa/Cairo", 2022},          // no midnight in spring
    {"Africa/Casablanca", 2023},     // four changes a year
    {"Antarctica/Troll", 2022},      // two hours
    {"Asia/Beirut", 2020},           // no midnight in spring
    {"Asia/Gaza", 2021},             // changes at any time of day
    {"Asia/Kathmandu", 1983},        // a quarter of an hour, for good
    {"Asia/Pyongyang", 2012},
    {"Asia/Tehran", 2020},
    {"Australia/Lord_Howe", 2023},  // summer time of half an hour
    {"Pacific/Chatham", 2023},      // 12:45 east
    {"Pacific/Apia", 2009},         // 2011-12-30 was skipped
    {"Pacific/Kiritimati", 1992},   // 1994-12-31 was skipped
    {"Pacific/Kwajalein", 1991},    // 1993-08-21 was skipped
};

constexpr int calendars_of_a_place = 3;
constexpr int questions_of_a_calendar = 12'500;
static_assert(std::size(places) * calendars_of_a_place * questions_of_a_calendar >= 1'000'000);

constexpr Unit units[] = {Unit::minutes,  Unit::hours, Unit::days,          Unit::weeks,        Unit::months,
                          Unit::quarters, Unit::years, Unit::business_days, Unit::working_hours};
constexpr Period periods[] = {Period::day,  Period::week, Period::month, Period::quarter,
                              Period::half, Period::year, Period::term};

class Questions {
 public:
  Questions(const WallClock& clock, std::uint64_t seed)
      : clock_(clock), random_(seed), spec_(random_spec()), ours_(make(spec_)), naive_(clock_, spec_) {}

  void ask() {
    const Instant at = instant();
    switch (pick(0, 10)) {
      case 0: return ask_days(at);
      case 1: return ask_duration("within", at, &Calendar::within, &NaiveCalendar::within);
      case 2: return ask_duration("ahead of", at, &Calendar::ahead_of, &NaiveCalendar::ahead_of);
      case 3: return ask_duration("back from", at, &Calendar::back_from, &NaiveCalendar::back_from);
      case 4: return ask_worked(at);
      case 5: return ask_business_days(at);
      case 6: return ask_period(at);
      case 7: return ask_neighbours(at);
      case 8: return ask_terms(at);
      case 9: return ask_name(at);
      default: return ask_point(at);
    }
  }

 private:
  std::int64_t pick(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
  }
  bool now_and_then(int of) { return pick(1, of) == 1; }

  std::vector<WorkHours> random_hours() {
    std::vector<WorkHours> hours;
    if (now_and_then(8)) return {{0, 24 * 60}};
    const std::int64_t most = pick(1, 3);
    int free_from = static_cast<int>(pick(0, 12 * 60));
    while (static_cast<std::int64_t>(hours.size()) < most && free_from + 10 < 24 * 60) {
      const int from = static_cast<int>(pick(free_from, std::min(free_from + 300, 24 * 60 - 5)));
      const int until = static_cast<int>(pick(from + 1, 24 * 60));
      hours.push_back({from, until});
      free_from = until + (now_and_then(3) ? 0 : 30);
    }
    return hours;
  }

  CalendarSpec random_spec() {
    CalendarSpec spec;
    spec.zone = clock_.zone;
    const std::int64_t free_days = pick(0, 3);
    for (auto& weekday : spec.week) weekday = random_hours();
    for (std::int64_t i = 0; i < free_days; ++i) spec.week[static_cast<std::size_t>(pick(0, 6))].clear();
    if (now_and_then(12)) spec.week = {};  // nobody works
    const Day first = *time::day_of(clock_.first_year, 1, 1);
    for (int i = 0; i < 150; ++i) {
      const Day day = first + static_cast<int>(pick(0, 6 * 365));
      // Weekends too, and now and then a week or two in a row.
      for (std::int64_t run = now_and_then(20) ? pick(3, 14) : 1; run > 0; --run) {
        spec.holidays.push_back(day + static_cast<int>(run));
      }
    }
    spec.fiscal_year_starts_month = static_cast<int>(pick(1, 12));
    spec.week_starts_weekday = now_and_then(2) ? 1 : static_cast<int>(pick(1, 7));
    for (Day day = first + static_cast<int>(pick(1, 300)); day < first + 6 * 365;) {
      const Day to = day + static_cast<int>(now_and_then(4) ? pick(0, 3) : pick(20, 200));
      spec.terms.push_back({"T" + to_text(day), day, to});
      day = to + static_cast<int>(now_and_then(2) ? 1 : pick(1, 90));
    }
    return spec;
  }

  // In the two years of the middle; a third of them near a change of the clock, a tenth at a midnight.
  Instant instant() {
    const std::int64_t from = time::day_of(clock_.first_year + 2, 2, 1)->days * 24 * 60;
    const std::int64_t until = time::day_of(clock_.first_year + 3, 11, 1)->days * 24 * 60;
    std::int64_t at = pick(from, until);
    if (!clock_.changes.empty() && now_and_then(3)) {
      const std::int64_t change =
          clock_.changes[static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(clock_.changes.size()) - 1))];
      const std::int64_t near = change + (now_and_then(2) ? pick(-90, 90) : pick(-3 * 24 * 60, 24 * 60));
      if (near >= from && near < until) at = near;
    }
    if (now_and_then(10)) return ours_.start_of(ours_.day_of(Instant{at * minute}));
    return Instant{at * minute + (now_and_then(2) ? 0 : pick(0, minute - 1))};
  }

  template <class Answer, class Question>
  void hold(const Answer& ours, const Answer& naive, const Question& question) {
    if (ours == naive) return;
    FAIL() << question() << " in " << clock_.zone << "\n  the engine: " << testing::PrintToString(ours)
           << "\n  by walking: " << testing::PrintToString(naive);
  }

  std::string shown(Instant at) const { return to_text(at, ours_.zone()) + " (" + to_text_utc(at) + ")"; }

  void ask_days(Instant at) {
    const Day day = naive_.day_of(at);
    hold(ours_.day_of(at), day, [&] { return "the day of " + shown(at); });
    hold(ours_.start_of(day), naive_.start_of(day), [&] { return "the start of " + to_text(day); });
    hold(ours_.end_of(day), naive_.end_of(day), [&] { return "the end of " + to_text(day); });
    hold(ours_.is_business_day(day), naive_.is_business_day(day), [&] { return to_text(day) + ", a business day"; });
  }

  template <class Ours, class Naive>
  void ask_duration(const char* what, Instant at, Ours ours, Naive naive) {
    const Unit unit = units[pick(0, std::ssize(units) - 1)];
    const bool long_ones = unit == Unit::minutes || unit == Unit::hours || unit == Unit::days;
    const bool years = unit == Unit::years;
    const Duration d{now_and_then(8) ? 0
                                     : pick(1, years                    ? 1
                                               : unit == Unit::quarters ? 4
                                               : long_ones              ? 300
                                                                        : 12),
                     unit};
    hold((ours_.*ours)(d, at), (naive_.*naive)(d, at), [&] { return to_text(d) + ' ' + what + ' ' + shown(at); });
  }

  void ask_worked(Instant at) {
    const Instant until{at.micros + pick(-2 * 24 * 60, (now_and_then(20) ? 20 : 2) * 24 * 60) * minute +
                        (now_and_then(2) ? 0 : pick(0, minute))};
    hold(ours_.worked(at, until), naive_.worked(at, until),
         [&] { return "worked from " + shown(at) + " to " + shown(until); });
  }

  void ask_business_days(Instant at) {
    const Day day = naive_.day_of(at), other = day + static_cast<int>(pick(-90, 90));
    const std::int64_t n = pick(-30, 30);
    hold(ours_.business_day_after(day, n), naive_.business_day_after(day, n),
         [&] { return std::to_string(n) + " business days after " + to_text(day); });
    hold(ours_.business_days_between(day, other), naive_.business_days_between(day, other),
         [&] { return "business days from " + to_text(day) + " to " + to_text(other); });
  }

  Period period() { return periods[pick(0, std::ssize(periods) - 1)]; }

  void ask_period(Instant at) {
    const Period asked = period();
    hold(ours_.period_of(asked, at), naive_.period_of(asked, at),
         [&] { return std::string(to_text(asked)) + " of " + shown(at); });
  }

  // Of a period, and of any other stretch of time.
  void ask_neighbours(Instant at) {
    const Period asked = period();
    Interval interval = naive_.period_of(asked, at);
    if (!interval.from.known() || now_and_then(4)) interval = {at, Instant{at.micros + pick(0, 40 * 24 * 60) * minute}};
    hold(ours_.next(asked, interval), naive_.next(asked, interval),
         [&] { return std::string(to_text(asked)) + " after " + shown(interval.until); });
    hold(ours_.previous(asked, interval), naive_.previous(asked, interval),
         [&] { return std::string(to_text(asked)) + " before " + shown(interval.from); });
  }

  void ask_terms(Instant at) {
    const Interval term = naive_.period_of(Period::term, at);
    hold(ours_.period_of(Period::term, at), term, [&] { return "the term of " + shown(at); });
    const Interval nothing{at, at};
    hold(ours_.next(Period::term, nothing), naive_.next(Period::term, nothing),
         [&] { return "the next term after " + shown(at); });
    if (!term.from.known()) return;
    hold(ours_.name_of(Period::term, term), naive_.name_of(Period::term, term),
         [&] { return "the name of the term of " + shown(at); });
  }

  void ask_name(Instant at) {
    const Period asked = periods[pick(0, std::ssize(periods) - 2)];
    const Interval interval = naive_.period_of(asked, at);
    hold(ours_.name_of(asked, interval), naive_.name_of(asked, interval),
         [&] { return std::string("the name of the ") + std::string(to_text(asked)) + " of " + shown(at); });
  }

  void ask_point(Instant at) {
    const Period asked = period();
    Point point;
    if (asked == Period::week && now_and_then(2)) {
      point.weekday = static_cast<int>(pick(1, 7));
    } else if (!now_and_then(4)) {
      point.day_number = now_and_then(3) ? pick(1, 400) : pick(1, 31);
      point.business = now_and_then(2);
    }
    if (now_and_then(2)) point.micros_of_day = pick(0, 24 * 60 - 1) * minute;
    point.of_period_after = now_and_then(2);
    point.or_next_business_day = now_and_then(2);
    const Interval interval = naive_.period_of(asked, at);
    hold(time::point_of(point, ours_, asked, interval), naive_.point_of(point, asked, interval), [&] {
      std::ostringstream text;
      text << "point of the " << to_text(asked) << " of " << shown(at) << ": weekday " << point.weekday.value_or(0)
           << ", day " << point.day_number.value_or(0) << (point.business ? " business" : "") << ", minute "
           << point.micros_of_day.value_or(-minute) / minute << (point.of_period_after ? ", period after" : "")
           << (point.or_next_business_day ? ", or next business day" : "");
      return text.str();
    });
  }

  const WallClock& clock_;
  std::mt19937_64 random_;
  CalendarSpec spec_;
  Calendar ours_;
  NaiveCalendar naive_;
};

class Million : public testing::TestWithParam<Where> {};

TEST_P(Million, agree_with_a_calendar_that_walks) {
  const WallClock clock(GetParam().zone, GetParam().from);
  for (int i = 0; i < calendars_of_a_place; ++i) {
    Questions questions(clock, 20260302U + static_cast<unsigned>(i) + static_cast<unsigned>(GetParam().from));
    for (int k = 0; k < questions_of_a_calendar; ++k) {
      questions.ask();
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Questions, Million, testing::ValuesIn(places), [](const auto& place) {
  std::string name = std::string(place.param.zone) + "_" + std::to_string(place.param.from);
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

}  // namespace
}  // namespace plumb::time
