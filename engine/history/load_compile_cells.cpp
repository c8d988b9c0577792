#include <algorithm>

#include <fmt/format.h>

#include "history/lacking.h"
#include "history/load_compiler.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

void report(Compiler& c, MappingPlace place, std::string message, std::string help) {
  if (place.line == 0) place = c.file.place;
  for (const MappingProblem& known : c.problems) {
    if (known.message == message && known.place.line == place.line) return;
  }
  c.problems.push_back({place, std::move(message), std::move(help)});
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

time::Zone zone_of(Compiler& c, const ValueFrom& from) {
  const std::string& name = !from.zone.empty() ? from.zone : !c.file.zone.empty() ? c.file.zone : c.mapping.zone;
  const Result<time::Zone> zone = time::Zone::find(name);
  if (zone) return *zone;
  report(c, from.place, fmt::format("there is no time zone `{}`", name), zone.error());
  return time::Zone::utc();
}

// What a column that was added would have been taken from, where that is not there. Missing: empty.
std::string untold(const Compiler& c, const std::string& column) {
  if (c.added == nullptr) return {};
  const auto taken = c.added->find(column);
  return taken == c.added->end() || !taken->second.columns.empty() ? std::string() : taken->second.file;
}

// Where the cells of a column stand that no file of the user's has, since steps of the mapping added it; else there.
std::string stands_at(const Compiler& c, const CellPlan& plan) {
  const std::string& header = c.header[static_cast<std::size_t>(plan.column)];
  const auto added = c.added == nullptr ? std::map<std::string, TakenFrom>::const_iterator() : c.added->find(header);
  if (c.added == nullptr || added == c.added->end() || added->second.columns.empty())
    return fmt::format("{} {}", c.file.path, plan.label);
  const TakenFrom& from = added->second;
  // Of what may have been taken from elsewhere our own column is the one that every row has.
  if (from.which != nullptr) return fmt::format("{} column `{}`", c.file.path, from.columns.back());
  return fmt::format("{} column `{}`", from.lines == nullptr ? c.file.path : from.file_of(0), from.columns.front());
}

void plan_money(Compiler& c, const ValueFrom& from, CellPlan& plan) {
  plan.currency = c.raw.words.add(from.currency);
  const ColumnRef& column = from.currency_column;
  if (!column.given() || resolve(c, column) < 0) return;
  for (const std::string& name : column.names) {
    if (const int found = resolve(c, {{name}, column.place, true}); found >= 0) plan.currency_columns.push_back(found);
  }
}

}  // namespace

// Exporters differ in the case of their headers, never within one file.
std::vector<int> columns_named(const Compiler& c, std::string_view name) {
  std::vector<int> exact, alike;
  for (std::size_t i = 0; i < c.header.size(); ++i) {
    if (c.header[i] == name) exact.push_back(static_cast<int>(i));
    if (same_letters(c.header[i], name)) alike.push_back(static_cast<int>(i));
  }
  return exact.empty() ? alike : exact;
}

int resolve(Compiler& c, const ColumnRef& ref) {
  for (const std::string& name : ref.names) {
    const std::vector<int> found = columns_named(c, name);
    if (found.size() > 1) {
      report(c, ref.place, fmt::format("`{}` has {} columns called `{}`", c.file.path, found.size(), name),
             "a column that is read needs a header of its own");
    }
    if (found.empty()) continue;
    if (!ref.optional || untold(c, c.header[static_cast<std::size_t>(found.front())]).empty()) return found.front();
  }
  if (ref.given() && !ref.optional) {
    report(c, ref.place, fmt::format("`{}` has no column {}", c.file.path, listed(ref.names)),
           help_for_missing(c, ref.names.front()));
  }
  return -1;
}

CellPlan plan_cell(Compiler& c, const ValueFrom& from, ValueType type, const std::vector<std::string>* choices) {
  CellPlan plan;
  plan.column = resolve(c, from.column);
  plan.given = plan.column >= 0 || from.constant.has_value();
  if (!plan.given && from.column.given() && !c.mapping.path.empty()) {
    for (const std::string& name : from.column.names) {
      if (plan.lacking.empty()) plan.lacking = untold(c, name);
    }
    if (plan.lacking.empty())
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

CellPlan plan_value(Compiler& c, const ValueFrom& from, const SchemaField& field) {
  CellPlan plan = plan_cell(c, from, field.type, &field.choices);
  plan.whole = field.whole;
  plan.escapes = plan.mark_is_unknown;
  plan.mark_is_unknown |= field.person;  // as of who did something: nobody is called so
  return plan;
}

CellPlan plan_role(Compiler& c, const ValueFrom& from, ValueType type) {
  CellPlan plan = plan_cell(c, from, type);
  if (plan.column >= 0) c.taken[static_cast<std::size_t>(plan.column)] = 1;
  return plan;
}

CellPlan plan_recorded(Compiler& c, const ValueFrom& from) {
  CellPlan plan = plan_role(c, from, ValueType::instant);
  for (const auto& [cell, word] : from.rename) {
    if (word != not_known) continue;
    plan.mark_is_unknown = true;
    if (plan.given || !cell.empty()) continue;
    plan.given = true, plan.type = ValueType::instant;
    plan.constant = not_known;
  }
  return plan;
}

void supply(Compiler& c, const std::string& fact, const CellPlan& plan) {
  const bool nobody_knows = plan.column < 0 && plan.type == ValueType::instant && plan.constant == not_known;
  if (nobody_knows) return;
  if (!plan.given && !plan.lacking.empty()) c.raw.supplier.emplace(lacking_key(fact), plan.lacking);
  if (c.absent && plan.given) c.raw.supplier.emplace(lacking_key(fact), std::string());
  if (!plan.given || c.absent) return;
  c.raw.supplier.emplace(fact, plan.column >= 0 ? stands_at(c, plan) : c.file.path);
}

}  // namespace plumb::history::loading
