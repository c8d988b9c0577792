#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "history/csv.h"
#include "history/load.h"
#include "history/load_pieces.h"
#include "sources/agreement.h"
#include "sources/steps.h"
#include "sources/table.h"

/// Tables that are read row by row, as often as somebody asks for their rows, rather than held; inside of this module
/// only.
namespace plumb::sources {

/// The columns of a header that are wanted, in its order.
std::vector<std::size_t> wanted_of(const std::vector<std::string>& header, const Wanted& wanted);

/// How a text is read.
struct Reading {
  Wanted wanted = std::nullopt;
  AlsoCalled also_called = {};
  std::vector<LongIds> long_ids = {};
  std::string ordered_by = {};  // the rows in the order of this column's text, those of one text as they stand
  bool newest_first = false;    // the rows from the last to the first
};

/// Errors: a quote that is never closed or is followed by text: nobody can tell what is a row behind it.
Result<Cells> cells_of(const Table& table, const Reading& how = {});

/// Long ids in rows of a text.
class LongIdsOf {
 public:
  LongIdsOf(const std::vector<LongIds>& steps, const std::vector<std::string>& header);
  /// Views that change are those of texts of its own, until the next row.
  void run(std::vector<std::string_view>& row);

 private:
  struct Step {
    std::vector<std::size_t> columns;
    Condition condition;
  };
  std::vector<LongIds> steps_;
  std::vector<Step> compiled_;
  std::vector<std::string> texts_;
};

/// What the groups of a row are, one after the other.
class GroupsOf {
 public:
  /// `step` outlives it.
  explicit GroupsOf(const Groups& step) : step_(step) {}
  /// The texts of the cells outlive what is made of them.
  void begin(const std::vector<std::string_view>& cells);
  /// Missing: false when there is no other.
  bool next(std::vector<std::string_view>& row);
  /// Of a row whose last group is not whole, how many cells that has; else 0.
  std::size_t left_over() const { return left_over_; }

 private:
  const Groups& step_;
  std::vector<std::string_view> cells_;
  std::size_t at_ = 0, left_over_ = 0;
};

/// The texts that a cell holds with `between` between them, without blanks and the letters `without` at their ends: at
/// least one, which may be empty. Without `between` it is the cell.
void texts_in(std::string_view cell, std::string_view between, std::string_view without,
              std::vector<std::string_view>& texts);

/// From where rows are had again: a text, or a table each of whose rows is several.
struct Given {
  Table table;
  std::vector<LongIds> long_ids;
  std::vector<std::uint64_t> starts;  // of the rows in the text and of its end, where `order` is not theirs; else empty
  std::vector<std::uint32_t> order;

  std::shared_ptr<Cells> of;
  std::vector<std::size_t> kept;                            // its columns that each of the rows has
  std::vector<std::pair<std::size_t, std::string>> turned;  // and those of which each row has one, and its name
  std::string between, without;                             // as Unpivot: of which each row has one text
  std::optional<Groups> groups;                             // or what its rows are groups of
};

/// The rows of a table one after the other, with all of their cells, as steps have left them.
class WholeRows {
 public:
  explicit WholeRows(const Cells& cells);
  /// Missing: false when there is no other.
  bool next();
  /// Good until the next.
  const std::vector<std::string_view>& cells() const { return row_; }
  /// Why there is no other, though there should be. Missing: empty when all were had.
  const std::string& wrong() const { return wrong_; }

 private:
  bool next_of_text();
  bool next_ordered();
  bool next_turned();
  bool next_grouped();
  bool next_of();
  void put_held();

  const Cells& cells_;
  std::size_t at_ = 0;  // the next row
  std::vector<std::string_view> row_;
  std::string wrong_;

  std::optional<history::loading::Pieces> pieces_;
  history::loading::Piece piece_;
  std::optional<history::CsvReader> reader_;
  history::Text text_;
  std::optional<LongIdsOf> long_ids_;
  bool at_header_ = true;

  std::unique_ptr<WholeRows> of_;
  std::optional<GroupsOf> groups_;
  std::size_t of_row_ = 0, turn_ = 0;
  std::vector<std::string_view> texts_;  // of the cell that is turned
  std::size_t text_at_ = 0;
};

/// Holds all of a table. Errors: it cannot be read again.
std::optional<Failure> hold_all(Cells& cells);

/// The table as the loader reads it, made while it is read; the table is not changed any more. `name`: of the file.
history::TextFile streamed(const std::string& name, std::shared_ptr<const Cells> cells);

}  // namespace plumb::sources
