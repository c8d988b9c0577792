#include "eval/run.h"

#include <algorithm>
#include <utility>

#include "eval/beyond.h"
#include "eval/order.h"
#include "eval/walk.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::Rule;
using model::SubjectKind;

// Whether an expression cannot be worked out, whomever it is asked of.
bool beyond_anyone(const model::Rulebook& book, Id<model::Expr> id) {
  return Walk{book, [&](const model::Expr& expr) { return beyond_expr(expr); },
              [&](const model::Event& event) { return beyond_event(book, event); }}
      .expr(id);
}

// What a process asks of a deal is asked of the deal alone, and before any rule has a verdict.
bool beyond_process(const model::Rulebook& book, Id<model::Expr> id) {
  return reads_verdicts(book, id) || beyond_anyone(book, id) || reads_others(book, id);
}

bool beyond_event_of(const model::Rulebook& book, Id<model::Event> id) {
  return Walk{book, [&](const model::Expr& expr) { return beyond_expr(expr); },
              [&](const model::Event& event) { return beyond_event(book, event); }}
      .event(id);
}

// A right has a verdict over a period, and the filter of a rule is asked before one.
bool beyond_period(const model::Rulebook& book, const Rule& rule) {
  const auto whole = [](const model::Expr& expr) {
    return expr.op == Op::verdict && expr.verdict_of != model::VerdictOf::rule;
  };
  const Walk walk{book, whole, [](const model::Event&) { return false; }};
  return rule.shape == model::Shape::every ? walk.expr(rule.subject.where) : walk.rule(rule);
}

// What counts over an account's deals is known before any of them has a verdict.
bool beyond_accounts(const model::Rulebook& book, const Rule& rule) {
  const auto counts = [&](const model::Event& event) {
    if (event.kind != model::EventKind::ordinal || !event.for_each_account) return false;
    const auto verdict = [](const model::Expr& expr) { return expr.op == Op::verdict; };
    const Walk walk{book, verdict, [](const model::Event&) { return false; }};
    return std::ranges::any_of(event.parts, [&](Id<model::Event> part) { return walk.event(part); });
  };
  return Walk{book, [](const model::Expr&) { return false; }, counts}.rule(rule);
}

bool beyond_target(const model::Rulebook& book, const model::Target& target) {
  return std::ranges::any_of(target.cases, [&](const model::TargetCase& one) {
    return beyond_anyone(book, one.value) || beyond_anyone(book, one.where);
  });
}

bool beyond_rule(const model::Rulebook& book, const Rule& rule) {
  if (beyond_period(book, rule) || beyond_accounts(book, rule)) return true;
  const auto ramps = [](const model::Adjustment& by) { return by.by == model::Adjustment::For::ramp; };
  if (std::ranges::any_of(rule.adjusted_for, ramps)) return true;
  const auto beyond = [&](const model::Expr& expr) {
    return beyond_expr(expr) || beyond_subject(rule, expr) || reads_others_within(book, expr);
  };
  const Walk walk{book, beyond, [&](const model::Event& event) { return beyond_event(book, event); }};
  if (beyond_debtor(book, rule)) return true;
  if (beyond_shape(book, rule)) return true;
  if (rule.shape == model::Shape::every && !rule.expect) return true;
  for (const model::Given& given : rule.given) {
    if (walk.expr(given.population)) return true;
  }
  return walk.event(rule.trigger) || walk.event(rule.expect_event) || walk.expr(rule.expect) ||
         walk.expr(rule.while_condition) || walk.expr(rule.subject.where);
}

// What stops a deal's clocks cannot ask whether they stand still.
bool holds_by_itself(const model::Rulebook& book, const model::Process& process) {
  const auto on_hold = [](const model::Expr& expr) {
    return expr.op == Op::situation && expr.situation == model::Situation::on_hold;
  };
  return Walk{book, on_hold, [](const model::Event&) { return false; }}.expr(process.on_hold_while);
}

/// What the reader looks for: the word that the declaration begins with.
std::string_view keyword_of(const Rule& rule) {
  if (rule.origin == model::RuleOrigin::rule) return model::to_text(rule.strength);
  return rule.origin == model::RuleOrigin::needs ? "item" : "stage";
}

template <class Add>
void add_process(const model::Rulebook& book, const model::Process& process, const Add& add) {
  if (beyond_process(book, process.for_deals_where)) add("process", process.name, process.span);
  for (const model::Move& move : process.moves) {
    if (beyond_process(book, move.when)) add("process", process.name, move.span);
  }
  for (const Id<model::Stage> id : process.stages) {
    const model::Stage& stage = book.stages[id];
    const bool beyond =
        beyond_process(book, stage.may_be_first_when) || beyond_process(book, stage.may_be_skipped_when);
    if (beyond) add("process", process.name + "." + stage.name, stage.span);
  }
  const Id<model::Expr> hold = process.on_hold_while;
  if (beyond_anyone(book, hold) || holds_by_itself(book, process)) add("on hold", process.name, process.span);
}

// Which deals a process is for cannot be told: nothing can be asked of them in its name.
bool of_unknown_deals(const model::Rulebook& book, const Rule& rule) {
  return rule.subject.process && beyond_process(book, book.processes[rule.subject.process].for_deals_where);
}

// Without a condition that nobody can work out, a deal is judged as if it were not there.
void drop_beyond(const model::Rulebook& book, Id<model::Expr>& condition) {
  if (beyond_process(book, condition)) condition = {};
}

// Whether a rule can be worked out where all that it reads can.
bool works_by_itself(const model::Rulebook& book, const Rule& rule) {
  return !beyond_rule(book, rule) && !of_unknown_deals(book, rule);
}

// Responses name the row of the rule that they respond to, versions the one before them.
void keep_rules(model::Rulebook& book, const std::vector<bool>& kept) {
  std::vector<Rule> rules;
  std::vector<std::uint32_t> row_of;
  for (std::size_t row = 0; row < book.rules.size(); ++row) {
    row_of.push_back(static_cast<std::uint32_t>(rules.size()));
    if (!kept[row]) continue;
    std::optional<std::uint32_t>& before = book.rules[row].same_as;
    while (before && !kept[*before]) before = book.rules[*before].same_as;
    if (before) before = row_of[*before];
    rules.push_back(std::move(book.rules[row]));
  }
  for (Rule& rule : rules) {
    if (rule.responds_to) rule.responds_to->rule = row_of[rule.responds_to->rule];
  }
  book.rules = std::move(rules);
}

}  // namespace

std::vector<model::Unevaluated> unevaluated(const model::Rulebook& book) {
  std::vector<model::Unevaluated> out = book.unevaluated;
  const auto add = [&out](std::string_view keyword, const std::string& name, source::Span span) {
    out.push_back({std::string(keyword), name, span});
  };
  for (std::size_t i = 0; i < book.events.size(); ++i) {
    const model::Event& event = book.events[Id<model::Event>(i)];
    if (!event.name.empty() && beyond_event_of(book, Id<model::Event>(i))) add("event", event.name, event.span);
  }
  for (const model::Measure& measure : book.measures) {
    if (beyond_anyone(book, measure.value)) add("measure", measure.name, measure.span);
  }
  for (const model::Target& target : book.targets) {
    if (beyond_target(book, target)) add("target", target.name, target.span);
  }
  for (const model::Plan& plan : book.plans) add("plan", plan.name, plan.span);
  for (const model::Ladder& ladder : book.ladders) add("ladder", ladder.name, ladder.span);
  for (const model::Process& process : book.processes) add_process(book, process, add);
  const std::vector<bool> whole = evaluated_rules(book);
  for (std::size_t row = 0; row < book.rules.size(); ++row) {
    const Rule& rule = book.rules[row];
    if (!rule.responds_to && !whole[row]) add(keyword_of(rule), rule.name, rule.span);
  }
  // In the order of the texts.
  std::ranges::stable_sort(out, [](const model::Unevaluated& a, const model::Unevaluated& b) {
    return a.span.text != b.span.text ? a.span.text < b.span.text : a.span.begin < b.span.begin;
  });
  // A rule that is changed for a part of its subjects is several, and declared once.
  const auto again = std::ranges::unique(out, [](const model::Unevaluated& a, const model::Unevaluated& b) {
    return a.span == b.span && a.keyword == b.keyword && a.name == b.name;
  });
  out.erase(again.begin(), again.end());
  return out;
}

model::Rulebook evaluated_part(model::Rulebook book) {
  const model::Rulebook whole = book;
  keep_rules(book, evaluated_rules(whole));
  for (model::Process& process : book.processes) {
    drop_beyond(whole, process.for_deals_where);
    drop_beyond(whole, process.on_hold_while);
    if (holds_by_itself(whole, process)) process.on_hold_while = {};
    for (model::Move& move : process.moves) drop_beyond(whole, move.when);
  }
  for (model::Stage& stage : book.stages) {
    drop_beyond(whole, stage.may_be_first_when);
    drop_beyond(whole, stage.may_be_skipped_when);
  }
  return book;
}

std::vector<bool> evaluated_rules(const model::Rulebook& book) {
  std::vector<bool> good;
  for (const Rule& rule : book.rules) good.push_back(rule.responds_to || works_by_itself(book, rule));
  good = with_what_they_read(book, good);
  // What responds to a rule stands behind it.
  for (std::size_t row = 0; row < good.size(); ++row) {
    if (book.rules[row].responds_to) good[row] = good[book.rules[row].responds_to->rule];
  }
  return good;
}

bool evaluated(const model::Rulebook& book, const Rule& rule) {
  if (!rule.responds_to && !reads_verdicts(book, rule)) return works_by_itself(book, rule);
  return evaluated_rules(book)[static_cast<std::size_t>(&rule - book.rules.data())];
}

}  // namespace plumb::eval
