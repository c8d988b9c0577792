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

// Tails of a condition that are not those of a field of the deal or of an aggregate.
bool beyond_tails(const model::Rulebook& book, const model::Expr& expr) {
  if (!expr.tails.any() || expr.op == Op::happened) return expr.tails.source != model::SourceRank::none;
  if (expr.args.empty()) return true;
  const model::Expr& of = book.exprs[expr.args.front()];
  if (of.op == Op::aggregate) return expr.tails.source != model::SourceRank::none || of.aggregate->tails.any();
  const bool field = of.op == Op::subject_field && book.fields[of.field].owner == model::OwnerKind::deal;
  return !field || expr.tails.last != 0;
}

// A field that holds a duration: no history gives one yet.
bool holds_duration(const model::Rulebook& book, const model::Expr& expr) {
  return expr.field && expr.op != Op::choice && book.fields[expr.field].type.kind == model::TypeKind::duration;
}

bool beyond_expr(const model::Rulebook& book, const model::Expr& expr) {
  if (holds_duration(book, expr)) return true;
  if (expr.tails.last_periods > 0 || beyond_tails(book, expr)) return true;
  if (!expr.aggregate) return false;
  const model::Aggregate& of = *expr.aggregate;
  const bool open_deals = of.population == model::PopulationKind::deals && !of.event;
  return of.followed_by || of.span_from || of.read_at || of.tails.last_periods > 0 || open_deals ||
         of.tails.source != model::SourceRank::none;
}

// What only the events of one subject can answer, asked of all events of a person, a team or the company; and the other
// way round.
bool beyond_subject(const model::Rulebook& book, const Rule& rule, const model::Expr& expr) {
  if (rule.subject.kind == SubjectKind::deal)
    return expr.aggregate && (!expr.aggregate->of.empty() || expr.aggregate->by_actor);
  const auto one_subject = [](const model::Tails& tails) { return tails.since || tails.last != 0; };
  if (expr.op == Op::time_since || expr.op == Op::total_time_in || one_subject(expr.tails)) return true;
  const bool team = rule.subject.kind != SubjectKind::company;
  if (expr.aggregate && expr.aggregate->of == "team" && !team) return true;
  if (expr.aggregate && one_subject(expr.aggregate->tails)) return true;
  return expr.op == Op::subject_field && rule.subject.kind != SubjectKind::person &&
         book.fields[expr.field].owner != model::OwnerKind::deal;
}

// Leave, and changes of what is known of people, are dated rows and not events yet.
bool beyond_event(const model::Rulebook& book, const model::Event& event) {
  const bool change = event.kind == model::EventKind::changed || event.kind == model::EventKind::moved_period;
  return event.kind == model::EventKind::starts_leave ||
         (change && book.fields[event.field].owner != model::OwnerKind::deal);
}

// Who owes: the owner, the person, the manager of either, or a field of the deal that holds a person.
bool beyond_debtor(const model::Rulebook& book, const Rule& rule) {
  const std::string& by = rule.owed_by;
  if (by.empty() || by == "owner" || by == "person" || by == "manager") return false;
  for (const model::Field& field : book.fields) {
    const bool person = field.owner == model::OwnerKind::deal && field.type.kind == model::TypeKind::person;
    if (person && field.name == by) return rule.subject.kind != SubjectKind::deal;
  }
  return true;
}

bool beyond_rule(const model::Rulebook& book, const Rule& rule) {
  const auto beyond = [&](const model::Expr& expr) {
    return beyond_expr(book, expr) || beyond_subject(book, rule, expr);
  };
  const Walk walk{book, beyond, [&](const model::Event& event) { return beyond_event(book, event); }};
  if (beyond_debtor(book, rule) || (rule.averaged_over && rule.averaged_over->second != rule.period)) return true;
  const bool group = rule.subject.kind != SubjectKind::deal;
  if (group && rule.shape != model::Shape::every) return true;
  if (group && rule.subject.kind != SubjectKind::person && rule.subject.where) return true;
  if (rule.shape == model::Shape::every && !rule.expect) return true;
  for (const model::Given& given : rule.given) {
    if (walk.expr(given.population)) return true;
  }
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
