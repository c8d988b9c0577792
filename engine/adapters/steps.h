#pragma once

#include "adapters/values.h"
#include "sources/steps.h"

namespace plumb::adapters {

/// What is done to a file before its rows are read: the keys `unpivot`, `long ids`, `look up`, `row before`.
sources::Steps read_steps(const Table& file, const Reading& reading);

}  // namespace plumb::adapters
