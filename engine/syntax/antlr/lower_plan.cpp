#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

ast::ExprId lower_case_value(Reader& reader, P::CaseValueContext& value) {
  if (auto* literal = value.literal()) return lower_literal(reader, *literal);
  const ast::ExprId name = lower_word(reader, *value.word(), Side::left);
  if (value.PERCENTAGE() == nullptr) return name;
  const ast::ExprId part = lower_percentage(reader, *value.PERCENTAGE());
  return add_expr(reader, ast::Arithmetic{ast::Operator::times, part, name}, reader.offsets.span(value));
}

ast::TargetCase lower_case(Reader& reader, P::CaseClauseContext& clause) {
  ast::TargetCase lowered;
  lowered.value = lower_case_value(reader, *clause.caseValue());
  if (auto* range = clause.stageRange()) {
    lowered.stage = lower_name(reader, *range->word());
    lowered.or_later = range->LATER() != nullptr;
  }
  if (auto* where = clause.part()) lowered.where = lower_part(reader, *where);
  if (auto* from = clause.date()) lowered.from = lower_date(*from);
  lowered.span = reader.offsets.span(clause);
  return lowered;
}

void lower_target_clause(Reader& reader, P::TargetClauseContext& clause, ast::Target& target) {
  if (auto* one = clause.caseClause()) {
    target.cases.push_back(lower_case(reader, *one));
  } else if (auto* basis = clause.basedOnClause()) {
    set_once(reader, target.basis, lower_basis(reader, *basis), *basis, "based on");
  } else if (auto* because = clause.becauseClause()) {
    set_once(reader, target.because, lower_text(reader, *because->text()), *because, "because");
  } else {
    lower_header(reader, *clause.headerClause(), target.header);
  }
}

// ---- plans ----------------------------------------------------------------------------------------------------------

std::optional<ast::GivenAtLeast> lower_given(Reader& reader, P::GivenPartContext* given) {
  if (given == nullptr) return std::nullopt;
  return lower_given(reader, *given->NUMERAL(), *given->population(), reader.offsets.span(*given));
}

std::vector<ast::Fallback> lower_fallbacks(Reader& reader, const std::vector<P::ElsePartContext*>& parts) {
  std::vector<ast::Fallback> fallbacks;
  for (P::ElsePartContext* part : parts) {
    ast::Fallback fallback;
    fallback.of = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(part->word()));
    for (P::LiteralContext* literal : part->literal()) fallback.values.push_back(lower_literal(reader, *literal));
    fallback.span = reader.offsets.span(*part);
    fallbacks.push_back(std::move(fallback));
  }
  return fallbacks;
}

ast::PlanTarget lower_plan_target(Reader& reader, P::PlanTargetClauseContext& clause) {
  ast::PlanTarget target;
  target.value = clause.literal() != nullptr ? lower_literal(reader, *clause.literal())
                                             : lower_word(reader, *clause.word(), Side::left);
  Counted counted = lower_population(reader, *clause.population());
  target.population = std::move(counted.population);
  target.where = counted.where;
  target.span = reader.offsets.span(clause);
  return target;
}

ast::Worth lower_worth(Reader& reader, P::WorthClauseContext& clause) {
  return {lower_value(reader, *clause.value(), Side::left), lower_given(reader, clause.givenPart()),
          lower_fallbacks(reader, clause.elsePart()), reader.offsets.span(clause)};
}

ast::Rates lower_rates(Reader& reader, P::RatesClauseContext& clause) {
  return {lower_whole(reader, *clause.NUMERAL()), lower_periods(*clause.periods()),
          lower_given(reader, clause.givenPart()), lower_fallbacks(reader, clause.elsePart()),
          reader.offsets.span(clause)};
}

ast::LeadTime lower_lead_time(Reader& reader, P::LeadTimeClauseContext& clause) {
  ast::LeadTime lead;
  if (clause.MEAN() != nullptr) lead.average = ast::AggregateFunction::mean;
  lead.fixed = lower_duration(reader, clause.duration());
  lead.span = reader.offsets.span(clause);
  return lead;
}

ast::Ramp lower_ramp(Reader& reader, P::RampClauseContext& clause) {
  ast::Ramp ramp;
  for (antlr4::tree::TerminalNode* step : clause.PERCENTAGE()) ramp.steps.push_back(lower_percentage(reader, *step));
  ramp.by = lower_period(*clause.period());
  ramp.span = reader.offsets.span(clause);
  return ramp;
}

void lower_work_back(Reader& reader, P::WorkBackClauseContext& clause, ast::Plan& plan) {
  if (is_repeated(reader, !plan.work_back.empty(), clause, "work back")) return;
  for (P::WordContext* step : clause.word()) plan.work_back.push_back(lower_name(reader, *step));
}

void lower_every(Reader& reader, P::PlanEveryClauseContext& clause, ast::Plan& plan) {
  if (is_repeated(reader, plan.period.has_value(), clause, "every")) return;
  plan.period = lower_period(*clause.period());
  const source::Span each = reader.offsets.span(*clause.FOR()->getSymbol());
  plan.subject = lower_subject(reader, *clause.subject(), source::join(each, reader.offsets.span(*clause.subject())));
}

/// Missing: false for a clause that `lower_plan_basis` reads.
bool lower_plan_core(Reader& reader, P::PlanClauseContext& clause, ast::Plan& plan) {
  if (auto* target = clause.planTargetClause()) {
    set_once(reader, plan.target, lower_plan_target(reader, *target), *target, "target");
  } else if (auto* every = clause.planEveryClause()) {
    lower_every(reader, *every, plan);
  } else if (auto* worth = clause.worthClause()) {
    set_once(reader, plan.worth, lower_worth(reader, *worth), *worth, "a deal is worth");
  } else if (auto* back = clause.workBackClause()) {
    lower_work_back(reader, *back, plan);
  } else if (auto* rates = clause.ratesClause()) {
    set_once(reader, plan.rates, lower_rates(reader, *rates), *rates, "rates");
  } else if (auto* reached = clause.reachedClause()) {
    set_once(reader, plan.reached_within, lower_duration(reader, *reached->duration()), *reached, "reached within");
  } else {
    return false;
  }
  return true;
}

void lower_plan_basis(Reader& reader, P::PlanClauseContext& clause, ast::Plan& plan) {
  if (auto* lead = clause.leadTimeClause()) {
    set_once(reader, plan.lead_time, lower_lead_time(reader, *lead), *lead, "lead time");
  } else if (auto* ramp = clause.rampClause()) {
    set_once(reader, plan.ramp, lower_ramp(reader, *ramp), *ramp, "ramp");
  } else if (auto* adjusted = clause.adjustedClause()) {
    set_once(reader, plan.adjusted, lower_adjusted(reader, *adjusted), *adjusted, "adjusted for");
  } else if (auto* basis = clause.basedOnClause()) {
    set_once(reader, plan.basis, lower_basis(reader, *basis), *basis, "based on");
  } else if (auto* because = clause.becauseClause()) {
    set_once(reader, plan.because, lower_text(reader, *because->text()), *because, "because");
  } else {
    lower_header(reader, *clause.headerClause(), plan.header);
  }
}

}  // namespace

void lower_target_body(Reader& reader, P::TargetBodyContext& body, ast::Target& target) {
  for (P::TargetClauseContext* clause : body.targetClause()) {
    if (!is_broken(reader, *clause)) lower_target_clause(reader, *clause, target);
  }
}

ast::Target lower_target(Reader& reader, P::TargetDeclarationContext& context) {
  ast::Target target;
  target.name = lower_name(reader, *context.anyName());
  target.title = lower_text(reader, context.text());
  target.span = reader.offsets.span(context);
  lower_target_body(reader, *context.targetBody(), target);
  target.body = lower_body(reader, context.targetBody());
  return target;
}

void lower_plan_body(Reader& reader, P::PlanBodyContext& body, ast::Plan& plan) {
  for (P::PlanClauseContext* clause : body.planClause()) {
    if (is_broken(reader, *clause)) continue;
    if (!lower_plan_core(reader, *clause, plan)) lower_plan_basis(reader, *clause, plan);
  }
}

ast::Plan lower_plan(Reader& reader, P::PlanDeclarationContext& context) {
  ast::Plan plan;
  plan.name = lower_name(reader, *context.anyName());
  plan.title = lower_text(reader, context.text());
  plan.span = reader.offsets.span(context);
  lower_plan_body(reader, *context.planBody(), plan);
  plan.body = lower_body(reader, context.planBody());
  return plan;
}

}  // namespace plumb::syntax::antlr
