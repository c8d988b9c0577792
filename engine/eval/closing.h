#pragma once

#include "eval/view.h"

/// Deals that close or reopen on a day of which something has the date alone: the move does so at some instant of it.
namespace plumb::eval {

/// The last instant at which a life may have ended: within its day where the closing move has a date alone. Missing:
/// unknown for one that has not ended.
Instant latest_end(const View& view, const Life& life);

/// The move that reopens the deal after one of its lives: of several at that instant the first to an open stage.
/// Missing: UINT32_MAX, the deal has not been reopened.
std::uint32_t reopening(const View& view, const Life& life);

/// The move that ends a life on a day on which, by a date alone, others lie behind it: they are none of that life's.
/// Missing: UINT32_MAX, nothing moved the deal on that day any more, or it has a time.
std::uint32_t closed_before_others(const View& view, const Life& life);

/// Whether it is certain that the life of a deal that was closed begins as that is reopened: the one before may have gone
/// on.
bool reopens(const View& view, const Life& life);

/// Where a reopening has a date alone, at the latest: within its day, before the life ends. Missing: unknown, it has a
/// time.
struct Reopened {
  Instant latest;
  std::uint32_t move = UINT32_MAX;
};
Reopened reopened_by_day(const View& view, const Life& life);

/// The move that closed or reopened the deal on the day of a row where one of them has a date alone, so that nobody
/// knows whether it was open then. The creation comes before, and moves come in their order. Missing: UINT32_MAX.
std::uint32_t turned_that_day(const View& view, std::uint32_t row);

}  // namespace plumb::eval
