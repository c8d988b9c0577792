#pragma once

#include <vector>

#include "history/load_sorter.h"
#include "history/move_orders.h"

/// The moves of a day in order: which of those with a date alone came where, as far as the rows tell it.
namespace plumb::history::loading {

KindClass class_of(const Sorter& sorter, std::uint32_t event);
/// Of a move or a change.
Step step_of(const Sorter& sorter, std::uint32_t event);

/// Begins the day of the moves whose key is at `from`, some of which have a date alone: those are put aside until it is
/// over. Nothing where that day has begun already.
void begin_day(Sorter& sorter, std::size_t from);
/// Ends the day that has begun, if the key at `from` is no more of it: its moves with a date alone are put where they
/// came among the others: in the order of their sequences, where each has another, else in the one in which the fewest
/// moves came from elsewhere than the one before led. Where there are several of these they stand before the others and
/// are marked.
void end_day(Sorter& sorter, std::size_t from);

/// Of events of one instant and class: puts those that are put aside behind the others. Returns where they begin.
std::uint32_t* put_aside_dates(const Sorter& sorter, std::uint32_t* from, std::uint32_t* until);
/// Puts moves of one instant and sequence in order, each from where the one before it went, behind what stands there.
void put_moves(Sorter& sorter, const std::vector<std::uint32_t>& moves);

}  // namespace plumb::history::loading
