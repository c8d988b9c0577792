#include "history/write.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/decimal.h"

namespace plumb::history {

namespace {

constexpr std::string_view not_known = "?";

// 240000.5: digits without groups.
std::string number_cell(std::int64_t millionths) {
  std::string text = plumb::to_text(Decimal{millionths});
  std::erase(text, ',');
  return text;
}

// The rows of one file: cells are put one after the other.
struct Table {
  std::string text;
  bool begun = false;

  void put(std::string_view cell) {
    if (std::exchange(begun, true)) text += ',';
    append_cell(text, cell);
  }
  void end() {
    text += '\n';
    begun = false;
  }
};

struct Writer {
  const History& history;
  time::Zone zone;
  std::vector<std::uint8_t> kept;  // per deal

  std::string_view word(std::uint32_t id) const { return history.words[id]; }
  bool supplied(std::string_view fact) const { return history.supplier.count(std::string(fact)) > 0; }

  std::string at_cell(Instant at, bool by_day) const {
    if (!at.known()) return {};
    return by_day ? time::to_text(zone.day_of(at)) : time::to_text_utc(at);
  }
  // What nobody recorded is no `recorded is at`.
  static std::string recorded_cell(Instant recorded, Instant at) {
    if (recorded == at) return {};
    return recorded.known() ? time::to_text_utc(recorded) : std::string(not_known);
  }
};

std::string_view source_word(Source source) {
  static constexpr std::string_view words[] = {"", "claim", "third_party", "buyer", "system"};
  return words[static_cast<std::size_t>(source)];
}

// A deal's creation stands in the row of the deal, the start of a leave in that of the leave.
bool has_row(const Kind& kind) {
  return kind.of != KindClass::created && !(kind.of == KindClass::activity && kind.name == leave_start);
}

// ---- columns of fields ----------------------------------------------------------------------------------------------

// A column of a file, made of the columns of one name in several tables.
struct Header {
  std::string name;
  bool own_time = false;
};

void add_header(std::vector<Header>& headers, const Writer& writer, const Column& column) {
  if (!writer.supplied(column.name)) return;
  auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& h) { return h.name == column.name; });
  if (found == headers.end()) found = headers.insert(headers.end(), {column.name, false});
  found->own_time |= !column.recorded.empty();
}

std::vector<Header> headers_of(const Writer& writer, const std::vector<Column>& columns) {
  std::vector<Header> headers;
  for (const Column& column : columns) add_header(headers, writer, column);
  return headers;
}

void put_headers(Table& table, const std::vector<Header>& headers) {
  for (const Header& header : headers) {
    table.put(header.name);
    if (header.own_time) table.put(header.name + ".recorded");
  }
  table.end();
}

std::string own_time_cell(const Column& column, std::uint32_t row) {
  if (column.recorded.empty()) return {};
  return column.recorded[row].known() ? time::to_text_utc(column.recorded[row]) : std::string(not_known);
}

// What a deal was created with where its changes only are told is nothing yet, and not something that nobody saw.
bool only_changes(const Writer& writer, const std::vector<Column>& columns, const Column& column, std::uint32_t row) {
  const std::vector<Kind>& kinds = writer.history.kinds;
  return &columns == &writer.history.deals.columns && column.values[row] == unobserved &&
         std::any_of(kinds.begin(), kinds.end(),
                     [&](const Kind& kind) { return kind.of == KindClass::change && kind.name == column.name; });
}

void put_fields(Table& table, const Writer& writer, const std::vector<Header>& headers,
                const std::vector<Column>& columns, std::uint32_t row) {
  for (const Header& header : headers) {
    const auto column =
        std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == header.name; });
    const bool has = column != columns.end();
    const bool empty = !has || only_changes(writer, columns, *column, row);
    table.put(empty ? std::string() : canonical_cell(writer.history.words, *column, row));
    if (header.own_time) table.put(has ? own_time_cell(*column, row) : std::string());
  }
}

// ---- deals, accounts, people ----------------------------------------------------------------------------------------

// The event that made the deal. Missing: its timeline's size.
std::size_t creation_of(const History& history, std::uint32_t deal) {
  const Timeline& events = history.deal_events;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
    if (history.kinds[events.kind[i]].of == KindClass::created) return i;
  }
  return events.size();
}

TextFile deals_file(const Writer& writer) {
  const History& history = writer.history;
  std::vector<Header> headers;
  for (const Column& column : history.deals.columns) {
    if (column.name != "account") add_header(headers, writer, column);
  }
  const bool accounts = writer.supplied("account");
  Table table;
  for (std::string_view name : {"deal", "created", "recorded"}) table.put(name);
  if (accounts) table.put("account");
  put_headers(table, headers);
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    if (!writer.kept[deal]) continue;
    const std::size_t i = creation_of(history, deal);
    const bool has = i < history.deal_events.size();
    const Instant at = has ? history.deal_events.at[i] : Instant::unknown();
    table.put(writer.word(history.deals.ids[deal]));
    table.put(writer.at_cell(at, has && history.deal_events.by_day[i]));
    table.put(Writer::recorded_cell(has ? history.deal_events.recorded[i] : at, at));
    const std::uint32_t account = deal < history.deal_account.size() ? history.deal_account[deal] : UINT32_MAX;
    if (accounts) table.put(account == UINT32_MAX ? std::string_view() : writer.word(history.accounts.ids[account]));
    put_fields(table, writer, headers, history.deals.columns, deal);
    table.end();
  }
  return {"deals.csv", std::move(table.text)};
}

// An account that no row describes is only a name.
bool described(const Subjects& accounts, std::uint32_t row) {
  return std::any_of(accounts.columns.begin(), accounts.columns.end(),
                     [&](const Column& column) { return column.values[row] != unobserved; });
}

TextFile accounts_file(const Writer& writer) {
  const Subjects& accounts = writer.history.accounts;
  const std::vector<Header> headers = headers_of(writer, accounts.columns);
  Table table;
  table.put("account");
  put_headers(table, headers);
  for (std::uint32_t row = 0; row < accounts.size(); ++row) {
    if (!accounts.columns.empty() && !described(accounts, row)) continue;
    table.put(writer.word(accounts.ids[row]));
    put_fields(table, writer, headers, accounts.columns, row);
    table.end();
  }
  return {"accounts.csv", std::move(table.text)};
}

std::string day_cell(Day day) { return day.known() ? time::to_text(day) : std::string(); }

TextFile people_file(const Writer& writer) {
  const People& people = writer.history.people;
  const std::vector<Header> headers = headers_of(writer, people.columns);
  Table table;
  for (std::string_view name : {"person", "from"}) table.put(name);
  for (std::string_view name : {"joined", "left"}) {
    if (writer.supplied(name)) table.put(name);
  }
  put_headers(table, headers);
  for (std::uint32_t person = 0; person < people.names.size(); ++person) {
    for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
      table.put(writer.word(people.names.ids[person]));
      table.put(day_cell(people.from[row]));
      if (writer.supplied("joined")) table.put(day_cell(people.joined[person]));
      if (writer.supplied("left")) table.put(day_cell(people.left[person]));
      put_fields(table, writer, headers, people.columns, row);
      table.end();
    }
  }
  return {"people.csv", std::move(table.text)};
}

TextFile leave_file(const Writer& writer) {
  Table table;
  for (std::string_view name : {"person", "from", "to", "recorded"}) table.put(name);
  table.end();
  for (const People::Leave& leave : writer.history.people.leave) {
    const Instant at = leave.from.known() ? writer.zone.start_of(leave.from) : Instant::unknown();
    table.put(writer.word(writer.history.people.names.ids[leave.person]));
    table.put(day_cell(leave.from));
    table.put(day_cell(leave.to));
    table.put(Writer::recorded_cell(leave.recorded, at));
    table.end();
  }
  return {"leave.csv", std::move(table.text)};
}

TextFile contacts_file(const Writer& writer) {
  const Contacts& contacts = writer.history.contacts;
  const std::vector<Header> headers = headers_of(writer, contacts.columns);
  Table table;
  for (std::string_view name : {"contact", "deal", "created", "recorded", "source"}) table.put(name);
  put_headers(table, headers);
  for (std::uint32_t deal = 0; deal + 1 < contacts.first.size(); ++deal) {
    if (!writer.kept[deal]) continue;
    for (std::uint32_t row = contacts.first[deal]; row < contacts.first[deal + 1]; ++row) {
      table.put(writer.word(contacts.ids[row]));
      table.put(writer.word(writer.history.deals.ids[deal]));
      table.put(writer.at_cell(contacts.since[row], false));
      table.put(Writer::recorded_cell(contacts.recorded[row], contacts.since[row]));
      table.put(source_word(contacts.source[row]));
      put_fields(table, writer, headers, contacts.columns, row);
      table.end();
    }
  }
  return {"contacts.csv", std::move(table.text)};
}

TextFile rates_file(const Writer& writer) {
  Table table;
  for (std::string_view name : {"date", "from", "to", "rate"}) table.put(name);
  table.end();
  for (const Rate& rate : writer.history.rates) {
    table.put(day_cell(rate.day));
    table.put(writer.word(rate.from));
    table.put(writer.word(rate.into));
    table.put(number_cell(rate.rate.millionths));
    table.end();
  }
  return {"rates.csv", std::move(table.text)};
}

// A column of events.csv may name every field, activity and record: of those that nothing supplied, and of stages, it
// is said that they are observed at no time that anybody asks about.
std::vector<std::string> never_observed(const Writer& writer) {
  std::vector<std::string> names;
  if (!writer.supplied("stage")) names.emplace_back("stage");
  for (const Kind& kind : writer.history.kinds) {
    if (kind.of == KindClass::move || !has_row(kind)) continue;
    const bool field = kind.of == KindClass::change;
    if (!writer.supplied(field ? kind.name : time_key(kind.name))) names.push_back(kind.name);
  }
  std::erase_if(names, [&](const std::string& name) { return writer.history.coverage.of.count(name) > 0; });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

TextFile coverage_file(const Writer& writer, bool events) {
  const Coverage& coverage = writer.history.coverage;
  Table table;
  for (std::string_view name : {"what", "from", "until"}) table.put(name);
  table.end();
  const auto put = [&](std::string_view what, const time::Interval& observed) {
    table.put(what);
    table.put(observed.from.known() ? time::to_text_utc(observed.from) : std::string());
    table.put(observed.until == Instant::max() ? std::string() : time::to_text_utc(observed.until));
    table.end();
  };
  const bool always = !coverage.everything.from.known() && coverage.everything.until == Instant::max();
  if (!always) put("everything", coverage.everything);
  for (const auto& [what, observed] : coverage.of) put(what, observed);
  const Instant end_of_time = writer.zone.start_of(*time::day_of(2200, 12, 31));
  for (const std::string& what : events ? never_observed(writer) : std::vector<std::string>()) {
    put(what, {end_of_time, Instant::max()});
  }
  return {"coverage.csv", std::move(table.text)};
}

// ---- events ---------------------------------------------------------------------------------------------------------

// Activities and records are one class: semantics.md §1.
KindClass class_at(const History& history, const Timeline& events, std::uint32_t i) {
  return std::min(history.kinds[events.kind[i]].of, KindClass::activity);
}

// Facts of one instant and class stand in the order of `sequence`. Missing: empty where there is but one.
std::string sequence_cell(const History& history, std::uint32_t first, std::uint32_t last, std::uint32_t i) {
  const Timeline& events = history.deal_events;
  const auto tied = [&](std::uint32_t other) {
    return events.at[other] == events.at[i] && class_at(history, events, other) == class_at(history, events, i);
  };
  const bool alone = !(i > first && tied(i - 1)) && !(i + 1 < last && tied(i + 1));
  return alone ? std::string() : fmt::format("{}", i - first);
}

std::string_view kind_word(KindClass of) {
  switch (of) {
    case KindClass::move: return "move";
    case KindClass::change: return "change";
    case KindClass::record: return "record";
    default: return "activity";
  }
}

// What every row of events and records says in the same columns.
void put_source(Table& table, const Writer& writer, const Timeline& events, std::uint32_t i) {
  const std::uint32_t actor = events.actor[i];
  table.put(actor == UINT32_MAX ? std::string_view() : writer.word(writer.history.people.names.ids[actor]));
  table.put(source_word(events.source[i]));
}

void put_event(Table& table, const Writer& writer, const std::vector<Header>& headers, std::uint32_t deal,
               std::uint32_t i) {
  const History& history = writer.history;
  const Timeline& events = history.deal_events;
  const Kind& kind = history.kinds[events.kind[i]];
  const bool from_to = kind.of == KindClass::move || kind.of == KindClass::change;
  table.put(writer.word(history.deals.ids[deal]));
  table.put(writer.at_cell(events.at[i], events.by_day[i]));
  table.put(Writer::recorded_cell(events.recorded[i], events.at[i]));
  table.put(kind_word(kind.of));
  table.put(kind.of == KindClass::move ? std::string_view() : std::string_view(kind.name));
  for (std::size_t side : {0u, 1u}) {
    // That the old value was left out is said by an empty cell.
    const bool said = from_to && kind.columns[side].values[events.row[i]] != unobserved;
    table.put(said ? canonical_cell(history.words, kind.columns[side], events.row[i]) : std::string());
  }
  put_source(table, writer, events, i);
  if (!events.contact.empty()) table.put(events.contact[i] ? writer.word(events.contact[i]) : std::string_view());
  table.put(sequence_cell(history, events.first[deal], events.first[deal + 1], i));
  static const std::vector<Column> none;
  put_fields(table, writer, headers, from_to ? none : kind.columns, events.row[i]);
  table.end();
}

std::vector<Header> event_headers(const Writer& writer, bool of_person) {
  std::vector<Header> headers;
  for (const Kind& kind : writer.history.kinds) {
    if (kind.of != KindClass::record && (of_person || kind.of != KindClass::activity)) continue;
    for (const Column& column : kind.columns) add_header(headers, writer, column);
  }
  return headers;
}

TextFile events_file(const Writer& writer) {
  const History& history = writer.history;
  const Timeline& events = history.deal_events;
  const std::vector<Header> headers = event_headers(writer, false);
  Table table;
  for (std::string_view name : {"deal", "at", "recorded", "kind", "name", "from", "to", "actor", "source"}) {
    table.put(name);
  }
  if (!events.contact.empty()) table.put("contact");
  table.put("sequence");
  put_headers(table, headers);
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    if (!writer.kept[deal]) continue;
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
      if (has_row(history.kinds[events.kind[i]])) put_event(table, writer, headers, deal, i);
    }
  }
  return {"events.csv", std::move(table.text)};
}

TextFile records_file(const Writer& writer) {
  const History& history = writer.history;
  const Timeline& events = history.person_events;
  const std::vector<Header> headers = event_headers(writer, true);
  Table table;
  for (std::string_view name : {"person", "name", "at", "recorded", "actor", "source"}) table.put(name);
  put_headers(table, headers);
  for (std::uint32_t person = 0; person + 1 < events.first.size(); ++person) {
    for (std::uint32_t i = events.first[person]; i < events.first[person + 1]; ++i) {
      const Kind& kind = history.kinds[events.kind[i]];
      if (!has_row(kind)) continue;
      table.put(writer.word(history.people.names.ids[person]));
      table.put(kind.name);
      table.put(writer.at_cell(events.at[i], events.by_day[i]));
      table.put(Writer::recorded_cell(events.recorded[i], events.at[i]));
      put_source(table, writer, events, i);
      put_fields(table, writer, headers, kind.columns, events.row[i]);
      table.end();
    }
  }
  return {"records.csv", std::move(table.text)};
}

bool any_supplied(const Writer& writer, KindClass of) {
  return std::any_of(writer.history.kinds.begin(), writer.history.kinds.end(),
                     [&](const Kind& kind) { return kind.of == of && writer.supplied(kind.name); });
}

}  // namespace

void append_cell(std::string& line, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += cell;
    return;
  }
  line += '"';
  for (char c : cell) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

std::string canonical_cell(const Dictionary& words, const Column& column, std::uint32_t row) {
  const std::int64_t value = column.values[row];
  if (value == missing) return {};
  if (!is_value(value)) return column.type == ValueType::text ? std::string() : std::string(not_known);
  switch (column.type) {
    case ValueType::text: return std::string(words[static_cast<std::uint32_t>(value)]);
    case ValueType::decimal: return number_cell(value);
    case ValueType::money: {
      const std::uint32_t currency = column.currency[row];
      return currency ? fmt::format("{} {}", number_cell(value), words[currency]) : number_cell(value);
    }
    case ValueType::date: return time::to_text(Day{static_cast<std::int32_t>(value)});
    case ValueType::instant: return time::to_text_utc(Instant{value});
    case ValueType::boolean: return value ? "yes" : "no";
  }
  return {};
}

std::vector<TextFile> write_canonical(const History& history, const time::Zone& default_zone, const Deals& deals) {
  Writer writer{history, default_zone, {}};
  writer.kept.assign(history.deals.size(), deals ? 0 : 1);
  if (deals) {
    for (std::uint32_t deal : *deals) writer.kept[deal] = 1;
  }
  std::vector<TextFile> files{deals_file(writer)};
  // A file that is there says that what it could tell is observed.
  const bool events = writer.supplied("stage") || any_supplied(writer, KindClass::activity) ||
                      history.deal_events.size() > history.deals.size();
  if (events) files.push_back(events_file(writer));
  if (!history.people.from.empty() || writer.supplied("role")) files.push_back(people_file(writer));
  if (writer.supplied("leave")) files.push_back(leave_file(writer));
  const bool records = history.person_events.size() > 0 || any_supplied(writer, KindClass::record);
  if (records) files.push_back(records_file(writer));
  if (history.accounts.size() > 0) files.push_back(accounts_file(writer));
  if (writer.supplied("contact")) files.push_back(contacts_file(writer));
  if (!history.rates.empty()) files.push_back(rates_file(writer));
  TextFile coverage = coverage_file(writer, events);
  if (coverage.text.find('\n') + 1 < coverage.text.size()) files.push_back(std::move(coverage));
  return files;
}

}  // namespace plumb::history
