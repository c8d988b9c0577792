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
/// What `over last N` and `based on N` count: an event, or deals by the event that made them so.
EventId latest_of(Context& context, const Scope& scope, ast::EventId id);
/// A deal is won, or lost.
EventId closing(Context& context, Span span);
/// `F of E`: the sum of an attribute.
ExprId sum_of(Context& context, const Scope& scope, const ast::Name& field, EventId event, Span span);
model::Tails check_tails(Context& context, const Scope& scope, const ast::Tails& written);
/// Reports tails of what has no facts to choose among: `today is … from buyer`. Whether there are any.
bool report_tails(Context& context, const ast::Tails& written, Span of);
bool report_tails(Context& context, const ast::Tails& written, ExprId of);

// ---- names in expressions
// ---------------------------------------------------------------------------------------------

/// A field by its bare name. Missing: none, unreported.
ExprId field_named(Context& context, const Scope& scope, const ast::Name& name);
/// A field, a measure, a name of what is not evaluated yet. Missing: none, unreported.
ExprId value_named(Context& context, const Scope& scope, const ast::Name& name);
/// A measure, as it is or `of team`, `of company`. Errors: reported, and broken.
ExprId measure_named(Context& context, const Scope& scope, const ast::Name& name);
/// The value of a target. Errors: reported, and broken.
ExprId target_named(Context& context, const Scope& scope, const ast::Name& name);
/// Whose fields an expression reads directly, outside of what it counts. Missing: nullopt for nobody's.
std::optional<model::OwnerKind> reads_of(const Context& context, ExprId id);
/// Whether somebody's fields can be read here.
bool is_there(const Scope& scope, std::optional<model::OwnerKind> owner);
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
/// A word that stands for a choice, a level, a verdict: a bare name, a text, or a keyword that is one here (`won`).
/// Missing: a name that is not written, for anything else.
ast::Name word_at(const Context& context, ast::ExprId id);
/// Reports a comparison that the left side does not have; `hint` is what would be right.
void report_comparison(Context& context, Span span, std::string_view words, std::string_view is,
                       model::Comparison comparison, std::string_view hint);

// ---- checklists, verdicts and situations in conditions --------------------------------------------------------------

/// `money of bant`: the item's checklist. Missing: nullptr where no checklist is meant.
const ast::OfName* item_at(Context& context, const Scope& scope, ast::ExprId id);
/// `money of bant is at least heard`, in conditions on the item's levels.
ExprId check_item_compare(Context& context, const Scope& scope, const ast::OfName& item, const ast::Compare& node,
                          Span span);
/// `money of bant is known`.
ExprId check_item_known(Context& context, const Scope& scope, const ast::OfName& item, const ast::Known& node,
                        Span span);
/// `at least 6 of bant are confirmed`.
ExprId check_items_are(Context& context, const Scope& scope, const ast::AtLeastOf& node, Span span);
/// What makes an item stand at a level or above. Missing: none where it never does; unreported.
ExprId level_reached(Context& context, Id<model::Item> item, std::size_t level, Span span);
/// The row of a level. Missing: nullopt, reported.
std::optional<std::size_t> level_named(Context& context, const model::Checklist& list, const ast::Name& name);
/// Reports a level that an item never reaches.
void report_never_reached(Context& context, Id<model::Item> item, std::size_t level, Span span);

/// `RULE is kept`, before fields and measures are looked at. Missing: none for another comparison.
ExprId check_verdict(Context& context, const Scope& scope, const ast::Compare& node, Span span);
/// `person is on leave`. Missing: none for another comparison.
ExprId check_situation(Context& context, const Scope& scope, const ast::Compare& node, Span span);
/// The condition, or its negation.
ExprId negated_if(Context& context, bool negated, ExprId condition, Span span);

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
