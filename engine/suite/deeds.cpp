#include <fmt/format.h>

#include "suite/telling.h"

namespace plumb::suite {

namespace {

using model::Deed;

/// What a line about an event has in common. `kind`: what the file calls it; empty in the file of records about people.
Cells event_cells(const Telling& telling, const Deed& deed, const std::string& kind) {
  const model::CastMember& subject = telling.member(deed.subject);
  const bool person = subject.kind == model::CastMember::Kind::person;
  Cells cells{{person ? "person" : "deal", subject.name},
              {"at", time_cell(deed.at, deed.day)},
              {"recorded", time_cell(deed.recorded)},
              {"actor", person ? subject.name : owner_at(telling, deed.subject, deed.at)}};
  if (!kind.empty()) cells.emplace_back("kind", kind);
  return cells;
}

void tell_stated(Telling& telling, const Deed& deed, const std::string& kind, const std::string& name) {
  const bool person = telling.member(deed.subject).kind == model::CastMember::Kind::person;
  Cells cells = event_cells(telling, deed, person ? "" : kind);
  cells.emplace_back("name", name);
  for (const model::Fact& fact : deed.facts) add_fact(telling, fact, cells);
  add_source(telling, deed.facts, cells);
  (person ? telling.records : telling.events).add(deed.span, cells);
}

void tell_change(Telling& telling, const Deed& deed) {
  const model::CastMember::Kind kind = telling.member(deed.subject).kind;
  if (kind == model::CastMember::Kind::person) return;  // stands in the rows of people
  if (kind != model::CastMember::Kind::deal) {
    const std::string_view noun = kind == model::CastMember::Kind::account ? "an account" : "a contact";
    telling.troubles.push_back(
        {deed.span, fmt::format("what is known of {} does not change within a history", noun), "say it in the cast"});
    return;
  }
  for (const model::Fact& fact : deed.facts) {
    const std::optional<std::string> value = cell_of(telling, fact);
    if (!value) continue;
    Cells cells = event_cells(telling, deed, "change");
    cells.emplace_back("name", telling.book.fields[fact.field].name);
    cells.emplace_back("to", *value);
    cells.emplace_back("source", source_word(fact.source));
    telling.events.add(deed.span, cells);
  }
}

void tell_move(Telling& telling, const Deed& deed, const MoveRow& move) {
  Cells cells = event_cells(telling, deed, "move");
  cells.emplace_back("from", move.from);
  cells.emplace_back("to", move.to);
  telling.events.add(deed.span, cells);
}

}  // namespace

void tell_deeds(Telling& telling) {
  const std::map<std::size_t, MoveRow> moves = moves_of(telling);
  for (std::size_t row = 0; row < telling.test.deeds.size(); ++row) {
    const Deed& deed = telling.test.deeds[row];
    if (const auto move = moves.find(row); move != moves.end()) {
      tell_move(telling, deed, move->second);
    } else if (deed.kind == Deed::Kind::sets) {
      tell_change(telling, deed);
    } else if (deed.kind == Deed::Kind::records) {
      tell_stated(telling, deed, "record", telling.book.records[deed.record].name);
    } else if (deed.kind == Deed::Kind::happens && deed.activity) {
      tell_stated(telling, deed, "activity", telling.book.activities[deed.activity].name);
    }
  }
}

}  // namespace plumb::suite
