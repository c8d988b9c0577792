#pragma once

#include "explain/search.h"
#include "explain/tell.h"

/// Between which bounds the facts of a change are told to be.
namespace plumb::explain {

/// When the facts of a change may be, as it is told: each of them anywhere between two instants, a new deal's creation
/// before what happens in it. Without bounds each is told to be just when it is. The change was evaluated with its
/// facts at both ends, and with some of them at the one and some at the other. The facts may be put elsewhere between
/// the bounds. `from`: from when on they count, unknown where nothing says so; `bound`: before which they have to be.
Told told_of(const Case& c, eval::Verdict was, Found& found, Instant from, Instant bound, std::size_t attempts);

}  // namespace plumb::explain
