#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

ast::Level lower_level(Reader& reader, P::LevelClauseContext& level) {
  return {lower_name(reader, *level.anyName()), lower_condition(reader, *level.condition()),
          reader.offsets.span(level)};
}

ast::Need lower_need(Reader& reader, P::NeedsClauseContext& needs) {
  ast::Need need;
  need.level = lower_name(reader, *needs.anyName(0));
  need.stage = lower_name(reader, *needs.anyName(1));
  need.while_in = needs.WHILE() != nullptr;
  need.or_later = needs.LATER() != nullptr;
  need.span = reader.offsets.span(needs);
  return need;
}

void lower_item_part(Reader& reader, P::ItemPartContext& part, ast::Item& item) {
  if (auto* level = part.levelClause()) {
    item.levels.push_back(lower_level(reader, *level));
  } else if (auto* needs = part.needsClause()) {
    item.needs.push_back(lower_need(reader, *needs));
  } else if (auto* because = part.becauseClause()) {
    set_once(reader, item.because, lower_text(reader, *because->text()), *because, "because");
  } else if (auto* response = part.responseClause()) {
    item.responses.push_back(lower_response(reader, *response));
  } else {
    lower_header(reader, *part.headerClause(), item.header);
  }
}

ast::Item lower_item(Reader& reader, P::ItemClauseContext& clause) {
  ast::Item item;
  item.name = lower_name(reader, *clause.anyName());
  item.title = lower_text(reader, clause.text());
  item.span = reader.offsets.span(clause);
  lower_item_body(reader, clause.itemBody(), item);
  return item;
}

void lower_checklist_clause(Reader& reader, P::ChecklistClauseContext& clause, ast::Checklist& list) {
  if (auto* deals = clause.forDealsClause()) {
    if (!is_repeated(reader, static_cast<bool>(list.for_deals_where), *deals, "for deals")) {
      list.for_deals_where = lower_condition(reader, *deals->condition());
    }
  } else if (auto* levels = clause.levelsClause()) {
    if (is_repeated(reader, !list.levels.empty(), *levels, "levels")) return;
    for (P::AnyNameContext* level : levels->anyName()) list.levels.push_back(lower_name(reader, *level));
  } else if (auto* item = clause.itemClause()) {
    list.items.push_back(lower_item(reader, *item));
  } else if (auto* because = clause.becauseClause()) {
    set_once(reader, list.because, lower_text(reader, *because->text()), *because, "because");
  } else {
    lower_header(reader, *clause.headerClause(), list.header);
  }
}

}  // namespace

void lower_item_body(Reader& reader, P::ItemBodyContext* body, ast::Item& item) {
  if (body == nullptr) return;
  for (P::ItemPartContext* part : body->itemPart()) {
    if (!is_broken(reader, *part)) lower_item_part(reader, *part, item);
  }
}

void lower_checklist_body(Reader& reader, P::ChecklistBodyContext& body, ast::Checklist& list) {
  for (P::ChecklistClauseContext* clause : body.checklistClause()) {
    if (!is_broken(reader, *clause)) lower_checklist_clause(reader, *clause, list);
  }
}

ast::Checklist lower_checklist(Reader& reader, P::ChecklistDeclarationContext& context) {
  ast::Checklist list;
  list.name = lower_name(reader, *context.anyName());
  list.title = lower_text(reader, context.text());
  list.span = reader.offsets.span(context);
  lower_checklist_body(reader, *context.checklistBody(), list);
  list.body = lower_body(reader, context.checklistBody());
  return list;
}

}  // namespace plumb::syntax::antlr
