#include <optional>

#include "check/expr.h"

namespace plumb::check {

namespace {

/// The part of a text's span from one byte to another, counted from its first quote.
Span part(Span text, std::size_t from, std::size_t until) {
  return {text.text, text.begin + static_cast<std::uint32_t>(from), text.begin + static_cast<std::uint32_t>(until)};
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// The next word from `at` on, where it begins in the text. Missing: not written.
ast::Name word_from(std::string_view raw, Span text, std::size_t& at, std::size_t until) {
  while (at < until && is_blank(raw[at])) ++at;
  const std::size_t begin = at;
  while (at < until && !is_blank(raw[at])) ++at;
  return {std::string(raw.substr(begin, at - begin)), part(text, begin, at)};
}

/// Reports what is no field: a text says what somebody stated, and calculates nothing.
void check_said(Context& context, ExprId value, Span place, std::string_view raw) {
  using model::Op;
  const Op op = context.book.exprs[value].op;
  const bool said = op == Op::error || op == Op::subject_field || op == Op::its_field || op == Op::account_field ||
                    op == Op::person_field;
  if (said) return;
  context.sink.report(place, diag::TextCalculated, raw)
      .hint(
          "a text takes a field's value, as `{{amount}}`; what is calculated stands in the condition, and `plumb "
          "explain` says it");
}

/// `{amount}`, `{its goal}`, `{industry of account}`.
void check_place(Context& context, const Scope& scope, std::string_view raw, Span text, std::size_t open,
                 std::size_t close) {
  std::size_t at = open + 1;
  const ast::Name first = word_from(raw, text, at, close);
  const ast::Name second = word_from(raw, text, at, close);
  const ast::Name third = word_from(raw, text, at, close);
  const Span whole = part(text, first.written() ? first.span.begin - text.begin : open,
                          third.written() ? third.span.end - text.begin : close);
  ExprId value;
  if (first.written() && !second.written()) {
    value = check_node(context, scope, ast::NameRef{first}, first.span);
  } else if (first.text == "its" && second.written() && !third.written()) {
    value = check_node(context, scope, ast::ItsField{second},
                       part(text, first.span.begin - text.begin, second.span.end - text.begin));
  } else if (second.text == "of" && third.written() && !word_from(raw, text, at, close).written()) {
    value = check_node(context, scope, ast::OfName{first, third}, whole);
  } else {
    context.sink.report(part(text, open, close + 1), diag::TextPlace, raw.substr(open, close + 1 - open))
        .hint("a place has the name of a value: `{{amount}}`, `{{its goal}}`, `{{industry of account}}`");
  }
  if (value) check_said(context, value, part(text, open, close + 1), raw.substr(open, close + 1 - open));
}

void report_brace(Context& context, Span span, std::string_view brace) {
  context.sink.report(span, diag::TextBrace, brace)
      .hint("a place for a value is `{{amount}}`; a brace that is meant as such is written twice");
}

/// Finds every place of a text, from its brace to its brace. Errors: a brace that stands alone is reported.
template <class Visit>
void for_each_place(Context& context, const ast::Text& text, Visit visit) {
  const std::string_view raw = context.texts.words(text.span);
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '{' && raw[at] != '}') continue;
    const bool twice = at + 1 < raw.size() && raw[at + 1] == raw[at];
    if (twice) {
      ++at;
      continue;
    }
    const std::size_t close = raw[at] == '{' ? raw.find_first_of("{}", at + 1) : std::string_view::npos;
    if (close == std::string_view::npos || raw[close] == '{') {
      report_brace(context, part(text.span, at, at + 1), raw.substr(at, 1));
      return;
    }
    if (!visit(raw, at, close)) return;
    at = close;
  }
}

}  // namespace

void check_text(Context& context, const Scope& scope, const ast::Text& text) {
  for_each_place(context, text, [&](std::string_view raw, std::size_t open, std::size_t close) {
    check_place(context, scope, raw, text.span, open, close);
    return true;
  });
}

void check_text(Context& context, const Scope& scope, const std::optional<ast::Text>& text) {
  if (text) check_text(context, scope, *text);
}

void check_lone_text(Context& context, const ast::Text& text, std::string_view of) {
  for_each_place(context, text, [&](std::string_view raw, std::size_t open, std::size_t close) {
    context.sink
        .report(part(text.span, open, close + 1), diag::TextWithoutSubject, raw.substr(open, close + 1 - open), of)
        .hint(
            "rules, stages, checklists, plans and ladders are about somebody; a brace that is meant as such is written "
            "twice");
    return false;
  });
}

void check_lone_text(Context& context, const std::optional<ast::Text>& text, std::string_view of) {
  if (text) check_lone_text(context, *text, of);
}

}  // namespace plumb::check
