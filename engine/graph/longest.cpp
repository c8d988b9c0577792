#include "graph/longest.h"

#include <algorithm>
#include <map>
#include <optional>

namespace plumb::graph {

namespace {

/// What a visit of each vertex may take at most. Missing: nothing for a stage without a limit in the unit; a way past a
/// stage takes no time.
struct Limits {
  std::vector<std::optional<std::int64_t>> most;
  std::vector<const model::Rule*> other;  // a limit in another unit
};

Limits limits_of(const model::Rulebook& rulebook, const StageGraph& graph, time::Unit unit) {
  Limits result;
  result.most.resize(graph.vertices.size());
  result.other.resize(graph.vertices.size());
  for (std::size_t v = graph.stage_count; v < graph.vertices.size(); ++v) result.most[v] = 0;
  std::map<Id<model::Stage>, std::size_t> vertex;
  for (std::size_t v = 0; v < graph.stage_count; ++v) vertex.emplace(graph.vertices[v].stage, v);
  for (const model::Rule& rule : rulebook.rules) {
    const auto at = vertex.find(rule.stage);
    if (rule.origin != model::RuleOrigin::at_most || !rule.within || at == vertex.end()) continue;
    std::optional<std::int64_t>& most = result.most[at->second];
    if (rule.within->unit != unit) result.other[at->second] = &rule;
    if (rule.within->unit == unit) most = most ? std::min(*most, rule.within->count) : rule.within->count;
  }
  return result;
}

class Longest {
 public:
  Longest(const model::Rulebook& rulebook, const StageGraph& graph, const model::LongestPath& claim)
      : rulebook_(rulebook),
        graph_(graph),
        claim_(claim),
        from_(vertex_of(graph, claim.from)),
        to_(vertex_of(graph, claim.to)),
        limits_(limits_of(rulebook, graph, claim.at_most.unit)) {}

  Decision run() {
    if (graph_.any_move) return in_any_order();
    const Steps all = steps_of(graph_, false);
    const Way there = shortest(all, costs_of(graph_), starts(graph_), place(from_));
    if (there.places.empty()) return fails(fmt::format("no deal reaches `{}`", name(from_)));
    const Steps steps = steps_of(graph_, claim_.without_going_back);
    const Way direct = shortest(steps, costs_of(graph_), {from_}, place(to_));
    if (direct.places.empty()) return fails(fmt::format("no walk leads from `{}` to `{}`", name(from_), name(to_)));
    // What the shortest walk lacks every way of counting lacks.
    if (auto lacking = first_lacking(direct)) return *lacking;
    return over_states(all, steps);
  }

 private:
  using Is = Decision::Is;

  const std::string& name(std::size_t v) const { return rulebook_.stages[graph_.vertices[v].stage].name; }
  static Decision fails(std::string reason) { return {Is::fails, std::move(reason), {}, {}}; }
  Decision fails(std::string reason, const Way& way) const {
    return {Is::fails, std::move(reason), stages_on(graph_, way.places), labels_on(rulebook_, graph_, way.edges)};
  }
  std::vector<bool> place(std::size_t v) const {
    std::vector<bool> result(graph_.vertices.size(), false);
    result[v] = true;
    return result;
  }

  Decision in_any_order() const {
    const bool closed = graph_.vertices[from_].end != model::StageEnd::open;
    if (closed && from_ == to_) return {};
    if (closed) return fails(fmt::format("no walk leads from `{}` to `{}`", name(from_), name(to_)));
    return fails("no `path` is written, so a deal may go round any number of times");
  }

  /// The first stage of a walk, its last visit excluded, that has no limit in the unit.
  std::optional<Decision> first_lacking(const Way& way) const {
    for (std::size_t i = 0; i + 1 < way.places.size(); ++i) {
      const std::size_t v = way.places[i];
      if (limits_.most[v]) continue;
      Decision result = fails(lacking_words(v), way);
      if (limits_.other[v]) {
        result.labels = {{limits_.other[v]->span, "its limit is here"}};
      } else {
        result.labels = {{rulebook_.stages[graph_.vertices[v].stage].span, "the stage is here"}};
      }
      return result;
    }
    return std::nullopt;
  }

  std::string lacking_words(std::size_t v) const {
    const std::string unit = time::to_text(time::Duration{2, claim_.at_most.unit}).substr(2);
    if (!limits_.other[v]) return fmt::format("`{}` has no `at most`, so a deal may stay there for ever", name(v));
    return fmt::format("the `at most` of `{}` is {}, which is not counted in {}", name(v),
                       time::to_text(*limits_.other[v]->within), unit);
  }

  /// The states of walks from the first stage on. Where it is reached without a return that is counted, nothing has
  /// been used up; else the walks that lead there are counted too.
  States states_from_first(const Steps& all, const Steps& steps) const {
    const std::vector<bool> leads = leads_to(steps, {to_});
    const std::vector<bool> comes = reached(targets_of(steps), {from_});
    std::vector<bool> between(leads.size());
    for (std::size_t v = 0; v < leads.size(); ++v) between[v] = leads[v] && comes[v];
    const Steps inner = kept_steps(steps, between);
    if (claim_.without_going_back || is_reached_unused(all, inner)) return states_from(graph_, inner, {from_});
    return states_from(graph_, all, starts(graph_));
  }

  bool is_reached_unused(const Steps& all, const Steps& inner) const {
    const std::vector<std::size_t> counted = counted_returns(graph_, inner);
    Steps without = all;
    for (auto& steps : without)
      std::erase_if(steps, [&](const Step& step) { return std::ranges::find(counted, step.edge) != counted.end(); });
    return reached(targets_of(without), starts(graph_))[from_];
  }

  Decision over_states(const Steps& all, const Steps& steps) {
    states_ = states_from_first(all, steps);
    if (!states_.whole) return {Is::too_large, {}, {}, {}};
    keep_between();
    if (auto lacking = lacking_state()) return *lacking;
    component_ = components(targets_of(states_.steps));
    if (auto endless = endless_cycle()) return *endless;
    return longest();
  }

  /// Drops what lies on no walk from the first stage to the last one.
  void keep_between() {
    const std::size_t size = states_.vertex.size();
    std::vector<std::size_t> last;
    for (std::size_t s = 0; s < size; ++s) {
      if (states_.vertex[s] == from_) first_.push_back(s);
      if (states_.vertex[s] == to_) last.push_back(s);
      costs_.push_back(graph_.vertices[states_.vertex[s]].passed ? 0 : 1);
    }
    const std::vector<bool> comes = reached(targets_of(states_.steps), first_);
    kept_ = leads_to(states_.steps, last);
    for (std::size_t s = 0; s < size; ++s) kept_[s] = kept_[s] && comes[s];
    states_.steps = kept_steps(states_.steps, kept_);
    std::erase_if(first_, [&](std::size_t s) { return !kept_[s]; });
  }

  bool is_last(std::size_t s) const { return states_.vertex[s] == to_; }

  /// A state that some walk leaves for a further stage, and that has no limit.
  std::optional<Decision> lacking_state() const {
    std::vector<bool> lacks(kept_.size(), false);
    bool any = false;
    for (std::size_t s = 0; s < kept_.size(); ++s) {
      lacks[s] = kept_[s] && !states_.steps[s].empty() && !limits_.most[states_.vertex[s]];
      any |= lacks[s];
    }
    if (!any) return std::nullopt;
    Way way = shortest(states_.steps, costs_, first_, lacks);
    const std::size_t s = way.places.back();
    std::vector<bool> last(kept_.size(), false);
    std::vector<std::size_t> next;
    for (const Step& step : states_.steps[s]) next.push_back(step.to);
    for (std::size_t t = 0; t < last.size(); ++t) last[t] = is_last(t);
    const Way rest = shortest(states_.steps, costs_, next, last);
    way.places.insert(way.places.end(), rest.places.begin(), rest.places.end());
    way.edges.clear();
    return first_lacking(vertices(way));
  }

  Way vertices(Way way) const {
    for (std::size_t& place : way.places) place = states_.vertex[place];
    return way;
  }

  std::int64_t weight(std::size_t s) const { return limits_.most[states_.vertex[s]].value_or(0); }

  /// A cycle that no number bounds and that takes time: nothing is the longest then.
  std::optional<Decision> endless_cycle() const {
    for (std::size_t s = 0; s < kept_.size(); ++s) {
      if (!kept_[s] || weight(s) == 0) continue;
      std::vector<std::size_t> next;
      for (const Step& step : states_.steps[s]) {
        if (component_[step.to] == component_[s]) next.push_back(step.to);
      }
      if (next.empty()) continue;
      std::vector<bool> back(kept_.size(), false);
      back[s] = true;
      Way way = shortest(states_.steps, costs_, next, back);
      const auto first = std::ranges::find(states_.steps[s], way.places.front(), &Step::to);
      way.places.insert(way.places.begin(), s);
      way.edges.insert(way.edges.begin(), first->edge);
      const Way shown = vertices(std::move(way));
      const std::string words = walk_words(rulebook_, stages_on(graph_, shown.places));
      return fails(fmt::format("a deal may go round any number of times: {}", words), shown);
    }
    return std::nullopt;
  }

  struct Best {
    std::int64_t sum = -1;
    std::size_t came_from = no_state, edge = no_state;
  };

  void relax(std::vector<Best>& best, std::size_t s) const {
    for (const Step& step : states_.steps[s]) {
      const std::int64_t sum = best[s].sum + weight(s);
      const bool within = component_[step.to] == component_[s];
      if (within || best[step.to].sum >= sum) continue;
      best[step.to] = {sum, s, step.edge};
    }
  }

  /// Within a component that takes no time, all of it is as far as what is furthest.
  void level(std::vector<Best>& best, const std::vector<std::size_t>& members) const {
    const std::size_t top = *std::ranges::max_element(members, {}, [&](std::size_t s) { return best[s].sum; });
    std::vector<std::size_t> open{top};
    while (!open.empty()) {
      const std::size_t s = open.back();
      open.pop_back();
      for (const Step& step : states_.steps[s]) {
        if (component_[step.to] != component_[s] || best[step.to].sum >= best[s].sum) continue;
        best[step.to] = {best[s].sum, s, step.edge};
        open.push_back(step.to);
      }
    }
  }

  Decision longest() const {
    // Components are numbered from the ends on: what leads into one has a greater number.
    std::map<std::size_t, std::vector<std::size_t>, std::greater<>> members;
    for (std::size_t s = 0; s < kept_.size(); ++s) {
      if (kept_[s]) members[component_[s]].push_back(s);
    }
    std::vector<Best> best(kept_.size());
    for (const std::size_t s : first_) best[s].sum = 0;
    for (const auto& [unused, states] : members) {
      level(best, states);
      for (const std::size_t s : states) relax(best, s);
    }
    std::size_t end = no_state;
    for (std::size_t s = 0; s < kept_.size(); ++s) {
      if (kept_[s] && is_last(s) && (end == no_state || best[s].sum > best[end].sum)) end = s;
    }
    return best[end].sum <= claim_.at_most.count ? Decision{} : too_long(best, end);
  }

  Decision too_long(const std::vector<Best>& best, std::size_t end) const {
    Way way;
    for (std::size_t s = end; s != no_state; s = best[s].came_from) {
      way.places.push_back(states_.vertex[s]);
      if (best[s].came_from != no_state) way.edges.push_back(best[s].edge);
    }
    std::reverse(way.places.begin(), way.places.end());
    std::reverse(way.edges.begin(), way.edges.end());
    const std::string words = walk_words(rulebook_, stages_on(graph_, way.places));
    const std::string sum = time::to_text(time::Duration{best[end].sum, claim_.at_most.unit});
    return fails(fmt::format("{} may take {}", words, sum), way);
  }

  const model::Rulebook& rulebook_;
  const StageGraph& graph_;
  const model::LongestPath& claim_;
  std::size_t from_, to_;
  Limits limits_;
  States states_;
  std::vector<std::size_t> first_;  // the states in which a walk is at the first stage
  std::vector<std::size_t> costs_;
  std::vector<bool> kept_;
  std::vector<std::size_t> component_;
};

}  // namespace

Decision decide_longest(const model::Rulebook& rulebook, const StageGraph& graph, const model::LongestPath& claim) {
  return Longest(rulebook, graph, claim).run();
}

}  // namespace plumb::graph
