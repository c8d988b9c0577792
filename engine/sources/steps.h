#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "history/mapping.h"
#include "sources/table.h"
#include "time/calendar.h"
#include "time/parse_time.h"

/// What a mapping file has done to tables before their rows are read. No step leaves a row out: which rows count is
/// said by `when`, so that every row of the file is accounted for.
namespace plumb::sources {

/// Which rows count: those whose cell is (not) one of the words.
struct Where {
  std::string column;
  std::vector<std::string> words;
  bool negated = false;
  bool optional = false;  // the table may lack the column; then its cells are empty
};

/// Adds what the row before said: the previous one of the same subject, by time, then by their order in the file. For
/// each column C: `before C`, and `C changed`, which is `yes` where the two differ. `first` is `yes` in a subject's
/// first row.
struct RowBefore {
  std::vector<std::string> same;  // the columns that tell whose row it is
  std::string by;                 // the column of the time
  std::vector<std::string> columns;
  history::MappingPlace place;
};

/// Writes in place of an id that was merged into another the one that is left, by a table of merges.
struct Merges {
  std::vector<std::string> columns;  // in which such ids stand
  std::string in;                    // the other file
  std::string from, to;              // its columns: the id that is gone, and the one it is now
  history::MappingPlace place;
};

/// A column that a look-up takes over.
struct Taken {
  std::string here, there;
  bool optional = false;  // the other table may lack it; then the cells are empty
};

/// Where the words of a step stand in the mapping: its columns among them. Missing: not there, the step's own place.
using WrittenAt = std::map<std::string, history::MappingPlace>;

/// Adds cells of the first row of another table whose key is the same, each of whose columns of `unlike` differs and of
/// which `where` holds; empty cells where there is none.
struct LookUp {
  std::string in;                                           // the other file
  std::vector<std::pair<std::string, std::string>> same;    // this column = that column
  std::vector<Where> where;                                 // of that file
  std::vector<std::pair<std::string, std::string>> unlike;  // this column is not as that column, if only one is empty
  std::string by;     // its column of the time: the earliest row is the first; empty: the one that stands first
  bool last = false;  // the latest, or the one that stands last, in place of the first
  std::vector<Taken> columns;
  history::MappingPlace place;
  WrittenAt written = {};
};

/// A log of changes in another file: which of its rows are about what.
struct ChangesIn {
  std::string in;                                         // the other file
  std::vector<std::pair<std::string, std::string>> same;  // this column = that column
  std::vector<Where> where;                               // of that file
  std::string by;                                         // their column of the time
  std::string sequence;  // their column of whole numbers that orders those of one instant, if they have it
  std::string name;      // their column that says what changed
  std::string was;       // their column of the old value
  std::vector<std::pair<std::string, std::vector<std::string>>>
      columns;  // this column: what they may call it in `name`
  history::MappingPlace place;
  WrittenAt written = {};
};

/// Adds what columns of current values were at first, by a log of changes: for each column C `first C`, which is the
/// old value of the earliest change of C in the other table, or C itself where there is none.
struct AtFirst : ChangesIn {
  std::string since;   // our column of a time: what changed before does not count; empty: everything does
  std::string became;  // their column of the new value, which orders changes of one instant; empty: they stand in order
};

/// Adds what something was at the time of a row, by a log of changes: for each column C, which is new, what the last
/// change up to then made of it, or the old value of the first one behind; empty where there is none.
struct AtTheTime : ChangesIn {
  std::string became;  // their column of the new value
  std::string at;      // our column of the time
};

/// Adds a column that says whether a time is `earlier` than another, the `same` or `later`; by days where one of them
/// has no time of day. Missing: empty where one of them is no time.
struct Compare {
  std::string column, with, as;
  std::string without_seconds;  // said of two of one minute, of which one is written without; empty: they are the same
  std::string empty;            // said where the file has `column` and its cell is empty; empty: nothing
  std::int64_t within = 0;      // microseconds: two that are no farther apart are the same
  bool optional = false;    // the file may lack the columns; then their cells are empty
  history::MappingPlace place;
};

/// Makes a table of another: each row once for each column whose header fits, with the header's variable part in
/// `name` and the cell in `value`.
struct Unpivot {
  std::string of;       // the other file
  std::string columns;  // a header with one `*`
  std::string name, value;
  std::vector<std::string> but;  // what `*` does not stand for: such columns stay as they are
  std::string none;  // a column that is `yes` in the first of them where all those cells are empty; empty: none
  // A column that says which of the names it has now: then `none` is `others` where the cell of that name is empty and
  // others are not. A cell with the time that stands in `since` is it, whatever it is called. Empty: none.
  std::string present, since;
  std::string between;        // a cell holds several texts with this between them, and each is a row; empty: one alone
  std::string without;        // letters that are no part of such texts where they stand at their ends
  bool last_entries = false;  // each name is a stage, and each cell when the row's deal came into it last; empty: never
  history::MappingPlace place;
};

/// Makes a table of another whose rows have cells in groups, as many as there are, behind those that the header names:
/// `id, value, time, value, time`. Each group becomes a row; a row without groups one whose cells of a group are empty.
/// A row whose last group is not whole stays as it is, too short or too long, and is refused when it is read.
struct Groups {
  std::string of;                 // the other file
  std::vector<std::string> keep;  // how its first cells are called
  std::vector<std::string> each;  // and those of a group
  history::MappingPlace place;
};

/// Writes ids of 15 characters, in which case matters, with the three letters behind them that say the same without it;
/// those of 18 whose letters a spreadsheet made all of one case have them again as these three say.
struct LongIds {
  std::vector<std::string> columns;
  std::vector<Where> where;  // of the same row: in which rows such ids stand there
};

/// How a file may call a column otherwise than the mapping does: the mapping's name, and the others.
using AlsoCalled = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Calls the columns as the mapping does: of several the first that is there, where the name itself is not.
void call_columns(const AlsoCalled& also, std::vector<std::string>& header);

/// What several files that are one table are called: a name, or a pattern in which `*` is any text.
struct PartNames {
  std::string name;
  history::MappingPlace place;
};

/// Of one file of the mapping.
struct Steps {
  std::vector<PartNames> parts;                             // empty: the file is known by its name and its columns
  std::string query;                                        // of a database, whose answer is the file
  std::string encoding;                                     // of its bytes; empty: it is recognised
  time::DateOrder order = time::DateOrder::year_month_day;  // of the times in it
  AlsoCalled also_called;
  std::string ordered_by;     // the column whose text orders things at one instant, if the file has it
  bool newest_first = false;  // of things at one instant, the one in the later row happened first
  std::optional<Unpivot> unpivot;
  std::optional<Groups> groups;
  std::vector<LongIds> long_ids;
  std::optional<Merges> merges;
  std::vector<LookUp> look_ups;
  std::vector<AtFirst> at_first;
  std::vector<AtTheTime> at_the_time;
  std::vector<Compare> compared;
  std::optional<RowBefore> row_before;
  std::string not_read;                                               // why the file is not read at all; empty: it is
  std::vector<std::pair<std::string, std::string>> columns_not_read;  // columns that it may have, and why
  /// Whether the file is no longer as it was given when its rows are read.
  bool any() const {
    return !also_called.empty() || !ordered_by.empty() || newest_first || is_made() || !long_ids.empty() || merges ||
           !look_ups.empty() || !at_first.empty() || !at_the_time.empty() || !compared.empty() || row_before;
  }
  /// Whether the file is made of another.
  bool is_made() const { return unpivot || groups; }
  /// The headers that the steps add.
  std::vector<std::string> added() const;
  /// The headers of the file that the steps need.
  std::vector<std::string> needed() const;
  /// The headers of another file of the mapping that they look at. Missing: empty when they do not speak of it.
  std::vector<std::string> read_in(const std::string& path) const;
};

/// What they do, for people. `encoding`: of files of which nothing else is said.
std::vector<std::string> sentences(const Steps& steps, const std::string& encoding = {});

/// The id of 15 letters and digits with its check letters, and one that has them, and letters of one case alone, with
/// the capitals that they say; anything else as it is, an id of 15 whose case was changed among it.
std::string long_id(std::string_view id);
/// Whether `long_id` may make another of it.
inline bool may_be_id(std::string_view text) { return text.size() == 15 || text.size() == 18; }

/// The columns of a table that somebody will look at. Missing: nullopt for all.
using Wanted = std::optional<std::vector<std::string>>;

/// What is wrong with the steps, where the mapping says it.
struct StepFailure {
  std::string message;
  history::MappingPlace place;
  std::string column = {};  // that a file lacks; empty: it is something else
  std::string file = {};    // the user's, which lacks it; empty: the one that the step is of
};

/// How the times of a table are written. Unit: those without an offset are in `zone`.
struct Times {
  time::Zone zone;
  time::DateOrder order;
};

/// Missing: nullopt when it is done. The order is that of the members of `Steps`, without what makes a file of another.
/// `theirs`: the times of `in`; `ours`: those of `cells`. The columns that steps look at are held.
void long_ids_of(const std::vector<LongIds>& ids, Cells& cells);
std::optional<StepFailure> merge(const Merges& step, const Cells& in, Cells& cells);
std::optional<StepFailure> look_up(const LookUp& step, const Cells& in, const Times& theirs, const Times& ours,
                                   Cells& cells);
std::optional<StepFailure> at_first(const AtFirst& step, const Cells& in, const Times& theirs, const Times& ours,
                                    Cells& cells);
std::optional<StepFailure> at_the_time(const AtTheTime& step, const Cells& in, const Times& theirs, const Times& ours,
                                       Cells& cells);
std::optional<StepFailure> compare(const Compare& step, const Times& times, Cells& cells);
std::optional<StepFailure> row_before(const RowBefore& step, const Times& times, Cells& cells);
/// Puts the rows into the order of a column's text, those of one text as they stood. Without the column nothing is
/// done.
void put_in_order(const std::string& column, Cells& cells);
/// From then on the file's order is that in which things happened.
void turn_round(Cells& cells);
/// Whether a header is one of those that become rows.
bool fits(const Unpivot& step, std::string_view header);
/// Errors of what makes a table of another: the other lacks the columns, or cannot be read again.
/// `known`: names of what columns may be about, beside those that the column `present` has, which is held. `of` stays
/// as it is, save that it may let go of columns.
Result<Cells> unpivot(const Unpivot& step, const std::shared_ptr<Cells>& of, const std::vector<std::string>& known = {},
                      const Wanted& wanted = std::nullopt);
Result<Cells> regroup(const Groups& step, const std::shared_ptr<Cells>& of, const Wanted& wanted = std::nullopt);

}  // namespace plumb::sources
