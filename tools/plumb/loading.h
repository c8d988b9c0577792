#pragma once

#include <optional>
#include <string>

#include "history/load.h"
#include "model/model.h"
#include "source/source.h"
#include "time/calendar.h"

namespace plumb::tool {

/// What a mapping file says, what is wrong with it said. Missing: when it cannot be used.
std::optional<history::Mapping> load_mapping(const std::string& path, source::Map& texts);

/// A folder of CSV files, or the file that `plumb snapshot` has made of one, as columns; everything that is wrong with
/// it said on standard error: rows that were refused, cells that cannot be read, and how many rows became what.
/// Missing: when it cannot be used, which then was said too; `mapping_path` is empty for the canonical folder and a
/// snapshot. `threads`: as LoadOptions.
std::optional<history::History> load_history(const std::string& path, const std::string& mapping_path,
                                             const model::Rulebook& rulebook, const time::Zone& zone,
                                             source::Map& texts, unsigned threads = 0);

/// The same, with the report of how it was read.
std::optional<history::Loaded> load_with_report(const std::string& path, const std::string& mapping_path,
                                                const model::Rulebook& rulebook, const time::Zone& zone,
                                                source::Map& texts, unsigned threads = 0);

}  // namespace plumb::tool
