#pragma once

#include "eval/view.h"

/// Moves with a date alone of which nobody knows in which order those of their day came, nor so which came last; and
/// rows that are no moves.
namespace plumb::eval {

/// Whether a move is one of those.
inline bool order_untold(const View& view, std::uint32_t move) { return view.timeline().by_day[move] == 2; }

/// Of the visit that such a move began, where it led to; it is no stage that the deal is in for certain then.
inline Id<model::Stage> led_to(const View& view, const Visit& visit, Id<model::Process> process) {
  return visit.stage || !order_untold(view, visit.index) ? visit.stage : view.stage_of(visit.word, process);
}

/// Whether it is no move, but a row that says where the deal stood, behind one to a stage that nobody knows.
inline bool only_stands(const Visit& visit) {
  return history::is_value(visit.word) && visit.word == visit.from_word && !visit.perhaps_from;
}

}  // namespace plumb::eval
