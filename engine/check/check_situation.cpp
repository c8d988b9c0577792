#include <algorithm>
#include <array>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::Situation;

constexpr std::array<std::string_view, 4> situations{"on leave", "in ramp", "on hold", "owes a step"};

/// What the reader makes of `person is on leave`: a comparison with words that are no name.
std::optional<Situation> situation_of(const Context& context, const ast::Compare& node) {
  if (node.right.size() != 1) return std::nullopt;
  const auto* ref = std::get_if<ast::NameRef>(&context.file.exprs[node.right.front()].is);
  const auto found = ref ? std::ranges::find(situations, ref->name.text) : situations.end();
  if (found == situations.end()) return std::nullopt;
  return static_cast<Situation>(found - situations.begin());
}

template <class Declaration>
bool any_declared(const Context& context) {
  return std::ranges::any_of(context.file.declarations,
                             [](const ast::Declaration& one) { return std::holds_alternative<Declaration>(one); });
}

bool any_ramp(const Context& context) {
  return std::ranges::any_of(context.file.declarations, [](const ast::Declaration& one) {
    const auto* plan = std::get_if<ast::Plan>(&one);
    return plan && plan->ramp;
  });
}

/// Reports a situation that nothing in this rulebook brings about. Whether it is one.
bool report_without_cause(Context& context, Situation situation, Span span) {
  const bool lacks = (situation == Situation::in_ramp && !any_ramp(context)) ||
                     (situation == Situation::owes_a_step && !any_declared<ast::Ladder>(context));
  if (!lacks || from_elsewhere(context, {})) return false;
  const std::string said = words(context, span);
  if (situation == Situation::in_ramp) {
    context.sink.report(span, diag::NoRamp, said, "no plan has one")
        .hint("say in a plan how somebody new starts: `ramp 0%, 25%, 50%, 100% by month`");
  } else {
    context.sink.report(span, diag::NoLadder, said).hint("a `ladder` says who takes which step when");
  }
  return true;
}

ExprId report_of_other(Context& context, Span span, std::string_view who, std::string_view is, Situation situation) {
  const bool of_deal = situation == Situation::on_hold;
  context.sink.report(span, diag::SituationOfOther, who, is, situations[static_cast<std::size_t>(situation)])
      .hint("{}", of_deal ? "only a deal is on hold" : "only a person is on leave, in ramp or owes a step");
  return broken(context, span);
}

/// `person` and `deal`: what the rule is about. Missing: nullopt for another word.
std::optional<About> subject_word(const Context& context, const Scope& scope, ast::ExprId id) {
  const auto* ref = std::get_if<ast::NameRef>(&context.file.exprs[id].is);
  if (!ref) return std::nullopt;
  if (ref->name.text == "person" && scope.about == About::person) return About::person;
  if (ref->name.text == "deal" && scope.about == About::deal) return About::deal;
  return std::nullopt;
}

}  // namespace

ExprId check_situation(Context& context, const Scope& scope, const ast::Compare& node, Span span) {
  const auto situation = situation_of(context, node);
  if (!situation) return {};
  const Span asked = context.file.exprs[node.left].span;
  const bool of_deal = *situation == Situation::on_hold;
  const auto subject = subject_word(context, scope, node.left);
  model::Expr expr = make(context, model::Op::situation, type_of(TypeKind::condition), span);
  expr.situation = *situation;
  if (subject && (*subject == About::deal) != of_deal) {
    return report_of_other(context, asked, words(context, asked), of_deal ? "a person" : "a deal", *situation);
  }
  if (!subject) {
    const ExprId who = check_value(context, scope, node.left);
    const model::Type type = type_of(context, who);
    if (type.kind == TypeKind::error) return broken(context, span);
    if (type.kind != TypeKind::person || of_deal) {
      return report_of_other(context, asked, context.book.exprs[who].words, described(type), *situation);
    }
    expr.args = {who};
  }
  if (report_without_cause(context, *situation, span)) return broken(context, span);
  const bool negated = static_cast<model::Comparison>(node.comparison) == model::Comparison::is_not;
  return negated_if(context, negated, add(context, std::move(expr)), span);
}

}  // namespace plumb::check
