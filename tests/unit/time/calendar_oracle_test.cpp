// The calendar against a reading of semantics.md §2 that walks day by day and minute by minute. It knows the zone only
// by what its wall clock shows.

#include <algorithm>
#include <chrono>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "unit/time/texts.h"

namespace plumb::time {
namespace {

constexpr std::int64_t minute = 60 * micros_per_second;

class Oracle {
 public:
  explicit Oracle(const CalendarSpec& spec) : spec_(spec), zone_(zone(spec.zone)) {}

  /// The first minute whose wall clock shows this day, or a later one.
  Instant start_of(Day day) const {
    const auto [known, is_new] = starts_.try_emplace(day);
    if (is_new) known->second = walk_to(day);
    return known->second;
  }
  Instant walk_to(Day day) const {
    Instant at{(std::int64_t{day.days} * 24 - 30) * micros_per_hour};
    while (zone_.day_of(at) < day) at.micros += minute;
    return at;
  }
  Instant end_of(Day day) const { return start_of(day + 1); }
  bool took_place(Day day) const { return start_of(day) != end_of(day); }

  bool is_business_day(Day day) const {
    if (std::find(spec_.holidays.begin(), spec_.holidays.end(), day) != spec_.holidays.end()) return false;
    return !spec_.week[static_cast<std::size_t>(weekday_of(day) - 1)].empty() && took_place(day);
  }

  bool works(Instant at) const {
    const Day day = zone_.day_of(at);
    if (!is_business_day(day)) return false;
    const std::int64_t time = zone_.time_of_day(at) / minute;
    for (const WorkHours& shift : spec_.week[static_cast<std::size_t>(weekday_of(day) - 1)]) {
      if (time >= shift.from && time < shift.until) return true;
    }
    return false;
  }

  Day day_later(Duration d, Day day, int direction) const {
    using namespace std::chrono;
    const int n = static_cast<int>(d.count);
    switch (d.unit) {
      case Unit::days: return day + direction * n;
      case Unit::weeks: return day + direction * n * 7;
      case Unit::business_days: {
        for (int i = 0; i < n; ++i) {
          do {
            day = day + direction;
          } while (!is_business_day(day));
        }
        while (n == 0 && !is_business_day(day)) day = day + 1;
        return day;
      }
      default: {
        const int each = d.unit == Unit::years ? 12 : d.unit == Unit::quarters ? 3 : 1;
        const year_month_day from{sys_days{days{day.days}}};
        year_month_day to = from + months{direction * n * each};
        if (!to.ok()) to = to.year() / to.month() / last;
        return Day{static_cast<std::int32_t>(sys_days{to}.time_since_epoch().count())};
      }
    }
  }

  Instant within(Duration d, Instant at) const { return end_of(day_later(d, zone_.day_of(at), 1)); }
  Instant ahead_of(Duration d, Instant at) const { return end_of(day_later(d, zone_.day_of(at), -1)); }
  Instant back_from(Duration d, Instant at) const { return start_of(day_later(d, zone_.day_of(at), -1)); }

  Instant when_worked(std::int64_t hours, Instant at) const {
    std::int64_t left = hours * 60;
    for (; left > 0; at.micros += minute) left -= works(at) ? 1 : 0;
    return at;
  }
  Instant when_still_to_work(std::int64_t hours, Instant at) const {
    std::int64_t left = hours * 60;
    for (; left > 0; at.micros -= minute) left -= works(Instant{at.micros - minute}) ? 1 : 0;
    return at;
  }

 private:
  CalendarSpec spec_;
  Zone zone_;
  mutable std::map<Day, Instant> starts_;
};

const char* const zones[] = {"UTC",           "America/New_York", "America/Sao_Paulo", "Africa/Cairo",
                             "Europe/London", "Pacific/Apia",     "Asia/Kathmandu",    "Australia/Lord_Howe",
                             "Asia/Beirut",   "America/Havana",   "America/Asuncion",  "Africa/Casablanca"};

class CalendarAgainstOracle : public testing::TestWithParam<const char*> {
 protected:
  std::mt19937_64 random_{20260302};

  std::int64_t pick(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
  }

  CalendarSpec random_spec() {
    CalendarSpec spec;
    spec.zone = GetParam();
    for (auto& weekday : spec.week) {
      if (pick(0, 3) == 0) continue;
      const int from = static_cast<int>(pick(0, 20 * 60));
      const int until = static_cast<int>(pick(from + 30, 24 * 60));
      weekday = {{from, until}};
      if (until < 23 * 60) weekday.push_back({until + 5, static_cast<int>(pick(until + 10, 24 * 60))});
    }
    spec.week[2] = hours(0, 24);
    for (int i = 0; i < 200; ++i) spec.holidays.push_back(day("2005-01-01") + static_cast<int>(pick(0, 45 * 365)));
    return spec;
  }

  // Half of them near a change of the clock, where all the difficulties are.
  Instant random_instant(const Zone& zone) {
    Instant at{utc("2005-01-01 00:00").micros + pick(0, 45LL * 365 * 24 * 60) * minute};
    if (pick(0, 1) == 0) return at;
    const Instant limit{at.micros + 400LL * 24 * micros_per_hour};
    while (at < limit && zone.offset_seconds(at) == zone.offset_seconds(Instant{at.micros + 12 * micros_per_hour})) {
      at.micros += 12 * micros_per_hour;
    }
    return Instant{at.micros + pick(-3 * 24 * 60, 24 * 60) * minute};
  }
};

TEST_P(CalendarAgainstOracle, agrees_about_days) {
  const CalendarSpec spec = random_spec();
  const Calendar calendar = make(spec);
  const Oracle oracle(spec);
  const Unit units[] = {Unit::days, Unit::weeks, Unit::months, Unit::quarters, Unit::years, Unit::business_days};
  for (int i = 0; i < 400; ++i) {
    const Instant at = random_instant(calendar.zone());
    const Duration d{pick(0, 12), units[pick(0, 5)]};
    const auto about = [&] { return to_text(d) + " and " + to_text(at, calendar.zone()) + ' ' + spec.zone; };
    const Day day = calendar.day_of(at);
    ASSERT_EQ(day, calendar.zone().day_of(at)) << about();
    ASSERT_EQ(calendar.start_of(day), oracle.start_of(day)) << about();
    ASSERT_EQ(calendar.end_of(day), oracle.end_of(day)) << about();
    ASSERT_EQ(calendar.is_business_day(day), oracle.is_business_day(day)) << about();
    ASSERT_EQ(calendar.within(d, at), oracle.within(d, at)) << about();
    if (d.count == 0) continue;
    ASSERT_EQ(calendar.ahead_of(d, at), oracle.ahead_of(d, at)) << about();
    ASSERT_EQ(calendar.back_from(d, at), oracle.back_from(d, at)) << about();
    ASSERT_LE(calendar.ahead_of(d, at), at) << about();
  }
}

TEST_P(CalendarAgainstOracle, agrees_about_working_hours) {
  const CalendarSpec spec = random_spec();
  const Calendar calendar = make(spec);
  const Oracle oracle(spec);
  for (int i = 0; i < 25; ++i) {
    const Instant at = random_instant(calendar.zone());
    const std::int64_t count = pick(0, 24);
    const auto about = [&] { return std::to_string(count) + " and " + to_text(at, calendar.zone()) + ' ' + spec.zone; };
    const Instant end = calendar.within({count, Unit::working_hours}, at);
    const Instant start = calendar.ahead_of({count, Unit::working_hours}, at);
    ASSERT_EQ(end, oracle.when_worked(count, at)) << about();
    ASSERT_EQ(start, oracle.when_still_to_work(count, at)) << about();
    ASSERT_EQ(calendar.worked(at, end), count * micros_per_hour) << about();
    ASSERT_EQ(calendar.worked(start, at), count * micros_per_hour) << about();
  }
}

TEST_P(CalendarAgainstOracle, agrees_about_business_days_between) {
  const CalendarSpec spec = random_spec();
  const Calendar calendar = make(spec);
  const Oracle oracle(spec);
  const Day first = day("2011-11-01");
  std::int64_t count = 0;
  for (int n = 0; n < 200; ++n) {
    ASSERT_EQ(calendar.business_days_between(first, first + n), count) << to_text(first + n);
    ASSERT_EQ(calendar.business_days_between(first + n, first), -count) << to_text(first + n);
    count += oracle.is_business_day(first + n) ? 1 : 0;
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, CalendarAgainstOracle, testing::ValuesIn(zones));

}  // namespace
}  // namespace plumb::time
