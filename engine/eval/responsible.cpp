#include <set>

#include "eval/respond.h"
#include "eval/standing.h"

namespace plumb::eval {

namespace {

// The one person of whom `is` holds on a day; several or none: nobody.
template <class Is>
std::uint32_t only_one(const Plan& plan, time::Day day, Is is) {
  std::uint32_t found = nobody;
  for (std::uint32_t person = 0; person < plan.history.people.names.size(); ++person) {
    if (!employed(plan, person, day) || !is(person)) continue;
    if (found != nobody) return nobody;
    found = person;
  }
  return found;
}

// Who has a role: a word in a column of people.
struct Role {
  const Plan& plan;
  const history::Column* column = nullptr;
  std::uint32_t word;

  Role(const Plan& plan, const std::string& role) : plan(plan), word(plan.history.words.find(role)) {
    for (const history::Column& each : plan.history.people.columns) {
      if (each.name == "role") column = &each;
    }
  }
  bool is_of(std::uint32_t person, time::Day day) const {
    const std::uint32_t row = column ? person_row(plan.history.people, person, day) : UINT32_MAX;
    return row != UINT32_MAX && history::is_value(column->values[row]) && column->values[row] == word;
  }
};

}  // namespace

std::uint32_t team_manager_of(const Plan& plan, std::uint32_t team, time::Day day) {
  if (team == nobody) return nobody;
  std::set<std::uint32_t> managers;
  for (std::uint32_t person = 0; person < plan.history.people.names.size(); ++person) {
    if (!employed(plan, person, day) || team_of(plan, person, day) != team) continue;
    managers.insert(manager_of(plan, person, day));
  }
  return managers.size() == 1 ? *managers.begin() : nobody;
}

std::uint32_t holder_of(const Plan& plan, const std::string& role, std::uint32_t team, time::Day day) {
  const Role held(plan, role);
  if (team != nobody) {
    const std::uint32_t near = only_one(
        plan, day, [&](std::uint32_t person) { return team_of(plan, person, day) == team && held.is_of(person, day); });
    if (near != nobody) return near;
  }
  return only_one(plan, day, [&](std::uint32_t person) { return held.is_of(person, day); });
}

std::uint32_t responsible(const Plan& plan, const std::string& by, model::SubjectKind kind, std::uint32_t owed_by,
                          const View& view, Instant at) {
  if (by == "owner" && kind == model::SubjectKind::deal) return view.owner_at(at);
  // A rule about people is about that person, whoever owes it.
  const std::uint32_t person = kind == model::SubjectKind::person ? view.subject() : owed_by;
  const time::Day day = plan.calendar_at(person, at).day_of(at);
  if (by == "owner" || by == "person") return person;
  if (by == "manager") return kind == model::SubjectKind::team ? owed_by : manager_of(plan, person, day);
  const std::uint32_t team = person == nobody ? nobody : team_of(plan, person, day);
  return by == "team manager" ? team_manager_of(plan, team, day) : holder_of(plan, by, team, day);
}

bool owed_by_nobody_known(const std::string& by, const model::Rule& rule, std::uint32_t owed_by, const View& view,
                          Instant opened, Instant at) {
  if (rule.subject.kind != model::SubjectKind::deal || !view.plan().owner) return false;
  if (by == "owner") return !view.owner_observed(at);
  const bool by_owner = rule.owed_by.empty() || rule.owed_by == "owner";
  return by_owner && owed_by == nobody && (by == "person" || by == "manager") && !view.owner_observed(opened);
}

time::Day gone_from(const Plan& plan, std::uint32_t person, time::Day from) {
  const history::People& people = plan.history.people;
  const time::Day left = people.left[person];
  if (!plan.active) return left;
  if (gone(plan, person, from) == Truth::yes) return from;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    const time::Day day = people.from[row];
    if (!day.known() || day <= from || gone(plan, person, day) != Truth::yes) continue;
    return left.known() ? std::min(left, day) : day;
  }
  return left;
}

Instant left_at(const Plan& plan, std::uint32_t person, Instant since) {
  if (person == nobody) return Instant::unknown();
  const time::Day day = plan.calendar_at(person, since).day_of(since);
  const time::Day left = gone_from(plan, person, day);
  return left.known() ? plan.calendar_of(person, left).start_of(left) : Instant::unknown();
}

bool anybody_may_have_left(const Plan& plan, Instant since, Instant until) {
  const time::Day last = plan.calendars.front().day_of(Instant{until.micros - 1});
  for (std::uint32_t person = 0; person < plan.history.people.names.size(); ++person) {
    const Instant left = left_at(plan, person, since);
    if ((left.known() && left < until) || gone(plan, person, last) == Truth::unknown) return true;
  }
  return false;
}

}  // namespace plumb::eval
