#pragma once

#include <optional>
#include <utility>

#include "model/model.h"

/// What is never true, whatever happens.
namespace plumb::model {

/// A part of a condition, or that it is not so.
struct Part {
  Id<Expr> atom;
  bool denied = false;
};

/// Two parts of a condition (`denied`: of its denial) that have to be true and never are at the same time. Missing:
/// nullopt where its text shows none.
std::optional<std::pair<Part, Part>> excluding(const Rulebook& book, Id<Expr> condition, bool denied = false);
/// Whether a comparison (`denied`: its denial) asks something to be less than nothing that never is.
bool is_less_than_nothing(const Rulebook& book, Id<Expr> comparison, bool denied = false);

}  // namespace plumb::model
