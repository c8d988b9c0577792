#include <algorithm>
#include <array>
#include <variant>

#include "check/shape.h"

namespace plumb::check {

namespace {

using model::EventKind;
using model::SubjectKind;

std::string text_or_empty(const std::optional<ast::Text>& text) { return text ? text->text : std::string(); }

void report_lacking(Context& context, const ast::Plan& written, std::string_view what, std::string_view clause) {
  // What the reader could not read may have been just that.
  if (was_reported_in(context, written.span)) return;
  context.sink.report(written.name.span, diag::PlanLacks, written.name.text, what).hint("say it: `{}`", clause);
}

// ---- the target -----------------------------------------------------------------------------------------------------

/// The event that a plan's target counts. Missing: an error for deals that no event puts where they are.
EventId target_event(Context& context, const Scope& scope, const ast::PlanTarget& target) {
  const ast::Population& of = target.population;
  if (of.event) return check_event(context, scope, of.event);
  const std::string state = of.state ? of.state->text : "created";
  const bool deals = of.of && of.of->text == "deals";
  const Span span = of.state ? of.state->span : of.of ? of.of->span : target.span;
  if (deals && (state == "won" || state == "lost" || state == "created"))
    return event_named(context, scope, {state, span});
  context.sink.report(span, diag::PlanPopulation, words(context, target.span))
      .hint("`won deals`, `created deals`, or an event: what happens on a day can be worked back from");
  return broken_event(context, span);
}

/// What one deal brings: `amount`, or the only money that is known of a deal. Missing: not written, reported.
ast::Name amount_name(Context& context, const ast::PlanTarget& target) {
  std::vector<std::string> money;
  for (const auto& [name, id] : fields_of(context, model::OwnerKind::deal)) {
    if (context.book.fields[id].type.kind == TypeKind::money) money.push_back(name);
  }
  const bool amount = std::ranges::find(money, "amount") != money.end();
  if (amount || money.size() == 1) return {amount ? "amount" : money.front(), target.span};
  if (from_elsewhere(context, {})) return {};
  Diagnostic& diagnostic = context.sink.report(target.span, diag::PlanAmount, words(context, target.span));
  if (money.empty()) {
    diagnostic.hint("declare what a deal brings: `fields deal {{ amount money }}`");
  } else {
    diagnostic.hint("deals have {}; the one that counts is called `amount`", listed(money));
  }
  return {};
}

ExprId achieved(Context& context, const Scope& scope, const ast::PlanTarget& target, bool money) {
  ast::Aggregate counted;
  counted.population = target.population;
  counted.where = target.where;
  if (money) {
    if (target.population.event) {
      context.sink.report(target.span, diag::PlanPopulation, words(context, target.span))
          .hint("money comes of deals: `of won deals`");
      return broken(context, target.span);
    }
    counted.function = ast::AggregateFunction::sum;
    counted.field = amount_name(context, target);
    if (!counted.field->written()) return broken(context, target.span);
  }
  return check_node(context, scope, counted, target.span);
}

/// What the plan counts. Missing: none where the target is missing or broken.
EventId check_target(Context& context, const Scope& scope, const ast::Plan& written, model::Plan& plan) {
  if (!written.target) {
    report_lacking(context, written, "what it aims at", "target 240,000 USD of won deals");
    return {};
  }
  plan.target = check_value(context, scope, written.target->value);
  const model::Expr& target = context.book.exprs[plan.target];
  if (target.type.kind == TypeKind::error) return {};
  const bool money = target.type.kind == TypeKind::money;
  if (!money && target.type.kind != TypeKind::count) {
    context.sink.report(target.span, diag::PlanTarget, target.words, described(target.type))
        .hint("a plan works back from money, `240,000 USD`, or from a count, `12`");
    return {};
  }
  const EventId event = target_event(context, scope, *written.target);
  if (context.book.events[event].kind == EventKind::error) return {};
  plan.achieved = achieved(context, scope, *written.target, money);
  return event;
}

// ---- for whom -------------------------------------------------------------------------------------------------------

void check_for(Context& context, const ast::Plan& written, Scope& scope, model::Plan& plan) {
  scope.about = About::person;
  plan.subject.kind = SubjectKind::person;
  if (!written.period || !written.subject) {
    report_lacking(context, written, "for whom and how often", "every quarter for each person");
    return;
  }
  plan.period = *written.period;
  check_period(context, *written.period, written.subject->span);
  const auto subject = check_subject(context, *written.subject, scope);
  if (!subject) return;
  plan.subject = *subject;
  if (subject->kind != SubjectKind::deal) return;
  context.sink.report(written.subject->span, diag::PlanSubject, words(context, written.subject->span))
      .hint("`for each person`, `for each team` or `for the company`");
}

// ---- what a deal is worth, and the rates ----------------------------------------------------------------------------

/// How wide what is measured is; values always decide.
constexpr int values_decide = 3;

int width_of(const ast::Fallback& fallback) {
  if (!fallback.of) return values_decide;
  return fallback.of->text == "team" ? 1 : fallback.of->text == "company" ? 2 : 0;
}

std::string fallback_words(const Context& context, const ast::Fallback& fallback) {
  const std::string said = words(context, fallback.span);
  return said.starts_with(", ") ? said.substr(2) : said;
}

void check_order(Context& context, const std::vector<ast::Fallback>& written, const model::Plan& plan) {
  int width = plan.subject.kind == SubjectKind::company ? 2 : plan.subject.kind == SubjectKind::team ? 1 : 0;
  std::string before = width == 2 ? "for the company" : "for each team";
  for (const ast::Fallback& fallback : written) {
    const int next = width_of(fallback);
    if (next == 0) {
      if (!fallback.of->written()) continue;
      Diagnostic& diagnostic = context.sink.report(fallback.of->span, diag::UnknownFallback, fallback.of->text);
      suggest_nearest(diagnostic, *fallback.of, {"team", "company"});
      diagnostic.hint("`else of team`, `else of company`, or values");
      continue;
    }
    if (next <= width) {
      context.sink.report(fallback.span, diag::FallbackOrder, fallback_words(context, fallback), before)
          .hint("each falls back on something wider: `else of team`, then `else of company`, then values");
      continue;
    }
    width = next;
    before = fallback_words(context, fallback);
  }
}

std::vector<model::Fallback> fallbacks_from(Context& context, const Scope& scope,
                                            const std::vector<ast::Fallback>& written) {
  std::vector<model::Fallback> result;
  for (const ast::Fallback& line : written) {
    model::Fallback fallback;
    if (line.of) fallback.of = line.of->text;
    for (const ast::ExprId value : line.values) fallback.values.push_back(check_value(context, scope, value));
    result.push_back(std::move(fallback));
  }
  return result;
}

void report_no_money(Context& context, ExprId id) {
  const model::Expr& expr = context.book.exprs[id];
  if (expr.type.kind == TypeKind::error || expr.type.kind == TypeKind::money) return;
  context.sink.report(expr.span, diag::WorthNotMoney, expr.words, described(expr.type))
      .hint("say it in money: `mean amount of won deals over last 4 quarters`, `20,000 USD`");
}

void check_worth(Context& context, const Scope& scope, const ast::Plan& written, model::Plan& plan) {
  const TypeKind target = plan.target ? type_of(context, plan.target).kind : TypeKind::error;
  if (!written.worth) {
    if (target == TypeKind::money)
      report_lacking(context, written, "what a deal is worth", "a deal is worth mean amount of won deals");
    return;
  }
  if (target == TypeKind::count) {
    context.sink
        .report(written.worth->span, diag::MisplacedClause, "a deal is worth", words(context, written.target->span))
        .hint("only an amount of money is turned into deals; a count is one already");
  }
  plan.worth = check_value(context, scope, written.worth->value);
  report_no_money(context, plan.worth);
  if (written.worth->given) plan.worth_given = check_given(context, scope, *written.worth->given);
  plan.worth_else = fallbacks_from(context, scope, written.worth->fallbacks);
  check_order(context, written.worth->fallbacks, plan);
  for (const model::Fallback& fallback : plan.worth_else) {
    for (const ExprId value : fallback.values) report_no_money(context, value);
  }
  for (const ast::Fallback& fallback : written.worth->fallbacks) {
    if (fallback.values.size() > 1)
      context.sink.report(fallback.span, diag::FallbackCount, fallback.values.size(), "the words `a deal is worth`", 1)
          .hint("keep one of them");
  }
}

/// Reports what is no percentage between nothing and all.
void check_fraction(Context& context, ExprId id, std::string_view as, bool may_be_nothing) {
  const model::Expr& expr = context.book.exprs[id];
  if (expr.type.kind == TypeKind::error) return;
  const std::int64_t value = expr.decimal.millionths;
  const bool fits = expr.op == model::Op::percent && value <= Decimal::scale && (value > 0 || may_be_nothing);
  if (fits) return;
  context.sink.report(expr.span, diag::NotARate, expr.words, as)
      .hint("a percentage, {} and at most 100%", may_be_nothing ? "0% or more" : "more than 0%");
}

void check_rates(Context& context, const Scope& scope, const ast::Plan& written, model::Plan& plan) {
  if (!written.rates) return report_lacking(context, written, "its rates", "rates over last 4 quarters");
  const ast::Rates& rates = *written.rates;
  plan.rates_over = rates.count;
  plan.rates_period = rates.period;
  check_not_zero(context, rates.count, rates.span);
  check_period(context, rates.period, rates.span);
  if (rates.given) plan.rates_given = check_given(context, scope, *rates.given);
  plan.rates_else = fallbacks_from(context, scope, rates.fallbacks);
  check_order(context, rates.fallbacks, plan);
  for (const model::Fallback& fallback : plan.rates_else) {
    for (const ExprId value : fallback.values) check_fraction(context, value, "rate", false);
  }
  if (written.work_back.size() < 2) return;
  const std::size_t wanted = written.work_back.size() - 1;
  for (const ast::Fallback& fallback : rates.fallbacks) {
    if (fallback.of || fallback.values.size() == wanted) continue;
    context.sink
        .report(fallback.span, diag::FallbackCount, fallback.values.size(),
                fmt::format("the rates between {} steps", wanted + 1), wanted)
        .hint("the first is the rate from `{}` to `{}`", written.work_back[1].text, written.work_back[0].text);
  }
}

// ---- the steps ------------------------------------------------------------------------------------------------------

EventId report_no_step(Context& context, const ast::Name& name) {
  std::vector<std::string> candidates = event_names(context);
  for (std::string& stage : keys(context, context.names.stages)) candidates.push_back(std::move(stage));
  Diagnostic* diagnostic = unknown(context, name, candidates, diag::UnknownEvent, name.text);
  if (diagnostic && diagnostic->help.empty()) diagnostic->hint("a step is an event, or a stage that deals enter");
  return broken_event(context, name.span);
}

/// An event, or entering a stage. Missing: an error, reported.
EventId step_named(Context& context, const Scope& scope, const ast::Name& name) {
  if (is_event(context, name.text)) return event_named(context, scope, name);
  if (!context.names.stages.contains(name.text)) return report_no_step(context, name);
  const Id<model::Stage> stage = stage_named(context, scope, name);
  if (!stage) return broken_event(context, name.span);
  model::Event event;
  event.kind = EventKind::enters;
  event.stage = stage;
  event.words = fmt::format("enters {}", spelled(name.text));
  event.span = name.span;
  return context.book.events.add(std::move(event));
}

/// What narrows an event does not make it another step.
const model::Event& unfiltered(const Context& context, EventId id) {
  while (context.book.events[id].kind == EventKind::filtered && context.book.events[id].name.empty())
    id = context.book.events[id].parts.front();
  return context.book.events[id];
}

void check_first_step(Context& context, const ast::Plan& written, const model::Plan& plan, EventId target) {
  const model::Event& first = context.book.events[plan.steps.front()];
  if (!target || first.kind == EventKind::error) return;
  const model::Event& counted = unfiltered(context, target);
  if (event_words(context, plan.steps.front()) == (counted.name.empty() ? counted.words : counted.name)) return;
  context.sink
      .report(written.work_back.front().span, diag::PlanFirstStep, written.work_back.front().text, counted.words)
      .label(written.target->span, "the target is here")
      .hint("the way back begins at what the target counts: `work back from {} to …`", counted.words);
}

void check_steps(Context& context, const Scope& scope, const ast::Plan& written, EventId target, model::Plan& plan) {
  if (written.work_back.empty())
    return report_lacking(context, written, "what comes before", "work back from won to proposal to first_meeting");
  std::map<std::string, Span> seen;
  for (const ast::Name& name : written.work_back) {
    if (!name.written()) continue;
    const auto [first, is_new] = seen.try_emplace(name.text, name.span);
    if (!is_new) {
      report_duplicate(context, name, "a step", first->second);
      continue;
    }
    plan.steps.push_back(step_named(context, scope, name));
  }
  if (!plan.steps.empty()) check_first_step(context, written, plan, target);
}

// ---- time and people ------------------------------------------------------------------------------------------------

void check_ramp(Context& context, const Scope& scope, const ast::Plan& written, model::Plan& plan) {
  const bool adjusts = std::ranges::any_of(
      plan.adjusted_for, [](const model::Adjustment& line) { return line.by == model::Adjustment::For::ramp; });
  if (!written.ramp) {
    if (adjusts)
      context.sink.report(written.adjusted->span, diag::NoRamp, "ramp", "this plan has none")
          .hint("say how somebody new starts: `ramp 0%, 25%, 50%, 100% by month`");
    return;
  }
  plan.ramp_by = written.ramp->by;
  check_period(context, written.ramp->by, written.ramp->span);
  ExprId last;
  for (const ast::ExprId step : written.ramp->steps) {
    const ExprId value = check_value(context, scope, step);
    check_fraction(context, value, "part of a full quota", true);
    const model::Expr& expr = context.book.exprs[value];
    if (last && expr.decimal < context.book.exprs[last].decimal) {
      context.sink.report(expr.span, diag::RampFalls, context.book.exprs[last].words, expr.words)
          .hint("somebody new takes over more and more of a full quota");
    }
    last = value;
    plan.ramp.push_back(expr.decimal);
  }
  if (adjusts) return;
  context.sink.report(written.ramp->span, diag::ClauseWithoutEffect, "ramp")
      .hint("it counts where the plan is `adjusted for ramp`");
}

void check_plan(Context& context, const ast::Plan& written, Id<model::Plan> id) {
  model::Plan plan = context.book.plans[id];
  Scope scope;
  check_for(context, written, scope, plan);
  const EventId target = check_target(context, scope, written, plan);
  check_worth(context, scope, written, plan);
  check_steps(context, scope, written, target, plan);
  check_rates(context, scope, written, plan);
  plan.reached_within = check_duration(context, written.reached_within);
  if (written.lead_time) {
    plan.lead_time = static_cast<model::AggregateFunction>(written.lead_time->average);
    plan.lead_time_fixed = check_duration(context, written.lead_time->fixed);
  }
  plan.adjusted_for = check_adjusted(context, written.adjusted);
  check_ramp(context, scope, written, plan);
  plan.basis = check_basis(context, written.basis);
  context.book.plans[id] = std::move(plan);
}

}  // namespace

void declare_plans(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Plan>(&declaration);
    if (!written) continue;
    model::Plan plan;
    plan.name = written->name.text;
    plan.title = text_or_empty(written->title);
    plan.because = text_or_empty(written->because);
    plan.header = header_from(written->header);
    plan.span = written->name.span;
    const Id<model::Plan> id = context.book.plans.add(std::move(plan));
    if (!written->name.written()) continue;
    const auto [first, is_new] = context.names.plans.try_emplace(written->name.text, id);
    if (!is_new) report_duplicate(context, written->name, "a plan", context.book.plans[first->second].span);
  }
}

void check_plans(Context& context) {
  std::size_t row = 0;
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Plan>(&declaration);
    if (written) check_plan(context, *written, Id<model::Plan>(row++));
  }
}

std::optional<std::size_t> plan_step(const Context& context, Id<model::Plan> plan, const ast::Name& name) {
  const std::vector<EventId>& steps = context.book.plans[plan].steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const model::Event& step = context.book.events[steps[i]];
    const bool stage = step.kind == EventKind::enters && step.name.empty();
    const std::string& called = stage ? context.book.stages[step.stage].name : event_words(context, steps[i]);
    if (called == name.text) return i;
  }
  return std::nullopt;
}

}  // namespace plumb::check
