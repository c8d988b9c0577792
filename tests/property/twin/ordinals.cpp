#include <algorithm>
#include <set>

#include "property/twin/look.h"

/// The n-th of an event, for a deal or for each account (semantics.md §3).
namespace plumb::twin {

using model::EventKind;

namespace {

// -1 before, 1 after, 0 where the order of the two cannot be told.
int order_of(const Fact& a, const Fact& b) {
  if (!a.at.known() || !b.at.known()) return 0;
  if (a.latest < b.at) return -1;
  if (b.latest < a.at) return 1;
  if (a.by_day || b.by_day) return 0;
  if (a.deal != b.deal) return a.deal < b.deal ? -1 : 1;
  return a.order < b.order ? -1 : 1;
}

}  // namespace

// Whether another deal is of the account of this one.
Tri Look::of_one_account(const Deal& other) const {
  if (&other == &deal_) return Tri::yes;
  if (!world_.tables.deals.has("account")) return Tri::unknown;
  if (other.account.empty() || deal_.account.empty()) return Tri::no;
  if (other.account == "?" || deal_.account == "?") return Tri::unknown;
  return sure(other.account == deal_.account);
}

// The facts of which an ordinal counts some: those of the deal, or of all deals of its account.
std::vector<const Fact*> Look::candidates(const model::Event& event) const {
  std::vector<const Fact*> all;
  for (const Deal& each : world_.deals) {
    if (&each != &deal_ && (!event.for_each_account || of_one_account(each) == Tri::no)) continue;
    for (const Fact& fact : each.facts) all.push_back(&fact);
  }
  return all;
}

// Whether it comes at most once in the life of a deal.
bool Look::once(Id<model::Event> id) const {
  const model::Event& event = book().events[id];
  if (event.kind == EventKind::filtered) return once(event.parts.front());
  return event.kind == EventKind::created || event.kind == EventKind::ordinal;
}

Tri Look::ordinal(const model::Event& event, const Fact& fact) const {
  const Id<model::Event> part = event.parts.front();
  const Tri mine = is(part, fact);
  if (mine == Tri::no) return mine;
  if (once(part) && event.nth > 1 && !event.for_each_account) return Tri::no;
  const Clock& clock = world_.usual();
  std::int64_t least = 0, most = 0;
  std::vector<Day> certain, possible;
  Tri first_today = Tri::yes;
  std::set<std::size_t> had;  // deals of which one is counted that can have no more
  if (once(part)) had.insert(fact.deal);
  for (const Fact* other : candidates(event)) {
    if (other == &fact || had.count(other->deal) > 0) continue;
    const int order = order_of(*other, fact);
    if (order > 0) continue;
    const Look there(world_, world_.deals[other->deal]);
    const Tri counts = there.is(part, *other);
    if (counts == Tri::no) continue;
    if (once(part)) had.insert(other->deal);
    const bool same_account = of_one_account(world_.deals[other->deal]) == Tri::yes;
    const bool sure_of_it = counts == Tri::yes && order < 0 && same_account;
    if (!event.on_another_day) {
      ++most;
      if (sure_of_it) ++least;
      continue;
    }
    if (!other->at.known() || !fact.at.known()) first_today = both(first_today, Tri::unknown);
    if (!other->at.known()) {
      possible.push_back(Day{static_cast<std::int32_t>(possible.size())});  // a day of its own
      continue;
    }
    const Day day = clock.day_of(other->at);
    if (fact.at.known() && day == clock.day_of(fact.at)) {
      first_today = both(first_today, sure_of_it ? Tri::no : Tri::unknown);
      continue;
    }
    if (std::find(possible.begin(), possible.end(), day) == possible.end()) possible.push_back(day);
    if (sure_of_it && std::find(certain.begin(), certain.end(), day) == certain.end()) certain.push_back(day);
  }
  if (event.on_another_day) least = std::ssize(certain), most = std::ssize(possible);
  if (first_today == Tri::no) return first_today;
  const std::int64_t before = event.nth - 1;
  if (least > before) return Tri::no;
  bool open = false;
  for (const Deal& each : world_.deals) {
    const bool counted = &each == &deal_ || (event.for_each_account && of_one_account(each) != Tri::no);
    const Look there(world_, each);
    const Instant until = fact.at.known() ? fact.latest : Instant{world_.horizon.micros - 1};
    if (counted && there.gap(part, there.created(), until)) open = true;
  }
  if (most < before && !open) return Tri::no;
  if (least == before && most == before && !open) return both(mine, first_today);
  return Tri::unknown;
}

// So many of what an ordinal counts may have come: things, or days on which there was one.
std::int64_t Look::may_have_come(const model::Event& event, const Moment& m) const {
  std::set<Day> days;
  std::int64_t number = 0;
  for (const Fact* other : candidates(event)) {
    const Look there(world_, world_.deals[other->deal]);
    const Tri is = there.is(event.parts.front(), *other);
    if (is == Tri::no || there.came(event.parts.front(), {other, other->at, is}, m) == Tri::no) continue;
    const bool again =
        event.on_another_day && other->at.known() && !days.insert(world_.usual().day_of(other->at)).second;
    number += !again;
  }
  return number;
}

// Whether all that an ordinal counts has been seen so far.
bool Look::all_seen(const model::Event& event) const {
  if (event.for_each_account && !world_.tables.deals.has("account")) return false;
  return std::none_of(world_.deals.begin(), world_.deals.end(), [&](const Deal& each) {
    const bool counted = &each == &deal_ || (event.for_each_account && of_one_account(each) != Tri::no);
    const Look there(world_, each);
    return counted && there.gap(event.parts.front(), there.created(), {world_.horizon.micros - 1});
  });
}

// When an n-th that has a date alone can first have come: not before there may have been n.
Instant Look::earliest_of(const model::Event& event, const Fact& fact) const {
  if (event.on_another_day || !all_seen(event) || once(event.parts.front())) return fact.at;
  std::vector<Instant> instants = {fact.at};
  for (const Fact* other : candidates(event)) instants.push_back(other->at);
  std::sort(instants.begin(), instants.end());
  Moment m;
  m.clock = &world_.usual();
  for (const Instant at : instants) {
    m.now = at;
    if (at >= fact.at && may_have_come(event, m) >= event.nth) return at;
  }
  return fact.at;
}

// Whether an occurrence has come. One without an instant may have come at any time, but an n-th not before there were
// n.
Tri Look::came(Id<model::Event> id, const Occurrence& each, const Moment& m) const {
  if (each.earliest.known() && m.now < each.earliest) return Tri::no;
  const Tri there = both(each.is, sees(*each.fact, m, is_stated(*each.fact)));
  if (there != Tri::unknown || each.fact->at.known()) return there;
  const model::Event& event = book().events[id];
  const auto part_came = [&](Id<model::Event> part) {
    return came(part, {each.fact, each.at, is(part, *each.fact)}, m);
  };
  if (event.kind == EventKind::any_of) {
    const bool any = std::any_of(event.parts.begin(), event.parts.end(),
                                 [&](Id<model::Event> part) { return part_came(part) != Tri::no; });
    return any ? there : Tri::no;
  }
  if (event.kind != EventKind::ordinal && event.kind != EventKind::filtered) return there;
  if (part_came(event.parts.front()) == Tri::no) return Tri::no;
  return event.kind == EventKind::filtered || may_have_come(event, m) >= event.nth || !all_seen(event) ? there
                                                                                                       : Tri::no;
}

const Fact* Look::one_of(Id<model::Event> id, const std::vector<Occurrence>& all, const Moment& m) const {
  const model::Event& event = book().events[id];
  const bool of_others = event.for_each_account && (!world_.tables.deals.has("account") || !deal_.account.empty());
  if (event.kind != EventKind::ordinal || of_others || all.size() < 2) return nullptr;
  for (const Occurrence& each : all) {
    const Fact& fact = *each.fact;
    const bool stated = is_stated(fact) && m.stated_by_then;
    if (stated && !fact.recorded) return nullptr;
    const Instant from = stated ? std::max(fact.at, *fact.recorded) : fact.at;
    const bool within = fact.at.known() && from >= m.since && from <= m.now && !straddles(fact, m.point);
    if (each.is != Tri::unknown || !within) return nullptr;
  }
  const bool may_be_another = gap(id, created(), m.now);
  return !may_be_another && ordinal_so_far(event, m).least >= event.nth ? all.back().fact : nullptr;
}

// Whether none of what an ordinal counts, and may count, stands with other deals.
bool Look::has_all(const model::Event& event) const {
  const Id<model::Event> part = event.parts.front();
  return std::ranges::none_of(world_.deals, [&](const Deal& each) {
    const Look there(world_, each);
    const bool other = &each != &deal_ && of_one_account(each) != Tri::no;
    return other && (!there.occurrences(part).empty() || there.gap(part, there.created(), world_.horizon));
  });
}

Range Look::ordinal_so_far(const model::Event& event, const Moment& m) const {
  Range range;
  std::vector<Day> certain, possible;
  std::int64_t undated = 0;
  const Clock& clock = world_.usual();
  for (const Occurrence& each : occurrences(event.parts.front())) {
    const Tri there = came(event.parts.front(), each, m);
    if (there == Tri::no) continue;
    if (event.on_another_day && each.fact->at.known()) {
      const Day day = clock.day_of(each.fact->at);
      if (std::find(possible.begin(), possible.end(), day) == possible.end()) possible.push_back(day);
      if (there == Tri::yes && std::find(certain.begin(), certain.end(), day) == certain.end()) certain.push_back(day);
      continue;
    }
    if (event.on_another_day) ++undated;
    ++*range.most;
    const bool by_then = each.since.known() && sees(*each.fact, m, false) == Tri::yes;
    if (there == Tri::yes || by_then) ++range.least;
  }
  if (event.on_another_day) {
    range.least = std::ssize(certain);
    range.most = std::ssize(possible) + undated;
  }
  if (gap(event.parts.front(), created(), m.now)) range.most.reset();
  const model::Event& part = book().events[event.parts.front()];
  const bool bounded = part.kind == EventKind::ordinal && (!part.for_each_account || has_all(part));
  // One of those that may be it was it.
  if (bounded && ordinal_so_far(part, m).least >= part.nth) range.least = std::max<std::int64_t>(range.least, 1);
  if (once(event.parts.front())) range.most = std::min<std::int64_t>(range.most.value_or(1), 1);
  return range;
}

}  // namespace plumb::twin
