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

bool is_later_version(const ast::Rule& earlier, const ast::Rule& later) {
  return earlier.name.span == later.name.span && earlier.name.span.known() && earlier.narrowed == later.narrowed;
}

std::vector<ast::Rule> versions_with(const ast::File& file, const std::vector<ast::Rule>& versions,
                                     const ast::Change& change) {
  const std::optional<time::Day> day = day_of_change(file, change);
  std::vector<ast::Rule> result;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const std::optional<time::Day> from = day_of_rule(file, versions[i]);
    const std::optional<time::Day> until = i + 1 < versions.size() ? day_of_rule(file, versions[i + 1]) : std::nullopt;
    ast::Rule later = merged(versions[i], change);
    const bool over = day && until && *day >= *until, splits = day && (!from || *day > *from);
    if (over || splits) result.push_back(versions[i]);
    if (over) continue;
    if (splits) later.header.effective_from = day;
    // A later version stays one from its own day on.
    if (!splits && i > 0) later.header.effective_from = from;
    result.push_back(std::move(later));
  }
  return result;
}

void make_versions(ast::File& file, const std::vector<std::size_t>& rows, const ast::Change& change,
                   std::vector<ast::Rule>& behind) {
  std::vector<ast::Rule> versions;
  for (const std::size_t row : rows) versions.push_back(std::get<ast::Rule>(file.declarations[row]));
  std::vector<ast::Rule> made = versions_with(file, versions, change);
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (i < rows.size()) {
      file.declarations[rows[i]] = std::move(made[i]);
    } else {
      behind.push_back(std::move(made[i]));
    }
  }
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
  for (ast::Declaration& declaration : file.declarations) {
    auto* rule = std::get_if<ast::Rule>(&declaration);
    if (rule && !file.sources.empty()) rule->header.effective_from = day_of_rule(file, *rule);
  }
}

}  // namespace plumb::check
