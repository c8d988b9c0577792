#pragma once

#include "graph/prove.h"
#include "graph/walks.h"

namespace plumb::graph {

/// Decides `longest path from S to T is at most D`. Nothing outside of graph/ includes this.
Decision decide_longest(const model::Rulebook& rulebook, const StageGraph& graph, const model::LongestPath& claim);

/// The stages of a way, and what of it is no plain move along the path.
std::vector<Id<model::Stage>> stages_on(const StageGraph& graph, const std::vector<std::size_t>& vertices);
std::vector<diagnostics::Label> labels_on(const model::Rulebook& rulebook, const StageGraph& graph,
                                          const std::vector<std::size_t>& edges);
/// `a -> b -> c`, in backticks; the middle of a long one is left out.
std::string walk_words(const model::Rulebook& rulebook, const std::vector<Id<model::Stage>>& walk);
std::size_t vertex_of(const StageGraph& graph, Id<model::Stage> stage);

}  // namespace plumb::graph
