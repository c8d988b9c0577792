#pragma once

#include <algorithm>
#include <cstddef>

#include "base/parallel.h"
#include "history/array.h"
#include "history/load_order.h"

namespace plumb::history::loading {

inline constexpr std::size_t filled_at_once = std::size_t{1} << 16U;

/// Does `work(begin, end)` for the ranges of `size` rows.
template <class Work>
void by_ranges(unsigned threads, std::size_t size, const Work& work) {
  in_parallel(threads, (size + filled_at_once - 1) / filled_at_once, [&](unsigned, std::size_t range) {
    work(range * filled_at_once, std::min(size, (range + 1) * filled_at_once));
  });
}

/// Rows behind those of `column`: `row(i)` for i below `size`.
template <class T, class Row>
void fill(unsigned threads, std::size_t size, Array<T>& column, const Row& row) {
  column.reserve(column.size() + size);
  T* const out = column.extend(size);
  by_ranges(threads, size, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = row(i);
  });
}

/// The timelines and the columns of events, in order. Takes the events and the tables of kinds out of `raw`.
void finish_events(Raw& raw, Ordered deals, Ordered persons, const WordIndex& people, History& history,
                   unsigned threads);

}  // namespace plumb::history::loading
