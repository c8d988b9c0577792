#include "check/shape.h"

#include <algorithm>
#include <array>

namespace plumb::check {

namespace {

using model::Shape;

std::string word_of(Shape shape) { return std::string(model::to_text(shape)); }

void report_misplaced(Context& context, Span span, Shape shape, std::string_view belongs) {
  context.sink.report(span, diag::MisplacedClause, words(context, span), word_of(shape))
      .hint("it goes with {}", belongs);
}

void check_durations(Context& context, const ast::Rule& written, Shape shape) {
  if (written.within && shape != Shape::after) {
    context.sink.report(written.within->span, diag::MisplacedClause, "within", word_of(shape))
        .hint("`within` says how long after an event something is due: `after … expect … within {}`",
              words(context, written.within->span));
  }
  if (written.at_least_ahead && shape != Shape::before) {
    context.sink.report(written.at_least_ahead->span, diag::MisplacedClause, "at least … ahead", word_of(shape))
        .hint("only what is expected `before` an event can be true a time ahead of it");
  }
  if (written.lapse_at_most && shape != Shape::while_) {
    context.sink.report(written.lapse_at_most->span, diag::MisplacedClause, "lapse", word_of(shape))
        .hint("only what is expected `while` a condition holds can lapse");
  }
}

void check_period_clauses(Context& context, const ast::Rule& written, Shape shape) {
  if (shape == Shape::every) return;
  for (const ast::GivenAtLeast& given : written.given) {
    report_misplaced(context, given.span, shape, "`every` period");
  }
  if (written.averaged_over) report_misplaced(context, written.averaged_over->span, shape, "`every` period");
}

void check_own(Context& context, const ast::Rule& written, const model::Rule& rule) {
  if (written.each_its_own && rule.shape != Shape::after) {
    context.sink.report(written.name.span, diag::MisplacedClause, "each its own", word_of(rule.shape))
        .hint("only what is expected `after` an event answers one of several");
  }
  if (written.even_when_closed && rule.subject.kind != model::SubjectKind::deal) {
    context.sink.report(written.name.span, diag::ClauseWithoutEffect, "even when closed").hint("only a deal is closed");
  }
}

void check_within(Context& context, const ast::Rule& written) {
  if (written.within || was_reported_in(context, written.span)) return;
  context.sink.report(written.shape->span, diag::MissingWithin, words(context, written.shape->span))
      .hint("every expectation has a date: `within 2 business days`");
}

/// A count or a sum over the whole life: what happened stays happened.
bool only_grows(const Context& context, ExprId id) {
  while (context.book.exprs[id].op == model::Op::measure)
    id = context.book.measures[context.book.exprs[id].measure].value;
  const model::Expr& expr = context.book.exprs[id];
  if (expr.op != model::Op::aggregate) return false;
  const model::Aggregate& aggregate = *expr.aggregate;
  const bool adds =
      aggregate.function == model::AggregateFunction::count || aggregate.function == model::AggregateFunction::sum;
  const bool moves = aggregate.tails.in || aggregate.tails.last != 0 || aggregate.tails.last_periods != 0 ||
                     aggregate.tails.since;
  // Deals are handed over and closed, and people come and go.
  const bool stands = !aggregate.event && aggregate.population != model::PopulationKind::contacts;
  return adds && !moves && !stands;
}

void check_limit(Context& context, const model::Rule& rule) {
  if (!rule.expect || is_broken(context, rule.expect)) return;
  const model::Expr& expect = context.book.exprs[rule.expect];
  const bool below = expect.op == model::Op::compare && (expect.comparison == model::Comparison::at_most ||
                                                         expect.comparison == model::Comparison::less_than);
  if (below && only_grows(context, expect.args.front())) return;
  context.sink.report(expect.span, diag::NotALimit, expect.words)
      .hint("`throughout` limits a count or a sum with `is at most` or `is less than`")
      .hint("what may be broken and mended is expected `while` a condition holds");
}

void check_expected_event(Context& context, const ast::Rule& written, const model::Rule& rule) {
  if (!rule.expect_event || rule.shape == Shape::after) return;
  const model::Event& event = context.book.events[rule.expect_event];
  if (event.kind == model::EventKind::error) return;
  const Span span = context.file.events[written.expect_event].span;
  const std::string said = words(context, span);
  context.sink.report(span, diag::EventExpected, said)
      .hint("ask whether it `has happened`, or expect it `after` another event, `within` a time")
      .suggest(span, fmt::format("{} has happened", said));
}

}  // namespace

bool was_reported_in(const Context& context, Span span) {
  const auto& all = context.sink.all();
  const auto last = all.begin() + static_cast<std::ptrdiff_t>(context.read_with);
  return std::any_of(all.begin(), last, [span](const Diagnostic& diagnostic) {
    return diagnostic.span.text == span.text && diagnostic.severity == diagnostics::Severity::error &&
           diagnostic.span.begin >= span.begin && diagnostic.span.end <= span.end;
  });
}

void check_shape(Context& context, const ast::Rule& written, const model::Rule& rule) {
  check_durations(context, written, rule.shape);
  check_period_clauses(context, written, rule.shape);
  check_own(context, written, rule);
  check_expected_event(context, written, rule);
  if (rule.shape == Shape::after) check_within(context, written);
  if (rule.shape == Shape::throughout) check_limit(context, rule);
}

std::optional<model::Point> check_point(Context& context, const ast::ShapeClause& written) {
  if (!written.point) return std::nullopt;
  const ast::Point& point = *written.point;
  const time::Period period = written.period.value_or(time::Period::week);
  if (point.weekday && period != time::Period::week) {
    context.sink.report(point.span, diag::PointOutsidePeriod, time::to_text(period), "single weekday")
        .hint("only a week has a `monday`; write `by day 5`, `by business day 5`");
  }
  static constexpr std::array<std::int64_t, 6> longest{1, 7, 31, 92, 184, 366};
  const auto place = static_cast<std::size_t>(period);
  const bool outside =
      point.day_number && place < longest.size() && (*point.day_number > longest[place] || *point.day_number < 1);
  if (outside) {
    context.sink
        .report(point.span, diag::PointOutsidePeriod, time::to_text(period), fmt::format("day {}", *point.day_number))
        .hint("its days are 1 to {}", longest[place]);
  }
  if (point.business || point.or_next_business_day) check_business_days(context, point.span);
  return model::Point{point.weekday,       point.day_number,      point.business,
                      point.micros_of_day, point.of_period_after, point.or_next_business_day};
}

}  // namespace plumb::check
