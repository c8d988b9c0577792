#include "eval/asked.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace plumb::eval {

using model::SubjectKind;

namespace {

// Whether they are there cannot be told.
Truth lack_departure(RuleRun& run, std::uint32_t person) {
  run.trace.lack({.kind = FactKind::departure, .person = person});
  run.trace.reasons.push_back({Ground::unknown_subject, run.rule.subject.where, {}, 0, 0});
  return Truth::unknown;
}

}  // namespace

Truth is_there(RuleRun& run, std::uint32_t person, time::Day day) {
  const Truth there = present(run.plan, person, day);
  return there == Truth::unknown ? lack_departure(run, person) : there;
}

Truth included(RuleRun& run, View& view, std::uint32_t person, const time::Calendar& days, Instant at) {
  const Truth there = present(run.plan, person, days.day_of(at));
  if (there == Truth::no) return there;
  const Truth about = applies(run, view, at, UINT32_MAX, &days);
  return about == Truth::no || there == Truth::yes ? about : lack_departure(run, person);
}

time::Day perhaps_gone(const Plan& plan, std::uint32_t person, time::Day from, time::Day until) {
  if (from < until && gone(plan, person, from) == Truth::unknown) return from;
  const history::People& people = plan.history.people;
  for (std::uint32_t row = people.first[person]; plan.active && row < people.first[person + 1]; ++row) {
    const time::Day day = people.from[row];
    if (day.known() && day > from && day < until && gone(plan, person, day) == Truth::unknown) return day;
  }
  return time::Day::unknown();
}

Truth is_staffed(RuleRun& run, std::uint32_t team, const std::vector<std::uint32_t>& people, time::Day day) {
  std::uint32_t perhaps = nobody;
  for (const std::uint32_t person : people) {
    const Truth there = team_of(run.plan, person, day) == team ? present(run.plan, person, day) : Truth::no;
    if (there == Truth::yes) return there;
    if (there == Truth::unknown && perhaps == nobody) perhaps = person;
  }
  return perhaps == nobody ? Truth::no : lack_departure(run, perhaps);
}

Truth includes_group(RuleRun& run, Context context) {
  if (!run.rule.subject.where) return Truth::yes;
  const Truth about = holds(run.rule.subject.where, context);
  if (about != Truth::unknown) return about;
  context.trace = &run.trace;
  holds(run.rule.subject.where, context);
  run.trace.reasons.push_back({Ground::unknown_subject, run.rule.subject.where, {}, 0, 0});
  return about;
}

Truth has_begun(RuleRun& run, Instant before) {
  const Began& began = run.plan.began;
  if (began.perhaps == began.surely || before > began.surely) return Truth::yes;
  run.trace.lack({.kind = FactKind::recorded, .member = began.row});
  run.trace.reasons.push_back({Ground::unknown_subject, {}, {}, 0, 0});
  return Truth::unknown;
}

Truth about_at(RuleRun& run, View& view, Instant at, const time::Calendar* calendar) {
  const Plan& plan = run.plan;
  if (!run.who.any()) return applies(run, view, at, UINT32_MAX, calendar);
  const auto about = [&] {
    if (run.who.person != nobody) {
      return included(run, view, run.who.person, plan.calendar_at(run.who.person, at), at);
    }
    const time::Calendar& days = plan.calendars.front();
    const time::Day day = days.day_of(at);
    const Truth staffed = run.who.team == nobody ? Truth::yes : is_staffed(run, run.who.team, run.members, day);
    if (staffed != Truth::yes) return staffed;
    return includes_group(run, {.view = view,
                                .cut = Instant{at.micros + 1},
                                .team = run.who.team,
                                .subject = run.rule.subject.kind,
                                .calendar = &days});
  };
  const Truth is = about();
  return is == Truth::no ? is : both(is, has_begun(run, Instant{at.micros + 1}));
}

std::uint32_t debtor_of(const RuleRun& run, View& view, Instant at) {
  if (!run.who.any() || run.who.person != nobody) return debtor(run.plan, run.rule, view, at);
  if (run.who.team == nobody) return nobody;
  const time::Day day = run.plan.calendars.front().day_of(at);
  return manager_of_all(run.plan, members_of(run.plan, run.who.team, day), day);
}

std::uint32_t subject_of(const RuleRun& run, const View& view) {
  return run.who.any() ? run.who.subject : view.subject();
}

std::vector<EventRef> rows_by_day(const RuleRun& run, const View& view, Instant at) {
  std::vector<EventRef> rows;
  if (!run.who.any()) {
    for (const std::uint32_t row : view.rows_by_day(at)) rows.push_back(view.ref(row));
  }
  for (const DayTurn& turn : run.by_day) {
    if (run.who.any() && turn.at == at && turn.subject == run.who.subject) rows.push_back(turn.row);
  }
  return rows;
}

bool by_day(const RuleRun& run, const View& view) { return run.who.any() ? !run.by_day.empty() : view.by_day(); }

std::vector<std::string> team_names(const Plan& plan) {
  const history::Column* team = plan.team ? plan.fields[plan.team.index()].dated : nullptr;
  std::set<std::string> names;
  for (std::size_t row = 0; team && row < team->values.size(); ++row) {
    const std::int64_t word = team->values[row];
    if (history::is_value(word)) names.emplace(plan.history.words[static_cast<std::uint32_t>(word)]);
  }
  return {names.begin(), names.end()};
}

std::vector<std::uint32_t> ever_in(const Plan& plan, std::uint32_t team) {
  const history::People& people = plan.history.people;
  std::vector<std::uint32_t> all(people.names.size());
  std::iota(all.begin(), all.end(), 0u);
  if (team == nobody) return all;
  const history::Column* column = plan.team ? plan.fields[plan.team.index()].dated : nullptr;
  std::erase_if(all, [&](std::uint32_t person) {
    for (std::uint32_t row = people.first[person]; column && row < people.first[person + 1]; ++row) {
      if (column->values[row] == std::int64_t{team}) return false;
    }
    return true;
  });
  return all;
}

}  // namespace plumb::eval
