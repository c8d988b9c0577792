#include <algorithm>
#include <variant>

#include "check/reads.h"
#include "check/shape.h"

namespace plumb::check {

namespace {

using model::OwnerKind;

/// Cases are checked without knowing where the target is read: a name may be a deal's or a person's.
Scope scope_of_cases() {
  Scope scope;
  scope.about = About::either;
  scope.calculates = true;
  return scope;
}

ExprId check_case_value(Context& context, ast::ExprId written) {
  const ExprId value = check_value(context, scope_of_cases(), written);
  const model::Expr& expr = context.book.exprs[value];
  if (expr.type.kind == TypeKind::error || is_quantity(expr.type.kind)) return value;
  context.sink.report(expr.span, diag::TargetNoQuantity, expr.words, described(expr.type))
      .hint("money, percentages, counts, numbers and durations can be a target");
  return broken(context, expr.span);
}

/// Missing: nullopt where the stage is none, reported.
std::optional<model::TargetCase> check_case(Context& context, const ast::TargetCase& written) {
  model::TargetCase result;
  result.value = check_case_value(context, written.value);
  result.where = check_condition(context, scope_of_cases(), written.where);
  result.from = written.from;
  result.span = written.span;
  if (!written.stage || !written.stage->written()) return result;
  const Id<model::Stage> stage = stage_named(context, Scope{}, *written.stage);
  if (!stage) return std::nullopt;
  result.stages = written.or_later ? stage_or_later(context, stage) : std::vector{stage};
  return result;
}

/// The type of all cases. Missing: an error, where two of them differ (reported) or none has one.
model::Type type_of_cases(Context& context, const model::Target& target) {
  ExprId first;
  model::Type type;
  for (const model::TargetCase& one : target.cases) {
    if (is_broken(context, one.value)) continue;
    if (!first) {
      first = one.value;
      type = type_of(context, first);
      continue;
    }
    const model::Type other = type_of(context, one.value);
    if (!comparable(type, other)) {
      report_types_differ(context, first, one.value, one.span);
      return {};
    }
    if (type.kind != other.kind) type = type_of(TypeKind::number);
  }
  return type;
}

bool claim_equally(const Context& context, const model::TargetCase& a, const model::TargetCase& b) {
  if (a.from != b.from || a.stages.empty() != b.stages.empty() || !a.where != !b.where) return false;
  if (a.where && context.book.exprs[a.where].words != context.book.exprs[b.where].words) return false;
  return a.stages.empty() || std::ranges::any_of(a.stages, [&](auto stage) {
           return std::ranges::find(b.stages, stage) != b.stages.end();
         });
}

void check_claims(Context& context, const model::Target& target) {
  for (auto later = target.cases.begin(); later != target.cases.end(); ++later) {
    const auto first =
        std::find_if(target.cases.begin(), later, [&](const auto& one) { return claim_equally(context, one, *later); });
    if (first == later) continue;
    context.sink.report(later->span, diag::TargetCasesEqual, target.name)
        .label(first->span, "the other is here")
        .hint("say from when it holds, in which stage or `where`: the most particular one governs, then the latest");
  }
}

/// Whose deal or person the cases ask about. Missing: nullopt for nobody's.
std::optional<OwnerKind> reads(const Context& context, const model::Target& target) {
  for (const model::TargetCase& one : target.cases) {
    if (!one.stages.empty()) return OwnerKind::deal;
    for (const ExprId id : {one.value, one.where}) {
      const auto owner = id ? reads_of(context, id) : std::nullopt;
      if (owner) return owner;
    }
  }
  return std::nullopt;
}

/// Whether no case reads a field of a person where others need a deal; reported.
bool reads_one_kind(Context& context, const model::Target& target) {
  const auto reads = [&](const model::TargetCase& one, OwnerKind owner) {
    return reads_a(context, one.value, owner) || reads_a(context, one.where, owner);
  };
  const bool of_deal = std::ranges::any_of(
      target.cases, [&](const auto& one) { return !one.stages.empty() || reads(one, OwnerKind::deal); });
  const auto other = std::ranges::find_if(target.cases, [&](const auto& one) { return reads(one, OwnerKind::person); });
  if (!of_deal || other == target.cases.end()) return true;
  report_reads_both(context, other->span, target.name);
  return false;
}

void define(Context& context, Definition<ast::Target, model::Target>& definition) {
  const ast::Target& written = *definition.written;
  model::Target target;
  target.name = written.name.text;
  target.title = written.title ? written.title->text : "";
  target.because = written.because ? written.because->text : "";
  target.header = header_from(written.header);
  target.span = written.name.span;
  for (const ast::TargetCase& line : written.cases) {
    if (auto one = check_case(context, line)) target.cases.push_back(std::move(*one));
  }
  target.type = type_of_cases(context, target);
  if (!reads_one_kind(context, target)) target.type = {};
  target.basis = check_basis(context, written.basis);
  check_claims(context, target);
  if (written.cases.empty() && !was_reported_in(context, written.span)) {
    context.sink.report(target.span, diag::TargetWithoutCase, target.name).hint("say what it is: `is 20%`");
  }
  context.target_reads.push_back(reads(context, target));
  definition.made = context.book.targets.add(std::move(target));
}

}  // namespace

void declare_targets(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Target>(&declaration);
    if (!written || !written->name.written()) continue;
    auto& target = context.names.targets[written->name.text];
    if (target.written) {
      report_duplicate(context, written->name, "a target", target.written->name.span);
    } else if (const auto measure = context.names.measures.find(written->name.text);
               measure != context.names.measures.end()) {
      report_duplicate(context, written->name, "a measure", measure->second.written->name.span);
    }
    if (!target.written) target.written = written;
  }
}

void check_targets(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Target>(&declaration);
    if (!written) continue;
    const auto found = context.names.targets.find(written->name.text);
    if (found != context.names.targets.end() && found->second.written == written)
      target_defined(context, written->name);
  }
}

Id<model::Target> target_defined(Context& context, const ast::Name& name) {
  return defined(context, context.names.targets.at(name.text), name,
                 [&](auto& definition) { define(context, definition); });
}

ExprId target_named(Context& context, const Scope& scope, const ast::Name& name) {
  const Id<model::Target> id = target_defined(context, name);
  if (!id || context.book.targets[id].type.kind == TypeKind::error) return broken(context, name.span);
  const model::Target& target = context.book.targets[id];
  const auto owner = context.target_reads[id.index()];
  if (!is_there(scope, owner)) {
    const bool staged = std::ranges::any_of(target.cases, [](const auto& one) { return !one.stages.empty(); });
    context.sink.report(name.span, diag::MeasureOfOther, name.text, *owner == OwnerKind::deal ? "a deal" : "a person")
        .label(target.span, "the target is here")
        .hint("{}", staged ? "only a deal is in a stage" : "a target that is read anywhere has no `where` of its own");
    return broken(context, name.span);
  }
  model::Expr expr = make(context, model::Op::target, target.type, name.span);
  expr.target = id;
  return add(context, std::move(expr));
}

}  // namespace plumb::check
