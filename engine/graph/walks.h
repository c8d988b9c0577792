#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "graph/reach.h"

/// Walks of deals as a graph of states: a vertex, and how often each return that has a number was taken on the way.
/// What proofs are decided on. Nothing outside of graph/ includes this.
namespace plumb::graph {

inline constexpr std::size_t no_state = static_cast<std::size_t>(-1);
inline constexpr std::size_t most_states = 100'000;
inline constexpr std::size_t most_state_moves = 3'000'000;

/// One move of a walk.
struct Step {
  std::size_t to = 0;    // a vertex, or a state
  std::size_t edge = 0;  // position in StageGraph::edges
};
using Steps = std::vector<std::vector<Step>>;

/// The moves within a life, from each vertex. Missing: no move that may be made no time at all.
Steps steps_of(const StageGraph& graph, bool without_going_back);
Successors targets_of(const Steps& steps);
/// Only the moves between vertices that are kept.
Steps kept_steps(const Steps& steps, const std::vector<bool>& kept);
/// For each vertex whether a walk leads from it to one of `to`.
std::vector<bool> leads_to(const Steps& steps, const std::vector<std::size_t>& to);

/// A way through a graph, a vertex or state after the other, and the moves between them.
struct Way {
  std::vector<std::size_t> places;
  std::vector<std::size_t> edges;  // one less
};

/// The returns that have to be counted: those that have a number and lie on a cycle; any other is taken once at most.
std::vector<std::size_t> counted_returns(const StageGraph& graph, const Steps& steps);

/// What is reached from some vertices when each counted return is taken up to its number. Rows: in the order of the
/// distance. Missing: `whole` is false when there are more than the most; nothing may be concluded then.
struct States {
  std::vector<std::size_t> vertex;
  Steps steps;
  std::size_t begun = 0;  // the first so many are the beginnings
  bool whole = true;
};
States states_from(const StageGraph& graph, const Steps& steps, const std::vector<std::size_t>& from);

/// The way with the fewest stages from one of `from` to the first of `to`; what is passed does not count. `costs`: by
/// place, 0 or 1. Missing: no places when there is none.
Way shortest(const Steps& steps, const std::vector<std::size_t>& costs, const std::vector<std::size_t>& from,
             const std::vector<bool>& to);
/// By vertex: 1 for a stage, 0 for a way past one.
std::vector<std::size_t> costs_of(const StageGraph& graph);

}  // namespace plumb::graph
