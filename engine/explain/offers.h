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

/// Ways to keep the obligation that was written down as of `now`, and that has this verdict without a change; rows that
/// they alter or leave out are those of the history that was evaluated. Missing: empty when no fact that could be
/// stated decides it.
std::vector<Offer> offers_for(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided);

/// The same with one fact each, which is put wherever something happens in the deals that the verdict rests on: as
/// `offers_for` has it, or a move to any open stage. Missing: empty where something may still be done, since nothing
/// that happens then is known.
std::vector<Offer> offers_of_one_fact(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided);
/// What the rule is about is not so, and nothing is asked.
std::vector<Offer> offers_not_to_be_asked(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided);
/// What nobody asked for, one fact each: the deal is closed, or something has not happened.
std::vector<Offer> offers_to_end_it(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided);

}  // namespace plumb::explain
