#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "history/history.h"
#include "time/parse_time.h"

/// What the columns of a folder of CSV files mean. The canonical folder has one built in (`canonical_mapping`); for
/// foreign exports a mapping file says it.
namespace plumb::history {

/// A place in the mapping file, from 1. Missing: line 0 for what is built in.
struct MappingPlace {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// A column by its header; the first of `names` that the file has. Empty names: no column.
struct ColumnRef {
  std::vector<std::string> names;
  MappingPlace place;
  bool optional = false;  // the file may lack it
  bool given() const { return !names.empty(); }
};

/// Where a value comes from and how its text is read.
struct ValueFrom {
  ColumnRef column;
  std::optional<std::string> constant;
  std::vector<std::pair<std::string, std::string>> rename;  // cell → our word (stages, choices, kinds)
  bool rename_all = false;  // a cell that `rename` does not list makes the row unreadable
  time::DateOrder order = time::DateOrder::year_month_day;
  std::string zone;  // empty: the file's, else the mapping's
  char decimal_point = '.';
  char group_mark = ',';
  std::string currency;                  // for every row
  ColumnRef currency_column;             // of several that the file has, the first that says one in the row
  std::vector<std::string> empty_words;  // cells that mean empty: `NULL`, `-`
  bool percent = false;                  // a number alone counts hundredths: `10` is 10 %
  bool day_alone = false;                // of an instant only the day that is written counts
  bool blank_is_unsaid = false;          // an empty cell says nothing, rather than that there is nothing
  MappingPlace place;
  bool given() const { return column.given() || constant.has_value(); }
};

/// A row counts when the column's cell is (not) one of the words; an empty word means an empty cell.
struct RowCondition {
  ColumnRef column;
  std::vector<std::string> is_one_of;
  bool negated = false;
  bool numbers = false;  // so is every cell of digits alone that is no such word
};

enum class RowKind : std::uint8_t {
  deal,      // subject, at = created, account, owner, fields as of creation
  account,   // subject, fields
  person,    // subject, from (a date), joined, left, fields
  leave,     // subject (a person), from, to, recorded
  contact,   // subject (a contact), deal, at = since when, fields
  rate,      // at (a day), from, to: currencies, rate
  move,      // subject, from, to, at
  change,    // subject, name = the field, from, to, at
  activity,  // subject, name, at, fields
  record,    // subject (deal or person, by `about`), name, at, fields
  coverage,  // name, from, to
  refused,   // because
};

/// What each row of a file (that satisfies `when`) becomes. Which members are read depends on `kind`.
struct RowSpec {
  RowKind kind = RowKind::activity;
  std::vector<RowCondition> when;
  ValueFrom subject;
  bool about_person = false;  // record: the subject is a person
  ValueFrom name;
  ValueFrom at, recorded, actor, source, sequence;
  ValueFrom id;  // move, change, activity, record: of the row, where others may say the same
  ValueFrom from, to;
  ValueFrom account, owner, joined, left;
  ValueFrom deal;     // contact: whose
  ValueFrom contact;  // activity, record: with whom
  ValueFrom rate;
  std::string because;  // refused: what is wrong with such a row
  std::vector<std::pair<std::string, ValueFrom>> fields;
  bool fields_by_header = false;  // every declared field whose name is a header; `F.recorded` is its own time
  MappingPlace place;
};

struct FileSpec {
  std::string path;  // in the history's folder
  char delimiter = ',';
  bool optional = false;  // canonical: the file may be absent
  bool file_order_is_sequence = false;
  bool every_row_counts = false;  // a row that no `when` wants is refused, not ignored
  std::string zone;
  std::vector<RowSpec> rows;  // empty: the file is read for others, and every row that is whole counts as used
  MappingPlace place;
  std::string part_of = {};                 // files of one name stand beside each other and are one table; empty: alone
  std::vector<std::string> elsewhere = {};  // columns that other parts of it have and this one lacks
};

struct Mapping {
  std::string path;                // of the mapping file; empty: canonical
  std::string zone = "UTC";        // of instants that carry no offset
  std::string unnamed_actor;       // a blank actor is this person; empty: nobody
  bool actors_are_people = false;  // whoever acts or owns is a person even if no file lists him
  bool recorded_is_at = false;     // where a row gives no `recorded`
  std::vector<FileSpec> files;
  Coverage coverage;
  std::map<std::string, MappingPlace> coverage_places;  // of the names in its coverage and, by told_key, its `told by`
  Instant complete_until = Instant::max();
  /// A field, an activity, a record or `stage`: what would tell more of it than the export does (`told_key`).
  std::map<std::string, std::string> told_by;
};

/// The canonical folder. Only deals.csv must be there; of the columns those marked * (where their file is there). A
/// header's case does not matter, nor does the order of columns; other columns are left alone.
///
///   deals.csv     deal*, created*, recorded, account, owner, FIELD …
///   events.csv    deal*, at*, kind*, recorded, name, from, to, actor, contact, source, sequence, id, ATTRIBUTE …
///                 kind: move (from → to, stages by id) · change (of the field `name`, from → to) · activity, record
///   people.csv    person*, from, joined, left, role, team, manager, active, FIELD …
///                 a row holds from its day to the next row's
///   leave.csv     person*, from*, to*, recorded      both days included; an empty `to`: until further notice
///   records.csv   person*, name*, at*, recorded, actor, source, id, ATTRIBUTE …   what is stated about a person
///   accounts.csv  account*, FIELD …
///   contacts.csv  contact*, deal*, created, recorded, source, FIELD …
///   rates.csv     date*, from*, to*, rate*   what one unit of a currency is worth in another, until the next row
///   coverage.csv  what*, from*, until*       half open; `what`: a name, `everything`, or `complete until`, whose
///   `until`
///                 is that of the mapping
///
/// FIELD and ATTRIBUTE are names that the rulebook declares; `F.recorded` beside F is the time at which F was stated.
/// Instants are ISO 8601, in UTC without an offset; a date alone is a fact of that day. `source`: claim, third_party,
/// buyer, system. `sequence`: a whole number that orders facts of one instant. `id`: rows that say the same and have
/// different ones are different facts; an attribute that is called so is none. An empty `recorded` is `at`. Whoever
/// acts, owns, manages or is spoken of is a person, listed or not. A FIELD, an ATTRIBUTE, a `from`, a `to` or a
/// `recorded` that is `not_known` is unknown, and that is no mistake. In `from` of a change an empty cell says nothing,
/// and `nothing` that there was nothing. A text that is one of these marks itself has `\` before it, as has one that is
/// such a spelling (`needs_escape`).
Mapping canonical_mapping();
inline constexpr std::string_view not_known = "?";
inline constexpr std::string_view nothing = "-";
inline bool needs_escape(std::string_view text) {
  const std::size_t mark = text.find_first_not_of('\\');
  return mark != std::string_view::npos && mark + 1 == text.size() && (text[mark] == '?' || text[mark] == '-');
}
inline constexpr std::string_view complete_until_row = "complete until";

}  // namespace plumb::history
