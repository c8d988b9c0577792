#include "check/expr.h"

#include <algorithm>
#include <variant>

namespace plumb::check {

namespace {

/// Whether a bare name stands alone for something that happens.
const ast::Name* lone_event(const Context& context, ast::ExprId id) {
  const auto* ref = id ? std::get_if<ast::NameRef>(&context.file.exprs[id].is) : nullptr;
  return ref && is_event(context, ref->name.text) ? &ref->name : nullptr;
}

template <class Operands>
ExprId check_operands(Context& context, const Scope& scope, model::Op op, const Operands& operands, Span span) {
  model::Expr expr = make(context, op, type_of(TypeKind::condition), span);
  for (const ast::ExprId operand : operands) expr.args.push_back(check_condition(context, scope, operand));
  return add(context, std::move(expr));
}

ExprId report_no_field(Context& context, ast::ExprId operand, ExprId value, const ast::Known& node, Span span) {
  const ast::Expr& written = context.file.exprs[operand];
  const std::string said = words(context, written.span);
  Diagnostic& diagnostic = context.sink.report(written.span, diag::NotAField, said);
  if (!value) {
    diagnostic.hint("it is an event: `{} has happened`", said);
    diagnostic.suggest(span, fmt::format("{}{} has happened", node.missing ? "not " : "", said));
  } else {
    diagnostic.hint("only a field is known or missing; a measure is compared");
  }
  return broken(context, span);
}

}  // namespace

model::Type type_of(TypeKind kind) {
  model::Type type;
  type.kind = kind;
  return type;
}

model::Type type_of(const Context& context, ExprId id) { return context.book.exprs[id].type; }

model::Expr make(const Context& context, model::Op op, model::Type type, Span span) {
  model::Expr expr;
  expr.op = op;
  expr.type = type;
  expr.words = words(context, span);
  expr.span = span;
  return expr;
}

ExprId add(Context& context, model::Expr expr) { return context.book.exprs.add(std::move(expr)); }

ExprId broken(Context& context, Span span) {
  return add(context, make(context, model::Op::error, type_of(TypeKind::error), span));
}

bool is_broken(const Context& context, ExprId id) { return type_of(context, id).kind == TypeKind::error; }

ExprId check_expr(Context& context, const Scope& scope, ast::ExprId id) {
  if (!id) return broken(context, Span{});
  const ast::Expr& written = context.file.exprs[id];
  const ExprId checked =
      std::visit([&](const auto& node) { return check_node(context, scope, node, written.span); }, written.is);
  if (!written.span.known()) context.book.exprs[checked].words = words(context, id);
  return checked;
}

ExprId check_condition(Context& context, const Scope& scope, ast::ExprId id) {
  if (!id) return {};
  const ExprId checked = check_expr(context, scope, id);
  const TypeKind kind = type_of(context, checked).kind;
  if (kind == TypeKind::condition || kind == TypeKind::error) return checked;
  if (!report_note(context, checked)) report_not_a_condition(context, checked);
  return broken(context, context.file.exprs[id].span);
}

ExprId check_value(Context& context, const Scope& scope, ast::ExprId id) {
  const ExprId checked = check_expr(context, scope, id);
  if (type_of(context, checked).kind != TypeKind::condition) return checked;
  const Span span = context.book.exprs[checked].span;
  context.sink.report(span, diag::NotAValue, words(context, span))
      .hint("conditions are joined with `and`, `or` and `not`");
  return broken(context, span);
}

void report_not_a_condition(Context& context, ExprId id) {
  const model::Expr& expr = context.book.exprs[id];
  Diagnostic& diagnostic = context.sink.report(expr.span, diag::NotACondition, expr.words, described(expr.type));
  if (expr.field) {
    diagnostic.hint("compare it, or ask whether `{} is known`", expr.words);
  } else {
    diagnostic.hint("compare it with another value");
  }
}

bool report_note(Context& context, ExprId id) {
  const model::Expr& expr = context.book.exprs[id];
  if (expr.type.kind != TypeKind::note) return false;
  context.sink.report(expr.span, diag::NoteTested, expr.words)
      .hint("test a field with a type: a date, a choice `one of` some words");
  return true;
}

ExprId check_node(Context& context, const Scope&, const ast::Broken&, Span span) { return broken(context, span); }

ExprId check_node(Context& context, const Scope& scope, const ast::Not& node, Span span) {
  return check_operands(context, scope, model::Op::not_, std::vector{node.operand}, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::And& node, Span span) {
  return check_operands(context, scope, model::Op::and_, node.operands, span);
}

namespace {

/// `segment is smb or enterprise`: bare names behind an `or`, of the choices of the field before it. Reports them.
bool report_bare_choices(Context& context, const Scope& scope, const ast::Or& node, Span span) {
  const auto name_at = [&](ast::ExprId id) {
    const auto* name = std::get_if<ast::NameRef>(&context.file.exprs[id].is);
    return name ? name->name.text : std::string();
  };
  const auto* first = std::get_if<ast::Compare>(&context.file.exprs[node.operands.front()].is);
  if (!first || first->comparison != ast::Comparison::is || first->right.empty()) return false;
  std::vector<std::string> named;
  for (const ast::ExprId id : first->right) named.push_back(name_at(id));
  for (std::size_t i = 1; i < node.operands.size(); ++i) named.push_back(name_at(node.operands[i]));
  if (std::ranges::find(named, std::string()) != named.end()) return false;
  const model::Expr& left = context.book.exprs[check_expr(context, scope, first->left)];
  if (left.type.kind != TypeKind::choice || !left.field) return false;
  const std::vector<std::string>& choices = context.book.fields[left.field].choices;
  const auto is_choice = [&](const std::string& name) { return std::ranges::find(choices, name) != choices.end(); };
  if (!std::ranges::all_of(named, is_choice)) return false;
  const Span bare = context.file.exprs[node.operands[1]].span;
  const std::string right =
      fmt::format("{} is one of {}", words(context, context.file.exprs[first->left].span), fmt::join(named, ", "));
  context.sink.report(bare, diag::NotACondition, words(context, bare), "one of the choices")
      .hint("write `{}`", right)
      .suggest(span, right);
  return true;
}

}  // namespace

ExprId check_node(Context& context, const Scope& scope, const ast::Or& node, Span span) {
  if (report_bare_choices(context, scope, node, span)) return broken(context, span);
  return check_operands(context, scope, model::Op::or_, node.operands, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::AtLeastOf& node, Span span) {
  check_not_zero(context, node.least, span);
  if (node.checklist) return check_items_are(context, scope, node, span);
  const ExprId id = check_operands(context, scope, model::Op::at_least_of, node.conditions, span);
  context.book.exprs[id].count = node.least;
  const auto there_are = static_cast<std::int64_t>(node.conditions.size());
  if (node.least > there_are) {
    context.sink.report(span, diag::MoreThanThereAre, node.least, there_are).hint("{} is the most", there_are);
  }
  return id;
}

ExprId check_node(Context& context, const Scope& scope, const ast::Known& node, Span span) {
  if (const ast::OfName* item = item_at(context, scope, node.value))
    return check_item_known(context, scope, *item, node, span);
  const ast::Name* event = lone_event(context, node.value);
  const ExprId value = event ? value_named(context, scope, *event) : check_expr(context, scope, node.value);
  if (value && is_broken(context, value)) return broken(context, span);
  const model::Op asked = value ? context.book.exprs[value].op : model::Op::error;
  const bool field = asked == model::Op::subject_field || asked == model::Op::account_field ||
                     asked == model::Op::its_field || asked == model::Op::event_field ||
                     asked == model::Op::person_field;
  if (value && report_note(context, value)) return broken(context, span);
  if (!field) return report_no_field(context, node.value, value, node, span);
  model::Expr expr =
      make(context, node.missing ? model::Op::missing : model::Op::known, type_of(TypeKind::condition), span);
  expr.args.push_back(value);
  expr.tails = check_tails(context, scope, node.tails);
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope& scope, const ast::Happened& node, Span span) {
  model::Expr expr = make(context, model::Op::happened, type_of(TypeKind::condition), span);
  expr.event = check_event(context, scope, node.event);
  expr.tails = check_tails(context, scope, node.tails);
  if (context.book.events[expr.event].kind == model::EventKind::error) return broken(context, span);
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope&, const ast::InState& node, Span span) {
  model::Expr expr = make(context, model::Op::state, type_of(TypeKind::condition), span);
  expr.state = static_cast<model::DealState>(node.state);
  return add(context, std::move(expr));
}

ExprId check_node(Context& context, const Scope& scope, const ast::InStage& node, Span span) {
  const Id<model::Stage> stage = stage_named(context, scope, node.stage);
  if (!stage) return broken(context, span);
  model::Expr expr = make(context, model::Op::in_stage, type_of(TypeKind::condition), span);
  expr.stages = node.or_later ? stage_or_later(context, stage) : std::vector{stage};
  return add(context, std::move(expr));
}

}  // namespace plumb::check
