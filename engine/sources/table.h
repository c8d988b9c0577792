#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "history/load.h"

/// What people export (folders, files of several forms and encodings) as tables of text that `history::load_texts`
/// reads with a mapping.
namespace plumb::sources {

/// A table as CSV in UTF-8. A row begins in the line in which it stands in the file, so that messages about the one are
/// about the other; only where that cannot be (two events in one line of XML) it stands in a later one.
struct Table {
  std::string name;  // the file it was read from, from the folder that was given on
  std::string text;
  char delimiter = ',';
  std::string encoding = {};  // in which it was said to be; empty: it was recognised
};

/// What tells which table a name is: letters and digits without the ending, in small letters, without a last `s`.
/// `Opportunities.csv.gz` and `opportunity` are alike, so are `Deals.csv` and `deal`.
std::string stem_of(const std::string& path);

/// A table in cells. Rows: `lines` has where each begins. A row with fewer or more cells than the header keeps them.
struct Cells {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint32_t> lines;
  std::map<std::uint32_t, std::string>
      wrong;  // rows that are refused for what is wrong with them, not for their length

  std::string stands_in;                                 // the user's file in which the rows stand
  std::map<std::string, history::TakenFrom> taken = {};  // by header: what steps added

  /// Whatever the case of its letters. Missing: -1.
  int column(std::string_view name) const;
};

/// Rows behind those of a table, by the names of their columns; what one of them does not have is empty.
void append_rows(Cells& cells, Cells more);

/// Missing: empty for an empty text.
std::vector<std::string> header_of(const Table& table);

/// Errors: a quote that is never closed or is followed by text: nobody can tell what is a row behind it.
Result<Cells> cells_of(const Table& table);

/// With commas; every row in its line where it can stand there.
std::string text_of(const Cells& cells);

/// The separator that a header line uses: the one of comma, semicolon and tab that stands in it most often outside of
/// quotes. Missing: the comma.
char delimiter_of(std::string_view text);

}  // namespace plumb::sources
