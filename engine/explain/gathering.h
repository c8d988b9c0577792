#pragma once

#include <string>
#include <vector>

#include "explain/offers.h"

/// What the parts of a search for offers share: whose obligation it is, and when and where facts may be put.
namespace plumb::explain {

struct Gathering {
  const Case& c;
  eval::Verdict verdict;  // of what is explained, before any change
  Instant now;            // as of when it was judged, with the changes so far
  const history::History& history;
  Instant deadline = Instant::unknown();
  const time::Calendar* calendar = nullptr;  // of the obligation; nullptr: none was looked at
  std::vector<Offer> offers = {};
  mutable std::string looked_up = {};  // the deal that begins then: one fact after the other is of the same
  mutable Instant begin = Instant::unknown();

  const model::Rule& rule() const { return c.book.rules[c.rule]; }
  bool still() const { return verdict == eval::Verdict::due; }
  /// From when on something may still be done. Missing: unknown where it could have been done at any time.
  Instant since() const { return still() ? c.options.as_of : Instant::unknown(); }
  /// Whether what has happened stays so.
  bool stays() const { return still() && !c.may_undo; }
  /// As of when to judge again with facts put at an instant: all of them are seen.
  Instant as_of(Instant at) const;
  /// Whether the fact may be offered. Where something may still be done, what has happened is not undone, and what was
  /// said not said otherwise; and no deal is taken back.
  bool may_be(const history::Revision& revision) const;
  /// Whether the person is with the company then, as far as anybody says.
  bool there(std::string_view person, Instant at) const;
  /// Offers the ways of which every fact may be.
  void add(const Ways& ways, Instant at);

 private:
  // Nothing happens in a deal that is not there yet, or is done by somebody who is not.
  bool may_happen(const history::Revision& revision) const;
};

/// When facts may be put so that they count, the best first.
std::vector<Instant> times_for(const Gathering& g, const Decided& decided);
/// From when on facts count. Missing: unknown where nothing says so.
Instant from_when(const Gathering& g, const Decided& decided);
/// Where facts may be put at an instant, and by whom.
Put put_at(const Gathering& g, const Decided& decided, Instant at);
/// The offers for an obligation with its facts put at these instants.
void gather_at(Gathering& g, const Decided& decided, const std::vector<Instant>& times);

}  // namespace plumb::explain
