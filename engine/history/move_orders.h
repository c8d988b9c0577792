#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// In which orders the moves of one day may have come.
namespace plumb::history {

/// One move of a deal. Values as in a Column: equal values are equal stages.
struct Step {
  std::int64_t from = 0;
  std::int64_t to = 0;
  friend bool operator==(const Step&, const Step&) = default;
};

/// Whether a move does not say from where the deal came, which is in `state`: `missing` is nowhere, as the `from` of a
/// first move is; what is no value else, that nobody knows.
bool says_no_origin(const Step& step, std::int64_t state);

/// Whether a move says that it came from elsewhere than the state that is known.
bool breaks(const Step& step, std::int64_t state);

/// Orders of moves. Rows: orders, in each their positions.
struct MoveOrders {
  std::vector<std::vector<std::size_t>> some;
  bool all = true;         // there are no more
  std::size_t breaks = 0;  // so many moves come from elsewhere in each
};

/// Moves of one day: those with a date alone may stand anywhere, and behind them here the others, in their order.
struct DaySteps {
  std::vector<Step> steps;
  std::size_t dates = 0;
  std::vector<std::uint32_t> turns;  // of the others; those of one turn may change places
};

/// The orders in which the fewest moves say that they came from another stage than the one before them led to, the
/// first from `state`. Those with a date alone that say the same stay in their order, and before another that says the
/// same; of orders that differ only within a turn there is but one, the one that is nearest to theirs, which stands
/// first. Of more than eight moves of which some do not say from where they came there are none, nor where looking for
/// them takes too long. Missing: no more than `most` are given. Cost: as many as there are orders; no more than so many
/// steps.
MoveOrders orders_of_moves(const DaySteps& day, std::int64_t state, std::size_t most);

}  // namespace plumb::history
