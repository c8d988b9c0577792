#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "history/load_tables.h"

/// The order of events within a subject: semantics.md §1.
namespace plumb::history::loading {

/// Rows: `events` are indexes of raw events, subject s owning [first[s], first[s + 1]).
struct Ordered {
  Array<std::uint32_t> first;
  Array<std::uint32_t> events;
  std::vector<std::uint32_t> apart;  // activities and records that say what another does, in another row, without an id
  std::vector<std::uint32_t> placed;  // events whose Timeline::by_day is 2
};

/// Sorts by subject, instant, class, sequence, the chain of moves and that of the changes of a field, and last the
/// texts and values themselves. Identical events become one unless their rows have different ids, or are activities or
/// records of rows that differ in a cell that nothing reads (`Raw::identify`); the others' rows are told so
/// (`Raw::merge`). Rows of one id that say different things are refused but for the first. A move with a date alone
/// that goes on from where one with a time of that day went stands at that time from then on, and one of the day of its
/// deal's creation at that. `number_of`: the subject of a word; events of other words are left out. `as_created`: of
/// deals. `zone`: that of the default calendar.
Ordered order_events(Raw& raw, RawEvents& events, const WordIndex& number_of, std::size_t subjects,
                     const AsCreated& as_created, const time::Zone& zone, unsigned threads);

/// Rows of an order, one range for each task of several threads; `begin` to `end` subjects, or rows.
struct Range {
  std::size_t begin = 0, end = 0;
};
/// Of subjects, about as many events in each.
std::vector<Range> ranges_of(const Array<std::uint32_t>& first);

}  // namespace plumb::history::loading
