#pragma once

#include <string>

#include "explain/case.h"

/// What cannot be, whatever facts there are.
namespace plumb::explain {

/// Why no fact that this history could hold keeps the obligation that was written down: its condition contradicts
/// itself, asks for what happens once and has happened, or reads what no file says. Missing: empty where that is not
/// proved. `stays`: what has happened stays as it is, and only what is still to come may keep it.
std::string why_never_kept(const Case& c, const Decided& decided, bool stays);
/// Whether a condition may still become so in the history that was evaluated, as far as the same is proved.
bool may_ever_be(Id<model::Expr> condition, bool wanted, const Case& c, const Decided& decided);

}  // namespace plumb::explain
