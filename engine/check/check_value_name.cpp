#include <algorithm>
#include <array>
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
  if (scope.about == About::contact) more(keys(context, fields_of(context, OwnerKind::contact)));
  more(keys(context, context.names.measures));
  more(keys(context, context.names.targets));
  return result;
}

void hint_declaration(const Context& context, const Scope& scope, Diagnostic& diagnostic) {
  const std::vector<std::string> attributes =
      scope.candidate ? attribute_names(context, scope.candidate) : std::vector<std::string>();
  if (!attributes.empty() && attributes.size() <= 8) {
    diagnostic.hint("`{}` has {}", event_words(context, scope.candidate), listed(attributes));
  } else if (scope.about != About::nothing) {
    const bool of_person = scope.about == About::person;
    diagnostic.hint("declare it in `fields {}`", of_person ? "person" : scope.about == About::contact ? "contact" : "deal");
  } else {
    diagnostic.hint("only what is counted or summed is there, and measures of it");
  }
}

/// What other languages call nothing, true and numbers. Whether the name is such a word.
bool hint_foreign_word(const ast::Name& name, Diagnostic& diagnostic) {
  static constexpr std::array<std::string_view, 10> nothing{"null",    "NULL", "empty",  "blank", "none",
                                                            "nothing", "nil",  "filled", "set",   "unknown"};
  static constexpr std::array<std::string_view, 6> truth{"true", "false", "TRUE", "FALSE", "yes", "no"};
  static constexpr std::array<std::string_view, 13> numbers{"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                                            "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  const auto* number = std::ranges::find(numbers, name.text);
  const std::string mark(diagnostics::nearest(name.text, {"known", "missing"}));
  if (!mark.empty()) {
    diagnostic.hint("did you mean `{}`?", mark).suggest(name.span, mark);
  } else if (std::ranges::find(nothing, name.text) != nothing.end()) {
    diagnostic.hint("whether there is a value is asked with `is known` and `is missing`");
  } else if (std::ranges::find(truth, name.text) != truth.end()) {
    diagnostic.hint("a condition is true by itself; whether there is a value is asked with `is known`");
  } else if (number != numbers.end()) {
    const std::string digits = std::to_string(number - numbers.begin());
    diagnostic.hint("write `{}`", digits).suggest(name.span, digits);
  } else {
    return false;
  }
  return true;
}

void hint_elsewhere(Context& context, const Scope& scope, const ast::Name& name, Diagnostic& diagnostic) {
  const std::string spelt = spelled(name.text);
  if (hint_foreign_word(name, diagnostic)) return;
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
ExprId person_field_of(Context& context, ExprId of, const ast::OfName& node, Span span) {
  const auto& fields = fields_of(context, OwnerKind::person);
  const auto found = fields.find(node.name.text);
  if (found != fields.end()) {
    const ExprId id = field_expr(context, model::Op::person_field, found->second, span);
    context.book.exprs[id].args = {of};
    return id;
  }
  unknown(context, node.name, keys(context, fields), diag::UnknownField, "people have", node.name.text);
  return broken(context, span);
}

/// Reports `F of contact` and `F of person`: there are several, or it is the rule's own.
ExprId report_subject(Context& context, const Scope& scope, const ast::OfName& node, Span span) {
  const bool own = (node.of.text == "person" && scope.about == About::person) ||
                   (node.of.text == "contact" && scope.about == About::contact);
  const std::string field = spelled(node.name.text);
  Diagnostic& diagnostic = context.sink.report(span, diag::OfSeveral, node.name.text, node.of.text);
  if (own) {
    diagnostic.hint("this is about one already: `{}`", field).suggest(span, field);
  } else {
    diagnostic.hint("count those that are meant: `count of {} where {} …`", node.of.text, field);
  }
  return broken(context, span);
}

bool is_counted_subject(std::string_view word) { return word == "contact" || word == "person"; }

/// `M of team`. Missing: none for another word, or where no measure is meant.
ExprId measure_of(Context& context, const Scope& scope, const ast::OfName& node, Span span) {
  const bool group = node.of.text == "team" || node.of.text == "company";
  if (!group || !context.names.measures.contains(node.name.text)) return {};
  Scope wide = scope;
  wide.about = About::nothing;  // what is one person's or deal's is nobody's there
  const ExprId measure = measure_named(context, wide, node.name);
  if (is_broken(context, measure)) return broken(context, span);
  if (scope.company && node.of.text == "team") {
    context.sink.report(span, diag::MisplacedClause, "of team", "for the company")
        .hint("the company has many teams: a rule `for each team` asks each of them");
    return broken(context, span);
  }
  model::Expr expr = make(context, model::Op::measure, type_of(context, measure), span);
  expr.measure = context.book.exprs[measure].measure;
  expr.text = node.of.text;
  return add(context, std::move(expr));
}

}  // namespace

bool is_there(const Scope& scope, std::optional<OwnerKind> owner) {
  if (!owner || scope.about == About::either) return true;
  if (*owner == OwnerKind::contact) return scope.about == About::contact;
  return scope.about == (*owner == OwnerKind::deal ? About::deal : About::person);
}

ExprId measure_named(Context& context, const Scope& scope, const ast::Name& name) {
  const Id<model::Measure> id = measure_defined(context, name);
  if (!id) return broken(context, name.span);
  const ExprId value = context.book.measures[id].value;
  const auto owner = context.measure_reads[id.index()];
  if (!is_there(scope, owner)) {
    context.sink.report(name.span, diag::MeasureOfOther, name.text, *owner == OwnerKind::deal ? "a deal" : "a person")
        .label(context.book.measures[id].span, "the measure is here")
        .hint("a measure that is read anywhere counts or sums");
    return broken(context, name.span);
  }
  model::Expr expr = make(context, model::Op::measure, type_of(context, value), name.span);
  expr.measure = id;
  return add(context, std::move(expr));
}

std::string who_has_none(const Context& context, const Scope& scope) {
  if (scope.candidate) return fmt::format("`{}` and its deal have", event_words(context, scope.candidate));
  if (scope.about == About::person) return "people have";
  if (scope.about == About::contact) return "contacts have";
  return scope.about == About::nothing ? "a team and the company have" : "deals have";
}

ExprId field_named(Context& context, const Scope& scope, const ast::Name& name) {
  if (const ExprId field = candidate_field(context, scope, name)) return field;
  if (scope.about == About::deal || scope.about == About::either) {
    if (const ExprId field = subject_field(context, OwnerKind::deal, name)) return field;
  }
  if (scope.about == About::contact) return subject_field(context, OwnerKind::contact, name);
  if (scope.about == About::person || scope.about == About::either)
    return subject_field(context, OwnerKind::person, name);
  return {};
}

ExprId value_named(Context& context, const Scope& scope, const ast::Name& name) {
  if (const ExprId field = field_named(context, scope, name)) return field;
  if (context.names.measures.contains(name.text)) return measure_named(context, scope, name);
  if (context.names.targets.contains(name.text)) return target_named(context, scope, name);
  return {};
}

void report_no_value(Context& context, const Scope& scope, const ast::Name& name) {
  if (is_event(context, name.text)) {
    context.sink.report(name.span, diag::EventAsValue, name.text)
        .hint("ask whether `{0} has happened`, or for the `count of {0}`", spelled(name.text));
    return;
  }
  if (scope.trigger && !attribute_of(context, *scope.trigger, name.text).fields.empty()) {
    context.sink.report(name.span, diag::UnknownField, who_has_none(context, scope), name.text)
        .hint("`{}` has one: `its {}`", event_words(context, *scope.trigger), spelled(name.text))
        .suggest(name.span, "its " + spelled(name.text));
    return;
  }
  const std::vector<std::string> candidates = value_names(context, scope);
  Diagnostic* diagnostic =
      unknown(context, name, candidates, diag::UnknownField, who_has_none(context, scope), name.text);
  if (diagnostic && name.text.starts_with("deal.")) {
    const std::string field = name.text.substr(name.text.find('.') + 1);
    diagnostic->help.clear();
    diagnostic->suggestions.clear();
    diagnostic->hint("what is known of the deal is written `{}`", field).suggest(name.span, field);
    return;
  }
  if (diagnostic && name.text == "stage") {
    diagnostic->help.clear();
    diagnostic->suggestions.clear();
    diagnostic->hint("in which stage the deal is asks `in STAGE`, as in `in offer`");
    return;
  }
  if (!diagnostic || !diagnostic->help.empty()) return;
  if (name.text == "number") diagnostic->hint("how many there are is a `count of`, as in `count of won deals`");
  hint_elsewhere(context, scope, name, *diagnostic);
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
    const auto lost = [&context](const char* shape) { return context.lost.contains(shape); };
    if (lost("after") || lost("before") || lost("at")) return broken(context, span);
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
  if (const ExprId measure = measure_of(context, scope, node, span)) return measure;
  if (context.names.checklists.contains(node.of.text) && !is_event(context, node.of.text) &&
      !field_named(context, scope, node.of)) {
    context.sink.report(span, diag::NotACondition, words(context, span), "an item of a checklist")
        .hint("compare it with a level: `{} is at least …`", words(context, span));
    return broken(context, span);
  }
  if (is_counted_subject(node.of.text)) return report_subject(context, scope, node, span);
  const ExprId of = field_named(context, scope, node.of);
  if (!of && is_event(context, node.of.text)) {
    return sum_of(context, scope, node.name, event_named(context, scope, node.of), span);
  }
  if (of && type_of(context, of).kind == TypeKind::person) return person_field_of(context, of, node, span);
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
