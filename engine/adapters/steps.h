#pragma once

#include "adapters/values.h"
#include "sources/steps.h"

namespace plumb::adapters {

/// What is done to a file before its rows are read: the keys `query`, `unpivot`, `groups`, `not read`, `long ids`,
/// `merges`, `look up`, `at first`, `at the time`, `compare`, `row before`. `files`: of the mapping, of which a step may speak.
sources::Steps read_steps(const Table& file, const std::vector<std::string>& files, const Reading& reading);

}  // namespace plumb::adapters
