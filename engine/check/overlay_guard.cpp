#include <algorithm>
#include <set>
#include <variant>

#include "check/overlay_edits.h"

namespace plumb::check {

namespace {

Span face_span(Span whole, Span name) { return whole.text == name.text ? Span{whole.text, whole.begin, name.end} : name; }

void report_sealed(Overlay& overlay, const Edit& edit, const Place& place, Span said) {
  const Span declared = name_span(overlay.file, place);
  overlay.sink.report(edit.wanted.name.span, diag::SealedDeclaration, edit.wanted.name.text, edit.done())
      .label(said.known() ? said : declared, said.known() ? "said here" : "declared here")
      .hint("what is `sealed` is the same for all that build on `{}`; a rule of your own may ask for more",
            rulebook_of(overlay.file, declared));
}

/// An event, a measure or a target on which a sealed rule builds is a part of it. Whether it was reported.
bool report_held(Overlay& overlay, const Edit& edit) {
  const bool defines =
      edit.wanted.kind == Kind::event || edit.wanted.kind == Kind::measure || edit.wanted.kind == Kind::target;
  const auto held = overlay.held.find(edit.wanted.name.text);
  if (!defines || held == overlay.held.end()) return false;
  if (held->second.guard == Guard::tighten_only && edit.change) return false;
  const Span here = face_span(edit.span(), edit.wanted.name.span);
  Diagnostic& diagnostic =
      held->second.guard == Guard::sealed
          ? overlay.sink.report(here, diag::SealedDeclaration, held->second.name, "changed")
          : overlay.sink.report(here, diag::StrictnessUndecided, held->second.name,
                                fmt::format("`{}` makes it stricter", words(overlay.texts, here)));
  diagnostic.label(held->second.span, "this builds on it")
      .hint("whoever changes `{}` changes `{}`", edit.wanted.name.text, held->second.name);
  return true;
}

void report_loose_removal(Overlay& overlay, const Edit& edit, const Place& place, Span said) {
  const Span face = face_span(span_of(overlay.file, place), name_span(overlay.file, place));
  const Span here = face_span(edit.span(), edit.wanted.name.span);
  Diagnostic& diagnostic = overlay.sink.report(
      here, diag::Loosened, overlay.texts.words(name_span(overlay.file, place)),
      fmt::format("`{}` is looser than `{}`", words(overlay.texts, here), words(overlay.texts, face)));
  diagnostic.label(face, "what it was");
  if (said.known()) diagnostic.label(said, "said here");
  diagnostic.hint("what is `tighten only` may be made stricter, and nothing else");
}

// ---- what stands around or below what is guarded ---------------------------------------------------------------------

std::size_t parts_in(const ast::Declaration& declaration) {
  if (const auto* process = std::get_if<ast::Process>(&declaration)) return process->stages.size();
  const auto* list = std::get_if<ast::Checklist>(&declaration);
  return list ? list->items.size() : 0;
}

/// The first stage or item of a process or checklist that is guarded by itself. Missing: nothing where none is.
std::optional<Place> guarded_part(const Overlay& overlay, const Place& place, Guard guard) {
  if (place.part) return std::nullopt;
  for (std::size_t part = 0; part < parts_in(overlay.file.declarations[place.row]); ++part) {
    const Place inner{place.row, part};
    if (guarded(overlay.file, inner, guard).is) return inner;
  }
  return std::nullopt;
}

/// Whatever removes a process removes its stages. Whether one of them is guarded; reported.
bool report_removed_part(Overlay& overlay, const Edit& edit, const Place& place) {
  for (const Guard guard : {Guard::sealed, Guard::tighten_only}) {
    const auto part = edit.remove ? guarded_part(overlay, place, guard) : std::nullopt;
    if (!part) continue;
    const Span said = guarded(overlay.file, *part, guard).span;
    if (guard == Guard::sealed) {
      report_sealed(overlay, edit, *part, said);
    } else {
      report_loose_removal(overlay, edit, *part, said);
    }
    return true;
  }
  return false;
}

/// The guarded rule, stage or item that asks nothing of deals which a process or checklist leaves out. Missing: nothing.
std::optional<Held> held_by_deals(const Overlay& overlay, const Place& place) {
  for (const Guard guard : {Guard::sealed, Guard::tighten_only}) {
    const auto part = guarded_part(overlay, place, guard);
    if (!part) continue;
    const Span name = name_span(overlay.file, *part);
    return Held{guard, std::string(overlay.texts.words(name)), name};
  }
  const auto* process = std::get_if<ast::Process>(&overlay.file.declarations[place.row]);
  if (!process) return std::nullopt;
  std::vector<std::string> names{process->name.text};
  for (const ast::Stage& stage : process->stages) names.push_back(stage.name.text);
  for (const std::string& name : names) {
    if (const auto held = overlay.held.find(name); held != overlay.held.end()) return held->second;
  }
  return std::nullopt;
}

void report_undecided(Overlay& overlay, const Held& held, Span before, Span after, std::string_view why) {
  Diagnostic& diagnostic =
      held.guard == Guard::sealed
          ? overlay.sink.report(after, diag::SealedDeclaration, held.name, "changed")
          : overlay.sink.report(after, diag::StrictnessUndecided, held.name,
                                fmt::format("`{}` makes it stricter", words(overlay.texts, after)));
  if (before.known()) diagnostic.label(before, "what it was");
  diagnostic.label(held.span, "this builds on it").hint("{}", why);
}

/// `for deals where` and `on hold while` decide which deals are asked anything, and when. Whether they were reported.
bool report_deals(Overlay& overlay, const Edit& edit, const Place& place) {
  if (place.part || !edit.change || guarded(overlay.file, place, Guard::tighten_only).is) return false;
  const auto decides = [](const ast::Clause& clause) {
    return clause.kind == ast::ClauseKind::for_deals || clause.kind == ast::ClauseKind::on_hold_while ||
           clause.kind == ast::ClauseKind::levels;
  };
  const auto clause = std::ranges::find_if(edit.change->body.clauses, decides);
  if (clause == edit.change->body.clauses.end()) return false;
  const auto held = held_by_deals(overlay, place);
  if (!held) return false;
  const ast::Body* body = body_of(overlay.file, place);
  Span before;
  for (const ast::Clause& was : body ? body->clauses : std::vector<ast::Clause>{}) {
    if (was.kind == clause->kind) before = was.span;
  }
  if (before.known() && same_words(overlay.texts, before, clause->span)) return false;
  report_undecided(overlay, *held, before, clause->span, "which deals it is asked of, and when, decides what it asks");
  return true;
}

/// Whether a field keeps its type and all its choices.
bool keeps(const ast::Field& before, const ast::Field& after) {
  std::set<std::string> now;
  for (const ast::Name& choice : after.choices) now.insert(choice.text);
  return before.type.text == after.type.text && before.choices.empty() == after.choices.empty() &&
         std::ranges::all_of(before.choices, [&](const ast::Name& choice) { return now.contains(choice.text); });
}

/// A field that a guarded rule asks for keeps what it could say before. Whether another was reported.
bool report_fields(Overlay& overlay, const Edit& edit, const Place& place) {
  if (!edit.change) return false;
  bool reported = false;
  const auto compare = [&](const std::vector<ast::Field>& before, const std::vector<ast::Field>& after) {
    for (const ast::Field& field : after) {
      const auto old = std::ranges::find_if(before, [&](const ast::Field& was) { return was.name.text == field.name.text; });
      const auto held = overlay.held.find(field.name.text);
      if (old == before.end() || held == overlay.held.end() || keeps(*old, field)) continue;
      report_undecided(overlay, held->second, old->span, field.span,
                       "more choices may be added; without one of them, or of another type, nothing can be told of deals "
                       "that had it");
      reported = true;
    }
  };
  const auto of = [&](const auto& after) {
    using T = std::decay_t<decltype(after)>;
    if constexpr (requires { after.fields; }) {
      if (const auto* before = std::get_if<T>(&overlay.file.declarations[place.row])) compare(before->fields, after.fields);
    }
  };
  std::visit(of, edit.change->to);
  return reported;
}

}  // namespace

void check_guards(Overlay& overlay, const Edit& edit) {
  for (const Place& place : edit.places) {
    const Guarded sealed = guarded(overlay.file, place, Guard::sealed);
    if (sealed.is) return report_sealed(overlay, edit, place, sealed.span);
    if (report_held(overlay, edit) || report_removed_part(overlay, edit, place)) return;
    if (report_deals(overlay, edit, place)) return;
    const Guarded tighten = guarded(overlay.file, place, Guard::tighten_only);
    if (edit.remove && tighten.is) return report_loose_removal(overlay, edit, place, tighten.span);
    if (tighten.is || !report_fields(overlay, edit, place)) {
      if (edit.change) check_strictness(overlay, place, *edit.change);
    }
  }
}

}  // namespace plumb::check
