#include "property/twin/window.h"

namespace plumb::twin {

Window window_of(const Look& look, const model::Tails& tails, const Moment& m) {
  Window window;
  if (tails.since) {
    const Fact* latest = nullptr;
    for (const Occurrence& each : look.occurrences(tails.since)) {
      const Tri there = both(each.is, look.sees(*each.fact, m, Look::is_stated(*each.fact)));
      if (there == Tri::yes) latest = each.fact, window.undecided = false;
      if (there == Tri::unknown) window.undecided = true;
    }
    if (look.gap(tails.since, latest ? latest->at : look.created(), m.now)) window.undecided = true;
    window.nothing = latest == nullptr && !window.undecided;
    if (latest) window.from = latest->at;
  }
  if (tails.in) {
    const Instant from = m.clock->back_from(*tails.in, m.now);
    if (from > window.from) window.from = from;
  }
  if (tails.last > 0) {
    std::vector<const Fact*> all;
    for (const Occurrence& each : look.occurrences(tails.last_of)) {
      Tri there = both(each.is, look.sees(*each.fact, m, Look::is_stated(*each.fact)));
      if (m.since.known() && each.fact->at.known() && each.fact->latest < m.since) there = Tri::no;
      if (there == Tri::yes) all.push_back(each.fact);
      if (there == Tri::unknown) window.undecided = true;
    }
    if (look.gap(tails.last_of, look.created(), m.now)) window.undecided = true;
    const auto wanted = static_cast<std::size_t>(tails.last);
    if (all.size() < wanted) {
      window.undecided = true;
    } else {
      window.order = all[all.size() - wanted]->order;
    }
  }
  return window;
}

bool falls_in(const Window& window, const Fact& fact) {
  return !window.nothing && fact.order >= window.order &&
         (!window.from.known() || (fact.at.known() && fact.at >= window.from));
}

}  // namespace plumb::twin
