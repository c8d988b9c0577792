#include "syntax/antlr/lower.h"
#include "syntax/antlr/recovery.h"

namespace plumb::syntax::antlr {

namespace {

void lower_rulebook_clause(Reader& reader, P::RulebookClauseContext& clause, ast::Rulebook& rulebook) {
  if (auto* title = clause.titleClause()) {
    set_once(reader, rulebook.title, lower_text(reader, *title->text()), *title, "title");
  } else if (auto* version = clause.versionClause()) {
    const antlr4::Token& number = *version->stop;
    const std::string text = number.getType() == P::STRING ? unquoted(number.getText()) : number.getText();
    set_once(reader, rulebook.version, ast::Name{text, reader.offsets.span(number)}, *version, "version");
  } else if (auto* response = clause.responseClause()) {
    rulebook.responses.push_back(lower_response(reader, *response));
  } else if (auto* calendar = clause.calendarClause()) {
    set_once(reader, rulebook.calendar, lower_name(reader, *calendar->anyName()), *calendar, "calendar");
  } else if (auto* ladder = clause.ladderClause()) {
    set_once(reader, rulebook.ladder, lower_name(reader, *ladder->anyName()), *ladder, "ladder");
  } else if (auto* because = clause.becauseClause()) {
    set_once(reader, rulebook.because, lower_text(reader, *because->text()), *because, "because");
  } else if (auto* header = clause.headerClause()) {
    lower_header(reader, *header, rulebook.header);
  }
}

ast::Rulebook lower_rulebook(Reader& reader, P::RulebookDeclarationContext& context) {
  ast::Rulebook rulebook;
  rulebook.name = lower_name(reader, *context.dottedName());
  rulebook.span = reader.offsets.span(context);
  for (P::RulebookClauseContext* clause : context.rulebookBody()->rulebookClause()) {
    if (!is_broken(reader, *clause)) lower_rulebook_clause(reader, *clause, rulebook);
  }
  rulebook.body = lower_body(reader, context.rulebookBody());
  return rulebook;
}

ast::EventDecl lower_event_declaration(Reader& reader, P::EventDeclarationContext& event) {
  ast::EventDecl lowered;
  lowered.name = lower_name(reader, *event.anyName());
  lowered.event = lower_event(reader, *event.event());
  lower_header(reader, event.headerBody(), lowered.header);
  lowered.body = lower_body(reader, event.headerBody());
  lowered.span = reader.offsets.span(event);
  return lowered;
}

ast::Measure lower_measure(Reader& reader, P::MeasureDeclarationContext& measure) {
  ast::Measure lowered;
  lowered.name = lower_name(reader, *measure.anyName());
  lowered.title = lower_text(reader, measure.text());
  lowered.value = lower_value(reader, *measure.value(), Side::left);
  lower_header(reader, measure.headerBody(), lowered.header);
  lowered.body = lower_body(reader, measure.headerBody());
  lowered.span = reader.offsets.span(measure);
  return lowered;
}

ast::Declaration lower_declaration(Reader& reader, P::DeclarationContext& declaration) {
  if (auto* use = declaration.useDeclaration()) {
    return ast::Use{lower_name(reader, *use->dottedName()), reader.offsets.span(*use)};
  }
  if (auto* base = declaration.extendsDeclaration()) {
    return ast::Extends{lower_name(reader, *base->dottedName()), reader.offsets.span(*base)};
  }
  if (auto* calendar = declaration.calendarDeclaration()) return lower_calendar(reader, *calendar);
  if (auto* fields = declaration.fieldsDeclaration()) return lower_fields_declaration(reader, *fields);
  if (auto* activity = declaration.activityDeclaration()) return lower_activity(reader, *activity);
  if (auto* record = declaration.recordDeclaration()) return lower_record(reader, *record);
  if (auto* event = declaration.eventDeclaration()) return lower_event_declaration(reader, *event);
  if (auto* process = declaration.processDeclaration()) return lower_process(reader, *process);
  if (auto* list = declaration.checklistDeclaration()) return lower_checklist(reader, *list);
  if (auto* rule = declaration.ruleDeclaration()) return lower_rule(reader, *rule);
  if (auto* measure = declaration.measureDeclaration()) return lower_measure(reader, *measure);
  if (auto* target = declaration.targetDeclaration()) return lower_target(reader, *target);
  if (auto* plan = declaration.planDeclaration()) return lower_plan(reader, *plan);
  if (auto* ladder = declaration.ladderDeclaration()) return lower_ladder(reader, *ladder);
  if (auto* prove = declaration.proveDeclaration()) return lower_prove(reader, *prove);
  if (auto* test = declaration.testDeclaration()) return lower_test(reader, *test);
  if (auto* change = declaration.changeDeclaration()) return lower_change(reader, *change);
  return lower_remove(reader, *declaration.removeDeclaration());
}

bool has_broken(const antlr4::ParserRuleContext& context) {
  if (context.exception != nullptr) return true;
  for (antlr4::tree::ParseTree* child : context.children) {
    auto* inner = dynamic_cast<antlr4::ParserRuleContext*>(child);
    if (inner == nullptr) continue;
    const bool body = clause_of_body(inner->getRuleIndex()).has_value();
    if (body ? inner->exception != nullptr : has_broken(*inner)) return true;
  }
  return false;
}

}  // namespace

bool is_broken(const Reader& reader, const antlr4::ParserRuleContext& context) {
  return reader.had_errors && has_broken(context);
}

void lower_file(Reader& reader, P::FileContext& file) {
  for (P::DeclarationContext* declaration : file.declaration()) {
    if (is_broken(reader, *declaration)) continue;
    P::RulebookDeclarationContext* rulebook = declaration->rulebookDeclaration();
    if (rulebook == nullptr) {
      reader.file.declarations.push_back(lower_declaration(reader, *declaration));
    } else {
      set_once(reader, reader.file.rulebook, lower_rulebook(reader, *rulebook), *rulebook, "rulebook");
    }
  }
}

}  // namespace plumb::syntax::antlr
