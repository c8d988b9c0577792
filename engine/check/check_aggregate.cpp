#include <algorithm>
#include <array>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using Function = model::AggregateFunction;

constexpr std::array<std::string_view, 5> function_words{"count", "sum", "mean", "median", "share"};

std::string_view word_of(Function function) { return function_words[static_cast<std::size_t>(function)]; }

/// `created deals`, `closed deals`. What else may be counted, and is not evaluated yet: contacts, people, all deals.
void check_subjects(Context& context, const ast::Population& written, model::Aggregate& aggregate) {
  aggregate.population = model::PopulationKind::deals;
  const ast::Name of = written.of.value_or(ast::Name{});
  const ast::Name state = written.state.value_or(ast::Name{});
  if (of.text != "deals" || !state.written()) {
    context.not_evaluated = true;
  } else if (state.text == "closed" || state.text == "open") {
    aggregate.deals_in = state.text == "open" ? model::DealState::open : model::DealState::closed;
  } else {
    aggregate.event = event_named(context, {}, state);
  }
}

void check_population(Context& context, const Scope& scope, const ast::Population& written,
                      model::Aggregate& aggregate) {
  if (!written.event) return check_subjects(context, written, aggregate);
  aggregate.event = check_event(context, scope, written.event);
}

bool is_population_broken(const Context& context, const model::Aggregate& aggregate) {
  return aggregate.event && context.book.events[aggregate.event].kind == model::EventKind::error;
}

/// What is counted in contacts and people has fields that this version does not resolve.
bool is_foreign(const model::Aggregate& aggregate) {
  return aggregate.population == model::PopulationKind::deals && !aggregate.event && !aggregate.deals_in;
}

Scope inside(const Scope& scope, const model::Aggregate& aggregate) {
  Scope inner = scope;
  inner.about = About::deal;
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

model::Type result_of(const Context& context, const model::Aggregate& aggregate) {
  if (aggregate.function == Function::count) return type_of(TypeKind::count);
  if (aggregate.function == Function::share) return type_of(TypeKind::percent);
  return aggregate.value ? type_of(context, aggregate.value) : type_of(TypeKind::error);
}

/// The parts that this version reads and does not evaluate.
void check_later_parts(Context& context, const Scope& scope, const ast::Aggregate& node) {
  for (const ast::EventId event : {node.followed_by, node.span_from, node.span_to}) {
    if (!event) continue;
    check_event(context, scope, event);
    context.not_evaluated = true;
  }
  check_duration(context, node.followed_within);
  if (node.span_in && (*node.span_in == time::Unit::business_days || *node.span_in == time::Unit::working_hours)) {
    check_business_days(context, node.tails.span);
  }
  if (node.per || node.read_at) context.not_evaluated = true;
}

/// `M per quarter`: a measure, and nothing that is counted.
void check_rate(Context& context, const Scope& scope, const ast::Aggregate& node) {
  const bool counts = node.population.event || node.population.of;
  if (counts || !node.field || value_named(context, scope, *node.field)) return;
  report_no_value(context, scope, *node.field);
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

/// `over last 4 deals`, `over last 4 open deals`: no event makes them the latest.
bool names_deals(const Context& context, ast::EventId id) {
  const auto* named = std::get_if<ast::NamedEvent>(&context.file.events[id].is);
  return named && (named->name.text == "deals" || named->name.text == "open" || named->name.text == "closed");
}

}  // namespace

ExprId check_node(Context& context, const Scope& scope, const ast::Aggregate& node, Span span) {
  model::Expr expr = make(context, model::Op::aggregate, {}, span);
  model::Aggregate aggregate;
  aggregate.function = static_cast<Function>(node.function);
  aggregate.by_actor = node.by_actor;
  check_population(context, scope, node.population, aggregate);
  if (!is_foreign(aggregate)) check_inner(context, scope, node, aggregate);
  check_rate(context, scope, node);
  check_later_parts(context, scope, node);
  if (node.of) aggregate.of = node.of->text;
  aggregate.tails = check_tails(context, scope, node.tails);
  if (report_no_part(context, node, span) || is_population_broken(context, aggregate)) return broken(context, span);
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

ExprId check_node(Context& context, const Scope& scope, const ast::QuotaFor& node, Span span) {
  const bool named = context.names.measures.contains(node.measure.text) || is_event(context, node.measure.text) ||
                     context.names.others.contains(node.measure.text);
  if (!named) report_no_value(context, scope, node.measure);
  return not_evaluated(context, TypeKind::count, span);
}

model::Tails check_tails(Context& context, const Scope& scope, const ast::Tails& written) {
  static constexpr std::array<std::string_view, 5> sources{"", "claim", "third_party", "buyer", "system"};
  model::Tails tails;
  tails.or_better = written.or_better;
  if (written.source && written.source->written()) {
    const auto found = std::ranges::find(sources, written.source->text);
    tails.source = static_cast<model::SourceRank>(found == sources.end() ? 0 : found - sources.begin());
    if (found == sources.end()) {
      Diagnostic& diagnostic = context.sink.report(written.source->span, diag::UnknownSource, written.source->text);
      suggest_nearest(diagnostic, *written.source, {"claim", "third_party", "buyer", "system"});
      diagnostic.hint("from the least trusted to the most: `claim`, `third_party`, `buyer`, `system`");
    }
  }
  if (written.since) tails.since = check_event(context, scope, written.since);
  tails.in = check_duration(context, written.in);
  if (written.last) check_not_zero(context, *written.last, written.span);
  if (written.last_of && names_deals(context, written.last_of)) {
    context.not_evaluated = true;
  } else if (written.last_of) {
    tails.last_of = check_event(context, scope, written.last_of);
  }
  if (written.last_periods) {
    check_period(context, *written.last_periods, written.span);
    tails.last_period = *written.last_periods;
    tails.last_periods = written.last.value_or(0);
  } else {
    tails.last = written.last.value_or(0);
  }
  return tails;
}

}  // namespace plumb::check
