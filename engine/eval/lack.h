#pragma once

#include "eval/condition.h"

namespace plumb::eval {

/// Says what would have to be known to tell whether a row of the loaded subject is an event; where nothing can be named,
/// whether it happened.
void lack_occurrence(View& view, Id<model::Event> event, std::uint32_t row, Trace& trace);
/// The same where something can be named.
void lack_parts(View& view, Id<model::Event> event, std::uint32_t row, Trace& trace);

}  // namespace plumb::eval
