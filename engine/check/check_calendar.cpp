#include <algorithm>
#include <array>
#include <map>
#include <variant>

#include "check/shape.h"
#include "time/names.h"

namespace plumb::check {

namespace {

constexpr std::int64_t micros_per_minute = 60 * time::micros_per_second;

std::string clock(std::int64_t micros) {
  const std::int64_t minutes = micros / micros_per_minute;
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

// Days since the first day of this calendar's week.
int place_in_week(int weekday, int week_starts) { return (weekday - week_starts + 7) % 7; }

void check_zone(Context& context, const ast::Text& zone, time::CalendarSpec& spec) {
  if (time::Zone::find(zone.text)) {
    spec.zone = zone.text;
    return;
  }
  Diagnostic& diagnostic = context.sink.report(zone.span, diag::UnknownZone, zone.text);
  const std::vector<std::string> names = time::Zone::names();
  const std::string_view near = diagnostics::nearest(zone.text, names);
  if (near.empty()) {
    diagnostic.hint("zones have the names of the tz database: `Europe/Berlin`, `America/New_York`");
  } else {
    diagnostic.hint("did you mean `{}`?", near).suggest(zone.span, fmt::format("\"{}\"", near));
  }
}

/// The work intervals of one weekday with the lines that gave them.
struct Worked {
  time::WorkHours hours;
  Span span;
};
using Week = std::array<std::vector<Worked>, 7>;

void add_hours(Context& context, Week& week, int weekday, Worked worked, bool& reported) {
  std::vector<Worked>& day = week[static_cast<std::size_t>(weekday - 1)];
  const auto other = std::ranges::find_if(
      day, [&](const Worked& w) { return w.hours.from < worked.hours.until && worked.hours.from < w.hours.until; });
  if (other == day.end()) {
    day.push_back(worked);
  } else if (!reported) {
    context.sink.report(worked.span, diag::WorkOverlaps, time::weekday_word(weekday))
        .label(other->span, "the other is here")
        .hint("the work times of a day lie apart");
    reported = true;
  }
}

void check_work(Context& context, const ast::WorkLine& line, int week_starts, Week& week) {
  if (was_reported_in(context, line.span)) return;
  if (line.until_micros <= line.from_micros) {
    context.sink.report(line.span, diag::WorkEndsFirst, clock(line.until_micros), clock(line.from_micros))
        .hint("work over midnight takes two lines, one until 24:00 and one from 00:00");
    return;
  }
  const int first = place_in_week(line.from_weekday, week_starts);
  const int last = place_in_week(line.to_weekday, week_starts);
  if (last < first) {
    context.sink
        .report(line.span, diag::WeekdaysReversed, time::weekday_word(line.from_weekday),
                time::weekday_word(line.to_weekday))
        .hint("write `week starts {}`, or two `work` lines", time::weekday_word(line.from_weekday));
    return;
  }
  const time::WorkHours hours{static_cast<int>(line.from_micros / micros_per_minute),
                              static_cast<int>(line.until_micros / micros_per_minute)};
  bool reported = false;
  for (int day = first; day <= last; ++day) {
    add_hours(context, week, (week_starts - 1 + day) % 7 + 1, {hours, line.span}, reported);
  }
}

void check_week(Context& context, const ast::Calendar& written, time::CalendarSpec& spec) {
  Week week;
  for (const ast::WorkLine& line : written.work) check_work(context, line, spec.week_starts_weekday, week);
  for (std::size_t day = 0; day < week.size(); ++day) {
    std::ranges::sort(week[day], {}, [](const Worked& worked) { return worked.hours.from; });
    for (const Worked& worked : week[day]) spec.week[day].push_back(worked.hours);
  }
}

void check_holidays(Context& context, const ast::Calendar& written, model::Calendar& calendar) {
  std::map<time::Day, Span> seen;
  for (const ast::HolidayLine& line : written.holidays) {
    if (!line.day.known()) continue;
    const auto [first, is_new] = seen.try_emplace(line.day, line.span);
    if (is_new) {
      calendar.spec.holidays.push_back(line.day);
      calendar.holiday_names.push_back(line.name ? line.name->text : std::string());
    } else {
      context.sink.report(line.span, diag::DuplicateHoliday, time::to_text(line.day))
          .label(first->second, "the first is here")
          .hint("leave one of them out");
    }
  }
}

void check_terms(Context& context, const ast::Calendar& written, time::CalendarSpec& spec) {
  std::vector<const ast::TermLine*> terms;
  for (const ast::TermLine& line : written.terms) {
    if (!line.from.known() || !line.to.known()) continue;
    if (line.to < line.from) {
      context.sink.report(line.span, diag::TermEndsFirst, line.name.text)
          .hint("the first date is its first day, the second its last");
    } else {
      terms.push_back(&line);
    }
  }
  std::ranges::stable_sort(terms, {}, [](const ast::TermLine* line) { return line->from; });
  const ast::TermLine* last = nullptr;
  for (const ast::TermLine* line : terms) {
    if (last && line->from <= last->to) {
      context.sink.report(line->span, diag::TermsOverlap, line->name.text, last->name.text)
          .label(last->span, fmt::format("`{}` ends on {}", last->name.text, time::to_text(last->to)))
          .hint("a day is in one term at most");
      continue;
    }
    spec.terms.push_back({line->name.text, line->from, line->to});
    last = line;
  }
}

void check_calendar(Context& context, const ast::Calendar& written) {
  const auto [first, is_new] = context.names.calendars.try_emplace(written.name.text, written.name.span);
  if (!is_new && written.name.written()) report_duplicate(context, written.name, "a calendar", first->second);
  model::Calendar calendar{written.name.text, {}, written.name.span};
  calendar.spec.fiscal_year_starts_month = written.fiscal_year_starts_month.value_or(1);
  calendar.spec.week_starts_weekday = written.week_starts_weekday.value_or(1);
  if (written.zone) check_zone(context, *written.zone, calendar.spec);
  check_week(context, written, calendar.spec);
  check_holidays(context, written, calendar);
  check_terms(context, written, calendar.spec);
  context.terms_written |= !written.terms.empty();
  if (is_new) context.book.calendars.push_back(std::move(calendar));
}

/// Puts the calendar that the rulebook names before the others: the first one counts where nobody names one.
void choose_default(Context& context) {
  const auto& rulebook = context.file.rulebook;
  if (!rulebook || !rulebook->calendar || !rulebook->calendar->written()) return;
  std::vector<model::Calendar>& calendars = context.book.calendars;
  const auto named = std::ranges::find(calendars, rulebook->calendar->text, &model::Calendar::name);
  if (named != calendars.end()) {
    std::rotate(calendars.begin(), named, named + 1);
    return;
  }
  const std::vector<std::string> names = keys(context, context.names.calendars);
  Diagnostic* diagnostic =
      unknown(context, *rulebook->calendar, names, diag::UnknownCalendar, rulebook->calendar->text);
  if (!diagnostic || !diagnostic->help.empty()) return;
  if (names.empty()) {
    diagnostic->hint("declare it: `calendar {} {{ zone \"Europe/Berlin\" }}`", spelled(rulebook->calendar->text));
  } else if (names.size() <= 8) {
    diagnostic->hint("there {} {}", names.size() == 1 ? "is" : "are", listed(names));
  }
}

/// Whether a calendar has a `work` line, if only a broken one.
bool works(const Context& context, const std::string& name) {
  return std::ranges::any_of(context.file.declarations, [&](const ast::Declaration& declaration) {
    const auto* calendar = std::get_if<ast::Calendar>(&declaration);
    return calendar && calendar->name.text == name && !calendar->work.empty();
  });
}

}  // namespace

void declare_calendars(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* calendar = std::get_if<ast::Calendar>(&declaration)) check_calendar(context, *calendar);
  }
  choose_default(context);
  const model::Calendar* calendar = context.book.default_calendar();
  if (!calendar) return;
  context.work_written = works(context, calendar->name);
  if (Result<time::Zone> zone = time::Zone::find(calendar->spec.zone)) context.zone = *zone;
}

}  // namespace plumb::check
