#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

ast::WorkLine lower_work(Reader& reader, P::WorkClauseContext& work) {
  ast::WorkLine line;
  line.from_weekday = lower_weekday(*work.weekday(0));
  line.to_weekday = work.weekday().size() > 1 ? lower_weekday(*work.weekday(1)) : line.from_weekday;
  line.from_micros = lower_clock(*work.clock(0));
  line.until_micros = lower_clock(*work.clock(1));
  line.span = reader.offsets.span(work);
  return line;
}

ast::HolidayLine lower_holiday(Reader& reader, P::HolidayClauseContext& holiday) {
  return {lower_date(*holiday.date()), lower_text(reader, holiday.text()), reader.offsets.span(holiday)};
}

ast::TermLine lower_term(Reader& reader, P::TermClauseContext& term) {
  return {lower_text(reader, *term.text()), lower_date(*term.date(0)), lower_date(*term.date(1)),
          reader.offsets.span(term)};
}

void lower_calendar_part(Reader& reader, P::CalendarPartContext& part, ast::Calendar& calendar) {
  if (auto* zone = part.zoneClause()) {
    set_once(reader, calendar.zone, lower_text(reader, *zone->text()), *zone, "zone");
  } else if (auto* work = part.workClause()) {
    calendar.work.push_back(lower_work(reader, *work));
  } else if (auto* holiday = part.holidayClause()) {
    calendar.holidays.push_back(lower_holiday(reader, *holiday));
  } else if (auto* term = part.termClause()) {
    calendar.terms.push_back(lower_term(reader, *term));
  } else if (auto* fiscal = part.fiscalClause()) {
    set_once(reader, calendar.fiscal_year_starts_month, lower_month(*fiscal->monthName()), *fiscal,
             "fiscal year starts");
  } else if (auto* week = part.weekClause()) {
    set_once(reader, calendar.week_starts_weekday, lower_weekday(*week->weekday()), *week, "week starts");
  } else {
    lower_header(reader, *part.headerClause(), calendar.header);
  }
}

}  // namespace

void lower_calendar_body(Reader& reader, P::CalendarBodyContext& body, ast::Calendar& calendar) {
  for (P::CalendarPartContext* part : body.calendarPart()) {
    if (!is_broken(reader, *part)) lower_calendar_part(reader, *part, calendar);
  }
}

ast::Calendar lower_calendar(Reader& reader, P::CalendarDeclarationContext& context) {
  ast::Calendar calendar;
  calendar.name = lower_name(reader, *context.anyName());
  calendar.span = reader.offsets.span(context);
  lower_calendar_body(reader, *context.calendarBody(), calendar);
  calendar.body = lower_body(reader, context.calendarBody());
  return calendar;
}

}  // namespace plumb::syntax::antlr
