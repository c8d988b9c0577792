#include "doctor/reads.h"

#include <algorithm>

namespace plumb::doctor {

namespace {

using model::EventKind;
using model::Op;

class Walk {
 public:
  explicit Walk(const model::Rulebook& book) : book_(book) {}

  Reads of(const model::Rule& rule) {
    expr(rule.subject.where);
    subject_stages(rule);
    event(rule.trigger), event(rule.expect_event);
    expr(rule.while_condition), expr(rule.expect);
    for (const model::Given& given : rule.given) expr(given.population);
    for (const model::Adjustment& one : rule.adjusted_for) field(one.field);
    owed_by(rule);
    return std::move(found_);
  }

 private:
  void subject_stages(const model::Rule& rule) {
    if (rule.stage || !rule.subject.stages.empty() || rule.origin == model::RuleOrigin::path) found_.stage = true;
    if (rule.subject.process) process(rule.subject.process);
    if (rule.stage) process(book_.stages[rule.stage].process);
  }

  void process(Id<model::Process> id) {
    if (!id) return;
    expr(book_.processes[id].for_deals_where);
    expr(book_.processes[id].on_hold_while);
  }

  void owed_by(const model::Rule& rule) {
    for (std::size_t i = 0; i < book_.fields.size() && !rule.owed_by.empty(); ++i) {
      const model::Field& one = book_.fields[Id<model::Field>(i)];
      if (one.owner == model::OwnerKind::deal && one.name == rule.owed_by) field(Id<model::Field>(i));
    }
  }

  void field(Id<model::Field> id) {
    if (id) found_.fields.insert(id);
  }

  void event(Id<model::Event> id) {
    if (!id || !events_.insert(id).second) return;
    const model::Event& e = book_.events[id];
    switch (e.kind) {
      case EventKind::won:
      case EventKind::lost:
      case EventKind::reopened:
      case EventKind::enters:
      case EventKind::leaves: found_.stage = true; break;
      case EventKind::activity: found_.activities.emplace(e.activity, id); break;
      case EventKind::record: found_.records.emplace(e.record, id); break;
      default: break;
    }
    field(e.field);
    expr(e.where);
    for (const Id<model::Event> part : e.parts) event(part);
  }

  void tails(const model::Tails& of) { event(of.since), event(of.last_of); }

  void aggregate(const model::Aggregate& of) {
    event(of.event), event(of.followed_by), event(of.span_from), event(of.span_to), event(of.read_at);
    expr(of.value), expr(of.where);
    tails(of.tails);
    if (of.deals_in) found_.stage = true;
  }

  void expr(Id<model::Expr> id) {
    if (!id || !exprs_.insert(id).second) return;
    const model::Expr& e = book_.exprs[id];
    if (e.stage || !e.stages.empty() || e.op == Op::state) found_.stage = true;
    field(e.field), event(e.event);
    if (e.op == Op::measure && e.measure) expr(book_.measures[e.measure].value);
    if (e.op == Op::target && e.target) {
      for (const model::TargetCase& one : book_.targets[e.target].cases) expr(one.value), expr(one.where);
    }
    for (const Id<model::Expr> arg : e.args) expr(arg);
    if (e.aggregate) aggregate(*e.aggregate);
    tails(e.tails);
  }

  const model::Rulebook& book_;
  Reads found_;
  std::set<Id<model::Event>> events_;
  std::set<Id<model::Expr>> exprs_;
};

}  // namespace

std::vector<Reads> reads_of_rules(const model::Rulebook& rulebook) {
  std::vector<Reads> all;
  for (const model::Rule& rule : rulebook.rules) all.push_back(Walk(rulebook).of(rule));
  return all;
}

}  // namespace plumb::doctor
