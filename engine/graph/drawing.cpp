#include "graph/drawing.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace plumb::graph {

namespace {

/// Columns after which a label goes on in the next line.
constexpr std::size_t line_width = 30;
/// With more sources than this, `from any open stage` is one node: a fan of arrows hides the path.
constexpr std::size_t most_single_sources = 3;

void add_wrapped(std::vector<std::string>& lines, std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!line.empty() && line.size() + 1 + word.size() > line_width) lines.push_back(std::exchange(line, {}));
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
}

Shape shape_of(model::StageEnd end) {
  if (end == model::StageEnd::won) return Shape::won;
  return end == model::StageEnd::lost ? Shape::lost : Shape::open;
}

class Draftsman {
 public:
  Draftsman(const model::Rulebook& rulebook, Id<model::Process> process)
      : rulebook_(rulebook), graph_(build(rulebook, process)) {
    drawing_.name = rulebook.processes[process].name;
  }

  Drawing run() {
    add_start();
    add_stages();
    add_start_arrows();
    add_moves();
    add_skips();
    add_legend();
    return std::move(drawing_);
  }

 private:
  const model::Stage& stage(std::size_t v) const { return rulebook_.stages[graph_.vertices[v].stage]; }
  std::size_t node_of(std::size_t v) const { return first_stage_ + v; }

  // ---- nodes

  void add_start() {
    if (graph_.any_move) return;
    drawing_.nodes.push_back({"start", Shape::start, false, false, {}, {}});
    first_stage_ = 1;
  }

  void add_stages() {
    const auto must = unavoidable(graph_);
    const std::set<Id<model::Stage>> is_unavoidable(must.begin(), must.end());
    const auto limits = limits_of_stages();
    for (std::size_t v = 0; v < graph_.stage_count; ++v) {
      const model::Stage& s = stage(v);
      Node node{fmt::format("s{}", v + 1), shape_of(s.end), false, s.on_hold, {}, s.buyer};
      node.unavoidable = is_unavoidable.contains(graph_.vertices[v].stage);
      node.lines.push_back(s.label.empty() ? s.name : s.label);
      const auto limit = limits.find(graph_.vertices[v].stage);
      add_second_line(node, s, limit == limits.end() ? "" : limit->second);
      if (s.may_be_skipped) add_wrapped(node.lines, "may be skipped" + condition(s.may_be_skipped_when));
      drawing_.nodes.push_back(std::move(node));
    }
  }

  static void add_second_line(Node& node, const model::Stage& stage, const std::string& limit) {
    const bool named = !stage.label.empty() && stage.label != stage.name;
    if (!named && limit.empty()) return;
    const char* const between = named && !limit.empty() ? " · " : "";
    node.lines.push_back(fmt::format("{}{}{}", named ? stage.name : "", between, limit));
  }

  std::map<Id<model::Stage>, std::string> limits_of_stages() const {
    std::map<Id<model::Stage>, std::string> limits;
    for (const model::Rule& rule : rulebook_.rules) {
      if (rule.origin != model::RuleOrigin::at_most || !rule.within) continue;
      limits.emplace(rule.stage, "at most " + time::to_text(*rule.within));
    }
    return limits;
  }

  // ---- arrows

  std::string condition(Id<model::Expr> when) const { return when ? " when " + rulebook_.exprs[when].words : ""; }

  std::vector<std::string> condition_lines(Id<model::Expr> when) const {
    std::vector<std::string> lines;
    add_wrapped(lines, condition(when));
    return lines;
  }

  void add_start_arrows() {
    if (graph_.any_move) return;
    for (std::size_t v = 0; v < graph_.stage_count; ++v) {
      const bool always = !stage(v).may_be_first || graph_.vertices[v].stage == path_start();
      const auto when = always ? Id<model::Expr>() : stage(v).may_be_first_when;
      if (graph_.vertices[v].may_be_first) {
        drawing_.arrows.push_back({0, node_of(v), Line::start, condition_lines(when)});
      }
    }
  }

  Id<model::Stage> path_start() const { return rulebook_.processes[graph_.process].path.front(); }

  void add_moves() {
    for (const Edge& edge : graph_.edges) {
      if (edge.kind == EdgeKind::skip) continue;
      if (edge.kind == EdgeKind::from_any) {
        add_from_any(edge);
      } else {
        const bool is_back = edge.kind == EdgeKind::back;
        add_arrow(edge, node_of(edge.from), is_back ? Line::back : Line::path);
      }
    }
  }

  void add_arrow(const Edge& edge, std::size_t from, Line line) {
    Arrow arrow{from, node_of(edge.to), line, condition_lines(edge.when)};
    if (edge.at_most_times) {
      const char* const noun = *edge.at_most_times == 1 ? "time" : "times";
      arrow.lines.insert(arrow.lines.begin(), fmt::format("at most {} {}", *edge.at_most_times, noun));
    }
    drawing_.arrows.push_back(std::move(arrow));
  }

  /// All edges that one `from any open stage -> S` has made.
  using Fan = std::pair<std::size_t, Id<model::Expr>>;

  void add_from_any(const Edge& edge) {
    if (fan_sizes_.empty()) {
      for (const Edge& e : graph_.edges) fan_sizes_[{e.to, e.when}] += e.kind == EdgeKind::from_any ? 1 : 0;
    }
    const Fan fan{edge.to, edge.when};
    if (fan_sizes_[fan] <= most_single_sources) {
      add_arrow(edge, node_of(edge.from), Line::from_any);
    } else if (fans_drawn_.insert(fan).second) {
      add_arrow(edge, any_open_stage(), Line::from_any);
    }
  }

  std::size_t any_open_stage() {
    if (!any_open_stage_) {
      any_open_stage_ = drawing_.nodes.size();
      drawing_.nodes.push_back({"any", Shape::any_open, false, false, {"any open stage"}, {}});
    }
    return *any_open_stage_;
  }

  // ---- skips

  /// From each stage past others to the next that is entered.
  void add_skips() {
    std::vector<std::vector<std::size_t>> next(graph_.vertices.size());
    for (const Edge& edge : graph_.edges) {
      if (edge.kind == EdgeKind::skip) next[edge.from].push_back(edge.to);
    }
    std::vector<Arrow> arrows;
    for (std::size_t v = 0; v < graph_.stage_count && arrows.size() <= most_skips; ++v) {
      add_skips_from(v, next, arrows);
    }
    if (arrows.size() > most_skips) return;
    drawing_.arrows.insert(drawing_.arrows.end(), arrows.begin(), arrows.end());
  }

  void add_skips_from(std::size_t v, const std::vector<std::vector<std::size_t>>& next, std::vector<Arrow>& arrows) {
    std::set<std::size_t> targets;
    std::set<std::size_t> seen{v};
    std::vector<std::size_t> open{v};
    while (!open.empty() && arrows.size() + targets.size() <= most_skips) {
      const std::size_t at = open.back();
      open.pop_back();
      for (const std::size_t to : next[at]) {
        if (!seen.insert(to).second) continue;
        if (graph_.vertices[to].passed)
          open.push_back(to);
        else
          targets.insert(to);
      }
    }
    for (const std::size_t to : targets) arrows.push_back({node_of(v), node_of(to), Line::skip, {}});
  }

  // ---- legend

  bool any(bool Node::*sign) const {
    return std::any_of(drawing_.nodes.begin(), drawing_.nodes.end(), [&](const Node& n) { return n.*sign; });
  }
  bool any(Line line) const {
    return std::any_of(drawing_.arrows.begin(), drawing_.arrows.end(), [&](const Arrow& a) { return a.line == line; });
  }

  void add_legend() {
    auto& legend = drawing_.legend;
    if (graph_.any_move) legend.push_back("no path is written: any move may be made");
    if (any(&Node::unavoidable)) legend.push_back("double border: no deal may skip it on its way to won");
    if (any(&Node::on_hold)) legend.push_back("dashed border: on hold");
    if (any(Line::back)) legend.push_back("dashed arrow: back");
    if (any(Line::from_any)) legend.push_back("dotted arrow: from any open stage");
    if (any(Line::skip)) legend.push_back("thin arrow: past what may be skipped");
  }

  const model::Rulebook& rulebook_;
  StageGraph graph_;
  Drawing drawing_;
  std::size_t first_stage_ = 0;
  std::optional<std::size_t> any_open_stage_;
  std::map<Fan, std::size_t> fan_sizes_;
  std::set<Fan> fans_drawn_;
};

}  // namespace

Drawing draw(const model::Rulebook& rulebook, Id<model::Process> process) { return Draftsman(rulebook, process).run(); }

}  // namespace plumb::graph
