#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

ast::Strength lower_strength(P::StrengthContext& strength) {
  if (strength.MUST() != nullptr) return ast::Strength::must;
  return strength.SHOULD() != nullptr ? ast::Strength::should : ast::Strength::trial;
}

void lower_expect(Reader& reader, P::ExpectClauseContext& clause, ast::Rule& rule) {
  if (is_repeated(reader, rule.expect || rule.expect_event, clause, "expect")) return;
  P::ValueContext* value = only_value(*clause.condition());
  if (value != nullptr && is_event(*value)) {
    rule.expect_event = event_of_value(reader, *value);
  } else {
    rule.expect = lower_condition(reader, *clause.condition());
  }
}

ast::GivenAtLeast lower_given(Reader& reader, P::GivenClauseContext& clause) {
  Counted counted = lower_population(reader, *clause.population());
  return ast::GivenAtLeast{lower_whole(reader, *clause.NUMERAL()), std::move(counted.population), counted.where,
                           reader.offsets.span(clause)};
}

ast::AveragedOver lower_averaged(Reader& reader, P::AveragedClauseContext& clause) {
  return ast::AveragedOver{lower_whole(reader, *clause.NUMERAL()), lower_periods(*clause.periods()),
                           reader.offsets.span(clause)};
}

ast::OtherClause lower_other(Reader& reader, P::RuleClauseContext& clause) {
  const antlr4::Token& keyword = *clause.start;
  return ast::OtherClause{ast::Name{keyword.getText(), reader.offsets.span(keyword)}, reader.offsets.span(clause)};
}

void lower_flag(Reader& reader, bool& flag, antlr4::ParserRuleContext& clause, std::string_view keyword) {
  if (!is_repeated(reader, flag, clause, keyword)) flag = true;
}

/// What is expected, of whom, when and why. Missing: false for a clause that `lower_measuring` reads.
bool lower_core(Reader& reader, P::RuleClauseContext& clause, ast::Rule& rule) {
  if (auto* right = clause.rightClause()) {
    const antlr4::Token& word = *right->stop;
    set_once(reader, rule.right, ast::Name{word.getText(), reader.offsets.span(word)}, *right, "right");
  } else if (auto* each = clause.forEachClause()) {
    set_once(reader, rule.subject, lower_subject(reader, *each), *each, "for");
  } else if (auto* shape = clause.shapeClause()) {
    set_once(reader, rule.shape, lower_shape(reader, *shape), *shape, shape->start->getText());
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
    rule.given.push_back(lower_given(reader, *given));
  } else if (auto* averaged = clause.averagedClause()) {
    set_once(reader, rule.averaged_over, lower_averaged(reader, *averaged), *averaged, "averaged over");
  } else if (auto* owed = clause.owedClause()) {
    set_once(reader, rule.owed_by, lower_name(reader, *owed->who()), *owed, "owed by");
  } else if (auto* ladder = clause.ladderClause()) {
    set_once(reader, rule.ladder, lower_name(reader, *ladder->anyName()), *ladder, "ladder");
  } else {
    return false;
  }
  return true;
}

void lower_rule_header(Reader& reader, P::HeaderClauseContext& clause, ast::Rule& rule) {
  if (auto* sealed = clause.sealedClause()) return lower_flag(reader, rule.sealed, *sealed, "sealed");
  if (auto* tighten = clause.tightenClause()) return lower_flag(reader, rule.tighten_only, *tighten, "tighten only");
  lower_header(reader, clause, rule.header);
}

}  // namespace

void lower_header(Reader& reader, P::HeaderClauseContext& clause, ast::Header& header) {
  if (auto* author = clause.authorClause()) {
    set_once(reader, header.author, lower_text(reader, *author->text()), clause, "author");
  } else if (auto* proposed = clause.proposedClause()) {
    set_once(reader, header.proposed_by, lower_text(reader, *proposed->text()), clause, "proposed by");
    if (!header.proposed_on) header.proposed_on = lower_date(*proposed->date());
  } else if (auto* effective = clause.effectiveClause()) {
    set_once(reader, header.effective_from, lower_date(*effective->date()), clause, "effective from");
  } else if (auto* review = clause.reviewClause()) {
    set_once(reader, header.review_by, lower_date(*review->date()), clause, "review by");
  }
}

ast::Response lower_response(Reader& reader, P::ResponseClauseContext& clause) {
  ast::Response response;
  response.verdict = lower_name(reader, *clause.verdictWord());
  response.text = lower_text(reader, *clause.text());
  response.recorded_as = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(clause.anyName()));
  response.by = lower_name(reader, *clause.who());
  response.within = lower_duration(reader, *clause.duration());
  response.span = reader.offsets.span(clause);
  return response;
}

ast::Subject lower_subject(Reader& reader, P::ForEachClauseContext& clause) {
  ast::Subject subject;
  subject.span = reader.offsets.span(clause);
  P::SubjectContext* each = clause.subject();
  const antlr4::Token& word = each == nullptr ? *clause.stop : *each->start;
  subject.word = ast::Name{word.getText(), reader.offsets.span(word)};
  if (each == nullptr) {
    subject.kind = ast::SubjectKind::company;
    return subject;
  }
  if (each->PERSON() != nullptr) subject.kind = ast::SubjectKind::person;
  if (each->TEAM() != nullptr) subject.kind = ast::SubjectKind::team;
  subject.process = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(each->anyName()));
  if (auto* range = each->stageRange()) {
    subject.stage = lower_name(reader, *range->word());
    subject.or_later = range->LATER() != nullptr;
  }
  subject.where = lower_condition(reader, each->condition());
  return subject;
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
    if (every->point() != nullptr) shape.point = lower_point(reader, *every->point());
  } else {
    shape.shape = ast::Shape::throughout;
  }
  return shape;
}

ast::Rule lower_rule(Reader& reader, P::RuleDeclarationContext& context) {
  ast::Rule rule;
  rule.strength = lower_strength(*context.strength());
  rule.name = lower_name(reader, *context.anyName());
  rule.title = lower_text(reader, context.text());
  rule.span = reader.offsets.span(context);
  for (P::RuleClauseContext* clause : context.ruleBody()->ruleClause()) {
    if (is_broken(reader, *clause)) continue;
    if (auto* header = clause->headerClause()) {
      lower_rule_header(reader, *header, rule);
    } else if (!lower_core(reader, *clause, rule) && !lower_measuring(reader, *clause, rule)) {
      rule.other.push_back(lower_other(reader, *clause));
    }
  }
  return rule;
}

}  // namespace plumb::syntax::antlr
