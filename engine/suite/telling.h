#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "suite/table.h"
#include "suite/test_history.h"
#include "time/calendar.h"

/// A test on its way into the files of a history. Nothing outside of suite/ includes this.
namespace plumb::suite {

struct Telling {
  const model::Rulebook& book;
  const model::Test& test;
  time::Zone zone;  // of the default calendar
  Table accounts, people, leave, deals, contacts, events, records;
  std::vector<ToldMove> moves;
  std::vector<Trouble> troubles;

  const model::CastMember& member(std::uint32_t row) const { return test.cast[row]; }
};

/// `field amount` and `recorded amount`: a field of the rulebook may have any name, also that of another column.
std::string field_column(const std::string& field);
std::string recorded_column(const std::string& field);

/// The value as a cell. Missing: nullopt for what is no value (said).
std::optional<std::string> cell_of(Telling& telling, const model::Fact& fact);
std::string_view source_word(model::SourceRank source);
/// An instant, or the day of a line without a time of day.
std::string time_cell(time::Instant at, const std::optional<time::Day>& day);
std::string time_cell(const std::optional<time::Instant>& at);
/// With whom something was done.
inline constexpr const char* contact_column = "contact";
/// Adds a fact's value and the time of its recording; one of no field is the day on which somebody `joined` or `left`,
/// or the contact with whom something was done. Missing: nothing where it has no value.
void add_fact(Telling& telling, const model::Fact& fact, Cells& cells);

/// Adds where the facts of one row come from: a row has one source. Two of them are said.
void add_source(Telling& telling, const std::vector<model::Fact>& facts, Cells& cells);

/// Who owned a deal at an instant. Missing: empty for nobody.
std::string owner_at(const Telling& telling, std::uint32_t deal, time::Instant at);

/// The rows of accounts, people, leave and deals.
void tell_cast(Telling& telling);
/// The rows of all that happens.
void tell_deeds(Telling& telling);

/// A move as the history has it: the names of the stages. Missing: `from` empty for a deal's first.
struct MoveRow {
  std::string from, to;
};
/// The moves that the test's lines make, by the row of the deed. A line that another one at the same instant says, too,
/// makes none.
std::map<std::size_t, MoveRow> moves_of(Telling& telling);

}  // namespace plumb::suite
