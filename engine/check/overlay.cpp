#include "check/overlay.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "check/overlay_edits.h"

namespace plumb::check {

namespace {

const ast::Change* as_change(const ast::Declaration& declaration) { return std::get_if<ast::Change>(&declaration); }
const ast::Remove* as_remove(const ast::Declaration& declaration) { return std::get_if<ast::Remove>(&declaration); }

Span span_of(const ast::Declaration& declaration) {
  return std::visit([](const auto& written) { return written.span; }, declaration);
}

/// What one rulebook makes of those before it: rules that are added behind a row, and what goes.
struct Outcome {
  std::map<std::size_t, std::vector<ast::Rule>> behind;  // by row
  std::vector<Place> gone;
};

// ---- removing -------------------------------------------------------------------------------------------------------

void note_removed(Overlay& overlay, const Edit& edit) {
  const Span span{edit.remove->span.text, edit.remove->span.begin, edit.wanted.name.span.end};
  const auto note = [&](const std::string& name, Kind kind) {
    overlay.removed.emplace(name, Removed{fmt::format("the {}", to_text(kind)), span});
  };
  if (edit.wanted.kind != Kind::fields) note(edit.wanted.name.text, edit.wanted.kind);
  for (const Place& place : edit.places) {
    const ast::Declaration& declaration = overlay.file.declarations[place.row];
    if (const auto* process = std::get_if<ast::Process>(&declaration); process && !place.part) {
      for (const ast::Stage& stage : process->stages) note(stage.name.text, Kind::stage);
    }
    if (const auto* fields = std::get_if<ast::Fields>(&declaration)) {
      for (const ast::Field& field : fields->fields)
        overlay.removed.emplace(field.name.text, Removed{"the field", span});
    }
  }
}

template <class T>
void erase_part(std::vector<T>& parts, ast::Body& body, std::size_t part) {
  std::erase_if(body.clauses, [&](const ast::Clause& clause) { return clause.span == parts[part].span; });
  parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(part));
}

void erase_part(ast::Declaration& declaration, std::size_t part) {
  if (auto* process = std::get_if<ast::Process>(&declaration)) erase_part(process->stages, process->body, part);
  if (auto* list = std::get_if<ast::Checklist>(&declaration)) erase_part(list->items, list->body, part);
  if (auto* ladder = std::get_if<ast::Ladder>(&declaration)) erase_part(ladder->rungs, ladder->body, part);
}

/// Takes out what is gone and puts in what is new. Rows: all others stay in their order.
void settle(ast::File& file, Outcome outcome) {
  std::set<std::size_t> rows;
  // From the last part to the first, so that the numbers of those before stay good.
  std::ranges::sort(outcome.gone, [](const Place& a, const Place& b) { return a.part > b.part; });
  for (const Place& place : outcome.gone) {
    if (!place.part) rows.insert(place.row);
    if (place.part) erase_part(file.declarations[place.row], *place.part);
  }
  std::vector<ast::Declaration> result;
  for (std::size_t row = 0; row < file.declarations.size(); ++row) {
    if (!rows.contains(row)) result.push_back(std::move(file.declarations[row]));
    const auto added = outcome.behind.find(row);
    if (added == outcome.behind.end()) continue;
    for (ast::Rule& rule : added->second) result.emplace_back(std::move(rule));
  }
  file.declarations = std::move(result);
}

// ---- changing -------------------------------------------------------------------------------------------------------

/// A field that is there already is replaced where it stands, a new one comes to the first.
void merge_fields(ast::File& file, const Edit& edit) {
  for (std::size_t i = 0; i < edit.places.size(); ++i) {
    const auto& old = std::get<ast::Fields>(file.declarations[edit.places[i].row]);
    ast::Change here = *edit.change;
    std::erase_if(std::get<ast::Fields>(here.to).fields, [&](const ast::Field& field) {
      const auto has = [&](const Place& place) {
        const auto& fields = std::get<ast::Fields>(file.declarations[place.row]).fields;
        return std::ranges::any_of(fields, [&](const ast::Field& other) { return other.name.text == field.name.text; });
      };
      const bool known = std::ranges::any_of(edit.places, has);
      const bool known_here =
          std::ranges::any_of(old.fields, [&](const ast::Field& other) { return other.name.text == field.name.text; });
      return known ? !known_here : i > 0;
    });
    merge(file, edit.places[i], here);
  }
}

/// A rule at all its rows: what is in force from a later day on comes behind each.
void make_rule(ast::File& file, const Edit& edit, Outcome& outcome) {
  for (const Place& place : edit.places) {
    auto later = split_off(file, std::get<ast::Rule>(file.declarations[place.row]), *edit.change,
                           [&](const ast::Rule& old) { return merged(old, *edit.change); });
    if (later) outcome.behind[place.row].push_back(std::move(*later));
  }
}

void make_whole(Overlay& overlay, const Edit& edit, Outcome& outcome) {
  if (edit.wanted.kind == Kind::fields) return merge_fields(overlay.file, edit);
  if (edit.wanted.kind == Kind::rule) return make_rule(overlay.file, edit, outcome);
  for (const Place& place : edit.places) merge(overlay.file, place, *edit.change);
}

/// The changes of rules for parts of their subjects: all on the rule as this rulebook has it for the others.
void make_parts(Overlay& overlay, const std::vector<Edit>& edits, Outcome& outcome) {
  std::map<std::size_t, std::vector<ast::Rule>> before;
  for (const Edit& edit : edits) {
    if (!edit.change || !part_of(*edit.change)) continue;
    std::vector<ast::Rule> now;
    for (const Place& place : edit.places) now.push_back(std::get<ast::Rule>(overlay.file.declarations[place.row]));
    const auto stood = before.try_emplace(edit.places.front().row, now).first;
    std::vector<ast::Rule>& behind = outcome.behind[edit.places.back().row];
    now.insert(now.end(), behind.begin(), behind.end());
    merge_part(overlay, stood->second, *edit.change, now);
    const auto own = now.begin() + static_cast<std::ptrdiff_t>(edit.places.size());
    behind.assign(own, now.end());
    for (std::size_t i = 0; i < edit.places.size(); ++i)
      overlay.file.declarations[edit.places[i].row] = std::move(now[i]);
  }
}

/// Puts later versions of rules where they belong, and looks up anew what was not made yet.
void settle_versions(Overlay& overlay, std::vector<Edit>& edits, Outcome& outcome) {
  std::erase_if(outcome.behind, [](const auto& rules) { return rules.second.empty(); });
  if (outcome.behind.empty()) return;
  settle(overlay.file, std::exchange(outcome, {}));
  for (Edit& edit : edits) {
    edit.places = places_of(overlay, edit.wanted);
    const std::size_t rank = rank_of(overlay.file, edit.span());
    std::erase_if(edit.places,
                  [&](const Place& place) { return rank_of(overlay.file, name_span(overlay.file, place)) >= rank; });
  }
}

Outcome make(Overlay& overlay, std::vector<Edit> edits) {
  Outcome outcome;
  for (const Edit& edit : edits) {
    if (edit.change && !part_of(*edit.change)) make_whole(overlay, edit, outcome);
  }
  settle_versions(overlay, edits, outcome);
  make_parts(overlay, edits, outcome);
  for (const Edit& edit : edits) {
    if (!edit.remove) continue;
    note_removed(overlay, edit);
    outcome.gone.insert(outcome.gone.end(), edit.places.begin(), edit.places.end());
  }
  return outcome;
}

/// What every rulebook changes, by its rank: the base first.
using Edits = std::map<std::size_t, std::vector<Edit>>;

Edits edits_of(const Overlay& overlay, const ast::File& file) {
  Edits result;
  for (const ast::Declaration& declaration : file.declarations) {
    const ast::Change* change = as_change(declaration);
    const ast::Remove* remove = as_remove(declaration);
    if (!change && !remove) continue;
    Edit edit{change, remove, change ? wanted(overlay, *change) : wanted(overlay, *remove), {}};
    result[rank_of(file, edit.span())].push_back(std::move(edit));
  }
  return result;
}

// ---- afterwards -----------------------------------------------------------------------------------------------------

/// What was followed, and what was made or reported, has nothing more to say.
void drop_done(ast::File& file, const std::vector<Span>& elsewhere) {
  const bool followed = !file.sources.empty() && !file.open;
  std::erase_if(file.declarations, [&](const ast::Declaration& declaration) {
    if (std::holds_alternative<ast::Use>(declaration) || std::holds_alternative<ast::Extends>(declaration))
      return followed;
    if (!as_change(declaration) && !as_remove(declaration)) return false;
    return std::ranges::find(elsewhere, span_of(declaration)) == elsewhere.end();
  });
}

/// Puts together whose rule it is from what the rule says and what the parts leave.
void narrow_subjects(ast::File& file) {
  for (ast::Declaration& declaration : file.declarations) {
    auto* rule = std::get_if<ast::Rule>(&declaration);
    if (!rule || !rule->subject || rule->narrowed.empty()) continue;
    std::vector<ast::ExprId> all = rule->narrowed;
    if (rule->subject->where) all.insert(all.begin(), rule->subject->where);
    rule->subject->where = all.size() == 1 ? all.front() : file.exprs.add({ast::And{std::move(all)}, {}});
  }
}

}  // namespace

bool is_overlaid(const ast::File& file) {
  return !file.sources.empty() || std::ranges::any_of(file.declarations, [](const ast::Declaration& declaration) {
    return as_change(declaration) || as_remove(declaration);
  });
}

Overlaid overlay(const ast::File& file, const source::Map& texts, diagnostics::Sink& sink) {
  Overlay overlay{texts, sink, file, {}, {}};
  std::vector<Span> elsewhere;
  for (auto& [rank, edits] : edits_of(overlay, file)) {
    overlay.held = held_names(overlay.file, texts, rank);
    std::vector<Edit> found;
    for (Edit& edit : edits) {
      const Found is = find(overlay, edit);
      if (is == Found::elsewhere) elsewhere.push_back(edit.span());
      if (is == Found::yes) found.push_back(std::move(edit));
    }
    settle(overlay.file, make(overlay, check_edits(overlay, std::move(found))));
  }
  date_rules(overlay.file);
  drop_done(overlay.file, elsewhere);
  narrow_subjects(overlay.file);
  merge_header(overlay.file);
  return {std::move(overlay.file), std::move(overlay.removed)};
}

}  // namespace plumb::check
