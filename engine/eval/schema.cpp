#include <algorithm>

#include "eval/run.h"

namespace plumb::eval {

namespace {

history::ValueType value_type(model::TypeKind kind) {
  using model::TypeKind;
  switch (kind) {
    case TypeKind::money: return history::ValueType::money;
    case TypeKind::percent:
    case TypeKind::count:
    case TypeKind::number:
    case TypeKind::duration: return history::ValueType::decimal;
    case TypeKind::date: return history::ValueType::date;
    case TypeKind::instant: return history::ValueType::instant;
    case TypeKind::boolean: return history::ValueType::boolean;
    default: return history::ValueType::text;
  }
}

history::SchemaField schema_field(const model::Field& field) {
  const bool qualified = field.built_in && field.owner == model::OwnerKind::record;
  return {field.name,
          value_type(field.type.kind),
          field.choices,
          qualified,
          field.type.kind == model::TypeKind::person,
          field.type.kind == model::TypeKind::count};
}

history::SchemaKind schema_kind(const model::Rulebook& book, const std::string& name,
                                const std::vector<Id<model::Field>>& fields) {
  history::SchemaKind kind{name, {}};
  for (Id<model::Field> field : fields) kind.fields.push_back(schema_field(book.fields[field]));
  return kind;
}

}  // namespace

history::Schema schema_of(const model::Rulebook& book) {
  history::Schema schema;
  for (const model::Field& field : book.fields) {
    switch (field.owner) {
      case model::OwnerKind::deal: schema.deal_fields.push_back(schema_field(field)); break;
      case model::OwnerKind::account: schema.account_fields.push_back(schema_field(field)); break;
      case model::OwnerKind::person: schema.person_fields.push_back(schema_field(field)); break;
      case model::OwnerKind::contact: schema.contact_fields.push_back(schema_field(field)); break;
      default: break;
    }
  }
  for (const model::Activity& activity : book.activities) {
    schema.activities.push_back(schema_kind(book, activity.name, activity.fields));
  }
  const auto starts_leave = [](const model::Event& event) { return event.kind == model::EventKind::starts_leave; };
  if (std::any_of(book.events.begin(), book.events.end(), starts_leave)) {
    schema.activities.push_back({std::string(history::leave_start), {}});
  }
  for (const model::Record& record : book.records) {
    schema.records.push_back(schema_kind(book, record.name, record.fields));
  }
  for (const model::Stage& stage : book.stages) {
    schema.stages.push_back(stage.name);
    schema.stages.insert(schema.stages.end(), stage.was.begin(), stage.was.end());
    if (!stage.label.empty()) schema.stages.push_back(stage.label);
  }
  return schema;
}

}  // namespace plumb::eval
