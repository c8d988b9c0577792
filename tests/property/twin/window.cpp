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

}  // namespace

Window window_of(const Look& look, const model::Tails& tails, const Moment& m) {
  Window window;
  window.created = look.created();
  if (tails.since) {
    const Fact* latest = nullptr;
    bool undated = false;
    std::vector<const Fact*> possible;
    for (const Occurrence& each : look.occurrences(tails.since)) {
      const Tri there = look.came(tails.since, each, m);
      undated |= there != Tri::no && !each.fact->at.known();
      if (there == Tri::yes) latest = each.fact, window.undecided = undated;
      if (there == Tri::unknown) window.undecided = true;
      if (there != Tri::no) possible.push_back(each.fact);
    }
    // Without a certain one there may have been none, and nothing counts.
    if (latest != nullptr && possible.front()->at.known()) window.latest = possible.back(), window.instant = true;
    if (look.gap(tails.since, latest ? latest->at : look.created(), m.now)) {
      window.undecided = true;
      window.latest = nullptr;
    }
    window.nothing = latest == nullptr && !window.undecided;
    if (latest) window.from = no_sooner(look, *latest), window.clock = true;
    // What came before all that may be one is not since one.
    const bool gap = look.gap(tails.since, latest ? latest->at : look.created(), m.now);
    if (latest == nullptr && !gap && !possible.empty()) window.from = possible.front()->at, window.clock = true;
  }
  if (tails.in) {
    const Instant from = m.clock->back_from(*tails.in, from_of(m, *tails.in));
    if (from > window.from) window.from = from, window.clock = by_the_clock(*tails.in), window.days = !window.clock;
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
    // It begins where it does if only what is certain came, or all that may have.
    const Fact* latest = dated && possible.size() >= wanted ? possible[possible.size() - wanted] : nullptr;
    const bool same = latest != nullptr && all.size() >= wanted && latest->at == all[all.size() - wanted]->at;
    if (possible.size() > all.size() && !same) window.undecided = true;
    if (latest != nullptr) window.latest = latest, window.instant = false;
    // With enough of them for certain nothing before matters.
    const Instant since = all.size() < wanted ? look.created() : all[all.size() - wanted]->at;
    if (look.gap(tails.last_of, since, m.now)) {
      window.undecided = true;
      window.latest = nullptr;
    }
    if (all.size() < wanted) {
      window.fewer = true;
    } else {
      const Fact& first = *all[all.size() - wanted];
      window.order = first.order;
      if (first.at > window.from) window.from = first.at, window.clock = window.days = false;
    }
  }
  return window;
}

bool surely_falls_in(const Window& window, const Fact& fact) {
  if (!window.undecided) return true;
  if (window.latest == nullptr || !fact.at.known()) return false;
  const bool at_once = fact.at == window.latest->at && !fact.by_day && !window.latest->by_day;
  // `over last N` goes by the order, which nobody knows of what came at once.
  return window.instant ? fact.order >= window.latest->order || at_once : fact.at > window.latest->at;
}

Tri falls_in(const Window& window, const Fact& fact, Instant earliest) {
  // With a date alone the first of the last N ties with all of its day, also with the deal's creation.
  const bool created = fact.of == Class::created && window.from.known() && fact.at > window.from;
  if (window.nothing || (fact.order < window.order && !created)) return Tri::no;
  if (!window.from.known()) return Tri::yes;
  if (!fact.at.known()) return Tri::no;
  Instant from = earliest.known() ? earliest : fact.at;
  const bool of_creation = fact.by_day && window.created.known() && fact.latest >= window.created;
  if (of_creation && window.from <= window.created) from = std::max(from, window.created);
  if (window.clock && fact.by_day && from < window.from && fact.latest >= window.from) return Tri::unknown;
  return sure(from >= window.from);
}

}  // namespace plumb::twin
