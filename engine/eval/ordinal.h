#pragma once

#include <span>
#include <vector>

#include "eval/view.h"

namespace plumb::eval {

/// What may be the n-th of something.
struct Nth {
  Occurrence found;
  Instant latest;             // a date without a time of day: the last instant of it; else when it was
  std::uint32_t subject = 0;  // whose it is
  bool unseen = false;        // others may have come before it that nobody observed

  bool by_day() const { return latest != found.at; }
};

/// Appends those of `all`, which are in order, that are the n-th or may be: certain when so many came before for
/// certain and no other may have; possible when settling what is uncertain, undated or of one day could make it the
/// n-th. `on another day` counts days, by their first. `once`: each subject has one at most. Cost: linear.
void find_nth(const model::Event& event, bool once, const time::Calendar& days, std::span<const Nth> all,
              std::vector<Occurrence>& out);

/// The same where all of them are certain, dated to the instant, and seen from the first on.
void find_plain_nth(const model::Event& event, const time::Calendar& days, std::span<const Occurrence> all,
                    std::vector<Occurrence>& out);

/// Whether an event is one of moves, or made of such; none that never comes is.
bool reads_moves(const model::Rulebook& book, Id<model::Event> event);

/// Where the loaded deal's rows leave open whether an event came that nobody recorded, besides what coverage says: in
/// the order of their rows, and of their ends.
std::vector<Hidden> untold_of(const View& view, Id<model::Event> event);
/// The first instant from one on at which it may have come so. Missing: max.
Instant first_untold(const View& view, Id<model::Event> event, Instant from);

/// Whether an event comes at most once to each deal.
bool at_most_once(const model::Rulebook& book, Id<model::Event> event);

}  // namespace plumb::eval
