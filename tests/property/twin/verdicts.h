#pragma once

#include <string>
#include <vector>

#include "property/twin/look.h"

/// `RULE is kept`: what other rules have said of a deal, read as facts (language.md).
namespace plumb::twin {

/// As of just after the moment; in a quota of what belongs to its period and of what is due.
Tri is_verdict(const World& world, const std::string& deal, const model::Expr& expr, const Moment& m);

/// When a verdict that a condition reads may change.
void verdict_turns(const World& world, const std::string& deal, Id<model::Expr> condition, std::vector<Instant>& all);

}  // namespace plumb::twin
