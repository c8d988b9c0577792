#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/id.h"
#include "model/model.h"
#include "source/source.h"

/// What a process allows, as a graph: which walks a deal may take through the stages, whatever the conditions say.
namespace plumb::graph {

enum class EdgeKind : std::uint8_t {
  path,
  back,
  from_any,  // as in model::MoveKind
  skip,      // touches a vertex that is `passed`
};

/// A stage, or the way past it. A stage that may be skipped has a second vertex, which a deal passes in place of the
/// stage: so skips chain, and the graph stays as small as the text. The stages of a walk are its vertices that are not
/// `passed`.
struct Vertex {
  Id<model::Stage> stage;
  model::StageEnd end = model::StageEnd::open;
  bool may_be_first = false;
  bool passed = false;
};

struct Edge {
  std::size_t from = 0, to = 0;  // positions in StageGraph::vertices
  EdgeKind kind = EdgeKind::path;
  std::optional<std::int64_t> at_most_times;
  Id<model::Expr> when;
  source::Span span;
};

/// Rows: vertices are the stages in the order of the text, then those passed in the same order; edges are the moves in
/// the order of the model, each followed by the skips that it takes part in; a move that is written twice is one edge.
struct StageGraph {
  Id<model::Process> process;
  std::vector<Vertex> vertices;
  std::size_t stage_count = 0;  // vertices that are stages
  std::vector<Edge> edges;
  bool any_move = false;    // no path is written: a deal may go from every stage to every other
  bool incomplete = false;  // a move names a stage that the process does not have; the checker has reported that

  /// `from` is open. A move out of a closed stage reopens the deal: another walk starts there.
  bool within_a_life(const Edge& edge) const { return vertices[edge.from].end == model::StageEnd::open; }
};

/// A skip goes along the path: from where it comes from to where it goes on. Where a deal may begin in a stage that may
/// be skipped, it may also begin behind it. The way past a stage always leads on to a stage. Missing: what names no
/// stage of the process is left out. Cost: linear in stages and moves.
StageGraph build(const model::Rulebook& rulebook, Id<model::Process> process);

/// The open stages that no deal may skip on its way to won: every walk from a stage where a deal may begin to a stage
/// that is won passes them. A closed stage ends a walk; a return counts as a move however often it is allowed.
/// Rows: in the order of the text. Missing: empty when no walk leads to won, or any move may be made. Cost: linear.
std::vector<Id<model::Stage>> unavoidable(const StageGraph& graph);

}  // namespace plumb::graph
