#pragma once

#include <cstdint>
#include <vector>

#include "model/model.h"

namespace plumb::eval {

/// Whether a right, or all effort, is made of a rule: every must of the right, every must at all; never a response.
bool belongs_to(const model::Rule& rule, model::VerdictOf whole);

/// Whether a rule, or an expression, reads the verdicts of others.
bool reads_verdicts(const model::Rulebook& book, const model::Rule& rule);
bool reads_verdicts(const model::Rulebook& book, Id<model::Expr> id);

/// Rows of Rulebook::rules, each behind all whose verdicts it reads, else in their own order. There is no circle:
/// `check` refuses them. Cost: one walk of each rule.
std::vector<std::uint32_t> evaluation_order(const model::Rulebook& book);

/// The rules, and all whose verdicts they read, themselves or through others. Rows: the rules.
std::vector<bool> with_all_read(const model::Rulebook& book, std::vector<bool> rules);

/// Of the rules that can be worked out by themselves those of which that is true also of all that they read. Rows: the
/// rules.
std::vector<bool> with_what_they_read(const model::Rulebook& book, const std::vector<bool>& by_themselves);

}  // namespace plumb::eval
