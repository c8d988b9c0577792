#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/reads.h"
#include "doctor/subject.h"
#include "report/words.h"

/// Columns without a value, and activities without a row, that rules read.
namespace plumb::doctor {

namespace {

/// Whether a column has cells, and all of them are empty.
bool is_empty(const history::Column& column) {
  return !column.values.empty() && std::all_of(column.values.begin(), column.values.end(),
                                               [](std::int64_t value) { return value == history::missing; });
}

const history::Column* column_of(const std::vector<history::Column>& columns, const std::string& name) {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

const history::Kind* kind_of(const Subject& subject, history::KindClass of, const std::string& name) {
  const auto& kinds = subject.history.kinds;
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.of == of && kind.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

/// How many cells a field of a deal has where none of them, and no change, gives it a value. Missing: 0.
std::size_t empty_cells_of_deals(const Subject& subject, const model::Field& field) {
  const history::Kind* changes = kind_of(subject, history::KindClass::change, field.name);
  if (changes != nullptr && !changes->columns[1].values.empty() && !is_empty(changes->columns[1])) return 0;
  const history::Column* column = column_of(subject.history.deals.columns, field.name);
  if (column == nullptr) return subject.history.deals.size();
  const bool none = std::all_of(column->values.begin(), column->values.end(), [](std::int64_t value) {
    return value == history::missing || value == history::unobserved;
  });
  return none ? column->values.size() : 0;
}

/// How many cells a field has where all of them are empty. Missing: 0, also where it has none.
std::size_t empty_cells(const Subject& subject, const model::Field& field) {
  const history::History& history = subject.history;
  const history::Column* column = nullptr;
  switch (field.owner) {
    case model::OwnerKind::deal: return field.name == "account" ? 0 : empty_cells_of_deals(subject, field);
    case model::OwnerKind::account: column = column_of(history.accounts.columns, field.name); break;
    case model::OwnerKind::contact: column = column_of(history.contacts.columns, field.name); break;
    case model::OwnerKind::person: column = column_of(history.people.columns, field.name); break;
    case model::OwnerKind::activity:
    case model::OwnerKind::record: {
      const bool record = field.owner == model::OwnerKind::record;
      const std::string& of =
          record ? subject.rulebook.records[field.record].name : subject.rulebook.activities[field.activity].name;
      const history::Kind* kind =
          kind_of(subject, record ? history::KindClass::record : history::KindClass::activity, of);
      column = kind == nullptr || field.built_in ? nullptr : column_of(kind->columns, field.name);
      break;
    }
  }
  return column != nullptr && is_empty(*column) ? column->values.size() : 0;
}

/// Whether changes alone could say what a field of a deal is, for deals.csv has no such column.
bool has_no_column(const Subject& subject, const model::Field& field, std::string_view source) {
  return field.owner == model::OwnerKind::deal && !subject.history.mapped && !source.starts_with("deals.csv");
}

std::string rules_text(const std::vector<std::string>& rules) {
  std::vector<std::string> names;
  for (const std::string& rule : rules) names.push_back(fmt::format("`{}`", rule));
  return fmt::format("{} read{}", names_text(names), names.size() == 1 ? "s" : "");
}

std::string field_text(const Subject& subject, Id<model::Field> field) {
  return report::fact_text(subject.judged, {eval::FactKind::deal_field, field, {}});
}

void find_empty_columns(const Subject& subject, const std::map<Id<model::Field>, std::vector<std::string>>& fields,
                        Findings& findings) {
  for (const auto& [field, rules] : fields) {
    const std::size_t cells = empty_cells(subject, subject.rulebook.fields[field]);
    const std::string source = report::fact_source(subject.judged, {eval::FactKind::deal_field, field, {}});
    if (cells == 0 || source.empty()) continue;
    Finding found{Kind::empty_column, field_text(subject, field), cells, cells, {}, {}, {}, rules};
    if (has_no_column(subject, subject.rulebook.fields[field], source)) {
      found.kind = Kind::missing_column;
      found.says = fmt::format(
          "No file has {}, and {} it: deals.csv has no column `{}`, and no row of events.csv says "
          "that it changed.",
          found.about, rules_text(rules), subject.rulebook.fields[field].name);
      found.to_do =
          "If the system holds it, export it. If nobody fills it in, agree who does and when, or leave it out of the "
          "rules: as long as no file has it, it counts as known to be empty.";
      findings.push_back(std::move(found));
      continue;
    }
    found.says = fmt::format("{} is empty everywhere ({}), and {} it. It would come from {}.", found.about,
                             rows_text(found.count), rules_text(rules), source);
    found.to_do =
        "If the system holds it, export it with its values. If nobody fills it in, agree who does and when, or leave "
        "it "
        "out of the rules: an empty cell counts as one that is known to be empty.";
    findings.push_back(std::move(found));
  }
}

void find_activities(const Subject& subject, const std::map<Id<model::Activity>, std::vector<std::string>>& activities,
                     Findings& findings) {
  for (const auto& [activity, rules] : activities) {
    const std::string& name = subject.rulebook.activities[activity].name;
    if (subject.history.supplier.count(history::time_key(name)) == 0) continue;
    const history::Kind* kind = kind_of(subject, history::KindClass::activity, name);
    const auto is_one = [&](std::uint16_t other) { return &subject.history.kinds[other] == kind; };
    const auto& kinds = subject.events().kind;
    if (kind != nullptr && std::any_of(kinds.begin(), kinds.end(), is_one)) continue;
    Finding found{Kind::nothing_of_a_kind, name, 0, subject.events().size(), {}, {}, {}, rules};
    found.says = fmt::format("No row of this history is a `{}`, which {}.", name, rules_text(rules));
    found.to_do = subject.history.mapped ? fmt::format(
                                               "If there were any, see whether the export has them and the mapping "
                                               "chooses their rows (`is: activity {}`).",
                                               name)
                                         : fmt::format(
                                               "If there were any, write them into events.csv, with `activity` as "
                                               "their kind and `{}` as their name.",
                                               name);
    findings.push_back(std::move(found));
  }
}

}  // namespace

void look_at_columns(const Subject& subject, Findings& findings) {
  const std::vector<Reads> reads = reads_of_rules(subject.rulebook);
  std::map<Id<model::Field>, std::vector<std::string>> fields;
  std::map<Id<model::Activity>, std::vector<std::string>> activities;
  for (std::size_t rule = 0; rule < reads.size(); ++rule) {
    const std::string& name = subject.rulebook.rules[rule].name;
    for (const Id<model::Field> field : reads[rule].fields) fields[field].push_back(name);
    for (const auto& [activity, event] : reads[rule].activities) activities[activity].push_back(name);
  }
  find_empty_columns(subject, fields, findings);
  find_activities(subject, activities, findings);
}

}  // namespace plumb::doctor
