#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sources/fit.h"

/// Files whose columns have other names than a mapping knows, as where a system speaks another language.
namespace plumb::sources {

/// A column that a table lacks, and which of its own may be meant; empty: none.
using Lacking = std::vector<std::pair<std::string, std::string>>;

/// A file that must be there and that no table is, and the table that comes nearest.
struct Renamed {
  std::string file, table;
  std::vector<std::string> asked;                                       // the columns that must be there
  Lacking lacking, optional;                                            // of those, and of those that may be there
  std::vector<std::pair<std::string, std::vector<std::string>>> words;  // columns whose cells have to be these words
  std::size_t has() const { return asked.size() - lacking.size(); }
};

/// The first such file. Missing: nullopt where there is none, or no table is left.
std::optional<Renamed> renamed(const Adapter& adapter, const Fit& fit, const std::vector<Table>& tables);

}  // namespace plumb::sources
