#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

void lower_conditions(Reader& reader, P::StagePartContext& part, ast::Stage& stage) {
  const source::Span span = reader.offsets.span(part);
  if (auto* enter = part.enterClause()) {
    stage.to_enter.push_back({lower_condition(reader, *enter->condition()), span});
  } else if (auto* move_on = part.moveOnClause()) {
    stage.to_move_on.push_back({lower_condition(reader, *move_on->condition()), span});
  } else if (auto* while_in = part.whileInClause()) {
    stage.while_in.push_back({lower_condition(reader, *while_in->condition()), span});
  } else if (auto* at_most = part.atMostClause()) {
    if (is_repeated(reader, !stage.at_most.empty(), *at_most, "at most")) return;
    stage.at_most.push_back({lower_duration(reader, *at_most->duration()), span});
  }
}

void lower_marks(Reader& reader, P::StagePartContext& part, ast::Stage& stage) {
  if (part.wonClause() != nullptr) stage.won = true;
  if (part.lostClause() != nullptr) stage.lost = true;
  if (part.onHoldClause() != nullptr) stage.on_hold = true;
  if (auto* skipped = part.mayBeSkippedClause()) {
    if (is_repeated(reader, stage.may_be_skipped, *skipped, "may be skipped")) return;
    stage.may_be_skipped = true;
    stage.may_be_skipped_when = lower_condition(reader, skipped->condition());
  }
  if (auto* first = part.mayBeFirstClause()) {
    if (is_repeated(reader, stage.may_be_first, *first, "may be first")) return;
    stage.may_be_first = true;
    stage.may_be_first_when = lower_condition(reader, first->condition());
  }
}

void lower_stage_part(Reader& reader, P::StagePartContext& part, ast::Stage& stage) {
  if (auto* buyer = part.buyerClause()) {
    set_once(reader, stage.buyer, lower_text(reader, *buyer->text()), *buyer, "buyer");
  } else if (auto* manager = part.managerClause()) {
    set_once(reader, stage.manager, lower_text(reader, *manager->text()), *manager, "manager");
  } else if (auto* was = part.wasClause()) {
    for (P::AnyNameContext* name : was->anyName()) stage.was.push_back(lower_name(reader, *name));
  } else if (auto* header = part.headerClause()) {
    lower_header(reader, *header, stage.header);
  } else {
    lower_conditions(reader, part, stage);
    lower_marks(reader, part, stage);
  }
}

ast::Stage lower_stage(Reader& reader, P::StageClauseContext& context) {
  ast::Stage stage;
  stage.name = lower_name(reader, *context.anyName());
  stage.label = lower_text(reader, context.text());
  stage.span = reader.offsets.span(context);
  lower_stage_body(reader, context.stageBody(), stage);
  return stage;
}

ast::Move lower_move(Reader& reader, ast::Move::Kind kind, const std::vector<P::AnyNameContext*>& stages,
                     antlr4::ParserRuleContext& clause) {
  ast::Move move;
  move.kind = kind;
  for (P::AnyNameContext* stage : stages) move.stages.push_back(lower_name(reader, *stage));
  move.span = reader.offsets.span(clause);
  return move;
}

ast::Move lower_back(Reader& reader, P::BackClauseContext& back) {
  ast::Move move = lower_move(reader, ast::Move::Kind::back, back.anyName(), back);
  if (back.NUMERAL() != nullptr) move.at_most_times = lower_whole(reader, *back.NUMERAL());
  move.when = lower_condition(reader, back.condition());
  return move;
}

void lower_process_clause(Reader& reader, P::ProcessClauseContext& clause, ast::Process& process) {
  if (auto* stage = clause.stageClause()) {
    process.stages.push_back(lower_stage(reader, *stage));
  } else if (auto* path = clause.pathClause()) {
    process.moves.push_back(lower_move(reader, ast::Move::Kind::path, path->anyName(), *path));
  } else if (auto* back = clause.backClause()) {
    process.moves.push_back(lower_back(reader, *back));
  } else if (auto* from = clause.fromAnyClause()) {
    process.moves.push_back(lower_move(reader, ast::Move::Kind::from_any, from->anyName(), *from));
  } else if (auto* deals = clause.forDealsClause()) {
    if (!is_repeated(reader, static_cast<bool>(process.for_deals_where), *deals, "for deals")) {
      process.for_deals_where = lower_condition(reader, *deals->condition());
    }
  } else if (auto* hold = clause.holdWhileClause()) {
    if (!is_repeated(reader, static_cast<bool>(process.on_hold_while), *hold, "on hold while")) {
      process.on_hold_while = lower_condition(reader, *hold->condition());
    }
  } else {
    lower_header(reader, *clause.headerClause(), process.header);
  }
}

}  // namespace

void lower_stage_body(Reader& reader, P::StageBodyContext* body, ast::Stage& stage) {
  if (body == nullptr) return;
  for (P::StagePartContext* part : body->stagePart()) {
    if (!is_broken(reader, *part)) lower_stage_part(reader, *part, stage);
  }
}

void lower_process_body(Reader& reader, P::ProcessBodyContext& body, ast::Process& process) {
  for (P::ProcessClauseContext* clause : body.processClause()) {
    if (!is_broken(reader, *clause)) lower_process_clause(reader, *clause, process);
  }
}

ast::Process lower_process(Reader& reader, P::ProcessDeclarationContext& context) {
  ast::Process process;
  process.name = lower_name(reader, *context.anyName());
  process.title = lower_text(reader, context.text());
  process.span = reader.offsets.span(context);
  lower_process_body(reader, *context.processBody(), process);
  process.body = lower_body(reader, context.processBody());
  return process;
}

}  // namespace plumb::syntax::antlr
