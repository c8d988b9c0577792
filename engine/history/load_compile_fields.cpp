#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "history/lacking.h"
#include "history/load_compiler.h"
#include "history/who_is_there.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

const ValueFrom* explicit_field(const RowSpec& spec, std::string_view name) {
  for (const auto& [field, from] : spec.fields) {
    if (field == name) return &from;
  }
  return nullptr;
}

CellPlan plan_by_header(Compiler& c, const SchemaField& field, std::string_view header_name) {
  const std::vector<int> found = columns_named(c, header_name);
  if (found.empty() || c.taken[static_cast<std::size_t>(found.front())]) return {};
  ValueFrom from;
  from.column.names = {std::string(header_name)};
  from.column.optional = true;
  return plan_value(c, from, field);
}

// What a field of a deal or a person would be read from. Missing: empty.
std::vector<std::string> names_for(const RowSpec& spec, const SchemaField& field) {
  if (field.name == "owner" && spec.owner.given()) return spec.owner.column.names;
  if (field.name == "account" && spec.account.given()) return spec.account.column.names;
  if (const ValueFrom* from = explicit_field(spec, field.name)) return from->column.names;
  return spec.fields_by_header ? std::vector<std::string>{field.name} : std::vector<std::string>();
}

// The owner and the account are facts of a deal row in their own right, and fields besides.
CellPlan plan_field(Compiler& c, const RowSpec& spec, const SchemaField& field) {
  const bool deal = spec.kind == RowKind::deal;
  if (deal && field.name == "owner" && spec.owner.given()) return plan_value(c, spec.owner, field);
  if (deal && field.name == "account" && spec.account.given()) return plan_cell(c, spec.account, field.type);
  if (const ValueFrom* from = explicit_field(spec, field.name)) return plan_value(c, *from, field);
  return spec.fields_by_header ? plan_by_header(c, field, field.name) : CellPlan{};
}

CellPlan plan_own_time(Compiler& c, const RowSpec& spec, const SchemaField& field) {
  const std::string name = field.name + ".recorded";
  if (const ValueFrom* from = explicit_field(spec, name)) return plan_cell(c, *from, ValueType::instant);
  return spec.fields_by_header ? plan_by_header(c, {name, ValueType::instant, {}}, name) : CellPlan{};
}

// A field `active` that the rulebook declares has other values than yes and no, which tell who is there all the same.
void add_who_is_there(Compiler& c, const RowSpec& spec, Table& table, Target& target) {
  const SchemaField active{std::string(who_is_there), ValueType::boolean, {}};
  FieldPlan plan{plan_field(c, spec, active), {}};
  plan.cell.unsaid = !plan.cell.given;
  const std::uint32_t column = table.column(who_is_there_besides, active.type);
  if (target.columns.size() <= column) target.columns.resize(column + 1);
  target.columns[column] = std::move(plan);
}

void add_field(Compiler& c, const RowSpec& spec, const SchemaField& field, bool declared, Table& table, Target& target,
               const std::string& of) {
  FieldPlan plan{plan_field(c, spec, field), {}};
  const bool tells_who_is_there = spec.kind == RowKind::person && field.name == who_is_there;
  if ((spec.kind == RowKind::deal || tells_who_is_there) && !plan.cell.given)
    plan.cell.unsaid = is_elsewhere(c, names_for(spec, field));
  if (!plan.cell.given && !(tells_who_is_there && plan.cell.unsaid) && !declared)
    return supply(c, field.name, plan.cell);
  if (tells_who_is_there && field.type != ValueType::boolean && (plan.cell.given || plan.cell.unsaid))
    add_who_is_there(c, spec, table, target);
  const std::uint32_t column = table.column(field.name, field.type);
  plan.recorded = plan_own_time(c, spec, field);
  if (plan.recorded.given) table.give_own_time(column);
  if (!field.qualified) supply(c, field.name, plan.cell);
  if (!of.empty()) supply(c, of + "." + field.name, plan.cell);
  const bool of_person = spec.kind == RowKind::record && spec.about_person;
  const std::string kind = of_person ? person_key(of) : of;
  if (of_person) supply(c, kind + "." + field.name, plan.cell);
  supply(c, recorded_key(spec.kind == RowKind::deal ? created_key(field.name) : kind + "." + field.name),
         plan.recorded);
  if (target.columns.size() <= column) target.columns.resize(column + 1);
  target.columns[column] = std::move(plan);
}

// The fields that a row may fill. Missing: empty when nothing that the rulebook declares is made of it.
std::vector<std::string> fillable(const Compiler& c, const RowSpec& spec, const RowPlan& plan) {
  std::vector<std::string> names;
  const auto take = [&](const std::vector<SchemaField>& fields) {
    for (const SchemaField& field : fields) names.push_back(field.name);
  };
  if (spec.kind == RowKind::deal) names = {"owner", "account"};
  if (spec.kind == RowKind::person) names = {"role", "team", "manager", std::string(who_is_there)};
  if (spec.kind == RowKind::deal) take(c.schema.deal_fields);
  if (spec.kind == RowKind::account) take(c.schema.account_fields);
  if (spec.kind == RowKind::person) take(c.schema.person_fields);
  if (spec.kind == RowKind::contact) take(c.schema.contact_fields);
  for (const Target& target : plan.targets) {
    if (const auto* fields = c.raw.kinds[target.kind].fields) take(*fields);
  }
  return names;
}

}  // namespace

bool is_elsewhere(const Compiler& c, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::any_of(c.file.elsewhere.begin(), c.file.elsewhere.end(),
                       [&](const std::string& column) { return same_letters(column, name); });
  });
}

Target plan_fields(Compiler& c, const RowSpec& spec, const std::vector<SchemaField>& declared,
                   const std::vector<std::string>& always, Table& table, const std::string& of) {
  Target target;
  for (const SchemaField& field : declared) add_field(c, spec, field, true, table, target, of);
  for (const std::string& name : always) {
    const bool known = std::any_of(declared.begin(), declared.end(), [&](const auto& f) { return f.name == name; });
    const ValueType type = name == who_is_there ? ValueType::boolean : ValueType::text;
    if (!known) add_field(c, spec, {name, type, {}}, false, table, target, of);
  }
  // A field that the rulebook does not declare is not read; that its column exists is the mapping's promise all the
  // same.
  for (const auto& [name, from] : spec.fields) resolve(c, from.column);
  return target;
}

void note_unknown_fields(Compiler& c, const RowSpec& spec, const RowPlan& plan) {
  const bool named = spec.kind == RowKind::activity || spec.kind == RowKind::record;
  // What is no activity of the rulebook is said of its rows.
  if (spec.fields.empty() || (named && plan.targets.empty())) return;
  const std::vector<std::string> names = fillable(c, spec, plan);
  for (const auto& [written, from] : spec.fields) {
    const std::string_view field = std::string_view(written).substr(0, written.rfind(".recorded"));
    if (std::find(names.begin(), names.end(), field) != names.end()) continue;
    const std::string_view near = nearest_word(field, names);
    c.notes.push_back(
        {from.place,
         fmt::format("the rulebook declares no field {} for these rows; it is not read{}", in_ticks(field),
                     near.empty() ? "" : fmt::format("; did you mean {}?", in_ticks(near))),
         {}});
  }
}

}  // namespace plumb::history::loading
