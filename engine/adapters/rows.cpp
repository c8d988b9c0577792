#include "adapters/rows.h"

#include <algorithm>
#include <array>

namespace plumb::adapters {

namespace diag = diagnostics::diag;
using history::RowCondition;
using history::RowKind;
using history::RowSpec;
using history::ValueFrom;

namespace {

struct Shape {
  const char* word;  // what `is` says
  RowKind kind;
  const char* what;
  const char* named_by;  // behind `word` in `is`: nothing, NAME, or `of` FIELD
  std::vector<std::string> keys;
  std::vector<std::string> needed;
};

// `is` and `when` may stand in every row.
const std::array shapes = {
    Shape{"deal",
          RowKind::deal,
          "a deal row",
          "",
          {"deal", "created", "account", "owner", "fields", "values as of", "actor", "source", "recorded", "sequence"},
          {"deal"}},
    Shape{"account", RowKind::account, "an account row", "", {"account", "fields"}, {"account"}},
    Shape{"person", RowKind::person, "a person row", "", {"person", "from", "joined", "left", "fields"}, {"person"}},
    Shape{"leave", RowKind::leave, "a leave row", "", {"person", "from", "to", "recorded"}, {"person", "from", "to"}},
    Shape{"contact",
          RowKind::contact,
          "a contact row",
          "",
          {"contact", "deal", "created", "recorded", "source", "fields"},
          {"contact", "deal"}},
    Shape{"rate", RowKind::rate, "a rate row", "", {"date", "from", "to", "rate"}, {"date", "from", "to", "rate"}},
    Shape{"move",
          RowKind::move,
          "a move row",
          "",
          {"deal", "at", "from", "to", "actor", "source", "recorded", "sequence", "id"},
          {"deal", "at", "to"}},
    Shape{"change",
          RowKind::change,
          "a change row",
          "of FIELD",
          {"deal", "name", "at", "from", "to", "actor", "source", "recorded", "sequence", "id"},
          {"deal", "at", "to"}},
    Shape{"activity",
          RowKind::activity,
          "an activity row",
          "NAME",
          {"deal", "name", "at", "fields", "actor", "contact", "source", "recorded", "sequence", "id"},
          {"deal", "at"}},
    Shape{"record",
          RowKind::record,
          "a record row",
          "NAME",
          {"deal", "person", "name", "at", "fields", "actor", "contact", "source", "recorded", "sequence", "id"},
          {"at"}},
    Shape{"refused", RowKind::refused, "a refused row", "", {"because"}, {"because"}},
};

const std::vector<std::string> sources = {"claim", "third_party", "buyer", "system"};

std::vector<std::string> ways_to_say_is() {
  std::vector<std::string> result;
  for (const Shape& shape : shapes) {
    result.push_back(shape.named_by[0] == '\0' ? shape.word : fmt::format("{} {}", shape.word, shape.named_by));
  }
  return result;
}

/// What `is` says: `deal`, `activity call`, `change of amount`.
struct Is {
  const Shape* shape = nullptr;
  std::string name;  // empty: `name` gives it
};

Is parse_is(const std::string& said) {
  const std::size_t blank = said.find(' ');
  Is result;
  for (const Shape& shape : shapes) {
    if (said.substr(0, blank) == shape.word) result.shape = &shape;
  }
  if (result.shape == nullptr || blank == std::string::npos) return result;
  result.name = said.substr(blank + 1);
  const bool of_field = result.shape->kind == RowKind::change;
  if (of_field) result.name = result.name.rfind("of ", 0) == 0 ? result.name.substr(3) : "";
  const bool one_word = !result.name.empty() && result.name.find(' ') == std::string::npos;
  if (result.shape->named_by[0] == '\0' || !one_word) result.shape = nullptr;
  return result;
}

const Node* find_is(const Node& node) {
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    if (node.keys[i].text == "is") return &node.items[i];
  }
  return nullptr;
}

Is read_is(const Node& node, const Reading& reading) {
  if (node.kind != NodeKind::map) {
    report_kind(node, "a row", "a map of keys", reading);
    return {};
  }
  const Node* said = find_is(node);
  if (said == nullptr) {
    reading.sink.report(node.span, diag::MissingMappingKey, "a row", "is")
        .hint("say first what each row is: {}", listed(ways_to_say_is(), "or"));
    return {};
  }
  const auto text = read_text(*said, "is", reading);
  if (!text) return {};
  const Is is = parse_is(*text);
  if (is.shape == nullptr) report_word(*said, "is", ways_to_say_is(), reading);
  return is;
}

RowCondition read_condition(const Entry& entry, const Reading& reading) {
  RowCondition condition;
  condition.column.names = {entry.name()};
  condition.column.place = written_at(entry.key->span, reading);
  const Node& value = *entry.value;
  if (value.kind == NodeKind::empty) {
    condition.is_one_of = {""};
  } else if (value.kind != NodeKind::map) {
    condition.is_one_of = read_texts(value, entry.name(), reading);
  } else {
    const Table table(value, fmt::format("`when` of `{}`", entry.name()), {"is", "not", "number", "optional"}, reading);
    table.only_one_of("is", "not");
    condition.column.optional = read_yes(table.find("optional"), "optional", reading);
    if (const Node* number = table.find("number")) {
      table.only_one_of("number", "is");
      table.only_one_of("number", "not");
      condition.numbers = true;
      condition.negated = !read_yes(number, "number", reading);
      return condition;
    }
    condition.negated = table.find("not") != nullptr;
    const Node* words =
        condition.negated ? table.find("not") : table.need("is", "say which cells count, with `is` or `not`");
    if (words != nullptr && words->kind == NodeKind::empty) {
      condition.is_one_of = {""};
    } else if (words != nullptr) {
      condition.is_one_of = read_texts(*words, condition.negated ? "not" : "is", reading);
    }
  }
  return condition;
}

/// Where below `node` a word is given as a value.
source::Span place_of(const Node& node, const std::string& word) {
  for (const Node& item : node.items) {
    if (item.kind == NodeKind::text && item.text == word) return item.span;
    if (item.kind != NodeKind::map) continue;
    if (const source::Span found = place_of(item, word); found != item.span) return found;
  }
  return node.span;
}

/// Reads one row's keys into a RowSpec.
struct RowReader {
  const Table& table;
  const RowContext& context;
  const Reading& reading;

  ValueFrom value(std::string_view key, Role role) const {
    const Node* node = table.find(key);
    return node == nullptr ? ValueFrom{} : read_value(*node, key, role, context.defaults, reading);
  }

  ValueFrom stage(std::string_view key) const {
    ValueFrom result = value(key, Role::text);
    if (result.constant || result.rename_all) return result;
    const std::size_t own = result.rename.size();
    for (const auto& [label, name] : context.stages) {
      const auto end = result.rename.begin() + static_cast<std::ptrdiff_t>(own);
      const bool said = std::any_of(result.rename.begin(), end, [&](const auto& pair) { return pair.first == label; });
      if (!said) result.rename.emplace_back(label, name);
    }
    return result;
  }

  ValueFrom source_of_facts() const {
    ValueFrom result = value("source", Role::text);
    if (result.constant) check_source(*result.constant);
    for (const auto& [cell, word] : result.rename) check_source(word);
    return result;
  }

  void check_source(const std::string& word) const {
    if (std::find(sources.begin(), sources.end(), word) != sources.end()) return;
    reading.sink.report(place_of(*table.find("source"), word), diag::UnknownMappingWord, "source", word)
        .hint("what a source may be: {}", listed(sources, "or"));
  }

  void name(const Is& is, RowSpec& row) const {
    if (is.shape->named_by[0] == '\0') return;
    if (is.name.empty()) {
      table.need("name", fmt::format("write `is: {} {}`, or say with `name` which column gives it", is.shape->word,
                                     is.shape->named_by));
      row.name = value("name", Role::text);
      return;
    }
    row.name.constant = is.name;
    row.name.place = written_at(table.find("is")->span, reading);
    if (table.find("name") == nullptr) return;
    reading.sink.report(table.key_span("name"), diag::MappingConflict, table.what(), "is", "name")
        .hint("`is` names it already, `{}`; leave one of the two", is.name);
  }

  void subject(RowSpec& row) const {
    const RowKind kind = row.kind;
    if (kind == RowKind::rate || kind == RowKind::refused) return;
    std::string_view key = kind == RowKind::account ? "account" : kind == RowKind::contact ? "contact" : "deal";
    if (kind == RowKind::person || kind == RowKind::leave) key = "person";
    if (kind == RowKind::record) {
      table.only_one_of("deal", "person");
      row.about_person = table.find("person") != nullptr;
      if (row.about_person) key = "person";
      if (!row.about_person) table.need("deal", "say with `deal` or `person` which column holds whom it is about");
    }
    row.subject = value(key, Role::id);
  }

  void times(RowSpec& row) const {
    const bool created = row.kind == RowKind::deal || row.kind == RowKind::contact;
    row.at = value(row.kind == RowKind::rate ? "date" : created ? "created" : "at", Role::time);
    row.recorded = value("recorded", Role::time);
    row.joined = value("joined", Role::time);
    row.left = value("left", Role::time);
    row.sequence = value("sequence", Role::text);
    row.id = value("id", Role::text);
    if (row.sequence.given() && context.file_order_is_sequence) {
      reading.sink
          .report(table.key_span("sequence"), diag::MappingConflict, table.what(), "sequence: file order", "sequence")
          .hint("the file's order is the sequence already; leave one of the two");
    }
  }

  void from_and_to(RowSpec& row) const {
    switch (row.kind) {
      case RowKind::move:
        row.from = stage("from");
        row.to = stage("to");
        return;
      case RowKind::change:
        row.from = value("from", Role::any);
        row.to = value("to", Role::any);
        return;
      case RowKind::rate:
        row.from = value("from", Role::text);
        row.to = value("to", Role::text);
        row.rate = value("rate", Role::any);
        return;
      default: row.from = value("from", Role::time); row.to = value("to", Role::time);
    }
  }

  void fields(RowSpec& row) const {
    const Node* node = table.find("fields");
    if (node == nullptr) return;
    if (node->kind == NodeKind::text) {
      row.fields_by_header = read_word<bool>(*node, "fields", {{"by header", true}}, reading).value_or(false);
      return;
    }
    for (const Entry& entry : entries_of(*node, "`fields`", reading)) {
      row.fields.emplace_back(entry.name(),
                              read_value(*entry.value, entry.name(), Role::any, context.defaults, reading));
    }
  }

  void values_as_of() const {
    const Node* node = table.find("values as of");
    if (node == nullptr) return;
    const auto at_export = read_word<bool>(*node, "values as of", {{"creation", false}, {"export", true}}, reading);
    const Node* fields = table.find("fields");
    if (!at_export.value_or(false) || fields == nullptr) return;
    if (fields->kind == NodeKind::text) {
      reading.sink.report(node->span, diag::MappingConflict, table.what(), "fields: by header", "values as of: export")
          .hint("list the fields whose values are those of the export");
    }
    for (const Node& key : fields->keys) context.as_of_export->emplace_back(key.text, key.span);
  }

  void conditions(RowSpec& row) const {
    const Node* when = table.find("when");
    if (when == nullptr) return;
    for (const Entry& entry : entries_of(*when, "`when`", reading)) row.when.push_back(read_condition(entry, reading));
  }
};

}  // namespace

std::optional<RowSpec> read_row(const Node& node, const RowContext& context, const Reading& reading) {
  const Is is = read_is(node, reading);
  if (is.shape == nullptr) return std::nullopt;
  std::vector<std::string> keys = {"is", "when"};
  keys.insert(keys.end(), is.shape->keys.begin(), is.shape->keys.end());
  const Table table(node, is.shape->what, keys, reading);
  for (const std::string& key : is.shape->needed) {
    table.need(key, key == "because" ? std::string("say with `because` what is wrong with such a row")
                                     : fmt::format("say with `{}` which column holds it", key));
  }
  const RowReader reader{table, context, reading};
  RowSpec row;
  row.kind = is.shape->kind;
  row.place = written_at(node.span, reading);
  reader.conditions(row);
  if (row.kind == RowKind::refused) {
    const Node* because = table.find("because");
    if (because != nullptr) row.because = read_text(*because, "because", reading).value_or("");
    return row;
  }
  reader.subject(row);
  reader.name(is, row);
  reader.times(row);
  reader.from_and_to(row);
  row.actor = reader.value("actor", Role::text);
  row.source = reader.source_of_facts();
  if (row.kind == RowKind::deal) row.account = reader.value("account", Role::text);
  row.owner = reader.value("owner", Role::text);
  if (row.kind == RowKind::contact) row.deal = reader.value("deal", Role::id);
  row.contact = row.kind == RowKind::contact ? history::ValueFrom{} : reader.value("contact", Role::text);
  reader.fields(row);
  reader.values_as_of();
  return row;
}

}  // namespace plumb::adapters
