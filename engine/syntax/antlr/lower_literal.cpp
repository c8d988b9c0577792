#include "base/decimal.h"
#include "syntax/antlr/lower.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using antlr4::tree::TerminalNode;
using diagnostics::diag::NotWhole;
using diagnostics::diag::NumberOutOfRange;
using time::Period;
using time::Unit;

Decimal out_of_range(Reader& reader, TerminalNode& numeral, const char* most) {
  if (reader.may_report()) {
    reader.sink.report(reader.offsets.span(*numeral.getSymbol()), NumberOutOfRange, numeral.getText()).hint("{}", most);
  }
  return Decimal{};
}

Decimal lower_decimal(Reader& reader, TerminalNode& numeral, std::string_view digits) {
  if (const auto number = parse_decimal(digits)) return *number;
  return out_of_range(reader, numeral, "a number has up to twelve digits before the point and six after it");
}

}  // namespace

std::int64_t lower_whole(Reader& reader, TerminalNode& numeral) {
  const Decimal number = lower_decimal(reader, numeral, numeral.getText());
  if (number.millionths % Decimal::scale == 0) return number.millionths / Decimal::scale;
  if (reader.may_report()) {
    reader.sink.report(reader.offsets.span(*numeral.getSymbol()), NotWhole, numeral.getText())
        .hint("only whole numbers are counted; a part of a day is said in hours");
  }
  return 0;
}

Unit lower_unit(P::UnitContext& unit) {
  switch (unit.start->getType()) {
    case P::MINUTE:
    case P::MINUTES: return Unit::minutes;
    case P::HOUR:
    case P::HOURS: return Unit::hours;
    case P::WEEK:
    case P::WEEKS: return Unit::weeks;
    case P::MONTH:
    case P::MONTHS: return Unit::months;
    case P::QUARTER:
    case P::QUARTERS: return Unit::quarters;
    case P::YEAR:
    case P::YEARS: return Unit::years;
    case P::BUSINESS: return Unit::business_days;
    case P::WORKING: return Unit::working_hours;
    default: return Unit::days;
  }
}

namespace {

Period period_of(std::size_t type) {
  switch (type) {
    case P::WEEK:
    case P::WEEKS: return Period::week;
    case P::MONTH:
    case P::MONTHS: return Period::month;
    case P::QUARTER:
    case P::QUARTERS: return Period::quarter;
    case P::HALF: return Period::half;
    case P::YEAR:
    case P::YEARS: return Period::year;
    case P::TERM:
    case P::TERMS: return Period::term;
    default: return Period::day;
  }
}

}  // namespace

Period lower_period(P::PeriodContext& period) { return period_of(period.start->getType()); }
Period lower_periods(P::PeriodsContext& periods) { return period_of(periods.start->getType()); }

ast::DurationLit lower_duration(Reader& reader, P::DurationContext& duration) {
  const std::int64_t count = lower_whole(reader, *duration.NUMERAL());
  return ast::DurationLit{time::Duration{count, lower_unit(*duration.unit())}, reader.offsets.span(duration)};
}

std::optional<ast::DurationLit> lower_duration(Reader& reader, P::DurationContext* duration) {
  return duration == nullptr ? std::nullopt : std::optional(lower_duration(reader, *duration));
}

time::Day lower_date(P::DateContext& date) { return read_date(date.getText()).value_or(time::Day::unknown()); }
std::int64_t lower_clock(P::ClockContext& clock) { return read_clock(clock.getText()).value_or(0); }

int lower_weekday(P::WeekdayContext& weekday) {
  switch (weekday.start->getType()) {
    case P::MONDAY: return 1;
    case P::TUESDAY: return 2;
    case P::WEDNESDAY: return 3;
    case P::THURSDAY: return 4;
    case P::FRIDAY: return 5;
    case P::SATURDAY: return 6;
    default: return 7;
  }
}

int lower_month(P::MonthNameContext& month) {
  constexpr std::size_t months[] = {P::JANUARY, P::FEBRUARY, P::MARCH,     P::APRIL,   P::MAY,      P::JUNE,
                                    P::JULY,    P::AUGUST,   P::SEPTEMBER, P::OCTOBER, P::NOVEMBER, P::DECEMBER};
  int number = 1;
  while (number < 12 && months[number - 1] != month.start->getType()) ++number;
  return number;
}

ast::ExprId lower_percentage(Reader& reader, TerminalNode& percentage) {
  std::string digits = percentage.getText();
  digits.pop_back();
  Decimal fraction = lower_decimal(reader, percentage, digits);
  if (fraction.millionths % 100 != 0) {
    fraction = out_of_range(reader, percentage, "a percentage has up to four digits after the point");
  }
  fraction.millionths /= 100;
  return add_expr(reader, ast::PercentLit{fraction}, reader.offsets.span(*percentage.getSymbol()));
}

ast::Moment lower_moment(Reader& reader, P::InstantContext& instant) {
  ast::Moment moment;
  moment.day = read_date(instant.CALENDAR_DATE()->getText()).value_or(time::Day::unknown());
  moment.span = reader.offsets.span(instant);
  auto* clock = instant.CLOCK() != nullptr ? instant.CLOCK() : instant.CLOCK_OFFSET();
  if (clock != nullptr) moment.micros_of_day = read_clock(clock->getText()).value_or(0);
  if (instant.CLOCK_OFFSET() != nullptr) moment.offset_seconds = read_offset(clock->getText());
  return moment;
}

namespace {

ast::ExprId lower_instant(Reader& reader, P::InstantContext& instant) {
  const ast::Moment moment = lower_moment(reader, instant);
  if (!moment.micros_of_day) return add_expr(reader, ast::DateLit{moment.day}, moment.span);
  return add_expr(reader, ast::InstantLit{moment.day, *moment.micros_of_day, moment.offset_seconds}, moment.span);
}

}  // namespace

ast::ExprId lower_literal(Reader& reader, P::LiteralContext& literal) {
  const source::Span span = reader.offsets.span(literal);
  if (auto* money = literal.money()) {
    const Decimal value = lower_decimal(reader, *money->NUMERAL(), money->NUMERAL()->getText());
    const antlr4::Token& currency = *money->CURRENCY()->getSymbol();
    return add_expr(reader, ast::MoneyLit{value, ast::Name{currency.getText(), reader.offsets.span(currency)}}, span);
  }
  if (auto* duration = literal.duration()) {
    return add_expr(reader, ast::DurationValue{lower_duration(reader, *duration)}, span);
  }
  if (auto* instant = literal.instant()) return lower_instant(reader, *instant);
  if (literal.PERCENTAGE() != nullptr) return lower_percentage(reader, *literal.PERCENTAGE());
  return add_expr(reader, ast::NumberLit{lower_decimal(reader, *literal.NUMERAL(), literal.NUMERAL()->getText())},
                  span);
}

}  // namespace plumb::syntax::antlr
