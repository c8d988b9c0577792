#pragma once

#include <string>
#include <vector>

#include "sources/table.h"

namespace plumb::sources {

using Rows = std::vector<std::vector<std::string>>;

/// The first row is the header; rows stand in the lines behind it.
inline Cells cells(const Rows& rows) {
  Cells made;
  made.header = rows.front();
  for (std::size_t i = 1; i < rows.size(); ++i) {
    made.rows.push_back(rows[i]);
    made.lines.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return made;
}

/// What stands in a column.
inline std::vector<std::string> column(const Cells& of, const std::string& name) {
  std::vector<std::string> found;
  const int at = of.column(name);
  for (const auto& row : of.rows) found.push_back(at < 0 ? "no column" : row.at(static_cast<std::size_t>(at)));
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace plumb::sources
