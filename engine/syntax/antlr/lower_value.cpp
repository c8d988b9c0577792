#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::diag::EventAsValue;

std::string_view words(const Reader& reader, source::Span span) {
  return reader.text.content().substr(span.begin, span.end - span.begin);
}

ast::ExprId broken(Reader& reader, const diagnostics::Code& code, source::Span span) {
  if (reader.may_report()) reader.sink.report(span, code, words(reader, span));
  return add_expr(reader, ast::Broken{}, span);
}

/// A name where a value stands; every other event expression has no value.
ast::ExprId lower_event_operand(Reader& reader, P::EventOperandContext& operand, Side side) {
  auto* name = dynamic_cast<P::NamedEventContext*>(operand.eventWord());
  if (name == nullptr || operand.narrowing() != nullptr) {
    return broken(reader, EventAsValue, reader.offsets.span(operand));
  }
  return lower_word(reader, *name->word(), side);
}

ast::ExprId lower_percent_of(Reader& reader, P::PercentOfContext& percent, Side side) {
  const ast::ExprId part = lower_percentage(reader, *percent.PERCENTAGE());
  const ast::ExprId whole = lower_operand(reader, *percent.operand(), side);
  return add_expr(reader, ast::Arithmetic{ast::Operator::times, part, whole}, reader.offsets.span(percent));
}

ast::ExprId lower_clock_or_quota(Reader& reader, P::BareOperandContext& operand) {
  const source::Span span = reader.offsets.span(operand);
  if (auto* its = dynamic_cast<P::ItsOperandContext*>(&operand)) {
    return add_expr(reader, ast::ItsField{lower_name(reader, *its->word())}, span);
  }
  if (auto* since = dynamic_cast<P::TimeSinceContext*>(&operand)) {
    return add_expr(reader, ast::TimeSince{lower_event(reader, *since->event())}, span);
  }
  if (auto* total = dynamic_cast<P::TotalTimeInContext*>(&operand)) {
    return add_expr(reader, ast::TotalTimeIn{lower_name(reader, *total->word())}, span);
  }
  auto& quota = static_cast<P::QuotaForContext&>(operand);
  return add_expr(reader, ast::QuotaFor{lower_name(reader, *quota.word(1))}, span);
}

}  // namespace

ast::ExprId lower_parenthesis(Reader& reader, P::ParenthesisContext& parenthesis, Side side) {
  if (parenthesis.narrowing() != nullptr) return broken(reader, EventAsValue, reader.offsets.span(parenthesis));
  P::ConditionContext& inner = *parenthesis.condition();
  P::ValueContext* value = side == Side::right ? only_value(inner) : nullptr;
  return value != nullptr ? lower_value(reader, *value, side) : lower_condition(reader, inner);
}

ast::ExprId lower_word(Reader& reader, P::WordContext& word, Side side) {
  const source::Span span = reader.offsets.span(word);
  if (side == Side::right && is_quoted(word)) {
    return add_expr(reader, ast::TextLit{ast::Text{unquoted(word.getText()), span}}, span);
  }
  return add_expr(reader, ast::NameRef{lower_name(reader, word)}, span);
}

ast::ExprId lower_bare(Reader& reader, P::BareOperandContext& operand, Side side) {
  if (auto* event = dynamic_cast<P::EventOperandContext*>(&operand)) return lower_event_operand(reader, *event, side);
  if (auto* literal = dynamic_cast<P::LiteralOperandContext*>(&operand)) {
    return lower_literal(reader, *literal->literal());
  }
  if (dynamic_cast<P::TodayOperandContext*>(&operand) != nullptr) {
    return add_expr(reader, ast::Today{}, reader.offsets.span(operand));
  }
  if (auto* percent = dynamic_cast<P::PercentOfContext*>(&operand)) return lower_percent_of(reader, *percent, side);
  if (auto* aggregate = dynamic_cast<P::AggregateOperandContext*>(&operand)) {
    return lower_aggregate(reader, *aggregate->aggregate());
  }
  if (auto* of = dynamic_cast<P::NameOfContext*>(&operand)) return lower_name_of(reader, *of);
  if (auto* per = dynamic_cast<P::NamePerContext*>(&operand)) return lower_name_per(reader, *per);
  const bool names = dynamic_cast<P::RightOperandContext*>(&operand) != nullptr ||
                     dynamic_cast<P::CannotTellOperandContext*>(&operand) != nullptr ||
                     dynamic_cast<P::DottedOperandContext*>(&operand) != nullptr;
  if (!names) return lower_clock_or_quota(reader, operand);
  return add_expr(reader, ast::NameRef{lower_name(reader, operand)}, reader.offsets.span(operand));
}

ast::ExprId lower_operand(Reader& reader, P::OperandContext& operand, Side side) {
  if (auto* inner = operand.parenthesis()) return lower_parenthesis(reader, *inner, side);
  return lower_bare(reader, *operand.bareOperand(), side);
}

ast::ExprId lower_value(Reader& reader, P::ValueContext& value, Side side) {
  const auto operands = value.operand();
  ast::ExprId left = lower_operand(reader, *operands.front(), side);
  std::size_t operand = 1;
  for (antlr4::tree::ParseTree* child : value.children) {
    auto* sign = dynamic_cast<antlr4::tree::TerminalNode*>(child);
    if (sign == nullptr || sign->getSymbol()->getType() == P::BY) continue;
    const std::size_t type = sign->getSymbol()->getType();
    const ast::Operator op = type == P::PLUS    ? ast::Operator::plus
                             : type == P::MINUS ? ast::Operator::minus
                                                : ast::Operator::divided_by;
    const ast::ExprId right = lower_operand(reader, *operands[operand++], side);
    const source::Span span = source::join(reader.file.exprs[left].span, reader.file.exprs[right].span);
    left = add_expr(reader, ast::Arithmetic{op, left, right}, span);
  }
  return left;
}

}  // namespace plumb::syntax::antlr
