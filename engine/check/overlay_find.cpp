#include <algorithm>
#include <array>
#include <type_traits>
#include <unordered_set>
#include <variant>

#include "check/overlay_parts.h"

namespace plumb::check {

namespace {

constexpr std::array<std::string_view, kinds> kind_words{
    "rule", "stage",     "item",    "rung",     "target", "measure",  "event", "plan",
    "ladder", "checklist", "process", "calendar", "fields", "activity", "record"};

template <class T>
constexpr std::optional<Kind> kind_of_declaration() {
  if constexpr (std::is_same_v<T, ast::Rule>) return Kind::rule;
  if constexpr (std::is_same_v<T, ast::Target>) return Kind::target;
  if constexpr (std::is_same_v<T, ast::Measure>) return Kind::measure;
  if constexpr (std::is_same_v<T, ast::EventDecl>) return Kind::event;
  if constexpr (std::is_same_v<T, ast::Plan>) return Kind::plan;
  if constexpr (std::is_same_v<T, ast::Ladder>) return Kind::ladder;
  if constexpr (std::is_same_v<T, ast::Checklist>) return Kind::checklist;
  if constexpr (std::is_same_v<T, ast::Process>) return Kind::process;
  if constexpr (std::is_same_v<T, ast::Calendar>) return Kind::calendar;
  if constexpr (std::is_same_v<T, ast::Fields>) return Kind::fields;
  if constexpr (std::is_same_v<T, ast::Activity>) return Kind::activity;
  if constexpr (std::is_same_v<T, ast::Record>) return Kind::record;
  return std::nullopt;
}

template <class T>
const ast::Name& name_in(const T& declaration) {
  if constexpr (std::is_same_v<T, ast::Fields>) {
    return declaration.of;
  } else {
    return declaration.name;
  }
}

/// The declaration's kind and name. Missing: no kind for what cannot be changed.
std::pair<std::optional<Kind>, const ast::Name*> face_of(const ast::Declaration& declaration) {
  return std::visit(
      [](const auto& written) -> std::pair<std::optional<Kind>, const ast::Name*> {
        using T = std::decay_t<decltype(written)>;
        constexpr auto kind = kind_of_declaration<T>();
        if constexpr (kind.has_value()) {
          return {kind, &name_in(written)};
        } else {
          return {};
        }
      },
      declaration);
}

/// The names of the stages, items or rungs of a declaration, in their order.
std::vector<const ast::Name*> parts_of(const ast::Declaration& declaration) {
  std::vector<const ast::Name*> result;
  const auto add = [&](const auto& parts) {
    for (const auto& part : parts) result.push_back(&part.name);
  };
  if (const auto* process = std::get_if<ast::Process>(&declaration)) add(process->stages);
  if (const auto* list = std::get_if<ast::Checklist>(&declaration)) add(list->items);
  if (const auto* ladder = std::get_if<ast::Ladder>(&declaration)) add(ladder->rungs);
  return result;
}

/// A rule may be named with its rulebook: `std.hygiene.no_past_close_date`.
void split(const Overlay& overlay, Wanted& wanted) {
  const std::size_t dot = wanted.name.text.rfind('.');
  if (wanted.kind != Kind::rule || dot == std::string::npos) return;
  for (const ast::Source& source : overlay.file.sources) {
    if (std::string_view(wanted.name.text).substr(0, dot) != source.rulebook) continue;
    wanted.rulebook = source.rulebook;
    wanted.name.text.erase(0, dot + 1);
    return;
  }
}

Span word_in(const ast::Body* body, ast::ClauseKind kind) {
  if (!body) return {};
  const auto found = std::ranges::find(body->clauses, kind, &ast::Clause::kind);
  return found == body->clauses.end() ? Span{} : found->span;
}

bool says(const ast::Header& header, Guard guard) {
  return guard == Guard::sealed ? header.sealed : header.tighten_only;
}

}  // namespace

std::optional<Kind> kind_of(std::string_view keyword) {
  if (keyword == "must" || keyword == "should" || keyword == "trial") return Kind::rule;
  const auto found = std::ranges::find(kind_words, keyword);
  if (found == kind_words.end()) return std::nullopt;
  return static_cast<Kind>(found - kind_words.begin());
}

std::string_view to_text(Kind kind) { return kind_words[static_cast<std::size_t>(kind)]; }

std::optional<Kind> container_of(Kind kind) {
  if (kind == Kind::stage) return Kind::process;
  if (kind == Kind::item) return Kind::checklist;
  if (kind == Kind::rung) return Kind::ladder;
  return std::nullopt;
}

std::string_view rulebook_of(const ast::File& file, Span span) {
  const auto found = std::ranges::find(file.sources, span.text, &ast::Source::text);
  return found == file.sources.end() ? std::string_view() : std::string_view(found->rulebook);
}

std::size_t rank_of(const ast::File& file, Span span) {
  const std::string_view rulebook = rulebook_of(file, span);
  const auto first = std::ranges::find(file.sources, rulebook, &ast::Source::rulebook);
  if (first == file.sources.end()) return 0;
  // Whatever their order in the file: a base may change what a library declares, and not the other way round.
  const std::size_t role = first->role == ast::Role::library ? 0 : first->role == ast::Role::base ? 1 : 2;
  return role * file.sources.size() + static_cast<std::size_t>(first - file.sources.begin());
}

const ast::Name& name_of(const ast::Change& change) {
  return std::visit([](const auto& written) -> const ast::Name& { return name_in(written); }, change.to);
}

Wanted wanted(const Overlay& overlay, const ast::Change& change) {
  Wanted result{kind_of(change.kind.text).value_or(Kind::rule), name_of(change), change.in, {}};
  split(overlay, result);
  return result;
}

Wanted wanted(const Overlay& overlay, const ast::Remove& remove) {
  Wanted result{kind_of(remove.kind.text).value_or(Kind::rule), remove.name, {}, {}};
  if (container_of(result.kind)) result.in = remove.in;
  split(overlay, result);
  return result;
}

std::vector<Place> places_of(const Overlay& overlay, const Wanted& wanted) {
  std::vector<Place> result;
  const Kind outer = container_of(wanted.kind).value_or(wanted.kind);
  for (std::size_t row = 0; row < overlay.file.declarations.size(); ++row) {
    const ast::Declaration& declaration = overlay.file.declarations[row];
    const auto [kind, name] = face_of(declaration);
    if (kind != outer || !name->written()) continue;
    if (!wanted.rulebook.empty() && rulebook_of(overlay.file, name->span) != wanted.rulebook) continue;
    if (outer == wanted.kind) {
      if (name->text == wanted.name.text) result.push_back({row, std::nullopt});
      continue;
    }
    if (wanted.in && wanted.in->written() && name->text != wanted.in->text) continue;
    const std::vector<const ast::Name*> parts = parts_of(declaration);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (parts[part]->text == wanted.name.text) result.push_back({row, part});
    }
  }
  return result;
}

std::vector<std::string> names_of(const Overlay& overlay, const Wanted& wanted, std::size_t rank) {
  std::vector<std::string> result;
  std::unordered_set<std::string_view> seen;
  const Kind outer = container_of(wanted.kind).value_or(wanted.kind);
  for (const ast::Declaration& declaration : overlay.file.declarations) {
    const auto [kind, name] = face_of(declaration);
    if (kind != outer || !name->written() || rank_of(overlay.file, name->span) >= rank) continue;
    if (outer == wanted.kind) {
      if (seen.insert(name->text).second) result.push_back(name->text);
    } else if (!wanted.in || name->text == wanted.in->text) {
      for (const ast::Name* part : parts_of(declaration)) result.push_back(part->text);
    }
  }
  return result;
}

Span name_span(const ast::File& file, const Place& place) {
  const ast::Declaration& declaration = file.declarations[place.row];
  return place.part ? parts_of(declaration)[*place.part]->span : face_of(declaration).second->span;
}

Span span_of(const ast::File& file, const Place& place) {
  const ast::Declaration& declaration = file.declarations[place.row];
  if (!place.part) return std::visit([](const auto& written) { return written.span; }, declaration);
  if (const auto* process = std::get_if<ast::Process>(&declaration)) return process->stages[*place.part].span;
  if (const auto* list = std::get_if<ast::Checklist>(&declaration)) return list->items[*place.part].span;
  return std::get<ast::Ladder>(declaration).rungs[*place.part].span;
}

const ast::Header* header_of(const ast::File& file, const Place& place) {
  const ast::Declaration& declaration = file.declarations[place.row];
  if (place.part) {
    if (const auto* process = std::get_if<ast::Process>(&declaration)) return &process->stages[*place.part].header;
    if (const auto* list = std::get_if<ast::Checklist>(&declaration)) return &list->items[*place.part].header;
    return nullptr;
  }
  return std::visit(
      [](const auto& written) -> const ast::Header* {
        if constexpr (requires { written.header; }) {
          return &written.header;
        } else {
          return nullptr;
        }
      },
      declaration);
}

const ast::Body* body_of(const ast::File& file, const Place& place) {
  const ast::Body* whole = std::visit(
      [](const auto& written) -> const ast::Body* {
        if constexpr (requires { written.body; }) {
          return &written.body;
        } else {
          return nullptr;
        }
      },
      file.declarations[place.row]);
  if (!place.part || !whole) return whole;
  const auto found = std::ranges::find(whole->clauses, span_of(file, place), &ast::Clause::span);
  return found == whole->clauses.end() ? nullptr : &found->body;
}

Guarded guarded(const ast::File& file, const Place& place, Guard guard) {
  const ast::ClauseKind kind = guard == Guard::sealed ? ast::ClauseKind::sealed : ast::ClauseKind::tighten;
  const ast::Header* own = header_of(file, place);
  if (own && says(*own, guard)) return {true, word_in(body_of(file, place), kind)};
  if (place.part) return guarded(file, {place.row, std::nullopt}, guard);
  const std::string_view rulebook = rulebook_of(file, name_span(file, place));
  const auto base = std::ranges::find_if(file.bases, [&](const ast::Rulebook& each) { return each.name.text == rulebook; });
  if (base == file.bases.end() || !says(base->header, guard)) return {};
  return {true, word_in(&base->body, kind)};
}

}  // namespace plumb::check
