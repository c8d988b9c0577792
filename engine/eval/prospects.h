#pragma once

#include <cstdint>
#include <vector>

#include "eval/members.h"
#include "eval/plan.h"
#include "eval/view.h"

namespace plumb::eval {

/// Which deals have anything of what rules begin with and lists hold: found for many deals at once, so that a deal is
/// loaded only where something is asked of it. What it lets through may still come to nothing.
class Prospects {
 public:
  explicit Prospects(const Plan& plan) : plan_(plan) {}

  /// Who asks; each of them is asked about by its number.
  /// A rule begins with its trigger. Of those that begin with none every deal is let through.
  std::size_t add(const model::Rule& rule);
  /// A list holds what it is filled with.
  std::size_t add(const WantedList& wanted);

  /// Goes to a deal, which the view has not loaded yet; `until` as View::load_deal has it.
  void go_to(View& view, std::uint32_t deal, std::uint32_t until);
  bool any() const { return of_deal_[at_] != 0; }
  bool may(std::size_t number) const { return (of_deal_[at_] & asking_[number]) != 0; }

 private:
  using Bits = std::uint64_t;
  // Where occurrences of an event can lie: among the rows of a kind, those that a filter does not take out.
  struct Source {
    int kind;
    Id<model::Expr> where;
    Id<model::Event> move;  // else: rows that may be this move
    Bits asking;            // who asks for it
  };

  std::size_t add(Id<model::Event> event, bool anywhere);
  bool sources_of(Id<model::Event> event, std::vector<Source>& out) const;
  void ask_for_move(const model::Event& event, Bits asking);
  Bits asking_for_move(std::uint32_t row) const;
  void find(Batch& batch);

  const Plan& plan_;
  std::vector<Bits> asking_;     // by number: one bit, the last for all that have none of their own
  std::vector<Source> sources_;  // but for moves, which are asked for together
  std::vector<Bits> of_stage_;   // by Id<Stage>: who asks for a move to it, or from it
  Bits moves_ = 0;               // who asks for any
  Bits always_ = 0;
  std::uint32_t batch_ = 0;  // that was found
  std::uint32_t first_ = 0;  // its first deal
  std::size_t at_ = 0;
  std::vector<Bits> of_deal_;  // by deal from `first_` on
};

}  // namespace plumb::eval
