#include <algorithm>
#include <array>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::Comparison;

bool is_equality(Comparison comparison) {
  return comparison == Comparison::is || comparison == Comparison::is_not || comparison == Comparison::is_one_of;
}

bool is_of_time(Comparison comparison) { return comparison >= Comparison::before; }

bool is_verdict(std::string_view word) {
  static constexpr std::array<std::string_view, 6> verdicts{"kept", "missed", "late", "due", "excused", "cannot tell"};
  return std::ranges::find(verdicts, word) != verdicts.end();
}

/// A word that stands on the right: a bare name, a text, or a keyword that is a choice here (`won`).
ast::Name word_at(const Context& context, ast::ExprId id) {
  const ast::Expr& written = context.file.exprs[id];
  if (const auto* ref = std::get_if<ast::NameRef>(&written.is)) return ref->name;
  if (const auto* text = std::get_if<ast::TextLit>(&written.is)) return {text->text.text, written.span};
  if (std::holds_alternative<ast::InState>(written.is)) return {words(context, written.span), written.span};
  return {};
}

/// The choices of a field, and of those that share its name in other activities.
std::vector<std::string> choices_of(const Context& context, ExprId left) {
  std::vector<std::string> all = context.book.fields[type_of(context, left).choices].choices;
  for (const ExprId other : context.book.exprs[left].args) {
    for (const std::string& choice : context.book.fields[type_of(context, other).choices].choices) {
      if (std::ranges::find(all, choice) == all.end()) all.push_back(choice);
    }
  }
  return all;
}

ExprId report_no_choice(Context& context, ExprId left, const std::string& said, Span span) {
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
    if (from_elsewhere(context, {})) return broken(context, written.span);
    context.sink.report(written.span, diag::UnknownField, who_has_none(context, scope), ref->name.text)
        .hint("a text stands in quotes: `\"{}\"`", ref->name.text)
        .suggest(written.span, fmt::format("\"{}\"", ref->name.text));
    return broken(context, written.span);
  }
  const ExprId value = check_value(context, scope, right);
  if (context.book.exprs[value].op == model::Op::text) context.book.exprs[value].type = type_of(context, left);
  return value;
}

ExprId check_right(Context& context, const Scope& scope, ExprId left, ast::ExprId right) {
  const TypeKind kind = type_of(context, left).kind;
  if (kind == TypeKind::choice) return check_choice_word(context, left, right);
  if (kind == TypeKind::stage) return not_evaluated(context, TypeKind::stage, context.file.exprs[right].span);
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

/// Reports a comparison that values of the type do not have.
bool report_wrong_comparison(Context& context, ExprId left, Comparison comparison) {
  const model::Expr& expr = context.book.exprs[left];
  const bool timed = expr.type.kind == TypeKind::date || expr.type.kind == TypeKind::instant;
  const bool fits = expr.type.kind == TypeKind::error ||
                    (expr.type.kind != TypeKind::condition &&
                     (is_equality(comparison) || (is_of_time(comparison) ? timed : is_quantity(expr.type.kind))));
  if (fits) return false;
  Diagnostic& diagnostic = context.sink.report(expr.span, diag::WrongComparison, expr.words, described(expr.type),
                                               model::to_text(comparison));
  hint_comparison(expr.type, diagnostic);
  return true;
}

bool report_mismatch(Context& context, ExprId left, ExprId right, Span span) {
  if (is_broken(context, left) || is_broken(context, right)) return true;
  if (report_note(context, right)) return true;
  // The time since an event is measured in the unit it is compared in.
  const bool elapsed = context.book.exprs[left].op == model::Op::time_since;
  if (elapsed && context.book.exprs[right].op == model::Op::duration) return false;
  if (comparable(type_of(context, left), type_of(context, right))) return false;
  report_types_differ(context, left, right, span);
  return true;
}

/// `person is on leave`: what the reader makes of it, a comparison with words that are no name.
bool is_situation(const Context& context, const ast::Compare& node) {
  static constexpr std::array<std::string_view, 4> situations{"on leave", "in ramp", "on hold", "owes a step"};
  const auto* ref =
      node.right.size() == 1 ? std::get_if<ast::NameRef>(&context.file.exprs[node.right.front()].is) : nullptr;
  return ref && std::ranges::find(situations, ref->name.text) != situations.end();
}

void report_no_verdict(Context& context, const ast::Name& verdict) {
  Diagnostic& diagnostic = context.sink.report(verdict.span, diag::UnknownVerdict, verdict.text);
  suggest_nearest(diagnostic, verdict, {"kept", "missed", "late", "due", "excused"});
  diagnostic.hint("verdicts are `kept`, `missed`, `late`, `due`, `excused` and `cannot tell`");
}

/// `RULE is kept`, before fields and measures are looked at. Missing: none for another comparison.
ExprId check_verdict(Context& context, const Scope& scope, const ast::Compare& node, Span span) {
  const auto* ref = std::get_if<ast::NameRef>(&context.file.exprs[node.left].is);
  if (!ref || node.right.size() != 1 || !context.names.rules.contains(ref->name.text)) return {};
  if (field_named(context, scope, ref->name) || context.names.measures.contains(ref->name.text)) return {};
  const ast::Name verdict = word_at(context, node.right.front());
  if (verdict.written() && !is_verdict(verdict.text)) {
    report_no_verdict(context, verdict);
    return broken(context, span);
  }
  return not_evaluated(context, TypeKind::condition, span);
}

}  // namespace

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
    diagnostic.hint("a percentage has its sign: `60%`");
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
  if (is_situation(context, node)) return not_evaluated(context, TypeKind::condition, span);
  if (const ExprId verdict = check_verdict(context, scope, node, span)) return verdict;
  const auto comparison = static_cast<Comparison>(node.comparison);
  model::Expr expr = make(context, model::Op::compare, type_of(TypeKind::condition), span);
  expr.comparison = comparison;
  const ExprId left = check_expr(context, scope, node.left);
  expr.args.push_back(left);
  bool fits = !report_note(context, left) && !report_wrong_comparison(context, left, comparison);
  if (!fits) return broken(context, span);
  for (const ast::ExprId right : node.right) {
    const ExprId value = check_right(context, scope, left, right);
    fits &= !report_mismatch(context, left, value, span);
    expr.args.push_back(value);
  }
  expr.tails = check_tails(context, scope, node.tails);
  return fits ? add(context, std::move(expr)) : broken(context, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::VerdictIs& node, Span span) {
  if (is_verdict(node.verdict.text)) return not_evaluated(context, TypeKind::condition, span);
  if (!field_named(context, scope, node.of)) {
    report_no_verdict(context, node.verdict);
    return broken(context, span);
  }
  const std::string quoted = fmt::format("\"{}\"", node.of.text);
  context.sink.report(node.verdict.span, diag::UnknownVerdict, node.verdict.text)
      .hint("`{0}` is the verdict on a person's {0}; the field of that name stands in quotes", node.of.text)
      .suggest(node.of.span, quoted);
  return broken(context, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::Apart& node, Span span) {
  model::Expr expr = make(context, model::Op::apart, type_of(TypeKind::condition), span);
  expr.duration = check_duration(context, node.by);
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
