#include <algorithm>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::Comparison;
using model::Op;

ExprId join(Context& context, Op op, std::vector<ExprId> args, Span span) {
  if (args.size() == 1) return args.front();
  model::Expr expr = make(context, op, type_of(TypeKind::condition), span);
  expr.args = std::move(args);
  return add(context, std::move(expr));
}

/// The words of conditions that nobody wrote as one.
std::string joined_words(const Context& context, const std::vector<ExprId>& args) {
  std::string result;
  for (const ExprId arg : args) {
    const model::Expr& expr = context.book.exprs[arg];
    if (!result.empty()) result += " and ";
    result += expr.op == Op::or_ ? fmt::format("({})", expr.words) : expr.words;
  }
  return result;
}

/// The item that is meant. Missing: none, reported.
Id<model::Item> item_named(Context& context, Id<model::Checklist> id, const ast::Name& name) {
  std::vector<std::string> names;
  for (const Id<model::Item> item : context.book.checklists[id].items) {
    if (context.book.items[item].name == name.text) return item;
    names.push_back(context.book.items[item].name);
  }
  Diagnostic* diagnostic =
      unknown(context, name, names, diag::UnknownItem, context.book.checklists[id].name, name.text);
  if (diagnostic && !names.empty() && names.size() <= 8) diagnostic->hint("its items are {}", listed(names));
  return {};
}

/// The item of a condition about a deal. Missing: none, reported.
Id<model::Item> item_here(Context& context, const Scope& scope, const ast::OfName& written, Span span) {
  const Id<model::Checklist> list = checklist_defined(context, written.of);
  const Id<model::Item> item = list ? item_named(context, list, written.name) : Id<model::Item>();
  if (!item || is_there(scope, model::OwnerKind::deal)) return item;
  context.sink.report(span, diag::MeasureOfOther, words(context, span), "a deal")
      .label(context.book.checklists[list].span, "the checklist is here")
      .hint("only a deal has a checklist");
  return {};
}

/// Whether the item stands at the level or above. Missing: none where it never does, reported.
ExprId at_least(Context& context, Id<model::Item> item, std::size_t level, const ast::Name& word, Span span) {
  if (level == 0) return join(context, Op::and_, {}, span);  // every item is there
  const ExprId reached = level_reached(context, item, level, span);
  if (!reached) report_never_reached(context, item, level, word.span);
  return reached;
}

/// One comparison with one level. Missing: none, reported.
ExprId compare_level(Context& context, Id<model::Item> item, Comparison comparison, const ast::Name& word, Span span) {
  const model::Checklist list = context.book.checklists[context.book.items[item].checklist];
  const auto level = level_named(context, list, word);
  if (!level) return {};
  const std::size_t top = list.levels.size() - 1;
  const bool above = comparison == Comparison::more_than || comparison == Comparison::at_most;
  const bool negated = comparison == Comparison::less_than || comparison == Comparison::at_most;
  if (above || comparison == Comparison::at_least || comparison == Comparison::less_than) {
    const std::size_t from = *level + (above ? 1 : 0);
    const bool never = from > top;
    const ExprId reached =
        never ? join(context, Op::or_, {}, span) : at_least(context, item, from, word, span);
    return reached ? negated_if(context, negated, reached, span) : ExprId();
  }
  const ExprId reached = at_least(context, item, *level, word, span);
  if (!reached) return {};
  const ExprId next = *level < top ? level_reached(context, item, *level + 1, span) : ExprId();
  const ExprId exactly = next ? join(context, Op::and_, {reached, negated_if(context, true, next, span)}, span) : reached;
  return negated_if(context, comparison == Comparison::is_not, exactly, span);
}

}  // namespace

ExprId negated_if(Context& context, bool negated, ExprId condition, Span span) {
  if (!negated) return condition;
  model::Expr expr = make(context, Op::not_, type_of(TypeKind::condition), span);
  expr.args = {condition};
  return add(context, std::move(expr));
}

ExprId level_reached(Context& context, Id<model::Item> id, std::size_t level, Span span) {
  const std::vector<ExprId>& levels = context.book.items[id].levels;
  std::vector<ExprId> needed;
  for (std::size_t i = 1; i <= level; ++i) {
    if (!levels[i]) return {};
    needed.push_back(levels[i]);
  }
  if (needed.size() == 1) return needed.front();
  const std::string said = joined_words(context, needed);
  const ExprId all = join(context, Op::and_, std::move(needed), span);
  context.book.exprs[all].words = said;
  return all;
}

const ast::OfName* item_at(Context& context, const Scope& scope, ast::ExprId id) {
  const auto* of = id ? std::get_if<ast::OfName>(&context.file.exprs[id].is) : nullptr;
  if (!of || !context.names.checklists.contains(of->of.text)) return nullptr;
  return is_event(context, of->of.text) || field_named(context, scope, of->of) ? nullptr : of;
}

ExprId check_item_compare(Context& context, const Scope& scope, const ast::OfName& item, const ast::Compare& node,
                          Span span) {
  const Span asked = context.file.exprs[node.left].span;
  const Id<model::Item> id = item_here(context, scope, item, asked);
  if (!id) return broken(context, span);
  if (report_tails(context, node.tails, asked)) return broken(context, span);
  const auto comparison = static_cast<Comparison>(node.comparison);
  if (comparison >= Comparison::before) {
    report_comparison(context, asked, words(context, asked), "a level", comparison,
                      "levels compare with `is`, `is at least`, `is at most`, `is more than` and `is less than`");
    return broken(context, span);
  }
  std::vector<ExprId> any;
  for (const ast::ExprId right : node.right) {
    const ast::Name word = word_at(context, right);
    const Span at = context.file.exprs[right].span;
    const ExprId one =
        compare_level(context, id, comparison, word.written() ? word : ast::Name{words(context, at), at}, span);
    if (!one) return broken(context, span);
    any.push_back(one);
  }
  const ExprId result = join(context, Op::or_, std::move(any), span);
  return result;
}

ExprId check_item_known(Context& context, const Scope& scope, const ast::OfName& item, const ast::Known& node,
                        Span span) {
  const Id<model::Item> id = item_here(context, scope, item, context.file.exprs[node.value].span);
  if (!id || report_tails(context, node.tails, context.file.exprs[node.value].span)) return broken(context, span);
  const ExprId known = compare_level(context, id, Comparison::at_least, ast::Name{"known", span}, span);
  return known ? negated_if(context, node.missing, known, span) : broken(context, span);
}

ExprId check_items_are(Context& context, const Scope& scope, const ast::AtLeastOf& node, Span span) {
  const Id<model::Checklist> id = checklist_named(context, *node.checklist);
  if (!id) return broken(context, span);
  const model::Checklist list = context.book.checklists[id];
  if (!is_there(scope, model::OwnerKind::deal)) {
    context.sink.report(node.checklist->span, diag::MeasureOfOther, list.name, "a deal")
        .label(list.span, "the checklist is here")
        .hint("only a deal has a checklist");
    return broken(context, span);
  }
  const auto level = level_named(context, list, *node.level);
  if (!level) return broken(context, span);
  model::Expr expr = make(context, Op::at_least_of, type_of(TypeKind::condition), span);
  expr.count = node.least;
  for (const Id<model::Item> item : list.items) {
    const ExprId reached = *level == 0 ? join(context, Op::and_, {}, span) : level_reached(context, item, *level, span);
    if (reached) expr.args.push_back(reached);
  }
  const auto there_are = static_cast<std::int64_t>(expr.args.size());
  if (node.least > there_are && !list.items.empty()) {
    context.sink.report(span, diag::MoreThanThereAre, node.least, there_are)
        .label(list.span, "the checklist is here")
        .hint("{} of its items can be `{}`", there_are, node.level->text);
  }
  return add(context, std::move(expr));
}

}  // namespace plumb::check
