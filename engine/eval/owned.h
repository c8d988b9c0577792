#pragma once

#include "eval/members.h"
#include "eval/standing.h"

/// Whose a deal is, stretch by stretch.
namespace plumb::eval {

/// Who may own the loaded deal at an instant, whatever changes on its day: several where nobody knows which of the
/// changes of an earlier day was the last; `nobody` is one. Missing: `anybody` alone, the data does not say.
std::vector<std::uint32_t> possible_owners(const View& view, Instant at);
/// Under which keys lists of a kind of subject have a row of the loaded deal, by who owned the deal then: several where
/// of the row, or of a change of owner, the day alone is known. `anybody`: the data does not say. Missing: `nobody`.
/// The row has an instant.
std::vector<std::uint32_t> keys_of_owner(const View& view, const Occurrence& row, model::SubjectKind kind);
/// The same of an instant that is known: of a change on its day the day alone may be.
std::vector<std::uint32_t> keys_of_owner_at(const View& view, Instant at, model::SubjectKind kind);
/// The row with a date alone because of which there are several such keys. Missing: UINT32_MAX.
std::uint32_t blurs_owner(const View& view, const Occurrence& row, model::SubjectKind kind);

/// What is told of nobody knows whom, and may be the loaded person's: rows of the timeline of people. Of a deal: empty.
std::vector<Occurrence> of_nobody_known(const View& view, Id<model::Event> event);

/// Gives each part of a stretch of the loaded deal with the key under which lists of a kind of subject have whoever it
/// belongs to then: `take(key, from, until, sure)`. An unknown end is that of what is known. Where the owner changed on
/// a date alone, that day is given with each that may have owned it, and not `sure`.
template <class Take>
struct Owned {
  View& view;
  model::SubjectKind kind;
  Take take;

  void divide(Instant from, Instant until) {
    if (kind == model::SubjectKind::company) return take(0, from, until, true);
    const Plan& plan = view.plan();
    const history::Timeline& timeline = view.timeline();
    for (std::uint32_t index : view.of_kind(plan.fields[plan.owner.index()].change_kind)) {
      const Instant change = timeline.at[index];
      if (!change.known() || (until.known() && change >= until)) continue;
      if (timeline.by_day[index] != 0) {
        from = over_day(change, last_of(view, index), from, until);
        if (until.known() && from >= until) return;
        continue;
      }
      if (change <= from) continue;
      of_owner(from, change);
      from = change;
    }
    of_owner(from, until);
  }

 private:
  // Up to its day, and over it; from where on the rest is.
  Instant over_day(Instant start, Instant last, Instant from, Instant until) {
    if (last < from) return from;
    const Instant end{last.micros + 1}, stop = until.known() ? std::min(end, until) : end;
    if (from < start) of_owner(from, start), from = start;
    const history::Timeline& timeline = view.timeline();
    for (std::uint32_t index : view.of_kind(view.plan().fields[view.plan().owner.index()].change_kind)) {
      const Instant change = timeline.at[index];
      if (timeline.by_day[index] != 0 || change <= from || change >= stop) continue;
      of_each(from, change);
      from = change;
    }
    of_each(from, stop);
    return end;
  }
  // Of each that may have owned it, between changes that have a time.
  void of_each(Instant from, Instant until) {
    const std::vector<std::uint32_t> keys = keys_of_owner_at(view, from, kind);
    for (const std::uint32_t key : keys) take(key, from, until, keys.size() == 1);
  }
  void of_owner(Instant from, Instant until) {
    const Instant asked = from.known() ? from : view.plan().horizon;
    if (view.owner_observed(asked)) return of_one(view.owner_at(asked), from, until, true);
    const std::vector<std::uint32_t> owners = possible_owners(view, asked);
    for (const std::uint32_t owner : owners) of_one(owner, from, until, owners.size() == 1);
  }
  void of_one(std::uint32_t owner, Instant from, Instant until, bool sure) {
    const bool told = owner != nobody && owner != anybody;
    if (!told || kind == model::SubjectKind::person) return take(owner, from, until, sure);
    of_team(owner, from, until, sure);
  }
  // An owner's deals are those of the team that he has on the day.
  void of_team(std::uint32_t owner, Instant from, Instant until, bool sure) {
    const Plan& plan = view.plan();
    const history::People& people = plan.history.people;
    const time::Calendar& days = plan.calendars.front();
    const Instant first = from.known() ? from : Instant{INT64_MIN + 1};
    for (std::uint32_t row = people.first[owner]; row < people.first[owner + 1]; ++row) {
      const Instant turn = people.from[row].known() ? days.start_of(people.from[row]) : Instant::unknown();
      if (!turn.known() || turn <= first || (until.known() && turn >= until)) continue;
      take(team_key(plan, owner, days.day_of(Instant{turn.micros - 1})), from, turn, sure);
      from = turn;
    }
    take(team_key(plan, owner, days.day_of(from.known() ? from : plan.horizon)), from, until, sure);
  }
};

}  // namespace plumb::eval
