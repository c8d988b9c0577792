#include <algorithm>
#include <variant>

#include "check/overlay_judge.h"

namespace plumb::check {

namespace {

/// A field that was not there asks nothing; one that was keeps its type and its choices.
template <class T>
void judge_fields(const Two& two, const T& before, const T& after) {
  judge_header(two, ClauseKind::effective, before.header, after.header);
  for (const ast::Field& field : after.fields) {
    const auto old = std::ranges::find_if(before.fields, [&](const ast::Field& f) { return f.name.text == field.name.text; });
    if (old == before.fields.end() || same_words(two.overlay.texts, old->span, field.span)) continue;
    two.judgement.judge(Direction::undecided, old->span, field.span,
                        "what the field may say decides what rules find in it");
  }
}

/// `is V`: what a definition of one line says.
template <class T>
Span behind_name(const T& written, const std::optional<ast::Text>& title) {
  const Span end = written.body.span;
  return {written.span.text, title ? title->span.end : written.name.span.end,
          end.known() ? end.begin : written.span.end};
}

template <class T>
void judge_value(const Two& two, const T& before, const T& after, Span old_value, Span value) {
  if (!same_words(two.overlay.texts, old_value, value))
    two.judgement.judge(Direction::undecided, old_value, value, "every rule that names it then asks something else");
  judge_clauses(two, before, after, [](ClauseKind) {});
}

template <class T>
void judge_any(const Two& two, const T& before, const T& after) {
  judge_clauses(two, before, after, [&](ClauseKind kind) {
    judge(two, kind, Direction::undecided, std::string(text_decides));
  });
}

void judge_rung(const Two& two) {
  if (!same_clauses(two, ClauseKind::step)) judge(two, ClauseKind::step, Direction::undecided, std::string(text_decides));
}

void judge_part(const Two& two, const Place& place, const ast::Change& change) {
  const ast::Declaration& whole = two.overlay.file.declarations[place.row];
  if (const auto* stage = std::get_if<ast::Stage>(&change.to))
    return judge_stage(two, std::get<ast::Process>(whole).stages[*place.part], *stage);
  if (const auto* item = std::get_if<ast::Item>(&change.to))
    return judge_item(two, std::get<ast::Checklist>(whole).items[*place.part], *item);
  judge_rung(two);
}

void judge_whole(const Two& two, const Place& place, const ast::Change& change) {
  const ast::File& file = two.overlay.file;
  const ast::Declaration& old = file.declarations[place.row];
  const auto judge_as = [&](const auto& after) {
    using T = std::decay_t<decltype(after)>;
    if constexpr (is_among<T, ast::Declaration>) {
      const T& before = std::get<T>(old);
      if constexpr (std::is_same_v<T, ast::Rule>) {
        judge_rule(two, change, before, after);
      } else if constexpr (std::is_same_v<T, ast::Target>) {
        judge_target(two.overlay, before, after, two.judgement);
        judge_clauses(two, before, after, [](ClauseKind) {});
      } else if constexpr (std::is_same_v<T, ast::Measure>) {
        judge_value(two, before, after, behind_name(before, before.title), behind_name(after, after.title));
      } else if constexpr (std::is_same_v<T, ast::EventDecl>) {
        judge_value(two, before, after, behind_name(before, {}), behind_name(after, {}));
      } else if constexpr (requires { before.fields; }) {
        judge_fields(two, before, after);
      } else {
        judge_any(two, before, after);
      }
    }
  };
  std::visit(judge_as, change.to);
}

/// What must not become looser, and where that is said.
struct Protected {
  std::string name;
  Span said;              // `tighten only`; unknown where the rulebook's header says it
  bool by_another = false;  // it is a rule that builds on what is changed
};

void report(Overlay& overlay, const Objection& objection, const Protected& what) {
  const bool looser = objection.direction == Direction::looser;
  const auto said = [&](Span span) { return words(overlay.texts, span); };
  std::string compared = fmt::format("`{}` {}", said(objection.after), looser ? "is looser than" : "is stricter than");
  compared += objection.before.known() ? fmt::format(" `{}`", said(objection.before)) : " nothing of the kind";
  Diagnostic& diagnostic =
      overlay.sink.report(objection.after, looser ? diag::Loosened : diag::StrictnessUndecided, what.name, compared);
  if (objection.before.known()) diagnostic.label(objection.before, "what it was");
  if (what.said.known()) diagnostic.label(what.said, what.by_another ? "this builds on it" : "said here");
  diagnostic.hint("{}", objection.why);
  diagnostic.hint("what is `tighten only` may be made stricter, and nothing else");
}

/// What the change would loosen. Missing: nothing where it may do as it likes.
std::optional<Protected> protected_from(const Overlay& overlay, const Place& place, const ast::Change& change) {
  const Guarded guard = guarded(overlay.file, place, Guard::tighten_only);
  if (guard.is) return Protected{name_of(change).text, guard.span, false};
  const auto held = overlay.held.find(name_of(change).text);
  const bool defines = std::holds_alternative<ast::EventDecl>(change.to) ||
                       std::holds_alternative<ast::Measure>(change.to) || std::holds_alternative<ast::Target>(change.to);
  if (!defines || held == overlay.held.end()) return std::nullopt;
  return Protected{held->second.name, held->second.span, true};
}

}  // namespace

void check_strictness(Overlay& overlay, const Place& place, const ast::Change& change) {
  const auto what = protected_from(overlay, place, change);
  if (!what) return;
  static const ast::Body empty;
  const ast::Body* before = body_of(overlay.file, place);
  Judgement judgement;
  const Two two{overlay, before ? *before : empty, change.body, judgement};
  if (place.part) {
    judge_part(two, place, change);
  } else {
    judge_whole(two, place, change);
  }
  for (const Objection& objection : judgement.objections) report(overlay, objection, *what);
}

}  // namespace plumb::check
