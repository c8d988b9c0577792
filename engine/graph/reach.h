#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/graph.h"

namespace plumb::graph {

/// For each vertex where one edge leads from it.
using Successors = std::vector<std::vector<std::size_t>>;

/// Whether a walk goes on behind a closed stage.
enum class Closed : std::uint8_t { ends_a_walk, may_reopen };

Successors successors(const StageGraph& graph, Closed closed);

/// The vertices where a deal may begin.
std::vector<std::size_t> starts(const StageGraph& graph);

/// For each vertex whether a walk leads there from one of `from`, which count as reached.
std::vector<bool> reached(const Successors& successors, const std::vector<std::size_t>& from);

/// For each vertex the number of its strongly connected component.
std::vector<std::size_t> components(const Successors& successors);

}  // namespace plumb::graph
