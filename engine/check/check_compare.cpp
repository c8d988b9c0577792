#include <algorithm>
#include <array>
#include <variant>

#include "check/expr.h"
#include "check/foreign.h"

namespace plumb::check {

namespace {

using model::Comparison;

bool is_equality(Comparison comparison) {
  return comparison == Comparison::is || comparison == Comparison::is_not || comparison == Comparison::is_one_of;
}

bool is_of_time(Comparison comparison) { return comparison >= Comparison::before; }

/// The choices of a field, and of those that share its name in other activities.
std::vector<std::string> choices_of(const Context& context, ExprId left) {
  std::vector<std::string> all = context.book.fields[type_of(context, left).choices].choices;
  for (const ExprId other : context.book.exprs[left].args) {
    if (type_of(context, other).kind != TypeKind::choice) continue;  // the person whose field it is
    for (const std::string& choice : context.book.fields[type_of(context, other).choices].choices) {
      if (std::ranges::find(all, choice) == all.end()) all.push_back(choice);
    }
  }
  return all;
}

ExprId report_no_choice(Context& context, ExprId left, const std::string& said, Span span) {
  if (context.lost.contains(said)) return broken(context, span);
  const std::vector<std::string> choices = choices_of(context, left);
  const Id<model::Field> field = type_of(context, left).choices;
  Diagnostic& diagnostic = context.sink.report(span, diag::UnknownChoice, said, context.book.exprs[left].words);
  suggest_nearest(diagnostic, {said, span}, choices);
  diagnostic.label(context.book.fields[field].span, "the choices are declared here");
  if (choices.size() <= 8)
    diagnostic.hint("{} {}", choices.size() == 1 ? "the only one is" : "they are", listed(choices));
  return broken(context, span);
}

ExprId check_choice(Context& context, ExprId left, ast::ExprId right) {
  const Span span = context.file.exprs[right].span;
  const ast::Name word = word_at(context, right);
  const Id<model::Field> field = type_of(context, left).choices;
  const std::vector<std::string>& choices = context.book.fields[field].choices;
  const auto found = std::ranges::find(choices, word.text);
  if (found != choices.end()) {
    model::Expr expr = make(context, model::Op::choice, type_of(context, left), span);
    expr.field = field;
    expr.choice = static_cast<std::uint32_t>(found - choices.begin());
    expr.text = word.text;
    return add(context, std::move(expr));
  }
  return report_no_choice(context, left, word.written() ? word.text : words(context, span), span);
}

/// Several activities may give an attribute choices of their own: any of their words will do.
ExprId check_choice_of_any(Context& context, ExprId left, ast::ExprId right) {
  const ast::Name word = word_at(context, right);
  for (const ExprId other : context.book.exprs[left].args) {
    if (type_of(context, other).kind != TypeKind::choice) continue;
    const std::vector<std::string>& choices = context.book.fields[type_of(context, other).choices].choices;
    if (std::ranges::find(choices, word.text) != choices.end()) return check_choice(context, other, right);
  }
  return {};
}

ExprId check_choice_word(Context& context, ExprId left, ast::ExprId right) {
  const std::vector<std::string>& first = context.book.fields[type_of(context, left).choices].choices;
  if (std::ranges::find(first, word_at(context, right).text) == first.end()) {
    if (const ExprId found = check_choice_of_any(context, left, right)) return found;
  }
  return check_choice(context, left, right);
}

/// The right side of a text or a person: a text in quotes, or something else of the type.
ExprId check_text_side(Context& context, const Scope& scope, ExprId left, ast::ExprId right) {
  const ast::Expr& written = context.file.exprs[right];
  const auto* ref = std::get_if<ast::NameRef>(&written.is);
  const bool bare = ref && ref->name.written() && !is_event(context, ref->name.text);
  if (bare) {
    if (const ExprId value = value_named(context, scope, ref->name)) return value;
    const bool lost = context.lost.contains(ref->name.text);
    if (lost || from_elsewhere(context, {})) return broken(context, written.span);
    Diagnostic& diagnostic =
        context.sink.report(written.span, diag::UnknownField, who_has_none(context, scope), ref->name.text);
    static constexpr std::array<std::string_view, 6> nothing{"null", "NULL", "empty", "blank", "true", "false"};
    if (std::ranges::find(nothing, ref->name.text) != nothing.end()) {
      diagnostic.hint("whether there is a value is asked with `is known` and `is missing`");
    } else {
      diagnostic.hint("a text stands in quotes: `\"{}\"`", ref->name.text)
          .suggest(written.span, fmt::format("\"{}\"", ref->name.text));
    }
    return broken(context, written.span);
  }
  const ExprId value = check_value(context, scope, right);
  if (context.book.exprs[value].op == model::Op::text) context.book.exprs[value].type = type_of(context, left);
  return value;
}

/// The right side of a stage: a stage by its name, or another field that holds one.
ExprId check_stage_side(Context& context, const Scope& scope, ast::ExprId right) {
  const ast::Name word = word_at(context, right);
  const Span span = context.file.exprs[right].span;
  const bool bare = std::holds_alternative<ast::NameRef>(context.file.exprs[right].is);
  const bool field = bare && !context.names.stages.contains(word.text) && field_named(context, scope, word);
  if (!word.written() || field) return check_value(context, scope, right);
  const Id<model::Stage> stage = stage_named(context, scope, word);
  if (!stage) return broken(context, span);
  model::Expr expr = make(context, model::Op::stage_name, type_of(TypeKind::stage), span);
  expr.stage = stage;
  return add(context, std::move(expr));
}

ExprId check_right(Context& context, const Scope& scope, ExprId left, ast::ExprId right) {
  const TypeKind kind = type_of(context, left).kind;
  if (kind == TypeKind::choice) return check_choice_word(context, left, right);
  if (kind == TypeKind::stage) return check_stage_side(context, scope, right);
  if (kind == TypeKind::text || kind == TypeKind::person) return check_text_side(context, scope, left, right);
  // A bare word beside something broken may have been a choice of it.
  if (kind == TypeKind::error && word_at(context, right).written())
    return broken(context, context.file.exprs[right].span);
  return check_value(context, scope, right);
}

void hint_comparison(model::Type type, Diagnostic& diagnostic) {
  if (is_quantity(type.kind)) {
    diagnostic.hint("quantities compare with `is`, `is at least`, `is at most`, `is more than` and `is less than`");
  } else if (type.kind == TypeKind::date || type.kind == TypeKind::instant) {
    diagnostic.hint("dates compare with `is`, `is before`, `is after`, `is not before` and `is not after`");
  } else if (type.kind == TypeKind::condition) {
    diagnostic.hint("a condition stands for itself, or after `not`");
  } else {
    diagnostic.hint("{} compares with `is`, `is not` and `is one of`",
                    type.kind == TypeKind::text ? "a text" : described(type));
  }
}

/// Reports a comparison that values of the type do not have. `between`: where it is written, behind the left side and
/// before the right one; what was said there already says it all.
bool report_wrong_comparison(Context& context, ExprId left, Comparison comparison, Span between = {}) {
  const model::Expr& expr = context.book.exprs[left];
  const bool timed = expr.type.kind == TypeKind::date || expr.type.kind == TypeKind::instant;
  const bool fits = expr.type.kind == TypeKind::error ||
                    (expr.type.kind != TypeKind::condition &&
                     (is_equality(comparison) || (is_of_time(comparison) ? timed : is_quantity(expr.type.kind))));
  if (fits) return false;
  if (Diagnostic* foreign = foreign_comparison(context, between)) {
    if (!mend_foreign_comparison(*foreign, expr.type.kind)) hint_comparison(expr.type, *foreign);
    return true;
  }
  Diagnostic& diagnostic = context.sink.report(expr.span, diag::WrongComparison, expr.words, described(expr.type),
                                               model::to_text(comparison));
  hint_comparison(expr.type, diagnostic);
  return true;
}

/// `time since E`, by a measure's name or its own.
bool is_elapsed(const Context& context, ExprId id) {
  while (context.book.exprs[id].op == model::Op::measure)
    id = context.book.measures[context.book.exprs[id].measure].value;
  return context.book.exprs[id].op == model::Op::time_since;
}

bool report_mismatch(Context& context, ExprId left, ExprId right, Span span) {
  if (is_broken(context, left) || is_broken(context, right)) return true;
  if (report_note(context, right)) return true;
  // The time since an event is measured in the unit it is compared in.
  if (is_elapsed(context, left) && type_of(context, right).kind == TypeKind::duration) return false;
  if (comparable(type_of(context, left), type_of(context, right))) return false;
  report_types_differ(context, left, right, span);
  return true;
}

bool is_share(const Context& context, ExprId id) {
  while (context.book.exprs[id].op == model::Op::measure)
    id = context.book.measures[context.book.exprs[id].measure].value;
  const auto& aggregate = context.book.exprs[id].aggregate;
  return aggregate && aggregate->function == model::AggregateFunction::share;
}

/// Reports a share that is compared with more than the whole. Whether it is.
bool report_beyond_whole(Context& context, ExprId left, ExprId right) {
  const model::Expr& value = context.book.exprs[right];
  if (value.op != model::Op::percent || value.decimal.millionths <= Decimal::scale || !is_share(context, left))
    return false;
  context.sink.report(value.span, diag::ShareBeyondWhole, context.book.exprs[left].words, value.words)
      .hint("the whole is `100%`");
  return true;
}

}  // namespace

ast::Name word_at(const Context& context, ast::ExprId id) {
  const ast::Expr& written = context.file.exprs[id];
  if (const auto* ref = std::get_if<ast::NameRef>(&written.is)) return ref->name;
  if (const auto* text = std::get_if<ast::TextLit>(&written.is)) return {text->text.text, written.span};
  if (std::holds_alternative<ast::InState>(written.is)) return {words(context, written.span), written.span};
  return {};
}

void report_comparison(Context& context, Span span, std::string_view said, std::string_view is, Comparison comparison,
                       std::string_view hint) {
  context.sink.report(span, diag::WrongComparison, said, is, model::to_text(comparison)).hint("{}", hint);
}

bool is_quantity(TypeKind kind) {
  return kind == TypeKind::money || kind == TypeKind::percent || kind == TypeKind::count || kind == TypeKind::number ||
         kind == TypeKind::duration;
}

bool comparable(model::Type a, model::Type b) {
  const auto is_number = [](TypeKind kind) { return kind == TypeKind::count || kind == TypeKind::number; };
  const auto is_exact = [](time::Unit unit) { return unit <= time::Unit::weeks; };
  if (is_number(a.kind) && is_number(b.kind)) return true;
  if (a.kind == TypeKind::duration && b.kind == TypeKind::duration) {
    return a.unit == b.unit || (is_exact(a.unit) && is_exact(b.unit));
  }
  return a.kind == b.kind;
}

namespace {

/// A number beside a percentage: 20 and 0.2 are both meant as 20%.
void hint_percentage(const Context& context, ExprId id, Diagnostic& diagnostic) {
  const model::Expr& number = context.book.exprs[id];
  const bool small = number.decimal.millionths > 0 && number.decimal.millionths < Decimal::scale;
  const Decimal percent{number.decimal.millionths * (small ? 100 : 1)};
  const bool likely = number.op == model::Op::number && percent.millionths >= Decimal::scale &&
                      percent.millionths <= 100 * Decimal::scale;
  if (!likely) {
    diagnostic.hint("a percentage has its sign: `60%`");
    return;
  }
  const std::string text = to_text(percent) + "%";
  diagnostic.hint("a percentage has its sign: `{}`", text).suggest(number.span, text);
}

/// A number beside a written percentage, or the other way round. Where 50% is said of a count 50 is meant, and half of
/// what is no whole number.
void hint_sign(const Context& context, const model::Expr& percentage, ExprId number, Diagnostic& diagnostic) {
  const model::Expr& other = context.book.exprs[number];
  const bool written = percentage.op == model::Op::percent && other.op != model::Op::number;
  if (!written) return hint_percentage(context, number, diagnostic);
  const std::int64_t times = other.type.kind == TypeKind::count ? 100 : 1;
  diagnostic.hint("a number has no sign: `{}`", to_text(Decimal{percentage.decimal.millionths * times}));
}

/// A number beside a duration, which is written with its unit.
void hint_unit(const model::Expr& number, time::Unit unit, Diagnostic& diagnostic) {
  const bool whole = number.op == model::Op::number && number.decimal.millionths % Decimal::scale == 0;
  const std::int64_t count = whole ? number.decimal.millionths / Decimal::scale : 2;
  diagnostic.hint("a duration has its unit: `{}`", time::to_text(time::Duration{count, unit}));
}

}  // namespace

void report_types_differ(Context& context, ExprId left, ExprId right, Span span) {
  const model::Expr& a = context.book.exprs[left];
  const model::Expr& b = context.book.exprs[right];
  if (a.type.kind == TypeKind::duration && b.type.kind == TypeKind::duration) {
    const time::Duration two{2, b.type.unit};
    context.sink.report(span, diag::UnitsDiffer, a.words, b.words, time::to_text(two).substr(2))
        .hint("say it in hours, days or weeks of exact time");
    return;
  }
  Diagnostic& diagnostic =
      context.sink.report(span, diag::TypesDiffer, a.words, described(a.type), b.words, described(b.type));
  const auto either = [&](TypeKind kind) { return a.type.kind == kind || b.type.kind == kind; };
  const bool one_bare = either(TypeKind::count) || either(TypeKind::number);
  if (either(TypeKind::money) && one_bare) {
    diagnostic.hint("an amount of money has its currency: `10,000 USD`");
  } else if (either(TypeKind::percent) && one_bare) {
    const bool first = a.type.kind == TypeKind::percent;
    hint_sign(context, first ? a : b, first ? right : left, diagnostic);
  } else if (either(TypeKind::duration) && one_bare) {
    const bool first = a.type.kind == TypeKind::duration;
    hint_unit(first ? b : a, (first ? a : b).type.unit, diagnostic);
  } else if (either(TypeKind::date) && either(TypeKind::instant)) {
    diagnostic.hint("a date is a whole day, an instant has a time of day: `2026-03-02 09:00`");
  } else if (either(TypeKind::text)) {
    diagnostic.hint("only a text compares with words in quotes");
  } else {
    diagnostic.hint("both sides have to be of one kind");
  }
}

ExprId check_node(Context& context, const Scope& scope, const ast::Compare& node, Span span) {
  if (!node.left) return broken(context, span);
  if (const ExprId situation = check_situation(context, scope, node, span)) return situation;
  if (const ast::OfName* item = item_at(context, scope, node.left))
    return check_item_compare(context, scope, *item, node, span);
  if (const ExprId verdict = check_verdict(context, scope, node, span)) return verdict;
  const auto comparison = static_cast<Comparison>(node.comparison);
  model::Expr expr = make(context, model::Op::compare, type_of(TypeKind::condition), span);
  expr.comparison = comparison;
  const ExprId left = check_expr(context, scope, node.left);
  expr.args.push_back(left);
  Span between = span;
  between.begin = context.file.exprs[node.left].span.end;
  if (!node.right.empty() && node.right.front()) between.end = context.file.exprs[node.right.front()].span.begin;
  bool fits = !report_note(context, left) && !report_wrong_comparison(context, left, comparison, between);
  if (!fits) return broken(context, span);
  for (const ast::ExprId right : node.right) {
    const ExprId value = check_right(context, scope, left, right);
    fits &= !report_mismatch(context, left, value, span) && !report_beyond_whole(context, left, value);
    expr.args.push_back(value);
  }
  if (fits && report_tails(context, node.tails, left)) return broken(context, span);
  expr.tails = check_tails(context, scope, node.tails);
  return fits ? add(context, std::move(expr)) : broken(context, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::Apart& node, Span span) {
  model::Expr expr = make(context, model::Op::apart, type_of(TypeKind::condition), span);
  expr.duration = check_duration(context, node.by);
  note_month_end(context, node.by);
  expr.at_most = node.at_most;
  expr.after = node.after;
  expr.args = {check_value(context, scope, node.left), check_value(context, scope, node.right)};
  const Comparison comparison = node.after ? Comparison::after : Comparison::before;
  for (const ExprId side : expr.args) {
    if (report_note(context, side) || report_wrong_comparison(context, side, comparison)) return broken(context, span);
  }
  if (report_mismatch(context, expr.args[0], expr.args[1], span)) return broken(context, span);
  const bool by_day = type_of(context, expr.args[0]).kind == TypeKind::date;
  const time::Unit unit = expr.duration.unit;
  if (by_day && (unit <= time::Unit::hours || unit == time::Unit::working_hours)) {
    const std::string left = context.book.exprs[expr.args[0]].words;
    const std::string unit_words = time::to_text(time::Duration{2, unit}).substr(2);
    context.sink
        .report(node.by.span, diag::TypesDiffer, left, "a date", words(context, node.by.span),
                "counted in " + unit_words)
        .hint("between dates there are days, weeks, months or business days");
    return broken(context, span);
  }
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope& scope, const ast::Differs& node, Span span) {
  model::Expr expr = make(context, model::Op::differs, type_of(TypeKind::condition), span);
  const ExprId left = check_value(context, scope, node.left);
  if (report_note(context, left) || report_wrong_comparison(context, left, Comparison::at_most))
    return broken(context, span);
  const ExprId right = check_value(context, scope, node.right);
  const ExprId by = check_value(context, scope, node.at_most);
  if (report_mismatch(context, left, right, span) || report_mismatch(context, left, by, span))
    return broken(context, span);
  expr.args = {left, right, by};
  return add(context, std::move(expr));
}

}  // namespace plumb::check
