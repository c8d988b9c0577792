#include "property/reads.h"

#include <algorithm>
#include <functional>

namespace plumb::property {

namespace {

using model::Expr;

// Goes through all that a rule names until something satisfies one of the two questions.
struct Search {
  const model::Rulebook& book;
  std::function<bool(const Expr&)> of_expr;
  std::function<bool(const model::Event&)> of_event;

  bool expr(Id<Expr> id) const {
    if (!id) return false;
    const Expr& at = book.exprs[id];
    if (of_expr(at) || event(at.event) || tails(at.tails) || verdict(at)) return true;
    for (const Id<Expr> arg : at.args) {
      if (expr(arg)) return true;
    }
    if (at.op == model::Op::measure && at.measure && expr(book.measures[at.measure].value)) return true;
    if (at.op == model::Op::target && at.target) {
      for (const model::TargetCase& each : book.targets[at.target].cases) {
        if (expr(each.value) || expr(each.where)) return true;
      }
    }
    if (!at.aggregate) return false;
    const model::Aggregate& of = *at.aggregate;
    return event(of.event) || expr(of.value) || expr(of.where) || event(of.followed_by) || event(of.span_from) ||
           event(of.span_to) || tails(of.tails);
  }
  // A rule that reads a verdict reads what that is made of; one that reads a right may read anything.
  bool verdict(const Expr& at) const {
    if (at.op != model::Op::verdict) return false;
    if (at.verdict_of != model::VerdictOf::rule) return true;
    return std::ranges::any_of(book.rules, [&](const model::Rule& each) { return each.name == at.text && rule(each); });
  }
  bool event(Id<model::Event> id) const {
    if (!id) return false;
    const model::Event& at = book.events[id];
    if (of_event(at) || expr(at.where)) return true;
    for (const Id<model::Event> part : at.parts) {
      if (event(part)) return true;
    }
    return false;
  }
  bool tails(const model::Tails& at) const { return event(at.since) || event(at.last_of); }

  bool rule(const model::Rule& at) const {
    if (expr(at.subject.where) || event(at.trigger) || expr(at.while_condition) || expr(at.expect) ||
        event(at.expect_event)) {
      return true;
    }
    for (const model::Given& given : at.given) {
      if (expr(given.population)) return true;
    }
    if (at.origin != model::RuleOrigin::path) return false;
    const model::Process& process = book.processes[at.subject.process];
    for (const model::Move& move : process.moves) {
      if (expr(move.when)) return true;
    }
    for (const Id<model::Stage> each : process.stages) {
      if (expr(book.stages[each].may_be_first_when) || expr(book.stages[each].may_be_skipped_when)) return true;
    }
    return false;
  }
};

}  // namespace

bool reads(const model::Rulebook& book, const model::Rule& rule, Id<model::Field> field) {
  if (book.fields[field].name == rule.owed_by) return true;
  const Search search{book, [&](const Expr& at) { return at.field == field; },
                      [&](const model::Event& at) { return at.field == field; }};
  for (const model::Process& process : book.processes) {
    if (search.expr(process.for_deals_where) || search.expr(process.on_hold_while)) return true;
  }
  return search.rule(rule);
}

bool reads_verdicts(const model::Rulebook& book, const model::Rule& rule) {
  return Search{book, [](const Expr& at) { return at.op == model::Op::verdict; },
                [](const model::Event&) { return false; }}
      .rule(rule);
}

bool reads_accounts(const model::Rulebook& book, const model::Rule& rule) {
  return Search{book, [](const Expr&) { return false; }, [](const model::Event& at) { return at.for_each_account; }}
      .rule(rule);
}

bool reads_others(const model::Rulebook& book, const model::Rule& rule) {
  return Search{book,
                [](const Expr& at) { return at.aggregate && (!at.aggregate->of.empty() || at.aggregate->by_actor); },
                [](const model::Event& at) { return at.for_each_account; }}
      .rule(rule);
}

}  // namespace plumb::property
