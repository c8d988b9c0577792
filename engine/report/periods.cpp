#include "report/periods.h"

#include <string_view>

#include <fmt/format.h>

#include "report/escape.h"
#include "report/words.h"
#include "time/names.h"

namespace plumb::report {

namespace {

using time::Period;

// Of the year in which it begins; a year that begins in January is called by its number alone.
std::string part_of_year(const time::CalendarSpec& spec, Period period, time::YearMonthDay first) {
  const int months_since = (first.month - spec.fiscal_year_starts_month + 12) % 12;
  const int year = first.month < spec.fiscal_year_starts_month ? first.year - 1 : first.year;
  const std::string name = fmt::format("{}{}", spec.fiscal_year_starts_month == 1 ? "" : "FY", year);
  if (period == Period::quarter) return fmt::format("Q{} {}", months_since / 3 + 1, name);
  return period == Period::half ? fmt::format("H{} {}", months_since / 6 + 1, name) : name;
}

std::string text_of(const time::Calendar& calendar, Period period, time::Interval interval) {
  const time::YearMonthDay first = time::parts_of(calendar.day_of(interval.from));
  switch (period) {
    case Period::day: return {};
    case Period::week:
      return fmt::format("week of {} {} {}", first.day, time::short_name(time::month_name(first.month)), first.year);
    case Period::month: return fmt::format("{} {}", time::month_name(first.month), first.year);
    case Period::term: return "term " + calendar.name_of(period, interval);
    default: return part_of_year(calendar.spec(), period, first);
  }
}

}  // namespace

std::string period_text(const View& view, std::size_t row) {
  const time::Interval period = view.verdicts().period[row];
  const model::Rule& rule = view.rule(row);
  if (!rule.period || rule.responds_to || !is_date(period.from) || !is_date(period.until)) return {};
  const std::uint32_t calendar = view.verdicts().calendar[row];
  return text_of(calendar == 0 ? view.calendar : calendars_of(view.input.rulebook)[calendar], *rule.period, period);
}

bool opened_on(const Calendars& calendars, const eval::Verdicts& verdicts, const model::Rule& rule, std::size_t row,
               time::Day day) {
  const time::Instant opened = verdicts.opened[row];
  if (!opened.known()) return false;
  const bool first_day =
      rule.period && opened == verdicts.period[row].from && calendars[verdicts.calendar[row]].day_of(opened) == day;
  return first_day || calendars.front().day_of(opened) == day;
}

std::string beside_period(const View& view, std::size_t row) {
  const std::string text = period_text(view, row);
  return text.empty() ? text : ", " + text;
}

}  // namespace plumb::report
