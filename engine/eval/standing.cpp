#include "eval/standing.h"

#include <algorithm>

namespace plumb::eval {

namespace {

using model::SubjectKind;

// A stretch of time in which a deal is what is asked for; unknown `from`: nobody knows since when.
struct Standing {
  Instant from, until;
  bool certain;
};

struct Filling {
  View& view;
  SubjectKind kind;
  MemberList& list;

  void add(std::uint32_t key, const Standing& at) {
    if (key == nobody || (at.until.known() && at.from >= at.until)) return;
    MemberList::OfKey& of = list.of(key);
    of.add(at.from, {false, view.begin()}, view.subject(), at.certain, Truth::unknown);
    of.add_upon(at.until, Instant::unknown(), true);
  }
  // An owner's deals are those of the team that he has on the day.
  void add_of_team(std::uint32_t owner, Standing at) {
    const Plan& plan = view.plan();
    const history::People& people = plan.history.people;
    const time::Calendar& days = plan.calendars.front();
    const Instant first = at.from.known() ? at.from : Instant{INT64_MIN + 1};
    for (std::uint32_t row = people.first[owner]; row < people.first[owner + 1]; ++row) {
      const Instant turn = people.from[row].known() ? days.start_of(people.from[row]) : Instant::unknown();
      if (!turn.known() || turn <= first || (at.until.known() && turn >= at.until)) continue;
      add(team_key(plan, owner, days.day_of(Instant{turn.micros - 1})), {at.from, turn, at.certain});
      at.from = turn;
    }
    add(team_key(plan, owner, days.day_of(at.from.known() ? at.from : plan.horizon)), at);
  }
  void add_of(Instant since, const Standing& at) {
    const Instant asked = since.known() ? since : view.plan().horizon;
    if (!view.owner_observed(asked)) return add(anybody, at);
    const std::uint32_t owner = view.owner_at(asked);
    if (owner == nobody || kind == SubjectKind::person) return add(owner, at);
    add_of_team(owner, at);
  }
  void add_owners(Standing at) {
    if (kind == SubjectKind::company) return add(0, at);
    const Plan& plan = view.plan();
    for (std::uint32_t index : view.of_kind(plan.fields[plan.owner.index()].change_kind)) {
      const Instant change = view.timeline().at[index];
      if (!change.known() || change <= at.from || (at.until.known() && change >= at.until)) continue;
      add_of(at.from, {at.from, change, at.certain});
      at.from = change;
    }
    add_of(at.from, at);
  }
};

}  // namespace

void collect_standing(View& view, const WantedList& wanted, MemberList& list) {
  if (view.begin() == view.end()) return;
  const model::Aggregate& aggregate = *view.plan().book.exprs[wanted.expr].aggregate;
  Filling filling{view, wanted.kind, list};
  if (!aggregate.deals_in) return filling.add_owners({view.created(), Instant::unknown(), true});
  for (const Life& life : view.lives()) {
    const Instant from = view.created().known() ? std::max(view.created(), life.begin) : Instant::unknown();
    const bool certain = !view.lives_unknown() && !view.process_unknown();
    if (!life.doubt.known()) {
      filling.add_owners({from, life.end, certain});
      continue;
    }
    // From there on it is in a stage that the rulebook does not have.
    if (life.doubt > from) filling.add_owners({from, life.doubt, certain});
    filling.add_owners({std::max(from, life.doubt), life.end, false});
  }
}

Truth gone(const history::People& people, std::uint32_t person, time::Day day) {
  const auto active = std::ranges::find_if(people.columns, [](const history::Column& column) {
    return column.name == "active" && column.type == history::ValueType::boolean;
  });
  if (active == people.columns.end() || people.left[person].known()) return Truth::no;
  const std::uint32_t row = person_row(people, person, day);
  if (row == UINT32_MAX || active->values[row] != 0) return Truth::no;
  return people.from[row].known() ? Truth::yes : Truth::unknown;
}

bool employed(const history::People& people, std::uint32_t person, time::Day day) {
  if (gone(people, person, day) == Truth::yes) return false;
  const time::Day joined = people.joined[person], left = people.left[person];
  const std::uint32_t first = people.first[person];
  const bool rows = first < people.first[person + 1];
  const time::Day since = joined.known() ? joined : rows ? people.from[first] : time::Day::unknown();
  return (!since.known() || since <= day) && (!left.known() || day < left);
}

bool team_told(const Plan& plan, std::uint32_t person, time::Day day) {
  if (!plan.team || !plan.fields[plan.team.index()].dated) return false;
  const FieldBinding& team = plan.fields[plan.team.index()];
  const Instant at = plan.calendars.front().start_of(day);
  if (at < team.observed.from || at >= team.observed.until) return false;
  const std::uint32_t row = person_row(plan.history.people, person, day);
  const std::int64_t word = row == UINT32_MAX ? history::unobserved : team.dated->values[row];
  return word == history::missing || history::is_value(word);
}

std::uint32_t team_key(const Plan& plan, std::uint32_t person, time::Day day) {
  return team_told(plan, person, day) ? team_of(plan, person, day) : anybody;
}

}  // namespace plumb::eval
