#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sources/table.h"

/// Several files that are one table, as steps look at them; inside of this module only.
namespace plumb::sources {

/// The rows of all parts, one part behind the other, with the columns that are held of them: what a part does not have
/// is empty. Rows: `from` says where each stands. Cost: 10 bytes a row and 4 a cell beside what the parts hold.
struct Joined {
  struct From {
    std::uint32_t part = 0, row = 0;
  };
  Cells cells;
  std::vector<From> from;
};

/// `parts`: each in its order. With `ordered_by` the rows are in the order of that column's text, those of one text as
/// they stand, with `newest_first` the later parts stand before the earlier ones.
Joined join(const std::vector<const Cells*>& parts, const std::string& ordered_by = {}, bool newest_first = false);

/// Gives the parts what was added to their rows, or put in place of what they had.
void give_back(const Joined& joined, std::vector<Cells>& parts);

/// Of each part the places of its rows among all. Cost: linear.
std::vector<std::vector<std::uint32_t>> ranks_of(const Joined& joined, std::size_t parts);

}  // namespace plumb::sources
