#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/model.h"

namespace plumb::model {

/// What else than their names the rows of a history may call stages, each text once: names of old and labels, which the
/// rulebook says, before all names as people write them (`closed_won` is `Closed Won`). The name of one of these stages
/// is none of another. `stages`: of one process.
std::vector<std::pair<std::string, Id<Stage>>> other_names(const Rulebook& book, const std::vector<Id<Stage>>& stages);

}  // namespace plumb::model
