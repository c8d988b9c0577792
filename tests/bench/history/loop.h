#pragma once

#include "eval/verdict.h"
#include "history/history.h"

namespace plumb::bench {

/// The rule `r1` of tests/reference/bpic2012 as one would write it by hand, on the columns of a history: every offer
/// that was sent is called about within 120 hours. It writes down who, when and which verdict, and gives the counts.
eval::Counts offers_called(const history::History& history, time::Instant as_of);

}  // namespace plumb::bench
