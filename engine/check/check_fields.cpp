#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <variant>

#include "check/passes.h"

namespace plumb::check {

namespace {

using model::OwnerKind;
using FieldTable = std::map<std::string, Id<model::Field>>;

constexpr std::array<std::pair<std::string_view, TypeKind>, 10> type_words{{
    {"money", TypeKind::money},
    {"percent", TypeKind::percent},
    {"count", TypeKind::count},
    {"number", TypeKind::number},
    {"text", TypeKind::text},
    {"note", TypeKind::note},
    {"date", TypeKind::date},
    {"instant", TypeKind::instant},
    {"person", TypeKind::person},
    {"stage", TypeKind::stage},
}};

constexpr std::array<std::pair<std::string_view, OwnerKind>, field_owners> owners{{
    {"deal", OwnerKind::deal},
    {"account", OwnerKind::account},
    {"contact", OwnerKind::contact},
    {"person", OwnerKind::person},
}};

constexpr std::array<std::string_view, 11> built_in_records{
    "coaching_session", "told",   "diagnosis", "help_offered", "help_refused", "decision",
    "report",           "waiver", "action",    "cause",        "acknowledged"};

constexpr std::array<std::pair<std::string_view, time::Unit>, 9> unit_words{{
    {"minutes", time::Unit::minutes},
    {"hours", time::Unit::hours},
    {"days", time::Unit::days},
    {"weeks", time::Unit::weeks},
    {"months", time::Unit::months},
    {"quarters", time::Unit::quarters},
    {"years", time::Unit::years},
    {"business days", time::Unit::business_days},
    {"working hours", time::Unit::working_hours},
}};

template <std::size_t n, class Value>
std::vector<std::string> first_words(const std::array<std::pair<std::string_view, Value>, n>& table) {
  std::vector<std::string> result;
  for (const auto& [word, unused] : table) result.emplace_back(word);
  return result;
}

/// Missing: an error for a word that the reader has reported.
model::Type type_named(const ast::Name& type) {
  model::Type result;
  const auto kind = std::ranges::find(type_words, type.text, &std::pair<std::string_view, TypeKind>::first);
  const auto unit = std::ranges::find(unit_words, type.text, &std::pair<std::string_view, time::Unit>::first);
  if (kind != type_words.end()) result.kind = kind->second;
  if (unit != unit_words.end()) {
    result.kind = TypeKind::duration;
    result.unit = unit->second;
  }
  return result;
}

std::vector<std::string> check_choices(Context& context, const ast::Field& written) {
  std::map<std::string, Span> seen;
  std::vector<std::string> result;
  for (const ast::Name& choice : written.choices) {
    if (!choice.written()) continue;
    const auto [first, is_new] = seen.try_emplace(choice.text, choice.span);
    if (is_new) {
      result.push_back(choice.text);
    } else {
      context.sink.report(choice.span, diag::DuplicateChoice, choice.text)
          .label(first->second, "the first is here")
          .hint("leave one of them out");
    }
  }
  return result;
}

model::Field field_from(Context& context, const ast::Field& written, OwnerKind owner) {
  model::Field field;
  field.name = written.name.text;
  field.owner = owner;
  field.choices = check_choices(context, written);
  if (field.choices.empty()) field.type = type_named(written.type);
  if (!field.choices.empty()) field.type.kind = TypeKind::choice;
  field.span = written.name.span;
  return field;
}

Id<model::Field> add_field(Context& context, model::Field field) {
  const Id<model::Field> id = context.book.fields.add(std::move(field));
  model::Field& added = context.book.fields[id];
  if (added.type.kind == TypeKind::choice) added.type.choices = id;
  return id;
}

void hold_choices(Context& context, Id<model::Field> id, model::Field field) {
  model::Field& known = context.book.fields[id];
  known.span = field.span;
  known.type = {TypeKind::choice, id, time::Unit::days};
  known.choices = std::move(field.choices);
}

// `role` is whatever the rulebook says; the engine itself reads the others.
void redeclare(Context& context, Id<model::Field> id, model::Field field) {
  model::Field& known = context.book.fields[id];
  const bool free = known.owner == OwnerKind::person && known.name == "role";
  const bool fits = field.type.kind == known.type.kind || field.type.kind == TypeKind::error ||
                    (free && field.type.kind == TypeKind::choice);
  if (!fits) {
    context.sink.report(field.span, diag::BuiltInField, known.name, described(known.type))
        .hint("leave its declaration out, or call this field something else");
    return;
  }
  known.span = field.span;
  if (field.type.kind == TypeKind::choice) hold_choices(context, id, std::move(field));
}

std::string values_of(const model::Field& field) {
  if (field.type.kind == TypeKind::choice) return "one of " + listed(field.choices);
  if (field.type.kind != TypeKind::duration) return std::string(described(field.type));
  const auto unit = std::ranges::find(unit_words, field.type.unit, &std::pair<std::string_view, time::Unit>::second);
  return fmt::format("a duration in {}", unit->first);
}

/// Whether the first is any text, and the second one of some words: a library cannot know whose words.
bool narrowed(const model::Field& text, const model::Field& choice) {
  const bool fixed = text.built_in && text.name != "role";
  return text.type.kind == TypeKind::text && choice.type.kind == TypeKind::choice && !fixed;
}

/// Whether two rulebooks mean one field.
bool same_values(const model::Field& one, const model::Field& other) {
  if (one.type.kind == TypeKind::error || other.type.kind == TypeKind::error) return true;
  if (narrowed(one, other) || narrowed(other, one)) return true;
  if (one.type.kind != other.type.kind) return false;
  if (one.type.kind == TypeKind::duration) return one.type.unit == other.type.unit;
  return std::ranges::is_permutation(one.choices, other.choices);
}

void report_differing(Context& context, const model::Field& known, const model::Field& field) {
  context.sink
      .report(field.span, diag::FieldsDiffer, field.name, values_of(field), values_of(known),
              another_rulebook(context.file, known.span, field.span))
      .label(known.span, "the other is here")
      .hint("a field is the same wherever it is declared: leave this one out, say the same, or `change fields` it");
}

/// Missing: none for a field that is there already.
Id<model::Field> declare_field(Context& context, FieldTable& table, const ast::Field& written, model::Field field) {
  const auto found = table.find(written.name.text);
  if (found == table.end()) return table[written.name.text] = add_field(context, std::move(field));
  const model::Field& known = context.book.fields[found->second];
  if (known.built_in && !known.span.known()) {
    redeclare(context, found->second, std::move(field));
  } else if (another_rulebook(context.file, known.span, written.name.span).empty()) {
    report_duplicate(context, written.name, "a field", known.span);
  } else if (!same_values(known, field)) {
    report_differing(context, known, field);
  } else if (narrowed(known, field)) {
    hold_choices(context, found->second, std::move(field));
  }
  return {};
}

void declare_built_in(Context& context, OwnerKind owner, std::string name, TypeKind kind) {
  model::Field field;
  field.name = name;
  field.owner = owner;
  field.type.kind = kind;
  field.built_in = true;
  fields_of(context, owner)[std::move(name)] = add_field(context, std::move(field));
}

void check_owner(Context& context, const ast::Name& name) {
  if (!name.written()) return;
  Diagnostic& diagnostic = context.sink.report(name.span, diag::UnknownOwner, name.text);
  suggest_nearest(diagnostic, name, first_words(owners));
  diagnostic.hint("fields belong to a deal, an account, a contact or a person");
}

const std::pair<std::string_view, OwnerKind>* owner_named(const ast::Name& name) {
  const auto found = std::ranges::find(owners, name.text, &std::pair<std::string_view, OwnerKind>::first);
  return found == owners.end() ? nullptr : &*found;
}

void declare_fields(Context& context, const ast::Fields& written) {
  if (written.parent && !owner_named(*written.parent)) check_owner(context, *written.parent);
  const auto* owner = owner_named(written.of);
  if (!owner) {
    // Whoever uses these fields means them rightly.
    for (const ast::Field& field : written.fields) {
      context.lost.insert(field.name.text);
      for (const ast::Name& choice : field.choices) context.lost.insert(choice.text);
    }
    return check_owner(context, written.of);
  }
  for (const ast::Field& field : written.fields) {
    if (!field.name.written()) continue;
    declare_field(context, fields_of(context, owner->second), field, field_from(context, field, owner->second));
  }
}

void declare_activity(Context& context, const ast::Activity& written) {
  const auto [first, is_new] =
      context.names.happenings.try_emplace(written.name.text, Declared{"an activity", written.name.span});
  if (!is_new && written.name.written())
    return report_duplicate(context, written.name, first->second.as, first->second.span);
  const Id<model::Activity> id =
      context.book.activities.add({written.name.text, written.with_buyer, {}, written.name.span});
  context.names.activities[written.name.text] = id;
  FieldTable table;
  for (const ast::Field& line : written.fields) {
    if (!line.name.written()) continue;
    model::Field field = field_from(context, line, OwnerKind::activity);
    field.activity = id;
    const Id<model::Field> added = declare_field(context, table, line, std::move(field));
    if (added) context.book.activities[id].fields.push_back(added);
  }
}

// What narrows a waiver, and why it was given: the engine itself reads these.
constexpr std::array<std::pair<std::string_view, TypeKind>, 7> waiver_fields{{
    {"rule", TypeKind::text},
    {"deal", TypeKind::text},
    {"owed_by", TypeKind::person},
    {"opened", TypeKind::instant},
    {"from", TypeKind::date},
    {"to", TypeKind::date},
    {"why", TypeKind::note},
}};

void fill_waiver(Context& context) {
  const Id<model::Record> id = context.names.records.at("waiver");
  for (const auto& [name, kind] : waiver_fields) {
    model::Field field;
    field.name = std::string(name);
    field.owner = OwnerKind::record;
    field.record = id;
    field.type.kind = kind;
    field.built_in = true;
    const Id<model::Field> added = add_field(context, std::move(field));
    context.book.records[id].fields.push_back(added);
  }
}

Id<model::Record> add_record(Context& context, const std::string& name, Span span, bool built_in) {
  const Id<model::Record> id = context.book.records.add({name, {}, built_in, span});
  context.names.records[name] = id;
  context.names.happenings[name] = {"a record", span};
  return id;
}

/// The record to fill: a built-in one takes the first declaration of its name. Missing: none, reported.
Id<model::Record> record_for(Context& context, const ast::Name& name) {
  const auto found = context.names.happenings.find(name.text);
  if (found == context.names.happenings.end()) return add_record(context, name.text, name.span, false);
  const auto record = context.names.records.find(name.text);
  if (record == context.names.records.end() || context.book.records[record->second].span.known()) {
    report_duplicate(context, name, found->second.as, found->second.span);
    return {};
  }
  context.book.records[record->second].span = name.span;
  found->second.span = name.span;
  return record->second;
}

void declare_record(Context& context, const ast::Record& written) {
  if (!written.name.written()) return;
  const Id<model::Record> id = record_for(context, written.name);
  FieldTable table;
  // What a built-in record has already is declared like any other built-in field.
  if (id) {
    for (const Id<model::Field> field : context.book.records[id].fields) table[context.book.fields[field].name] = field;
  }
  for (const ast::Field& line : written.fields) {
    if (!line.name.written()) continue;
    model::Field field = field_from(context, line, OwnerKind::record);
    field.record = id;
    const Id<model::Field> added = declare_field(context, table, line, std::move(field));
    if (added && id) context.book.records[id].fields.push_back(added);
  }
}

/// What any record may say that it is about, besides the deal or person whose it is: a rule, a deal, a person, the day
/// on which an obligation opened. A record that declares such a field itself has its own.
constexpr std::array<std::pair<std::string_view, TypeKind>, 4> record_subjects{{
    {"rule", TypeKind::text},
    {"on_deal", TypeKind::text},
    {"about", TypeKind::person},
    {"opened", TypeKind::date},
}};

void add_subjects(Context& context, Id<model::Record> id) {
  for (const auto& [name, kind] : record_subjects) {
    const std::vector<Id<model::Field>>& fields = context.book.records[id].fields;
    const auto same = [&](Id<model::Field> field) { return context.book.fields[field].name == name; };
    if (std::ranges::any_of(fields, same)) continue;
    model::Field field;
    field.name = name;
    field.owner = OwnerKind::record;
    field.record = id;
    field.type.kind = kind;
    field.built_in = true;
    context.book.records[id].fields.push_back(add_field(context, std::move(field)));
  }
}

}  // namespace

void declare_fields(Context& context) {
  declare_built_in(context, OwnerKind::deal, "owner", TypeKind::person);
  declare_built_in(context, OwnerKind::deal, "account", TypeKind::text);
  declare_built_in(context, OwnerKind::person, "team", TypeKind::text);
  declare_built_in(context, OwnerKind::person, "manager", TypeKind::person);
  declare_built_in(context, OwnerKind::person, "role", TypeKind::text);
  declare_built_in(context, OwnerKind::person, "calendar", TypeKind::text);
  for (const std::string_view name : built_in_records) add_record(context, std::string(name), Span{}, true);
  fill_waiver(context);
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* fields = std::get_if<ast::Fields>(&declaration)) declare_fields(context, *fields);
    if (const auto* activity = std::get_if<ast::Activity>(&declaration)) declare_activity(context, *activity);
    if (const auto* record = std::get_if<ast::Record>(&declaration)) declare_record(context, *record);
  }
  for (std::size_t i = 0; i < context.book.records.size(); ++i) add_subjects(context, Id<model::Record>(i));
}

}  // namespace plumb::check
