#include <algorithm>
#include <variant>

#include "check/passes.h"

namespace plumb::check {

namespace {

/// Where a header word stands. Missing: unknown for none.
Span clause_in(const ast::Body& body, ast::ClauseKind kind) {
  const auto found = std::ranges::find(body.clauses, kind, &ast::Clause::kind);
  return found == body.clauses.end() ? Span{} : found->span;
}

/// From when something is in force, and where that is said.
struct Effect {
  time::Day day;
  Span span;
};

std::optional<Effect> effect_of(const ast::Header& header, const ast::Body& body) {
  const Span said = clause_in(body, ast::ClauseKind::effective);
  if (!header.effective_from || !header.effective_from->known() || !said.known()) return std::nullopt;
  return Effect{*header.effective_from, said};
}

void check_review(Context& context, const ast::Header& header, const ast::Body& body, const Effect& effect) {
  if (header.review_by && header.review_by->known() && *header.review_by < effect.day) {
    context.sink
        .report(clause_in(body, ast::ClauseKind::review), diag::ReviewFirst, time::to_text(*header.review_by),
                time::to_text(effect.day))
        .label(effect.span, "it takes effect here")
        .hint("a review looks back on what has been in force");
  }
}

void check_own(Context& context, const ast::Header& header, const ast::Body& body) {
  const auto effect = effect_of(header, body);
  if (!effect) return;
  check_review(context, header, body, *effect);
  if (header.proposed_on && header.proposed_on->known() && *header.proposed_on > effect->day) {
    context.sink
        .report(clause_in(body, ast::ClauseKind::proposed), diag::ProposedLate, time::to_text(*header.proposed_on),
                time::to_text(effect->day))
        .label(effect->span, "it takes effect here")
        .hint("nobody is bound by what nobody has proposed yet");
  }
}

/// The stages of a process and the items of a checklist have header words of their own.
template <class Part>
void check_parts(Context& context, const std::vector<Part>& parts, const ast::Body& body) {
  for (const Part& part : parts) {
    const auto at = std::ranges::find(body.clauses, part.span, &ast::Clause::span);
    if (at != body.clauses.end()) check_own(context, part.header, at->body);
  }
}

struct InDeclaration {
  Context& context;
  const std::optional<Effect>& of_all;

  /// A rule that does not say from when is in force with its rulebook, or since it was added to it.
  void operator()(const ast::Rule& rule) const {
    check_own(context, rule.header, rule.body);
    const bool own = clause_in(rule.body, ast::ClauseKind::effective).known();
    const bool with_all = of_all && rule.header.effective_from.value_or(of_all->day) == of_all->day;
    if (!own && with_all) check_review(context, rule.header, rule.body, *of_all);
  }
  void operator()(const ast::Process& process) const {
    check_own(context, process.header, process.body);
    check_parts(context, process.stages, process.body);
  }
  void operator()(const ast::Checklist& list) const {
    check_own(context, list.header, list.body);
    check_parts(context, list.items, list.body);
  }
  template <class Other>
  void operator()(const Other& other) const {
    if constexpr (requires {
                    other.header.effective_from;
                    other.body.clauses;
                  })
      check_own(context, other.header, other.body);
  }
};

}  // namespace

void check_dates(Context& context) {
  const auto& rulebook = context.file.rulebook;
  const std::optional<Effect> of_all = rulebook ? effect_of(rulebook->header, rulebook->body) : std::nullopt;
  if (rulebook) check_own(context, rulebook->header, rulebook->body);
  for (const ast::Declaration& declaration : context.file.declarations) {
    std::visit(InDeclaration{context, of_all}, declaration);
  }
}

}  // namespace plumb::check
