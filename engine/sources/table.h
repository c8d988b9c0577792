#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "history/dictionary.h"
#include "history/load.h"
#include "sources/bytes.h"

/// What people export (folders, files of several forms and encodings) as tables of text that `history::load_texts`
/// reads with a mapping.
namespace plumb::sources {

/// A table as CSV in UTF-8. A row begins in the line in which it stands in the file, so that messages about the one are
/// about the other; only where that cannot be (two events in one line of XML) it stands in a later one.
struct Table {
  std::string name;  // the file it was read from, from the folder that was given on
  Bytes text;
  char delimiter = ',';
  std::string encoding = {};  // in which it was said to be; empty: it was recognised
  bool is_within = false;     // lists in records of another, which are known by the keys that they stand under alone
};

/// What tells which table a name is: letters and digits without the ending, in small letters, without a last `s`.
/// `Opportunities.csv.gz` and `opportunity` are alike, so are `Deals.csv` and `deal`, and `Processes` and `process`.
std::string stem_of(const std::string& path);

/// Where a column stands, whatever the case of its letters. Missing: -1.
int column_in(const std::vector<std::string>& header, std::string_view name);

struct Given;

/// A table in cells, column by column, each text of a column once. Rows: `lines` has where each begins. A row with
/// fewer or more cells than the header is not whole. Of a table that is read from a text only the columns that somebody
/// will look at are held; whole rows are had by reading it again (`WholeRows`). Cost: 4 bytes a cell that is held, and
/// each text of a column.
class Cells {
 public:
  std::vector<std::string> header;
  std::vector<std::uint32_t> lines;
  std::map<std::uint32_t, std::string>
      wrong;  // rows that are refused for what is wrong with them, not for their length

  std::string stands_in;                                 // the user's file in which the rows stand
  std::vector<std::string> files = {};                   // in place of it, where they stand in several
  std::vector<std::uint16_t> file_of = {};               // rows: in which of them
  std::map<std::string, history::TakenFrom> taken = {};  // by header: what steps added

  int column(std::string_view name) const { return column_in(header, name); }
  std::size_t size() const { return size_; }
  /// Of a column that is held. Missing: empty for the column -1, and where a row has no such cell.
  std::string_view at(std::size_t row, int column) const;
  bool is_whole(std::size_t row) const { return widths_.empty() || !widths_.contains(static_cast<std::uint32_t>(row)); }
  /// The cells that a row has, without those that steps added.
  std::size_t width(std::size_t row) const;

  void add_row() { ++size_; }
  /// The row has another number of cells than the header.
  void cut_row(std::size_t row, std::size_t width) { widths_[static_cast<std::uint32_t>(row)] = width; }
  /// The column is held from then on.
  void put(std::size_t row, std::size_t column, std::string_view text);
  /// A column behind the others, whose cells are empty. Rows that are not whole get it behind their cells.
  std::size_t add_column(std::string name);
  /// What is added from now on is not the table's own.
  void close() { own_ = header.size(); }
  /// How many columns are its own.
  std::size_t own_columns() const { return own_ == 0 ? header.size() : own_; }
  /// Row i becomes the one that was `order[i]`.
  void put_in_order(const std::vector<std::uint32_t>& order);

  /// From where the cells can be had that are not held; null: they are empty. What is held already is the same there.
  void give(std::shared_ptr<const Given> given);
  const Given* given() const { return given_.get(); }
  /// Lets go of what is held and can be had again.
  void forget_given();

  /// Whether the cells of a column are there to be looked at.
  bool is_held(std::size_t column) const { return column < columns_.size() && columns_[column].held; }
  /// Of a column that is held, whether some of its cells were put since `settle`.
  bool is_changed(std::size_t column) const { return is_held(column) && !columns_[column].given; }
  void settle() {
    for (Column& column : columns_) column.given = column.held;
  }

 private:
  friend class WholeRows;

  struct Column {
    std::vector<std::uint32_t> ids;  // into `words`; of rows behind them: empty
    history::Dictionary words;
    bool held = false;
    bool given = false;  // its cells can be had again
  };
  std::vector<Column> columns_;  // as `header`, as far as it goes
  std::size_t size_ = 0;
  std::size_t own_ = 0;                          // columns; 0: all
  std::map<std::uint32_t, std::size_t> widths_;  // of rows that are not whole
  std::shared_ptr<const Given> given_;
};

/// Missing: empty for an empty text, or one that cannot be read.
std::vector<std::string> header_of(const Table& table);

/// Why its text could not be read, with the name of the file. Missing: nullopt when it could.
std::optional<Failure> unread(const Table& table);

/// The separator that a header line uses: the one of comma, semicolon and tab that stands in it most often outside of
/// quotes. Missing: the comma.
char delimiter_of(const Bytes& text);

}  // namespace plumb::sources
