#pragma once

#include <cstdint>
#include <vector>

#include "history/load_tables.h"

/// The order of events within a subject: semantics.md §1.
namespace plumb::history::loading {

/// Rows: `events` are indexes of raw events, subject s owning [first[s], first[s + 1]).
struct Ordered {
  Array<std::uint32_t> first;
  std::vector<std::uint32_t> events;
};

/// Sorts by subject, instant, class, sequence, the chain of moves, and last the texts and values themselves. Identical
/// events become one, and the others' rows are told so (`Raw::merge`). `number_of`: the subject of a word; events of
/// other words are left out.
Ordered order_events(Raw& raw, const std::vector<RawEvent>& events, const WordIndex& number_of, std::size_t subjects);

}  // namespace plumb::history::loading
