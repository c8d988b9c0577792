#pragma once

#include "eval/members.h"
#include "eval/standing.h"

/// Whose a deal is, stretch by stretch.
namespace plumb::eval {

/// Gives each part of a stretch of the loaded deal with the key under which lists of a kind of subject have whoever it
/// belongs to then: `take(key, from, until)`. An unknown end is that of what is known.
template <class Take>
struct Owned {
  View& view;
  model::SubjectKind kind;
  Take take;

  void divide(Instant from, Instant until) {
    if (kind == model::SubjectKind::company) return take(0, from, until);
    const Plan& plan = view.plan();
    for (std::uint32_t index : view.of_kind(plan.fields[plan.owner.index()].change_kind)) {
      const Instant change = view.timeline().at[index];
      if (!change.known() || change <= from || (until.known() && change >= until)) continue;
      of_owner(from, change);
      from = change;
    }
    of_owner(from, until);
  }

 private:
  void of_owner(Instant from, Instant until) {
    const Instant asked = from.known() ? from : view.plan().horizon;
    if (!view.owner_observed(asked)) return take(anybody, from, until);
    const std::uint32_t owner = view.owner_at(asked);
    if (owner == nobody || kind == model::SubjectKind::person) return take(owner, from, until);
    of_team(owner, from, until);
  }
  // An owner's deals are those of the team that he has on the day.
  void of_team(std::uint32_t owner, Instant from, Instant until) {
    const Plan& plan = view.plan();
    const history::People& people = plan.history.people;
    const time::Calendar& days = plan.calendars.front();
    const Instant first = from.known() ? from : Instant{INT64_MIN + 1};
    for (std::uint32_t row = people.first[owner]; row < people.first[owner + 1]; ++row) {
      const Instant turn = people.from[row].known() ? days.start_of(people.from[row]) : Instant::unknown();
      if (!turn.known() || turn <= first || (until.known() && turn >= until)) continue;
      take(team_key(plan, owner, days.day_of(Instant{turn.micros - 1})), from, turn);
      from = turn;
    }
    take(team_key(plan, owner, days.day_of(from.known() ? from : plan.horizon)), from, until);
  }
};

}  // namespace plumb::eval
