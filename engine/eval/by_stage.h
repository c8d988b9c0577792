#pragma once

#include "eval/view.h"

/// What the stage of a deal alone decides, where all else that is told of it leaves open when it was there.
namespace plumb::eval {

/// Whether a deal that is in a stage of such an end is open, closed, won or lost.
bool is_state(model::StageEnd end, model::DealState state);

/// What a condition comes to in a stage of a deal's process, whatever else is so. Missing: unknown, where something
/// else decides it.
Truth in_stage_alone(const model::Rulebook& book, Id<model::Expr> condition, Id<model::Stage> stage);

/// What a condition comes to just as the deal's last move of an instant was made, where that alone decides it, although
/// nobody knows when others were made. Missing: unknown, where no move was made then for certain, or one of those
/// others may have led on from where it did.
Truth just_then(const View& view, Id<model::Expr> condition, Instant at);

/// The stage in which the deal had closed when a row told of it, nobody knows since when in that life. None: it closed
/// by a move, or nobody knows that it did.
Id<model::Stage> closed_in(const View& view, const Life& life);

}  // namespace plumb::eval
