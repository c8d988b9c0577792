#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "history/mapping.h"
#include "sources/table.h"

/// What a mapping file has done to tables before their rows are read. No step leaves a row out: which rows count is
/// said by `when`, so that every row of the file is accounted for.
namespace plumb::sources {

/// Adds what the row before said: the previous one of the same subject, by time, then by their order in the file. For
/// each column C: `before C`, and `C changed`, which is `yes` where the two differ. `first` is `yes` in a subject's
/// first row.
struct RowBefore {
  std::string same;  // the column of the subject
  std::string by;    // the column of the time
  std::vector<std::string> columns;
  history::MappingPlace place;
};

/// Adds cells of the first row of another table whose key is the same and of which `where` holds; empty cells where
/// there is none.
struct LookUp {
  std::string in;                                            // the other file
  std::vector<std::pair<std::string, std::string>> same;     // this column = that column
  std::vector<std::pair<std::string, std::string>> where;    // that column = this text
  std::vector<std::pair<std::string, std::string>> columns;  // the header here ← the column there
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

/// Writes ids of 15 characters, in which case matters, with the three letters behind them that say the same without it.
struct LongIds {
  std::vector<std::string> columns;
};

/// Of one file of the mapping.
struct Steps {
  std::optional<Unpivot> unpivot;
  LongIds long_ids;
  std::vector<LookUp> look_ups;
  std::optional<RowBefore> row_before;
  bool any() const { return unpivot || !long_ids.columns.empty() || !look_ups.empty() || row_before; }
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

/// Missing: nullopt when it is done. The order is that of the members of `Steps`, without the unpivot.
std::optional<StepFailure> long_ids_of(const LongIds& ids, Cells& cells);
std::optional<StepFailure> look_up(const LookUp& step, const Cells& in, Cells& cells);
std::optional<StepFailure> row_before(const RowBefore& step, const history::Mapping& mapping, Cells& cells);
Result<Cells> unpivot(const Unpivot& step, const Cells& of);

}  // namespace plumb::sources
