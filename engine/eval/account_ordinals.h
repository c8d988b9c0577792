#pragma once

#include <vector>

#include "eval/view.h"

namespace plumb::eval {

/// By Id<Event>, for each ordinal that counts `for each account`: its occurrences, sorted by index. They are counted
/// over all deals of an account, so they are known before any deal is looked at. Cost: a pass over the deals for each.
using AccountOrdinals = std::vector<std::vector<Occurrence>>;
AccountOrdinals account_ordinals(const Plan& plan);

}  // namespace plumb::eval
