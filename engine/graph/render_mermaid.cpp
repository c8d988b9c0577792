#include <string_view>

#include <fmt/format.h>

#include "graph/drawing.h"
#include "graph/render.h"

namespace plumb::graph {

namespace {

bool is_plain(char c) {
  constexpr std::string_view signs = " .,/()'?!+-_";
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool is_digit = c >= '0' && c <= '9';
  return is_letter || is_digit || static_cast<unsigned char>(c) >= 0x80 || signs.find(c) != std::string_view::npos;
}

/// A quoted label of Mermaid is HTML, may be Markdown, and is searched for directives before it is parsed. So every
/// sign that might mean something is written by its number.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += ' ';
    } else if (is_plain(c)) {
      result += c;
    } else {
      result += fmt::format("#{};", static_cast<int>(c));
    }
  }
  return result;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string result;
  for (const std::string& line : lines) {
    if (!result.empty()) result += "<br/>";
    result += escaped(line);
  }
  return result;
}

std::string node_line(const Node& node) {
  std::vector<std::string> lines = node.lines;
  if (!node.buyer.empty()) lines.push_back("buyer – " + node.buyer);
  const std::string label = joined(lines);
  switch (node.shape) {
    case Shape::start: return fmt::format("  {}(( )):::start\n", node.id);
    case Shape::won: return fmt::format("  {}([\"{}\"]):::won\n", node.id, label);
    case Shape::lost: return fmt::format("  {}([\"{}\"]):::lost\n", node.id, label);
    case Shape::any_open: return fmt::format("  {}[\"{}\"]:::any\n", node.id, label);
    case Shape::open: break;
  }
  if (node.unavoidable) return fmt::format("  {}[[\"{}\"]]\n", node.id, label);
  return fmt::format("  {}[\"{}\"]\n", node.id, label);
}

std::string_view look(Line line) {
  switch (line) {
    case Line::back:
    case Line::from_any: return "-.->";
    case Line::skip: return "-->";
    case Line::start:
    case Line::path: break;
  }
  return "-->";
}

std::string arrow_line(const Drawing& drawing, const Arrow& arrow) {
  const std::string label = arrow.lines.empty() ? "" : fmt::format("|\"{}\"|", joined(arrow.lines));
  return fmt::format("  {} {}{} {}\n", drawing.nodes[arrow.from].id, look(arrow.line), label,
                     drawing.nodes[arrow.to].id);
}

/// `class a,b name`, for those nodes that have the sign.
std::string class_line(const Drawing& drawing, bool Node::*sign, std::string_view name) {
  std::string ids;
  for (const Node& node : drawing.nodes) {
    if (node.*sign) ids += (ids.empty() ? "" : ",") + node.id;
  }
  return ids.empty() ? "" : fmt::format("  class {} {}\n", ids, name);
}

/// Arrows have no classes: their looks go by their numbers.
std::string link_line(const Drawing& drawing, Line line, std::string_view style) {
  std::string numbers;
  for (std::size_t i = 0; i < drawing.arrows.size(); ++i) {
    if (drawing.arrows[i].line == line) numbers += fmt::format("{}{}", numbers.empty() ? "" : ",", i);
  }
  return numbers.empty() ? "" : fmt::format("  linkStyle {} {}\n", numbers, style);
}

std::string legend_lines(const Drawing& drawing) {
  if (drawing.legend.empty()) return "";
  return fmt::format("  legend[\"{}\"]:::legend\n", joined(drawing.legend));
}

}  // namespace

std::string to_mermaid(const model::Rulebook& rulebook, Id<model::Process> process) {
  const Drawing drawing = draw(rulebook, process);
  std::string text = "flowchart TD\n";
  for (const Node& node : drawing.nodes) text += node_line(node);
  for (const Arrow& arrow : drawing.arrows) text += arrow_line(drawing, arrow);
  text += legend_lines(drawing);
  text += class_line(drawing, &Node::unavoidable, "unavoidable");
  text += class_line(drawing, &Node::on_hold, "onhold");
  text += "  classDef default fill:#f7f7f4,stroke:#444444,color:#111111\n";
  text += "  classDef start fill:#444444,stroke:#444444\n";
  text += "  classDef won fill:#cfead2,stroke:#2e7d32,color:#111111\n";
  text += "  classDef lost fill:#f3d6d3,stroke:#a33a32,color:#111111\n";
  text += "  classDef any fill:none,stroke:none\n";
  text += "  classDef unavoidable stroke-width:3px,font-weight:bold\n";
  text += "  classDef onhold stroke-dasharray:6 4\n";
  text += "  classDef legend fill:none,stroke:none,font-size:12px\n";
  text += link_line(drawing, Line::back, "stroke:#8a5a00,stroke-dasharray:8 4");
  text += link_line(drawing, Line::from_any, "stroke:#777777,stroke-dasharray:2 3");
  text += link_line(drawing, Line::skip, "stroke:#777777,stroke-width:1px");
  return text;
}

}  // namespace plumb::graph
