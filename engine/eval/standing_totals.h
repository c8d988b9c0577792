#pragma once

#include <memory>
#include <vector>

#include "eval/members.h"
#include "eval/tally.h"

/// How many deals stand at an instant, or things have happened by then, and what they come to.
namespace plumb::eval {

/// The totals of one list of deals that stand, or of what has happened so far, at any instant: each is looked at once,
/// wherever it turns.
class StandingTotals {
 public:
  /// Those of the dated rows of a list as an aggregate takes them in, made when first asked for. Of the rows of a deal
  /// that `several` says has several, the last one counts at any instant. Missing: nullptr where the deals have to be
  /// looked at one by one: for evidence, for what is no total, for what a period or the time of day of a date alone
  /// decides.
  static const StandingTotals* of(const MemberList::OfKey& list, const model::Aggregate& aggregate,
                                  const Context& context, const std::vector<bool>& several = {});

  /// Adds what stands just before `cut`, but for those apart. Cost: O(log n).
  void add_to(Tally& tally, Instant cut, const history::Dictionary& words) const;
  /// The rows, in order, of deals of which a fact has a date alone: each has to be looked at.
  const std::vector<std::uint32_t>& apart() const { return apart_; }

 private:
  struct Making;
  // What all that stands comes to from an instant on.
  struct Total {
    std::int64_t certain = 0, possible = 0;
    std::int64_t part_yes = 0, part_open = 0;
    std::int64_t possible_part = 0, possible_rest = 0, possible_open = 0;
    std::int64_t undecided = 0, amounts = 0, valued = 0;  // values that cannot be told; that are not nothing; all
    Rational sum = {0, 1};
  };

  bool fits(const Context& context) const;

  std::vector<Instant> turns_;  // in order, each once
  std::vector<Total> from_;     // by turn
  std::vector<std::uint32_t> apart_;
  bool told_ = true;        // false: they cannot be added up
  bool looked_at_ = false;  // the deals were: in this calendar, and this currency
  const time::Calendar* calendar_ = nullptr;
  std::uint32_t asked_currency_ = 0, currency_ = 0;
};

}  // namespace plumb::eval
