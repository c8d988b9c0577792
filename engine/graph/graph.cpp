#include "graph/graph.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace plumb::graph {

namespace {

EdgeKind kind_of(model::MoveKind kind) {
  if (kind == model::MoveKind::path) return EdgeKind::path;
  return kind == model::MoveKind::back ? EdgeKind::back : EdgeKind::from_any;
}

class Builder {
 public:
  Builder(const model::Rulebook& rulebook, Id<model::Process> id)
      : rulebook_(rulebook), process_(rulebook.processes[id]) {
    graph_.process = id;
  }

  StageGraph run() {
    graph_.any_move = process_.path.empty();
    for (const Id<model::Stage> stage : process_.path) graph_.incomplete |= !stages_has(stage);
    add_stages();
    add_passed();
    for (const model::Move& move : process_.moves) add_move(move);
    return std::move(graph_);
  }

 private:
  bool stages_has(Id<model::Stage> stage) const { return stage && rulebook_.stages[stage].process == graph_.process; }

  void add_stages() {
    for (const Id<model::Stage> id : process_.stages) {
      const model::Stage& stage = rulebook_.stages[id];
      const bool first = graph_.any_move || stage.may_be_first || process_.path.front() == id;
      vertex_of_.emplace(id, graph_.vertices.size());
      graph_.vertices.push_back({id, stage.end, first, false});
    }
    graph_.stage_count = graph_.vertices.size();
  }

  /// There is a way past a stage where the path goes on behind it; a closed stage is an end, which nobody goes past.
  void add_passed() {
    std::set<Id<model::Stage>> goes_on;
    for (const model::Move& move : process_.moves) {
      if (move.kind == model::MoveKind::path && stages_has(move.to)) goes_on.insert(move.from);
    }
    for (const Id<model::Stage> id : process_.stages) {
      const model::Stage& stage = rulebook_.stages[id];
      if (!stage.may_be_skipped || stage.end != model::StageEnd::open || !goes_on.contains(id)) continue;
      const bool first = graph_.vertices[vertex_of_.at(id)].may_be_first;
      passed_of_.emplace(vertex_of_.at(id), graph_.vertices.size());
      graph_.vertices.push_back({id, model::StageEnd::open, first, true});
    }
  }

  void add_move(const model::Move& move) {
    const auto from = vertex_of_.find(move.from);
    const auto to = vertex_of_.find(move.to);
    if (from == vertex_of_.end() || to == vertex_of_.end()) {
      graph_.incomplete = true;
      return;
    }
    // `from any open stage -> S` may hold for S too; nobody wrote that a deal moves to where it is.
    if (move.kind == model::MoveKind::from_any && from->second == to->second) return;
    add_edge({from->second, to->second, kind_of(move.kind), move.at_most_times, move.when, move.span});
    if (move.kind == model::MoveKind::path) add_skips(from->second, to->second, move.span);
  }

  void add_skips(std::size_t from, std::size_t to, source::Span span) {
    const auto past_from = passed_of_.find(from);
    const auto past_to = passed_of_.find(to);
    const auto skip = [&](std::size_t a, std::size_t b) { add_edge({a, b, EdgeKind::skip, {}, {}, span}); };
    if (past_to != passed_of_.end()) skip(from, past_to->second);
    if (past_from != passed_of_.end()) skip(past_from->second, to);
    if (past_from != passed_of_.end() && past_to != passed_of_.end()) skip(past_from->second, past_to->second);
  }

  void add_edge(const Edge& edge) {
    const bool is_new = seen_.emplace(edge.from, edge.to, edge.kind, edge.when, edge.at_most_times).second;
    if (is_new) graph_.edges.push_back(edge);
  }

  const model::Rulebook& rulebook_;
  const model::Process& process_;
  StageGraph graph_;
  std::map<Id<model::Stage>, std::size_t> vertex_of_;
  std::map<std::size_t, std::size_t> passed_of_;
  std::set<std::tuple<std::size_t, std::size_t, EdgeKind, Id<model::Expr>, std::optional<std::int64_t>>> seen_;
};

}  // namespace

StageGraph build(const model::Rulebook& rulebook, Id<model::Process> process) {
  return Builder(rulebook, process).run();
}

}  // namespace plumb::graph
