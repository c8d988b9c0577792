#include "explain/span.h"

#include <algorithm>
#include <set>
#include <vector>

#include "explain/people.h"

namespace plumb::explain {

namespace {

using What = history::Revision::What;
constexpr std::int64_t minute = 60 * time::micros_per_second;

bool is_put(const history::Revision& r) {
  return r.what == What::happens || r.what == What::new_deal || r.what == What::new_contact;
}

// When the facts are, the first and the last of them, and since when there is somewhere to put them.
struct Facts {
  Instant first = Instant::max(), last = Instant::unknown(), room = Instant::unknown();
  bool stated = false;  // one of them is what is said of a field
};

// Missing: nullopt where they do not stand together.
std::optional<Facts> facts_of(const Case& c, const Revisions& revisions) {
  constexpr std::int64_t together = 2 * time::micros_per_hour;
  Facts facts;
  for (const history::Revision& r : revisions) {
    if (r.what == What::alters || r.what == What::leaves_out || r.what == What::no_contact) return std::nullopt;
    if (!is_put(r)) continue;
    if (!r.at.known()) return std::nullopt;
    if (r.what != What::new_deal && !r.of_person) facts.room = std::max(facts.room, begin_of(c.part, r.subject));
    facts.stated |= r.what == What::happens && r.of == history::KindClass::change;
    facts.first = std::min(facts.first, r.at), facts.last = std::max(facts.last, r.at);
  }
  if (!facts.last.known() || facts.last.micros - facts.first.micros > together) return std::nullopt;
  return facts;
}

struct Shifting {
  const Case& c;
  eval::Verdict was;
  const Found& found;
  std::size_t attempts;

  Revisions by(std::int64_t micros) const {
    Revisions moved = found.revisions;
    for (history::Revision& r : moved) {
      if (is_put(r)) r.at.micros += micros, r.recorded.micros += micros;
    }
    return moved;
  }
  bool keeps(std::int64_t micros) {
    if (attempts == 0) return false;
    --attempts;
    const Judged judged = evaluate(c, history::revised(c.part, by(micros)), found.as_of);
    return explain::keeps(c, was, judged, found.before);
  }
  // The furthest on the way to `limit` up to which it is kept, as far as attempts can tell.
  std::int64_t furthest(std::int64_t limit) {
    constexpr std::int64_t parts = 6;
    std::int64_t kept = 0, broken = 0;
    for (std::int64_t part = 1; part <= parts && broken == 0; ++part) {
      const std::int64_t micros = part == parts ? limit : limit / parts * part;
      (keeps(micros) ? kept : broken) = micros;
    }
    while (broken != 0 && std::abs(broken - kept) > 1 && attempts > 0) {
      const std::int64_t half = kept + (broken - kept) / 2;
      (keeps(half) ? kept : broken) = half;
    }
    return kept;
  }
};

// When something happens in the deals that facts are put into.
std::vector<Instant> moments_of(const Case& c, const Revisions& revisions) {
  const history::Timeline& events = c.part.deal_events;
  std::set<Instant> moments;
  for (const history::Revision& r : revisions) {
    const std::uint32_t deal = r.of_person || r.what == What::new_deal ? UINT32_MAX : find_deal(c.part, r.subject);
    if (deal == UINT32_MAX) continue;
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
      if (events.at[i].known()) moments.insert(events.at[i]);
    }
  }
  return {moments.begin(), moments.end()};
}

// The end of the minute that a moment is in, or its beginning.
Instant minute_of(Instant at, bool up) {
  const std::int64_t into = ((at.micros % minute) + minute) % minute;
  return Instant{at.micros - into + (up && into > 0 ? minute : 0)};
}

// Where something else happens the facts may not do: the window ends before. Only the nearest moments are looked at.
void stop_at_moments(Span& span, Shifting& shifting, const Case& c, Instant earliest, Instant place) {
  constexpr std::size_t most_moments = 24;
  const std::vector<Instant> moments = moments_of(c, shifting.found.revisions);
  const Instant since = span.since.known() ? span.since : earliest;
  std::size_t left = most_moments;
  for (auto at = moments.rbegin(); at != moments.rend() && since.known() && left > 0; ++at) {
    if (*at >= place || *at < since) continue;
    --left;
    if (shifting.attempts == 0 || shifting.keeps(at->micros - place.micros)) continue;
    span.since = minute_of(Instant{place.micros + shifting.furthest(at->micros - place.micros)}, true);
    break;
  }
  left = most_moments;
  for (auto at = moments.begin(); at != moments.end() && left > 0; ++at) {
    if (*at <= place || *at >= span.until) continue;
    --left;
    if (shifting.attempts == 0 || shifting.keeps(at->micros - place.micros)) continue;
    span.until = minute_of(Instant{place.micros + shifting.furthest(at->micros - place.micros) + 1}, false);
    break;
  }
}

}  // namespace

bool may_begin_at(const Case& c, eval::Verdict was, const Found& found, Instant from) {
  const std::optional<Facts> facts = facts_of(c, found.revisions);
  if (!facts || from >= facts->first) return facts.has_value();
  return Shifting{c, was, found, 1}.keeps(from.micros - facts->first.micros);
}

Span span_of(const Case& c, eval::Verdict was, Found& found, Instant from, Instant bound, std::size_t attempts) {
  const std::optional<Facts> facts = facts_of(c, found.revisions);
  // Facts that differ come one after the other.
  if (!facts || (facts->stated && found.revisions.size() > 1)) return {};
  const bool windowed = from.known() && !facts->stated;
  const Instant earliest = windowed ? std::max(from, facts->room) : facts->room;
  const bool bounded = bound.known() && bound != Instant::max();
  const Instant latest = bounded ? bound : found.as_of;
  Shifting shifting{c, was, found, attempts};
  Span span;
  if (earliest.known() && earliest < facts->first) {
    const Instant since{facts->first.micros + shifting.furthest(earliest.micros - facts->first.micros)};
    if (windowed || since > earliest) span.since = minute_of(since, true);
  } else if (windowed && earliest.known()) {
    span.since = std::max(earliest, facts->first);
  }
  span.until = latest;
  const bool lasts = latest.micros - facts->last.micros > minute;
  if (lasts) {
    const std::int64_t later = shifting.furthest(latest.micros - 1 - facts->last.micros);
    if (facts->last.micros + later < latest.micros - minute)
      span.until = minute_of(Instant{facts->last.micros + later + 1}, false);
  }
  stop_at_moments(span, shifting, c, earliest, facts->last);
  if (lasts) {
    const std::int64_t last = span.until.micros - minute - facts->last.micros;
    if (last > 0 && shifting.keeps(last)) found.revisions = shifting.by(last);
  }
  if (span.since.known() && span.until.micros - span.since.micros <= 2 * minute) return {};
  return span;
}

}  // namespace plumb::explain
