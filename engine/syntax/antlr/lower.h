#pragma once

#include <optional>
#include <string>
#include <vector>

#include "PlumbParser.h"
#include "syntax/antlr/reader.h"

/// Parse tree to AST, one plain function for each rule of the grammar. A clause in which reading stopped was reported
/// and is left out before it comes here, so that the parts of a context are all there.
namespace plumb::syntax::antlr {

using P = PlumbParser;

void lower_file(Reader& reader, P::FileContext& file);

/// Whether reading stopped in this rule, the bodies inside it apart: they leave out their own broken clauses.
bool is_broken(const Reader& reader, const antlr4::ParserRuleContext& context);

// lower_words.cpp
ast::Name lower_name(Reader& reader, antlr4::ParserRuleContext& name);  // anyName, word, who, dottedName …
std::optional<ast::Name> lower_name(Reader& reader, antlr4::ParserRuleContext* name);
ast::Name name_of_tokens(Reader& reader, std::string text, antlr4::ParserRuleContext& place);
ast::Text lower_text(Reader& reader, P::TextContext& text);
std::optional<ast::Text> lower_text(Reader& reader, P::TextContext* text);
/// The text between the quotes, `\"` and `\\` undone.
std::string unquoted(const std::string& quoted);
bool is_quoted(antlr4::ParserRuleContext& name);

// lower_literal.cpp
ast::DurationLit lower_duration(Reader& reader, P::DurationContext& duration);
std::optional<ast::DurationLit> lower_duration(Reader& reader, P::DurationContext* duration);
time::Unit lower_unit(P::UnitContext& unit);
time::Period lower_period(P::PeriodContext& period);
time::Period lower_periods(P::PeriodsContext& periods);
/// Missing: unknown for a day that no calendar has, which was reported.
time::Day lower_date(P::DateContext& date);
std::int64_t lower_clock(P::ClockContext& clock);
int lower_weekday(P::WeekdayContext& weekday);
int lower_month(P::MonthNameContext& month);
/// Errors: a number with a fraction, or one that does not fit; then 0.
std::int64_t lower_whole(Reader& reader, antlr4::tree::TerminalNode& numeral);
ast::ExprId lower_literal(Reader& reader, P::LiteralContext& literal);
ast::Moment lower_moment(Reader& reader, P::InstantContext& instant);
ast::ExprId lower_percentage(Reader& reader, antlr4::tree::TerminalNode& percentage);

// lower_event.cpp
ast::EventId lower_event(Reader& reader, P::EventContext& event);
ast::EventId lower_event_list(Reader& reader, P::EventListContext& list, source::Span span);
ast::EventId lower_ordinal(Reader& reader, P::OrdinalEventContext& ordinal);
ast::EventId lower_event_word(Reader& reader, P::EventWordContext& event);
ast::EventId narrow_event(Reader& reader, ast::EventId event, P::NarrowingContext* narrowing, source::Span span);
/// A value that stands where an event is wanted, as before `has happened`. Errors: one that is none; then no event.
ast::EventId event_of_value(Reader& reader, P::ValueContext& value);
ast::EventId event_of_bare(Reader& reader, P::BareOperandContext& operand);
ast::EventId event_of_parenthesis(Reader& reader, P::ParenthesisContext& parenthesis);
/// Whether a condition is nothing but an event: `expect held_meeting`. States of a deal and values are none.
P::ValueContext* only_value(P::ConditionContext& condition);
bool is_event(P::ValueContext& value);

// lower_condition.cpp
ast::ExprId add_expr(Reader& reader, decltype(ast::Expr::is) is, source::Span span);
ast::ExprId lower_condition(Reader& reader, P::ConditionContext& condition);
ast::ExprId lower_condition(Reader& reader, P::ConditionContext* condition);  // none for null
ast::ExprId lower_part(Reader& reader, P::PartContext& part);
ast::ExprId lower_narrowing(Reader& reader, P::NarrowingContext* narrowing);

// lower_tails.cpp
ast::Tails lower_tails(Reader& reader, const std::vector<P::TailContext*>& tails);
ast::Thing lower_thing(Reader& reader, P::ThingContext& thing);

// lower_value.cpp
/// A text in quotes is a name on the left of a comparison and a text on its right; the checker knows which it can be.
enum class Side : std::uint8_t { left, right };
ast::ExprId lower_value(Reader& reader, P::ValueContext& value, Side side);
ast::ExprId lower_operand(Reader& reader, P::OperandContext& operand, Side side);
ast::ExprId lower_bare(Reader& reader, P::BareOperandContext& operand, Side side);
ast::ExprId lower_parenthesis(Reader& reader, P::ParenthesisContext& parenthesis, Side side);
ast::ExprId lower_word(Reader& reader, P::WordContext& word, Side side);

// lower_aggregate.cpp
ast::ExprId lower_aggregate(Reader& reader, P::AggregateContext& aggregate);
ast::ExprId lower_name_of(Reader& reader, P::NameOfContext& of);
ast::ExprId lower_name_per(Reader& reader, P::NamePerContext& per);
struct Counted {
  ast::Population population;
  ast::ExprId where;
};
Counted lower_population(Reader& reader, P::PopulationContext& population);

// lower_body.cpp
/// The clauses of a body, in the order of the text. Missing: no body for null.
ast::Body lower_body(Reader& reader, const antlr4::ParserRuleContext* body);
/// The first body inside a rule. Missing: null.
antlr4::ParserRuleContext* body_within(const antlr4::ParserRuleContext& context);

// lower_header.cpp: what many declarations have
void lower_flag(Reader& reader, bool& flag, antlr4::ParserRuleContext& clause, std::string_view keyword);
void lower_header(Reader& reader, P::HeaderClauseContext& clause, ast::Header& header);
void lower_header(Reader& reader, P::HeaderBodyContext* body, ast::Header& header);
ast::Response lower_response(Reader& reader, P::ResponseClauseContext& response);
ast::Subject lower_subject(Reader& reader, P::ForEachClauseContext& clause);
ast::Subject lower_subject(Reader& reader, P::SubjectContext& subject, source::Span span);
ast::AdjustedFor lower_adjusted(Reader& reader, P::AdjustedClauseContext& clause);
ast::Basis lower_basis(Reader& reader, P::BasedOnClauseContext& clause);

// lower_rule.cpp
ast::Strength lower_strength(P::StrengthContext& strength);
ast::GivenAtLeast lower_given(Reader& reader, antlr4::tree::TerminalNode& count, P::PopulationContext& population,
                              source::Span span);
ast::ShapeClause lower_shape(Reader& reader, P::ShapeClauseContext& clause);
ast::Rule lower_rule(Reader& reader, P::RuleDeclarationContext& rule);

// One for each declaration, in the file of its name. What a `change` may say anew has its body apart.
ast::Calendar lower_calendar(Reader& reader, P::CalendarDeclarationContext& calendar);
ast::Fields lower_fields_declaration(Reader& reader, P::FieldsDeclarationContext& fields);
ast::Activity lower_activity(Reader& reader, P::ActivityDeclarationContext& activity);
ast::Record lower_record(Reader& reader, P::RecordDeclarationContext& record);
ast::Process lower_process(Reader& reader, P::ProcessDeclarationContext& process);
ast::Checklist lower_checklist(Reader& reader, P::ChecklistDeclarationContext& checklist);
ast::Target lower_target(Reader& reader, P::TargetDeclarationContext& target);
ast::Plan lower_plan(Reader& reader, P::PlanDeclarationContext& plan);
ast::Ladder lower_ladder(Reader& reader, P::LadderDeclarationContext& ladder);
ast::Prove lower_prove(Reader& reader, P::ProveDeclarationContext& prove);
ast::Test lower_test(Reader& reader, P::TestDeclarationContext& test);
ast::Change lower_change(Reader& reader, P::ChangeDeclarationContext& change);
ast::Remove lower_remove(Reader& reader, P::RemoveDeclarationContext& remove);

std::vector<ast::Field> lower_fields(Reader& reader, P::FieldsBodyContext* body, ast::Header& header);
void lower_calendar_body(Reader& reader, P::CalendarBodyContext& body, ast::Calendar& calendar);
void lower_process_body(Reader& reader, P::ProcessBodyContext& body, ast::Process& process);
void lower_stage_body(Reader& reader, P::StageBodyContext* body, ast::Stage& stage);
void lower_rule_body(Reader& reader, P::RuleBodyContext& body, ast::Rule& rule);
void lower_checklist_body(Reader& reader, P::ChecklistBodyContext& body, ast::Checklist& checklist);
void lower_item_body(Reader& reader, P::ItemBodyContext* body, ast::Item& item);
void lower_target_body(Reader& reader, P::TargetBodyContext& body, ast::Target& target);
void lower_plan_body(Reader& reader, P::PlanBodyContext& body, ast::Plan& plan);
void lower_ladder_body(Reader& reader, P::LadderBodyContext& body, ast::Ladder& ladder);
void lower_rung_body(Reader& reader, P::RungBodyContext& body, ast::Rung& rung);

/// Reports a clause that stands a second time in its body; the first one counts.
bool is_repeated(Reader& reader, bool there_already, antlr4::ParserRuleContext& clause, std::string_view keyword);

/// Sets what is not set yet, and reports a second time.
template <class T, class U>
void set_once(Reader& reader, std::optional<T>& slot, U&& value, antlr4::ParserRuleContext& clause,
              std::string_view keyword) {
  if (!is_repeated(reader, slot.has_value(), clause, keyword)) slot = std::forward<U>(value);
}

}  // namespace plumb::syntax::antlr
