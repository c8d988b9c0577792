#pragma once

#include <array>
#include <vector>

#include "eval/members.h"
#include "eval/tally.h"

namespace plumb::eval {

/// What the condition of a count or share is worth for each row of a list, at any instant: each deal is looked at once,
/// wherever it turns.
class MemberWorth {
 public:
  /// Of the dated rows of a list, made when first asked for. Missing: nullptr where each has to be asked: for evidence,
  /// for values and sources, for what a period or a time of recording decides.
  static const MemberWorth* of(const MemberList::OfKey& list, const Tallier& tallier);

  /// Takes rows in order into the tally, as of its cut, but for those apart. Cost: O(log n), and of those in the range
  /// that turn.
  void take(const MemberList::Range& range, bool sure, Tallier& tallier) const;
  /// The rows, in order, of deals of which a fact has a date alone: each has to be asked.
  const std::vector<std::uint32_t>& apart() const { return apart_; }

 private:
  struct Making;
  struct Turn {
    Instant at;
    Truth worth;
  };
  // Of rows that do not turn: how many are perhaps and certainly there, by what they are worth.
  using Counts = std::array<std::array<std::uint32_t, 3>, 2>;

  std::vector<Counts> before_;           // by row, and of all
  std::vector<std::uint32_t> turning_;   // the rows that turn, in order
  std::vector<std::uint32_t> turns_of_;  // by `turning_`, and the end: where their turns begin
  std::vector<Turn> turns_;              // of each the first is where the row stands
  std::vector<std::uint32_t> apart_;
  bool told_ = true;  // false: there were too many to look for
  const time::Calendar* calendar_ = nullptr;
};

}  // namespace plumb::eval
