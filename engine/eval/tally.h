#pragma once

#include <vector>

#include "eval/condition.h"

/// Adding up the members of one aggregate, of which some are undecided.
namespace plumb::eval {

/// So many members are shown as evidence.
inline constexpr std::size_t most_members = 10;

/// What an aggregate has seen: members that count for certain, and those that may.
struct Tally {
  std::int64_t certain = 0, possible = 0;                                // of the population
  std::int64_t part_yes = 0, part_open = 0;                              // certain members: in the part; undecided
  std::int64_t possible_part = 0, possible_rest = 0, possible_open = 0;  // possible members likewise
  std::vector<Rational> values;                                          // of certain members
  std::vector<bool> in_part;
  std::uint32_t currency = 0;  // of the first that is not nothing
  bool has_currency = false;
  bool mixed = false;  // two currencies
  bool undecided_value = false;

  void add(bool sure, Truth part);
  void add_value(const Value& v, bool part);
};

struct Candidate {
  EventRef event;
  bool certain;
  Truth where;  // decided, or unknown where `where` must be asked
  bool where_decided;
};

/// One aggregate being evaluated: the filter, the value and the trace are the same for every member.
struct Tallier {
  const model::Aggregate& aggregate;
  const Context& context;
  bool one_is_enough = false;  // asked whether any counts at all
  Tally tally;

  bool enough() const { return one_is_enough && tally.certain > 0 && !context.trace; }
  /// `at` looks at the candidate.
  void take(const Candidate& candidate, const Context& at);
  /// What the aggregate comes to; `whole_observed`: there are no members that nobody saw.
  Value result(bool whole_observed) const;

 private:
  void take_value(const Context& at, bool sure, Truth where);
};

}  // namespace plumb::eval
