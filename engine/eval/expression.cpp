#include <algorithm>

#include "eval/condition.h"
#include "eval/money.h"

namespace plumb::eval {

using model::Op;

Value time_since_value(const model::Expr& expr, const Context& context);  // tails.cpp
Value total_time_value(const model::Expr& expr, const Context& context);  // total_time.cpp

namespace {

// A measure is the subject's own, or its team's or the company's.
Value measured(const model::Expr& expr, const Context& context) {
  Context at = context;
  if (expr.text == "team") at.subject = model::SubjectKind::team;
  if (expr.text == "company") at.subject = model::SubjectKind::company;
  const bool of_deal = context.subject == model::SubjectKind::deal && at.subject != context.subject;
  if (of_deal) at.person = context.view.owner_at(context.now());
  if (of_deal) at.team = team_of(context.view.plan(), at.person, context.calendar->day_of(context.now()));
  return value(context.view.plan().book.measures[expr.measure].value, at);
}

// Once, however often it is looked at.
void give_divisor(Id<model::Expr> divisor, Trace& trace) {
  const auto given = [&](const Reason& reason) {
    return reason.ground == Ground::of_nothing && reason.atom == divisor;
  };
  if (std::ranges::none_of(trace.reasons, given)) trace.reasons.push_back({Ground::of_nothing, divisor, {}, 0, 0});
}

// What of the two sides is lacking is named, and that there is nothing to divide by.
Value calculated(const model::Expr& expr, const Context& context) {
  const Value a = value(expr.args[0], context), b = value(expr.args[1], context);
  lack_missing(expr.args[0], a, context), lack_missing(expr.args[1], b, context);
  const bool by_nothing = expr.arithmetic == model::Arithmetic::divided_by && b.known() && b.zero();
  if (by_nothing && context.trace) give_divisor(expr.args[1], *context.trace);
  const Value out = combined(a, b, expr.arithmetic, context);
  if (!out.known() && context.trace) name_currency(context, expr.args[a.currency == 0 ? 0 : 1]);
  return out;
}

}  // namespace

bool is_clock(time::Unit unit) {
  return unit == time::Unit::hours || unit == time::Unit::minutes || unit == time::Unit::working_hours;
}

Value exact_length(time::Duration duration) {
  constexpr Wide hour = time::micros_per_hour;
  switch (duration.unit) {
    case time::Unit::minutes: return Value::of(rational(duration.count * hour / 60, 1));
    case time::Unit::hours:
    case time::Unit::working_hours: return Value::of(rational(duration.count * hour, 1));
    case time::Unit::days: return Value::of(rational(duration.count * 24 * hour, 1));
    case time::Unit::weeks: return Value::of(rational(duration.count * 7 * 24 * hour, 1));
    case time::Unit::business_days:
    case time::Unit::months:
    case time::Unit::quarters:
    case time::Unit::years: return Value::of(rational(duration.count, 1));
  }
  return Value::unknown();
}

Value value(Id<model::Expr> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const model::Expr& expr = plan.book.exprs[id];
  switch (expr.op) {
    case Op::subject_field:
    case Op::account_field: return field_value(expr.field, context);
    case Op::person_field: return field_of_person(expr.field, value(expr.args.front(), context), context);
    case Op::its_field:
      return context.opening == UINT32_MAX ? Value::unknown() : attribute_value(expr.field, context.opening, context);
    case Op::event_field:
      return context.candidate == UINT32_MAX ? Value::unknown()
                                             : attribute_value(expr.field, context.candidate, context);
    case Op::number:
    case Op::percent: return Value::of(rational(expr.decimal.millionths, Decimal::scale));
    case Op::money: return Value::of(rational(expr.decimal.millionths, Decimal::scale), plan.literal[id.index()]);
    case Op::date: return Value::of_id(expr.day.days);
    case Op::instant: return Value::of_id(expr.at.micros);
    case Op::text: return Value::of_id(plan.literal[id.index()]);
    case Op::choice: return Value::of_id(plan.choice_words[expr.field.index()][expr.choice]);
    case Op::stage_name: return Value::of_id(static_cast<std::int64_t>(expr.stage.index()));
    case Op::duration: return exact_length(expr.duration);
    case Op::today: return Value::of_id(context.today().days);
    case Op::aggregate: return aggregate_value(id, context);
    case Op::measure: return measured(expr, context);
    case Op::target: return target_value(expr.target, context);
    case Op::time_since: return time_since_value(expr, context);
    case Op::total_time_in: return total_time_value(expr, context);
    case Op::arithmetic: return calculated(expr, context);
    default: return Value::unknown();
  }
}

}  // namespace plumb::eval
