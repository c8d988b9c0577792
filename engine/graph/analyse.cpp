#include "graph/analyse.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/assert.h"
#include "graph/graph.h"
#include "graph/reach.h"

namespace plumb::graph {

namespace {

namespace diag = diagnostics::diag;

constexpr std::size_t none = static_cast<std::size_t>(-1);
/// More names than these are counted, not named: a message is a sentence.
constexpr std::size_t most_names = 5;
constexpr std::size_t most_steps = 12;

struct Analysis {
  const model::Rulebook& rulebook;
  diagnostics::Sink& sink;
  StageGraph graph;
  // The moves of a life, or those of all lives: what is reached asks for all, what ends for one.
  Successors next;
  std::vector<bool> is_reached;
  std::vector<std::size_t> component;  // of each vertex
  std::vector<std::vector<std::size_t>> members;

  const model::Stage& stage(std::size_t v) const { return rulebook.stages[graph.vertices[v].stage]; }
  bool is_stage(std::size_t v) const { return !graph.vertices[v].passed; }
  bool is_open(std::size_t v) const { return graph.vertices[v].end == model::StageEnd::open; }
};

Analysis prepare(const model::Rulebook& rulebook, StageGraph graph, Closed closed, diagnostics::Sink& sink) {
  Successors next = successors(graph, closed);
  std::vector<bool> is_reached = reached(successors(graph, Closed::may_reopen), starts(graph));
  std::vector<std::size_t> component = components(next);
  std::vector<std::vector<std::size_t>> members(graph.vertices.size());
  for (std::size_t v = 0; v < component.size(); ++v) members[component[v]].push_back(v);
  return {rulebook,          sink, std::move(graph), std::move(next), std::move(is_reached), std::move(component),
          std::move(members)};
}

std::string listed(const Analysis& a, const std::vector<std::size_t>& stages) {
  const std::size_t shown = stages.size() > most_names ? most_names : stages.size();
  const std::size_t more = stages.size() - shown;
  std::string words;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == stages.size();
    words += i == 0 ? "" : is_last ? " and " : ", ";
    words += fmt::format("`{}`", a.stage(stages[i]).name);
  }
  return more == 0 ? words : fmt::format("{} and {} more", words, more);
}

std::vector<std::size_t> stages_of(const Analysis& a, const std::vector<std::size_t>& vertices) {
  std::vector<std::size_t> result;
  std::copy_if(vertices.begin(), vertices.end(), std::back_inserter(result), [&](auto v) { return a.is_stage(v); });
  return result;
}

// ---- what no deal reaches -------------------------------------------------------------------------------------------

/// The unreached stages behind `root` that no earlier root has taken, in the order of the text.
std::vector<std::size_t> take_behind(const Analysis& a, std::size_t root, std::vector<bool>& taken) {
  std::vector<std::size_t> behind;
  std::vector<std::size_t> open{root};
  taken[root] = true;
  while (!open.empty()) {
    const std::size_t v = open.back();
    open.pop_back();
    if (v != root && a.is_stage(v)) behind.push_back(v);
    for (const std::size_t to : a.next[v]) {
      if (a.is_reached[to] || taken[to]) continue;
      taken[to] = true;
      open.push_back(to);
    }
  }
  std::sort(behind.begin(), behind.end());
  return behind;
}

/// Whether a component is entered from another one; of an unreached component, that one is unreached too.
std::vector<bool> entered_components(const Analysis& a) {
  std::vector<bool> entered(a.graph.vertices.size(), false);
  for (std::size_t v = 0; v < a.next.size(); ++v) {
    for (const std::size_t to : a.next[v]) {
      if (a.component[v] != a.component[to]) entered[a.component[to]] = true;
    }
  }
  return entered;
}

void report_unreachable(const Analysis& a) {
  const std::vector<bool> entered = entered_components(a);
  std::vector<bool> taken(a.graph.vertices.size(), false);
  std::vector<std::size_t> roots;
  std::set<std::size_t> seen;
  for (std::size_t v = 0; v < a.graph.stage_count; ++v) {
    const bool is_root = !a.is_reached[v] && !entered[a.component[v]];
    if (!is_root || !seen.insert(a.component[v]).second) continue;
    roots.push_back(v);
    taken[v] = true;
  }
  for (const std::size_t root : roots) {
    const model::Stage& stage = a.stage(root);
    auto& diagnostic = a.sink.report(stage.span, diag::UnreachableStage, stage.name);
    diagnostic.hint("name it in the `path`, say `may be first` in it, or take it out");
    const auto behind = take_behind(a, root, taken);
    if (!behind.empty()) diagnostic.hint("nor can a deal reach {}, behind it", listed(a, behind));
  }
}

// ---- what no deal gets out of ---------------------------------------------------------------------------------------

/// The shortest walk from a stage back to itself within its component, as words: a -> b -> a. Without skips, for what
/// is skipped could have been entered: there is a walk without any.
std::string round_trip(const Analysis& a, std::size_t first) {
  std::vector<std::size_t> came_from(a.graph.vertices.size(), none);
  std::vector<std::size_t> queue{first};
  for (std::size_t i = 0; i < queue.size() && came_from[first] == none; ++i) {
    for (const std::size_t to : a.next[queue[i]]) {
      if (came_from[to] != none || !a.is_stage(to) || a.component[to] != a.component[first]) continue;
      came_from[to] = queue[i];
      if (to != first) queue.push_back(to);
    }
  }
  PLUMB_ASSERT(came_from[first] != none, "from every stage of a cycle a walk leads back to it");
  std::vector<std::size_t> walk;
  for (std::size_t v = came_from[first]; v != first; v = came_from[v]) walk.push_back(v);
  std::string words = a.stage(first).name;
  std::reverse(walk.begin(), walk.end());
  for (std::size_t i = 0; i < walk.size() && i < most_steps; ++i) words += " -> " + a.stage(walk[i]).name;
  if (walk.size() > most_steps) words += " -> …";
  return words + " -> " + a.stage(first).name;
}

bool moves_to_itself(const Analysis& a, std::size_t v) {
  return std::find(a.next[v].begin(), a.next[v].end(), v) != a.next[v].end();
}

void report_dead_end(const Analysis& a, const std::vector<std::size_t>& stages) {
  const model::Stage& stage = a.stage(stages.front());
  if (stages.size() == 1 && !moves_to_itself(a, stages.front())) {
    auto& diagnostic = a.sink.report(stage.span, diag::StageWithoutEnd, stage.name);
    diagnostic.hint("no move leads out of it: name where it goes on in the `path`, or mark it `won` or `lost`");
    return;
  }
  auto& diagnostic = a.sink.report(stage.span, diag::CycleWithoutExit, stage.name, round_trip(a, stages.front()));
  if (stages.size() == 1) {
    diagnostic.hint("no other move leads out of it: name where it goes on in the `path`");
  } else {
    diagnostic.hint("no move leads out of {}: let one of them go on to a stage that is won or lost", listed(a, stages));
  }
}

/// Every walk that cannot end runs into a component that no edge leaves; so the dead ends are these, and what leads
/// into them is no cause.
std::vector<bool> left_components(const Analysis& a) {
  std::vector<bool> left(a.graph.vertices.size(), false);
  for (std::size_t v = 0; v < a.next.size(); ++v) {
    for (const std::size_t to : a.next[v]) {
      if (a.component[v] != a.component[to]) left[a.component[v]] = true;
    }
  }
  return left;
}

void report_dead_ends(const Analysis& a) {
  const std::vector<bool> left = left_components(a);
  std::set<std::size_t> seen;
  for (std::size_t v = 0; v < a.graph.stage_count; ++v) {
    if (left[a.component[v]] || !a.is_open(v) || !a.is_reached[v]) continue;
    if (seen.insert(a.component[v]).second) report_dead_end(a, stages_of(a, a.members[a.component[v]]));
  }
}

/// A move to the same stage that is a dead end by itself was reported as a cycle.
void report_moves_to_itself(const Analysis& a) {
  const std::vector<bool> left = left_components(a);
  std::set<std::size_t> seen;
  for (const Edge& edge : a.graph.edges) {
    if (edge.from != edge.to || edge.kind == EdgeKind::skip || !seen.insert(edge.from).second) continue;
    const bool is_cycle = a.is_reached[edge.from] && a.is_open(edge.from) && !left[a.component[edge.from]] &&
                          stages_of(a, a.members[a.component[edge.from]]).size() == 1;
    if (is_cycle) continue;
    const std::string& name = a.stage(edge.from).name;
    a.sink.report(edge.span, diag::MoveToItself, name, name).hint("take one of the two out");
  }
}

// ---- all of it ------------------------------------------------------------------------------------------------------

bool has_end(const StageGraph& graph, model::StageEnd end) {
  return std::any_of(graph.vertices.begin(), graph.vertices.end(), [&](const Vertex& v) { return v.end == end; });
}

void report_without_won(const model::Process& process, bool any_lost, diagnostics::Sink& sink) {
  auto& diagnostic = sink.report(process.span, diag::ProcessWithoutWon, process.name);
  diagnostic.hint("mark the stage that ends well, as in `stage signed {{ won }}`");
  if (!any_lost) diagnostic.hint("no stage is lost either: every deal stays open for ever");
}

void analyse_process(const model::Rulebook& rulebook, Id<model::Process> id, diagnostics::Sink& sink) {
  const StageGraph graph = build(rulebook, id);
  if (graph.any_move || graph.incomplete) return;
  const bool any_won = has_end(graph, model::StageEnd::won);
  const bool any_lost = has_end(graph, model::StageEnd::lost);
  if (!any_won) report_without_won(rulebook.processes[id], any_lost, sink);
  report_unreachable(prepare(rulebook, graph, Closed::may_reopen, sink));
  const Analysis ends = prepare(rulebook, graph, Closed::ends_a_walk, sink);
  // Where no stage is an end, that is the cause, and it has been said.
  if (any_won || any_lost) report_dead_ends(ends);
  report_moves_to_itself(ends);
}

}  // namespace

void analyse(const model::Rulebook& rulebook, diagnostics::Sink& sink) {
  for (std::size_t i = 0; i < rulebook.processes.size(); ++i) {
    analyse_process(rulebook, Id<model::Process>(i), sink);
  }
}

}  // namespace plumb::graph
