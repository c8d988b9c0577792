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

/// Orders of moves. Rows: orders, in each their positions.
struct MoveOrders {
  std::vector<std::vector<std::size_t>> some;
  bool all = true;  // there are no more
};

/// The orders in which the fewest moves say that they came from another stage than the one before them led to, the
/// first from `state`. Moves that say the same stay in their order; the one that is nearest to theirs stands first. Of
/// more than eight moves there are none. Missing: no more than `most` are given. Cost: as many as there are orders.
MoveOrders orders_of_moves(const std::vector<Step>& steps, std::int64_t state, std::size_t most);

}  // namespace plumb::history
