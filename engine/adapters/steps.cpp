#include "adapters/steps.h"

#include <algorithm>
#include <utility>

namespace plumb::adapters {

namespace {

std::string needed_text(const Table& table, std::string_view key, std::string_view help, const Reading& reading) {
  const Node* node = table.need(key, help);
  return node == nullptr ? std::string() : read_text(*node, key, reading).value_or("");
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A map of texts, `ours: theirs`. An empty `help`: the key may be left out.
Pairs read_pairs(const Table& table, std::string_view key, std::string_view help, const Reading& reading) {
  const Node* node = help.empty() ? table.find(key) : table.need(key, help);
  Pairs pairs;
  if (node == nullptr) return pairs;
  for (const Entry& entry : entries_of(*node, quoted(key), reading)) {
    if (auto text = read_text(*entry.value, entry.name(), reading)) pairs.emplace_back(entry.name(), *text);
  }
  return pairs;
}

sources::Unpivot read_unpivot(const Node& node, const Reading& reading) {
  const Table table(node, "`unpivot`", {"of", "columns", "name", "value"}, reading);
  sources::Unpivot step;
  step.place = written_at(node.span, reading);
  step.of = needed_text(table, "of", "say with `of` which file's columns become rows", reading);
  step.columns =
      needed_text(table, "columns", "say with `columns` which: a header with a `*`, such as `entered_*`", reading);
  step.name = needed_text(table, "name", "say with `name` how the column of what `*` stands for is called", reading);
  step.value = needed_text(table, "value", "say with `value` how the column of the cells is called", reading);
  const bool one_star = std::count(step.columns.begin(), step.columns.end(), '*') == 1;
  const Node* columns = table.find("columns");
  if (columns != nullptr && !one_star) report_kind(*columns, "`columns`", "a header with one `*`", reading);
  if (!one_star) step.columns = "*";
  return step;
}

sources::LookUp read_look_up(const Node& node, const Reading& reading) {
  const Table table(node, "`look up`", {"in", "same", "where", "columns"}, reading);
  sources::LookUp step;
  step.place = written_at(node.span, reading);
  step.in = needed_text(table, "in", "say with `in` which other file of this mapping", reading);
  step.same = read_pairs(table, "same", "say with `same` which columns must agree: `{ OpportunityId: Id }`", reading);
  step.where = read_pairs(table, "where", "", reading);
  step.columns = read_pairs(table, "columns", "say with `columns` what is taken over: `{ new name: Column }`", reading);
  return step;
}

sources::RowBefore read_row_before(const Node& node, const Reading& reading) {
  const Table table(node, "`row before`", {"same", "by", "columns"}, reading);
  sources::RowBefore step;
  step.place = written_at(node.span, reading);
  step.same = needed_text(table, "same", "say with `same` which column holds whose row it is", reading);
  step.by = needed_text(table, "by", "say with `by` which column holds the time that orders the rows", reading);
  if (const Node* columns = table.find("columns")) step.columns = read_texts(*columns, "columns", reading);
  return step;
}

}  // namespace

sources::Steps read_steps(const Table& file, const Reading& reading) {
  sources::Steps steps;
  if (const Node* node = file.find("unpivot")) steps.unpivot = read_unpivot(*node, reading);
  if (const Node* node = file.find("long ids")) steps.long_ids.columns = read_texts(*node, "long ids", reading);
  if (const Node* node = file.find("row before")) steps.row_before = read_row_before(*node, reading);
  const Node* node = file.find("look up");
  if (node == nullptr) return steps;
  if (node->kind != NodeKind::list) {
    steps.look_ups.push_back(read_look_up(*node, reading));
    return steps;
  }
  for (const Node& item : node->items) steps.look_ups.push_back(read_look_up(item, reading));
  return steps;
}

}  // namespace plumb::adapters
