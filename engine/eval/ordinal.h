#pragma once

#include <optional>

#include "eval/view.h"

namespace plumb::eval {

/// Finds the n-th among candidates given in order, of which some are uncertain: it is certain when all before it are,
/// possible when settling them could make it the n-th. `on another day` counts days, by their first candidate.
class Ordinal {
 public:
  explicit Ordinal(const model::Event& event) : event_(&event) {}

  /// The candidate as the n-th, where it may be that. `unseen`: others may have come before that nobody observed.
  std::optional<Occurrence> take(const Occurrence& candidate, const time::Calendar& calendar, bool unseen);

 private:
  const model::Event* event_;
  std::int64_t certain_ = 0, possible_ = 0;
  time::Day day_;  // the day at hand: whether it is counted yet, for certain or perhaps
  bool day_certain_ = false, day_possible_ = false;
};

}  // namespace plumb::eval
