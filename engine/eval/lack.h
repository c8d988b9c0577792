#pragma once

#include "eval/condition.h"

namespace plumb::eval {

/// So many of several facts are named.
inline constexpr std::size_t most_named = 10;

/// Whether nobody observed at an instant what is observed in an interval.
inline bool outside(const time::Interval& observed, Instant at) {
  return (observed.from.known() && at < observed.from) || at >= observed.until;
}

/// Says what would have to be known to tell whether a row of the loaded subject is an event; where nothing can be
/// named, whether it happened.
void lack_occurrence(View& view, Id<model::Event> event, std::uint32_t row, Trace& trace);
/// The same where something can be named.
void lack_parts(View& view, Id<model::Event> event, std::uint32_t row, Trace& trace);
/// Says of which rows the time of day would have to be known to tell what a condition or a value is when a row came: of
/// that row itself, and of others of its day. `row` UINT32_MAX: of none.
void lack_day(const Context& context, std::uint32_t row, Id<model::Expr> asked, Trace& trace);
/// Says what of the condition of a process would have to be known when the loaded deal is created. False where nothing
/// can be named.
bool lack_process(View& view, Id<model::Process> process, Instant created, Trace& trace);
/// Says what would have to be known to tell whether the loaded deal is open: which process it follows, which stages
/// close it where it follows none, else its stage.
void lack_lives(View& view, Trace& trace);
/// Says that it would have to be known from where a move of a deal came, where that says that nobody knows. False where
/// it does not.
bool lack_origin(const Plan& plan, std::uint32_t move, Trace& trace);
/// The same of the moves before which the loaded deal may have had an event in [from, until) that nobody recorded.
/// False where it has none.
bool lack_origins(const View& view, Id<model::Event> event, Instant from, Instant until, Trace& trace);
/// Says of which rows in [from, until) it would have to be known whether they are the loaded person's. False where
/// there are none.
bool lack_whose(const View& view, Id<model::Event> event, Instant from, Instant until, Trace& trace);

}  // namespace plumb::eval
