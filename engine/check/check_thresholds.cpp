#include <algorithm>
#include <variant>

#include "check/expr.h"
#include "check/walk.h"

namespace plumb::check {

namespace {

std::string adjusted_words(const Context& context, const ast::Rule& written) {
  return words(context, written.adjusted->span);
}

/// Reports `adjusted for ramp` where no plan says how somebody new starts.
void report_no_ramp(Context& context, const ast::AdjustedFor& written) {
  const auto has_ramp = [](const ast::Declaration& one) {
    const auto* plan = std::get_if<ast::Plan>(&one);
    return plan && plan->ramp;
  };
  if (std::ranges::any_of(context.file.declarations, has_ramp) || from_elsewhere(context, {})) return;
  for (const ast::Adjustment& line : written.adjustments) {
    if (line.name.text != "ramp") continue;
    context.sink.report(line.name.span, diag::NoRamp, "adjusted for ramp", "no plan has one")
        .hint("a plan says how somebody new starts: `ramp 0%, 25%, 50%, 100% by month`");
  }
}

/// Reports adjustments where nobody's working time is asked for, and of what is adjusted already.
void check_adjustment(Context& context, const ast::Rule& written, const model::Rule& rule) {
  if (!written.adjusted) return;
  const Span span = written.adjusted->span;
  if (rule.subject.kind == model::SubjectKind::deal) {
    context.sink.report(span, diag::MisplacedClause, adjusted_words(context, written), "for each deal")
        .hint("a deal has no holidays and no leave; what is asked of a person is adjusted");
    return;
  }
  if (rule.shape != model::Shape::every) {
    context.sink.report(span, diag::MisplacedClause, adjusted_words(context, written), model::to_text(rule.shape))
        .hint("a threshold is adjusted for the working days of a period: `every week`")
        .hint("whoever is away is asked nothing `while not person is on leave`");
    return;
  }
  report_no_ramp(context, *written.adjusted);
  Span quota;
  Walk(context.book, [&](const model::Expr& expr) {
    if (expr.op == model::Op::quota && !quota.known()) quota = expr.span;
  }).expr(rule.expect);
  if (!quota.known()) return;
  context.sink.report(span, diag::AdjustedTwice, words(context, quota))
      .label(quota, "it comes from the plan as it was adjusted there")
      .hint("leave the clause out here; the plan says what it is `adjusted for`");
}

/// Reports the second currency that a rule names: the rate of a day decides what it asks.
void check_currencies(Context& context, const model::Rule& rule) {
  Span first, second;
  std::string currency, other;
  Walk(context.book, [&](const model::Expr& expr) {
    if (expr.op != model::Op::money || second.known()) return;
    if (currency.empty()) {
      currency = expr.text, first = expr.span;
    } else if (expr.text != currency) {
      other = expr.text, second = expr.span;
    }
  }).rule(rule);
  if (!second.known()) return;
  context.sink.report(second, diag::SeveralCurrencies, rule.name, currency, other)
      .label(first, "the other is here")
      .hint("the rate of each day decides what it asks; in one currency it asks the same every day");
}

}  // namespace

void check_thresholds(Context& context, const ast::Rule& written, const model::Rule& rule) {
  check_adjustment(context, written, rule);
  check_currencies(context, rule);
  for (const auto* duration : {&written.within, &written.at_least_ahead, &written.lapse_at_most}) {
    if (!*duration) continue;
    note_month_end(context, *duration);
    return;
  }
}

void note_month_end(Context& context, const ast::DurationLit& written) {
  const time::Unit unit = written.duration.unit;
  const bool years = unit == time::Unit::years;
  if (unit != time::Unit::months && unit != time::Unit::quarters && !years) return;
  if (years && written.duration.count > 100) return;  // it was reported as too long
  Diagnostic& diagnostic = context.sink.report(written.span, diag::MonthEnd, words(context, written.span));
  if (years) {
    diagnostic.hint("from 29 February a year ends on 28 February; `365 days` are always as long");
  } else {
    diagnostic.hint("from 31 January a month ends on the last day of February; `30 days` are always as long");
  }
}

void note_month_end(Context& context, const std::optional<ast::DurationLit>& written) {
  if (written) note_month_end(context, *written);
}

}  // namespace plumb::check
