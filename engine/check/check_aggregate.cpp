#include <algorithm>
#include <array>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using Function = model::AggregateFunction;

constexpr std::array<std::string_view, 5> function_words{"count", "sum", "mean", "median", "share"};

std::string_view word_of(Function function) { return function_words[static_cast<std::size_t>(function)]; }

/// `created deals`, `closed deals`, `deals`, contacts of the deal, people.
void check_subjects(Context& context, const Scope& scope, const ast::Population& written, model::Aggregate& aggregate) {
  const ast::Name of = written.of.value_or(ast::Name{});
  const ast::Name state = written.state.value_or(ast::Name{});
  aggregate.population = model::PopulationKind::deals;
  if (of.text == "contact") {
    aggregate.population = model::PopulationKind::contacts;
    if (is_there(scope, model::OwnerKind::deal)) return;
    context.sink.report(of.span, diag::NotCounted, of.text, "here")
        .hint("contacts are those of a deal: a rule or a measure about deals counts them");
  } else if (of.text == "person") {
    aggregate.population = model::PopulationKind::people;
    if (scope.about != About::deal && scope.about != About::contact) return;
    context.sink.report(of.span, diag::NotCounted, of.text, "of a deal")
        .hint("people are counted for a team or the company");
  } else if (of.text != "deals") {
    context.sink.report(of.span, diag::NotCounted, of.text, "anywhere")
        .hint("events are counted, deals, contacts and people");
  } else if (state.text == "closed" || state.text == "open") {
    aggregate.deals_in = state.text == "open" ? model::DealState::open : model::DealState::closed;
    if (state.text == "closed") aggregate.event = closing(context, state.span);
  } else if (state.written()) {
    aggregate.event = event_named(context, {}, state);
  }
}

void check_population(Context& context, const Scope& scope, const ast::Population& written,
                      model::Aggregate& aggregate) {
  if (!written.event) {
    if (written.of) check_subjects(context, scope, written, aggregate);
    return;
  }
  aggregate.event = check_event(context, scope, written.event);
}

bool is_population_broken(const Context& context, const model::Aggregate& aggregate) {
  return aggregate.event && context.book.events[aggregate.event].kind == model::EventKind::error;
}

Scope inside(const Scope& scope, const model::Aggregate& aggregate) {
  Scope inner = scope;
  const bool contacts = aggregate.population == model::PopulationKind::contacts;
  const bool people = aggregate.population == model::PopulationKind::people;
  inner.about = contacts ? About::contact : people ? About::person : About::deal;
  inner.calculates = false;
  if (!people) inner.shape.reset(), inner.every.reset();  // what is counted may be judged for any period
  inner.candidate = aggregate.population == model::PopulationKind::events ? aggregate.event : EventId();
  return inner;
}

/// What sum, mean and median add up. Missing: none, reported, or not asked for.
ExprId check_summand(Context& context, const Scope& inner, const ast::Name& name, Function function) {
  const ExprId field = field_named(context, inner, name);
  if (!field) {
    report_no_value(context, inner, name);
    return broken(context, name.span);
  }
  const model::Expr& expr = context.book.exprs[field];
  if (expr.type.kind == TypeKind::error || report_note(context, field)) return broken(context, name.span);
  const bool adds_up = function != Function::sum || expr.type.kind != TypeKind::percent;
  if (is_quantity(expr.type.kind) && adds_up) return field;
  context.sink.report(name.span, diag::NotAQuantity, expr.words, described(expr.type), word_of(function))
      .hint("{}", function == Function::sum ? "money, counts and numbers add up; percentages have a mean"
                                            : "money, percentages, counts and numbers have one");
  return broken(context, name.span);
}

/// A mean over periods has parts.
model::Type mean_of(model::Type type) { return type.kind == TypeKind::count ? type_of(TypeKind::number) : type; }

model::Type result_of(const Context& context, const model::Aggregate& aggregate) {
  if (aggregate.function == Function::share) return type_of(TypeKind::percent);
  model::Type type = type_of(TypeKind::count);
  if (aggregate.span_from) {
    type = type_of(TypeKind::duration);
    type.unit = aggregate.span_unit;
  } else if (aggregate.function != Function::count) {
    type = aggregate.value ? type_of(context, aggregate.value) : type_of(TypeKind::error);
    if (aggregate.function != Function::sum) type = mean_of(type);
  }
  return aggregate.per ? mean_of(type) : type;
}

bool is_lost(const Context& context, EventId event) {
  return event && context.book.events[event].kind == model::EventKind::error;
}

/// `followed by E within D`, `median days from E to E`, `at won`. Whether all of it is understood.
bool check_events(Context& context, const Scope& scope, const ast::Aggregate& node, model::Aggregate& aggregate) {
  if (node.followed_by) aggregate.followed_by = check_event(context, scope, node.followed_by);
  aggregate.followed_within = check_duration(context, node.followed_within);
  if (node.span_from) aggregate.span_from = check_event(context, scope, node.span_from);
  if (node.span_to) aggregate.span_to = check_event(context, scope, node.span_to);
  if (node.span_in) {
    aggregate.span_unit = *node.span_in;
    if (*node.span_in == time::Unit::business_days || *node.span_in == time::Unit::working_hours)
      check_business_days(context, node.tails.span);
  }
  if (node.read_at) aggregate.read_at = event_named(context, {}, *node.read_at);
  return !is_lost(context, aggregate.followed_by) && !is_lost(context, aggregate.span_from) &&
         !is_lost(context, aggregate.span_to);
}

/// `per quarter` is a mean, and wants to know over which quarters.
bool report_no_periods(Context& context, const ast::Aggregate& node, Span span) {
  if (!node.per || node.tails.last_periods) return false;
  const std::string said = words(context, span);
  context.sink.report(span, diag::PerWithoutPeriods, said)
      .hint("say how far back: `{} over last 4 {}s`", said, time::to_text(*node.per));
  return true;
}

/// `M per quarter`: the mean of a measure.
ExprId check_rate(Context& context, const Scope& scope, const ast::Aggregate& node, Span span) {
  const ExprId value = value_named(context, scope, *node.field);
  if (!value) report_no_value(context, scope, *node.field);
  if (!value || is_broken(context, value)) return broken(context, span);
  const model::Expr& of = context.book.exprs[value];
  const bool counted = of.op == model::Op::measure && is_quantity(of.type.kind);
  if (!counted) {
    context.sink.report(node.field->span, diag::NotAQuantity, of.words, described(of.type), "mean over periods")
        .hint("a `measure` has one: give what is counted a name");
    return broken(context, span);
  }
  if (report_no_periods(context, node, span)) return broken(context, span);
  model::Aggregate aggregate;
  aggregate.function = Function::mean;
  aggregate.value = value;
  aggregate.per = node.per;
  check_period(context, *node.per, span);
  aggregate.tails = check_tails(context, scope, node.tails);
  model::Expr expr = make(context, model::Op::aggregate, result_of(context, aggregate), span);
  expr.aggregate = std::move(aggregate);
  return add(context, std::move(expr));
}

/// Reports tails that what is counted has no use for.
bool report_tails(Context& context, const ast::Aggregate& node, const model::Aggregate& aggregate) {
  if (!node.tails.source || aggregate.population == model::PopulationKind::events) return false;
  const std::string_view of = aggregate.population == model::PopulationKind::people     ? "person"
                              : aggregate.population == model::PopulationKind::contacts ? "contact"
                                                                                        : "deals";
  context.sink.report(node.tails.source->span, diag::MisplacedClause, fmt::format("from {}", node.tails.source->text), of)
      .hint("a fact has a source: a field that is known, an event");
  return true;
}

bool report_no_part(Context& context, const ast::Aggregate& node, Span span) {
  if (node.function != ast::AggregateFunction::share || node.where || node.followed_by) return false;
  context.sink.report(span, diag::ShareWithoutPart, words(context, span))
      .hint("say which: `{} where …`", words(context, span));
  return true;
}

void check_inner(Context& context, const Scope& scope, const ast::Aggregate& node, model::Aggregate& aggregate) {
  const Scope inner = inside(scope, aggregate);
  if (node.field && node.field->written())
    aggregate.value = check_summand(context, inner, *node.field, aggregate.function);
  aggregate.where = check_condition(context, inner, node.where);
}

}  // namespace

ExprId check_node(Context& context, const Scope& scope, const ast::Aggregate& node, Span span) {
  const bool counts = node.population.event || node.population.of;
  if (!counts && node.per && node.field) return check_rate(context, scope, node, span);
  model::Expr expr = make(context, model::Op::aggregate, {}, span);
  model::Aggregate aggregate;
  aggregate.function = static_cast<Function>(node.function);
  aggregate.by_actor = node.by_actor;
  const std::size_t errors = context.sink.errors();
  check_population(context, scope, node.population, aggregate);
  const bool counted = context.sink.errors() == errors;
  if (counted) check_inner(context, scope, node, aggregate);
  const bool whole = check_events(context, scope, node, aggregate);
  aggregate.per = node.per;
  if (node.per) check_period(context, *node.per, span);
  if (node.of) aggregate.of = node.of->text;
  aggregate.tails = check_tails(context, scope, node.tails);
  if (!counted || !whole || is_population_broken(context, aggregate) || report_no_part(context, node, span) ||
      report_no_periods(context, node, span) || report_tails(context, node, aggregate)) {
    return broken(context, span);
  }
  expr.type = result_of(context, aggregate);
  if (expr.type.kind == TypeKind::error) return broken(context, span);
  expr.aggregate = std::move(aggregate);
  return add(context, std::move(expr));
}

ExprId sum_of(Context& context, const Scope& scope, const ast::Name& field, EventId event, Span span) {
  model::Aggregate aggregate;
  aggregate.function = Function::sum;
  aggregate.event = event;
  if (is_population_broken(context, aggregate)) return broken(context, span);
  aggregate.value = check_summand(context, inside(scope, aggregate), field, Function::sum);
  model::Expr expr = make(context, model::Op::aggregate, result_of(context, aggregate), span);
  if (expr.type.kind == TypeKind::error) return broken(context, span);
  expr.aggregate = std::move(aggregate);
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope& scope, const ast::TimeSince& node, Span span) {
  model::Expr expr = make(context, model::Op::time_since, type_of(TypeKind::duration), span);
  expr.type.unit = time::Unit::hours;
  expr.event = check_event(context, scope, node.event);
  return context.book.events[expr.event].kind == model::EventKind::error ? broken(context, span)
                                                                         : add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope& scope, const ast::TotalTimeIn& node, Span span) {
  model::Expr expr = make(context, model::Op::total_time_in, type_of(TypeKind::duration), span);
  expr.type.unit = time::Unit::hours;
  expr.stage = stage_named(context, scope, node.stage);
  return expr.stage ? add(context, std::move(expr)) : broken(context, span);
}

}  // namespace plumb::check
