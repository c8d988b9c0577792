#include <unordered_map>

#include "syntax/antlr/lower.h"
#include "syntax/antlr/recovery.h"

namespace plumb::syntax::antlr {

namespace {

using ast::ClauseKind;

const std::unordered_map<std::size_t, ClauseKind>& kinds() {
  static const std::unordered_map<std::size_t, ClauseKind> of_rule{
      {P::RuleTitleClause, ClauseKind::title},
      {P::RuleVersionClause, ClauseKind::version},
      {P::RuleProposedClause, ClauseKind::proposed},
      {P::RuleEffectiveClause, ClauseKind::effective},
      {P::RuleReviewClause, ClauseKind::review},
      {P::RuleAuthorClause, ClauseKind::author},
      {P::RuleSealedClause, ClauseKind::sealed},
      {P::RuleTightenClause, ClauseKind::tighten},
      {P::RuleCalendarClause, ClauseKind::calendar},
      {P::RuleZoneClause, ClauseKind::zone},
      {P::RuleWorkClause, ClauseKind::work},
      {P::RuleHolidayClause, ClauseKind::holiday},
      {P::RuleFiscalClause, ClauseKind::fiscal},
      {P::RuleWeekClause, ClauseKind::week},
      {P::RuleTermClause, ClauseKind::term},
      {P::RuleFieldClause, ClauseKind::field},
      {P::RuleForDealsClause, ClauseKind::for_deals},
      {P::RuleHoldWhileClause, ClauseKind::on_hold_while},
      {P::RuleStageClause, ClauseKind::stage},
      {P::RulePathClause, ClauseKind::path},
      {P::RuleBackClause, ClauseKind::back},
      {P::RuleFromAnyClause, ClauseKind::from_any},
      {P::RuleWonClause, ClauseKind::won},
      {P::RuleLostClause, ClauseKind::lost},
      {P::RuleOnHoldClause, ClauseKind::on_hold},
      {P::RuleWasClause, ClauseKind::was},
      {P::RuleBuyerClause, ClauseKind::buyer},
      {P::RuleManagerClause, ClauseKind::manager},
      {P::RuleMayBeFirstClause, ClauseKind::may_be_first},
      {P::RuleEnterClause, ClauseKind::to_enter},
      {P::RuleWhileInClause, ClauseKind::while_in},
      {P::RuleMoveOnClause, ClauseKind::to_move_on},
      {P::RuleAtMostClause, ClauseKind::at_most},
      {P::RuleMayBeSkippedClause, ClauseKind::may_be_skipped},
      {P::RuleLevelsClause, ClauseKind::levels},
      {P::RuleItemClause, ClauseKind::item},
      {P::RuleLevelClause, ClauseKind::level},
      {P::RuleNeedsClause, ClauseKind::needs},
      {P::RulePlanTargetClause, ClauseKind::plan_target},
      {P::RulePlanEveryClause, ClauseKind::plan_every},
      {P::RuleWorthClause, ClauseKind::worth},
      {P::RuleWorkBackClause, ClauseKind::work_back},
      {P::RuleRatesClause, ClauseKind::rates},
      {P::RuleReachedClause, ClauseKind::reached},
      {P::RuleLeadTimeClause, ClauseKind::lead_time},
      {P::RuleRampClause, ClauseKind::ramp},
      {P::RuleRightClause, ClauseKind::right},
      {P::RuleForEachClause, ClauseKind::for_each},
      {P::RuleShapeClause, ClauseKind::shape},
      {P::RuleExpectClause, ClauseKind::expect},
      {P::RuleAheadClause, ClauseKind::ahead},
      {P::RuleWithinClause, ClauseKind::within},
      {P::RuleLapseClause, ClauseKind::lapse},
      {P::RuleEvenWhenClosedClause, ClauseKind::even_when_closed},
      {P::RuleEachItsOwnClause, ClauseKind::each_its_own},
      {P::RuleGivenClause, ClauseKind::given},
      {P::RuleAveragedClause, ClauseKind::averaged_over},
      {P::RuleStartsClause, ClauseKind::starts},
      {P::RuleRungClause, ClauseKind::rung},
      {P::RuleClimbsClause, ClauseKind::climbs},
      {P::RuleWaitsClause, ClauseKind::waits},
      {P::RuleClearsClause, ClauseKind::clears},
      {P::RuleRungStep, ClauseKind::step},
      {P::RuleAdjustedClause, ClauseKind::adjusted},
      {P::RuleLateClause, ClauseKind::late_counts},
      {P::RuleOwedClause, ClauseKind::owed_by},
      {P::RuleCaseClause, ClauseKind::target_case},
      {P::RuleBasedOnClause, ClauseKind::based_on},
      {P::RuleBecauseClause, ClauseKind::because},
      {P::RuleResponseClause, ClauseKind::response},
      {P::RuleLadderClause, ClauseKind::ladder},
      {P::RuleCastClause, ClauseKind::cast},
      {P::RuleLeaveLine, ClauseKind::line},
      {P::RuleDatedLine, ClauseKind::line},
      {P::RuleRepeatLine, ClauseKind::line},
      {P::RuleExpectation, ClauseKind::expectation},
      {P::RuleCastFact, ClauseKind::fact}};
  return of_rule;
}

antlr4::ParserRuleContext* first_rule(const antlr4::ParserRuleContext& context) {
  for (antlr4::tree::ParseTree* child : context.children) {
    if (auto* rule = dynamic_cast<antlr4::ParserRuleContext*>(child)) return rule;
  }
  return nullptr;
}

/// A body repeats a rule of alternatives, and that one may hold header words: the clause is what lies inside.
ClauseKind kind_of(const antlr4::ParserRuleContext& clause) {
  const antlr4::ParserRuleContext* at = &clause;
  while (at != nullptr) {
    const auto found = kinds().find(at->getRuleIndex());
    if (found != kinds().end()) return found->second;
    at = first_rule(*at);
  }
  PLUMB_ASSERT(false, "every clause of a body has a kind");
  return ClauseKind::title;
}

bool has_body(ClauseKind kind) {
  return kind == ClauseKind::stage || kind == ClauseKind::item || kind == ClauseKind::rung ||
         kind == ClauseKind::cast || kind == ClauseKind::line;
}

}  // namespace

antlr4::ParserRuleContext* body_within(const antlr4::ParserRuleContext& context) {
  for (antlr4::tree::ParseTree* child : context.children) {
    auto* rule = dynamic_cast<antlr4::ParserRuleContext*>(child);
    if (rule == nullptr) continue;
    if (clause_of_body(rule->getRuleIndex())) return rule;
    if (auto* inner = body_within(*rule)) return inner;
  }
  return nullptr;
}

ast::Body lower_body(Reader& reader, const antlr4::ParserRuleContext* body) {
  ast::Body lowered;
  if (body == nullptr) return lowered;
  lowered.span = reader.offsets.span(*body);
  for (antlr4::tree::ParseTree* child : body->children) {
    auto* clause = dynamic_cast<antlr4::ParserRuleContext*>(child);
    if (clause == nullptr || is_broken(reader, *clause)) continue;
    ast::Clause said{kind_of(*clause), reader.offsets.span(*clause), {}};
    if (has_body(said.kind)) said.body = lower_body(reader, body_within(*clause));
    lowered.clauses.push_back(std::move(said));
  }
  return lowered;
}

}  // namespace plumb::syntax::antlr
