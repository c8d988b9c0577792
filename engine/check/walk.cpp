#include "check/walk.h"

namespace plumb::check {

void Walk::rule(const model::Rule& rule) {
  expr(rule.subject.where);
  event(rule.trigger);
  expr(rule.while_condition);
  expr(rule.expect);
  event(rule.expect_event);
  for (const model::Given& given : rule.given) expr(given.population);
}

void Walk::expr(Id<model::Expr> id) {
  if (!id || !exprs_.insert(id).second) return;
  const model::Expr& at = book_.exprs[id];
  visit_(at);
  for (const Id<model::Expr> arg : at.args) expr(arg);
  event(at.event);
  tails(at.tails);
  if (at.measure) expr(book_.measures[at.measure].value);
  if (at.target) target(book_.targets[at.target]);
  if (at.aggregate) aggregate(*at.aggregate);
}

void Walk::event(Id<model::Event> id) {
  if (!id || !events_.insert(id).second) return;
  const model::Event& at = book_.events[id];
  expr(at.where);
  for (const Id<model::Event> part : at.parts) event(part);
}

void Walk::tails(const model::Tails& tails) {
  event(tails.since);
  event(tails.last_of);
}

void Walk::aggregate(const model::Aggregate& aggregate) {
  event(aggregate.event);
  expr(aggregate.value);
  expr(aggregate.where);
  event(aggregate.followed_by);
  event(aggregate.span_from);
  event(aggregate.span_to);
  event(aggregate.read_at);
  tails(aggregate.tails);
}

void Walk::target(const model::Target& target) {
  for (const model::TargetCase& one : target.cases) {
    expr(one.value);
    expr(one.where);
  }
}

}  // namespace plumb::check
