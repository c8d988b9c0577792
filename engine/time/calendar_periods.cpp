#include <fmt/format.h>

#include "time/calendar_tables.h"

namespace plumb::time {

namespace {

int months_in(Period period) {
  switch (period) {
    case Period::quarter: return 3;
    case Period::half: return 6;
    case Period::year: return 12;
    default: return 1;
  }
}

bool known(Interval interval) { return interval.from.known() && interval.until.known(); }

// ISO 8601 for weeks from Monday on: the fourth day lies in the year to which the week belongs. Any other week has no
// number there, and is called by its first day.
std::string name_of_week(Day first) {
  if (weekday_of(first) != 1) return fmt::format("week of {}", to_text(first));
  const Day fourth = first + 3;
  const int year = parts_of(fourth).year;
  return fmt::format("{:04}-W{:02}", year, (fourth - *day_of(year, 1, 1)) / 7 + 1);
}

}  // namespace

// The whole rows [from, until); a period that leaves the table is unknown.
Interval Calendar::Tables::rows(int from, int until) const {
  const Interval found{start(from), start(until)};
  return known(found) ? found : Interval{};
}

Interval Calendar::Tables::months_around(int row, int length) const {
  const int here = month[index(row)];
  const int phase = (here - (spec.fiscal_year_starts_month - 1) % length + length) % length;
  const int first = here - phase;
  if (first < 0 || first + length >= static_cast<int>(month_starts.size())) return {};
  return rows(month_starts[index(first)], month_starts[index(first + length)]);
}

Interval Calendar::Tables::term_at(Instant at) const {
  const auto after =
      std::upper_bound(terms.begin(), terms.end(), at, [](Instant a, const Interval& term) { return a < term.from; });
  if (after == terms.begin() || at >= std::prev(after)->until) return {};
  return *std::prev(after);
}

Interval Calendar::period_of(Period period, Instant at) const {
  const int row = tables().row_of(at);
  if (row < 0) return {};
  switch (period) {
    case Period::day: return tables_->rows(row, row + 1);
    case Period::week: {
      const int first = row - (tables_->weekday_at(row) - tables_->spec.week_starts_weekday + 7) % 7;
      return tables_->rows(first, first + 7);
    }
    case Period::term: return tables_->term_at(at);
    default: return tables_->months_around(row, months_in(period));
  }
}

Interval Calendar::next(Period period, Interval interval) const {
  if (!known(interval)) return {};
  if (period == Period::term) {
    const auto& terms = tables().terms;
    auto found = std::lower_bound(terms.begin(), terms.end(), interval.until,
                                  [](const Interval& term, Instant end) { return term.from < end; });
    // A term of no length is one that the zone skipped, or that lies outside the table.
    while (found != terms.end() && found->from == found->until) ++found;
    return found == terms.end() ? Interval{} : *found;
  }
  const Interval here = period_of(period, interval.until);
  return !known(here) || here.from == interval.until ? here : period_of(period, here.until);
}

Interval Calendar::previous(Period period, Interval interval) const {
  if (!known(interval)) return {};
  if (period == Period::term) {
    const auto& terms = tables().terms;
    auto after = std::upper_bound(terms.begin(), terms.end(), interval.from,
                                  [](Instant start, const Interval& term) { return start < term.until; });
    while (after != terms.begin() && std::prev(after)->from == std::prev(after)->until) --after;
    return after == terms.begin() ? Interval{} : *std::prev(after);
  }
  const Interval here = period_of(period, Instant{interval.from.micros - 1});
  return !known(here) || here.until == interval.from ? here : period_of(period, Instant{here.from.micros - 1});
}

std::string Calendar::Tables::name_of_months(Period period, Day first) const {
  const YearMonthDay parts = parts_of(first);
  if (period == Period::month) return fmt::format("{:04}-{:02}", parts.year, parts.month);
  const int since_start = (parts.month - spec.fiscal_year_starts_month + 12) % 12;
  const int year = parts.month < spec.fiscal_year_starts_month ? parts.year - 1 : parts.year;
  if (period == Period::quarter) return fmt::format("FY{:04}-Q{}", year, since_start / 3 + 1);
  if (period == Period::half) return fmt::format("FY{:04}-H{}", year, since_start / 6 + 1);
  return fmt::format("FY{:04}", year);
}

std::string Calendar::name_of(Period period, Interval interval) const {
  if (!known(interval)) return "";
  const Day first = day_of(interval.from);
  if (!first.known()) return "";
  switch (period) {
    case Period::day: return to_text(first);
    case Period::week: return name_of_week(first);
    case Period::term: {
      const auto& terms = tables().terms;
      const auto found = std::find(terms.begin(), terms.end(), interval);
      return found == terms.end() ? "" : spec().terms[static_cast<std::size_t>(found - terms.begin())].name;
    }
    default: return tables_->name_of_months(period, first);
  }
}

}  // namespace plumb::time
