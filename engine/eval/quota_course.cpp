#include <algorithm>

#include "eval/quota.h"

namespace plumb::eval {

namespace {

using model::Op;

// A number, or a target whose cases are: which of them governs is settled when the period starts.
bool is_fixed(const Plan& plan, Id<model::Expr> id) {
  const model::Expr& expr = plan.book.exprs[id];
  if (expr.op != Op::target) return expr.op == Op::number;
  return std::ranges::all_of(plan.book.targets[expr.target].cases,
                             [&](const model::TargetCase& one) { return plan.book.exprs[one.value].op == Op::number; });
}

// A count of what happened. `stated`: by a point, so that an attribute may come to be another.
bool only_grows(const Plan& plan, const model::Expr& expr, bool stated) {
  if (!expr.aggregate || expr.aggregate->function != model::AggregateFunction::count) return false;
  const model::Aggregate& of = *expr.aggregate;
  return of.event && !of.per && !of.tails.any() && (!of.where || (!stated && plan.only_event[of.where.index()]));
}

Course course_of_compare(const Plan& plan, const model::Expr& expr, bool stated) {
  const model::Expr* left = &plan.book.exprs[expr.args[0]];
  while (left->op == Op::measure && left->text.empty()) {
    left = &plan.book.exprs[plan.book.measures[left->measure].value];
  }
  if (!is_fixed(plan, expr.args[1]) || expr.tails.any() || !only_grows(plan, *left, stated)) return Course::open;
  switch (expr.comparison) {
    case model::Comparison::at_least:
    case model::Comparison::more_than: return Course::floor;
    case model::Comparison::at_most:
    case model::Comparison::less_than: return Course::ceiling;
    default: return Course::open;
  }
}

}  // namespace

Course course_of(const Plan& plan, Id<model::Expr> id, bool stated) {
  const model::Expr& expr = plan.book.exprs[id];
  if (expr.op == Op::happened) return expr.tails.any() ? Course::open : Course::floor;
  if (expr.op == Op::compare) return course_of_compare(plan, expr, stated);
  if (expr.op != Op::and_ && expr.op != Op::or_) return Course::open;
  Course all = course_of(plan, expr.args.front(), stated);
  for (Id<model::Expr> arg : expr.args) {
    if (course_of(plan, arg, stated) != all) all = Course::open;
  }
  return all;
}

}  // namespace plumb::eval
