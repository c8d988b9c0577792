#include "eval/condition.h"

namespace plumb::eval {

Value total_time_value(const model::Expr& expr, const Context& context) {
  if (!context.view.may_follow(context.view.plan().book.stages[expr.stage].process)) return Value::of(rational(0, 1));
  bool unknown = false;
  stage_at(context, unknown);
  const Instant observed = context.view.plan().stages_observed.from;
  unknown |= observed.known() && context.view.created() < observed;
  Wide total = 0;
  const auto& visits = context.view.visits();
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    unknown |= context.view.process() && !visits[i].stage;
  }
  if (unknown) {
    if (context.trace) context.trace->lack({.kind = FactKind::stage});
    return Value::unknown();
  }
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    if (visits[i].stage != expr.stage) continue;
    if (!visits[i].at.known()) return Value::unknown();
    const Instant end = i + 1 < visits.size() && visits[i + 1].at < context.cut ? visits[i + 1].at : context.now();
    total += end.micros - visits[i].at.micros;
  }
  return Value::of(rational(total, 1));
}

}  // namespace plumb::eval
