#pragma once

#include "eval/view.h"

/// Moves with a date alone of which nobody knows in which order those of their day came, nor so which came last.
namespace plumb::eval {

/// Whether a move is one of those.
inline bool order_untold(const View& view, std::uint32_t move) { return view.timeline().by_day[move] == 2; }

/// Of the visit that such a move began, where it led to; it is no stage that the deal is in for certain then.
inline Id<model::Stage> led_to(const View& view, const Visit& visit, Id<model::Process> process) {
  return visit.stage || !order_untold(view, visit.index) ? visit.stage : view.stage_of(visit.word, process);
}

}  // namespace plumb::eval
