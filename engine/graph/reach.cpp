#include "graph/reach.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>

namespace plumb::graph {

Successors successors(const StageGraph& graph, Closed closed) {
  Successors result(graph.vertices.size());
  for (const Edge& edge : graph.edges) {
    if (closed == Closed::may_reopen || graph.within_a_life(edge)) result[edge.from].push_back(edge.to);
  }
  return result;
}

std::vector<std::size_t> starts(const StageGraph& graph) {
  std::vector<std::size_t> result;
  for (std::size_t v = 0; v < graph.vertices.size(); ++v) {
    if (graph.vertices[v].may_be_first) result.push_back(v);
  }
  return result;
}

std::vector<bool> reached(const Successors& successors, const std::vector<std::size_t>& from) {
  std::vector<bool> result(successors.size(), false);
  std::vector<std::size_t> open;
  const auto reach = [&](std::size_t v) {
    if (result[v]) return;
    result[v] = true;
    open.push_back(v);
  };
  for (const std::size_t v : from) reach(v);
  while (!open.empty()) {
    const std::size_t v = open.back();
    open.pop_back();
    for (const std::size_t next : successors[v]) reach(next);
  }
  return result;
}

std::vector<std::size_t> components(const Successors& successors) {
  boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> graph(successors.size());
  for (std::size_t v = 0; v < successors.size(); ++v) {
    for (const std::size_t next : successors[v]) boost::add_edge(v, next, graph);
  }
  std::vector<std::size_t> result(successors.size());
  if (result.empty()) return result;
  boost::strong_components(graph,
                           boost::make_iterator_property_map(result.begin(), boost::get(boost::vertex_index, graph)));
  return result;
}

}  // namespace plumb::graph
