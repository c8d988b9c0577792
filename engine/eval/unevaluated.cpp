#include "eval/run.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::Rule;
using model::SubjectKind;


// Whether any expression below satisfies `expr_leaf` or any event `event_leaf`.
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
    if (at.op == Op::measure && at.measure && expr(book.measures[at.measure].value)) return true;
    if (!at.aggregate) return false;
    const model::Aggregate& of = *at.aggregate;
    return event(of.event) || expr(of.value) || expr(of.where) || tails(of.tails);
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
};

bool beyond_expr(const model::Expr& expr) {
  if (expr.tails.last_periods > 0) return true;
  if (!expr.aggregate) return false;
  const model::Aggregate& of = *expr.aggregate;
  const bool open_deals = of.population == model::PopulationKind::deals && !of.event;
  return of.followed_by || of.span_from || of.read_at || of.tails.last_periods > 0 || open_deals ||
         of.tails.source != model::SourceRank::none;
}

bool beyond_event(const model::Event& event) { return event.kind == model::EventKind::starts_leave; }

bool beyond_rule(const model::Rulebook& book, const Rule& rule) {
  const Walk walk{book, beyond_expr, beyond_event};
  const bool group = rule.subject.kind != SubjectKind::deal;
  if (group && rule.shape != model::Shape::every) return true;
  if (group && rule.subject.kind != SubjectKind::person && rule.subject.where) return true;
  if (rule.shape == model::Shape::every && !rule.expect) return true;
  return walk.event(rule.trigger) || walk.event(rule.expect_event) || walk.expr(rule.expect) ||
         walk.expr(rule.while_condition) || walk.expr(rule.subject.where);
}

bool holds_clocks(const model::Rulebook& book, const model::Process& process) {
  if (process.on_hold_while) return true;
  for (Id<model::Stage> stage : process.stages) {
    if (book.stages[stage].on_hold) return true;
  }
  return false;
}

}  // namespace

std::vector<model::Unevaluated> unevaluated(const model::Rulebook& book) {
  std::vector<model::Unevaluated> out = book.unevaluated;
  for (const model::Process& process : book.processes) {
    if (holds_clocks(book, process)) out.push_back({"on hold", process.name, process.span});
  }
  for (const Rule& rule : book.rules) {
    if (beyond_rule(book, rule)) out.push_back({std::string(model::to_text(rule.strength)), rule.name, rule.span});
  }
  return out;
}

bool evaluated(const model::Rulebook& book, const Rule& rule) { return !beyond_rule(book, rule); }

}  // namespace plumb::eval
