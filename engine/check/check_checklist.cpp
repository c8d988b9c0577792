#include <algorithm>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

void check_levels(Context& context, const ast::Checklist& written, model::Checklist& list) {
  std::map<std::string, Span> seen;
  for (const ast::Name& level : written.levels) {
    if (!level.written()) continue;
    const auto [first, is_new] = seen.try_emplace(level.text, level.span);
    if (is_new) {
      list.levels.push_back(level.text);
    } else {
      report_duplicate(context, level, "a level", first->second);
    }
  }
  if (written.levels.empty()) list.levels = {"open", "known"};
  if (list.levels.size() != 1 || written.levels.size() != 1) return;
  context.sink.report(written.levels.front().span, diag::LoneLevel, list.levels.front())
      .hint("the lowest level needs nothing: write the levels above it, too, or leave the line out");
}

/// Keeps a level's condition, and reports one that the list does not have, or not here.
void check_level(Context& context, const ast::Level& line, const model::Checklist& list, model::Item& item,
                 std::size_t& last) {
  Scope scope;
  const ExprId when = check_condition(context, scope, line.when);
  const auto level = level_named(context, list, line.name);
  if (!level || !when) return;
  if (item.levels[*level]) {
    context.sink.report(line.span, diag::RepeatedClause, fmt::format("level {}", spelled(line.name.text)))
        .label(context.book.exprs[item.levels[*level]].span, "the first is here")
        .hint("join the two with `and` or `or`");
    return;
  }
  if (*level < last) {
    context.sink.report(line.name.span, diag::LevelOrder, line.name.text, list.levels[last])
        .hint("from the lowest: {}", listed(list.levels));
  }
  last = std::max(last, *level);
  if (*level > 0) {
    item.levels[*level] = when;
    return;
  }
  context.sink.report(line.span, diag::ClauseWithoutEffect, words(context, line.span))
      .hint("`{}` is the lowest level, where every item is", line.name.text);
}

/// Reports an item that stands at the lowest level for ever, or a level above one that is never reached.
void check_reached(Context& context, Id<model::Item> id) {
  const model::Item& item = context.book.items[id];
  std::size_t gap = 1;
  while (gap < item.levels.size() && item.levels[gap]) ++gap;
  const bool above = std::any_of(item.levels.begin() + static_cast<std::ptrdiff_t>(std::min(gap, item.levels.size())),
                                 item.levels.end(), [](ExprId level) { return static_cast<bool>(level); });
  if (gap < item.levels.size() && (gap == 1 || above)) report_never_reached(context, id, gap, item.span);
}

void check_item(Context& context, const ast::Item& written, Id<model::Checklist> id) {
  model::Item item;
  item.name = written.name.text;
  item.title = written.title ? written.title->text : "";
  item.checklist = id;
  item.because = written.because ? written.because->text : "";
  item.header = header_from(written.header);
  item.span = written.name.span;
  const model::Checklist list = context.book.checklists[id];
  item.levels.resize(list.levels.size());
  std::size_t last = 0;
  const std::size_t errors = context.sink.errors();
  for (const ast::Level& level : written.levels) check_level(context, level, list, item, last);
  const Id<model::Item> added = context.book.items.add(std::move(item));
  context.book.checklists[id].items.push_back(added);
  if (context.sink.errors() == errors && list.levels.size() > 1) check_reached(context, added);
}

void check_items(Context& context, const ast::Checklist& written, Id<model::Checklist> id) {
  std::map<std::string, Span> seen;
  for (const ast::Item& item : written.items) {
    if (!item.name.written()) continue;
    const auto [first, is_new] = seen.try_emplace(item.name.text, item.name.span);
    if (is_new) {
      check_item(context, item, id);
    } else {
      report_duplicate(context, item.name, "an item", first->second);
    }
  }
  if (written.items.empty() && context.file.whole) {
    context.sink.report(written.name.span, diag::EmptyChecklist, written.name.text)
        .hint("say what has to be known: `item money {{ level known when budget is known }}`");
  }
}

Id<model::Checklist> define(Context& context, const ast::Checklist& written) {
  model::Checklist list;
  list.name = written.name.text;
  list.title = written.title ? written.title->text : "";
  list.because = written.because ? written.because->text : "";
  list.header = header_from(written.header);
  list.span = written.name.span;
  check_levels(context, written, list);
  list.for_deals_where = check_condition(context, Scope{}, written.for_deals_where);
  const Id<model::Checklist> id = context.book.checklists.add(std::move(list));
  check_items(context, written, id);
  return id;
}

}  // namespace

void declare_checklists(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Checklist>(&declaration);
    if (!written || !written->name.written()) continue;
    auto& list = context.names.checklists[written->name.text];
    if (list.written) {
      report_duplicate(context, written->name, "a checklist", list.written->name.span);
    } else {
      list.written = written;
    }
  }
}

void check_checklists(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Checklist>(&declaration);
    if (!written) continue;
    const auto found = context.names.checklists.find(written->name.text);
    if (found != context.names.checklists.end() && found->second.written == written)
      checklist_defined(context, written->name);
  }
}

Id<model::Checklist> checklist_named(Context& context, const ast::Name& name) {
  if (context.names.checklists.contains(name.text)) return checklist_defined(context, name);
  unknown(context, name, keys(context, context.names.checklists), diag::UnknownChecklist, name.text);
  return {};
}

Id<model::Checklist> checklist_defined(Context& context, const ast::Name& name) {
  return defined(context, context.names.checklists.at(name.text), name,
                 [&](auto& definition) { definition.made = define(context, *definition.written); });
}

std::optional<std::size_t> level_named(Context& context, const model::Checklist& list, const ast::Name& name) {
  const auto found = std::ranges::find(list.levels, name.text);
  if (found != list.levels.end()) return static_cast<std::size_t>(found - list.levels.begin());
  if (!name.written()) return std::nullopt;
  Diagnostic& diagnostic = context.sink.report(name.span, diag::UnknownLevel, list.name, name.text);
  suggest_nearest(diagnostic, name, list.levels);
  diagnostic.hint("from the lowest: {}", listed(list.levels));
  return std::nullopt;
}

void report_never_reached(Context& context, Id<model::Item> id, std::size_t level, Span span) {
  const model::Item& item = context.book.items[id];
  const std::string& name = context.book.checklists[item.checklist].levels[level];
  Diagnostic& diagnostic = context.sink.report(span, diag::LevelNeverReached, item.name, name);
  if (span != item.span) diagnostic.label(item.span, "the item is here");
  diagnostic.hint("say when it does: `level {} when …`", spelled(name));
}

}  // namespace plumb::check
