#pragma once

#include "model/model.h"

namespace plumb::eval {

/// Whether any expression below satisfies `expr_leaf` or any event `event_leaf`; measures, targets and events are
/// entered.
template <class ExprLeaf, class EventLeaf>
struct Walk {
  const model::Rulebook& book;
  ExprLeaf expr_leaf;
  EventLeaf event_leaf;

  bool expr(Id<model::Expr> id) const {
    if (!id) return false;
    const model::Expr& at = book.exprs[id];
    if (expr_leaf(at) || event(at.event) || tails(at.tails)) return true;
    for (Id<model::Expr> arg : at.args) {
      if (expr(arg)) return true;
    }
    if (at.op == model::Op::measure && at.measure && expr(book.measures[at.measure].value)) return true;
    if (at.op == model::Op::target && target(book.targets[at.target])) return true;
    if (!at.aggregate) return false;
    const model::Aggregate& of = *at.aggregate;
    return event(of.event) || expr(of.value) || expr(of.where) || event(of.followed_by) || event(of.span_from) ||
           event(of.span_to) || event(of.read_at) || tails(of.tails);
  }
  bool target(const model::Target& at) const {
    for (const model::TargetCase& one : at.cases) {
      if (expr(one.value) || expr(one.where)) return true;
    }
    return false;
  }
  bool event(Id<model::Event> id) const {
    if (!id) return false;
    const model::Event& at = book.events[id];
    if (event_leaf(at) || expr(at.where)) return true;
    for (Id<model::Event> part : at.parts) {
      if (event(part)) return true;
    }
    return false;
  }
  bool tails(const model::Tails& at) const { return event(at.since) || event(at.last_of); }
  bool rule(const model::Rule& rule) const {
    for (const model::Given& given : rule.given) {
      if (expr(given.population)) return true;
    }
    return event(rule.trigger) || event(rule.expect_event) || expr(rule.expect) || expr(rule.while_condition) ||
           expr(rule.subject.where);
  }
};

}  // namespace plumb::eval
