#include "history/load_fill.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "history/load_finish.h"

namespace plumb::history::loading {

namespace {

// The rows of the tables of kinds in the order of a timeline, one kind behind the other: what was refused or merged is
// left out. Rows: kind k has rows [first[k], first[k + 1]).
struct KindRows {
  std::vector<std::uint32_t> first;
  Array<std::uint32_t> old;
  Array<Instant> recorded;  // only where some attribute has its own
};

bool has_own_time(const RawKind& kind) {
  return std::any_of(kind.table.own_time.begin(), kind.table.own_time.end(), [](std::uint8_t own) { return own != 0; });
}

// How many events of each kind stand in each range of rows, then where the first of them goes; and where a kind begins.
std::vector<std::vector<std::uint32_t>> places(const Array<std::uint16_t>& kinds, std::size_t size, KindRows& rows,
                                               unsigned threads) {
  const std::size_t ranges = (kinds.size() + filled_at_once - 1) / filled_at_once;
  std::vector<std::vector<std::uint32_t>> place(ranges, std::vector<std::uint32_t>(size, 0));
  by_ranges(threads, kinds.size(), [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t>& count = place[begin / filled_at_once];
    for (std::size_t i = begin; i < end; ++i) ++count[kinds[i]];
  });
  std::uint32_t sum = 0;
  for (std::size_t k = 0; k < size; ++k) {
    rows.first.push_back(sum);
    for (auto& of_range : place) sum += std::exchange(of_range[k], sum);
  }
  rows.first.push_back(sum);
  return place;
}

// `order` becomes Timeline::row; `before`: how many rows each kind has of other timelines.
KindRows number_rows(const RawEvents& events, Array<std::uint32_t>& order, const Timeline& timeline,
                     const std::vector<std::uint32_t>& before, const std::vector<RawKind>& kinds, unsigned threads) {
  KindRows rows;
  const Array<std::uint16_t>& kind_of = timeline.kind;
  auto place = places(kind_of, kinds.size(), rows, threads);
  std::uint32_t* const old = rows.old.extend(kind_of.size());
  Instant* const recorded =
      std::any_of(kinds.begin(), kinds.end(), has_own_time) ? rows.recorded.extend(kind_of.size()) : nullptr;
  std::uint32_t* const out = order.data();
  by_ranges(threads, kind_of.size(), [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t>& next = place[begin / filled_at_once];
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint16_t kind = kind_of[i];
      const std::uint32_t at = next[kind]++;
      old[at] = events.row(out[i]);
      if (recorded != nullptr) recorded[at] = timeline.recorded[i];
      out[i] = before[kind] + at - rows.first[kind];
    }
  });
  return rows;
}

// Column by column: what is not needed any more gives its memory to the next, the widest first.
Timeline fill_timeline(const Raw& raw, RawEvents events, Ordered ordered, const WordIndex& people,
                       const std::vector<std::uint32_t>& before, KindRows& rows, unsigned threads) {
  Timeline timeline;
  timeline.first = std::move(ordered.first);
  Array<std::uint32_t>& order = ordered.events;
  const auto each = [&](auto& column, const auto& row) {
    fill(threads, order.size(), column,
         [&, from = std::as_const(order).data()](std::size_t i) { return row(from[i]); });
  };
  const auto each_said = [&](auto& column, const auto& row) {
    each(column, row);
    const auto said = [](auto one) { return one != decltype(one){}; };
    if (std::none_of(std::as_const(column).begin(), std::as_const(column).end(), said)) column = {};
  };
  each(timeline.actor,
       [&](std::uint32_t event) { return events.actor(event) == nobody ? nobody : people.find(events.actor(event)); });
  events.forget_people();
  const bool at_once = events.recorded_at_once();
  if (!at_once && events.has_recorded()) {
    each(timeline.recorded.rows, [&](std::uint32_t event) { return events.recorded(event); });
  }
  events.forget_recorded();
  each(timeline.at, [&](std::uint32_t event) { return events.at(event); });
  events.forget_times();
  if (at_once) timeline.recorded.rows = timeline.at;
  timeline.origin = raw.origins();
  each(timeline.origin.line,
       [&](std::uint32_t event) { return timeline.origin.through(raw.origin(events.place(event))); });
  each(timeline.kind, [&](std::uint32_t event) { return events.kind(event); });
  if (events.any_source()) each_said(timeline.source.rows, [&](std::uint32_t event) { return events.source(event); });
  if (events.any_by_day()) {
    each_said(timeline.by_day.rows, [&](std::uint32_t event) -> std::uint8_t {
      const bool placed = std::binary_search(ordered.placed.begin(), ordered.placed.end(), event);
      return !events.by_day(event) ? 0 : placed ? 2 : 1;
    });
  }
  if (events.has_contacts()) each_said(timeline.contact, [&](std::uint32_t event) { return events.contact(event); });
  if (events.has_ids()) each_said(timeline.id, [&](std::uint32_t event) { return events.id(event); });
  rows = number_rows(events, order, timeline, before, raw.kinds, threads);
  timeline.row = std::move(order);
  return timeline;
}

// The rows of a kind in the order of both timelines: those of deals, and behind them those of people.
template <class T>
std::span<const T> of_kind(std::size_t kind, const KindRows& deals, const KindRows& persons, Array<T> KindRows::*rows,
                           Array<T>& both) {
  const auto part = [&](const KindRows& all) {
    const Array<T>& of = all.*rows;
    return of.empty() ? std::span<const T>()
                      : std::span(of.data() + all.first[kind], all.first[kind + 1] - all.first[kind]);
  };
  if (part(persons).empty() || part(deals).empty()) return part(persons).empty() ? part(deals) : part(persons);
  both = {};
  both.append(part(deals).data(), part(deals).size());
  both.append(part(persons).data(), part(persons).size());
  return {std::as_const(both).data(), both.size()};
}

void fill_kinds(Raw& raw, const KindRows& deals, const KindRows& persons, std::vector<Kind>& kinds, unsigned threads) {
  Array<std::uint32_t> old;
  Array<Instant> recorded;
  for (std::size_t k = 0; k < raw.kinds.size(); ++k) {
    RawKind& kind = raw.kinds[k];
    const auto rows = of_kind(k, deals, persons, &KindRows::old, old);
    const auto row_time = of_kind(k, deals, persons, &KindRows::recorded, recorded);
    Kind& filled = kinds.emplace_back(Kind{kind.name, kind.of, {}});
    for (std::size_t c = 0; c < kind.table.columns.size(); ++c) {
      filled.columns.push_back(gather(kind.table.columns[c], kind.table.own_time[c], rows, row_time, threads));
      kind.table.columns[c] = Column();  // the next one can have its memory
    }
  }
}

}  // namespace

void finish_events(Raw& raw, Ordered deals, Ordered persons, const WordIndex& people, History& history,
                   unsigned threads) {
  KindRows of_deals, of_persons;
  std::vector<std::uint32_t> before(raw.kinds.size(), 0);
  history.deal_events =
      fill_timeline(raw, std::move(raw.deal_events), std::move(deals), people, before, of_deals, threads);
  for (std::size_t k = 0; k < before.size(); ++k) before[k] = of_deals.first[k + 1] - of_deals.first[k];
  history.person_events =
      fill_timeline(raw, std::move(raw.person_events), std::move(persons), people, before, of_persons, threads);
  fill_kinds(raw, of_deals, of_persons, history.kinds, threads);
}

}  // namespace plumb::history::loading
