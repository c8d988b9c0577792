#pragma once

#include <cstddef>
#include <string>

#include "diagnostics/render.h"
#include "source/source.h"

namespace plumb::tool {

/// How much of each there is in a check.
struct Counts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notes = 0;
  std::size_t failing = 0;     // of all of them, what the report's level counts
  std::size_t unreadable = 0;  // inputs
};

Counts count(const diagnostics::Report& report, const source::Map& texts);

/// What was read and what came of it: `read 3 files, 412 lines: 2 errors, 1 warning`. Every text that was read counts,
/// once.
std::string closing_line(const Counts& counts, const source::Map& texts);

}  // namespace plumb::tool
