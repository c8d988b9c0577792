#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"

/// What a picture of a process shows, before any notation; all texts are still as the user wrote them.
namespace plumb::graph {

enum class Shape : std::uint8_t { start, open, won, lost, any_open };

struct Node {
  std::string id;  // of our own, safe in every notation
  Shape shape = Shape::open;
  bool unavoidable = false;
  bool on_hold = false;
  std::vector<std::string> lines;  // the first is the title
  std::string buyer;               // empty: not said
};

enum class Line : std::uint8_t { start, path, back, from_any, skip };

struct Arrow {
  std::size_t from = 0, to = 0;  // positions in Drawing::nodes
  Line line = Line::path;
  std::vector<std::string> lines;
};

/// Rows: nodes are the start (where there is one), the stages in the order of the text, and `any open stage` where it
/// is used; arrows in the order of the moves, then skips.
struct Drawing {
  std::string name;
  std::vector<Node> nodes;
  std::vector<Arrow> arrows;
  std::vector<std::string> legend;
};

/// Skips are drawn as arrows as long as there are not more than `most_skips`; the stages say that they may be skipped
/// in either case. Moves `from any open stage` start at one node of their own where more than three stages would do.
Drawing draw(const model::Rulebook& rulebook, Id<model::Process> process);

inline constexpr std::size_t most_skips = 40;

}  // namespace plumb::graph
