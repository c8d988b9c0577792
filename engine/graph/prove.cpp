#include "graph/prove.h"

#include <algorithm>
#include <set>

#include "base/assert.h"
#include "graph/longest.h"

namespace plumb::graph {

namespace {

namespace diag = diagnostics::diag;

constexpr std::size_t most_labels = 3;
constexpr std::size_t most_steps = 12;

const std::string& name_of(const model::Rulebook& rulebook, Id<model::Stage> stage) {
  return rulebook.stages[stage].name;
}

Decision fails(std::string reason, std::vector<Id<model::Stage>> walk = {}) {
  return {Decision::Is::fails, std::move(reason), std::move(walk), {}};
}

Decision shown(const model::Rulebook& rulebook, const StageGraph& graph, const Way& way, std::string reason) {
  Decision result = fails(std::move(reason), stages_on(graph, way.places));
  result.labels = labels_on(rulebook, graph, way.edges);
  return result;
}

std::vector<bool> only(std::size_t size, const std::vector<std::size_t>& of) {
  std::vector<bool> result(size, false);
  for (const std::size_t v : of) result[v] = true;
  return result;
}

// ---- every path to S passes T ---------------------------------------------------------------------------------------

Decision decide_claim(const model::Rulebook& rulebook, const StageGraph& graph, const model::PathPasses& claim) {
  if (claim.to == claim.passes) return {};
  const std::string& to = name_of(rulebook, claim.to);
  const std::string& passed = name_of(rulebook, claim.passes);
  if (graph.any_move)
    return fails(fmt::format("no `path` is written, so a deal may begin in `{}` without `{}`", to, passed), {claim.to});
  std::vector<bool> kept(graph.vertices.size(), true);
  kept[vertex_of(graph, claim.passes)] = false;
  std::vector<std::size_t> from = starts(graph);
  std::erase(from, vertex_of(graph, claim.passes));
  const Way way = shortest(kept_steps(steps_of(graph, false), kept), costs_of(graph), from,
                           only(graph.vertices.size(), {vertex_of(graph, claim.to)}));
  if (way.places.empty()) return {};
  const auto walk = stages_on(graph, way.places);
  if (walk.size() == 1) return fails(fmt::format("a deal may begin in `{}`, without `{}`", to, passed), walk);
  return shown(rulebook, graph, way, fmt::format("{} does not pass `{}`", walk_words(rulebook, walk), passed));
}

// ---- from every stage S or T is reachable ---------------------------------------------------------------------------

std::string either(const model::Rulebook& rulebook, const std::vector<Id<model::Stage>>& stages) {
  std::string result;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (i > 0) result += i + 1 == stages.size() ? " or " : ", ";
    result += fmt::format("`{}`", name_of(rulebook, stages[i]));
  }
  return result;
}

Decision stuck(const model::Rulebook& rulebook, const StageGraph& graph, const model::StageReaches& claim,
               const Way& way) {
  const std::vector<Id<model::Stage>> walk = stages_on(graph, way.places);
  const Id<model::Stage> last = walk.back();
  const std::string goal = either(rulebook, claim.stages);
  if (graph.vertices[vertex_of(graph, last)].end != model::StageEnd::open)
    return shown(rulebook, graph, way,
                 fmt::format("`{}` is closed, so a deal there never reaches {}", name_of(rulebook, last), goal));
  return shown(rulebook, graph, way, fmt::format("after {} no walk reaches {}", walk_words(rulebook, walk), goal));
}

/// Some stages may need a return that a deal has used up: asked of every state of a walk.
Decision decide_states(const model::Rulebook& rulebook, const StageGraph& graph, const model::StageReaches& claim,
                       const Steps& steps, const std::vector<bool>& is_goal) {
  const States states = states_from(graph, steps, starts(graph));
  if (!states.whole) return {Decision::Is::too_large, {}, {}, {}};
  const std::vector<std::size_t> by_vertex = costs_of(graph);
  std::vector<std::size_t> goals, begun, costs;
  for (std::size_t s = 0; s < states.vertex.size(); ++s) {
    if (is_goal[states.vertex[s]]) goals.push_back(s);
    if (s < states.begun) begun.push_back(s);
    costs.push_back(by_vertex[states.vertex[s]]);
  }
  std::vector<bool> bad = leads_to(states.steps, goals);
  for (std::size_t s = 0; s < bad.size(); ++s) bad[s] = !bad[s] && costs[s] == 1;
  Way way = shortest(states.steps, costs, begun, bad);
  if (way.places.empty()) return {};
  for (std::size_t& place : way.places) place = states.vertex[place];
  return stuck(rulebook, graph, claim, way);
}

Decision decide_claim(const model::Rulebook& rulebook, const StageGraph& graph, const model::StageReaches& claim) {
  std::vector<std::size_t> goals;
  for (const Id<model::Stage> stage : claim.stages) goals.push_back(vertex_of(graph, stage));
  const std::vector<bool> is_goal = only(graph.vertices.size(), goals);
  const Steps steps = steps_of(graph, false);
  std::vector<bool> bad = leads_to(steps, goals);
  for (std::size_t v = 0; v < bad.size(); ++v) {
    const bool open = graph.vertices[v].end == model::StageEnd::open;
    bad[v] = !bad[v] && !graph.vertices[v].passed && !(graph.any_move && open);
  }
  const Way way = shortest(steps, costs_of(graph), starts(graph), bad);
  if (!way.places.empty()) return stuck(rulebook, graph, claim, way);
  if (graph.any_move) return {};
  // Without the returns that are counted every stage reaches a goal in every state; else it depends on the state.
  const std::vector<std::size_t> counted = counted_returns(graph, steps);
  Steps uncounted = steps;
  for (auto& from : uncounted)
    std::erase_if(from, [&](const Step& step) { return std::ranges::find(counted, step.edge) != counted.end(); });
  const std::vector<bool> is_reached = reached(targets_of(steps), starts(graph));
  const std::vector<bool> always = leads_to(uncounted, goals);
  for (std::size_t v = 0; v < always.size(); ++v) {
    if (is_reached[v] && !always[v]) return decide_states(rulebook, graph, claim, steps, is_goal);
  }
  return {};
}

Decision decide_claim(const model::Rulebook& rulebook, const StageGraph& graph, const model::LongestPath& claim) {
  return decide_longest(rulebook, graph, claim);
}

// ---- in ladder L R comes before Q -----------------------------------------------------------------------------------

Decision decide_rungs(const model::Rulebook& rulebook, const model::RungBefore& claim) {
  if (claim.first < claim.second) return {};
  const model::Ladder& ladder = rulebook.ladders[claim.ladder];
  const model::Rung& first = ladder.rungs[claim.first];
  const model::Rung& second = ladder.rungs[claim.second];
  if (claim.first == claim.second) return fails(fmt::format("`{}` does not come before itself", first.name));
  Decision result =
      fails(fmt::format("in the ladder `{}`, `{}` comes before `{}`", ladder.name, second.name, first.name));
  result.labels = {{second.span, fmt::format("`{}` is rung {}", second.name, claim.second + 1)},
                   {first.span, fmt::format("`{}` is rung {}", first.name, claim.first + 1)}};
  return result;
}

bool names_all(const model::Rulebook& rulebook, const model::Proof& proof,
               const std::vector<Id<model::Stage>>& stages) {
  return proof.process && std::ranges::all_of(stages, [&](Id<model::Stage> stage) {
           return stage && rulebook.stages[stage].process == proof.process;
         });
}

std::vector<Id<model::Stage>> stages_of(const model::Proof& proof) {
  if (const auto* passes = std::get_if<model::PathPasses>(&proof.is)) return {passes->to, passes->passes};
  if (const auto* reaches = std::get_if<model::StageReaches>(&proof.is)) return reaches->stages;
  if (const auto* longest = std::get_if<model::LongestPath>(&proof.is)) return {longest->from, longest->to};
  return {};
}

}  // namespace

// ---- what all of them share -----------------------------------------------------------------------------------------

std::vector<Id<model::Stage>> stages_on(const StageGraph& graph, const std::vector<std::size_t>& vertices) {
  std::vector<Id<model::Stage>> result;
  for (const std::size_t v : vertices) {
    if (!graph.vertices[v].passed) result.push_back(graph.vertices[v].stage);
  }
  return result;
}

std::vector<diagnostics::Label> labels_on(const model::Rulebook& rulebook, const StageGraph& graph,
                                          const std::vector<std::size_t>& edges) {
  std::vector<diagnostics::Label> result;
  std::set<std::size_t> seen;
  for (const std::size_t e : edges) {
    const Edge& edge = graph.edges[e];
    const bool is_skip = graph.vertices[edge.to].passed;
    const bool is_plain = edge.kind == EdgeKind::path || (edge.kind == EdgeKind::skip && !is_skip);
    if (is_plain || result.size() == most_labels || !seen.insert(e).second) continue;
    const std::string& from = name_of(rulebook, graph.vertices[edge.from].stage);
    const Id<model::Stage> to = graph.vertices[edge.to].stage;
    if (is_skip) {
      result.push_back({rulebook.stages[to].span, fmt::format("`{}` may be skipped", name_of(rulebook, to))});
    } else {
      result.push_back({edge.span, fmt::format("this allows `{} -> {}`", from, name_of(rulebook, to))});
    }
  }
  return result;
}

std::string walk_words(const model::Rulebook& rulebook, const std::vector<Id<model::Stage>>& walk) {
  std::string result;
  for (std::size_t i = 0; i < walk.size(); ++i) {
    const bool left_out = walk.size() > most_steps && i >= most_steps / 2 && i + most_steps / 2 < walk.size();
    if (left_out && i > most_steps / 2) continue;
    result += i == 0 ? "" : " -> ";
    result += left_out ? "…" : name_of(rulebook, walk[i]);
  }
  return fmt::format("`{}`", result);
}

std::size_t vertex_of(const StageGraph& graph, Id<model::Stage> stage) {
  for (std::size_t v = 0; v < graph.stage_count; ++v) {
    if (graph.vertices[v].stage == stage) return v;
  }
  PLUMB_ASSERT(false, "a proof names stages of its own process");
  return 0;
}

Decision decide(const model::Rulebook& rulebook, const model::Proof& proof) {
  if (const auto* rungs = std::get_if<model::RungBefore>(&proof.is))
    return rungs->ladder ? decide_rungs(rulebook, *rungs) : Decision{};
  if (!names_all(rulebook, proof, stages_of(proof))) return {};
  const StageGraph graph = build(rulebook, proof.process);
  if (graph.incomplete) return {};
  return std::visit(
      [&](const auto& claim) {
        if constexpr (requires { decide_claim(rulebook, graph, claim); }) {
          return decide_claim(rulebook, graph, claim);
        } else {
          return Decision{};
        }
      },
      proof.is);
}

void prove(const model::Rulebook& rulebook, diagnostics::Sink& sink) {
  for (const model::Proof& proof : rulebook.proofs) {
    const Decision decision = decide(rulebook, proof);
    if (decision.is == Decision::Is::holds) continue;
    if (decision.is == Decision::Is::too_large) {
      sink.report(proof.span, diag::ProofTooLarge, proof.claim)
          .hint("its returns can be taken in more than {} ways; give fewer of them a number, or prove less at once",
                most_states);
      continue;
    }
    auto& diagnostic = sink.report(proof.span, diag::ProofFails, decision.reason);
    for (const diagnostics::Label& label : decision.labels) diagnostic.label(label.span, label.text);
    diagnostic.hint("put the process right, or the claim: a rulebook whose proofs fail is not used");
  }
}

}  // namespace plumb::graph
