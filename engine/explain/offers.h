#pragma once

#include <vector>

#include "explain/case.h"
#include "explain/ways.h"

/// What might be done about an obligation, where its evaluation decides.
namespace plumb::explain {

/// Facts, and as of when to judge again with them. None is verified.
struct Offer {
  Revisions revisions;
  Instant as_of;
};

/// Ways to keep the obligation that was written down with this verdict as of `now`; rows that they alter or leave out
/// are those of the history that was evaluated. Missing: empty when no fact that could be stated decides it.
std::vector<Offer> offers_for(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided);

}  // namespace plumb::explain
