#include "adapters/steps.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "history/words.h"

namespace plumb::adapters {

namespace {

std::string needed_text(const Table& table, std::string_view key, std::string_view help, const Reading& reading) {
  const Node* node = table.need(key, help);
  return node == nullptr ? std::string() : read_text(*node, key, reading).value_or("");
}

/// Where the words of a step stand; what it says of the other file before the names that it gives.
void note_words(const Node& node, sources::WrittenAt& written, const Reading& reading) {
  if (node.kind == NodeKind::text) written.emplace(node.text, written_at(node.span, reading));
  for (const Node& item : node.items) note_words(item, written, reading);
  for (const Node& key : node.keys) written.emplace(key.text, written_at(key.span, reading));
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

// `{ Column: text }`, or as in `when` a list, or `{ not: …, optional: true }`.
std::vector<sources::Where> read_where(const Table& table, const Reading& reading) {
  std::vector<sources::Where> all;
  const Node* node = table.find("where");
  if (node == nullptr) return all;
  for (const Entry& entry : entries_of(*node, "`where`", reading)) {
    sources::Where where{entry.name(), {}, false, false};
    const Node* words = entry.value;
    if (entry.value->kind == NodeKind::map) {
      const Table said(*entry.value, fmt::format("`where` of `{}`", entry.name()), {"is", "not", "optional"}, reading);
      said.only_one_of("is", "not");
      where.optional = read_yes(said.find("optional"), "optional", reading);
      where.negated = said.find("not") != nullptr;
      words = where.negated ? said.find("not") : said.need("is", "say which cells count, with `is` or `not`");
    }
    if (words != nullptr && words->kind == NodeKind::empty) {
      where.words = {""};
    } else if (words != nullptr) {
      where.words = read_texts(*words, entry.name(), reading);
    }
    all.push_back(std::move(where));
  }
  return all;
}

// What the steps of a file are read with: the files of the mapping, of which they may speak.
struct Of {
  const std::vector<std::string>& files;
  const Reading& reading;

  std::string file(const Table& table, std::string_view key, std::string_view help) const {
    std::string name = needed_text(table, key, help, reading);
    const bool known = std::any_of(files.begin(), files.end(),
                                   [&](const std::string& file) { return history::same_letters(file, name); });
    if (!name.empty() && !known) report_word(*table.find(key), key, files, reading);
    return name;
  }
};

sources::Unpivot read_unpivot(const Node& node, const Of& of) {
  const Reading& reading = of.reading;
  const Table table(
      node, "`unpivot`",
      {"of", "columns", "but", "name", "value", "none", "present", "since", "between", "without", "last entries"},
      reading);
  sources::Unpivot step;
  step.place = written_at(node.span, reading);
  step.of = of.file(table, "of", "say with `of` which file's columns become rows");
  step.columns =
      needed_text(table, "columns", "say with `columns` which: a header with a `*`, such as `entered_*`", reading);
  step.name = needed_text(table, "name", "say with `name` how the column of what `*` stands for is called", reading);
  step.value = needed_text(table, "value", "say with `value` how the column of the cells is called", reading);
  if (const Node* but = table.find("but")) step.but = read_texts(*but, "but", reading);
  if (const Node* none = table.find("none")) step.none = read_text(*none, "none", reading).value_or("");
  if (const Node* present = table.find("present")) {
    step.present = read_text(*present, "present", reading).value_or("");
    table.need("none", "say with `none` how the column is called that says that nothing tells since when it is so");
  }
  if (const Node* since = table.find("since")) {
    step.since = read_text(*since, "since", reading).value_or("");
    table.need("present", "say with `present` which column says what is so since then");
  }
  if (const Node* between = table.find("between")) step.between = read_text(*between, "between", reading).value_or("");
  if (const Node* without = table.find("without")) {
    step.without = read_text(*without, "without", reading).value_or("");
    table.need("between", "say with `between` what stands between the texts of a cell");
  }
  step.last_entries = read_yes(table.find("last entries"), "last entries", reading);
  const bool one_star = std::count(step.columns.begin(), step.columns.end(), '*') == 1;
  const Node* columns = table.find("columns");
  if (columns != nullptr && !one_star) report_kind(*columns, "`columns`", "a header with one `*`", reading);
  if (!one_star) step.columns = "*";
  return step;
}

sources::Groups read_groups(const Node& node, const Of& of) {
  const Reading& reading = of.reading;
  const Table table(node, "`groups`", {"of", "keep", "each"}, reading);
  sources::Groups step;
  step.place = written_at(node.span, reading);
  step.of = of.file(table, "of", "say with `of` of which file's rows");
  if (const Node* keep = table.need("keep", "say with `keep` how the cells before the groups are called")) {
    step.keep = read_texts(*keep, "keep", reading);
  }
  if (const Node* each = table.need("each", "say with `each` how the cells of a group are called")) {
    step.each = read_texts(*each, "each", reading);
  }
  if (step.each.empty()) step.each = {""};  // which was reported
  return step;
}

sources::Merges read_merges(const Node& node, const Of& of) {
  const Reading& reading = of.reading;
  const Table table(node, "`merges`", {"columns", "in", "from", "to"}, reading);
  sources::Merges step;
  step.place = written_at(node.span, reading);
  if (const Node* columns = table.need("columns", "say with `columns` in which columns the ids stand")) {
    step.columns = read_texts(*columns, "columns", reading);
  }
  step.in = of.file(table, "in", "say with `in` which other file of this mapping tells of merges");
  step.from = needed_text(table, "from", "say with `from` which of its columns holds the id that is gone", reading);
  step.to = needed_text(table, "to", "say with `to` which of its columns holds the id that is left", reading);
  return step;
}

// `{ new name: Column }`, or `{ new name: { column: Column, optional: true } }`.
std::vector<sources::Taken> read_taken(const Node& node, const Reading& reading) {
  std::vector<sources::Taken> all;
  for (const Entry& entry : entries_of(node, "`columns`", reading)) {
    sources::Taken taken{entry.name(), {}, false};
    if (entry.value->kind == NodeKind::map) {
      const Table table(*entry.value, quoted(entry.name()), {"column", "optional"}, reading);
      taken.there = needed_text(table, "column", "say with `column` which", reading);
      taken.optional = read_yes(table.find("optional"), "optional", reading);
    } else if (auto text = read_text(*entry.value, entry.name(), reading)) {
      taken.there = *text;
    }
    if (!taken.there.empty()) all.push_back(std::move(taken));
  }
  return all;
}

sources::LookUp read_look_up(const Node& node, const Of& of) {
  const Reading& reading = of.reading;
  const Table table(node, "`look up`", {"in", "same", "where", "unlike", "by", "last", "columns"}, reading);
  sources::LookUp step;
  step.place = written_at(node.span, reading);
  note_words(node, step.written, reading);
  step.in = of.file(table, "in", "say with `in` which other file of this mapping");
  step.same = read_pairs(table, "same", "say with `same` which columns must agree: `{ OpportunityId: Id }`", reading);
  step.where = read_where(table, reading);
  step.unlike = read_pairs(table, "unlike", "", reading);
  if (const Node* by = table.find("by")) step.by = read_text(*by, "by", reading).value_or("");
  step.last = read_yes(table.find("last"), "last", reading);
  const Node* columns = table.need("columns", "say with `columns` what is taken over: `{ new name: Column }`");
  if (columns != nullptr) step.columns = read_taken(*columns, reading);
  return step;
}

const std::vector<std::string> change_keys = {"in", "same", "where", "by", "sequence", "name", "was", "columns"};

std::vector<std::string> change_keys_and(std::initializer_list<const char*> more) {
  std::vector<std::string> keys = change_keys;
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

void read_changes(const Table& table, sources::ChangesIn& step, std::string_view help, const Of& of) {
  const Reading& reading = of.reading;
  step.place = written_at(table.node().span, reading);
  note_words(table.node(), step.written, reading);
  step.in = of.file(table, "in", "say with `in` which other file of this mapping holds the changes");
  step.same = read_pairs(table, "same", "say with `same` which columns must agree: `{ Id: OpportunityId }`", reading);
  step.where = read_where(table, reading);
  step.by = needed_text(table, "by", "say with `by` which of its columns holds the time of the change", reading);
  if (const Node* node = table.find("sequence")) step.sequence = read_text(*node, "sequence", reading).value_or("");
  step.name = needed_text(table, "name", "say with `name` which of its columns says what changed", reading);
  step.was = needed_text(table, "was", "say with `was` which of its columns holds the old value", reading);
  const Node* columns = table.need("columns", help);
  if (columns == nullptr) return;
  for (const Entry& entry : entries_of(*columns, "`columns`", reading)) {
    step.columns.emplace_back(entry.name(), read_texts(*entry.value, entry.name(), reading));
  }
}

sources::AtFirst read_at_first(const Node& node, const Of& of) {
  const Table table(node, "`at first`", change_keys_and({"since", "became"}), of.reading);
  sources::AtFirst step;
  read_changes(table, step, "say with `columns` what is asked for: `{ Column: what the changes call it }`", of);
  if (const Node* since = table.find("since")) step.since = read_text(*since, "since", of.reading).value_or("");
  if (const Node* became = table.find("became")) step.became = read_text(*became, "became", of.reading).value_or("");
  return step;
}

sources::AtTheTime read_at_the_time(const Node& node, const Of& of) {
  const Table table(node, "`at the time`", change_keys_and({"became", "at"}), of.reading);
  sources::AtTheTime step;
  read_changes(table, step, "say with `columns` what is asked for: `{ new name: what the changes call it }`", of);
  step.became = needed_text(table, "became", "say with `became` which of its columns holds the new value", of.reading);
  step.at = needed_text(table, "at", "say with `at` which column of this file holds the time", of.reading);
  return step;
}

/// `1 minute`, `30 seconds`. Unit: microseconds.
std::int64_t read_span(const Node& node, std::string_view called, const Reading& reading) {
  const std::string text = read_text(node, called, reading).value_or("");
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = history::trimmed(std::string_view(end, text.data() + text.size()));
  const std::int64_t seconds = unit.starts_with("second") ? 1 : unit.starts_with("minute") ? 60 : 0;
  const bool read = error == std::errc{} && count > 0 && count < 1'000'000 && seconds != 0 &&
                    unit.substr(6).find_first_not_of('s') == std::string_view::npos;
  if (!read && !text.empty()) report_kind(node, quoted(called), "a span such as `1 minute` or `30 seconds`", reading);
  return read ? count * seconds * time::micros_per_second : 0;
}

sources::Compare read_compare(const Node& node, const Of& of) {
  const Table table(node, "`compare`", {"column", "with", "as", "within", "without seconds", "empty", "optional"},
                    of.reading);
  sources::Compare step;
  step.place = written_at(node.span, of.reading);
  step.column = needed_text(table, "column", "say with `column` which column holds a time", of.reading);
  step.with = needed_text(table, "with", "say with `with` which holds the time to compare it with", of.reading);
  step.as = needed_text(table, "as", "say with `as` how the column that says it is called", of.reading);
  if (const Node* within = table.find("within")) step.within = read_span(*within, "within", of.reading);
  const auto word = [&](std::string_view key) {
    const Node* node = table.find(key);
    return node == nullptr ? std::string() : read_text(*node, key, of.reading).value_or("");
  };
  step.without_seconds = word("without seconds"), step.empty = word("empty");
  step.optional = read_yes(table.find("optional"), "optional", of.reading);
  return step;
}

// `[Column, …]`, or `{ columns: [Column, …], where: … }`, or a list of both.
sources::LongIds read_long_ids(const Node& node, const Of& of) {
  const Reading& reading = of.reading;
  if (node.kind != NodeKind::map) return {read_texts(node, "long ids", reading), {}};
  const Table table(node, "`long ids`", {"columns", "where"}, reading);
  sources::LongIds step;
  if (const Node* columns = table.need("columns", "say with `columns` in which columns the ids stand")) {
    step.columns = read_texts(*columns, "columns", reading);
  }
  step.where = read_where(table, reading);
  return step;
}

// `{ Column: [what else it may be called, …] }`.
sources::AlsoCalled read_also_called(const Node& node, const Reading& reading) {
  sources::AlsoCalled also;
  for (const Entry& entry : entries_of(node, "`also called`", reading))
    also.emplace_back(entry.name(), read_texts(*entry.value, entry.name(), reading));
  return also;
}

// `{ Column: why nothing reads it }`.
std::vector<std::pair<std::string, std::string>> read_columns_not_read(const Node& node, const Reading& reading) {
  std::vector<std::pair<std::string, std::string>> columns;
  for (const Entry& entry : entries_of(node, "`columns not read`", reading)) {
    if (auto why = read_text(*entry.value, entry.name(), reading)) columns.emplace_back(entry.name(), std::move(*why));
  }
  return columns;
}

sources::RowBefore read_row_before(const Node& node, const Reading& reading) {
  const Table table(node, "`row before`", {"same", "by", "columns"}, reading);
  sources::RowBefore step;
  step.place = written_at(node.span, reading);
  if (const Node* same = table.need("same", "say with `same` which column holds whose row it is")) {
    step.same = read_texts(*same, "same", reading);
  }
  step.by = needed_text(table, "by", "say with `by` which column holds the time that orders the rows", reading);
  if (const Node* columns = table.find("columns")) step.columns = read_texts(*columns, "columns", reading);
  return step;
}

// One step, or a list of them.
template <class Step>
std::vector<Step> read_each(const Node* node, Step (*read)(const Node&, const Of&), const Of& of) {
  std::vector<Step> steps;
  if (node == nullptr) return steps;
  if (node->kind != NodeKind::list) return {read(*node, of)};
  for (const Node& item : node->items) steps.push_back(read(item, of));
  return steps;
}

// The files that are one table: a name or a pattern, or a list of them.
std::vector<sources::PartNames> read_parts(const Node& node, const Reading& reading) {
  std::vector<sources::PartNames> parts;
  const auto take = [&](const Node& item) {
    const std::string name = read_text(item, "parts", reading).value_or("");
    if (!name.empty()) parts.push_back({name, written_at(item.span, reading)});
  };
  if (node.kind != NodeKind::list) {
    take(node);
    return parts;
  }
  if (node.items.empty()) report_kind(node, "`parts`", "a name, a pattern such as `deals-*.csv`, or a list", reading);
  for (const Node& item : node.items) take(item);
  return parts;
}

}  // namespace

sources::Steps read_steps(const Table& file, const std::vector<std::string>& files, const Reading& reading) {
  const Of of{files, reading};
  sources::Steps steps;
  if (const Node* node = file.find("sequence")) steps.newest_first = node->text == "newest first";
  if (const Node* node = file.find("also called")) steps.also_called = read_also_called(*node, reading);
  if (const Node* node = file.find("order by")) steps.ordered_by = read_text(*node, "order by", reading).value_or("");
  if (const Node* node = file.find("query")) steps.query = read_text(*node, "query", reading).value_or("");
  if (const Node* node = file.find("unpivot")) steps.unpivot = read_unpivot(*node, of);
  if (const Node* node = file.find("groups")) steps.groups = read_groups(*node, of);
  file.only_one_of("unpivot", "groups");
  if (const Node* node = file.find("parts")) steps.parts = read_parts(*node, reading);
  for (const char* made : {"unpivot", "groups", "query"}) file.only_one_of("parts", made);
  if (const Node* node = file.find("not read")) steps.not_read = read_text(*node, "not read", reading).value_or("");
  if (const Node* node = file.find("columns not read")) steps.columns_not_read = read_columns_not_read(*node, reading);
  if (const Node* node = file.find("long ids")) {
    const bool several =
        node->kind == NodeKind::list && std::any_of(node->items.begin(), node->items.end(),
                                                    [](const Node& item) { return item.kind == NodeKind::map; });
    steps.long_ids = several ? read_each(node, read_long_ids, of) : std::vector{read_long_ids(*node, of)};
  }
  if (const Node* node = file.find("merges")) steps.merges = read_merges(*node, of);
  if (const Node* node = file.find("row before")) steps.row_before = read_row_before(*node, reading);
  steps.look_ups = read_each(file.find("look up"), read_look_up, of);
  steps.at_first = read_each(file.find("at first"), read_at_first, of);
  steps.at_the_time = read_each(file.find("at the time"), read_at_the_time, of);
  steps.compared = read_each(file.find("compare"), read_compare, of);
  return steps;
}

}  // namespace plumb::adapters
