#include "eval/beyond.h"

#include <algorithm>

#include <fmt/format.h>

#include "eval/run.h"
#include "eval/walk.h"

namespace plumb::eval {

using model::Op;
using model::Rule;
using model::SubjectKind;

namespace {

// What stands at an instant has no time at which it happened.
bool beyond_aggregate(const model::Aggregate& of) {
  const bool stands = !of.event && of.population != model::PopulationKind::events;
  const bool timed = of.tails.any() || of.per || of.followed_by || of.span_from;
  return stands && timed;
}

// Whether an event is made of records alone: those about a person stand in his own history.
bool of_records(const model::Rulebook& book, Id<model::Event> id) {
  if (!id) return true;
  const model::Event& event = book.events[id];
  if (event.kind == model::EventKind::record || event.kind == model::EventKind::starts_leave) return true;
  return !event.parts.empty() && !event.for_each_account &&
         std::ranges::all_of(event.parts, [&](Id<model::Event> part) { return of_records(book, part); });
}

// Rules about a person's own records are judged as those about a deal's events are.
bool of_own_records(const model::Rulebook& book, const Rule& rule) {
  if (rule.subject.kind != SubjectKind::person) return false;
  bool own = of_records(book, rule.trigger) && of_records(book, rule.expect_event);
  const auto note = [&](const model::Expr& expr) {
    own &= of_records(book, expr.event) && of_records(book, expr.tails.since) && of_records(book, expr.tails.last_of);
    if (expr.aggregate) {
      own &= of_records(book, expr.aggregate->event) && of_records(book, expr.aggregate->tails.since) &&
             of_records(book, expr.aggregate->tails.last_of);
    }
    return false;
  };
  const Walk walk{book, note, [](const model::Event&) { return false; }};
  walk.expr(rule.expect), walk.expr(rule.subject.where), walk.event(rule.trigger), walk.event(rule.expect_event);
  return own;
}

}  // namespace

bool beyond_expr(const model::Expr& expr) {
  switch (expr.op) {
    case Op::error:
    case Op::quota: return true;
    case Op::verdict: return expr.verdict_of == model::VerdictOf::result;
    case Op::situation:
      return expr.situation == model::Situation::in_ramp || expr.situation == model::Situation::owes_a_step;
    case Op::aggregate: return beyond_aggregate(*expr.aggregate);
    default: return false;
  }
}

bool beyond_subject(const Rule& rule, const model::Expr& expr) {
  return rule.subject.kind != SubjectKind::deal && expr.op == Op::total_time_in;
}

bool reads_others(const model::Rulebook& book, Id<model::Expr> id) {
  const auto others = [](const model::Expr& expr) {
    const bool counted =
        expr.aggregate && (!expr.aggregate->of.empty() || expr.aggregate->population == model::PopulationKind::people);
    return counted || (expr.op == Op::measure && !expr.text.empty());
  };
  return Walk{book, others, [](const model::Event&) { return false; }}.expr(id);
}

bool reads_others_within(const model::Rulebook& book, const model::Expr& expr) {
  if (!expr.aggregate || expr.aggregate->population == model::PopulationKind::people) return false;
  return reads_others(book, expr.aggregate->where) ||
         (expr.aggregate->event && reads_others(book, expr.aggregate->value));
}

bool beyond_shape(const model::Rulebook& book, const Rule& rule) {
  const bool single =
      rule.shape == model::Shape::after || rule.shape == model::Shape::before || rule.shape == model::Shape::at;
  return single && rule.subject.kind != SubjectKind::deal && !of_own_records(book, rule);
}

bool beyond_event(const model::Rulebook& book, const model::Event& event) {
  const bool change = event.kind == model::EventKind::changed || event.kind == model::EventKind::moved_period;
  return event.kind == model::EventKind::error || reads_others(book, event.where) ||
         (change && book.fields[event.field].owner != model::OwnerKind::deal);
}

bool beyond_debtor(const model::Rulebook& book, const Rule& rule) {
  const std::string& by = rule.owed_by;
  if (by.empty() || by == "owner" || by == "person" || by == "manager" || by == "team manager") return false;
  for (const model::Field& field : book.fields) {
    if (field.type.kind != model::TypeKind::person || field.name != by) continue;
    const bool of_deal = field.owner == model::OwnerKind::deal && rule.subject.kind == SubjectKind::deal;
    if (of_deal || (field.owner == model::OwnerKind::person && rule.subject.kind == SubjectKind::person)) return false;
  }
  return true;
}

namespace {

// Everything below that cannot be worked out, once each.
struct Gathering {
  const model::Rulebook& book;
  std::vector<Beyond> found = {};

  void add(source::Span span, const std::string& words) {
    const bool again = std::ranges::any_of(found, [&](const Beyond& one) { return one.span == span; });
    if (span.known() && !again) found.push_back({span, words});
  }
  void add(std::string clause) { found.push_back({{}, std::move(clause)}); }
  template <class Leaf>
  auto walk(Leaf beyond) {
    const auto note = [this, beyond](const model::Expr& expr) {
      if (beyond(expr)) add(expr.span, expr.words);
      return false;
    };
    const auto note_event = [this](const model::Event& event) {
      if (beyond_event(book, event)) add(event.span, event.words);
      return false;
    };
    return Walk{book, note, note_event};
  }
  void of_rule(const Rule& rule) {
    const bool every = rule.shape == model::Shape::every;
    walk([&](const model::Expr& expr) {
      const bool of_right = expr.op == Op::verdict && expr.verdict_of != model::VerdictOf::rule;
      return beyond_expr(expr) || beyond_subject(rule, expr) || reads_others_within(book, expr) || (of_right && !every);
    }).rule(rule);
    if (beyond_debtor(book, rule)) add("owed by " + rule.owed_by);
    const auto ramps = [](const model::Adjustment& by) { return by.by == model::Adjustment::For::ramp; };
    if (std::ranges::any_of(rule.adjusted_for, ramps)) add(std::string("adjusted for ramp"));
    if (beyond_shape(book, rule)) {
      add(std::string(model::to_text(rule.shape)) + " " +
          (rule.subject.kind == SubjectKind::company ? "for the company"
           : rule.subject.kind == SubjectKind::team  ? "for each team"
                                                     : "for each person"));
    }
    if (!found.empty()) return;
    // It reads the verdict on a rule that cannot be evaluated.
    const std::vector<bool> whole = evaluated_rules(book);
    walk([&](const model::Expr& expr) {
      if (expr.op != Op::verdict) return false;
      for (std::size_t row = 0; row < book.rules.size(); ++row) {
        const bool read = expr.verdict_of != model::VerdictOf::rule || book.rules[row].name == expr.text;
        if (read && !whole[row]) return true;
      }
      return false;
    }).rule(rule);
  }
  void of_process(const model::Process& process, source::Span declared) {
    const auto any = walk([&](const model::Expr& expr) {
      return beyond_expr(expr) || expr.op == Op::verdict || reads_others_within(book, expr);
    });
    if (declared == process.span) any.expr(process.for_deals_where), any.expr(process.on_hold_while);
    for (const model::Move& move : process.moves) {
      if (move.span == declared) any.expr(move.when);
    }
    for (const Id<model::Stage> id : process.stages) {
      const model::Stage& stage = book.stages[id];
      if (stage.span == declared) any.expr(stage.may_be_first_when), any.expr(stage.may_be_skipped_when);
    }
  }
};

}  // namespace

std::vector<Beyond> words_beyond(const model::Rulebook& book, const model::Unevaluated& declaration) {
  Gathering gathering{book};
  const auto plain = [](const model::Expr& expr) { return beyond_expr(expr); };
  for (const Rule& rule : book.rules) {
    if (rule.span == declaration.span && rule.name == declaration.name) gathering.of_rule(rule);
  }
  for (const model::Measure& measure : book.measures) {
    if (measure.span == declaration.span) gathering.walk(plain).expr(measure.value);
  }
  for (const model::Target& target : book.targets) {
    if (target.span == declaration.span) gathering.walk(plain).target(target);
  }
  for (std::size_t i = 0; i < book.events.size(); ++i) {
    const Id<model::Event> id(i);
    if (!book.events[id].name.empty() && book.events[id].span == declaration.span) gathering.walk(plain).event(id);
  }
  for (const model::Process& process : book.processes) gathering.of_process(process, declaration.span);
  std::erase_if(gathering.found, [&](const Beyond& one) { return one.span == declaration.span; });
  std::ranges::stable_sort(gathering.found, [](const Beyond& a, const Beyond& b) {
    return a.span.known() == b.span.known() ? a.span.begin < b.span.begin : a.span.known();
  });
  return std::move(gathering.found);
}

std::string beyond_text(const std::vector<Beyond>& words, const source::Map& texts) {
  std::string text;
  for (const Beyond& one : words) {
    text += text.empty() ? " for " : ", ";
    text += fmt::format("`{}`", one.words);
    if (!one.span.known()) continue;
    const source::Place place = texts.begin(one.span);
    text += fmt::format(" in {}:{}", place.line, place.column);
  }
  return text;
}

}  // namespace plumb::eval
