#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "history/move_orders.h"

namespace plumb::history::loading {

/// The order in which moves of one instant follow from one another: each `from` the `to` before it, beginning at
/// `state`, wherever the moves allow it. `steps` come in canonical order, which decides what the chain leaves open.
/// The only one whose `from` is unobserved was the first, where no other goes on from `state`; else there is no chain
/// with such a move. Rows: positions in `steps`. Cost: linear.
std::vector<std::size_t> chain_order(std::vector<Step> steps, std::int64_t state);

/// A move of a day. Those with a time and of one `turn` may have been made in any order; of those with a date alone it
/// is how many with a time stand before them by their sequences, and those of one turn that say the same are one.
struct StepOfDay {
  Step step;
  std::uint32_t turn = 0;
  friend bool operator==(const StepOfDay&, const StepOfDay&) = default;
};

/// Of the moves of one day those with a date alone among those with a time, in the order of their turns: behind which
/// of the latter each of the former comes, where they all follow from one another from `state` on; SIZE_MAX: before
/// them. Of several chains it is the one in which those with a date come as soon as they can. Missing: nullopt, where
/// there is none, or none is found. Cost: the square of their number where what goes on may do so at once; looking for
/// a chain stops after so many tries, whatever the moves.
std::optional<std::vector<std::size_t>> behind_timed(const std::vector<StepOfDay>& by_day,
                                                     const std::vector<StepOfDay>& timed, std::int64_t state);

}  // namespace plumb::history::loading
