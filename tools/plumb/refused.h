#pragma once

#include <optional>
#include <vector>

#include "history/load.h"
#include "sources/table.h"

namespace plumb::tool {

/// The rows that were refused as `refused.csv`: file, line, reason and the row as it stands, cut after 2,000 bytes. A
/// cell that a spreadsheet would take for a formula begins with an apostrophe. Missing: nullopt when none was refused.
std::optional<history::TextFile> refused_rows(const history::LoadReport& report,
                                              const std::vector<sources::Table>& files);

}  // namespace plumb::tool
