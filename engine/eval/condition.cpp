#include "eval/condition.h"

#include <algorithm>

#include "eval/by_stage.h"
#include "eval/verdict_facts.h"
#include "eval/written.h"

namespace plumb::eval {

namespace {

using model::Op;

// What a question comes to that is unknown as it is asked, where it comes to the same whichever of several values each
// field of the deal has that it reads. Cost: one more evaluation for each way, up to 64.
template <class Ask>
Truth whichever(const Context& context, Ask ask) {
  constexpr int most_ways = 64;
  const std::size_t lacking = context.trace ? context.trace->facts.size() : 0;
  const Truth asked = ask(context);
  if (asked != Truth::unknown || context.choice || context.view.of_person()) return asked;
  Choice choice(context.view);
  Context one = context;
  one.choice = &choice, one.trace = nullptr;
  const Truth first = ask(one);
  if (first == Truth::unknown || !choice.any()) return asked;
  for (int ways = 1; choice.next(); ++ways) {
    if (ways == most_ways || ask(one) != first) return asked;
  }
  if (context.trace) context.trace->facts.resize(lacking);
  return first;
}

Truth known_truth(const model::Expr& expr, const Context& context) {
  const Value found = left_side(expr, context);
  if (found.state == Value::State::unknown) return Truth::unknown;
  return truth((found.state == Value::State::known) == (expr.op == Op::known));
}

// `owner is on leave`, `person is on leave`: on his civil day of the instant that is asked about.
Truth leave_truth(const model::Expr& expr, const Context& context) {
  const Plan& plan = context.view.plan();
  std::uint32_t person = context.person;
  if (!expr.args.empty()) {
    const Value who = value(expr.args.front(), context);
    lack_missing(expr.args.front(), who, context);
    person = who.known() ? plan.person(who.id) : nobody;
  }
  if (person == nobody) return Truth::unknown;
  const OwnDay day = day_of(context, person);
  const Truth away = on_leave(plan, person, day.first);
  for (time::Day other = day.first + 1; other <= day.last; other = other + 1) {
    if (on_leave(plan, person, other) == away) continue;
    if (context.trace) context.trace->lack({.kind = FactKind::calendar, .person = person});
    return Truth::unknown;
  }
  if (away == Truth::unknown && context.trace) {
    const time::Calendar& days = plan.calendars.front();
    lack_leave(plan, person, {days.start_of(day.first), days.end_of(day.last)}, *context.trace);
  }
  return away;
}

Truth situation_truth(const model::Expr& expr, const Context& context) {
  switch (expr.situation) {
    case model::Situation::on_leave: return leave_truth(expr, context);
    case model::Situation::on_hold: return on_hold(context);
    default: return Truth::unknown;  // refused before evaluation
  }
}

Truth state_truth(const model::Expr& expr, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  const Truth found = stage_is(context, [&](Id<model::Stage> stage) {
    return is_state(stage ? book.stages[stage].end : model::StageEnd::open, expr.state);
  });
  // Of a deal that follows none of the processes nobody says which stages close it; before it enters any it is open.
  const auto entered = [&](const Visit& visit) { return visit.at.known() && visit.at < context.cut; };
  const bool foreign = !context.view.process() && std::ranges::any_of(context.view.visits(), entered);
  if (found == Truth::unknown || foreign) {
    const Truth open = foreign || !context.as_rows_say ? Truth::unknown : open_as_rows_say(context);
    const bool of_open = expr.state == model::DealState::open;
    const bool told = of_open || expr.state == model::DealState::closed || open == Truth::yes;
    if (open == Truth::unknown || !told) lack_stage(context);
    return !told ? Truth::unknown : of_open ? open : both(negate(open), truth(expr.state == model::DealState::closed));
  }
  return found;
}

Truth in_stage_truth(const model::Expr& expr, const Context& context) {
  if (!may_be_in(context.view, expr.stages)) return Truth::no;
  const Truth in = stage_is(context, [&](Id<model::Stage> stage) {
    return stage && std::find(expr.stages.begin(), expr.stages.end(), stage) != expr.stages.end();
  });
  if (in == Truth::unknown) lack_stage(context);
  return in;
}

Truth joined_truth(const model::Expr& expr, const Context& context) {
  const bool all = expr.op == Op::and_;
  Truth truth = all ? Truth::yes : Truth::no;
  for (Id<model::Expr> arg : expr.args) {
    truth = all ? both(truth, holds(arg, context)) : either(truth, holds(arg, context));
    if (truth == (all ? Truth::no : Truth::yes) && !context.trace) break;
  }
  return truth;
}

Truth at_least_of_truth(const model::Expr& expr, const Context& context) {
  std::int64_t yes = 0, possible = 0;
  for (Id<model::Expr> arg : expr.args) {
    const Truth found = holds(arg, context);
    yes += found == Truth::yes;
    possible += found != Truth::no;
  }
  return yes >= expr.count ? Truth::yes : possible < expr.count ? Truth::no : Truth::unknown;
}

}  // namespace

Truth happened_truth(Id<model::Expr> id, const Context& context);      // aggregate.cpp
Truth compare_truth(const model::Expr& expr, const Context& context);  // compare.cpp
Truth apart_truth(const model::Expr& expr, const Context& context);    // compare.cpp
Truth differs_truth(const model::Expr& expr, const Context& context);  // compare.cpp

Truth holds(Id<model::Expr> condition, const Context& context) {
  const model::Expr& expr = context.view.plan().book.exprs[condition];
  switch (expr.op) {
    case Op::not_: return negate(holds(expr.args.front(), context));
    // Whichever value a field has, it has it in all parts.
    case Op::and_:
    case Op::or_: return whichever(context, [&](const Context& one) { return joined_truth(expr, one); });
    case Op::at_least_of: return whichever(context, [&](const Context& one) { return at_least_of_truth(expr, one); });
    case Op::known:
    case Op::missing: return whichever(context, [&](const Context& one) { return known_truth(expr, one); });
    case Op::happened: return happened_truth(condition, context);
    case Op::compare: return whichever(context, [&](const Context& one) { return compare_truth(expr, one); });
    case Op::apart: return whichever(context, [&](const Context& one) { return apart_truth(expr, one); });
    case Op::differs: return whichever(context, [&](const Context& one) { return differs_truth(expr, one); });
    case Op::state: return state_truth(expr, context);
    case Op::in_stage: return in_stage_truth(expr, context);
    case Op::situation: return situation_truth(expr, context);
    case Op::verdict: return verdict_truth(condition, context);
    case Op::measure: return holds(context.view.plan().book.measures[expr.measure].value, context);
    default:  // a yes-or-no field on its own
      return whichever(context, [&](const Context& one) {
        const Value found = value(condition, one);
        return found.known() ? truth(found.id != 0) : Truth::unknown;
      });
  }
}

void explain(Id<model::Expr> condition, const Context& context, Truth outcome) {
  const model::Expr& expr = context.view.plan().book.exprs[condition];
  if (expr.op == Op::and_ || expr.op == Op::or_ || expr.op == Op::at_least_of) {
    bool any = false;
    for (Id<model::Expr> arg : expr.args) {
      if (holds(arg, context) != outcome) continue;
      explain(arg, context, outcome);
      any = true;
    }
    if (any) return;  // else it is so whichever of several values a field has, and no part by itself
  }
  if (expr.op == Op::not_) {
    const model::Expr& inner = context.view.plan().book.exprs[expr.args.front()];
    if (inner.op == Op::and_ || inner.op == Op::or_) return explain(expr.args.front(), context, negate(outcome));
  }
  const Ground ground = outcome == Truth::yes ? Ground::holds : outcome == Truth::no ? Ground::fails : Ground::unknown;
  context.trace->reasons.push_back({ground, condition, {}, 0, 0});
  holds(condition, context);  // once more for the evidence and the lacking facts
}

}  // namespace plumb::eval
