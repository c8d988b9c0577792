#include "time/calendar.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "time/calendar_tables.h"

namespace plumb::time {

namespace {

// More of any unit than the table has minutes: counts beyond it leave the table, and sums up to it do not overflow.
constexpr std::int64_t largest_count = 1'000'000'000;

std::int64_t micros_of(Duration d) { return d.count * (d.unit == Unit::minutes ? 1 : 60) * 60 * micros_per_second; }

// All that a spec says: equal for equal ones only.
std::string key_of(const CalendarSpec& spec) {
  std::string key =
      fmt::format("{}:{} {} {}", spec.zone.size(), spec.zone, spec.fiscal_year_starts_month, spec.week_starts_weekday);
  for (const auto& hours : spec.week) {
    key += '/';
    for (const WorkHours& shift : hours) key += fmt::format("{}-{} ", shift.from, shift.until);
  }
  key += " holidays";
  for (Day holiday : spec.holidays) key += fmt::format(" {}", holiday.days);
  for (const Term& term : spec.terms) {
    key += fmt::format(" term {}:{} {} {}", term.name.size(), term.name, term.from.days, term.to.days);
  }
  return key;
}

// The tables of the calendars that are there, by the key of their spec. They are large, and never change.
class Shared {
 public:
  std::shared_ptr<const void> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = tables_.find(key);
    return found == tables_.end() ? nullptr : found->second.lock();
  }
  void add(const std::string& key, const std::shared_ptr<const void>& tables) {
    const std::lock_guard lock(mutex_);
    std::erase_if(tables_, [](const auto& entry) { return entry.second.expired(); });
    tables_[key] = tables;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const void>> tables_;
};

Shared& shared() {
  static Shared tables;
  return tables;
}

std::int64_t months_in(Unit unit) { return unit == Unit::years ? 12 : unit == Unit::quarters ? 3 : 1; }

}  // namespace

// A calendar shares its tables with one of the same spec while that is there.
Result<Calendar> Calendar::make(const CalendarSpec& spec) {
  Calendar calendar;
  const std::string key = key_of(spec);
  calendar.tables_ = std::static_pointer_cast<const Tables>(shared().find(key));
  if (calendar.tables_) return calendar;
  const auto zone = Zone::find(spec.zone);
  if (!zone) return Failure{zone.error()};
  const auto zone_table = find_zone_table(spec.zone);
  if (!zone_table) return Failure{zone_table.error()};
  auto tables = std::make_shared<Tables>();
  tables->zone = *zone;
  tables->spec = spec;
  tables->build(**zone_table);
  shared().add(key, tables);
  calendar.tables_ = std::move(tables);
  return calendar;
}

const Calendar::Tables& Calendar::tables() const {
  PLUMB_ASSERT(tables_ != nullptr, "a calendar is asked only after it was made from a spec");
  return *tables_;
}

const Zone& Calendar::zone() const { return tables().zone; }

const CalendarSpec& Calendar::spec() const { return tables().spec; }

Day Calendar::day_of(Instant at) const {
  const int row = tables().row_of(at);
  return row < 0 ? Day::unknown() : tables_->day_at(row);
}

Instant Calendar::start_of(Day day) const { return tables().start(tables_->row_of(day)); }

Instant Calendar::end_of(Day day) const { return tables().end(tables_->row_of(day)); }

bool Calendar::is_business_day(Day day) const {
  const int row = tables().row_of(day);
  return row >= 0 && tables_->is_business(row);
}

std::int64_t Calendar::business_days_between(Day from, Day to) const {
  const Tables& t = tables();
  PLUMB_ASSERT(from.known() && to.known(), "business days are counted between known days");
  const auto before = [&t](Day day) {
    const Day inside = std::clamp(day, t.first_day, t.first_day + t.days);
    return std::int64_t{t.rank[Tables::index(inside - t.first_day)]};
  };
  return before(to) - before(from);
}

int Calendar::Tables::business_row(int row, std::int64_t n) const {
  if (row < 0 || n > largest_count || n < -largest_count) return -1;
  const std::int64_t wanted = n > 0 ? rank[index(row) + 1] + n - 1 : rank[index(row)] + n;
  if (wanted < 0 || wanted >= static_cast<std::int64_t>(business.size())) return -1;
  return business[static_cast<std::size_t>(wanted)];
}

Day Calendar::business_day_after(Day day, std::int64_t n) const {
  const Tables& t = tables();
  const int row = t.business_row(t.row_of(day), n);
  return row < 0 ? Day::unknown() : t.day_at(row);
}

// The same day of the month so many months later, else that month's last day.
int Calendar::Tables::row_months_later(int row, std::int64_t months) const {
  const std::size_t from = month[index(row)];
  const std::int64_t to = static_cast<std::int64_t>(from) + months;
  if (to < 0 || to + 1 >= static_cast<std::int64_t>(month_starts.size())) return -1;
  const auto there = static_cast<std::size_t>(to);
  return std::min(month_starts[there] + row - month_starts[from], month_starts[there + 1] - 1);
}

int Calendar::Tables::row_later(int row, Unit unit, std::int64_t count) const {
  if (row < 0 || count > largest_count || count < -largest_count) return -1;
  switch (unit) {
    case Unit::days:
    case Unit::weeks: {
      const std::int64_t to = row + count * (unit == Unit::weeks ? 7 : 1);
      return to >= 0 && to < days ? static_cast<int>(to) : -1;
    }
    case Unit::business_days: return business_row(row, count);
    default: return row_months_later(row, count * months_in(unit));
  }
}

Instant Calendar::Tables::exactly(Instant at, std::int64_t micros) const {
  const Instant moved{at.micros + micros};
  return row_of(moved) < 0 ? Instant::unknown() : moved;
}

Instant Calendar::Tables::when_worked_in(int row, std::int64_t micros, Edge edge) const {
  Instant reached;
  each_shift(row, [&](std::int64_t from, std::int64_t until) {
    const std::int64_t length = until - from;
    if (micros > length || (micros == length && edge == Edge::latest)) {
      micros -= length;
      return true;
    }
    reached = Instant{from + micros};
    return false;
  });
  return reached;
}

Instant Calendar::Tables::when_worked(Instant at, std::int64_t micros) const {
  if (micros == 0) return at;
  const std::int64_t wanted = scheduled_before(at) + micros;
  if (wanted > worked.back()) return Instant::unknown();
  // Most deadlines are a few days ahead: gallop from the day of `at`, then search between the last two steps.
  const auto first = worked.begin() + row_of(at) + 1;
  auto high = first;
  for (std::ptrdiff_t step = 1; *high < wanted; step *= 2) high += std::min(step, worked.end() - 1 - high);
  const auto end = std::lower_bound(first, high, wanted);
  const int row = static_cast<int>(end - worked.begin()) - 1;
  return when_worked_in(row, wanted - worked[index(row)], Edge::earliest);
}

Instant Calendar::Tables::when_still_to_work(Instant at, std::int64_t micros) const {
  if (micros == 0) return at;
  const std::int64_t wanted = scheduled_before(at) - micros;
  if (wanted < 0) return Instant::unknown();
  // The last day before which no more than that was worked is the one in which more is.
  const auto above = std::upper_bound(worked.begin(), worked.begin() + row_of(at) + 2, wanted);
  const int row = static_cast<int>(above - worked.begin()) - 1;
  return when_worked_in(row, wanted - worked[index(row)], Edge::latest);
}

Instant Calendar::within(Duration d, Instant at) const {
  PLUMB_ASSERT(d.count >= 0, "a duration is not negative");
  const int row = tables().row_of(at);
  if (row < 0 || d.count > largest_count) return Instant::unknown();
  switch (d.unit) {
    case Unit::minutes:
    case Unit::hours: return tables_->exactly(at, micros_of(d));
    case Unit::working_hours: return tables_->when_worked(at, micros_of(d));
    default: return tables_->end(tables_->row_later(row, d.unit, d.count));
  }
}

Instant Calendar::ahead_of(Duration d, Instant at) const {
  PLUMB_ASSERT(d.count >= 0, "a duration is not negative");
  const int row = tables().row_of(at);
  if (row < 0 || d.count > largest_count) return Instant::unknown();
  switch (d.unit) {
    case Unit::minutes:
    case Unit::hours: return tables_->exactly(at, -micros_of(d));
    case Unit::working_hours: return tables_->when_still_to_work(at, micros_of(d));
    // No day lies "the 0th before": nothing is asked but to be before `at`.
    default: return d.count == 0 ? at : tables_->end(tables_->row_later(row, d.unit, -d.count));
  }
}

Instant Calendar::back_from(Duration d, Instant at) const {
  PLUMB_ASSERT(d.count >= 0, "a duration is not negative");
  const int row = tables().row_of(at);
  if (row < 0 || d.count > largest_count) return Instant::unknown();
  switch (d.unit) {
    case Unit::minutes:
    case Unit::hours: return tables_->exactly(at, -micros_of(d));
    case Unit::working_hours: return tables_->when_still_to_work(at, micros_of(d));
    default: return tables_->start(d.count == 0 ? row : tables_->row_later(row, d.unit, -d.count));
  }
}

std::int64_t Calendar::worked(Instant from, Instant until) const {
  if (until <= from) return 0;
  return tables().scheduled_before(until) - tables().scheduled_before(from);
}

}  // namespace plumb::time
