#include <algorithm>
#include <optional>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::OwnerKind;

ExprId field_expr(Context& context, model::Op op, Id<model::Field> field, Span span) {
  model::Expr expr = make(context, op, context.book.fields[field].type, span);
  expr.field = field;
  return add(context, std::move(expr));
}

/// Reports alternatives of an event that disagree on what an attribute is.
bool report_mixed(Context& context, EventId event, const std::vector<Id<model::Field>>& fields, const ast::Name& name) {
  const auto owner = [&](const model::Field& field) {
    return field.activity ? context.book.activities[field.activity].name : context.book.records[field.record].name;
  };
  const model::Field& first = context.book.fields[fields.front()];
  for (const Id<model::Field> id : fields) {
    const model::Field& other = context.book.fields[id];
    if (comparable(first.type, other.type) || first.type.kind == other.type.kind) continue;
    context.sink
        .report(name.span, diag::AttributesDiffer, name.text, described(first.type), owner(first),
                described(other.type), owner(other))
        .label(first.span, "declared here")
        .label(other.span, "and here")
        .hint("`{}` may be either of them", event_words(context, event));
    return true;
  }
  return false;
}

/// An attribute of an event with one alternative per `args` after the first.
ExprId attribute_expr(Context& context, model::Op op, const std::vector<Id<model::Field>>& fields, Span span) {
  const ExprId id = field_expr(context, op, fields.front(), span);
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const ExprId other = field_expr(context, op, fields[i], span);
    context.book.exprs[id].args.push_back(other);
  }
  return id;
}

/// Missing: none where the candidate of a `where` has no such attribute.
ExprId candidate_field(Context& context, const Scope& scope, const ast::Name& name) {
  if (!scope.candidate) return {};
  const Attribute attribute = attribute_of(context, scope.candidate, name.text);
  if (attribute.fields.empty()) return attribute.broken ? broken(context, name.span) : ExprId();
  if (report_mixed(context, scope.candidate, attribute.fields, name)) return broken(context, name.span);
  return attribute_expr(context, model::Op::event_field, attribute.fields, name.span);
}

ExprId subject_field(Context& context, OwnerKind owner, const ast::Name& name) {
  const auto& fields = fields_of(context, owner);
  const auto found = fields.find(name.text);
  return found == fields.end() ? ExprId() : field_expr(context, model::Op::subject_field, found->second, name.span);
}

ExprId measure_named(Context& context, const Scope& scope, const ast::Name& name) {
  const Id<model::Measure> id = measure_defined(context, name);
  if (!id) return broken(context, name.span);
  const ExprId value = context.book.measures[id].value;
  const auto owner = context.measure_reads[id.index()];
  const bool there = !owner || scope.about == About::either ||
                     scope.about == (*owner == OwnerKind::deal ? About::deal : About::person);
  if (!there) {
    context.sink.report(name.span, diag::MeasureOfOther, name.text, *owner == OwnerKind::deal ? "a deal" : "a person")
        .label(context.book.measures[id].span, "the measure is here")
        .hint("a measure that is read anywhere counts or sums");
    return broken(context, name.span);
  }
  model::Expr expr = make(context, model::Op::measure, type_of(context, value), name.span);
  expr.measure = id;
  return add(context, std::move(expr));
}

std::vector<std::string> value_names(Context& context, const Scope& scope) {
  std::vector<std::string> result;
  const auto more = [&result](const std::vector<std::string>& names) {
    result.insert(result.end(), names.begin(), names.end());
  };
  if (scope.candidate) more(attribute_names(context, scope.candidate));
  if (scope.about == About::deal || scope.about == About::either)
    more(keys(context, fields_of(context, OwnerKind::deal)));
  if (scope.about == About::person || scope.about == About::either)
    more(keys(context, fields_of(context, OwnerKind::person)));
  more(keys(context, context.names.measures));
  return result;
}

void hint_declaration(const Context& context, const Scope& scope, Diagnostic& diagnostic) {
  const std::vector<std::string> attributes =
      scope.candidate ? attribute_names(context, scope.candidate) : std::vector<std::string>();
  if (!attributes.empty() && attributes.size() <= 8) {
    diagnostic.hint("`{}` has {}", event_words(context, scope.candidate), listed(attributes));
  } else if (scope.about != About::nothing) {
    diagnostic.hint("declare it in `fields {}`", scope.about == About::person ? "person" : "deal");
  } else {
    diagnostic.hint("only what is counted or summed is there, and measures of it");
  }
}

void hint_elsewhere(Context& context, const Scope& scope, const ast::Name& name, Diagnostic& diagnostic) {
  const std::string spelt = spelled(name.text);
  if (fields_of(context, OwnerKind::account).contains(name.text)) {
    diagnostic.hint("accounts have one: `{} of account`", spelt)
        .suggest(name.span, fmt::format("{} of account", spelt));
  } else if (std::ranges::any_of(context.book.stages,
                                 [&](const model::Stage& stage) { return stage.name == name.text; })) {
    diagnostic.hint("`{0}` is a stage: `in {0}`, `in {0} or later`", spelt);
  } else if (fields_of(context, OwnerKind::person).contains(name.text)) {
    diagnostic.hint("people have one; it can be read in a rule `for each person`");
  } else if (fields_of(context, OwnerKind::deal).contains(name.text)) {
    diagnostic.hint("deals have one; count or sum it over deals");
  } else if (fields_of(context, OwnerKind::contact).contains(name.text)) {
    diagnostic.hint("contacts have one: `count of contact where {} is …`", spelt);
  } else {
    hint_declaration(context, scope, diagnostic);
  }
}

/// `F of account`. Missing: none, reported.
ExprId account_field(Context& context, const Scope& scope, const ast::OfName& node, Span span) {
  const auto& fields = fields_of(context, OwnerKind::account);
  const auto found = fields.find(node.name.text);
  if (found == fields.end()) {
    unknown(context, node.name, keys(context, fields), diag::UnknownField, "accounts have", node.name.text);
    return broken(context, span);
  }
  if (scope.about == About::deal || scope.about == About::either) {
    return field_expr(context, model::Op::account_field, found->second, span);
  }
  context.sink.report(node.of.span, diag::UnknownField, "people have", node.of.text).hint("only a deal has an account");
  return broken(context, span);
}

/// `F of owner`: a field of a person that a field of the deal names.
ExprId person_field_of(Context& context, const ast::OfName& node, Span span) {
  const auto& fields = fields_of(context, OwnerKind::person);
  const auto found = fields.find(node.name.text);
  if (found != fields.end()) {
    const ExprId id = not_evaluated(context, context.book.fields[found->second].type.kind, span);
    context.book.exprs[id].type = context.book.fields[found->second].type;
    context.book.exprs[id].field = found->second;
    return id;
  }
  unknown(context, node.name, keys(context, fields), diag::UnknownField, "people have", node.name.text);
  return broken(context, span);
}

bool is_counted_subject(std::string_view word) { return word == "contact" || word == "person"; }

}  // namespace

std::string who_has_none(const Context& context, const Scope& scope) {
  if (scope.candidate) return fmt::format("`{}` and its deal have", event_words(context, scope.candidate));
  if (scope.about == About::person) return "people have";
  return scope.about == About::nothing ? "a team and the company have" : "deals have";
}

ExprId field_named(Context& context, const Scope& scope, const ast::Name& name) {
  if (const ExprId field = candidate_field(context, scope, name)) return field;
  if (scope.about == About::deal || scope.about == About::either) {
    if (const ExprId field = subject_field(context, OwnerKind::deal, name)) return field;
  }
  if (scope.about == About::person || scope.about == About::either)
    return subject_field(context, OwnerKind::person, name);
  return {};
}

ExprId value_named(Context& context, const Scope& scope, const ast::Name& name) {
  if (const ExprId field = field_named(context, scope, name)) return field;
  if (context.names.measures.contains(name.text)) return measure_named(context, scope, name);
  if (!context.names.others.contains(name.text) || is_event(context, name.text)) return {};
  context.not_evaluated = true;
  return broken(context, name.span);
}

void report_no_value(Context& context, const Scope& scope, const ast::Name& name) {
  if (is_event(context, name.text)) {
    context.sink.report(name.span, diag::EventAsValue, name.text)
        .hint("ask whether `{0} has happened`, or for the `count of {0}`", spelled(name.text));
    return;
  }
  const std::vector<std::string> candidates = value_names(context, scope);
  Diagnostic* diagnostic =
      unknown(context, name, candidates, diag::UnknownField, who_has_none(context, scope), name.text);
  if (diagnostic && diagnostic->help.empty()) hint_elsewhere(context, scope, name, *diagnostic);
}

ExprId check_node(Context& context, const Scope& scope, const ast::NameRef& node, Span span) {
  if (!node.name.written()) return broken(context, span);
  const ExprId value = value_named(context, scope, node.name);
  if (value) return value;
  report_no_value(context, scope, node.name);
  return broken(context, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::ItsField& node, Span span) {
  if (!node.field.written()) return broken(context, span);
  if (!scope.trigger) {
    context.sink.report(span, diag::ItsWithoutEvent, node.field.text)
        .hint("`its` goes with `after`, `before` and `at` an event");
    return broken(context, span);
  }
  const Attribute attribute = attribute_of(context, *scope.trigger, node.field.text);
  if (attribute.broken) return broken(context, span);
  if (attribute.lacking.empty()) {
    if (report_mixed(context, *scope.trigger, attribute.fields, node.field)) return broken(context, span);
    return attribute_expr(context, model::Op::its_field, attribute.fields, span);
  }
  const std::string lacking = event_words(context, attribute.lacking.front());
  Diagnostic* diagnostic = unknown(context, node.field, attribute_names(context, *scope.trigger), diag::UnknownField,
                                   fmt::format("`{}` has", lacking), node.field.text);
  if (diagnostic && fields_of(context, OwnerKind::deal).contains(node.field.text)) {
    diagnostic->hint("deals have one: `{}`, without `its`", spelled(node.field.text));
  } else if (diagnostic && !attribute.fields.empty()) {
    diagnostic->hint("whatever opens this obligation has to have it");
  }
  return broken(context, span);
}

ExprId check_node(Context& context, const Scope& scope, const ast::OfName& node, Span span) {
  if (node.of.text == "account") return account_field(context, scope, node, span);
  const bool group = node.of.text == "team" || node.of.text == "company";
  if (group && context.names.measures.contains(node.name.text)) {
    const ExprId measure = measure_named(context, scope, node.name);
    return not_evaluated(context, type_of(context, measure).kind, span);
  }
  if (context.names.others.contains(node.of.text)) return not_evaluated(context, TypeKind::error, span);
  if (is_counted_subject(node.of.text)) return not_evaluated(context, TypeKind::error, span);
  const ExprId of = field_named(context, scope, node.of);
  if (!of && is_event(context, node.of.text)) {
    return sum_of(context, scope, node.name, event_named(context, scope, node.of), span);
  }
  if (of && type_of(context, of).kind == TypeKind::person) return person_field_of(context, node, span);
  if (of) {
    const model::Type type = type_of(context, of);
    if (type.kind == TypeKind::error) return broken(context, span);
    context.sink.report(node.of.span, diag::UnknownField,
                        fmt::format("`{}` is {}, and has", node.of.text, described(type)), node.name.text);
  } else {
    report_no_value(context, scope, node.of);
  }
  return broken(context, span);
}

}  // namespace plumb::check
