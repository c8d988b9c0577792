#pragma once

#include "explain/search.h"

/// When the facts of a change may be.
namespace plumb::explain {

struct Span {
  Instant since;  // unknown: as early as there is somewhere to put them
  Instant until;  // before which they have to be; unknown: only just then
};

/// From when until when the facts of a change may be, all of them earlier or later by as much, as far as some attempts
/// can tell. `from`: from when on they count, unknown where nothing says so; `bound`: before which, unknown or max for
/// none. Where they may not be quite up to the bound, they are put as late as they may be. Missing: both unknown where
/// they are spread over the time already, or something else is done.
Span span_of(const Case& c, eval::Verdict was, Found& found, Instant from, Instant bound, std::size_t attempts);

/// Whether the facts of a change that stand together, earlier by as much, may be from `from` on. Cost: one attempt.
bool may_begin_at(const Case& c, eval::Verdict was, const Found& found, Instant from);

}  // namespace plumb::explain
