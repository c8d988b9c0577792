#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

ast::Field lower_field(Reader& reader, P::FieldClauseContext& clause) {
  ast::Field field;
  field.name = lower_name(reader, *clause.fieldName());
  field.span = reader.offsets.span(clause);
  P::FieldTypeContext& type = *clause.fieldType();
  if (type.simpleType() != nullptr) field.type = lower_name(reader, *type.simpleType());
  for (P::AnyNameContext* choice : type.anyName()) field.choices.push_back(lower_name(reader, *choice));
  return field;
}

}  // namespace

std::vector<ast::Field> lower_fields(Reader& reader, P::FieldsBodyContext* body, ast::Header& header) {
  std::vector<ast::Field> fields;
  if (body == nullptr) return fields;
  for (P::FieldsClauseContext* clause : body->fieldsClause()) {
    if (is_broken(reader, *clause)) continue;
    if (auto* field = clause->fieldClause()) fields.push_back(lower_field(reader, *field));
    if (auto* words = clause->headerClause()) lower_header(reader, *words, header);
  }
  return fields;
}

ast::Fields lower_fields_declaration(Reader& reader, P::FieldsDeclarationContext& fields) {
  ast::Fields lowered;
  lowered.of = lower_name(reader, *fields.anyName(0));
  if (fields.anyName().size() > 1) lowered.parent = lower_name(reader, *fields.anyName(1));
  lowered.fields = lower_fields(reader, fields.fieldsBody(), lowered.header);
  lowered.body = lower_body(reader, fields.fieldsBody());
  lowered.span = reader.offsets.span(fields);
  return lowered;
}

ast::Activity lower_activity(Reader& reader, P::ActivityDeclarationContext& activity) {
  ast::Activity lowered;
  lowered.name = lower_name(reader, *activity.anyName());
  lowered.with_buyer = activity.BUYER() != nullptr;
  lowered.fields = lower_fields(reader, activity.fieldsBody(), lowered.header);
  lowered.body = lower_body(reader, activity.fieldsBody());
  lowered.span = reader.offsets.span(activity);
  return lowered;
}

ast::Record lower_record(Reader& reader, P::RecordDeclarationContext& record) {
  ast::Record lowered;
  lowered.name = lower_name(reader, *record.anyName());
  lowered.fields = lower_fields(reader, record.fieldsBody(), lowered.header);
  lowered.body = lower_body(reader, record.fieldsBody());
  lowered.span = reader.offsets.span(record);
  return lowered;
}

}  // namespace plumb::syntax::antlr
