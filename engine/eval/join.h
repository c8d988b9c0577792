#pragma once

#include <vector>

#include "eval/verdict.h"

namespace plumb::eval {

/// Empty, with room for about as many verdicts as another has.
Verdicts room_like(const Verdicts& other);

/// The verdicts of all rules as one table. Rows: `pieces` by rule, those of a rule in their order; each with rows for
/// `*_first` as many as it has obligations. Cost: one copy, a column at a time by each thread.
Verdicts join(const model::Rulebook& rulebook, std::vector<std::vector<Verdicts>> pieces, unsigned threads);

}  // namespace plumb::eval
