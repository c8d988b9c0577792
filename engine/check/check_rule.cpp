#include <algorithm>
#include <array>
#include <variant>

#include "check/shape.h"

namespace plumb::check {

namespace {

using model::SubjectKind;

// The two sides list the same words in the same order, so that one is cast to the other.
static_assert(static_cast<int>(ast::Shape::throughout) == static_cast<int>(model::Shape::throughout));
static_assert(static_cast<int>(ast::Strength::trial) == static_cast<int>(model::Strength::trial));
static_assert(static_cast<int>(ast::SubjectKind::company) == static_cast<int>(SubjectKind::company));
static_assert(static_cast<int>(ast::Comparison::not_after) == static_cast<int>(model::Comparison::not_after));
static_assert(static_cast<int>(ast::DealState::lost) == static_cast<int>(model::DealState::lost));
static_assert(static_cast<int>(ast::AggregateFunction::share) == static_cast<int>(model::AggregateFunction::share));
static_assert(static_cast<int>(ast::Operator::divided_by) == static_cast<int>(model::Arithmetic::divided_by));

model::Right right_of(const std::optional<ast::Name>& right) {
  if (!right || !right->written()) return model::Right::none;
  if (right->text == "thing") return model::Right::thing;
  return right->text == "way" ? model::Right::way : model::Right::time;
}

/// Whose rule it is. Missing: nullopt where nobody knows.
std::optional<model::Subject> subject_of(Context& context, const ast::Rule& written, Scope& scope) {
  if (written.subject) return check_subject(context, *written.subject, scope);
  if (!was_reported_in(context, written.span)) {
    context.sink.report(written.name.span, diag::MissingSubject, written.name.text)
        .hint("`for each deal`, `for each person`, `for each team` or `for the company`");
  }
  return std::nullopt;
}

std::string subject_words(const Context& context, const ast::Subject& written) {
  static constexpr std::array<std::string_view, 4> names{"each deal", "each person", "each team", "the company"};
  std::string result(names[static_cast<std::size_t>(written.kind)]);
  if (written.process) result += fmt::format(" of {}", spelled(written.process->text));
  if (written.stage)
    result += fmt::format(" in {}{}", spelled(written.stage->text), written.or_later ? " or later" : "");
  if (written.where) result += fmt::format(" where {}", words(context, written.where));
  return result;
}

bool check_opening(Context& context, const ast::Rule& written, Scope& scope, model::Rule& rule) {
  if (!written.shape) {
    if (!was_reported_in(context, written.span)) {
      context.sink.report(written.name.span, diag::MissingShape, written.name.text)
          .hint("`after`, `before` or `at` an event, `while` a condition holds, `every` period, or `throughout`");
    }
    return false;
  }
  const ast::ShapeClause& shape = *written.shape;
  rule.shape = static_cast<model::Shape>(shape.shape);
  scope.shape = rule.shape;
  scope.every = shape.period;
  if (shape.event) scope.trigger = rule.trigger = check_event(context, scope, shape.event);
  rule.while_condition = check_condition(context, scope, shape.condition);
  rule.period = shape.period;
  if (shape.period) check_period(context, *shape.period, shape.span);
  rule.point = check_point(context, shape);
  return true;
}

/// Reports a lone name of a field or measure, which the reader took for an event.
bool report_lone_value(Context& context, const Scope& scope, ast::EventId id) {
  const auto* named = std::get_if<ast::NamedEvent>(&context.file.events[id].is);
  if (!named || is_event(context, named->name.text)) return false;
  const ExprId value = value_named(context, scope, named->name);
  if (!value) return false;
  if (!is_broken(context, value) && !report_note(context, value)) report_not_a_condition(context, value);
  return true;
}

bool check_expectation(Context& context, const ast::Rule& written, const Scope& scope, model::Rule& rule) {
  if (written.expect_event) {
    if (report_lone_value(context, scope, written.expect_event)) return false;
    rule.expect_event = check_event(context, scope, written.expect_event);
  } else if (written.expect) {
    rule.expect = check_condition(context, scope, written.expect);
  } else {
    if (!was_reported_in(context, written.span)) {
      context.sink.report(written.name.span, diag::MissingExpect, written.name.text)
          .hint("say what: `expect close_date is known`");
    }
    return false;
  }
  return true;
}

// How many days or months a period always has. Missing: none, for a term.
struct Length {
  bool of_months = false;
  std::int64_t count = 0;
};
std::optional<Length> length_of(time::Period period) {
  switch (period) {
    case time::Period::day: return Length{false, 1};
    case time::Period::week: return Length{false, 7};
    case time::Period::month: return Length{true, 1};
    case time::Period::quarter: return Length{true, 3};
    case time::Period::half: return Length{true, 6};
    case time::Period::year: return Length{true, 12};
    case time::Period::term: return std::nullopt;
  }
  return std::nullopt;
}

// How many of the periods that something is asked every, the ones it is averaged over are. Missing: none, reported.
std::optional<std::int64_t> averaged_periods(Context& context, const ast::AveragedOver& over, time::Period every) {
  if (over.period == every) return over.count;
  const std::optional<Length> whole = length_of(over.period), part = length_of(every);
  if (whole && part && whole->of_months == part->of_months && whole->count % part->count == 0) {
    return over.count * (whole->count / part->count);
  }
  const std::string one = every == time::Period::half ? "half year" : std::string(time::to_text(every));
  context.sink.report(over.span, diag::AveragedPeriods, words(context, over.span), one)
      .hint("what is asked every {} is averaged over so many {}s: `averaged over 4 {}s`", one, one, one);
  return std::nullopt;
}

void check_averaged(Context& context, const ast::AveragedOver& over, model::Rule& rule) {
  check_not_zero(context, over.count, over.span);
  check_period(context, over.period, over.span);
  // Where nothing comes every period the clause is out of place, and reported there.
  if (!rule.period) return;
  if (const auto count = averaged_periods(context, over, *rule.period)) rule.averaged_over = {*count, *rule.period};
}

void check_clauses(Context& context, const ast::Rule& written, const Scope& scope, model::Rule& rule) {
  rule.within = check_duration(context, written.within);
  rule.ahead = check_duration(context, written.at_least_ahead);
  rule.lapse = check_duration(context, written.lapse_at_most);
  for (const ast::GivenAtLeast& given : written.given) rule.given.push_back(check_given(context, scope, given));
  if (written.averaged_over) check_averaged(context, *written.averaged_over, rule);
  rule.even_when_closed = written.even_when_closed;
  rule.each_its_own = written.each_its_own;
  if (written.owed_by) rule.owed_by = check_debtor(context, scope.about, *written.owed_by);
  rule.responses = check_responses(context, written.responses);
  check_text(context, scope, written.title);
  check_text(context, scope, written.because);
  for (const ast::Response& response : written.responses) check_text(context, scope, response.text);
  rule.adjusted_for = check_adjusted(context, written.adjusted);
  if (written.late_counts_as && written.late_counts_as->written()) {
    const bool kept = written.late_counts_as->text == "kept";
    rule.late_counts_as = kept ? model::VerdictWord::kept : model::VerdictWord::missed;
  }
  rule.basis = check_basis(context, written.basis);
}

model::Rule rule_from(const Context& context, const ast::Rule& written) {
  model::Rule rule;
  rule.name = written.name.text;
  rule.title = written.title ? written.title->text : "";
  rule.strength = static_cast<model::Strength>(written.strength);
  rule.right = right_of(written.right);
  rule.because = written.because ? written.because->text : "";
  rule.header = header_from(written.header);
  rule.effective_from = written.header.effective_from;
  rule.governed_by = governing(context.file, context.texts, written);
  rule.span = written.name.span;
  return rule;
}

}  // namespace

void check_rule(Context& context, const ast::Rule& written) {
  model::Rule rule = rule_from(context, written);
  Scope scope;
  const auto subject = subject_of(context, written, scope);
  if (subject) rule.subject = *subject;
  const bool opens = check_opening(context, written, scope, rule);
  const bool expects = check_expectation(context, written, scope, rule);
  check_clauses(context, written, scope, rule);
  if (opens && subject) check_shape(context, written, rule);
  if (!subject || !opens || !expects) return;
  check_thresholds(context, written, rule);
  rule.sentence = sentence_of(context.book, rule, subject_words(context, *written.subject));
  context.book.rules.push_back(std::move(rule));
}

}  // namespace plumb::check
