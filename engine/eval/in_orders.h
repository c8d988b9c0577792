#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "eval/runs.h"

/// Deals of whose moves on one day no row tells the order are judged in each order in which those may have come.
namespace plumb::eval {

/// A deal, and how the moves of such days may stand, among what else stands there. Rows of `orders`: as `rows`; which of
/// them stands there.
struct DealOrders {
  std::uint32_t deal = 0;
  std::vector<std::uint32_t> rows;  // of the timeline, ascending
  std::vector<std::vector<std::uint32_t>> orders;
};

/// Whether a row is a move with a date alone of which nobody knows where among those of its day it came.
inline bool is_untold_move(const Plan& plan, std::uint32_t row) {
  return plan.history.deal_events.by_day[row] == 2 && plan.history.deal_events.kind[row] == plan.moved_kind;
}

/// The deals of which there are any, in their order; left out are those with more than 120 orders, and with a day of
/// more than eight such moves. Cost: one look at each move where anything has a date alone.
std::vector<DealOrders> deal_orders(const Plan& plan);

/// What is asked of them, by deal.
class InOrders {
 public:
  using Judge = std::function<void(Worker&, const Statements&)>;

  /// `judge`: runs what is asked of the deal that a worker has loaded. None is judged here where rules about deals read
  /// what belongs to people. Cost: each deal once for each of its orders, and the plan of a copy of the history, of
  /// which the columns of moves are copied.
  InOrders(const Plan& plan, const RunOrder& order, unsigned threads, const Judge& judge);
  /// Adds what holds of a deal whatever the order to the verdicts of a worker; false where the deal is not among these.
  bool take(std::uint32_t deal, Worker& worker) const;

 private:
  void keep(std::uint32_t deal, const std::vector<Verdicts>& agreed);

  const RunOrder& order_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> deals_;  // ascending, and which of those of `first_`
  std::vector<Verdicts> said_;                     // by row of the order of runs: of one deal after the other
  std::vector<std::vector<std::uint32_t>> first_;  // by row: where those of each deal begin, and the end
};

/// What holds in all of them: `said` by order, then by row of `order`, with rows of the history in that order. Where
/// they differ it cannot be told, or is due as long as it is so in any. Rows: by row of `order`; in each obligations by
/// when they opened.
std::vector<Verdicts> agreed(const Plan& plan, const RunOrder& order, const DealOrders& deal,
                             const std::vector<std::vector<Verdicts>>& said);

}  // namespace plumb::eval
