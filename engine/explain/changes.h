#pragma once

#include "explain/ways.h"

/// Ways in which something is stated of a field, or compared. Nothing outside of the ways includes this.
namespace plumb::explain {

bool is_field(const model::Expr& expr);
/// Stating what a field is: of the deal, its account, the person, or the event that opened the obligation.
Ways ways_to_state(Id<model::Expr> id, history::Stated stated, const eval::Context& context, const Put& put,
                   const model::Tails* tails);
/// Whether a value is known becomes as it is wanted.
Ways ways_to_know(Id<model::Expr> id, bool known, const eval::Context& context, const Put& put);
Ways ways_to_compare(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put);
/// `A is at least D before B`: just so far, where another part of the condition may not allow it to be further.
Ways ways_to_be_apart(const model::Expr& expr, const eval::Context& context, const Put& put);
/// `A is at most D after B`, `A differs from B by at most N`: one side becomes the other, or is far from it.
Ways ways_to_be_near(const model::Expr& expr, bool near, const eval::Context& context, const Put& put);

}  // namespace plumb::explain
