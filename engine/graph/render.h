#pragma once

#include <string>

#include "base/id.h"
#include "model/model.h"

/// The picture of a process: stages with their label, name and limit; stages that no deal may skip with a double
/// border; won and lost in their own shape and colour; returns and stages on hold dashed; what may happen from any
/// stage dotted; skips thin. A legend names the signs that occur. Works on a rulebook with errors too: it shows what is
/// there.
namespace plumb::graph {

/// For Graphviz. The buyer's step is the tooltip of a stage in SVG. Cost: linear in what is drawn.
std::string to_dot(const model::Rulebook& rulebook, Id<model::Process> process);

/// A Mermaid flowchart, as Markdown pages show it. Mermaid has no tooltips there: the buyer's step is a line of the
/// stage.
std::string to_mermaid(const model::Rulebook& rulebook, Id<model::Process> process);

}  // namespace plumb::graph
