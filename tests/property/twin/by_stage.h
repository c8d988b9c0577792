#pragma once

#include <string>

#include "property/twin/look.h"

/// What the stage of a deal alone decides.
namespace plumb::twin {

/// What a condition comes to in a stage, whatever else is so.
Tri by_stage(const Look& look, Id<model::Expr> id, const std::string& stage);
/// The same where the last move of an instant led, if nobody knows when others were made and none of them may have led
/// on from there. Missing: unknown.
Tri just_then(const Look& look, Id<model::Expr> id, Instant at);
/// The closed stage in which the deal was by the end of a life, when a row told so. Missing: "".
std::string closed_in(const Look& look, const Life& life);

/// Whether a life begins for certain as the deal is reopened, by the one before it.
bool reopens(const Look& look, const Life& before);

}  // namespace plumb::twin
