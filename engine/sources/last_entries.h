#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "history/mapping.h"
#include "sources/steps.h"

/// Tables whose cells are the times at which deals came into stages last, which tells where they were not; inside of
/// this module only.
namespace plumb::sources {

/// Covers `last entry of STAGE` of each stage of which all parts of a table have a column. Of several that the mapping
/// calls by one name each has to have its column. Where a row denies it nothing is covered; gives a sentence that says
/// so. `spec`: the file of the mapping that is unpivoted. Missing: empty where none does.
std::string cover_last_entries(const Unpivot& step, const history::FileSpec& spec,
                               const std::vector<const Cells*>& parts, const Times& times, history::Coverage& coverage);

}  // namespace plumb::sources
