#pragma once

#include "model/model.h"
#include "property/twin/clock.h"

/// What quotas ask of the rulebook and the calendar alone.
namespace plumb::twin {

/// When a period's point is, or its end. Missing: unknown.
Instant point_of(const model::Rule& rule, const Clock& clock, Interval period);

/// Whether a condition only ever grows towards being true (1), or away from it (-1). `stated`: by a point, so that an
/// attribute may come to be another.
int direction(const model::Rulebook& book, Id<model::Expr> id, bool stated);

}  // namespace plumb::twin
