#include <algorithm>

#include "check/reads.h"

namespace plumb::check {

namespace {

/// A quantity may be added up; a bare number may stand beside any of them where it scales.
bool is_scale(TypeKind kind) {
  return kind == TypeKind::count || kind == TypeKind::number || kind == TypeKind::percent;
}

std::string_view noun(ast::Operator op) {
  if (op == ast::Operator::plus) return "sum";
  if (op == ast::Operator::minus) return "difference";
  return op == ast::Operator::times ? "product" : "ratio";
}

bool report_no_quantity(Context& context, ExprId id, ast::Operator op) {
  const model::Expr& expr = context.book.exprs[id];
  if (is_quantity(expr.type.kind)) return false;
  context.sink.report(expr.span, diag::NotAQuantity, expr.words, described(expr.type), noun(op))
      .hint("money, percentages, counts, numbers and durations can be calculated with");
  return true;
}

/// Missing: nullopt where the operation makes nothing of the two.
std::optional<model::Type> result_of(ast::Operator op, model::Type left, model::Type right) {
  const bool same = comparable(left, right);
  switch (op) {
    case ast::Operator::plus:
    case ast::Operator::minus:
      if (!same) return std::nullopt;
      return left.kind == right.kind ? left : type_of(TypeKind::number);
    case ast::Operator::times:
      if (is_scale(left.kind) && left.kind == TypeKind::percent) return right;
      if (is_scale(right.kind)) return left;
      return is_scale(left.kind) ? std::optional(right) : std::nullopt;
    case ast::Operator::divided_by:
      if (same) return type_of(TypeKind::number);
      return is_scale(right.kind) ? std::optional(left) : std::nullopt;
  }
  return std::nullopt;
}

/// A measure of measures is worked out with each of them written out; doubled thirty times it would never end.
constexpr std::size_t largest_measure = 1'000;

std::size_t size_of(const Context& context, ExprId id) {
  const model::Expr& expr = context.book.exprs[id];
  std::size_t size = 1;
  if (expr.op == model::Op::measure) size += context.measure_sizes[expr.measure.index()];
  for (const ExprId arg : expr.args) size += size_of(context, arg);
  return size;
}

void define(Context& context, Definition<ast::Measure, model::Measure>& definition) {
  Scope scope;
  scope.about = About::either;
  scope.calculates = true;
  const ast::Measure& written = *definition.written;
  ExprId value = check_value(context, scope, written.value);
  if (reads_a(context, value, model::OwnerKind::deal) && reads_a(context, value, model::OwnerKind::person)) {
    report_reads_both(context, written.name.span, written.name.text);
    value = broken(context, written.name.span);
  }
  definition.made = context.book.measures.add({written.name.text, value, written.title ? written.title->text : "",
                                               header_from(written.header), written.name.span});
  context.measure_reads.push_back(reads_of(context, value));
  const std::size_t size = size_of(context, value);
  const bool too_large = size > largest_measure;
  if (too_large) context.sink.report(written.name.span, diag::MeasureTooLarge, written.name.text, largest_measure);
  context.measure_sizes.push_back(too_large ? 1 : size);
}

}  // namespace

std::optional<model::OwnerKind> reads_of(const Context& context, ExprId id) {
  const model::Expr& expr = context.book.exprs[id];
  switch (expr.op) {
    case model::Op::subject_field: return context.book.fields[expr.field].owner;
    case model::Op::account_field:
    case model::Op::in_stage:
    case model::Op::state:
    case model::Op::time_since:
    case model::Op::total_time_in: return model::OwnerKind::deal;
    case model::Op::measure:
      if (!expr.text.empty()) return std::nullopt;  // of a team, of the company
      return context.measure_reads[expr.measure.index()];
    case model::Op::target: return context.target_reads[expr.target.index()];
    case model::Op::aggregate:
      if (expr.aggregate->population == model::PopulationKind::contacts) return model::OwnerKind::deal;
      break;
    default: break;
  }
  for (const ExprId arg : expr.args) {
    if (const auto owner = reads_of(context, arg)) return owner;
  }
  return std::nullopt;
}

bool reads_a(const Context& context, ExprId id, model::OwnerKind owner) {
  if (!id) return false;
  const auto reads = [&](ExprId part) { return reads_a(context, part, owner); };
  return reads_of(context, id) == owner || std::ranges::any_of(context.book.exprs[id].args, reads);
}

void report_reads_both(Context& context, Span span, std::string_view words) {
  context.sink.report(span, diag::MeasureOfOther, words, "a person")
      .hint("it is read where there is a deal: `role of owner` is that of the deal's owner");
}

namespace {

/// Reports a divisor that is never anything but zero. Whether it is.
bool report_zero(Context& context, ExprId divisor, Span span) {
  const model::Expr& by = context.book.exprs[divisor];
  const bool written = by.op == model::Op::number || by.op == model::Op::percent || by.op == model::Op::money;
  if (!written || by.decimal.millionths != 0) return false;
  context.sink.report(span, diag::DividedByZero, words(context, span))
      .hint("what is divided by nothing has no value, so nothing could be told");
  return true;
}

}  // namespace

ExprId check_node(Context& context, const Scope& scope, const ast::Arithmetic& node, Span span) {
  if (!scope.calculates) {
    context.sink.report(span, diag::CalculationOutsideMeasure, words(context, span))
        .hint("give it a name: `measure … is {}`", words(context, span));
    return broken(context, span);
  }
  model::Expr expr = make(context, model::Op::arithmetic, {}, span);
  expr.arithmetic = static_cast<model::Arithmetic>(node.op);
  const ExprId left = check_value(context, scope, node.left);
  const ExprId right = check_value(context, scope, node.right);
  if (is_broken(context, left) || is_broken(context, right)) return broken(context, span);
  if (report_no_quantity(context, left, node.op) || report_no_quantity(context, right, node.op)) {
    return broken(context, span);
  }
  if (node.op == ast::Operator::divided_by && report_zero(context, right, span)) return broken(context, span);
  const auto type = result_of(node.op, type_of(context, left), type_of(context, right));
  if (!type) {
    report_types_differ(context, left, right, span);
    return broken(context, span);
  }
  expr.type = *type;
  expr.args = {left, right};
  return add(context, std::move(expr));
}

Id<model::Measure> measure_defined(Context& context, const ast::Name& name) {
  return defined(context, context.names.measures.at(name.text), name,
                 [&](auto& definition) { define(context, definition); });
}

}  // namespace plumb::check
