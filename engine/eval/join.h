#pragma once

#include <vector>

#include "eval/verdict.h"

namespace plumb::eval {

struct RuleRun;

/// Empty, with room for about as many verdicts as another has.
Verdicts room_like(const Verdicts& other);

/// Puts verdicts, or the rows [first, last) of them but for the names of teams, behind others of the same rule.
void append(Verdicts& to, const Verdicts& from);
void append(Verdicts& to, const Verdicts& from, std::uint32_t first, std::uint32_t last);
/// Likewise behind those of a run; what responds to the row `i` responds to the row `i + answered` of its rule.
void add_to(RuleRun& run, const Verdicts& from, std::uint32_t first, std::uint32_t last, std::uint32_t answered);

/// The verdicts of all rules as one table. Rows: `pieces` by rule, those of a rule in their order; each with rows for
/// `*_first` as many as it has obligations. Cost: one copy, a column at a time by each thread.
Verdicts join(const model::Rulebook& rulebook, std::vector<std::vector<Verdicts>> pieces, unsigned threads);

}  // namespace plumb::eval
