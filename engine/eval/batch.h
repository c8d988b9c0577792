#pragma once

#include <span>
#include <vector>

#include "eval/plan.h"

namespace plumb::eval {

/// The rows of subjects that follow each other, by kind, and which of them a filter lets count: found for many subjects
/// at once, and handed out for one after the other.
class Batch {
 public:
  explicit Batch(const Plan& plan);

  /// Goes to a subject; `until` says up to which one (exclusive) others will be asked for, in their order.
  void go_to(const history::Timeline& timeline, std::uint32_t subject, std::uint32_t until);

  /// The subjects of which all is found at once: [subject, until), and a number that no others have.
  std::uint32_t subject() const { return subject_; }
  std::uint32_t until() const { return until_; }
  std::uint32_t number() const { return number_; }

  /// The rows of one kind of all these subjects, and in [begin, end), which are rows of the subject at hand.
  std::span<const std::uint32_t> of_kind(int kind);
  std::span<const std::uint32_t> of_kind(int kind, std::uint32_t begin, std::uint32_t end);

  /// What the filter of a `where` is worth for each of the rows of a kind.
  std::span<const Truth> judged(Id<model::Expr> where, int kind);

  /// Of those rows the ones for which the filter is not false, each with what it is.
  struct Counted {
    std::uint32_t row;
    std::uint32_t place;  // among all of the kind
    Truth worth;
  };
  std::span<const Counted> counted(Id<model::Expr> where, int kind);
  std::span<const Counted> counted(Id<model::Expr> where, int kind, std::uint32_t begin, std::uint32_t end);

 private:
  // `next`: before it stand rows of subjects that lie behind.
  struct OfKind {
    std::uint32_t batch = 0;              // that its rows were found for
    std::span<const std::uint32_t> rows;  // of the timeline, or those `seen` as of the known-at
    std::size_t next = 0;
    std::size_t place = 0;  // where the rows of later subjects begin among all of the kind
    std::vector<std::uint32_t> seen;
  };
  struct OfFilter {
    std::uint32_t judged = 0;  // the batch that all rows were judged for
    std::vector<Truth> worth;
    std::uint32_t counted = 0;  // the batch whose rows it has
    std::vector<Counted> rows;
    std::size_t size = 0, next = 0;
  };

  OfKind& rows_of(int kind);
  OfFilter& counted_of(Id<model::Expr> where, int kind);
  OfFilter& judged_of(Id<model::Expr> where, int kind);
  void count(OfFilter& found, const OfKind& of) const;

  const Plan& plan_;
  const history::Timeline* timeline_ = nullptr;
  std::uint32_t subject_ = 0, until_ = 0;
  std::uint32_t at_hand_ = 0;           // what lies before it is not asked for any more
  std::uint32_t first_ = 0, last_ = 0;  // the rows of the batch: [first, last)
  std::uint32_t number_ = 0;            // of batches until now
  std::vector<OfKind> of_kind_;         // by History::kinds
  std::vector<OfFilter> of_filter_;     // by Id<Expr>
};

}  // namespace plumb::eval
