#include "suite/nothing.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "eval/condition.h"
#include "eval/measure.h"
#include "eval/run.h"
#include "report/words.h"
#include "suite/atoms.h"

namespace plumb::suite {

namespace {

using time::Instant;

std::string event_words(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  return fmt::format("`{}`", event.name.empty() ? event.words : event.name);
}

Id<model::Process> process_of(const model::Rulebook& book, const model::Rule& rule) {
  if (rule.subject.process || !rule.trigger) return rule.subject.process;
  const Id<model::Stage> stage = book.events[rule.trigger].stage;
  return stage ? book.stages[stage].process : Id<model::Process>();
}

// The first of the conditions that say when a rule asks something which does not hold of the facts before the cut.
std::string untrue_filter(const Evaluated& evaluated, const model::Rule& rule, const eval::Context& context) {
  for (const Id<model::Expr> filter : {rule.subject.where, rule.while_condition}) {
    if (!filter || eval::holds(filter, context) != eval::Truth::no) continue;
    for (const Id<model::Expr> atom : atoms_of(evaluated.book, filter)) {
      if (eval::holds(atom, context) == eval::Truth::no) {
        return fmt::format("`{}` is not true", evaluated.book.exprs[atom].words);
      }
    }
  }
  return {};
}

// The same of people, of what belongs to them.
std::string untrue_of_people(const Evaluated& evaluated, const model::Rule& rule, std::string_view subject) {
  for (const Id<model::Expr> filter : {rule.subject.where, rule.while_condition}) {
    std::vector<Id<model::Expr>> all = atoms_of(evaluated.book, filter);
    all.push_back(filter);
    if (!filter) continue;
    const Instant horizon = evaluated.evaluation.horizon;
    const std::vector<eval::Truth> truths = eval::conditions_as_of(evaluated.book, evaluated.told.history, horizon, all,
                                                                   rule.subject.kind, subject, horizon);
    const auto untrue = std::ranges::find(truths, eval::Truth::no);
    if (truths.back() != eval::Truth::no || untrue + 1 == truths.end()) continue;
    const Id<model::Expr> atom = all[static_cast<std::size_t>(untrue - truths.begin())];
    return fmt::format("`{}` is not true", evaluated.book.exprs[atom].words);
  }
  return {};
}

// Missing: empty where the deal is in one of the stages that the rule is about.
std::string outside_stages(const Evaluated& evaluated, const model::Rule& rule, const eval::Context& context) {
  if (rule.subject.stages.empty()) return {};
  bool unknown = false;
  const Id<model::Stage> stage = eval::stage_at(context, unknown);
  std::vector<std::string> names;
  for (const Id<model::Stage> one : rule.subject.stages) {
    if (one == stage || unknown) return {};
    names.push_back(evaluated.book.stages[one].name);
  }
  return fmt::format("the deal is not in `{}` then", fmt::join(names, "` or `"));
}

bool moves(const history::History& history, std::uint32_t deal) {
  const history::Timeline& events = history.deal_events;
  for (std::uint32_t row = events.first[deal]; row < events.first[deal + 1]; ++row) {
    if (history.kinds[events.kind[row]].of == history::KindClass::move) return true;
  }
  return false;
}

bool is_team(const history::History& history, std::string_view name) {
  for (const history::Column& column : history.people.columns) {
    if (column.name != "team") continue;
    return std::ranges::any_of(column.values, [&](std::int64_t word) {
      return history::is_value(word) && history.words[static_cast<std::uint32_t>(word)] == name;
    });
  }
  return false;
}

// What is done about a verdict is asked where the rule has it.
std::string why_no_response(const Evaluated& evaluated, const model::Rule& rule, std::string_view subject) {
  const report::Input input{evaluated.book, evaluated.told.history, evaluated.evaluation, {}, {}, false, {}};
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  const std::uint32_t of = rule.responds_to->rule;
  const std::string& name = evaluated.book.rules[of].name;
  std::vector<std::string_view> found;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    if (verdicts.rule[row] != of || report::subject_of(input, row) != subject) continue;
    const std::string_view verdict = eval::to_text(verdicts.verdict[row]);
    if (std::ranges::find(found, verdict) == found.end()) found.push_back(verdict);
  }
  if (!found.empty()) return fmt::format("`{}` is {}", name, fmt::join(found, " and "));
  const std::string why = why_nothing(evaluated, evaluated.book.rules[of], subject);
  return fmt::format("`{}` asks nothing{}", name, why.empty() ? "" : ": " + why);
}

// Whether it has happened, whenever that was recorded.
bool happened_at_all(const Evaluated& evaluated, Id<model::Event> event, std::uint32_t deal) {
  const Result<eval::Plan> plan = eval::bind(evaluated.book, evaluated.told.history, evaluated.evaluation.horizon);
  if (!plan) return false;
  eval::View view(*plan);
  view.load_deal(deal);
  return !view.occurrences(event).empty();
}

std::string why_nothing_of_deal(const Evaluated& evaluated, const model::Rule& rule, eval::View& view,
                                const time::Calendar& calendar) {
  const model::Rulebook& book = evaluated.book;
  const Id<model::Process> process = process_of(book, rule);
  if (process && !view.may_follow(process)) {
    return fmt::format("the deal does not follow the process `{}`", book.processes[process].name);
  }
  Instant at{evaluated.evaluation.horizon.micros - 1};
  if (rule.trigger) {
    const std::vector<eval::Occurrence>& all = view.occurrences(rule.trigger);
    if (all.empty()) {
      const bool unrecorded = happened_at_all(evaluated, rule.trigger, view.subject());
      return event_words(book, rule.trigger) + (unrecorded ? " was not recorded by then" : " has not happened");
    }
    at = all.back().at;
    if (!at.known()) return {};
  }
  if (rule.effective_from && at < calendar.start_of(*rule.effective_from)) {
    return fmt::format("the rule is in force from {} on", time::to_text(*rule.effective_from));
  }
  if (rule.effective_until && at >= calendar.start_of(*rule.effective_until)) {
    return fmt::format("from {} on a later version of the rule is in force", time::to_text(*rule.effective_until));
  }
  const eval::Context context{.view = view, .cut = Instant{at.micros + 1}, .calendar = &calendar};
  if (const std::string outside = outside_stages(evaluated, rule, context); !outside.empty()) return outside;
  if (const std::string untrue = untrue_filter(evaluated, rule, context); !untrue.empty()) return untrue;
  return view.life_at(at) || rule.even_when_closed ? std::string() : std::string("the deal is closed then");
}

}  // namespace

std::string why_nothing(const Evaluated& evaluated, const model::Rule& rule, std::string_view subject) {
  if (rule.responds_to) return why_no_response(evaluated, rule, subject);
  const history::History& history = evaluated.told.history;
  const eval::Evaluation& evaluation = evaluated.evaluation;
  const Result<eval::Plan> plan = eval::bind(evaluated.book, history, evaluation.horizon, evaluation.known_at);
  if (!plan) return {};
  eval::View view(*plan);
  const time::Calendar& calendar = plan->calendars.front();
  if (rule.subject.kind == model::SubjectKind::deal) {
    const std::uint32_t deal = find_subject(history, history.deals, subject);
    if (deal == eval::nobody) return {};
    if (rule.origin == model::RuleOrigin::path && !moves(history, deal)) return "the deal makes no move";
    view.load_deal(deal);
    return why_nothing_of_deal(evaluated, rule, view, calendar);
  }
  if (rule.subject.kind == model::SubjectKind::team && !is_team(history, subject)) {
    return fmt::format("nobody is in the team `{}`", subject);
  }
  return untrue_of_people(evaluated, rule, subject);
}

}  // namespace plumb::suite
