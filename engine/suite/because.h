#pragma once

#include <vector>

#include "eval/verdict.h"
#include "model/model.h"

namespace plumb::suite {

/// Whether the reasons of a verdict bear out what a test says it is `because` of. An atom named as the rule asks it is
/// borne out by any reason that is about it; one that denies it, as `next_step_on is missing` does where the rule asks
/// `next_step_on is known`, only by one that says that it was not so. Where it could not be told, either will do.
bool bears_out(const model::Rulebook& book, Id<model::Expr> because, const std::vector<eval::Reason>& reasons);

}  // namespace plumb::suite
