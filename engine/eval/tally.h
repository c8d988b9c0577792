#pragma once

#include <vector>

#include "eval/condition.h"

/// Adding up the members of one aggregate, of which some are undecided.
namespace plumb::eval {

/// So many members are shown as evidence, and so many undecided ones are named.
inline constexpr std::size_t most_members = 10;

/// What an aggregate has seen: members that count for certain, and those that may.
struct Tally {
  std::int64_t certain = 0, possible = 0;                                // of the population
  std::int64_t part_yes = 0, part_open = 0;                              // certain members: in the part; undecided
  std::int64_t possible_part = 0, possible_rest = 0, possible_open = 0;  // possible members likewise
  std::vector<Rational> values;                                          // of certain members
  std::vector<Rational> highs;  // where `values` are the least of what some may be, the most; else empty
  std::vector<bool> in_part;
  std::uint32_t currency = 0;  // of the first that is not nothing
  bool has_currency = false;
  std::uint32_t first_currency = 0;  // of all that have been seen, by name; 0: none
  bool several_currencies = false;
  bool undecided_value = false;

  void add(bool sure, Truth part, std::int64_t times = 1);
  void put(Rational low, Rational high, bool part);
  /// Of an amount that is not nothing.
  void see(std::uint32_t currency, const history::Dictionary& words);
};

/// One that may be a member.
struct Candidate {
  EventRef event;  // that makes it one
  Instant at;      // when; unknown: nobody said
  bool certain;
  Truth where;  // decided, or unknown where `where` must be asked
  bool where_decided;
  Instant first = Instant::unknown(), second = Instant::unknown();  // as in MemberList::Row
  bool told = true;
  bool first_by_day = false, second_by_day = false;
  bool sourced = true;                              // it is known where it comes from, as far as that matters
  bool whose = true;                                // it is known whose it is, or in which team who is counted is
  bool placed = true;                               // likewise on which side of an end of the window it lies
  std::uint32_t person = nobody, contact = nobody;  // who is counted
};

/// One aggregate being evaluated: the filter, the value and the trace are the same for every member.
struct Tallier {
  const model::Aggregate& aggregate;
  const Context& context;
  bool one_is_enough = false;  // asked whether any counts at all
  Tally tally;
  std::size_t named = 0;  // undecided members

  bool is_share() const { return aggregate.function == model::AggregateFunction::share; }
  /// Whether a certain member is evidence: of a share all are, also those that are not in the part.
  bool shows(Truth part) const { return part == Truth::yes || (is_share() && part == Truth::no); }
  bool enough() const { return one_is_enough && tally.certain > 0 && !context.trace; }
  /// Whether what is added up cannot be told any more, whatever follows, and enough is said of why.
  bool lost() const {
    const bool open = tally.undecided_value || tally.possible > 0;
    return aggregate.value && open && (!context.trace || named >= most_members);
  }
  /// `at` looks at the candidate.
  void take(const Candidate& candidate, const Context& at);
  /// So many members of a count or share that the condition is worth as much for, without a look at them.
  void add(bool certain, Truth where, std::int64_t times);
  /// What the aggregate comes to; `whole_observed`: there are no members that nobody saw.
  Value result(bool whole_observed) const;

 private:
  Truth narrowing(const Candidate& candidate, const Context& at);
  Value amount(const Candidate& candidate, const Context& at) const;
  Truth part(const Candidate& candidate, Truth narrowed) const;
  void take_value(const Candidate& candidate, const Context& at, bool sure, Truth part);
  void lack_certainty(const Candidate& candidate, const Context& at, Trace& lacking) const;
  void lack_day_of_owner(const Candidate& candidate, const View& deal, Trace& lacking) const;
  void lack_contact(const Candidate& candidate, Trace& lacking) const;
  void lack_owner(const Candidate& candidate, const Context& at, Trace& lacking) const;
  bool is_by_day(const Candidate& candidate) const;
  bool may_span(const Candidate& candidate) const;
  void take_span(const Candidate& candidate, bool sure);
  void add_value(Value v, const Candidate& candidate, bool part);
  void name(const Candidate& candidate, Id<model::Expr> asked, const Context& at);
  void lack_times_upon(const Candidate& candidate, Trace& lacking) const;
};

}  // namespace plumb::eval
