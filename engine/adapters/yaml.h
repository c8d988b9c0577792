#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/source.h"

namespace plumb::adapters {

enum class NodeKind : std::uint8_t { empty, text, list, map };

/// A piece of YAML. There are no types below text: `true`, `12` and `null` are words like any other; `empty` is where
/// nothing was written. Rows: of a map, `keys[i]` belongs to `items[i]`, in the order of the file; a key may come
/// twice.
struct Node {
  NodeKind kind = NodeKind::empty;
  std::string text;
  source::Span span;  // text: as it is written, quotes included; list, map: where it begins; empty: the key before it
  std::vector<Node> keys;
  std::vector<Node> items;
};

/// The one document of a text. Missing: nullopt when it is none; then that was reported.
/// Errors: what is too large, no text, no YAML or nested too deep; several documents; anchors, aliases and tags, which
/// a mapping does not use.
std::optional<Node> read_yaml(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink);

}  // namespace plumb::adapters
