#pragma once

#include <algorithm>
#include <vector>

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
/// belongs to then: `take(key, from, until, sure, shows)`. An unknown end is that of what is known. Where the owner
/// changed on a date alone, that day is given with each that may have owned it, and not `sure`; with its last instant the
/// change has come. `shows`: when the day is over with whose last instant the stretch begins or ends so; else unknown.
template <class Take>
struct Owned {
  View& view;
  model::SubjectKind kind;
  Take take;
  Instant over = Instant::unknown();  // the last instant of the day that was given last

  void divide(Instant from, Instant until) {
    if (kind == model::SubjectKind::company) return take(0, from, until, true, Instant::unknown());
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
  struct Stretch {
    std::uint32_t key;
    Instant from, until;
    friend auto operator<=>(const Stretch&, const Stretch&) = default;
  };

  // Up to its day, and over it; from where on the rest is.
  Instant over_day(Instant start, Instant last, Instant from, Instant until) {
    if (last <= from) return from;
    const Instant stop = until.known() ? std::min(last, until) : last;
    if (from < start) of_owner(from, start), from = start;
    over = last;
    const history::Timeline& timeline = view.timeline();
    for (std::uint32_t index : view.of_kind(view.plan().fields[view.plan().owner.index()].change_kind)) {
      const Instant change = timeline.at[index];
      if (timeline.by_day[index] != 0 || change <= from || change >= stop) continue;
      of_each(from, change);
      from = change;
    }
    of_each(from, stop);
    return last;
  }
  // Of each that may have owned it, between changes that have a time.
  void of_each(Instant from, Instant until) {
    const std::vector<std::uint32_t> keys = keys_of_owner_at(view, from, kind);
    for (const std::uint32_t key : keys) give({key, from, until}, keys.size() == 1);
  }
  void of_owner(Instant from, Instant until) {
    const Instant asked = from.known() ? from : view.plan().horizon;
    if (view.owner_observed(asked)) return give(of_one(view.owner_at(asked), from, until), true);
    // Of whoever of them it is, it may be the same team's.
    std::vector<Stretch> all;
    bool same = true;
    for (const std::uint32_t owner : possible_owners(view, asked)) {
      const std::vector<Stretch> own = of_one(owner, from, until);
      same &= all.empty() || all == own;
      all.insert(all.end(), own.begin(), own.end());
    }
    std::ranges::sort(all);
    const auto again = std::ranges::unique(all);
    all.erase(again.begin(), again.end());
    give(all, same);
  }
  void give(const std::vector<Stretch>& stretches, bool sure) {
    for (const Stretch& each : stretches) give(each, sure);
  }
  void give(const Stretch& one, bool sure) {
    const bool ends_day = over.known() && (one.from == over || one.until == over);
    take(one.key, one.from, one.until, sure, ends_day ? Instant{over.micros + 1} : Instant::unknown());
  }
  std::vector<Stretch> of_one(std::uint32_t owner, Instant from, Instant until) {
    const bool told = owner != nobody && owner != anybody;
    if (!told || kind == model::SubjectKind::person) return {{owner, from, until}};
    return of_team(owner, from, until);
  }
  // An owner's deals are those of the team that he has on the day.
  std::vector<Stretch> of_team(std::uint32_t owner, Instant from, Instant until) {
    std::vector<Stretch> found;
    const Plan& plan = view.plan();
    const history::People& people = plan.history.people;
    const time::Calendar& days = plan.calendars.front();
    const Instant first = from.known() ? from : Instant{INT64_MIN + 1};
    for (std::uint32_t row = people.first[owner]; row < people.first[owner + 1]; ++row) {
      const Instant turn = people.from[row].known() ? days.start_of(people.from[row]) : Instant::unknown();
      if (!turn.known() || turn <= first || (until.known() && turn >= until)) continue;
      found.push_back({team_key(plan, owner, days.day_of(Instant{turn.micros - 1})), from, turn});
      from = turn;
    }
    found.push_back({team_key(plan, owner, days.day_of(from.known() ? from : plan.horizon)), from, until});
    return found;
  }
};

}  // namespace plumb::eval
