#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::EventKind;

EventId entering(Context& context, Id<model::Stage> stage, Span span) {
  model::Event event;
  event.kind = EventKind::enters;
  event.stage = stage;
  event.words = fmt::format("enters {}", spelled(context.book.stages[stage].name));
  event.span = span;
  return context.book.events.add(std::move(event));
}

ExprId standing_in(Context& context, const ast::Need& need, Id<model::Stage> stage) {
  model::Expr expr = make(context, model::Op::in_stage, type_of(TypeKind::condition), need.span);
  expr.stages = need.or_later ? stage_or_later(context, stage) : std::vector{stage};
  expr.words = fmt::format("in {}{}", spelled(context.book.stages[stage].name), need.or_later ? " or later" : "");
  return add(context, std::move(expr));
}

/// What the need expects. Missing: none where it expects nothing or what never comes (reported).
ExprId expected(Context& context, const ast::Need& need, Id<model::Item> id) {
  const model::Checklist& list = context.book.checklists[context.book.items[id].checklist];
  const auto level = level_named(context, list, need.level);
  if (!level) return {};
  if (*level == 0) {
    context.sink.report(need.span, diag::ClauseWithoutEffect, words(context, need.span))
        .hint("`{}` is the lowest level, where every item is", need.level.text);
    return {};
  }
  const ExprId reached = level_reached(context, id, *level, need.level.span);
  if (!reached && !context.book.items[id].levels[1]) return {};  // the item itself was reported
  if (!reached) report_never_reached(context, id, *level, need.level.span);
  return reached;
}

std::string subject_words(const Context& context, const model::Rule& rule) {
  const std::string process = spelled(context.book.processes[rule.subject.process].name);
  if (!rule.subject.where) return fmt::format("each deal of {}", process);
  return fmt::format("each deal of {} where {}", process, context.book.exprs[rule.subject.where].words);
}

void check_need(Context& context, const ast::Need& need, const ast::Item& line, Id<model::Item> id, model::Rule rule) {
  const ExprId expect = expected(context, need, id);
  const Id<model::Stage> stage = need.stage.written() ? stage_named(context, Scope{}, need.stage) : Id<model::Stage>();
  if (!stage || !expect) return;
  rule.expect = expect;
  rule.stage = stage;
  rule.subject.process = context.book.stages[stage].process;
  rule.shape = need.while_in ? model::Shape::while_ : model::Shape::at;
  if (need.while_in) {
    rule.while_condition = standing_in(context, need, stage);
  } else {
    rule.trigger = entering(context, stage, need.span);
  }
  rule.responses = check_responses(context, line.responses);
  rule.span = need.span;
  rule.sentence = sentence_of(context.book, rule, subject_words(context, rule));
  context.book.rules.push_back(std::move(rule));
}

void check_item(Context& context, const ast::Item& line, Id<model::Item> id) {
  const model::Item& item = context.book.items[id];
  const model::Checklist& list = context.book.checklists[item.checklist];
  model::Rule rule;
  rule.title = item.title;
  rule.origin = model::RuleOrigin::needs;
  rule.item = id;
  rule.subject.where = list.for_deals_where;
  rule.because = item.because;
  rule.header = item.header;
  rule.effective_from = item.header.effective_from ? item.header.effective_from : list.header.effective_from;
  const std::string name = fmt::format("{}.{}", list.name, item.name);
  for (std::size_t i = 0; i < line.needs.size(); ++i) {
    rule.name = i == 0 ? name : fmt::format("{}.{}", name, i + 1);
    check_need(context, line.needs[i], line, id, rule);
  }
  if (line.needs.empty()) check_responses(context, line.responses);
  check_text(context, Scope{}, line.title);
  check_text(context, Scope{}, line.because);
  for (const ast::Response& response : line.responses) check_text(context, Scope{}, response.text);
}

}  // namespace

void check_needs(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Checklist>(&declaration);
    if (!written) continue;
    const auto found = context.names.checklists.find(written->name.text);
    if (found == context.names.checklists.end() || found->second.written != written || !found->second.made) continue;
    const std::vector<Id<model::Item>> items = context.book.checklists[found->second.made].items;
    std::size_t next = 0;
    for (const ast::Item& line : written->items) {
      const bool kept = next < items.size() && context.book.items[items[next]].span == line.name.span;
      if (kept) check_item(context, line, items[next++]);
    }
  }
}

}  // namespace plumb::check
