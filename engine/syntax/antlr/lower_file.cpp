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
  return rulebook;
}

ast::Field lower_field(Reader& reader, P::FieldClauseContext& clause) {
  ast::Field field;
  field.name = lower_name(reader, *clause.fieldName());
  field.span = reader.offsets.span(clause);
  P::FieldTypeContext& type = *clause.fieldType();
  if (type.simpleType() != nullptr) field.type = lower_name(reader, *type.simpleType());
  for (P::AnyNameContext* choice : type.anyName()) field.choices.push_back(lower_name(reader, *choice));
  return field;
}

ast::Fields lower_fields_declaration(Reader& reader, P::FieldsDeclarationContext& fields) {
  ast::Fields lowered;
  lowered.of = lower_name(reader, *fields.anyName(0));
  if (fields.anyName().size() > 1) lowered.parent = lower_name(reader, *fields.anyName(1));
  lowered.fields = lower_fields(reader, fields.fieldsBody());
  lowered.span = reader.offsets.span(fields);
  return lowered;
}

ast::Activity lower_activity(Reader& reader, P::ActivityDeclarationContext& activity) {
  return {lower_name(reader, *activity.anyName()), activity.BUYER() != nullptr,
          lower_fields(reader, activity.fieldsBody()), reader.offsets.span(activity)};
}

/// The first name in a declaration that is not read yet; a text where it has only that.
std::optional<ast::Name> name_within(Reader& reader, const antlr4::ParserRuleContext& declaration) {
  for (antlr4::tree::ParseTree* child : declaration.children) {
    auto* context = dynamic_cast<antlr4::ParserRuleContext*>(child);
    if (context == nullptr) continue;
    const std::size_t rule = context->getRuleIndex();
    const bool name = rule == P::RuleAnyName || rule == P::RuleDottedName || rule == P::RuleText;
    if (name) return lower_name(reader, *context);
    if (rule == P::RuleChanged) return name_within(reader, *context);
  }
  return std::nullopt;
}

ast::Other lower_other(Reader& reader, antlr4::ParserRuleContext& declaration) {
  const antlr4::Token& keyword = *declaration.start;
  return {ast::Name{keyword.getText(), reader.offsets.span(keyword)}, name_within(reader, declaration),
          reader.offsets.span(declaration)};
}

ast::Declaration lower_declaration(Reader& reader, P::DeclarationContext& declaration) {
  if (auto* calendar = declaration.calendarDeclaration()) return lower_calendar(reader, *calendar);
  if (auto* fields = declaration.fieldsDeclaration()) return lower_fields_declaration(reader, *fields);
  if (auto* activity = declaration.activityDeclaration()) return lower_activity(reader, *activity);
  if (auto* process = declaration.processDeclaration()) return lower_process(reader, *process);
  if (auto* rule = declaration.ruleDeclaration()) return lower_rule(reader, *rule);
  if (auto* record = declaration.recordDeclaration()) {
    return ast::Record{lower_name(reader, *record->anyName()), lower_fields(reader, record->fieldsBody()),
                       reader.offsets.span(*record)};
  }
  if (auto* event = declaration.eventDeclaration()) {
    return ast::EventDecl{lower_name(reader, *event->anyName()), lower_event(reader, *event->event()),
                          reader.offsets.span(*event)};
  }
  if (auto* measure = declaration.measureDeclaration()) {
    return ast::Measure{lower_name(reader, *measure->anyName()), lower_value(reader, *measure->value(), Side::left),
                        reader.offsets.span(*measure)};
  }
  return lower_other(reader, *static_cast<antlr4::ParserRuleContext*>(declaration.children.front()));
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

std::vector<ast::Field> lower_fields(Reader& reader, P::FieldsBodyContext* body) {
  std::vector<ast::Field> fields;
  if (body == nullptr) return fields;
  for (P::FieldsClauseContext* clause : body->fieldsClause()) {
    const bool field = clause->fieldClause() != nullptr && !is_broken(reader, *clause);
    if (field) fields.push_back(lower_field(reader, *clause->fieldClause()));
  }
  return fields;
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
