#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/source.h"

namespace plumb::yaml {

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

/// The most bytes that a text may have, and how deep its lists and maps may be nested: far above what people write, and
/// small enough that a hostile file costs little.
inline constexpr std::size_t most_bytes = 1'000'000;
inline constexpr std::size_t deepest = 32;

/// What a text is to the user, for messages.
struct Purpose {
  std::string_view name;        // `mapping`: follows "a" and "this"
  std::string_view says;        // what there is to say in it, for one that is empty
  std::string_view is_not;      // what it may have been mistaken for, for one that is too large
};

/// The one document of a text. Missing: nullopt when it is none; then that was reported.
/// Errors: what is too large, no text, no YAML or nested too deep; several documents; anchors, aliases and tags, which
/// we do not use.
std::optional<Node> read(const source::Map& texts, Id<source::Text> text, const Purpose& purpose,
                         diagnostics::Sink& sink);

}  // namespace plumb::yaml
