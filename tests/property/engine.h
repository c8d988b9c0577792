#pragma once

#include <vector>

#include "history/history.h"
#include "model/model.h"
#include "property/tables.h"
#include "property/told.h"
#include "time/time.h"

namespace plumb::property {

/// The rows as the engine reads them. Errors: ends the test run, as below.
history::History load(const model::Rulebook& book, const Tables& tables);

/// What the engine says of the same rows. Errors: ends the test run, since a generated case is one that can be run.
std::vector<Told> evaluate(const model::Rulebook& book, const Tables& tables, time::Instant as_of,
                           time::Instant known_at);

}  // namespace plumb::property
