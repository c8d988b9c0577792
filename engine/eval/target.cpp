#include <algorithm>

#include "eval/condition.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::TargetCase;

// A quota keeps to what governed when its period began, whatever changes while it runs.
Context when_chosen(const Context& context) {
  Context at = context;
  if (context.windows.empty()) return at;
  Instant chosen = context.windows.back().period;
  if (!context.view.of_person()) chosen = std::max(chosen, context.view.created());  // before that there is no deal
  at.cut = Instant{chosen.micros + 1};
  at.window_from = Instant::unknown();
  at.windows = {};
  return at;
}

Truth governs(const TargetCase& one, const Context& at) {
  if (one.from && at.calendar->day_of(at.now()) < *one.from) return Truth::no;
  Truth staged = Truth::yes;
  const model::Rulebook& book = at.view.plan().book;
  const auto may_follow = [&](Id<model::Stage> stage) { return at.view.may_follow(book.stages[stage].process); };
  if (!one.stages.empty() && std::ranges::none_of(one.stages, may_follow)) return Truth::no;
  if (!one.stages.empty()) {
    staged = stage_is(at, [&](Id<model::Stage> stage) { return stage && std::ranges::count(one.stages, stage) > 0; });
    if (staged == Truth::unknown) lack_stage(at);
  }
  return both(staged, one.where ? holds(one.where, at) : Truth::yes);
}

int narrowed(const TargetCase& one) { return (one.stages.empty() ? 0 : 1) + (one.where ? 1 : 0); }

bool claim_equally(const TargetCase& a, const TargetCase& b) { return a.from == b.from && narrowed(a) == narrowed(b); }

// The cases that govern or may, the most particular first, up to the one that does; of two that claim equally nobody
// says which it is. False when it may be that none does.
template <class Take>
bool each_governing(const Plan& plan, Id<model::Target> id, const Context& context, Take take) {
  const model::Target& target = plan.book.targets[id];
  const Context at = when_chosen(context);
  const TargetCase* found = nullptr;
  for (std::uint32_t i : plan.target_order[id.index()]) {
    const TargetCase& one = target.cases[i];
    if (found && !claim_equally(*found, one)) break;
    const Truth may = governs(one, at);
    if (may != Truth::no) take(one.value, may);
    if (may == Truth::yes && !found) found = &one;
  }
  return found != nullptr;
}

// All that lies between two values. Missing: unknown where they have no order.
Value join(const Value& a, const Value& b) {
  if (!a.known() || !b.known()) return Value::unknown();
  if (a.currency != b.currency && !a.zero() && !b.zero()) return Value::unknown();
  Value all = Value::between(compare(a.low, b.low) < 0 ? a.low : b.low, compare(a.high, b.high) > 0 ? a.high : b.high);
  all.currency = a.zero() ? b.currency : a.currency;
  return all;
}

std::optional<time::Duration> duration_of_field(const model::Expr& expr, Id<model::Expr> id, const Context& context) {
  const model::Type type = context.view.plan().book.fields[expr.field].type;
  if (type.kind != model::TypeKind::duration) return std::nullopt;
  const Value length = value(id, context), one = exact_length({1, type.unit});
  if (!length.known() || !one.known()) return std::nullopt;
  const Rational count = divide(length.low, one.low);
  if (count.d != 1 || count.n < 0) return std::nullopt;
  return time::Duration{static_cast<std::int64_t>(count.n), type.unit};
}

}  // namespace

Value target_value(Id<model::Target> id, const Context& context) {
  const Plan& plan = context.view.plan();
  std::optional<Value> found;
  std::size_t sure = 0;
  const bool governed = each_governing(plan, id, context, [&](Id<model::Expr> one, Truth governs) {
    const Value v = value(one, context);
    found = found ? join(*found, v) : v;
    sure += governs == Truth::yes;
  });
  // The text would have to say which of several it is.
  if (sure > 1 && found->known() && context.trace && compare(found->low, found->high) != 0)
    context.trace->lack({.kind = FactKind::target, .target = id});
  if (governed && found->known()) return *found;
  if (!governed && context.trace) context.trace->lack({.kind = FactKind::target, .target = id});
  return Value::unknown();
}

std::optional<time::Duration> duration_value(Id<model::Expr> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const model::Expr& expr = plan.book.exprs[id];
  if (expr.op == Op::duration) return expr.duration;
  if (expr.op == Op::measure) return duration_value(plan.book.measures[expr.measure].value, context);
  if (expr.op != Op::target) return expr.field ? duration_of_field(expr, id, context) : std::nullopt;
  std::optional<time::Duration> found;
  bool several = false;
  const bool governed = each_governing(plan, expr.target, context, [&](Id<model::Expr> one, Truth) {
    const std::optional<time::Duration> said = duration_value(one, context);
    several |= !said || (found && *found != *said);
    found = said;
  });
  if (governed && !several) return found;
  if (context.trace) context.trace->lack({.kind = FactKind::target, .target = expr.target});
  return std::nullopt;
}

}  // namespace plumb::eval
