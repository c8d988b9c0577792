#pragma once

#include "eval/batch.h"
#include "eval/members.h"

/// Filling the lists of people, teams and the company.
namespace plumb::eval {

/// Adds the loaded deal's or person's events to every wanted list; a person's own are read from his timeline.
void collect_members(View& view, MemberLists& lists);
/// Adds them to one of the lists.
void collect_members(View& view, MemberLists& lists, const WantedList& wanted);

/// A list of activities that is filled from their rows alone, of many deals at once and without loading any: whose each
/// is, its row says.
class RowCollector {
 public:
  /// Missing: false, where a deal has to be looked at: its owner, its stages, what the horizon or the known-at hides.
  static RowCollector make(const Plan& plan, const WantedList& wanted);
  explicit operator bool() const { return kind_ >= 0; }

  /// Adds the rows of deals [from, the batch's end).
  void collect(const Plan& plan, Batch& batch, std::uint32_t from, MemberList& list) const;

 private:
  int kind_ = -1;          // into History::kinds
  Id<model::Expr> event_;  // the filter of the event; none: every row
  Id<model::Expr> where_;  // that of the aggregate
  bool by_actor_ = false;
  model::SubjectKind subject_ = model::SubjectKind::company;
};

}  // namespace plumb::eval
