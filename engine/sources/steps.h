#pragma once

#include <cstdint>
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

/// Adds cells of the first row of another table whose key is the same and of which `where` holds; empty cells where
/// there is none.
struct LookUp {
  std::string in;                                          // the other file
  std::vector<std::pair<std::string, std::string>> same;   // this column = that column
  std::vector<std::pair<std::string, std::string>> where;  // that column = this text
  std::vector<Taken> columns;
  history::MappingPlace place;
};

/// Adds what columns of current values were at first, by a log of changes: for each column C `first C`, which is the
/// old value of the earliest change of C in the other table, or C itself where there is none.
struct AtFirst {
  std::string in;                                          // the other file
  std::vector<std::pair<std::string, std::string>> same;   // this column = that column
  std::vector<std::pair<std::string, std::string>> where;  // that column = this text
  std::string by;    // their column of the time; of two at one instant the earlier row
  std::string name;  // their column that says what changed
  std::string was;   // their column of the old value
  std::vector<std::pair<std::string, std::string>> columns;  // this column: what they call it in `name`
  history::MappingPlace place;
};

/// Makes a table of another: each row once for each column whose header fits, with the header's variable part in
/// `name` and the cell in `value`.
struct Unpivot {
  std::string of;       // the other file
  std::string columns;  // a header with one `*`
  std::string name, value;
  history::MappingPlace place;
};

/// Makes a table of another whose rows have cells in groups, as many as there are, behind those that the header names:
/// `id, value, time, value, time`. Each group becomes a row.
struct Groups {
  std::string of;                 // the other file
  std::vector<std::string> keep;  // how its first cells are called
  std::vector<std::string> each;  // and those of a group
  history::MappingPlace place;
};

/// Writes ids of 15 characters, in which case matters, with the three letters behind them that say the same without it.
struct LongIds {
  std::vector<std::string> columns;
};

/// Of one file of the mapping.
struct Steps {
  std::string query;                                        // of a database, whose answer is the file
  time::DateOrder order = time::DateOrder::year_month_day;  // of the times in it
  bool newest_first = false;  // of things at one instant, the one in the later row happened first
  std::optional<Unpivot> unpivot;
  std::optional<Groups> groups;
  LongIds long_ids;
  std::optional<Merges> merges;
  std::vector<LookUp> look_ups;
  std::vector<AtFirst> at_first;
  std::optional<RowBefore> row_before;
  bool any() const {
    return newest_first || is_made() || !long_ids.columns.empty() || merges || !look_ups.empty() || !at_first.empty() ||
           row_before;
  }
  /// Whether the file is made of another.
  bool is_made() const { return unpivot || groups; }
  /// The headers that the steps add.
  std::vector<std::string> added() const;
  /// The headers of the file that the steps need.
  std::vector<std::string> needed() const;
};

/// The id of 15 letters and digits with its check letters; anything else as it is.
std::string long_id(std::string_view id);

/// What is wrong with the steps, where the mapping says it.
struct StepFailure {
  std::string message;
  history::MappingPlace place;
};

/// Missing: nullopt when it is done. The order is that of the members of `Steps`, without what makes a file of another.
std::optional<StepFailure> long_ids_of(const LongIds& ids, Cells& cells);
std::optional<StepFailure> merge(const Merges& step, const Cells& in, Cells& cells);
std::optional<StepFailure> look_up(const LookUp& step, const Cells& in, Cells& cells);
/// How the times of a table are written. Unit: those without an offset are in `zone`.
struct Times {
  time::Zone zone;
  time::DateOrder order;
};
/// `times`: of `in`.
std::optional<StepFailure> at_first(const AtFirst& step, const Cells& in, const Times& times, Cells& cells);
std::optional<StepFailure> row_before(const RowBefore& step, const Times& times, Cells& cells);
/// From then on the file's order is that in which things happened; where its rows stood is no longer known.
void turn_round(Cells& cells);
/// Whether a header is one of those that become rows.
bool fits(const Unpivot& step, std::string_view header);
Result<Cells> unpivot(const Unpivot& step, const Cells& of);
/// Errors: a row whose last group is not whole, with its line.
Result<Cells> regroup(const Groups& step, const Cells& of);

}  // namespace plumb::sources
