#pragma once

#include <string>
#include <vector>

#include "check/passes.h"

/// Conditions, values and event expressions: ast → model, typed. What is broken was reported and has Op::error (a type
/// of its own kind where that is known), EventKind::error. Nothing outside of check/ includes this.
namespace plumb::check {

using ExprId = Id<model::Expr>;
using EventId = Id<model::Event>;

// ---- making nodes ---------------------------------------------------------------------------------------------------

model::Type type_of(TypeKind kind);
model::Type type_of(const Context& context, ExprId id);
model::Expr make(const Context& context, model::Op op, model::Type type, Span span);
ExprId add(Context& context, model::Expr expr);
/// What was reported.
ExprId broken(Context& context, Span span);
/// What is understood and not evaluated yet; `kind` keeps the types around it checked.
ExprId not_evaluated(Context& context, TypeKind kind, Span span);
bool is_broken(const Context& context, ExprId id);
EventId broken_event(Context& context, Span span);

// ---- whole expressions ----------------------------------------------------------------------------------------------

ExprId check_expr(Context& context, const Scope& scope, ast::ExprId id);
/// Reports a value that stands where a condition is wanted. Missing: none for none.
ExprId check_condition(Context& context, const Scope& scope, ast::ExprId id);
/// Reports a condition that stands where a value is wanted.
ExprId check_value(Context& context, const Scope& scope, ast::ExprId id);
EventId check_event(Context& context, const Scope& scope, ast::EventId id);
/// A declared event, an activity, a record, or one of those that every deal has.
EventId event_named(Context& context, const Scope& scope, const ast::Name& name);
/// `F of E`: the sum of an attribute.
ExprId sum_of(Context& context, const Scope& scope, const ast::Name& field, EventId event, Span span);
model::Tails check_tails(Context& context, const Scope& scope, const ast::Tails& written);

// ---- names in expressions
// ---------------------------------------------------------------------------------------------

/// A field by its bare name. Missing: none, unreported.
ExprId field_named(Context& context, const Scope& scope, const ast::Name& name);
/// A field, a measure, a name of what is not evaluated yet. Missing: none, unreported.
ExprId value_named(Context& context, const Scope& scope, const ast::Name& name);
/// "deals have", before "no field": whose fields a bare name might have been.
std::string who_has_none(const Context& context, const Scope& scope);
/// Says that nothing of that name has a value here, and what was perhaps meant.
void report_no_value(Context& context, const Scope& scope, const ast::Name& name);

/// The attributes of that name which the alternatives of an event have.
struct Attribute {
  std::vector<Id<model::Field>> fields;  // one for each alternative that has it
  std::vector<EventId> lacking;          // alternatives without
  bool broken = false;                   // an alternative was reported
};
Attribute attribute_of(const Context& context, EventId event, const std::string& name);
std::vector<std::string> attribute_names(const Context& context, EventId event);
std::string event_words(const Context& context, EventId event);

/// Two values that one comparison may hold against each other.
bool comparable(model::Type a, model::Type b);
bool is_quantity(TypeKind kind);
/// Reports two types that do not go together, both sides shown.
void report_types_differ(Context& context, ExprId left, ExprId right, Span span);
/// Reports a value where a condition is wanted.
void report_not_a_condition(Context& context, ExprId id);
/// Reports a note in a condition. Whether it was one.
bool report_note(Context& context, ExprId id);

// ---- one overload for each kind of node: ast/ast.h has the list
// -----------------------------------------------------------

ExprId check_node(Context&, const Scope&, const ast::Broken&, Span);
ExprId check_node(Context&, const Scope&, const ast::NameRef&, Span);
ExprId check_node(Context&, const Scope&, const ast::ItsField&, Span);
ExprId check_node(Context&, const Scope&, const ast::OfName&, Span);
ExprId check_node(Context&, const Scope&, const ast::NumberLit&, Span);
ExprId check_node(Context&, const Scope&, const ast::PercentLit&, Span);
ExprId check_node(Context&, const Scope&, const ast::MoneyLit&, Span);
ExprId check_node(Context&, const Scope&, const ast::DateLit&, Span);
ExprId check_node(Context&, const Scope&, const ast::InstantLit&, Span);
ExprId check_node(Context&, const Scope&, const ast::TextLit&, Span);
ExprId check_node(Context&, const Scope&, const ast::DurationValue&, Span);
ExprId check_node(Context&, const Scope&, const ast::Today&, Span);
ExprId check_node(Context&, const Scope&, const ast::Not&, Span);
ExprId check_node(Context&, const Scope&, const ast::And&, Span);
ExprId check_node(Context&, const Scope&, const ast::Or&, Span);
ExprId check_node(Context&, const Scope&, const ast::AtLeastOf&, Span);
ExprId check_node(Context&, const Scope&, const ast::Known&, Span);
ExprId check_node(Context&, const Scope&, const ast::Happened&, Span);
ExprId check_node(Context&, const Scope&, const ast::Compare&, Span);
ExprId check_node(Context&, const Scope&, const ast::Apart&, Span);
ExprId check_node(Context&, const Scope&, const ast::Differs&, Span);
ExprId check_node(Context&, const Scope&, const ast::InState&, Span);
ExprId check_node(Context&, const Scope&, const ast::InStage&, Span);
ExprId check_node(Context&, const Scope&, const ast::VerdictIs&, Span);
ExprId check_node(Context&, const Scope&, const ast::Aggregate&, Span);
ExprId check_node(Context&, const Scope&, const ast::TimeSince&, Span);
ExprId check_node(Context&, const Scope&, const ast::TotalTimeIn&, Span);
ExprId check_node(Context&, const Scope&, const ast::QuotaFor&, Span);
ExprId check_node(Context&, const Scope&, const ast::Arithmetic&, Span);

}  // namespace plumb::check
