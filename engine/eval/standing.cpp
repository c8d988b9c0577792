#include "eval/standing.h"

#include <algorithm>

#include "eval/owned.h"

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

  void add(std::uint32_t key, const Standing& at, Instant shows) {
    if (key == nobody || (at.until.known() && at.from >= at.until)) return;
    MemberList::OfKey& of = list.of(key);
    of.add(at.from, {false, view.begin()}, view.subject(), at.certain, Truth::unknown);
    const auto by_day = [&](Instant when) { return !view.rows_by_day(when).empty(); };
    of.add_upon(at.until, shows, true, by_day(at.until), by_day(at.from));
  }
  void add_owners(const Standing& at) {
    const auto take = [&](std::uint32_t key, Instant from, Instant until, bool sure, Instant shows) {
      add(key, {from, until, at.certain && sure}, shows);
    };
    Owned<decltype(take)>{view, kind, take}.divide(at.from, at.until);
  }
};

}  // namespace

void collect_standing(View& view, const WantedList& wanted, MemberList& list) {
  if (view.begin() == view.end()) return;
  const model::Aggregate& aggregate = *view.plan().book.exprs[wanted.expr].aggregate;
  Filling filling{view, wanted.kind, list};
  if (!aggregate.deals_in) return filling.add_owners({view.created(), Instant::unknown(), true});
  // A move of which nobody knows when may have opened it at any time, or closed it.
  if (view.lives_unknown()) return filling.add_owners({view.created(), Instant::unknown(), false});
  for (const Life& life : view.lives()) {
    const Instant from = view.created().known() ? std::max(view.created(), life.begin) : Instant::unknown();
    const bool certain = !view.process_unknown();
    if (!life.doubt.known()) {
      filling.add_owners({from, life.end, certain});
      continue;
    }
    // From there on it is in a stage that the rulebook does not have.
    if (life.doubt > from) filling.add_owners({from, life.doubt, certain});
    filling.add_owners({std::max(from, life.doubt), life.end, false});
  }
}

Truth gone(const Plan& plan, std::uint32_t person, time::Day day) {
  const history::People& people = plan.history.people;
  const bool left = people.left[person].known();
  const std::uint32_t row = plan.active ? person_row(people, person, day) : UINT32_MAX;
  if (row == UINT32_MAX) return Truth::no;
  const std::int64_t active = plan.active->values[row];
  // Where it is said when somebody joined and left nothing else has to be known.
  if (active == history::unreadable) return left && people.joined[person].known() ? Truth::no : Truth::unknown;
  if (active != 0) return Truth::no;
  // What the first row says of somebody who left is that he did, then.
  if (left) return truth(row > people.first[person] && people.from[row].known());
  return people.from[row].known() ? Truth::yes : Truth::unknown;
}

bool may_leave(const Plan& plan, std::uint32_t person) {
  const history::People& people = plan.history.people;
  return people.left[person].known() || (plan.active && people.first[person] < people.first[person + 1]);
}

bool employed(const Plan& plan, std::uint32_t person, time::Day day) {
  const history::People& people = plan.history.people;
  if (gone(plan, person, day) == Truth::yes) return false;
  const time::Day joined = people.joined[person], left = people.left[person];
  const std::uint32_t first = people.first[person];
  const bool rows = first < people.first[person + 1];
  const time::Day since = joined.known() ? joined : rows ? people.from[first] : time::Day::unknown();
  return (!since.known() || since <= day) && (!left.known() || day < left);
}

Truth present(const Plan& plan, std::uint32_t person, time::Day day) {
  if (!employed(plan, person, day)) return Truth::no;
  return gone(plan, person, day) == Truth::no ? Truth::yes : Truth::unknown;
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
