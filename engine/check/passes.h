#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check/context.h"

/// The passes over one file, in the order of check.cpp, and what they ask of each other. Nothing outside of check/
/// includes it.
namespace plumb::check {

// ---- names ----------------------------------------------------------------------------------------------------------

/// Whether names are still compared for "did you mean": a text that is wrong everywhere is not worth the time.
bool still_suggests(const Context& context);

/// The names to suggest from.
template <class T>
std::vector<std::string> keys(const Context& context, const std::map<std::string, T>& map) {
  std::vector<std::string> result;
  if (!still_suggests(context)) return result;
  for (const auto& [name, unused] : map) result.push_back(name);
  return result;
}

/// Whether every rulebook that a file names with `use` and `extends` was read with it.
bool is_followed(const ast::File& file);

/// Whether an unknown name is taken as one from a rulebook that is not read yet.
bool from_elsewhere(Context& context, std::string_view near);

/// Shows where `near` is declared if it stands nowhere else: then that may be the mistake.
void label_declared(const Context& context, Diagnostic& diagnostic, std::string_view near);

/// "did you mean", where a candidate is near.
void suggest_nearest(Diagnostic& diagnostic, const ast::Name& name, const std::vector<std::string>& candidates);

/// Whether the name was reported with this code before; then the report says that it stands here, too.
bool said_before(Context& context, const ast::Name& name, const diagnostics::Code& code);

/// Says where the name was removed. Whether it was.
bool label_removed(const Context& context, Diagnostic& diagnostic, const std::string& name);

/// Reports a name that nothing declares, at its first use. Missing: nullptr where it was reported before, may come from
/// elsewhere, or was never written (a syntax error, already reported), or was lost to a mistake that is reported
/// elsewhere: in a text that was not read whole only a name that resembles another is surely a mistake of its own.
template <class... Args>
Diagnostic* unknown(Context& context, const ast::Name& name, const std::vector<std::string>& candidates,
                    const diagnostics::Code& code, const Args&... args) {
  if (!name.written() || context.lost.contains(name.text)) return nullptr;
  const std::string_view near = diagnostics::nearest(name.text, candidates);
  if (from_elsewhere(context, near) || (near.empty() && context.read_with > 0)) return nullptr;
  if (said_before(context, name, code)) return nullptr;
  Diagnostic& diagnostic = context.sink.report(name.span, code, args...);
  if (!label_removed(context, diagnostic, name.text)) suggest_nearest(diagnostic, name, candidates);
  label_declared(context, diagnostic, near);
  return &diagnostic;
}

/// Reports a second declaration of a name. `first` may be unknown: what every rulebook has.
void report_duplicate(Context& context, const ast::Name& name, std::string_view as, Span first);

/// Reports definitions that build on each other too deeply. Whether they do.
bool report_too_deep(Context& context, const ast::Name& name);

/// Reports a definition by itself.
void report_circle(Context& context, const ast::Name& name, Span written);

/// A definition when it is first asked for: `define(definition)` makes it, once. Missing: none for one that is defined
/// by itself or builds on too many others, which is reported.
template <class Written, class Made, class Define>
Id<Made> defined(Context& context, Definition<Written, Made>& definition, const ast::Name& name, Define define) {
  if (definition.progress == Progress::under_way) {
    report_circle(context, name, definition.written->name.span);
    return {};
  }
  if (definition.progress == Progress::untouched) {
    const bool too_deep = report_too_deep(context, name);
    definition.progress = too_deep ? Progress::done : Progress::under_way;
    if (too_deep) return {};
    ++context.depth;
    define(definition);
    --context.depth;
    definition.progress = Progress::done;
  }
  return definition.made;
}

/// The declaration tables: fields, activities, records, stages; events, measures and rules by name.
void declare_names(Context& context);
void declare_fields(Context& context);
void declare_processes(Context& context);
void declare_calendars(Context& context);

std::map<std::string, Id<model::Field>>& fields_of(Context& context, model::OwnerKind owner);
/// Everything an event expression may name.
std::vector<std::string> event_names(const Context& context);
bool is_event(const Context& context, const std::string& name);
/// Missing: none, reported.
Id<model::Stage> stage_named(Context& context, const Scope& scope, const ast::Name& name);
Id<model::Record> record_named(Context& context, const ast::Name& name);
/// A stage and those after it on its process's path, closed ones excluded.
std::vector<Id<model::Stage>> stage_or_later(const Context& context, Id<model::Stage> stage);

// ---- units ----------------------------------------------------------------------------------------------------------

/// Reports business days and working hours where the default calendar has no work hours.
time::Duration check_duration(Context& context, const ast::DurationLit& written);
std::optional<time::Duration> check_duration(Context& context, const std::optional<ast::DurationLit>& written);
/// Reports days of a business calendar where there is none.
void check_business_days(Context& context, Span span);
/// Reports terms where no calendar has any.
void check_period(Context& context, time::Period period, Span span);
void check_not_zero(Context& context, std::int64_t count, Span span);

// ---- declarations ---------------------------------------------------------------------------------------------------

void check_header(Context& context);
/// Reports header words whose dates contradict each other, in every declaration.
void check_dates(Context& context);
/// Says of stage clauses, paths and items whose they are.
void name_governing(Context& context);
model::Header header_from(const ast::Header& written);
/// `adjusted for`, of a rule or a plan.
std::vector<model::Adjustment> check_adjusted(Context& context, const std::optional<ast::AdjustedFor>& written);
/// `based on`. Missing: nothing for nothing.
std::optional<model::Basis> check_basis(Context& context, const std::optional<ast::Basis>& written);
/// `given at least N THINGS`.
model::Given check_given(Context& context, const Scope& scope, const ast::GivenAtLeast& written);
/// `for each …`; sets what bare names mean. Missing: nothing where nobody knows whose it is (reported).
std::optional<model::Subject> check_subject(Context& context, const ast::Subject& written, Scope& scope);
/// The stages of a process with the lines that declare them; a second declaration of a name is left out.
std::vector<std::pair<const ast::Stage*, Id<model::Stage>>> declared_stages(const Context& context,
                                                                            const ast::Process& written,
                                                                            Id<model::Process> id);
void check_process(Context& context, const ast::Process& written, Id<model::Process> id);
void check_stage_rules(Context& context, const ast::Process& written, Id<model::Process> id);
void check_rule(Context& context, const ast::Rule& written);
std::vector<model::Response> check_responses(Context& context, const std::vector<ast::Response>& written);
/// Every response as a rule of its own, behind all rules: `RULE.if_missed.1`.
void add_responses(Context& context);
/// Who owes what a rule expects: owner, manager, a field that holds a person.
std::string check_debtor(Context& context, About about, const ast::Name& name);

// Targets, plans, checklists and ladders are declared by name before anything is checked, and checked in the order of
// check.cpp; a value that names one finds it in the tables of Names.
void declare_targets(Context& context);
void check_targets(Context& context);
void declare_plans(Context& context);
void check_plans(Context& context);
void declare_checklists(Context& context);
void check_checklists(Context& context);
void declare_ladders(Context& context);
void check_ladders(Context& context);
void check_proofs(Context& context);
void check_tests(Context& context);
/// Which step of a plan a name is, counted from the last one: an event by its name, or a stage that is entered.
/// Missing: nothing for none.
std::optional<std::size_t> plan_step(const Context& context, Id<model::Plan> plan, const ast::Name& name);
/// Missing: none, reported.
Id<model::Ladder> ladder_named(Context& context, const ast::Name& name);
/// Which rung of a ladder it is. Missing: nothing, reported.
std::optional<std::uint32_t> rung_named(Context& context, const model::Ladder& ladder, const ast::Name& name);
/// A rule as it stands in the text. Missing: none, reported.
const ast::Rule* rule_written(Context& context, const ast::Name& name);
Id<model::Checklist> checklist_named(Context& context, const ast::Name& name);

/// The rules that the items of checklists need.
void check_needs(Context& context);
/// Warns of conditions of which two parts are never true together, or that ask for less than nothing.
void check_contradictions(Context& context);
/// What all rules together do: verdicts that depend on themselves, targets that nothing governs yet.
void check_uses(Context& context);
/// Reports a threshold that is adjusted although it was before, and amounts in several currencies.
void check_thresholds(Context& context, const ast::Rule& written, const model::Rule& rule);
/// Notes that `within 1 month` may end on another day of the month than it began.
void note_month_end(Context& context, const std::optional<ast::DurationLit>& written);
void note_month_end(Context& context, const ast::DurationLit& written);
/// Reports three capitals that are no currency.
void check_currency(Context& context, const ast::Name& currency);
/// Reports places `{…}` inside a text that name nothing.
void check_text(Context& context, const Scope& scope, const ast::Text& text);
void check_text(Context& context, const Scope& scope, const std::optional<ast::Text>& text);
/// Reports places in a text that is about nobody; `of` is "a target".
void check_lone_text(Context& context, const ast::Text& text, std::string_view of);
void check_lone_text(Context& context, const std::optional<ast::Text>& text, std::string_view of);
/// The texts of everything but rules and items, which check their own.
void check_texts(Context& context);

/// Missing: none; a definition by itself is reported.
Id<model::Target> target_defined(Context& context, const ast::Name& name);
Id<model::Checklist> checklist_defined(Context& context, const ast::Name& name);
/// Everything that has a verdict, by its name.
const std::map<std::string, Judged>& judged(Context& context);
/// Missing: none; a definition by itself is reported.
Id<model::Event> event_defined(Context& context, const ast::Name& name);
Id<model::Measure> measure_defined(Context& context, const ast::Name& name);

/// The rule in one plain sentence; `subject` is "each deal in qualification or later".
std::string sentence_of(const model::Rulebook& book, const model::Rule& rule, std::string_view subject);

}  // namespace plumb::check
