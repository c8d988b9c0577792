#pragma once

#include <vector>

#include "model/model.h"
#include "property/tables.h"
#include "property/told.h"
#include "time/time.h"

/// A second evaluator, written only to be obviously right: day by day and fact by fact, from semantics.md. It shares
/// the model and plain values of time with the engine, and nothing else.
namespace plumb::twin {

/// All obligations, sorted. Known-at of Instant::max(): everything is known.
std::vector<property::Told> judge(const model::Rulebook& book, const property::Tables& tables, time::Instant as_of,
                                  time::Instant known_at);

}  // namespace plumb::twin
