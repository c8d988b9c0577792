#include "history/load_program.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "history/lacking.h"
#include "history/load_compiler.h"
#include "history/who_is_there.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

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

// What is the same in every row is easily written as if it were a column; what is nearly one was meant for it.
CellPlan plan_stated(Compiler& c, const ValueFrom& from, const SchemaField& field) {
  const std::size_t problems = c.problems.size();
  CellPlan plan = plan_value(c, from, field);
  const bool told = c.problems.size() > problems && !plan.given && from.column.given();
  if (told && !c.problems.back().help.starts_with("did you mean")) {
    c.problems.back().help +=
        fmt::format("; what is the same in every row is written `{{ value: {} }}`", from.column.names.front());
  }
  return plan;
}

Target plan_from_to(Compiler& c, const RowSpec& spec, const SchemaField& field) {
  Target target;
  target.columns.resize(2);
  target.columns[0].cell = plan_stated(c, spec.from, field);
  target.columns[1].cell = plan_stated(c, spec.to, field);
  return target;
}

Target plan_kind(Compiler& c, const RowSpec& spec, std::uint16_t index) {
  RawKind& kind = c.raw.kinds[index];
  Target target;
  if (kind.of == KindClass::change) {
    target = plan_from_to(c, spec, *kind.field);
    supply(c, kind.name, target.columns[1].cell);
    supply(c, changed_key(kind.name), target.columns[1].cell);
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
  plan.recorded = plan_recorded(c, spec.recorded);
  plan.actor = plan_role(c, spec.actor, ValueType::text);
  plan.actor.unsaid = !plan.actor.given && spec.actor.column.given();
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
  plan.account.unsaid = !plan.account.given && spec.account.column.given();
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
  plan.targets = {plan_fields(c, spec, c.schema.person_fields, {"role", "team", "manager", std::string(who_is_there)},
                              c.raw.people, {})};
  plan.joined.unsaid = !plan.joined.given && is_elsewhere(c, spec.joined.column.names);
  plan.left.unsaid = !plan.left.given && is_elsewhere(c, spec.left.column.names);
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
  supply(c, origin_key("stage"), plan.targets[0].columns[0].cell);
  supply(c, time_key("stage"), plan.at);
  // When a deal came into one stage another column may say than of the others: one of the file's, which no step made.
  const std::string_view stage = plan.to.given && plan.to.column < 0 ? plan.to.constant : std::string_view();
  const bool own = plan.at.column >= 0 &&
                   (c.added == nullptr || !c.added->contains(c.header[static_cast<std::size_t>(plan.at.column)]));
  if (own && stage != not_known) supply(c, entry_key(stage) + plan.at.label + c.file.path, plan.at);
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
      plan.recorded = plan_recorded(c, spec.recorded);
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
// changes are told of it. What another part of the table gives is `unsaid` already.
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
    for (std::size_t c = 0; c < columns.size(); ++c) {
      CellPlan& cell = columns[c].cell;
      cell.unsaid = !cell.given && (cell.unsaid || given[c]);
    }
  });
}

}  // namespace

FileProgram compile(const Mapping& mapping, const FileSpec& file, const Schema& schema,
                    const std::vector<std::string>& header, const std::map<std::string, TakenFrom>* added, Raw& raw,
                    std::vector<MappingProblem>& problems, std::vector<MappingProblem>& notes) {
  Compiler c{mapping, file, schema, header, added, raw, problems, notes, {}, {}, false};
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
  Compiler c{mapping, file, schema, no_header, nullptr, unused, problems, notes, {}, {}, true};
  for (const RowSpec& spec : file.rows) plan_row(c, spec);
  const std::string why = fmt::format("{}, and no such file was given", file.path);
  for (const auto& [fact, lacking] : unused.supplier) supplier.emplace(fact, why);
}

}  // namespace plumb::history::loading
