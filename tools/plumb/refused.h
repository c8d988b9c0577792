#pragma once

#include <vector>

#include "base/result.h"
#include "history/load.h"
#include "history/write.h"
#include "sources/table.h"

namespace plumb::tool {

/// Hands over the rows that were refused as `refused.csv`: file, line, reason and the row as it stands, cut after 2,000
/// bytes. A cell that a spreadsheet would take for a formula begins with an apostrophe. False, and there is no such
/// file, when none was refused. Errors: those of `take`.
Result<bool> refused_rows(const history::LoadReport& report, const std::vector<sources::Table>& files,
                          const history::TakePiece& take);

}  // namespace plumb::tool
