#pragma once

#include <string>
#include <vector>

#include "sources/gathered.h"
#include "sources/given.h"

namespace plumb::sources {

using Rows = std::vector<std::vector<std::string>>;

/// The first row is the header; rows stand in the lines behind it.
inline Cells cells(const Rows& rows) {
  Cells made;
  for (const std::string& name : rows.front()) made.add_column(name);
  made.close();
  for (std::size_t i = 1; i < rows.size(); ++i) {
    made.add_row();
    made.lines.push_back(static_cast<std::uint32_t>(i + 1));
    if (rows[i].size() != rows.front().size()) made.cut_row(i - 1, rows[i].size());
    for (std::size_t c = 0; c < rows[i].size(); ++c) made.put(i - 1, c, rows[i][c]);
  }
  return made;
}

/// All that there is.
inline Rows rows_of(const Cells& of) {
  Rows rows;
  for (WholeRows whole(of); whole.next();) rows.emplace_back(whole.cells().begin(), whole.cells().end());
  return rows;
}

/// What stands in a column.
inline std::vector<std::string> column(const Cells& of, const std::string& name) {
  std::vector<std::string> found;
  const int at = of.column(name);
  for (std::size_t row = 0; row < of.size(); ++row) found.emplace_back(at < 0 ? "no column" : of.at(row, at));
  return found;
}

using Texts = std::vector<std::string>;

/// All that there is, read from its beginning in parts of `room` bytes.
inline std::string all_of(const history::TextReader& read, std::size_t room = 1000) {
  std::string all, part(room, '\0');
  while (const std::size_t size = read(part.data(), part.size())) all.append(part, 0, size);
  return all;
}
inline std::string all_of(const Bytes& bytes) { return all_of(bytes.reader()); }

/// A table as CSV.
inline std::string text_of(const Cells& cells) {
  return all_of(streamed("t.csv", std::make_shared<Cells>(cells)).open());
}

/// What was gathered, as it is read.
inline Cells cells(Gathered& of) {
  const auto text = of.text(Scratch());
  return text ? *cells_of({"t.csv", *text, ','}) : Cells();
}

}  // namespace plumb::sources
