#include "eval/obligation.h"

#include <algorithm>

#include "eval/openings.h"

namespace plumb::eval {

namespace {

constexpr std::size_t most_evidence = 20;

bool about_stage(const model::Rule& rule, const Context& context, bool& unknown) {
  unknown = false;
  if (rule.subject.stages.empty()) return true;
  const Id<model::Stage> stage = stage_at(context, unknown);
  return stage && std::find(rule.subject.stages.begin(), rule.subject.stages.end(), stage) != rule.subject.stages.end();
}

std::size_t position(const std::vector<Id<model::Stage>>& path, Id<model::Stage> stage) {
  return static_cast<std::size_t>(std::find(path.begin(), path.end(), stage) - path.begin());
}

}  // namespace

void emit(RuleRun& run, const Obligation& obligation) {
  Verdicts& out = run.verdicts;
  out.rule.push_back(run.rule_index);
  out.subject.push_back(obligation.subject);
  out.owed_by.push_back(obligation.owed_by);
  out.opened.push_back(obligation.opened);
  out.deadline.push_back(obligation.deadline);
  out.settled.push_back(obligation.settled);
  out.verdict.push_back(obligation.verdict);
  out.period.push_back(obligation.period);
  out.calendar.push_back(obligation.calendar);
  out.reason_first.push_back(static_cast<std::uint32_t>(out.reasons.size()));
  out.evidence_first.push_back(static_cast<std::uint32_t>(out.evidence.size()));
  out.fact_first.push_back(static_cast<std::uint32_t>(out.facts.size()));
  out.reasons.insert(out.reasons.end(), run.trace.reasons.begin(), run.trace.reasons.end());
  const std::size_t shown = std::min(run.trace.evidence.size(), most_evidence);
  out.evidence.insert(out.evidence.end(), run.trace.evidence.begin(),
                      run.trace.evidence.begin() + static_cast<std::ptrdiff_t>(shown));
  if (obligation.verdict == Verdict::cannot_tell) {
    out.facts.insert(out.facts.end(), run.trace.facts.begin(), run.trace.facts.end());
  }
}

void emit_untold(RuleRun& run, View& view, Instant opened) {
  const std::uint32_t owner = debtor(run.plan, run.rule, view, opened.known() ? opened : run.plan.horizon);
  emit(run, {run.rule_index, view.subject(), owner, opened, Instant::unknown(), opened, Verdict::cannot_tell, {}});
}

// The process whose deals the rule asks something of: the one it names, or that of the stage it waits for.
Id<model::Process> process_of(const RuleRun& run) {
  if (run.rule.subject.process || !run.rule.trigger) return run.rule.subject.process;
  const Id<model::Stage> stage = run.plan.book.events[run.rule.trigger].stage;
  return stage ? run.plan.book.stages[stage].process : Id<model::Process>();
}

Truth applies(RuleRun& run, View& view, Instant at, std::uint32_t opening) {
  const model::Subject& subject = run.rule.subject;
  const Id<model::Process> process = process_of(run);
  if (process && !view.of_person() && !view.may_follow(process)) return Truth::no;
  if (process && view.process_unknown()) {
    run.trace.reasons.push_back({Ground::unknown_process, {}, {}, 0, 0});
    const Id<model::Expr> where = run.plan.book.processes[process].for_deals_where;
    const Instant created = view.created().known() ? view.created() : at;
    const Context context{
        .view = view, .cut = Instant{created.micros + 1}, .calendar = &run.plan.calendars.front(), .trace = &run.trace};
    if (where) holds(where, context);
    return Truth::unknown;
  }
  const std::uint32_t person = view.of_person() ? view.subject() : nobody;
  const time::Calendar& days = run.plan.calendar_at(person, at);
  Context context{.view = view, .cut = Instant{at.micros + 1}, .opening = opening, .calendar = &days};
  context.person = person;
  bool stage_unknown = false;
  const bool in_stage = about_stage(run.rule, context, stage_unknown);
  const Truth staged = stage_unknown ? Truth::unknown : truth(in_stage);
  const Truth filtered = subject.where ? holds(subject.where, context) : Truth::yes;
  const Truth about = both(staged, filtered);
  if (about != Truth::unknown) return about;
  context.trace = &run.trace;
  if (stage_unknown) run.trace.lack({FactKind::stage, {}, {}});
  if (filtered == Truth::unknown) holds(subject.where, context);
  run.trace.reasons.push_back({Ground::unknown_subject, subject.where, {}, 0, 0});
  return Truth::unknown;
}

std::uint32_t manager_of(const Plan& plan, std::uint32_t person, time::Day day) {
  if (person == nobody || !plan.manager || !plan.fields[plan.manager.index()].dated) return nobody;
  const std::uint32_t row = person_row(plan.history.people, person, day);
  if (row == UINT32_MAX) return nobody;
  const std::int64_t word = plan.fields[plan.manager.index()].dated->values[row];
  return plan.person(word);
}

std::uint32_t debtor(const Plan& plan, const model::Rule& rule, View& view, Instant at) {
  const std::uint32_t owner = view.owner_at(at);
  if (rule.owed_by.empty() || rule.owed_by == "owner" || rule.owed_by == "person") return owner;
  const time::Calendar& days = plan.calendar_at(owner, at);
  if (rule.owed_by == "manager") return manager_of(plan, owner, days.day_of(at));
  for (std::size_t i = 0; i < plan.book.fields.size(); ++i) {
    const Id<model::Field> id(i);
    const model::Field& field = plan.book.fields[id];
    const bool person_field = field.owner == model::OwnerKind::deal && field.type.kind == model::TypeKind::person;
    if (view.of_person() || !person_field || field.name != rule.owed_by) continue;
    Context context{.view = view, .cut = Instant{at.micros + 1}, .calendar = &plan.calendars.front()};
    const Value named = field_value(id, context);
    return named.known() ? plan.person(named.id) : nobody;
  }
  return nobody;
}

Truth event_happened(Id<model::Event> event, const Context& context);  // aggregate.cpp

Truth expectation(const model::Rule& rule, const Context& context) {
  return rule.expect ? holds(rule.expect, context) : event_happened(rule.expect_event, context);
}

void explain_expectation(const model::Rule& rule, const Context& context, Truth outcome) {
  if (rule.expect) return explain(rule.expect, context, outcome);
  const Ground ground = outcome == Truth::yes  ? Ground::happened
                        : outcome == Truth::no ? Ground::nothing_happened
                                               : Ground::unknown;
  context.trace->reasons.push_back({ground, {}, rule.expect_event, 0, 0});
  event_happened(rule.expect_event, context);
}

bool in_force(const RuleRun& run, Instant at) {
  const std::optional<time::Day> from = run.rule.effective_from;
  return !from || at >= run.plan.calendars.front().start_of(*from);
}

bool moves_on(const RuleRun& run, const View& view, std::uint32_t move) {
  for (const Visit& visit : view.visits()) {
    if (visit.index != move || !visit.from) continue;
    if (!visit.stage) return true;  // it may have; the move is uncertain
    const model::StageEnd end = run.plan.book.stages[visit.stage].end;
    if (end != model::StageEnd::open) return end == model::StageEnd::won;
    const model::Process& process = run.plan.book.processes[view.process()];
    const auto& order = process.path.empty() ? process.stages : process.path;
    const std::size_t to = position(order, visit.stage);
    return to < order.size() && to > position(order, visit.from);
  }
  return false;
}

}  // namespace plumb::eval
