#include "eval/holds.h"

#include <random>

#include <gtest/gtest.h>

/// Clocks that stand still, against walking along them step by step.
namespace plumb::eval {
namespace {

using time::Day;
using time::Unit;

constexpr std::int64_t step = time::micros_per_hour / 4;  // everything happens on the quarter hour

time::Calendar new_york() {
  time::CalendarSpec spec;
  spec.zone = "America/New_York";
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 60, 12 * 60}, {13 * 60, 17 * 60 + 30}};
  spec.holidays = {*time::day_of(2026, 3, 17), *time::day_of(2026, 11, 26)};
  return *time::Calendar::make(spec);
}

bool on_hold(const std::vector<Hold>& holds, Instant at, Doubt doubt) {
  for (const Hold& hold : holds) {
    const bool counts = !hold.perhaps || doubt == Doubt::stands;
    if (counts && hold.from <= at && at < hold.until) return true;
  }
  return false;
}

// The first instant at which so many steps have run.
Instant walked(const time::Calendar& calendar, time::Duration d, Instant at, const std::vector<Hold>& holds,
               Doubt doubt) {
  std::int64_t left = d.count * 4;
  for (Instant now = at; now.micros < at.micros + 400 * 24 * 4 * step; now.micros += step) {
    if (left == 0) return now;
    const bool works = calendar.worked(now, Instant{now.micros + step}) == step;
    if (!on_hold(holds, now, doubt) && (d.unit == Unit::hours || works)) --left;
  }
  return Instant::max();
}

// The end of the last of so many days that have no quarter of an hour on hold from `at` on.
Instant counted(const time::Calendar& calendar, time::Duration d, Instant at, const std::vector<Hold>& holds,
                Doubt doubt) {
  std::int64_t left = d.count;
  for (Day day = calendar.day_of(at) + 1; day < calendar.day_of(at) + 400; day = day + 1) {
    bool counts = d.unit == Unit::days || calendar.is_business_day(day);
    for (Instant now = calendar.start_of(day); now < calendar.end_of(day); now.micros += step) {
      counts = counts && !on_hold(holds, now, doubt);
    }
    left -= counts;
    if (left == 0) return calendar.end_of(day);
  }
  return Instant::max();
}

TEST(Holds, ClocksStandStillAsAWalkAlongThemDoes) {
  const time::Calendar calendar = new_york();
  std::mt19937 random(7);
  const auto below = [&](std::uint32_t n) { return static_cast<std::int64_t>(random() % n); };
  for (int i = 0; i < 400; ++i) {
    // Around the nights in which the clocks of New York change.
    const Day start = i % 2 == 0 ? *time::day_of(2026, 3, 4) : *time::day_of(2026, 10, 28);
    const Instant at{calendar.start_of(start).micros + below(4 * 24 * 4) * step};
    std::vector<Hold> holds;
    std::int64_t from = at.micros + (below(96) - 48) * step;
    for (int h = 0; h < 3; ++h) {
      const std::int64_t until = from + (1 + below(200)) * step;
      holds.push_back({Instant{from}, Instant{until}, below(3) == 0});
      from = until + below(200) * step;
    }
    if (below(4) == 0) holds.back().until = Instant::max();
    const Doubt doubt = below(2) == 0 ? Doubt::runs : Doubt::stands;
    for (const Unit unit : {Unit::hours, Unit::working_hours}) {
      const time::Duration d{1 + below(40), unit};
      EXPECT_EQ(within(calendar, d, at, holds, doubt), walked(calendar, d, at, holds, doubt)) << i;
    }
    for (const Unit unit : {Unit::days, Unit::business_days}) {
      const time::Duration d{1 + below(9), unit};
      EXPECT_EQ(within(calendar, d, at, holds, doubt), counted(calendar, d, at, holds, doubt)) << i;
    }
  }
}

TEST(Holds, NoneOfThemChangeNothing) {
  const time::Calendar calendar = new_york();
  const Instant at = calendar.start_of(*time::day_of(2026, 3, 6));
  const std::vector<Hold> before{{Instant{at.micros - 100}, at, false}};
  for (const Unit unit : {Unit::minutes, Unit::hours, Unit::days, Unit::weeks, Unit::months, Unit::quarters,
                          Unit::years, Unit::business_days, Unit::working_hours}) {
    for (const std::int64_t count : {0, 1, 5}) {
      const time::Duration d{count, unit};
      EXPECT_EQ(within(calendar, d, at, {}, Doubt::stands), calendar.within(d, at)) << time::to_text(d);
      EXPECT_EQ(within(calendar, d, at, before, Doubt::stands), calendar.within(d, at)) << time::to_text(d);
    }
  }
}

}  // namespace
}  // namespace plumb::eval
