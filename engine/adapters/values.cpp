#include "adapters/values.h"

#include <algorithm>

#include "sources/encoding.h"
#include "time/calendar.h"
#include "time/parse_time.h"

namespace plumb::adapters {

namespace diag = diagnostics::diag;
using history::ColumnRef;
using history::ValueFrom;

namespace {

std::vector<std::string> keys_for(Role role) {
  switch (role) {
    case Role::id: return {"column", "names", "only these", "empty"};
    case Role::text: return {"column", "value", "names", "only these", "empty", "optional"};
    case Role::time: return {"column", "value", "names", "dates", "zone", "empty", "optional", "day alone"};
    case Role::any: break;
  }
  return {"column",    "value",    "names",           "only these", "dates", "zone",    "decimal",
          "thousands", "currency", "currency column", "unit",       "empty", "optional"};
}

ColumnRef read_column(const Node& node, std::string_view called, const Reading& reading) {
  ColumnRef column;
  column.place = written_at(node.span, reading);
  for (std::string& name : read_texts(node, called, reading)) {
    if (name.empty()) {
      report_kind(node, quoted(called), "a column's header", reading);
    } else {
      column.names.push_back(std::move(name));
    }
  }
  return column;
}

void read_currency(const Table& table, ValueFrom& value, const Reading& reading) {
  table.only_one_of("currency", "currency column");
  if (const Node* column = table.find("currency column")) {
    value.currency_column = read_column(*column, "currency column", reading);
  }
  const Node* currency = table.find("currency");
  if (currency == nullptr) return;
  const auto text = read_text(*currency, "currency", reading);
  if (!text) return;
  const bool is_code =
      text->size() == 3 && std::all_of(text->begin(), text->end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (is_code) {
    value.currency = *text;
  } else {
    reading.sink.report(currency->span, diag::MappingCurrency, *text)
        .hint("a currency is three capital letters, such as `EUR`; for one in each row say `currency column`");
  }
}

// Nobody could see later that a constant was meant as a date and is none. Of a recording it may be said that nobody
// knows when it was.
void check_time(const Node& node, std::string_view called, const std::string& said, time::DateOrder order,
                const Reading& reading) {
  if (said.empty() || (called == "recorded" && said == history::not_known)) return;
  const auto read = time::parse_reading(said, time::Zone::utc(), order);
  if (!read) reading.sink.report(node.span, diag::MappingDate, read.error());
}

void read_names(const Table& table, std::string_view called, Role role, ValueFrom& value, const Reading& reading) {
  if (const Node* names = table.find("names")) {
    for (const Entry& entry : entries_of(*names, "`names`", reading)) {
      auto word = read_text(*entry.value, entry.name(), reading);
      if (word && role == Role::time) check_time(*entry.value, called, *word, value.order, reading);
      if (word) value.rename.emplace_back(entry.name(), *word);
    }
  }
  if (const Node* only = table.find("only these")) {
    value.rename_all = read_yes(only, "only these", reading);
    if (value.rename_all) table.need("names", "list under `names` the cells that may occur");
  }
}

void read_constant(const Node& node, std::string_view called, Role role, ValueFrom& value, const Reading& reading) {
  if (node.kind != NodeKind::text && node.kind != NodeKind::empty) {
    report_kind(node, "`value`", "a text", reading);
    return;
  }
  value.constant = node.text;
  if (role == Role::time) check_time(node, called, node.text, value.order, reading);
}

void use(const Defaults& defaults, ValueFrom& value) {
  value.order = defaults.order;
  value.decimal_point = defaults.decimal_point;
  value.group_mark = defaults.group_mark;
  value.empty_words = defaults.empty_words;
}

ValueFrom read_long_form(const Node& node, std::string_view called, Role role, Defaults defaults,
                         const Reading& reading) {
  const Table table(node, quoted(called), keys_for(role), reading);
  ValueFrom value;
  value.place = written_at(node.span, reading);
  read_defaults(table, defaults, reading);
  use(defaults, value);
  read_names(table, called, role, value, reading);
  read_currency(table, value, reading);
  if (const Node* unit = table.find("unit")) {
    value.percent = read_word<bool>(*unit, "unit", {{"percent", true}}, reading).value_or(false);
  }
  value.day_alone = read_yes(table.find("day alone"), "day alone", reading);
  if (const Node* zone = table.find("zone")) value.zone = read_zone(*zone, reading);
  table.only_one_of("column", "value");
  if (const Node* constant = table.find("value")) {
    read_constant(*constant, called, role, value, reading);
  } else if (const Node* column = table.need("column", "say with `column` which header of the file it stands under")) {
    value.column = read_column(*column, "column", reading);
    value.column.optional = read_yes(table.find("optional"), "optional", reading);
    value.currency_column.optional = value.column.optional;
  }
  return value;
}

std::optional<char> read_mark(const Node& node, std::string_view called, const Reading& reading) {
  if (called == "decimal") return read_word<char>(node, called, {{"point", '.'}, {"comma", ','}}, reading);
  return read_word<char>(node, called, {{"comma", ','}, {"point", '.'}, {"blank", ' '}, {"apostrophe", '\''}}, reading);
}

}  // namespace

std::string read_encoding(const Node& node, const Reading& reading) {
  const auto name = read_text(node, "encoding", reading);
  if (!name) return "";
  const std::string_view known = sources::encoding_named(*name);
  if (known.empty()) report_word(node, "encoding", sources::encodings(), reading);
  return std::string(known);
}

std::string read_zone(const Node& node, const Reading& reading) {
  const auto name = read_text(node, "zone", reading);
  if (!name || time::Zone::find(*name).ok()) return name.value_or("");
  diagnostics::Diagnostic& said = reading.sink.report(node.span, diag::MappingZone, *name);
  const std::vector<std::string> names = time::Zone::names();
  const std::string_view near = diagnostics::nearest(*name, names);
  if (!near.empty()) said.hint("did you mean `{}`?", near).suggest(node.span, std::string(near));
  said.hint("zones are those of the tz database, such as `UTC` or `America/New_York`");
  return "";
}

history::MappingPlace written_at(source::Span span, const Reading& reading) {
  const source::Place place = reading.texts.begin(span);
  return {place.line, place.column};
}

void read_defaults(const Table& table, Defaults& defaults, const Reading& reading) {
  using time::DateOrder;
  if (const Node* dates = table.find("dates")) {
    const auto order = read_word<DateOrder>(*dates, "dates",
                                            {{"year first", DateOrder::year_month_day},
                                             {"day first", DateOrder::day_month_year},
                                             {"month first", DateOrder::month_day_year}},
                                            reading);
    defaults.order = order.value_or(defaults.order);
  }
  if (const Node* decimal = table.find("decimal")) {
    defaults.decimal_point = read_mark(*decimal, "decimal", reading).value_or(defaults.decimal_point);
    defaults.group_mark = defaults.decimal_point == ',' ? '.' : ',';
  }
  if (const Node* thousands = table.find("thousands")) {
    defaults.group_mark = read_mark(*thousands, "thousands", reading).value_or(defaults.group_mark);
    if (defaults.group_mark == defaults.decimal_point) {
      reading.sink.report(thousands->span, diag::MappingConflict, table.what(), "decimal", "thousands")
          .hint("`decimal` is `{}` here; the two marks must differ", defaults.decimal_point == ',' ? "comma" : "point");
    }
  }
  if (const Node* empty = table.find("empty")) defaults.empty_words = read_texts(*empty, "empty", reading);
}

ValueFrom read_value(const Node& node, std::string_view called, Role role, const Defaults& defaults,
                     const Reading& reading) {
  if (node.kind == NodeKind::map) return read_long_form(node, called, role, defaults, reading);
  ValueFrom value;
  value.place = written_at(node.span, reading);
  use(defaults, value);
  if (node.kind == NodeKind::text && !node.text.empty()) {
    value.column = read_column(node, called, reading);
  } else if (node.kind == NodeKind::list) {
    report_kind(node, quoted(called), "a column or a map of keys", reading)
        .hint("for a column that has several headers write `{}: {{ column: [A, B] }}`", called);
  } else {
    report_kind(node, quoted(called), "a column or a map of keys", reading);
  }
  return value;
}

}  // namespace plumb::adapters
