#include "check/expr.h"

namespace plumb::check {

namespace {

using model::EventKind;
using model::RuleOrigin;

/// The stage that a clause belongs to, and what all rules of its clauses share.
struct Place {
  Id<model::Process> process;
  Id<model::Stage> stage;
};

std::string_view word_of(RuleOrigin origin) {
  switch (origin) {
    case RuleOrigin::to_enter: return "to_enter";
    case RuleOrigin::to_move_on: return "to_move_on";
    case RuleOrigin::while_in: return "while_in";
    case RuleOrigin::at_most: return "at_most";
    case RuleOrigin::path: return "path";
    case RuleOrigin::rule:
    case RuleOrigin::needs:
    case RuleOrigin::response: break;
  }
  return "";
}

EventId stage_event(Context& context, EventKind kind, Id<model::Stage> stage, Span span) {
  model::Event event;
  event.kind = kind;
  event.stage = stage;
  event.words =
      fmt::format("{} {}", kind == EventKind::enters ? "enters" : "leaves", spelled(context.book.stages[stage].name));
  event.span = span;
  return context.book.events.add(std::move(event));
}

ExprId in_stage(Context& context, Id<model::Stage> stage, Span span) {
  model::Expr expr = make(context, model::Op::in_stage, type_of(TypeKind::condition), span);
  expr.stages = {stage};
  expr.words = fmt::format("in {}", spelled(context.book.stages[stage].name));
  return add(context, std::move(expr));
}

model::Rule rule_of(const Context& context, const Place& place, RuleOrigin origin, std::size_t number, Span span) {
  model::Rule rule;
  const model::Stage& stage = context.book.stages[place.stage];
  rule.name = fmt::format("{}.{}.{}", context.book.processes[place.process].name, stage.name, word_of(origin));
  if (number > 1) rule.name += fmt::format(".{}", number);
  rule.origin = origin;
  rule.stage = place.stage;
  rule.subject.process = place.process;
  rule.span = span;
  return rule;
}

void add_rule(Context& context, model::Rule rule) {
  const std::string process = context.book.processes[rule.subject.process].name;
  rule.sentence = sentence_of(context.book, rule, fmt::format("each deal of {}", spelled(process)));
  context.book.rules.push_back(std::move(rule));
}

void check_clauses(Context& context, const Place& place, RuleOrigin origin,
                   const std::vector<ast::StageCondition>& written) {
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Span span = written[i].span;
    model::Rule rule = rule_of(context, place, origin, i + 1, span);
    Scope scope;
    scope.process = place.process;
    scope.shape = origin == RuleOrigin::while_in ? model::Shape::while_ : model::Shape::at;
    if (origin == RuleOrigin::while_in) {
      rule.shape = model::Shape::while_;
      rule.while_condition = in_stage(context, place.stage, span);
    } else {
      rule.shape = model::Shape::at;
      const EventKind kind = origin == RuleOrigin::to_enter ? EventKind::enters : EventKind::leaves;
      rule.trigger = stage_event(context, kind, place.stage, span);
      scope.trigger = rule.trigger;
    }
    rule.expect = check_condition(context, scope, written[i].condition);
    if (rule.expect) add_rule(context, std::move(rule));
  }
}

void check_limits(Context& context, const Place& place, const std::vector<ast::StageLimit>& written) {
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Span span = written[i].span;
    model::Rule rule = rule_of(context, place, RuleOrigin::at_most, i + 1, span);
    rule.shape = model::Shape::after;
    rule.trigger = stage_event(context, EventKind::enters, place.stage, span);
    rule.expect_event = stage_event(context, EventKind::leaves, place.stage, span);
    rule.within = check_duration(context, written[i].at_most);
    note_month_end(context, written[i].at_most);
    add_rule(context, std::move(rule));
  }
}

// A process that writes a path says which moves there are; any other is its expectation `PROCESS.path` not kept.
void check_path(Context& context, Id<model::Process> id) {
  const model::Process& process = context.book.processes[id];
  if (process.path.empty()) return;
  model::Rule rule;
  rule.name = fmt::format("{}.{}", process.name, word_of(RuleOrigin::path));
  rule.origin = RuleOrigin::path;
  rule.subject.process = id;
  rule.shape = model::Shape::at;
  rule.span = process.span;
  rule.sentence = fmt::format("At each move, for each deal of {}: the process allows it; owed by the deal's owner.",
                              spelled(process.name));
  context.book.rules.push_back(std::move(rule));
}

}  // namespace

void check_stage_rules(Context& context, const ast::Process& written, Id<model::Process> id) {
  for (const auto& [line, stage] : declared_stages(context, written, id)) {
    const Place place{id, stage};
    check_clauses(context, place, RuleOrigin::to_enter, line->to_enter);
    check_clauses(context, place, RuleOrigin::to_move_on, line->to_move_on);
    check_clauses(context, place, RuleOrigin::while_in, line->while_in);
    check_limits(context, place, line->at_most);
  }
  check_path(context, id);
}

}  // namespace plumb::check
