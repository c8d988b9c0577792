#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "history/write_table.h"

namespace plumb::history::writing {

namespace {

// Activities and records are one class: semantics.md §1.
KindClass class_at(const History& history, const Timeline& events, std::uint32_t i) {
  return std::min(history.kinds[events.kind[i]].of, KindClass::activity);
}

// Whether the place of a change among those of its field on that day is known, or not. Missing: nullopt where there is
// no other, or none has a date alone.
std::optional<bool> is_placed(const Writer& writer, const Timeline& events, std::uint32_t first, std::uint32_t last,
                              std::uint32_t i) {
  if (writer.history.kinds[events.kind[i]].of != KindClass::change || !events.at[i].known()) return std::nullopt;
  const time::Day day = writer.zone.day_of(events.at[i]);
  const auto on_day = [&](std::uint32_t other) {
    return events.at[other].known() && writer.zone.day_of(events.at[other]) == day;
  };
  bool others = false, placed = events.by_day[i] == 2;
  const auto take = [&](std::uint32_t other) {
    if (events.kind[other] != events.kind[i]) return;
    others = true, placed |= events.by_day[other] == 2;
  };
  for (std::uint32_t other = i; other > first && on_day(other - 1); --other) take(other - 1);
  for (std::uint32_t other = i + 1; other < last && on_day(other); ++other) take(other);
  if (!others) return std::nullopt;
  return events.by_day[i] == 1 ? std::optional(false) : placed ? std::optional(true) : std::nullopt;
}

// Facts of one instant and class stand in the order of `sequence`. Missing: empty where there is but one, and for a
// change or a move with a date alone of which nobody knows when on its day it was made.
std::string sequence_cell(const Writer& writer, std::uint32_t first, std::uint32_t last, std::uint32_t i) {
  const History& history = writer.history;
  const Timeline& events = history.deal_events;
  const auto tied = [&](std::uint32_t other) {
    return events.at[other] == events.at[i] && class_at(history, events, other) == class_at(history, events, i);
  };
  bool told = (i > first && tied(i - 1)) || (i + 1 < last && tied(i + 1));
  // Nor where one of those stands at the instant of a move with a time: they are behind it by their date.
  const auto any_order = [&](std::uint32_t other) { return tied(other) && events.by_day[other] == 2; };
  bool open = any_order(i);
  for (std::uint32_t other = i; other > first && tied(other - 1); --other) open |= any_order(other - 1);
  for (std::uint32_t other = i + 1; other < last && tied(other); ++other) open |= any_order(other);
  if (open && class_at(history, events, i) == KindClass::move) return {};
  if (history.extent.by_day) told = is_placed(writer, events, first, last, i).value_or(told);
  return told ? fmt::format("{}", i - first) : std::string();
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

// A waiver may say from when to when it holds; in events.csv that stands where a change says what it changed.
constexpr std::string_view end_names[] = {"from", "to"};

// What every row of a file has.
constexpr std::string_view of_events[] = {"deal", "at",    "recorded", "kind",    "name",     "from",
                                          "to",   "actor", "source",   "contact", "sequence", "id"};
constexpr std::string_view of_records[] = {"person", "name", "at", "recorded", "actor", "source", "id"};

// An attribute that is called like it stands in its column.
bool has_ids(const Timeline& events, const std::vector<Header>& headers) {
  return !events.id.empty() &&
         std::none_of(headers.begin(), headers.end(), [](const Header& header) { return header.name == "id"; });
}

std::string_view id_cell(const Writer& writer, const Timeline& events, std::uint32_t i) {
  return events.id[i] == 0 ? std::string_view() : writer.word(events.id[i]);
}

const Column* column_named(const Kind& kind, std::string_view name) {
  const auto found =
      std::find_if(kind.columns.begin(), kind.columns.end(), [&](const Column& c) { return c.name == name; });
  return found == kind.columns.end() ? nullptr : &*found;
}

// Where a change does not say the old value the cell is empty; that there was none says a mark of its own. Before its
// first move a deal was nowhere; which that is nobody knows of several where one has no time. A move that leaves it out
// came from where the one before went, unless nobody saw what was between; of moves of a day without an order, and
// behind them, nobody knows which that was, and the cell is empty. `before`: the stage before, where the rows tell it;
// missing: that day does not.
std::string from_cell(const History& history, const Kind& kind, std::uint32_t row, bool first_move,
                      std::int64_t before) {
  const Column& column = kind.columns[0];
  const std::int64_t value = column.values[row];
  if (value == missing && kind.of == KindClass::change) return std::string(nothing);
  if (value == unobserved && (kind.of == KindClass::change || first_move || before == missing)) return {};
  if (value == unobserved && is_value(before)) return std::string(history.words[static_cast<std::uint32_t>(before)]);
  return canonical_cell(history.words, column, row);
}

std::string record_cell(const History& history, const Column* column, std::uint32_t row) {
  const bool said = column != nullptr && column->values[row] != unobserved;
  return said ? canonical_cell(history.words, *column, row) : std::string();
}

// False when nothing more is taken.
bool put_event(Table& table, const Writer& writer, const std::vector<Header>& headers, std::uint32_t deal,
               std::uint32_t i, bool first_move, std::int64_t before) {
  const History& history = writer.history;
  const Timeline& events = history.deal_events;
  const Kind& kind = history.kinds[events.kind[i]];
  const bool from_to = kind.of == KindClass::move || kind.of == KindClass::change;
  table.put(writer.word(history.deals.ids[deal]));
  table.put(writer.at_cell(events.at[i], events.by_day[i]));
  table.put(Writer::recorded_cell(events.recorded[i], events.at[i]));
  table.put(kind_word(kind.of));
  table.put(kind.of == KindClass::move ? std::string_view() : std::string_view(kind.name));
  const std::uint32_t row = events.row[i];
  if (from_to) {
    table.put(from_cell(history, kind, row, first_move, before));
    table.put(canonical_cell(history.words, kind.columns[1], row));
  } else {
    for (std::string_view name : end_names) table.put(record_cell(history, column_named(kind, name), row));
  }
  put_source(table, writer, events, i);
  if (!events.contact.empty()) table.put(events.contact[i] ? writer.word(events.contact[i]) : std::string_view());
  table.put(sequence_cell(writer, events.first[deal], events.first[deal + 1], i));
  if (has_ids(events, headers)) table.put(id_cell(writer, events, i));
  static const std::vector<Column> none;
  put_fields(table, writer, headers, from_to ? none : kind.columns, events.row[i]);
  return table.end();
}

std::vector<Header> event_headers(const Writer& writer, bool of_person) {
  std::vector<Header> headers;
  for (const Kind& kind : writer.history.kinds) {
    if (kind.of != KindClass::record && (of_person || kind.of != KindClass::activity)) continue;
    for (const Column& column : kind.columns) {
      const bool there = !of_person && kind.of == KindClass::record &&
                         (column.name == end_names[0] || column.name == end_names[1] || column.name == "deal");
      if (!there) add_header(headers, writer, column, kind.name);
    }
  }
  return headers;
}

}  // namespace

Result<bool> events_file(const Writer& writer) {
  const History& history = writer.history;
  const Timeline& events = history.deal_events;
  const std::vector<Header> headers = event_headers(writer, false);
  Table table("events.csv", writer.take);
  for (std::string_view name : of_events) {
    if (name == "contact" ? !events.contact.empty() : name != "id" || has_ids(events, headers)) table.put(name);
  }
  put_headers(table, headers);
  const time::Interval& observed = history.coverage.at("stage");
  const bool all_told = !observed.from.known() && observed.until == Instant::max();
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    if (!writer.kept[deal]) continue;
    const auto is_move = [&](std::uint32_t i) { return history.kinds[events.kind[i]].of == KindClass::move; };
    const std::uint32_t first = events.first[deal], last = events.first[deal + 1];
    std::uint32_t moves = 0;
    bool undated = false;  // one of which nobody knows between which others it was
    for (std::uint32_t i = first; i < last; ++i) moves += is_move(i), undated |= is_move(i) && !events.at[i].known();
    bool moved = false;
    std::int64_t before = unobserved;
    time::Day untold = time::Day::unknown();  // with moves without an order
    for (std::uint32_t i = first; i < last; ++i) {
      const bool first_move = !moved && (events.at[i].known() || moves == 1);
      if (is_move(i) && events.by_day[i] == 2) untold = writer.zone.day_of(events.at[i]);
      const bool any_order = is_move(i) && untold.known() && writer.zone.day_of(events.at[i]) == untold;
      if (any_order) before = missing;
      if (has_row(history.kinds[events.kind[i]]) && !put_event(table, writer, headers, deal, i, first_move, before)) {
        return table.finish();
      }
      if (!is_move(i)) continue;
      moved = true;
      if (any_order) continue;
      before = all_told && !undated ? history.kinds[events.kind[i]].columns[1].values[events.row[i]] : unobserved;
    }
  }
  return table.finish();
}

Result<bool> records_file(const Writer& writer) {
  const History& history = writer.history;
  const Timeline& events = history.person_events;
  const std::vector<Header> headers = event_headers(writer, true);
  Table table("records.csv", writer.take);
  for (std::string_view name : of_records) {
    if (name != "id" || has_ids(events, headers)) table.put(name);
  }
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
      if (has_ids(events, headers)) table.put(id_cell(writer, events, i));
      put_fields(table, writer, headers, kind.columns, events.row[i]);
      if (!table.end()) return table.finish();
    }
  }
  return table.finish();
}

}  // namespace plumb::history::writing
