#include <set>
#include <string_view>

#include <fmt/format.h>

#include "graph/drawing.h"
#include "graph/render.h"

namespace plumb::graph {

namespace {

/// Inside a quoted string of DOT: quotes and backslashes would end it or begin an escape, `&` an HTML entity.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += ' ';
    } else if (c == '&') {
      result += "&amp;";
    } else {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result;
}

std::string joined(const std::vector<std::string>& lines, std::string_view end_of_line) {
  std::string result;
  for (const std::string& line : lines) {
    if (!result.empty()) result += end_of_line;
    result += escaped(line);
  }
  return result;
}

std::string_view look(Shape shape) {
  switch (shape) {
    case Shape::start: return "shape=circle, width=0.15, style=filled, fillcolor=\"#444444\", label=\"\"";
    case Shape::won: return "shape=ellipse, fillcolor=\"#cfead2\", color=\"#2e7d32\"";
    case Shape::lost: return "shape=ellipse, fillcolor=\"#f3d6d3\", color=\"#a33a32\"";
    case Shape::any_open: return "shape=plaintext, style=\"\"";
    case Shape::open: break;
  }
  return "";
}

std::string node_line(const Node& node) {
  std::string attributes(look(node.shape));
  const auto add = [&](std::string_view attribute) {
    if (!attributes.empty()) attributes += ", ";
    attributes += attribute;
  };
  if (node.shape != Shape::start) add(fmt::format("label=\"{}\"", joined(node.lines, "\\n")));
  if (node.on_hold) add("style=\"filled,dashed\"");
  if (node.unavoidable) add("peripheries=2, penwidth=2, fontname=\"Helvetica-Bold\"");
  // Without one Graphviz would show the name that the stage has for the machine.
  add(fmt::format("tooltip=\"{}\"", node.buyer.empty() ? " " : escaped(node.buyer)));
  return fmt::format("  {} [{}];\n", node.id, attributes);
}

std::string_view look(Line line) {
  switch (line) {
    case Line::back: return "style=dashed, color=\"#8a5a00\", fontcolor=\"#8a5a00\", constraint=false";
    case Line::from_any: return "style=dotted, color=\"#777777\", fontcolor=\"#777777\"";
    case Line::skip: return "penwidth=0.6, color=\"#777777\", arrowhead=vee, arrowsize=0.6, constraint=false";
    case Line::start:
    case Line::path: break;
  }
  return "";
}

std::string arrow_line(const Drawing& drawing, const Arrow& arrow) {
  std::string attributes(look(arrow.line));
  if (!arrow.lines.empty()) {
    if (!attributes.empty()) attributes += ", ";
    // The blanks keep the words off the arrow.
    attributes += fmt::format("label=\"   {}   \"", joined(arrow.lines, "   \\n   "));
  }
  if (!attributes.empty()) attributes = " [" + attributes + "]";
  return fmt::format("  {} -> {}{};\n", drawing.nodes[arrow.from].id, drawing.nodes[arrow.to].id, attributes);
}

/// The ends that nothing leaves stand side by side, below the path: otherwise what is lost `from any open stage` would
/// be at the top.
std::string ends_line(const Drawing& drawing) {
  std::set<std::size_t> left;
  for (const Arrow& arrow : drawing.arrows) left.insert(arrow.from);
  std::string ids;
  for (std::size_t i = 0; i < drawing.nodes.size(); ++i) {
    const Node& node = drawing.nodes[i];
    const bool is_end = node.shape == Shape::won || node.shape == Shape::lost;
    if (is_end && !left.contains(i)) ids += fmt::format(" {};", node.id);
  }
  return ids.empty() ? "" : fmt::format("  {{ rank=same;{} }}\n", ids);
}

}  // namespace

std::string to_dot(const model::Rulebook& rulebook, Id<model::Process> process) {
  const Drawing drawing = draw(rulebook, process);
  std::string dot = fmt::format("digraph \"{}\" {{\n", escaped(drawing.name));
  dot += "  graph [rankdir=TB, fontname=\"Helvetica\", fontsize=10, labelloc=b, labeljust=l];\n";
  dot += "  node [shape=box, style=filled, fillcolor=\"#f7f7f4\", color=\"#444444\"";
  dot += ", fontname=\"Helvetica\", fontsize=11];\n";
  dot += "  edge [color=\"#444444\", fontname=\"Helvetica\", fontsize=9];\n";
  if (!drawing.legend.empty()) dot += fmt::format("  label=\"{}\\l\";\n", joined(drawing.legend, "\\l"));
  for (const Node& node : drawing.nodes) dot += node_line(node);
  for (const Arrow& arrow : drawing.arrows) dot += arrow_line(drawing, arrow);
  return dot + ends_line(drawing) + "}\n";
}

}  // namespace plumb::graph
