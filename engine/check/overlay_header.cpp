#include <algorithm>
#include <variant>

#include "check/overlay_parts.h"
#include "check/passes.h"

namespace plumb::check {

namespace {

/// The header with what the bases say where it says nothing, the nearest first.
void inherit(ast::Rulebook& own, const ast::Rulebook& base) {
  if (own.responses.empty()) own.responses = base.responses;
  if (!own.ladder) own.ladder = base.ladder;
  if (!own.calendar) own.calendar = base.calendar;
  if (!own.header.effective_from) own.header.effective_from = base.header.effective_from;
}

/// The calendar that governs where nobody names one: what the header says, else the first of the rulebook, else of its
/// nearest base.
std::optional<std::size_t> default_calendar(const ast::File& file) {
  std::vector<std::string_view> nearest{rulebook_of(file, Span{file.text, 0, 0})};
  for (const ast::Rulebook& base : file.bases) nearest.emplace_back(base.name.text);
  std::optional<std::size_t> found;
  std::size_t distance = nearest.size() + 1;
  for (std::size_t row = 0; row < file.declarations.size(); ++row) {
    const auto* calendar = std::get_if<ast::Calendar>(&file.declarations[row]);
    if (!calendar) continue;
    if (file.rulebook && file.rulebook->calendar && file.rulebook->calendar->text == calendar->name.text) return row;
    const auto at = std::ranges::find(nearest, rulebook_of(file, calendar->name.span));
    const auto here = static_cast<std::size_t>(at - nearest.begin());
    if (here < distance) {
      found = row;
      distance = here;
    }
  }
  return found;
}

}  // namespace

void merge_header(ast::File& file) {
  if (file.sources.empty()) return;
  if (!file.rulebook && !file.bases.empty()) {
    ast::Rulebook unwritten;
    unwritten.name.text = rulebook_of(file, Span{file.text, 0, 0});
    file.rulebook = std::move(unwritten);
  }
  for (const ast::Rulebook& base : file.bases) inherit(*file.rulebook, base);
  const auto row = default_calendar(file);
  if (!row) return;
  // The first calendar is the default.
  ast::Declaration calendar = std::move(file.declarations[*row]);
  file.declarations.erase(file.declarations.begin() + static_cast<std::ptrdiff_t>(*row));
  file.declarations.insert(file.declarations.begin(), std::move(calendar));
}

std::string_view another_rulebook(const ast::File& file, Span first, Span second) {
  if (file.sources.empty() || !first.known() || !second.known()) return {};
  const std::string_view rulebook = rulebook_of(file, first);
  return rulebook == rulebook_of(file, second) ? std::string_view() : rulebook;
}

std::string governing(const ast::File& file, Span written) {
  const std::string_view rulebook = rulebook_of(file, written);
  if (rulebook == rulebook_of(file, Span{file.text, 0, 0})) return {};
  const auto base = std::ranges::find_if(file.bases, [&](const ast::Rulebook& each) { return each.name.text == rulebook; });
  if (base == file.bases.end() || !base->version) return std::string(rulebook);
  return fmt::format("{} {}", rulebook, base->version->text);
}

std::string governing(const ast::File& file, Span written, Span declaration) {
  const std::string_view own = rulebook_of(file, Span{file.text, 0, 0});
  if (rulebook_of(file, written) == own && rulebook_of(file, declaration) != own) return std::string(own);
  return governing(file, written);
}

std::string governing(const ast::File& file, const source::Map& texts, const ast::Rule& rule) {
  if (file.sources.empty()) return {};
  const Span changed = rule.changed.known() ? rule.changed : rule.name.span;
  const std::string result = governing(file, changed, rule.name.span);
  return rule.part.known() ? fmt::format("{}, {}", result, words(texts, rule.part)) : result;
}

void name_governing(Context& context) {
  const ast::File& file = context.file;
  if (file.sources.empty()) return;
  for (model::Rule& rule : context.book.rules) {
    if (rule.origin == model::RuleOrigin::rule) continue;
    if (rule.responds_to) {
      rule.governed_by = context.book.rules[rule.responds_to->rule].governed_by;
      continue;
    }
    Span written = rule.span;
    Span declared = rule.span;
    if (rule.stage) declared = context.book.stages[rule.stage].span;
    if (rule.item) declared = context.book.items[rule.item].span;
    if (rule.origin == model::RuleOrigin::path) {
      const std::vector<model::Move>& moves = context.book.processes[rule.subject.process].moves;
      if (!moves.empty()) written = moves.back().span;
    }
    rule.governed_by = governing(file, written, declared);
  }
}

}  // namespace plumb::check
