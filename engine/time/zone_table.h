#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace plumb::time {

/// All offsets of one zone over the years 1899 … 2202. Private to this module.
/// Unit: microseconds. Rows: by time; `from[i]` is the instant from which `offset[i]` (east) holds, `from[0]` is the
/// beginning of time; neighbours differ in their offset.
struct ZoneTable {
  std::string name;
  std::vector<std::int64_t> from;
  std::vector<std::int64_t> offset;

  /// The row in force at an instant. Cost: O(log n), n a few hundred.
  std::size_t row_at(std::int64_t micros) const;
};

/// The table of a zone, made when it is first asked for and kept until the program ends. Errors: an unknown name.
Result<const ZoneTable*> find_zone_table(const std::string& name);

/// UTC, which needs no database.
const ZoneTable& utc_table();

/// The names that find_zone_table accepts, sorted.
std::vector<std::string> zone_names();

}  // namespace plumb::time
