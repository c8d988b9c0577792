#include <algorithm>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

/// The plan that works back to a step. Plans are checked after measures, so it is asked what is written. Missing:
/// nullptr; `steps` then has those of all plans.
const ast::Plan* plan_of(const Context& context, const ast::Name& step, std::vector<std::string>& steps) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* plan = std::get_if<ast::Plan>(&declaration);
    if (!plan) continue;
    for (const ast::Name& name : plan->work_back) {
      if (name.text == step.text) return plan;
      if (std::ranges::find(steps, name.text) == steps.end()) steps.push_back(name.text);
    }
  }
  return nullptr;
}

ExprId report_no_quota(Context& context, const ast::Name& step, const std::vector<std::string>& steps, Span span) {
  Diagnostic* diagnostic = unknown(context, step, steps, diag::NoQuota, step.text);
  if (diagnostic && steps.empty()) {
    diagnostic->hint("declare a plan that has it: `work back from won to {}`", spelled(step.text));
  } else if (diagnostic) {
    diagnostic->hint("plans work back to {}", listed(steps));
  }
  return broken(context, span);
}

/// Reports a quota that nothing shares out over periods, or that asks no person. Whether it is one.
bool report_misplaced(Context& context, const Scope& scope, Span span) {
  const bool of_deal = scope.about == About::deal || scope.about == About::contact;
  const bool shaped = !scope.shape || *scope.shape == model::Shape::every;
  if (!of_deal && shaped) return false;
  context.sink
      .report(span, diag::MisplacedClause, words(context, span),
              of_deal ? std::string("for each deal") : std::string(model::to_text(*scope.shape)))
      .hint("{}", of_deal ? "a plan asks people: `for each person`" : "a quota is for a period: `every week`");
  return true;
}

}  // namespace

ExprId check_node(Context& context, const Scope& scope, const ast::QuotaFor& node, Span span) {
  if (!node.measure.written()) return broken(context, span);
  std::vector<std::string> steps;
  const ast::Plan* plan = plan_of(context, node.measure, steps);
  if (!plan) return report_no_quota(context, node.measure, steps, span);
  if (report_misplaced(context, scope, span)) return broken(context, span);
  model::Expr expr = make(context, model::Op::quota, type_of(TypeKind::count), span);
  expr.text = node.measure.text;
  const auto found = context.names.plans.find(plan->name.text);
  if (found != context.names.plans.end()) expr.plan = found->second;
  return add(context, std::move(expr));
}

}  // namespace plumb::check
