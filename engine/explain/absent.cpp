#include <algorithm>

#include <fmt/format.h>

#include "eval/measure.h"
#include "eval/obligation.h"
#include "eval/openings.h"
#include "explain/explain.h"
#include "explain/parts.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using model::SubjectKind;

struct Absent {
  const Teller& teller;
  const eval::Plan& plan;
  const model::Rule& rule;
  eval::View& view;
  std::vector<std::string> why;

  const model::Rulebook& book() const { return plan.book; }
  std::string at_text(Instant at) const {
    return report::is_date(at) ? report::minute_text(teller.view, at) : "an instant that nobody gave";
  }
};

eval::Context at(Absent& a, Instant instant, std::uint32_t opening) {
  return {.view = a.view,
          .cut = Instant{instant.micros + 1},
          .opening = opening,
          .person = a.view.of_person() ? a.view.subject() : eval::nobody,
          .subject = a.rule.subject.kind,
          .calendar = &a.plan.calendars.front()};
}

// What of a filter was not true, with what it was instead.
std::string failed(Absent& a, Id<model::Expr> where, const eval::Context& context) {
  std::string text;
  for (const Atom& atom : atoms_of(a.teller, {where, {}, context})) {
    if (atom.truth == eval::Truth::yes) continue;
    if (!text.empty()) text += "; ";
    text += fmt::format("`{}` {}", atom.words, atom.truth == eval::Truth::no ? "was not true" : "cannot be told");
    if (!atom.left.empty()) text += fmt::format(" ({})", atom.left);
  }
  return text;
}

std::string stages_text(const Absent& a) {
  std::string text;
  for (Id<model::Stage> stage : a.rule.subject.stages) text += (text.empty() ? "" : ", ") + a.book().stages[stage].name;
  return text;
}

// The process that the rule is about, where the deal follows another or none. False when it does.
bool another_process(Absent& a) {
  Id<model::Process> process = a.rule.subject.process;
  if (!process && a.rule.trigger) {
    const Id<model::Stage> stage = a.book().events[a.rule.trigger].stage;
    if (stage) process = a.book().stages[stage].process;
  }
  if (!process || a.view.of_person() || a.view.may_follow(process)) return false;
  const model::Process& asked = a.book().processes[process];
  std::string text = fmt::format("the deal does not follow the process {}", asked.name);
  if (asked.for_deals_where) {
    const Instant created = a.view.created().known() ? a.view.created() : a.plan.horizon;
    text += ": when it was created " + failed(a, asked.for_deals_where, at(a, created, UINT32_MAX));
  }
  a.why.push_back(std::move(text));
  return true;
}

// Why one time that the trigger happened asked nothing.
std::string why_not_then(Absent& a, const eval::Occurrence& trigger) {
  const eval::Context context = at(a, trigger.at, trigger.index);
  const FactLine line = fact_line(a.teller, a.view.ref(trigger.index));
  const std::string what =
      fmt::format("{} at {}{}", line.words, a.at_text(trigger.at), line.where.empty() ? "" : " (" + line.where + ")");
  const std::optional<time::Day> from = a.rule.effective_from;
  if (from && trigger.at < a.plan.calendars.front().start_of(*from)) {
    return fmt::format("{}: the rule is in force from {} on", what, time::to_text(*from));
  }
  const std::optional<time::Day> until = a.rule.effective_until;
  if (until && trigger.at >= a.plan.calendars.front().start_of(*until)) {
    return fmt::format("{}: from {} on a later version of the rule is in force", what, time::to_text(*until));
  }
  if (!a.rule.even_when_closed && !a.view.life_at(trigger.at)) return what + ": the deal was closed";
  if (!a.rule.subject.stages.empty()) {
    bool unknown = false;
    const Id<model::Stage> stage = eval::stage_at(context, unknown);
    const auto& asked = a.rule.subject.stages;
    if (!unknown && std::find(asked.begin(), asked.end(), stage) == asked.end()) {
      return fmt::format("{}: the deal was in {}, and the rule asks in {}", what,
                         stage ? a.book().stages[stage].name : std::string("no stage"), stages_text(a));
    }
  }
  if (a.rule.subject.where && eval::holds(a.rule.subject.where, context) == eval::Truth::no) {
    return fmt::format("{}: {}", what, failed(a, a.rule.subject.where, context));
  }
  if (a.rule.origin == model::RuleOrigin::to_move_on) return what + ": the deal did not go forward";
  return what + ": nothing was asked";
}

void of_trigger(Absent& a) {
  constexpr std::size_t most = 5;
  const auto& triggers = a.view.occurrences(a.rule.trigger);
  const model::Event& event = a.book().events[a.rule.trigger];
  const std::string name = event.name.empty() ? event.words : event.name;
  if (triggers.empty())
    a.why.push_back(
        fmt::format("`{}` has not happened by {}", name, report::until_text(a.teller.view, a.plan.horizon)));
  for (std::size_t i = 0; i < triggers.size() && i < most; ++i) a.why.push_back(why_not_then(a, triggers[i]));
  if (triggers.size() > most) {
    a.why.push_back("and " + report::count_text(triggers.size() - most, "more time", "more times"));
  }
}

// A rule that asks all the time: it never held that it was about the subject and its condition true.
void of_time(Absent& a) {
  if (a.view.dated() == a.view.end()) {
    a.why.push_back(fmt::format("nothing has happened by {}", report::until_text(a.teller.view, a.plan.horizon)));
    return;
  }
  std::vector<Instant> points;
  const Instant first = a.view.timeline().at[a.view.dated()];
  eval::change_points(a.view, a.plan.calendars.front(), {a.rule.while_condition, a.rule.subject.where}, first,
                      a.plan.horizon, false, points);
  const Instant last = points.empty() ? first : points.back();
  if (!a.rule.subject.stages.empty()) {
    const auto in = [&](const eval::Visit& visit) {
      const auto& asked = a.rule.subject.stages;
      return std::find(asked.begin(), asked.end(), visit.stage) != asked.end();
    };
    if (std::none_of(a.view.visits().begin(), a.view.visits().end(), in)) {
      a.why.push_back(fmt::format("the deal has never been in {}", stages_text(a)));
    }
  }
  for (Id<model::Expr> condition : {a.rule.subject.where, a.rule.while_condition}) {
    if (!condition) continue;
    const auto ever = [&](Instant now) { return eval::holds(condition, at(a, now, UINT32_MAX)) != eval::Truth::no; };
    if (std::any_of(points.begin(), points.end(), ever)) continue;
    a.why.push_back(fmt::format("`{}` has never been true; at {} {}", a.book().exprs[condition].words, a.at_text(last),
                                failed(a, condition, at(a, last, UINT32_MAX))));
  }
}

void of_person(Absent& a) {
  const history::People& people = a.plan.history.people;
  const std::uint32_t person = a.view.subject();
  const Instant now{a.plan.horizon.micros - 1};
  if (people.joined[person].known()) {
    a.why.push_back(fmt::format("the person joined on {}", time::to_text(people.joined[person])));
  }
  if (people.left[person].known())
    a.why.push_back(fmt::format("the person left on {}", time::to_text(people.left[person])));
  const bool lasts = a.rule.shape == model::Shape::while_ || a.rule.shape == model::Shape::throughout;
  if (a.rule.subject.where && eval::holds(a.rule.subject.where, at(a, now, UINT32_MAX)) == eval::Truth::no) {
    a.why.push_back(fmt::format(
        "{}; at {} {}",
        lasts ? "the rule was not about the person" : "at the start of no period was the rule about the person",
        a.at_text(now), failed(a, a.rule.subject.where, at(a, now, UINT32_MAX))));
  }
  if (!a.rule.while_condition) return;
  const std::string_view name = a.plan.history.words[people.names.ids[person]];
  const bool untrue = eval::conditions_as_of(a.plan.book, a.plan.history, a.plan.horizon, {a.rule.while_condition},
                                             SubjectKind::person, name, a.plan.horizon)
                          .front() == eval::Truth::no;
  if (untrue) {
    a.why.push_back(
        fmt::format("`{}` was not true at {}", a.book().exprs[a.rule.while_condition].words, a.at_text(now)));
  }
}

}  // namespace

std::vector<std::string> why_none(const report::Input& input, const eval::Options& options, std::uint32_t rule,
                                  std::uint32_t subject) {
  const Result<eval::Plan> plan = eval::bind(input.rulebook, input.history, input.evaluation.horizon);
  if (!plan) return {plan.error()};
  (void)options;
  const report::View shown{input, plan->calendars.front(), report::chosen_rules(input)};
  const Teller teller{shown, input.rulebook, input.history};
  eval::View view(*plan);
  const model::Rule& asked = input.rulebook.rules[rule];
  const bool deal = asked.subject.kind == SubjectKind::deal;
  deal ? view.load_deal(subject) : view.load_person(subject);
  Absent a{teller, *plan, asked, view, {}};
  if (asked.effective_from && input.evaluation.horizon <= plan->calendars.front().start_of(*asked.effective_from)) {
    a.why.push_back(fmt::format("the rule is in force from {} on", time::to_text(*asked.effective_from)));
  } else if (!another_process(a)) {
    if (asked.trigger) of_trigger(a);
    if (!asked.trigger && deal) of_time(a);
    if (!deal) of_person(a);
  }
  if (a.why.empty()) a.why.push_back("nothing that the rule asks about has come to pass");
  return a.why;
}

}  // namespace plumb::explain
