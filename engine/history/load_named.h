#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "history/load_tables.h"

/// Whom the rows of files name, wherever they do.
namespace plumb::history::loading {

/// As what somebody is named, as a message about the row says it.
inline constexpr std::string_view acts_here = "acts here", owns_here = "owns this deal", owned_here = "owned this deal",
                                  manages_here = "manages somebody here", is_named_here = "is named here";

/// The kinds of changes, of which there are some, whose values are people.
inline std::vector<std::uint8_t> naming_kinds(const Raw& raw) {
  std::vector<std::uint8_t> kinds;
  for (const RawKind& kind : raw.kinds) {
    kinds.push_back(kind.table.rows > 0 && kind.field && (kind.field->person || kind.field == &raw.owner));
  }
  return kinds;
}

/// What `column` of a table says of each row; `place` gives where row i stands.
template <class Visit, class PlaceOf>
void each_in_column(const Table& table, std::string_view name, std::string_view as, PlaceOf place, Visit visit) {
  const int column = table.find(name);
  if (column < 0) return;
  const auto& values = table.columns[static_cast<std::size_t>(column)].values;
  for (std::size_t i = 0; i < values.size(); ++i) visit(values[i], as, [&] { return place(i); });
}

/// Whoever acts, owns or manages, and whom a field of people names: `visit(word, as, place)` for each time that one is,
/// also where the word is no value; `place()` is where. Events that are left out name nobody.
template <class Visit>
void each_named(const Raw& raw, const Schema& schema, Visit visit) {
  for (const auto* events : {&raw.deal_events, &raw.person_events}) {
    for (std::size_t i = 0; i < events->size(); ++i) {
      if (events->actor(i) == nobody || events->subject(i) == nobody) continue;
      visit(std::int64_t{events->actor(i)}, acts_here, [&] { return events->place(i); });
    }
  }
  const auto in = [&](const Table& table, const auto& rows, std::string_view name, std::string_view as) {
    each_in_column(
        table, name, as, [&](std::size_t i) { return rows[i].place; }, visit);
  };
  const auto named = [&](const Table& table, const auto& rows, const std::vector<SchemaField>& fields) {
    for (const SchemaField& field : fields) {
      if (field.person) in(table, rows, field.name, is_named_here);
    }
  };
  in(raw.deals, raw.deal_rows, "owner", owns_here);
  in(raw.people, raw.person_rows, "manager", manages_here);
  named(raw.deals, raw.deal_rows, schema.deal_fields), named(raw.accounts, raw.account_rows, schema.account_fields);
  named(raw.people, raw.person_rows, schema.person_fields);
  const RawEvents& events = raw.deal_events;
  const std::vector<std::uint8_t> naming = naming_kinds(raw);
  const bool any = std::count(naming.begin(), naming.end(), 1) > 0;
  for (std::size_t i = 0; any && i < events.size(); ++i) {
    if (naming[events.kind(i)] == 0 || events.subject(i) == nobody) continue;
    const RawKind& kind = raw.kinds[events.kind(i)];
    const bool owner = kind.name == raw.owner.name;
    for (std::size_t c = 0; c < kind.table.columns.size(); ++c) {
      visit(kind.table.columns[c].values[events.row(i)],
            !owner   ? is_named_here
            : c == 0 ? owned_here
                     : owns_here,
            [&] { return events.place(i); });
    }
  }
}

}  // namespace plumb::history::loading
