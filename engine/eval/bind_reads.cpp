#include "eval/bind.h"

namespace plumb::eval {

namespace {

// Whether an expression, or anything below it, satisfies `leaf`; events below are not entered.
template <class Leaf>
bool any_below(const model::Rulebook& book, Id<model::Expr> id, Leaf leaf) {
  if (!id) return false;
  const model::Expr& expr = book.exprs[id];
  if (leaf(expr)) return true;
  for (Id<model::Expr> arg : expr.args) {
    if (any_below(book, arg, leaf)) return true;
  }
  if (expr.op == model::Op::measure && expr.measure) return any_below(book, book.measures[expr.measure].value, leaf);
  if (expr.op == model::Op::target) {
    for (const model::TargetCase& one : book.targets[expr.target].cases) {
      if (any_below(book, one.value, leaf) || any_below(book, one.where, leaf)) return true;
    }
  }
  if (!expr.aggregate) return false;
  return any_below(book, expr.aggregate->where, leaf) || any_below(book, expr.aggregate->value, leaf);
}

bool moves_by_day(const model::Tails& tails) { return tails.in.has_value() || tails.last_periods != 0; }

bool reads_today(const model::Rulebook& book, const model::Expr& expr) {
  const bool of_person =
      expr.op == model::Op::person_field ||
      (expr.op == model::Op::subject_field && book.fields[expr.field].owner == model::OwnerKind::person);
  const bool on_leave = expr.op == model::Op::situation && expr.situation == model::Situation::on_leave;
  const bool dated =
      on_leave || expr.op == model::Op::target || expr.op == model::Op::today || expr.op == model::Op::time_since;
  if (dated || of_person || moves_by_day(expr.tails)) return true;
  if (!expr.aggregate) return false;
  const model::Aggregate& of = *expr.aggregate;
  // Who is in which team and employed is a matter of days; what follows in time, of deadlines at their ends.
  return moves_by_day(of.tails) || !of.of.empty() || of.population == model::PopulationKind::people || of.followed_by;
}

// Whether an expression reads more than `own` (of an event) and what is written in the rulebook.
bool reads_beyond(const model::Expr& expr, model::Op own) {
  switch (expr.op) {
    case model::Op::number:
    case model::Op::percent:
    case model::Op::money:
    case model::Op::date:
    case model::Op::instant:
    case model::Op::text:
    case model::Op::choice:
    case model::Op::not_:
    case model::Op::and_:
    case model::Op::or_:
    case model::Op::at_least_of:
    case model::Op::known:
    case model::Op::missing:
    case model::Op::compare: return expr.tails.any();
    default: return expr.op != own;
  }
}

}  // namespace

void bind_reads(Plan& plan) {
  const model::Rulebook& book = plan.book;
  plan.verdict_read.assign(book.rules.size(), false);
  for (const model::Expr& expr : book.exprs) {
    for (std::size_t i = 0; expr.op == model::Op::verdict && i < book.rules.size(); ++i) {
      if (expr.verdict_of != model::VerdictOf::rule || book.rules[i].name == expr.text) plan.verdict_read[i] = true;
    }
  }
  const auto below = [&](Id<model::Expr> id, auto leaf) { return any_below(book, id, leaf); };
  for (std::size_t i = 0; i < book.exprs.size(); ++i) {
    const Id<model::Expr> id(i);
    const auto beyond = [](model::Op own) {
      return [own](const model::Expr& expr) { return reads_beyond(expr, own); };
    };
    plan.uses_today.push_back(below(id, [&](const model::Expr& expr) { return reads_today(book, expr); }));
    plan.only_event.push_back(!below(id, beyond(model::Op::event_field)));
    plan.uses_its.push_back(below(id, [](const model::Expr& expr) { return expr.op == model::Op::its_field; }));
    plan.only_its.push_back(!below(id, beyond(model::Op::its_field)));
  }
}

// Whether a deal is on hold is what the processes say of it: all that their conditions read is read, too.
void bind_holds(Plan& plan) {
  const model::Rulebook& book = plan.book;
  bool today = false;
  for (const model::Process& process : book.processes) {
    plan.any_holds |= bool(process.on_hold_while);
    today |= process.on_hold_while && plan.uses_today[process.on_hold_while.index()];
  }
  for (const model::Stage& stage : book.stages) plan.any_holds |= stage.on_hold;
  const auto on_hold = [](const model::Expr& expr) {
    return expr.op == model::Op::situation && expr.situation == model::Situation::on_hold;
  };
  for (std::size_t i = 0; today && i < book.exprs.size(); ++i) {
    if (any_below(book, Id<model::Expr>(i), on_hold)) plan.uses_today[i] = true;
  }
}

}  // namespace plumb::eval
