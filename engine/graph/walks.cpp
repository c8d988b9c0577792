#include "graph/walks.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace plumb::graph {

Steps steps_of(const StageGraph& graph, bool without_going_back) {
  Steps result(graph.vertices.size());
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const Edge& edge = graph.edges[e];
    const bool never = edge.at_most_times && *edge.at_most_times <= 0;
    const bool left_out = without_going_back && edge.kind == EdgeKind::back;
    if (graph.within_a_life(edge) && !never && !left_out) result[edge.from].push_back({edge.to, e});
  }
  return result;
}

Successors targets_of(const Steps& steps) {
  Successors result(steps.size());
  for (std::size_t v = 0; v < steps.size(); ++v) {
    for (const Step& step : steps[v]) result[v].push_back(step.to);
  }
  return result;
}

Steps kept_steps(const Steps& steps, const std::vector<bool>& kept) {
  Steps result(steps.size());
  for (std::size_t v = 0; v < steps.size(); ++v) {
    if (!kept[v]) continue;
    std::copy_if(steps[v].begin(), steps[v].end(), std::back_inserter(result[v]),
                 [&](const Step& step) { return kept[step.to]; });
  }
  return result;
}

std::vector<bool> leads_to(const Steps& steps, const std::vector<std::size_t>& to) {
  Successors back(steps.size());
  for (std::size_t v = 0; v < steps.size(); ++v) {
    for (const Step& step : steps[v]) back[step.to].push_back(v);
  }
  return reached(back, to);
}

std::vector<std::size_t> counted_returns(const StageGraph& graph, const Steps& steps) {
  const std::vector<std::size_t> component = components(targets_of(steps));
  std::vector<std::size_t> result;
  for (std::size_t v = 0; v < steps.size(); ++v) {
    for (const Step& step : steps[v]) {
      if (graph.edges[step.edge].at_most_times && component[v] == component[step.to]) result.push_back(step.edge);
    }
  }
  return result;
}

namespace {

/// Explores the states, the nearest first. A state is known by one number: its vertex, and in the digits above it how
/// often each counted return was taken.
class Explorer {
 public:
  Explorer(const StageGraph& graph, const Steps& steps) : graph_(graph), steps_(steps) {
    std::uint64_t place = std::max<std::size_t>(graph.vertices.size(), 1);
    for (const std::size_t edge : counted_returns(graph, steps)) {
      const auto times = static_cast<std::uint64_t>(*graph.edges[edge].at_most_times);
      // More than the states there may be: the number would not fit.
      if (times >= most_states || place > UINT64_MAX / (times + 2)) fits_ = false;
      if (!fits_) return;
      digits_.emplace(edge, Digit{place, times});
      place *= times + 1;
    }
  }

  States run(const std::vector<std::size_t>& from) {
    states_.whole = fits_;
    if (!fits_) return std::move(states_);
    for (const std::size_t v : from) state(v);
    states_.begun = states_.vertex.size();
    for (std::size_t s = 0; s < states_.vertex.size() && states_.whole; ++s) expand(s);
    return std::move(states_);
  }

 private:
  struct Digit {
    std::uint64_t place, most;
  };

  void expand(std::size_t s) {
    const std::uint64_t number = numbers_[s];
    for (const Step& step : steps_[states_.vertex[s]]) {
      std::uint64_t next = number - states_.vertex[s] + step.to;
      if (const auto digit = digits_.find(step.edge); digit != digits_.end()) {
        const auto [place, most] = digit->second;
        if (number / place % (most + 1) == most) continue;
        next += place;
      }
      const std::size_t to = state(next, step.to);
      states_.steps[s].push_back({to, step.edge});
      ++moves_;
    }
    states_.whole = states_.vertex.size() <= most_states && moves_ <= most_state_moves;
  }

  std::size_t state(std::size_t vertex) { return state(vertex, vertex); }
  std::size_t state(std::uint64_t number, std::size_t vertex) {
    const auto [at, is_new] = known_.try_emplace(number, states_.vertex.size());
    if (is_new) {
      numbers_.push_back(number);
      states_.vertex.push_back(vertex);
      states_.steps.emplace_back();
    }
    return at->second;
  }

  const StageGraph& graph_;
  const Steps& steps_;
  std::unordered_map<std::size_t, Digit> digits_;  // by edge; only looked up
  std::unordered_map<std::uint64_t, std::size_t> known_;
  std::vector<std::uint64_t> numbers_;
  States states_;
  std::size_t moves_ = 0;
  bool fits_ = true;
};

}  // namespace

States states_from(const StageGraph& graph, const Steps& steps, const std::vector<std::size_t>& from) {
  return Explorer(graph, steps).run(from);
}

std::vector<std::size_t> costs_of(const StageGraph& graph) {
  std::vector<std::size_t> result;
  for (const Vertex& vertex : graph.vertices) result.push_back(vertex.passed ? 0 : 1);
  return result;
}

Way shortest(const Steps& steps, const std::vector<std::size_t>& costs, const std::vector<std::size_t>& from,
             const std::vector<bool>& to) {
  struct Found {
    std::size_t cost = no_state, came_from = no_state, edge = no_state;
    bool done = false;
  };
  std::vector<Found> found(steps.size());
  std::deque<std::size_t> queue;
  for (const std::size_t v : from) {
    found[v].cost = costs[v];
    costs[v] == 0 ? queue.push_front(v) : queue.push_back(v);
  }
  std::size_t end = no_state;
  while (!queue.empty() && end == no_state) {
    const std::size_t v = queue.front();
    queue.pop_front();
    if (found[v].done) continue;
    found[v].done = true;
    if (to[v]) end = v;
    for (const Step& step : steps[v]) {
      const std::size_t cost = found[v].cost + costs[step.to];
      if (found[step.to].cost <= cost) continue;
      found[step.to] = {cost, v, step.edge, false};
      costs[step.to] == 0 ? queue.push_front(step.to) : queue.push_back(step.to);
    }
  }
  Way way;
  for (std::size_t v = end; v != no_state; v = found[v].came_from) {
    way.places.push_back(v);
    if (found[v].came_from != no_state) way.edges.push_back(found[v].edge);
  }
  std::reverse(way.places.begin(), way.places.end());
  std::reverse(way.edges.begin(), way.edges.end());
  return way;
}

}  // namespace plumb::graph
