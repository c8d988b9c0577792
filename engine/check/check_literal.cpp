#include <cstdlib>

#include "check/expr.h"

namespace plumb::check {

namespace {

constexpr std::int64_t micros_per_day = 24 * time::micros_per_hour;

/// The offset from UTC as it is written behind a time: +02:00.
std::string offset_at(const Context& context, time::Instant at) {
  const int minutes = context.zone.offset_seconds(at) / 60;
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

/// The instant of a wall-clock reading in the default calendar's zone. Missing: unknown, reported.
time::Instant instant_in_zone(Context& context, const ast::InstantLit& node, Span span) {
  const time::Zone::Found found = context.zone.local(node.day, node.micros_of_day);
  if (found.how == time::Zone::Local::once) return found.at;
  const bool never = found.how == time::Zone::Local::never;
  // A line that is repeated says its first day alone.
  const std::string day = time::to_text(node.day);
  const bool repeated = !words(context, span).starts_with(day);
  const std::int64_t minutes = node.micros_of_day / (60 * time::micros_per_second);
  const std::string said =
      repeated ? fmt::format("{} {:02}:{:02}", day, minutes / 60, minutes % 60) : words(context, span);
  Diagnostic& diagnostic = context.sink.report(span, diag::TimeTwiceOrNever, said,
                                               never ? "does not exist" : "exists twice", context.zone.name());
  if (repeated) {
    const std::string which = never ? std::string() : fmt::format(" and `{}` or `{}`", offset_at(context, found.at),
                                                                  offset_at(context, found.second));
    diagnostic.hint("the clocks are put {} then; let the line have another time of day, or leave that day out of it and "
                    "write a line of its own for it, with {}{}",
                    never ? "forward" : "back", never ? "a time before or after" : "its date, time", which);
  } else if (never) {
    diagnostic.hint("the clocks are put forward then; write a time before or after");
  } else {
    diagnostic.hint("the clocks are put back then; write which: `{0} {1}` or `{0} {2}`", said,
                    offset_at(context, found.at), offset_at(context, found.second));
  }
  return time::Instant::unknown();
}

}  // namespace

ExprId check_node(Context& context, const Scope&, const ast::NumberLit& node, Span span) {
  const bool whole = node.value.millionths % Decimal::scale == 0;
  model::Expr expr = make(context, model::Op::number, type_of(whole ? TypeKind::count : TypeKind::number), span);
  expr.decimal = node.value;
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope&, const ast::PercentLit& node, Span span) {
  model::Expr expr = make(context, model::Op::percent, type_of(TypeKind::percent), span);
  expr.decimal = node.fraction;
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope&, const ast::MoneyLit& node, Span span) {
  model::Expr expr = make(context, model::Op::money, type_of(TypeKind::money), span);
  expr.decimal = node.value;
  expr.text = node.currency.text;
  check_currency(context, node.currency);
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope&, const ast::DateLit& node, Span span) {
  if (!node.day.known()) return broken(context, span);
  model::Expr expr = make(context, model::Op::date, type_of(TypeKind::date), span);
  expr.day = node.day;
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope&, const ast::InstantLit& node, Span span) {
  if (!node.day.known()) return broken(context, span);
  model::Expr expr = make(context, model::Op::instant, type_of(TypeKind::instant), span);
  if (node.offset_seconds) {
    expr.at.micros =
        node.day.days * micros_per_day + node.micros_of_day - *node.offset_seconds * time::micros_per_second;
  } else {
    expr.at = instant_in_zone(context, node, span);
  }
  return expr.at.known() ? add(context, std::move(expr)) : broken(context, span);
}

ExprId check_node(Context& context, const Scope&, const ast::TextLit& node, Span span) {
  model::Expr expr = make(context, model::Op::text, type_of(TypeKind::text), span);
  expr.text = node.text.text;
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope&, const ast::DurationValue& node, Span span) {
  model::Expr expr = make(context, model::Op::duration, type_of(TypeKind::duration), span);
  expr.duration = check_duration(context, node.duration);
  expr.type.unit = expr.duration.unit;
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope&, const ast::Today&, Span span) {
  return add(context, make(context, model::Op::today, type_of(TypeKind::date), span));
}

}  // namespace plumb::check
