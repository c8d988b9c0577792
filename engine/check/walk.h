#pragma once

#include <functional>
#include <set>

#include "model/model.h"

/// Everything that a condition, a value or a rule reads. Nothing outside of check/ includes this.
namespace plumb::check {

/// Visits every expression once, those of the measures, targets and events that are named included.
class Walk {
 public:
  using Visit = std::function<void(const model::Expr&)>;

  Walk(const model::Rulebook& book, Visit visit) : book_(book), visit_(std::move(visit)) {}
  void rule(const model::Rule& rule);
  void expr(Id<model::Expr> id);
  void event(Id<model::Event> id);

 private:
  void tails(const model::Tails& tails);
  void aggregate(const model::Aggregate& aggregate);
  void target(const model::Target& target);

  const model::Rulebook& book_;
  Visit visit_;
  std::set<Id<model::Expr>> exprs_;
  std::set<Id<model::Event>> events_;
};

}  // namespace plumb::check
