#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "property/twin/world.h"

/// Moves of one day of which no row tells the order: a deal is looked at in every order in which they may have come.
namespace plumb::twin {

/// Where a deal is; "" is nowhere yet. Missing: nobody knows.
using State = std::optional<std::string>;

/// Behind a move that has an instant.
State behind(const Fact& move);

/// Whether one of some moves, of which none is told to be the first, does not say where the deal came from.
bool some_unsaid(std::span<const Fact> moves, const State& before);

/// The orders of the moves of a day, each by index. Those with a time stay in their order, but for those of one instant
/// and sequence; the others stand anywhere.
struct DayOrders {
  std::vector<std::vector<std::size_t>> some;
  std::size_t breaks = 0;  // so many moves of each say that the deal came from where it was not
};

/// Those in which these are the fewest; of orders that differ only within an instant the first. Rows that say the same
/// stay as they stand. `some` missing: none, there are too many to try.
DayOrders best_orders(std::span<const Fact> moves, const State& before);

/// How many moves of an order say that the deal came from where it was not. One that says again what the one before it
/// says is no move.
std::size_t breaks_of(std::span<const Fact> moves, State before);

/// The facts of a deal, all that were recorded, in each order in which the moves that are marked (`any_order`) may have
/// come, without marks. Missing: none, nothing is marked or there are too many.
std::vector<std::vector<Fact>> all_orders(const std::vector<Fact>& facts);

/// Puts facts in order. What has a date alone is put behind what it cannot have come before.
void put_in_order(std::vector<Fact>& facts, const Clock& days_of);

}  // namespace plumb::twin
