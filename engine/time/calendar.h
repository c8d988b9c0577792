#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "time/time.h"

namespace plumb::time {

/// A time zone of the tz database, with its rules for all the future; UTC by default. Cheap to copy; the database
/// outlives it. It speaks of the wall clock. Where that is set back over midnight (Newfoundland until 2011), a part of
/// the old day comes again after the new one has begun; a Calendar counts that part to the new day.
class Zone {
 public:
  /// Errors: a name that the database does not have, or that follows the machine (`localtime`).
  static Result<Zone> find(std::string_view name);
  static const Zone& utc();
  /// All names the database has, sorted; for "did you mean".
  static std::vector<std::string> names();

  const std::string& name() const;
  /// The day that the wall clock shows.
  Day day_of(Instant at) const;
  /// The time of day that the wall clock shows. Unit: microseconds, in [0, 24 h).
  std::int64_t time_of_day(Instant at) const;
  /// The first instant of a local day (where midnight does not exist, the first that does). A day that the zone
  /// skipped (Apia, 2011-12-30) starts where the next does. Missing: unknown for what is no day.
  Instant start_of(Day day) const;

  enum class Local : std::uint8_t { once, never, twice };
  struct Found {
    Local how;       // `never`: in a spring gap; `twice`: in an autumn fold
    Instant at;      // once: the instant; never: the instant of the gap; twice: the first of the two
    Instant second;  // twice: the second
  };
  /// The instant of a wall-clock reading; `micros_of_day` in [0, 24 h).
  Found local(Day day, std::int64_t micros_of_day) const;
  /// The UTC offset in force at an instant, in seconds east.
  int offset_seconds(Instant at) const;
  /// How far every wall-clock reading of a day is ahead of UTC. Unit: microseconds. Missing: where the clock is changed
  /// on this day or within two days of it.
  std::optional<std::int64_t> offset_all_day(Day day) const;

  friend bool operator==(const Zone&, const Zone&) = default;

 private:
  const void* zone_ = nullptr;  // its table of offsets, private to time/; null: UTC
};

std::string to_text(Instant at, const Zone& zone);  // Tue 3 Mar 2026 10:00, with seconds where they are not zero

/// Wall-clock work hours of one weekday, minutes since midnight, half open.
struct WorkHours {
  int from = 0;
  int until = 0;
};

struct Term {
  std::string name;
  Day from;
  Day to;  // inclusive
};

/// What a `calendar` declaration says. Rows: `week[0]` is Monday, each with its intervals sorted and apart (empty: no
/// work); holidays in any order; terms sorted by `from` and apart.
struct CalendarSpec {
  std::string zone = "UTC";
  std::array<std::vector<WorkHours>, 7> week;
  std::vector<Day> holidays;
  int fiscal_year_starts_month = 1;
  int week_starts_weekday = 1;
  std::vector<Term> terms;
};

/// A zone, a work week, holidays, fiscal periods. Immutable. Missing: results outside the tabulated years 1900 … 2200
/// (and one of margin on both sides, so that all their periods are whole) are unknown, as are those for an unknown
/// argument. Cost: some 5 to 10 ns for days and periods, 100 ns for working hours; `make` some 5 ms and 2.5 MB.
class Calendar {
 public:
  /// Errors: an unknown zone.
  static Result<Calendar> make(const CalendarSpec& spec);

  const Zone& zone() const;
  const CalendarSpec& spec() const;

  /// The day d with start_of(d) <= at < end_of(d).
  Day day_of(Instant at) const;
  Instant start_of(Day day) const;
  Instant end_of(Day day) const;  // the start of the next day
  /// A day whose weekday has work hours, that is no holiday and that the zone did not skip.
  bool is_business_day(Day day) const;
  /// Business days d with from <= d < to (negative when to < from) inside the tabulated range; both are known.
  std::int64_t business_days_between(Day from, Day to) const;
  /// The n-th business day strictly after `day` (n >= 1), strictly before it (n <= -1); n = 0: `day` itself, or the
  /// next business day. Missing: unknown outside the tabulated range or when the calendar has no business day.
  Day business_day_after(Day day, std::int64_t n) const;

  /// semantics.md §2: the (exclusive) deadline of `within d of at`. Business days, days, weeks: the end of the N-th
  /// such day strictly after the civil day of `at`; months, quarters, years: end of the same day N months later, else
  /// of that month's last day; minutes, hours: exactly at + N; working hours: the earliest instant by which N hours
  /// of the schedule have been worked from `at`. Here and below the count is not negative.
  Instant within(Duration d, Instant at) const;
  /// The (exclusive) latest instant that is `at least d ahead of at`: the end of the N-th day of the unit strictly
  /// before the civil day of `at`; exactly at - N for hours; the latest instant from which N working hours remain
  /// until `at`. For N = 0: `at`.
  Instant ahead_of(Duration d, Instant at) const;
  /// `in d`: the first instant of the stretch of length d that ends at `at` (looking back that long): the start of
  /// the civil (business) day N such days before that of `at`; exact for hours, for working hours as in `ahead_of`. For
  /// N = 0: the start of the day of `at`.
  Instant back_from(Duration d, Instant at) const;

  /// Scheduled working microseconds in [from, until): the time in which the wall clock shows work hours of a business
  /// day. 0 when until <= from; time outside the tabulated range holds no work.
  std::int64_t worked(Instant from, Instant until) const;

  /// The period that holds `at`, local, half open. Quarters, halves and years are fiscal; weeks start on the spec's
  /// weekday. Missing: both ends unknown when no `term` holds `at`.
  Interval period_of(Period period, Instant at) const;
  /// The one that starts where, or first after, `interval` ends. Missing: unknown when there is no further term.
  Interval next(Period period, Interval interval) const;
  Interval previous(Period period, Interval interval) const;
  /// A short unmistakable name: 2026-03-02, 2026-W10, 2026-03, FY2026-Q1, FY2026-H1, FY2026, or the term's own name.
  /// The fiscal year is named after the calendar year in which it starts; a week belongs to the year of its fourth day
  /// (ISO 8601 when it starts on Monday). Missing: empty for an unknown interval or one that is no term.
  std::string name_of(Period period, Interval interval) const;

 private:
  struct Tables;
  const Tables& tables() const;
  std::shared_ptr<const Tables> tables_;
};

}  // namespace plumb::time
