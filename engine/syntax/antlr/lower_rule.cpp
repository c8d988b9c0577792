#include <string>

#include <fmt/format.h>

#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

void lower_expect(Reader& reader, P::ExpectClauseContext& clause, ast::Rule& rule) {
  if (is_repeated(reader, rule.expect || rule.expect_event, clause, "expect")) return;
  P::ValueContext* value = only_value(*clause.condition());
  if (value != nullptr && is_event(*value)) {
    rule.expect_event = event_of_value(reader, *value);
  } else {
    rule.expect = lower_condition(reader, *clause.condition());
  }
}

ast::AveragedOver lower_averaged(Reader& reader, P::AveragedClauseContext& clause) {
  return ast::AveragedOver{lower_whole(reader, *clause.NUMERAL()), lower_periods(*clause.periods()),
                           reader.offsets.span(clause)};
}

/// Reports a shape beside another one: they say two times at which to ask. The same one twice is a clause repeated.
bool is_second_shape(Reader& reader, const ast::Rule& rule, P::ShapeClauseContext& clause) {
  if (!rule.shape) return false;
  const auto words = [&](source::Span span) {
    return std::string(reader.text.content().substr(span.begin, span.end - span.begin));
  };
  const std::string first = words(rule.shape->span), second = words(reader.offsets.span(clause));
  if (first == second) return false;
  if (!reader.may_report()) return true;
  reader.sink.report(reader.offsets.span(clause), diagnostics::diag::SecondShape, second, first)
      .label(rule.shape->span, "the other is here")
      .hint(
          "keep one of them; what the other asks for is a condition, as `expect E has happened since F`, or a rule of "
          "its own");
  return true;
}

/// What is expected, of whom, when and why. Missing: false for a clause that `lower_measuring` reads.
bool lower_core(Reader& reader, P::RuleClauseContext& clause, ast::Rule& rule) {
  if (auto* right = clause.rightClause()) {
    const antlr4::Token& word = *right->stop;
    set_once(reader, rule.right, ast::Name{word.getText(), reader.offsets.span(word)}, *right, "right");
  } else if (auto* each = clause.forEachClause()) {
    set_once(reader, rule.subject, lower_subject(reader, *each), *each, "for");
  } else if (auto* shape = clause.shapeClause()) {
    if (!is_second_shape(reader, rule, *shape)) {
      set_once(reader, rule.shape, lower_shape(reader, *shape), *shape, shape->start->getText());
    }
  } else if (auto* expect = clause.expectClause()) {
    lower_expect(reader, *expect, rule);
  } else if (auto* within = clause.withinClause()) {
    set_once(reader, rule.within, lower_duration(reader, *within->duration()), *within, "within");
  } else if (auto* because = clause.becauseClause()) {
    set_once(reader, rule.because, lower_text(reader, *because->text()), *because, "because");
  } else if (auto* response = clause.responseClause()) {
    rule.responses.push_back(lower_response(reader, *response));
  } else {
    return false;
  }
  return true;
}

/// How it is measured. Missing: false for a clause that `lower_consequence` reads.
bool lower_measuring(Reader& reader, P::RuleClauseContext& clause, ast::Rule& rule) {
  if (auto* ahead = clause.aheadClause()) {
    set_once(reader, rule.at_least_ahead, lower_duration(reader, *ahead->duration()), *ahead, "at least");
  } else if (auto* lapse = clause.lapseClause()) {
    set_once(reader, rule.lapse_at_most, lower_duration(reader, *lapse->duration()), *lapse, "lapse");
  } else if (auto* even = clause.evenWhenClosedClause()) {
    lower_flag(reader, rule.even_when_closed, *even, "even when closed");
  } else if (auto* own = clause.eachItsOwnClause()) {
    lower_flag(reader, rule.each_its_own, *own, "each its own");
  } else if (auto* given = clause.givenClause()) {
    rule.given.push_back(lower_given(reader, *given->NUMERAL(), *given->population(), reader.offsets.span(*given)));
  } else if (auto* averaged = clause.averagedClause()) {
    set_once(reader, rule.averaged_over, lower_averaged(reader, *averaged), *averaged, "averaged over");
  } else if (auto* adjusted = clause.adjustedClause()) {
    set_once(reader, rule.adjusted, lower_adjusted(reader, *adjusted), *adjusted, "adjusted for");
  } else {
    return false;
  }
  return true;
}

void lower_consequence(Reader& reader, P::RuleClauseContext& clause, ast::Rule& rule) {
  if (auto* late = clause.lateClause()) {
    const antlr4::Token& verdict = *late->stop;
    set_once(reader, rule.late_counts_as, ast::Name{verdict.getText(), reader.offsets.span(verdict)}, *late,
             "late counts as");
  } else if (auto* owed = clause.owedClause()) {
    set_once(reader, rule.owed_by, lower_name(reader, *owed->who()), *owed, "owed by");
  } else if (auto* basis = clause.basedOnClause()) {
    set_once(reader, rule.basis, lower_basis(reader, *basis), *basis, "based on");
  } else if (auto* ladder = clause.ladderClause()) {
    set_once(reader, rule.ladder, lower_name(reader, *ladder->anyName()), *ladder, "ladder");
  } else {
    lower_header(reader, *clause.headerClause(), rule.header);
  }
}

}  // namespace

ast::Strength lower_strength(P::StrengthContext& strength) {
  if (strength.MUST() != nullptr) return ast::Strength::must;
  return strength.SHOULD() != nullptr ? ast::Strength::should : ast::Strength::trial;
}

ast::GivenAtLeast lower_given(Reader& reader, antlr4::tree::TerminalNode& count, P::PopulationContext& population,
                              source::Span span) {
  Counted counted = lower_population(reader, population);
  return ast::GivenAtLeast{lower_whole(reader, count), std::move(counted.population), counted.where, span};
}

namespace {

ast::Point lower_point(Reader& reader, P::PointContext& context) {
  ast::Point point;
  point.span = reader.offsets.span(context);
  if (auto* weekday = context.weekday()) point.weekday = lower_weekday(*weekday);
  if (context.NUMERAL() != nullptr) point.day_number = lower_whole(reader, *context.NUMERAL());
  point.business = context.NUMERAL() != nullptr && context.BUSINESS().size() > (context.NEXT() != nullptr ? 1u : 0u);
  if (auto* clock = context.clock()) point.micros_of_day = lower_clock(*clock);
  point.of_period_after = context.AFTER() != nullptr;
  point.or_next_business_day = context.NEXT() != nullptr;
  return point;
}

}  // namespace

namespace {

// `of the week after` belongs to `every week`.
void check_period_after(Reader& reader, P::PointContext& point, time::Period period) {
  if (point.period() == nullptr || lower_period(*point.period()) == period || !reader.may_report()) return;
  const std::string_view every = time::to_text(period);
  reader.sink
      .report(reader.offsets.span(*point.period()), diagnostics::diag::PointOutsidePeriod, every,
              fmt::format("{} after", time::to_text(lower_period(*point.period()))))
      .hint("write `of the {} after`", every);
}

}  // namespace

ast::ShapeClause lower_shape(Reader& reader, P::ShapeClauseContext& clause) {
  ast::ShapeClause shape;
  shape.span = reader.offsets.span(clause);
  if (auto* after = clause.afterClause()) {
    shape.shape = ast::Shape::after;
    shape.event = lower_event(reader, *after->event());
  } else if (auto* before = clause.beforeClause()) {
    shape.shape = ast::Shape::before;
    shape.event = lower_event(reader, *before->event());
  } else if (auto* at = clause.atClause()) {
    shape.shape = ast::Shape::at;
    shape.event = lower_event(reader, *at->event());
  } else if (auto* holds = clause.whileClause()) {
    shape.shape = ast::Shape::while_;
    shape.condition = lower_condition(reader, *holds->condition());
  } else if (auto* every = clause.everyClause()) {
    shape.shape = ast::Shape::every;
    shape.period = lower_period(*every->period());
    if (every->point() != nullptr) {
      shape.point = lower_point(reader, *every->point());
      check_period_after(reader, *every->point(), *shape.period);
    }
  } else {
    shape.shape = ast::Shape::throughout;
  }
  return shape;
}

void lower_rule_body(Reader& reader, P::RuleBodyContext& body, ast::Rule& rule) {
  for (P::RuleClauseContext* clause : body.ruleClause()) {
    if (is_broken(reader, *clause)) continue;
    if (lower_core(reader, *clause, rule) || lower_measuring(reader, *clause, rule)) continue;
    lower_consequence(reader, *clause, rule);
  }
}

ast::Rule lower_rule(Reader& reader, P::RuleDeclarationContext& context) {
  ast::Rule rule;
  rule.strength = lower_strength(*context.strength());
  rule.name = lower_name(reader, *context.anyName());
  rule.title = lower_text(reader, context.text());
  rule.span = reader.offsets.span(context);
  lower_rule_body(reader, *context.ruleBody(), rule);
  rule.body = lower_body(reader, context.ruleBody());
  return rule;
}

}  // namespace plumb::syntax::antlr
