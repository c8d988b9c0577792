#include "history/header_again.h"

#include "history/csv.h"

namespace plumb::history {

bool is_header_again(std::span<const std::string_view> cells, const std::vector<std::string>& header) {
  if (header.size() < 2) return false;
  // A column of numbers that somebody's program put before the others has no name.
  const std::size_t first = header.front().empty() ? 1 : 0;
  if (header[first].empty() || !cells[first].ends_with(header[first])) return false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (!header[i].empty() && column_name(cells[i]) != header[i]) return false;
  }
  return true;
}

}  // namespace plumb::history
