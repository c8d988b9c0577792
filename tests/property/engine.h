#pragma once

#include <vector>

#include "model/model.h"
#include "property/tables.h"
#include "property/told.h"
#include "time/time.h"

namespace plumb::property {

/// What the engine says of the same rows. Errors: ends the test run, since a generated case is one that can be run.
std::vector<Told> evaluate(const model::Rulebook& book, const Tables& tables, time::Instant as_of,
                           time::Instant known_at);

}  // namespace plumb::property
