#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plumb::history::loading {

/// One move of a deal. Values as in a Column: equal values are equal stages.
struct Step {
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// The order in which moves of one instant follow from one another: each `from` the `to` before it, beginning at
/// `state`, wherever the moves allow it. `steps` come in canonical order, which decides what the chain leaves open;
/// where some `from` is unobserved there is no chain. Rows: positions in `steps`. Cost: linear.
std::vector<std::size_t> chain_order(const std::vector<Step>& steps, std::int64_t state);

}  // namespace plumb::history::loading
