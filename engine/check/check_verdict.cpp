#include <algorithm>
#include <array>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::Comparison;
using model::SubjectKind;
using model::VerdictOf;
using model::VerdictWord;

constexpr std::array<std::string_view, 6> verdict_words{"kept", "late", "missed", "due", "excused", "cannot tell"};

std::optional<VerdictWord> verdict_named(std::string_view word) {
  const auto found = std::ranges::find(verdict_words, word);
  if (found == verdict_words.end()) return std::nullopt;
  return static_cast<VerdictWord>(found - verdict_words.begin());
}

void report_no_verdict(Context& context, const ast::Name& verdict) {
  Diagnostic& diagnostic = context.sink.report(verdict.span, diag::UnknownVerdict, verdict.text);
  suggest_nearest(diagnostic, verdict, {"kept", "missed", "late", "due", "excused"});
  diagnostic.hint("verdicts are `kept`, `missed`, `late`, `due`, `excused` and `cannot tell`");
}

void add_clauses(std::map<std::string, Judged>& all, const std::string& name, std::size_t count, Span span) {
  for (std::size_t i = 0; i < count; ++i) {
    all.try_emplace(i == 0 ? name : fmt::format("{}.{}", name, i + 1), Judged{SubjectKind::deal, {}, span});
  }
}

void add_process(std::map<std::string, Judged>& all, const ast::Process& process) {
  for (const ast::Stage& stage : process.stages) {
    const std::string name = fmt::format("{}.{}", process.name.text, stage.name.text);
    add_clauses(all, name + ".to_enter", stage.to_enter.size(), stage.name.span);
    add_clauses(all, name + ".to_move_on", stage.to_move_on.size(), stage.name.span);
    add_clauses(all, name + ".while_in", stage.while_in.size(), stage.name.span);
    add_clauses(all, name + ".at_most", stage.at_most.size(), stage.name.span);
  }
  const bool path = std::ranges::any_of(process.moves, [](const ast::Move& m) { return m.kind == ast::Move::Kind::path; });
  add_clauses(all, process.name.text + ".path", path ? 1 : 0, process.name.span);
}

std::string_view each(SubjectKind kind) {
  static constexpr std::array<std::string_view, 4> words{"each deal", "each person", "each team", "the company"};
  return words[static_cast<std::size_t>(kind)];
}

/// Whom the condition is about. Missing: nullopt for a contact, or where nobody knows.
std::optional<SubjectKind> about(const Scope& scope) {
  switch (scope.about) {
    case About::deal: return SubjectKind::deal;
    case About::person: return SubjectKind::person;
    case About::nothing: return scope.company ? SubjectKind::company : SubjectKind::team;
    case About::either:
    case About::contact: break;
  }
  return std::nullopt;
}

/// Reports the verdict on somebody else. Whether it is.
bool report_of_other(Context& context, const Scope& scope, const ast::Name& name, SubjectKind of, Span first) {
  const auto here = about(scope);
  if (scope.about == About::either || here == of) return false;
  Diagnostic& diagnostic = context.sink.report(name.span, diag::VerdictOfOther, name.text, each(of),
                                               here ? each(*here) : std::string_view("each contact"));
  if (first.known()) diagnostic.label(first, "it is judged here");
  if (of == SubjectKind::deal) {
    diagnostic.hint("of many deals it is a share: `share of created deals where {} is kept`", name.text);
  } else if (of == SubjectKind::person) {
    diagnostic.hint("of many people it is a share: `share of person where {} is kept`", name.text);
  } else {
    diagnostic.hint("a verdict stands in conditions on what it is of");
  }
  return true;
}

/// Reports the verdict on a period in a rule that judges no such period. Whether it does.
bool report_other_period(Context& context, const Scope& scope, const ast::Name& name, const Judged& rule) {
  if (!rule.every || !scope.shape || scope.every == rule.every) return false;
  const std::string here = scope.every ? fmt::format("this every {}", time::to_text(*scope.every))
                                       : fmt::format("this `{}`", model::to_text(*scope.shape));
  context.sink.report(name.span, diag::VerdictPeriod, name.text, time::to_text(*rule.every), here)
      .label(rule.span, "it is judged here")
      .hint("both have to be judged for the same period: `every {}`", time::to_text(*rule.every));
  return true;
}

ExprId verdict_expr(Context& context, VerdictOf of, const ast::Name& name, VerdictWord word, Span span) {
  model::Expr expr = make(context, model::Op::verdict, type_of(TypeKind::condition), span);
  expr.verdict_of = of;
  expr.verdict = word;
  if (of == VerdictOf::rule) expr.text = name.text;
  return add(context, std::move(expr));
}

bool has_plan(const Context& context) {
  return std::ranges::any_of(context.file.declarations,
                             [](const ast::Declaration& one) { return std::holds_alternative<ast::Plan>(one); });
}

/// A rule by its name, before fields and measures. Missing: nullptr where none is meant, or none is there (reported).
const ast::Name* rule_at(Context& context, const Scope& scope, ast::ExprId id) {
  const auto* ref = std::get_if<ast::NameRef>(&context.file.exprs[id].is);
  if (!ref || !ref->name.written()) return nullptr;
  if (field_named(context, scope, ref->name) || context.names.measures.contains(ref->name.text)) return nullptr;
  return context.names.targets.contains(ref->name.text) ? nullptr : &ref->name;
}

/// Whether the right side has nothing but verdicts.
bool all_verdicts(const Context& context, const ast::Compare& node) {
  return std::ranges::all_of(
      node.right, [&](ast::ExprId right) { return verdict_named(word_at(context, right).text).has_value(); });
}

/// `account.industry`, as other languages name a field of something. Whether it is that.
bool report_dotted(Context& context, const ast::Name& name) {
  constexpr std::array<std::string_view, 5> things{"account", "owner", "person", "manager", "deal"};
  const std::size_t dot = std::min(name.text.find('.'), name.text.size());
  const std::string of = name.text.substr(0, dot);
  if (dot == name.text.size() || std::ranges::find(things, of) == things.end()) return false;
  const std::string field = name.text.substr(dot + 1);
  const std::string words = of == "deal" ? field : fmt::format("{} of {}", field, of);
  context.sink.report(name.span, diag::UnknownRule, name.text)
      .hint("what is known of {} is written `{}`", of == "account" || of == "deal" ? "the " + of : "somebody", words)
      .suggest(name.span, words);
  return true;
}

ExprId unknown_rule(Context& context, const ast::Name& name, Span span) {
  if (report_dotted(context, name)) return broken(context, span);
  Diagnostic* diagnostic = unknown(context, name, keys(context, judged(context)), diag::UnknownRule, name.text);
  if (diagnostic && diagnostic->help.empty())
    diagnostic->hint("only a rule, a clause of a stage, `PROCESS.path`, or an item that is needed has a verdict");
  return broken(context, span);
}

ExprId check_words(Context& context, const ast::Name& name, const ast::Compare& node, Span span) {
  const auto comparison = static_cast<Comparison>(node.comparison);
  std::vector<ExprId> any;
  for (const ast::ExprId right : node.right) {
    const ast::Name word = word_at(context, right);
    const auto verdict = verdict_named(word.text);
    if (!verdict) {
      const Span at = context.file.exprs[right].span;
      report_no_verdict(context, word.written() ? word : ast::Name{words(context, at), at});
      return broken(context, span);
    }
    any.push_back(verdict_expr(context, VerdictOf::rule, name, *verdict, span));
  }
  if (any.size() == 1) return negated_if(context, comparison == Comparison::is_not, any.front(), span);
  model::Expr expr = make(context, model::Op::or_, type_of(TypeKind::condition), span);
  expr.args = std::move(any);
  return add(context, std::move(expr));
}

std::optional<VerdictOf> summary_named(std::string_view name) {
  static constexpr std::array<std::string_view, 6> words{"",           "right thing", "right way",
                                                         "right time", "effort",      "result"};
  const auto found = std::ranges::find(words, name);
  if (name.empty() || found == words.end()) return std::nullopt;
  return static_cast<VerdictOf>(found - words.begin());
}

ExprId check_summary(Context& context, const Scope& scope, const ast::VerdictIs& node, VerdictWord word, Span span) {
  const auto of = summary_named(node.of.text);
  if (!of || report_of_other(context, scope, node.of, SubjectKind::person, {})) return broken(context, span);
  if (word == VerdictWord::late || word == VerdictWord::due) {
    context.sink.report(node.verdict.span, diag::UnknownVerdict, node.verdict.text)
        .hint("over a whole period `{}` is `kept`, `missed`, `excused` or `cannot tell`", node.of.text);
    return broken(context, span);
  }
  if (*of == VerdictOf::result && !has_plan(context) && !from_elsewhere(context, {})) {
    context.sink.report(node.of.span, diag::ResultWithoutPlan)
        .hint("declare a `plan`: its target is the result, everything before it is effort");
    return broken(context, span);
  }
  return verdict_expr(context, *of, node.of, word, span);
}

}  // namespace

const std::map<std::string, Judged>& judged(Context& context) {
  if (context.judged) return *context.judged;
  std::map<std::string, Judged> all;
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* rule = std::get_if<ast::Rule>(&declaration)) {
      const auto kind = rule->subject ? static_cast<SubjectKind>(rule->subject->kind) : SubjectKind::deal;
      all.try_emplace(rule->name.text, Judged{kind, rule->shape ? rule->shape->period : std::nullopt, rule->name.span});
    } else if (const auto* process = std::get_if<ast::Process>(&declaration)) {
      add_process(all, *process);
    } else if (const auto* list = std::get_if<ast::Checklist>(&declaration)) {
      for (const ast::Item& item : list->items) {
        add_clauses(all, fmt::format("{}.{}", list->name.text, item.name.text), item.needs.size(), item.name.span);
      }
    }
  }
  return context.judged.emplace(std::move(all));
}

ExprId check_verdict(Context& context, const Scope& scope, const ast::Compare& node, Span span) {
  const ast::Name* name = rule_at(context, scope, node.left);
  if (!name) return {};
  const auto found = judged(context).find(name->text);
  const bool dotted = name->text.find('.') != std::string::npos;
  if (found == judged(context).end()) {
    const bool meant = dotted || (!node.right.empty() && all_verdicts(context, node));
    return meant ? unknown_rule(context, *name, span) : ExprId();
  }
  const auto comparison = static_cast<Comparison>(node.comparison);
  if (comparison > Comparison::is_one_of) {
    report_comparison(context, name->span, name->text, "a rule with a verdict", comparison,
                      "a verdict compares with `is`, `is not` and `is one of`");
    return broken(context, span);
  }
  if (report_of_other(context, scope, *name, found->second.of, found->second.span)) return broken(context, span);
  if (report_other_period(context, scope, *name, found->second)) return broken(context, span);
  if (report_tails(context, node.tails, context.file.exprs[node.left].span)) return broken(context, span);
  return check_words(context, *name, node, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::VerdictIs& node, Span span) {
  if (const auto word = verdict_named(node.verdict.text)) return check_summary(context, scope, node, *word, span);
  if (!field_named(context, scope, node.of)) {
    report_no_verdict(context, node.verdict);
    return broken(context, span);
  }
  const std::string quoted = fmt::format("\"{}\"", node.of.text);
  context.sink.report(node.verdict.span, diag::UnknownVerdict, node.verdict.text)
      .hint("`{0}` is the verdict on a person's {0}; the field of that name stands in quotes", node.of.text)
      .suggest(node.of.span, quoted);
  return broken(context, span);
}

}  // namespace plumb::check
