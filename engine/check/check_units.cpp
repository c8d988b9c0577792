#include "check/passes.h"

namespace plumb::check {

namespace {

/// Of business days and working hours as many as there are days and hours: more than any calendar has.
std::int64_t hundred_years(time::Unit unit) {
  constexpr std::int64_t days = 36'525;
  switch (unit) {
    case time::Unit::minutes: return days * 24 * 60;
    case time::Unit::hours:
    case time::Unit::working_hours: return days * 24;
    case time::Unit::days:
    case time::Unit::business_days: return days;
    case time::Unit::weeks: return days / 7;
    case time::Unit::months: return 1'200;
    case time::Unit::quarters: return 400;
    case time::Unit::years: return 100;
  }
  return days;
}

}  // namespace

void check_business_days(Context& context, Span span) {
  // A calendar whose lines are broken was reported there.
  if (context.work_written || context.lost.contains("work")) return;
  const model::Calendar* calendar = context.book.default_calendar();
  if (!calendar && from_elsewhere(context, {})) return;
  context.work_written = true;  // one line puts all of them right, so that the first speaks for the others
  Diagnostic& diagnostic = context.sink.report(span, diag::NoWorkHours, words(context, span));
  if (!calendar) {
    diagnostic.hint("declare one: `calendar office {{ zone \"Europe/Berlin\" work monday to friday 09:00 to 17:30 }}`");
  } else {
    diagnostic.label(calendar->span, "the first calendar counts, and it has no `work` line")
        .hint("say when: `work monday to friday 09:00 to 17:30`");
  }
}

time::Duration check_duration(Context& context, const ast::DurationLit& written) {
  const time::Unit unit = written.duration.unit;
  if (unit == time::Unit::business_days || unit == time::Unit::working_hours)
    check_business_days(context, written.span);
  // What ends after the calendars do can never be decided; nobody agrees on anything for so long.
  if (written.duration.count > hundred_years(unit)) {
    context.sink.report(written.span, diag::DurationTooLong, words(context, written.span))
        .hint("100 years are the most: {}", time::to_text(time::Duration{hundred_years(unit), unit}));
  }
  return written.duration;
}

std::optional<time::Duration> check_duration(Context& context, const std::optional<ast::DurationLit>& written) {
  return written ? std::optional(check_duration(context, *written)) : std::nullopt;
}

void check_period(Context& context, time::Period period, Span span) {
  if (period != time::Period::term || context.terms_written || from_elsewhere(context, {})) return;
  context.sink.report(span, diag::NoTerms, words(context, span))
      .hint("say in a calendar when they are: `term \"2026-1\" 2026-01-01 to 2026-04-30`");
}

void check_not_zero(Context& context, std::int64_t count, Span span) {
  if (count == 0) context.sink.report(span, diag::ZeroCount, words(context, span)).hint("1 is the least");
}

}  // namespace plumb::check
