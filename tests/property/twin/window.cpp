#include "property/twin/window.h"

#include <algorithm>

namespace plumb::twin {

Instant from_of(const Moment& m, time::Duration back) {
  return m.written.known() && !by_the_clock(back) ? m.clock->start_of(m.written) : m.now;
}

namespace {

// On the day of the creation something that has a date alone came behind that, but for the move into the first stage.
Instant no_sooner(const Look& look, const Fact& fact) {
  for (const Fact& created : look.deal().facts) {
    const bool that_day = fact.by_day && created.at >= fact.at && created.at <= fact.latest;
    if (created.of != Class::created || created.by_day || !that_day) continue;
    const bool first = fact.of == Class::move && (fact.from.empty() || fact.from == "?");
    if (!first) return {created.at.micros + 1};
  }
  return fact.at;
}

// The first instant at which one of those may have come. Missing: unknown.
Instant first_of(const Look& look, Id<model::Event> event, const std::vector<const Fact*>& possible, const Moment& m) {
  Instant first = Instant::max();
  for (const Fact* one : possible) {
    if (one->at.known()) {
      first = std::min(first, no_sooner(look, *one));
      continue;
    }
    // Without an instant it may have come before everything else, but for an n-th that has to wait for others.
    std::vector<Instant> all{Instant::unknown()};
    for (const Deal& each : look.world().deals) {
      for (const Fact& fact : each.facts) all.push_back(fact.at);
    }
    std::ranges::sort(all);
    for (const Instant at : all) {
      Moment then = m;
      then.now = at;
      if (look.came(event, {one, one->at, look.is(event, *one)}, then) == Tri::no) continue;
      first = std::min(first, at);
      break;
    }
  }
  return first == Instant::max() ? m.now : first;
}

// From when on everything has come behind it: with a date alone when its day is over. A deal is created before all that
// happens with it, and may be there from its first stage on.
Instant behind(const Look& look, const Fact& fact) {
  const bool that_day = fact.by_day && look.created() >= fact.at && look.created() <= fact.latest;
  const bool first = that_day && fact.of == Class::move && fact.from.empty() && fact.table->has("from");
  return !fact.by_day || first || fact.of == Class::created ? fact.at : Instant{fact.latest.micros + 1};
}

// Where the window of the last so many begins: no sooner than the first instants say at which those that are certain
// may have come, and no later than the last ones of all that may have. `in_order`: of those at once nobody knows it.
void begin_with(const Look& look, const std::vector<const Fact*>& certain, const std::vector<const Fact*>& possible,
                std::size_t number, Window& window, bool in_order = false) {
  std::vector<std::int64_t> from, until;
  for (const Fact* each : certain) from.push_back(-no_sooner(look, *each).micros);
  for (const Fact* each : possible) {
    const Instant over = behind(look, *each);
    until.push_back(-over.micros - (in_order && over == each->at ? 1 : 0));
  }
  std::ranges::sort(from), std::ranges::sort(until);
  if (from.size() >= number) window.from = std::max(window.from, Instant{-from[number - 1]});
  if (until.size() >= number) window.surely = {-until[number - 1]};
  // The facts that may be among the last, where they are as many as that: they are the last, in whatever order. One
  // alone of those that may be the first of them is that.
  std::vector<const Fact*> last, first;
  for (const Fact* each : possible) {
    if (behind(look, *each) <= window.from && no_sooner(look, *each) < window.from) continue;
    last.push_back(each);
    if (no_sooner(look, *each) <= window.surely) first.push_back(each);
  }
  const bool all_certain =
      std::ranges::all_of(first, [&](const Fact* each) { return std::ranges::find(certain, each) != certain.end(); });
  if (all_certain && (first.size() == 1 || last.size() == number)) window.themselves = first;
}

// Where the order of a day is known and the n-th last of those came on it: it begins with that day, but for what came
// before it there. `at_once`: what has its very instant is not before it. Missing: false where it does not, or where
// one of those that came last on that day may not be one.
bool begin_in_order(const Look& look, const std::vector<const Fact*>& certain, const std::vector<const Fact*>& possible,
                    std::size_t number, bool at_once, const Moment& m, Window& window) {
  if (m.came == nullptr) return false;
  const Fact* begin = nullptr;
  std::vector<const Fact*> earlier;
  for (auto order = m.came->rbegin(); order != m.came->rend(); ++order) {
    const Fact& fact = look.deal().facts[*order];
    if (begin != nullptr) {
      if (!at_once || begin->by_day || fact.by_day || fact.at != begin->at) earlier.push_back(&fact);
      continue;
    }
    if (std::ranges::find(possible, &fact) == possible.end()) continue;
    if (std::ranges::find(certain, &fact) == certain.end()) return false;
    if (--number == 0) begin = &fact;
  }
  if (begin == nullptr) return false;
  const Clock& days = look.world().usual();
  window.earlier.insert(window.earlier.end(), earlier.begin(), earlier.end());
  window.from = window.surely = days.start_of(days.day_of(begin->at));
  window.themselves = {begin};
  return true;
}

}  // namespace

Window window_of(const Look& look, const model::Tails& tails, const Moment& m) {
  Window window;
  window.created = look.created();
  if (tails.since) {
    const Fact* latest = nullptr;
    bool undated = false;
    std::vector<const Fact*> certain, possible;
    for (const Occurrence& each : look.occurrences(tails.since)) {
      const Tri there = look.came(tails.since, each, m);
      undated |= there != Tri::no && !each.fact->at.known();
      if (there == Tri::yes) latest = each.fact, certain.push_back(latest), window.undecided = undated;
      if (there == Tri::unknown) window.undecided = true;
      if (there != Tri::no) possible.push_back(each.fact);
    }
    const bool gap = look.gap(tails.since, latest ? latest->at : look.created(), m.now);
    window.undecided |= gap;
    window.nothing = latest == nullptr && !window.undecided;
    if (latest && begin_in_order(look, certain, possible, 1, true, m, window)) {
      window.undecided = undated || gap, window.clock = true;
    } else if (latest) {
      begin_with(look, certain, possible, 1, window), window.clock = true;
    }
    window.undecided |= latest != nullptr && window.surely > window.from;
    // Without a certain one there may have been none, and nothing counts.
    const bool dated = !possible.empty() && possible.front()->at.known();
    if (latest == nullptr || !dated || gap) window.surely = Instant::unknown();
    // What came before all that may be one is not since one.
    if (latest == nullptr && !gap && !possible.empty())
      window.from = first_of(look, tails.since, possible, m), window.clock = true;
  }
  if (tails.in) {
    const Instant from = m.clock->back_from(*tails.in, from_of(m, *tails.in));
    if (from > window.from) {
      window.from = from, window.clock = by_the_clock(*tails.in), window.days = !window.clock;
      window.themselves.clear();
    }
  }
  if (tails.last > 0) {
    window.beyond = true;
    std::vector<const Fact*> all, possible;
    for (const Occurrence& each : look.occurrences(tails.last_of)) {
      const Tri there = look.came(tails.last_of, each, m);
      if (there == Tri::yes) all.push_back(each.fact);
      if (there != Tri::no) possible.push_back(each.fact);
    }
    const auto wanted = static_cast<std::size_t>(tails.last);
    const bool dated = !possible.empty() && possible.front()->at.known();
    // With enough of them for certain nothing before matters.
    const Instant since = all.size() < wanted ? look.created() : all[all.size() - wanted]->at;
    const bool gap = look.gap(tails.last_of, since, m.now);
    Window last;
    window.fewer = all.size() < wanted;
    const bool in_order = !window.fewer && begin_in_order(look, all, possible, wanted, false, m, last);
    if (!in_order) begin_with(look, all, possible, wanted, last, true);
    window.earlier.insert(window.earlier.end(), last.earlier.begin(), last.earlier.end());
    // It begins where it does if that is so of what is certain, and of all that may have come.
    const bool told = in_order || last.from.micros + 1 == last.surely.micros;
    const bool exact = !window.fewer && dated && !gap && told;
    window.undecided |= !exact;
    window.themselves = last.from >= window.from ? last.themselves : std::vector<const Fact*>();
    window.surely = dated && !gap ? last.surely : Instant::unknown();
    if (!window.fewer && exact && !in_order) window.order = all[all.size() - wanted]->order;
    if (last.from > window.from) window.from = last.from, window.clock = true, window.days = false;
  }
  return window;
}

bool surely_falls_in(const Window& window, const Fact& fact) {
  if (!window.undecided || (window.begins_with(fact) && window.surely.known())) return true;
  return window.surely.known() && fact.at.known() && fact.at >= window.surely;
}

Tri falls_in(const Window& window, const Fact& fact, Instant earliest) {
  // With a date alone the first of the last N ties with all of its day, also with the deal's creation.
  const bool created = fact.of == Class::created && window.from.known() && fact.at > window.from;
  if (window.nothing || (fact.order < window.order && !created && !fact.by_day)) return Tri::no;
  if (std::ranges::find(window.earlier, &fact) != window.earlier.end()) return Tri::no;
  if (!window.from.known() || (window.begins_with(fact) && window.surely.known())) return Tri::yes;
  if (!fact.at.known()) return Tri::no;
  Instant from = earliest.known() ? earliest : fact.at;
  const bool of_creation = fact.by_day && window.created.known() && fact.latest >= window.created;
  if (of_creation && window.from <= window.created) from = std::max(from, window.created);
  if (window.clock && fact.by_day && from < window.from && fact.latest >= window.from) return Tri::unknown;
  return sure(from >= window.from);
}

}  // namespace plumb::twin
