#include <algorithm>
#include <cstddef>

#include "graph/graph.h"
#include "graph/reach.h"

// These are the dominators of what is won. boost/graph/dominator_tree.hpp finds those of every vertex, but by a
// recursion as deep as the path is long, which a large rulebook drives off the stack; one target needs no more than the
// below.

namespace plumb::graph {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// The walks of deals between two vertices of our own: all begin at `begin`, those that are won end at `won`.
struct Walks {
  Successors next;
  std::size_t begin;
  std::size_t won;
};

Walks walks_of(const StageGraph& graph) {
  const std::size_t size = graph.vertices.size();
  Walks walks{successors(graph, Closed::ends_a_walk), size, size + 1};
  walks.next.resize(size + 2);
  walks.next[walks.begin] = starts(graph);
  for (std::size_t v = 0; v < size; ++v) {
    if (graph.vertices[v].end == model::StageEnd::won) walks.next[v] = {walks.won};
  }
  return walks;
}

/// A shortest walk from `begin` to `won`. Missing: empty when there is none.
std::vector<std::size_t> one_walk(const Walks& walks) {
  std::vector<std::size_t> came_from(walks.next.size(), none);
  std::vector<std::size_t> queue{walks.begin};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const std::size_t to : walks.next[queue[i]]) {
      if (to == walks.begin || came_from[to] != none) continue;
      came_from[to] = queue[i];
      queue.push_back(to);
    }
  }
  std::vector<std::size_t> walk;
  if (came_from[walks.won] == none) return walk;
  for (std::size_t v = walks.won; v != walks.begin; v = came_from[v]) walk.push_back(v);
  walk.push_back(walks.begin);
  std::reverse(walk.begin(), walk.end());
  return walk;
}

/// The vertices of `walk` that no other walk goes round. Going along it, `furthest` is how far on it a walk can come
/// that leaves it earlier: a vertex that lies before that is gone round.
std::vector<std::size_t> on_every_walk(const Walks& walks, const std::vector<std::size_t>& walk) {
  std::vector<std::size_t> place(walks.next.size(), none);
  for (std::size_t i = 0; i < walk.size(); ++i) place[walk[i]] = i;
  std::vector<bool> seen(walks.next.size(), false);
  std::vector<std::size_t> result;
  std::size_t furthest = 0;
  for (std::size_t i = 0; i < walk.size(); ++i) {
    if (i == furthest) result.push_back(walk[i]);
    std::vector<std::size_t> open{walk[i]};
    while (!open.empty()) {
      const std::size_t v = open.back();
      open.pop_back();
      for (const std::size_t to : walks.next[v]) {
        if (place[to] != none) furthest = std::max(furthest, place[to]);
        if (place[to] != none || seen[to]) continue;
        seen[to] = true;
        open.push_back(to);
      }
    }
  }
  return result;
}

}  // namespace

std::vector<Id<model::Stage>> unavoidable(const StageGraph& graph) {
  std::vector<Id<model::Stage>> result;
  if (graph.any_move) return result;
  const Walks walks = walks_of(graph);
  std::vector<std::size_t> found = on_every_walk(walks, one_walk(walks));
  std::sort(found.begin(), found.end());
  for (const std::size_t v : found) {
    if (v >= graph.stage_count || graph.vertices[v].end != model::StageEnd::open) continue;
    result.push_back(graph.vertices[v].stage);
  }
  return result;
}

}  // namespace plumb::graph
