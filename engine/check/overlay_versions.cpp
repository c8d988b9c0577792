#include <algorithm>
#include <iterator>
#include <variant>

#include "check/overlay_parts.h"

namespace plumb::check {

namespace {

std::optional<time::Day> said_by(const ast::File& file, std::string_view rulebook) {
  if (file.rulebook && rulebook == rulebook_of(file, Span{file.text, 0, 0}))
    return file.rulebook->header.effective_from;
  const auto base =
      std::ranges::find_if(file.bases, [&](const ast::Rulebook& each) { return each.name.text == rulebook; });
  return base == file.bases.end() ? std::nullopt : base->header.effective_from;
}

/// The rulebook whose `use` of a library comes first, the base before what builds on it; the library itself where none
/// is known.
std::string_view first_user(const ast::File& file, std::string_view library) {
  std::optional<std::size_t> first;
  std::string_view user = library;
  for (const ast::Declaration& declaration : file.declarations) {
    const auto* use = std::get_if<ast::Use>(&declaration);
    if (!use || use->name.text != library) continue;
    const std::size_t rank = rank_of(file, use->span);
    if (!first || rank < *first) first = rank, user = rulebook_of(file, use->span);
  }
  return user;
}

std::optional<time::Day> day_of_rule(const ast::File& file, const ast::Rule& rule) {
  if (rule.header.effective_from) return rule.header.effective_from;
  return day_of_rulebook(file, rulebook_of(file, rule.changed.known() ? rule.changed : rule.name.span));
}

/// From when on a change is in force: its own day, else that of its rulebook. Missing: nothing where neither says one.
std::optional<time::Day> day_of_change(const ast::File& file, const ast::Change& change) {
  const ast::Header& own = std::get<ast::Rule>(change.to).header;
  return own.effective_from ? own.effective_from : said_by(file, rulebook_of(file, change.span));
}

}  // namespace

bool is_same_rule(const ast::Rule& one, const ast::Rule& other) {
  return one.name.span.known() && one.name.span == other.name.span;
}

std::optional<ast::Rule> split_off(const ast::File& file, ast::Rule& rule, const ast::Change& change,
                                   const Edited& edit) {
  const std::optional<time::Day> day = day_of_change(file, change);
  const std::optional<time::Day> from = day_of_rule(file, rule), until = rule.until;
  if (day && until && *day >= *until) return std::nullopt;
  ast::Rule later = edit(rule);
  if (day && (!from || *day > *from)) {
    later.header.effective_from = day, later.later = true;
    rule.until = day;
    return later;
  }
  // A later version stays one from its own day on.
  if (rule.later) later.header.effective_from = from;
  rule = std::move(later);
  return std::nullopt;
}

std::optional<time::Day> day_of_rulebook(const ast::File& file, std::string_view rulebook) {
  const std::string_view own = rulebook_of(file, Span{file.text, 0, 0});
  if (rulebook == own) {
    if (const auto said = said_by(file, own)) return said;
  }
  // The bases stand there with the nearest first: what a rulebook builds on comes behind it.
  auto base = std::ranges::find_if(file.bases, [&](const ast::Rulebook& each) { return each.name.text == rulebook; });
  if (base == file.bases.end() && rulebook != own) {
    const auto written = std::ranges::find(file.sources, rulebook, &ast::Source::rulebook);
    if (written != file.sources.end() && written->role == ast::Role::base) return std::nullopt;  // without a header
    const std::string_view user = first_user(file, rulebook);
    return day_of_rulebook(file, user == rulebook ? own : user);
  }
  if (rulebook == own) base = file.bases.begin();
  for (; base != file.bases.end(); ++base) {
    if (base->header.effective_from) return base->header.effective_from;
  }
  return std::nullopt;
}

std::optional<time::Day> day_of_text(const ast::File& file, Span written) {
  if (file.sources.empty()) return file.rulebook ? file.rulebook->header.effective_from : std::nullopt;
  return day_of_rulebook(file, rulebook_of(file, written));
}

void date_rules(ast::File& file) {
  if (file.sources.empty()) return;
  const auto as_rule = [](ast::Declaration& declaration) { return std::get_if<ast::Rule>(&declaration); };
  for (ast::Declaration& declaration : file.declarations) {
    if (ast::Rule* rule = as_rule(declaration)) rule->header.effective_from = day_of_rule(file, *rule);
  }
  const auto end = file.declarations.end();
  for (auto begin = file.declarations.begin(); begin != end; ++begin) {
    const ast::Rule* first = as_rule(*begin);
    if (!first) continue;
    auto last = begin + 1;
    while (last != end && as_rule(*last) && is_same_rule(*first, *as_rule(*last))) ++last;
    std::stable_sort(begin, last, [&](const ast::Declaration& a, const ast::Declaration& b) {
      return std::get<ast::Rule>(a).header.effective_from < std::get<ast::Rule>(b).header.effective_from;
    });
    begin = last - 1;
  }
}

}  // namespace plumb::check
