#include "history/load_program.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "history/lacking.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

// What stands where in the header of one file, and what is wrong with the mapping's idea of it.
struct Compiler {
  const Mapping& mapping;
  const FileSpec& file;
  const Schema& schema;
  const std::vector<std::string>& header;
  Raw& raw;
  std::vector<MappingProblem>& problems;
  std::vector<MappingProblem>& notes;
  FileProgram program;
  std::vector<std::uint8_t> taken;  // header columns that the present RowSpec reads as something else than a field
  bool absent = false;              // there is no such file: only what it would supply is asked for
};

void report(Compiler& c, MappingPlace place, std::string message, std::string help) {
  if (place.line == 0) place = c.file.place;
  for (const MappingProblem& known : c.problems) {
    if (known.message == message && known.place.line == place.line) return;
  }
  c.problems.push_back({place, std::move(message), std::move(help)});
}

// Exporters differ in the case of their headers, never within one file.
std::vector<int> columns_named(const Compiler& c, std::string_view name) {
  std::vector<int> exact, alike;
  for (std::size_t i = 0; i < c.header.size(); ++i) {
    if (c.header[i] == name) exact.push_back(static_cast<int>(i));
    if (same_letters(c.header[i], name)) alike.push_back(static_cast<int>(i));
  }
  return exact.empty() ? alike : exact;
}

std::string help_for_missing(const Compiler& c, std::string_view name) {
  for (char other : {',', ';', '\t'}) {
    if (c.header.size() == 1 && other != c.file.delimiter && c.header[0].find(other) != std::string::npos) {
      const std::string sign = other == '\t' ? "a tab" : fmt::format("`{}`", other);
      return fmt::format("the header is one cell, {}; is the delimiter {}?", in_ticks(c.header[0]), sign);
    }
  }
  const std::string_view near = nearest_word(name, c.header);
  const std::string has = fmt::format("it has {}", listed(c.header));
  return near.empty() ? has : fmt::format("did you mean {}? {}", in_ticks(near), has);
}

// Missing: -1, said unless the column is optional.
int resolve(Compiler& c, const ColumnRef& ref) {
  for (const std::string& name : ref.names) {
    const std::vector<int> found = columns_named(c, name);
    if (found.size() > 1) {
      report(c, ref.place, fmt::format("`{}` has {} columns called `{}`", c.file.path, found.size(), name),
             "a column that is read needs a header of its own");
    }
    if (!found.empty()) return found.front();
  }
  if (ref.given() && !ref.optional) {
    report(c, ref.place, fmt::format("`{}` has no column {}", c.file.path, listed(ref.names)),
           help_for_missing(c, ref.names.front()));
  }
  return -1;
}

time::Zone zone_of(Compiler& c, const ValueFrom& from) {
  const std::string& name = !from.zone.empty() ? from.zone : !c.file.zone.empty() ? c.file.zone : c.mapping.zone;
  const Result<time::Zone> zone = time::Zone::find(name);
  if (zone) return *zone;
  report(c, from.place, fmt::format("there is no time zone `{}`", name), zone.error());
  return time::Zone::utc();
}

void plan_money(Compiler& c, const ValueFrom& from, CellPlan& plan) {
  plan.currency = c.raw.words.add(from.currency);
  const ColumnRef& column = from.currency_column;
  if (!column.given() || resolve(c, column) < 0) return;
  for (const std::string& name : column.names) {
    if (const int found = resolve(c, {{name}, column.place, true}); found >= 0) plan.currency_columns.push_back(found);
  }
}

CellPlan plan_cell(Compiler& c, const ValueFrom& from, ValueType type,
                   const std::vector<std::string>* choices = nullptr) {
  CellPlan plan;
  plan.column = resolve(c, from.column);
  plan.given = plan.column >= 0 || from.constant.has_value();
  if (!plan.given && from.column.given() && !c.mapping.path.empty()) {
    plan.lacking = fmt::format("column `{}` of {}, which the file does not have",
                               fmt::join(from.column.names, "` or `"), c.file.path);
  }
  if (!plan.given) return plan;
  if (plan.column < 0) plan.constant = *from.constant;
  plan.label = plan.column >= 0 ? fmt::format("column `{}`", c.header[static_cast<std::size_t>(plan.column)])
                                : "the mapping's own value";
  plan.type = type;
  if (choices && !choices->empty()) plan.choices = choices;
  if (!from.empty_words.empty()) plan.empty_words = &from.empty_words;
  for (const auto& [cell, word] : from.rename) plan.rename.emplace(cell, word);
  plan.rename_all = from.rename_all;
  plan.blank_is_unsaid = from.blank_is_unsaid;
  plan.mark_is_unknown = c.mapping.path.empty() || (plan.column < 0 && plan.constant == not_known);
  plan.order = from.order;
  plan.zone = zone_of(c, from);
  plan.percent = from.percent;
  plan.day_alone = from.day_alone;
  plan.point = from.decimal_point;
  plan.group = from.group_mark;
  if (type == ValueType::money) plan_money(c, from, plan);
  return plan;
}

// A cell that says what a field is.
CellPlan plan_value(Compiler& c, const ValueFrom& from, const SchemaField& field) {
  CellPlan plan = plan_cell(c, from, field.type, &field.choices);
  plan.whole = field.whole;
  plan.escapes = plan.mark_is_unknown;
  return plan;
}

// As plan_cell, for what is no field: fields_by_header leaves its column alone.
CellPlan plan_role(Compiler& c, const ValueFrom& from, ValueType type) {
  CellPlan plan = plan_cell(c, from, type);
  if (plan.column >= 0) c.taken[static_cast<std::size_t>(plan.column)] = 1;
  return plan;
}

// Who is asked first for a fact supplies it.
void supply(Compiler& c, const std::string& fact, const CellPlan& plan) {
  if (!plan.given && !plan.lacking.empty()) c.raw.supplier.emplace(lacking_key(fact), plan.lacking);
  if (c.absent && plan.given) c.raw.supplier.emplace(lacking_key(fact), std::string());
  if (!plan.given || c.absent) return;
  c.raw.supplier.emplace(fact, plan.column >= 0 ? fmt::format("{} {}", c.file.path, plan.label) : c.file.path);
}

void plan_test(Compiler& c, RowPlan& plan, const RowCondition& condition) {
  const int column = resolve(c, condition.column);
  if (column < 0) {
    const bool wants_empty = std::count(condition.is_one_of.begin(), condition.is_one_of.end(), "") > 0;
    plan.never = plan.never || wants_empty == condition.negated;
    return;
  }
  c.taken[static_cast<std::size_t>(column)] = 1;
  auto& all = c.program.dispatch;
  auto found = std::find_if(all.begin(), all.end(), [&](const Dispatch& d) { return d.column == column; });
  if (found == all.end()) {
    all.emplace_back().column = column;
    found = all.end() - 1;
  }
  Test test;
  test.dispatch = static_cast<std::uint32_t>(found - all.begin());
  test.negated = condition.negated;
  const auto accept = [&](std::uint32_t number) {
    if (test.accepted.size() <= number) test.accepted.resize(number + 1, condition.negated);
    test.accepted[number] = !condition.negated;
  };
  for (const std::string& word : condition.is_one_of) {
    const auto [at, is_new] = found->numbers.emplace(word, found->size);
    found->size += is_new ? 1 : 0;
    accept(at->second);
  }
  if (condition.numbers && found->digits == 0) found->digits = found->size++;
  if (condition.numbers) accept(found->digits);
  test.digits = condition.numbers;
  plan.tests.push_back(std::move(test));
}

// A test knows the words of its own condition; those that later conditions add are other words to it.
void widen_tests(FileProgram& program) {
  for (RowPlan& row : program.rows) {
    for (Test& test : row.tests) {
      const Dispatch& dispatch = program.dispatch[test.dispatch];
      test.accepted.resize(dispatch.size, test.negated);
      for (const auto& [word, number] : dispatch.numbers) {
        if (test.digits && is_digits(word)) test.accepted[number] = !test.negated;
      }
    }
  }
}

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
  return plan_value(c, from, field);
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

void add_field(Compiler& c, const RowSpec& spec, const SchemaField& field, bool declared, Table& table, Target& target,
               const std::string& of) {
  FieldPlan plan{plan_field(c, spec, field), {}};
  if (!plan.cell.given && !declared) return supply(c, field.name, plan.cell);
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

Target plan_fields(Compiler& c, const RowSpec& spec, const std::vector<SchemaField>& declared,
                   const std::vector<std::string>& always, Table& table, const std::string& of) {
  Target target;
  for (const SchemaField& field : declared) add_field(c, spec, field, true, table, target, of);
  for (const std::string& name : always) {
    const bool known = std::any_of(declared.begin(), declared.end(), [&](const auto& f) { return f.name == name; });
    const ValueType type = name == "active" ? ValueType::boolean : ValueType::text;
    if (!known) add_field(c, spec, {name, type, {}}, false, table, target, of);
  }
  // A field that the rulebook does not declare is not read; that its column exists is the mapping's promise all the
  // same.
  for (const auto& [name, from] : spec.fields) resolve(c, from.column);
  return target;
}

Target plan_from_to(Compiler& c, const RowSpec& spec, const SchemaField& field) {
  Target target;
  target.columns.resize(2);
  target.columns[0].cell = plan_value(c, spec.from, field);
  target.columns[1].cell = plan_value(c, spec.to, field);
  return target;
}

Target plan_kind(Compiler& c, const RowSpec& spec, std::uint16_t index) {
  RawKind& kind = c.raw.kinds[index];
  Target target;
  if (kind.of == KindClass::change) {
    target = plan_from_to(c, spec, *kind.field);
    supply(c, kind.name, target.columns[1].cell);
  } else {
    target = plan_fields(c, spec, *kind.fields, {}, kind.table, kind.name);
  }
  target.kind = index;
  return target;
}

// Every cell that the name column may hold and means something to us.
void plan_names(Compiler& c, const RowSpec& spec, KindClass of, RowPlan& plan) {
  plan.name_matters = true;
  plan.of = of;
  plan.name = plan_role(c, spec.name, ValueType::text);
  std::unordered_map<std::string_view, std::uint32_t> ours;
  for (std::uint16_t i = 0; i < c.raw.kinds.size(); ++i) {
    if (c.raw.kinds[i].of != of || c.raw.kinds[i].name == leave_start) continue;
    const std::string& name = c.raw.kinds[i].name;
    const bool constant = plan.name.given && plan.name.column < 0;
    if (constant && plan.name.rename.empty() && c.raw.declared(of, plan.name.constant) != name) continue;
    // Rows of a file that is about this kind alone are a better source than a column that may name it.
    if (constant && of != KindClass::change) {
      c.raw.supplier.erase(name);
      c.raw.supplier.erase(time_key(name));
    }
    if (of != KindClass::change) supply(c, name, plan.name);
    if (of == KindClass::record && spec.about_person) {
      supply(c, person_key(name), plan.name);
      supply(c, time_key(person_key(name)), plan.at);
      supply(c, subject_key(person_key(name)), plan.subject);
      supply(c, recorded_key(person_key(name)), plan.recorded);
      supply(c, source_key(person_key(name)), plan.source);
    } else {
      supply(c, recorded_key(name), plan.recorded);
      supply(c, source_key(name), plan.source);
    }
    supply(c, actor_key(name), plan.actor);
    ours.emplace(name, static_cast<std::uint32_t>(plan.targets.size()));
    plan.targets.push_back(plan_kind(c, spec, i));
    // Rows that do not say to what it changes are no changes.
    if (of != KindClass::change || plan.targets.back().columns[1].cell.given) supply(c, time_key(name), plan.at);
  }
  for (const auto& [cell, word] : plan.name.rename) {
    const auto found = ours.find(c.raw.declared(of, word));
    plan.target_of.emplace(cell, found == ours.end() ? not_declared : found->second);
  }
  if (plan.name.rename_all) return;
  for (const auto& [name, target] : ours) plan.target_of.emplace(name, target);
}

// An attribute that is called like the canonical column of ids is in that column.
bool declares_id(const Schema& schema) {
  const auto named = [](const SchemaField& field) { return same_letters(field.name, "id"); };
  const auto has = [&](const SchemaKind& kind) { return std::any_of(kind.fields.begin(), kind.fields.end(), named); };
  return std::any_of(schema.activities.begin(), schema.activities.end(), has) ||
         std::any_of(schema.records.begin(), schema.records.end(), has);
}

void plan_event_parts(Compiler& c, const RowSpec& spec, RowPlan& plan) {
  plan.at = plan_role(c, spec.at, ValueType::instant);
  plan.recorded = plan_role(c, spec.recorded, ValueType::instant);
  plan.actor = plan_role(c, spec.actor, ValueType::text);
  plan.source = plan_role(c, spec.source, ValueType::text);
  plan.sequence = plan_role(c, spec.sequence, ValueType::text);
  plan.contact = plan_role(c, spec.contact, ValueType::text);
  if (!c.mapping.path.empty() || !declares_id(c.schema)) plan.id = plan_role(c, spec.id, ValueType::text);
  supply(c, "contact of events", plan.contact);
  supply(c, "recorded", plan.recorded);
  supply(c, "source", plan.source);
}

void plan_from_to_roles(Compiler& c, const RowSpec& spec, RowPlan& plan, ValueType type) {
  plan.from = plan_role(c, spec.from, type);
  plan.to = plan_role(c, spec.to, type);
}

void plan_deal(Compiler& c, const RowSpec& spec, RowPlan& plan) {
  plan_event_parts(c, spec, plan);
  plan.account = plan_role(c, spec.account, ValueType::text);
  plan_role(c, spec.owner, ValueType::text);
  plan.targets = {plan_fields(c, spec, c.schema.deal_fields, {"owner"}, c.raw.deals, {})};
  supply(c, "created", plan.at);
  supply(c, recorded_key("created"), plan.recorded);
  supply(c, source_key("created"), plan.source);
  supply(c, "account", plan.account);
}

void plan_person(Compiler& c, const RowSpec& spec, RowPlan& plan) {
  plan.from = plan_role(c, spec.from, ValueType::date);
  plan.joined = plan_role(c, spec.joined, ValueType::date);
  plan.left = plan_role(c, spec.left, ValueType::date);
  plan.targets = {
      plan_fields(c, spec, c.schema.person_fields, {"role", "team", "manager", "active"}, c.raw.people, {})};
  supply(c, "joined", plan.joined);
  supply(c, "left", plan.left);
}

void plan_contact(Compiler& c, const RowSpec& spec, RowPlan& plan) {
  plan_event_parts(c, spec, plan);
  plan.deal = plan_role(c, spec.deal, ValueType::text);
  plan.targets = {plan_fields(c, spec, c.schema.contact_fields, {}, c.raw.contacts, {})};
  supply(c, "contact", plan.subject);
  supply(c, time_key("contact"), plan.at);
  supply(c, recorded_key("contact"), plan.recorded);
  supply(c, source_key("contact"), plan.source);
}

void plan_rate(Compiler& c, const RowSpec& spec, RowPlan& plan) {
  plan.at = plan_role(c, spec.at, ValueType::date);
  plan.from = plan_role(c, spec.from, ValueType::text);
  plan.to = plan_role(c, spec.to, ValueType::text);
  plan.rate = plan_role(c, spec.rate, ValueType::decimal);
  supply(c, "rates", plan.rate);
}

void plan_move(Compiler& c, const RowSpec& spec, RowPlan& plan) {
  plan_event_parts(c, spec, plan);
  plan.targets = {plan_from_to(c, spec, {"to", ValueType::text, {}})};
  plan.targets[0].kind = c.raw.kind_of.at({KindClass::move, "moved"});
  plan.to = plan.targets[0].columns[1].cell;
  supply(c, "stage", plan.to);
  supply(c, time_key("stage"), plan.at);
  supply(c, actor_key("stage"), plan.actor);
  supply(c, recorded_key("stage"), plan.recorded);
  supply(c, source_key("stage"), plan.source);
}

void plan_by_kind(Compiler& c, const RowSpec& spec, RowPlan& plan) {
  switch (spec.kind) {
    case RowKind::deal: return plan_deal(c, spec, plan);
    case RowKind::person: return plan_person(c, spec, plan);
    case RowKind::move: return plan_move(c, spec, plan);
    case RowKind::account:
      plan.targets = {plan_fields(c, spec, c.schema.account_fields, {}, c.raw.accounts, {})};
      return;
    case RowKind::contact: return plan_contact(c, spec, plan);
    case RowKind::rate: return plan_rate(c, spec, plan);
    case RowKind::leave:
      plan.recorded = plan_role(c, spec.recorded, ValueType::instant);
      plan_from_to_roles(c, spec, plan, ValueType::date);
      supply(c, recorded_key("leave"), plan.recorded);
      supply(c, until_key("leave"), plan.to);
      return supply(c, "leave", plan.from);
    case RowKind::coverage:
      plan.name = plan_role(c, spec.name, ValueType::text);
      return plan_from_to_roles(c, spec, plan, ValueType::instant);
    case RowKind::refused: return;
    case RowKind::change: plan_event_parts(c, spec, plan); return plan_names(c, spec, KindClass::change, plan);
    case RowKind::activity: plan_event_parts(c, spec, plan); return plan_names(c, spec, KindClass::activity, plan);
    case RowKind::record: plan_event_parts(c, spec, plan); return plan_names(c, spec, KindClass::record, plan);
  }
}

// The fields that a row may fill. Missing: empty when nothing that the rulebook declares is made of it.
std::vector<std::string> fillable(const Compiler& c, const RowSpec& spec, const RowPlan& plan) {
  std::vector<std::string> names;
  const auto take = [&](const std::vector<SchemaField>& fields) {
    for (const SchemaField& field : fields) names.push_back(field.name);
  };
  if (spec.kind == RowKind::deal) names = {"owner", "account"};
  if (spec.kind == RowKind::person) names = {"role", "team", "manager", "active"};
  if (spec.kind == RowKind::deal) take(c.schema.deal_fields);
  if (spec.kind == RowKind::account) take(c.schema.account_fields);
  if (spec.kind == RowKind::person) take(c.schema.person_fields);
  if (spec.kind == RowKind::contact) take(c.schema.contact_fields);
  for (const Target& target : plan.targets) {
    if (const auto* fields = c.raw.kinds[target.kind].fields) take(*fields);
  }
  return names;
}

// A misspelt field would else be unknown for every deal, without a word.
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

void plan_row(Compiler& c, const RowSpec& spec) {
  RowPlan plan;
  plan.spec = &spec;
  c.taken.assign(c.header.size(), 0);
  for (const RowCondition& condition : spec.when) plan_test(c, plan, condition);
  if (spec.kind != RowKind::refused) plan.subject = plan_role(c, spec.subject, ValueType::text);
  plan_by_kind(c, spec, plan);
  note_unknown_fields(c, spec, plan);
  c.program.rows.push_back(std::move(plan));
}

}  // namespace

namespace {

// Of deals that are of several sorts, what one sort of row gives and another does not is unknown of the latter, even if
// changes are told of it.
void mark_unsaid(FileProgram& program) {
  std::vector<std::uint8_t> given;
  const auto each = [&](auto work) {
    for (RowPlan& plan : program.rows) {
      if (plan.spec->kind == RowKind::deal && !plan.targets.empty()) work(plan.targets[0].columns);
    }
  };
  each([&](std::vector<FieldPlan>& columns) {
    if (given.size() < columns.size()) given.resize(columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) given[c] |= columns[c].cell.given;
  });
  each([&](std::vector<FieldPlan>& columns) {
    columns.resize(given.size());
    for (std::size_t c = 0; c < columns.size(); ++c) columns[c].cell.unsaid = given[c] && !columns[c].cell.given;
  });
}

}  // namespace

FileProgram compile(const Mapping& mapping, const FileSpec& file, const Schema& schema,
                    const std::vector<std::string>& header, Raw& raw, std::vector<MappingProblem>& problems,
                    std::vector<MappingProblem>& notes) {
  Compiler c{mapping, file, schema, header, raw, problems, notes, {}, {}, false};
  for (const RowSpec& spec : file.rows) plan_row(c, spec);
  mark_unsaid(c.program);
  widen_tests(c.program);
  return std::move(c.program);
}

void note_absent(const Mapping& mapping, const FileSpec& file, const Schema& schema,
                 std::map<std::string, std::string>& supplier) {
  Raw unused(schema, 0);
  std::vector<MappingProblem> problems, notes;
  const std::vector<std::string> no_header;
  Compiler c{mapping, file, schema, no_header, unused, problems, notes, {}, {}, true};
  for (const RowSpec& spec : file.rows) plan_row(c, spec);
  const std::string why = fmt::format("{}, and no such file was given", file.path);
  for (const auto& [fact, lacking] : unused.supplier) supplier.emplace(fact, why);
}

}  // namespace plumb::history::loading
