#include "history/load_fill.h"

#include <utility>
#include <vector>

#include "history/load_finish.h"

namespace plumb::history::loading {

namespace {

// The rows of a kind's table in the order of the timelines: what was refused or merged is left out.
struct KindRows {
  Array<std::uint32_t> old;
  Array<Instant> recorded;  // only where some attribute has its own
};

bool has_own_time(const RawKind& kind) {
  return std::any_of(kind.table.own_time.begin(), kind.table.own_time.end(), [](std::uint8_t own) { return own != 0; });
}

// How many events of each kind stand in each range of rows, then how many before it.
std::vector<std::vector<std::uint32_t>> rows_before(const Array<std::uint16_t>& kinds, std::vector<KindRows>& rows,
                                                    unsigned threads) {
  const std::size_t ranges = (kinds.size() + filled_at_once - 1) / filled_at_once;
  std::vector<std::vector<std::uint32_t>> before(ranges, std::vector<std::uint32_t>(rows.size(), 0));
  by_ranges(threads, kinds.size(), [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t>& count = before[begin / filled_at_once];
    for (std::size_t i = begin; i < end; ++i) ++count[kinds[i]];
  });
  for (std::size_t k = 0; k < rows.size(); ++k) {
    auto sum = static_cast<std::uint32_t>(rows[k].old.size());
    for (auto& of_range : before) sum += std::exchange(of_range[k], sum);
    rows[k].old.extend(sum - rows[k].old.size());
  }
  return before;
}

void number_rows(const RawEvents& events, const Ordered& ordered, Timeline& timeline, std::vector<KindRows>& rows,
                 const std::vector<RawKind>& kinds, unsigned threads) {
  const Array<std::uint16_t>& kind_of = timeline.kind;
  auto before = rows_before(kind_of, rows, threads);
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (has_own_time(kinds[k])) rows[k].recorded.extend(rows[k].old.size() - rows[k].recorded.size());
  }
  std::uint32_t* const out = timeline.row.extend(kind_of.size());
  by_ranges(threads, kind_of.size(), [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t>& next = before[begin / filled_at_once];
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint16_t kind = kind_of[i];
      const std::uint32_t event = ordered.events[i];
      KindRows& of_kind = rows[kind];
      out[i] = next[kind]++;
      of_kind.old.room()[out[i]] = events.row(event);
      if (of_kind.recorded.room() != nullptr) of_kind.recorded.room()[out[i]] = timeline.recorded[i];
    }
  });
}

// Column by column: what is not needed any more gives its memory to the next, the widest first.
Timeline fill_timeline(const Raw& raw, RawEvents events, Ordered ordered, const WordIndex& people,
                       std::vector<KindRows>& rows, unsigned threads) {
  Timeline timeline;
  timeline.first = std::move(ordered.first);
  const Array<std::uint32_t>& order = ordered.events;
  const auto each = [&](auto& column, const auto& row) {
    fill(threads, order.size(), column, [&](std::size_t i) { return row(order[i]); });
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
  events.forget_places();
  each(timeline.kind, [&](std::uint32_t event) { return events.kind(event); });
  events.forget_kinds();
  number_rows(events, ordered, timeline, rows, raw.kinds, threads);
  events.forget_rows();
  each_said(timeline.source.rows, [&](std::uint32_t event) { return events.source(event); });
  each_said(timeline.by_day.rows, [&](std::uint32_t event) { return static_cast<std::uint8_t>(events.by_day(event)); });
  if (events.has_contacts()) each_said(timeline.contact, [&](std::uint32_t event) { return events.contact(event); });
  if (events.has_ids()) each_said(timeline.id, [&](std::uint32_t event) { return events.id(event); });
  return timeline;
}

void fill_kinds(Raw& raw, std::vector<KindRows>& rows, std::vector<Kind>& kinds, unsigned threads) {
  for (std::size_t k = 0; k < raw.kinds.size(); ++k) {
    RawKind& kind = raw.kinds[k];
    const KindRows of = std::move(rows[k]);
    Kind& filled = kinds.emplace_back(Kind{kind.name, kind.of, {}});
    for (std::size_t c = 0; c < kind.table.columns.size(); ++c) {
      filled.columns.push_back(gather(kind.table.columns[c], kind.table.own_time[c], {of.old.data(), of.old.size()},
                                      {of.recorded.data(), of.recorded.size()}, threads));
      kind.table.columns[c] = Column();  // the next one can have its memory
    }
  }
}

}  // namespace

void finish_events(Raw& raw, Ordered deals, Ordered persons, const WordIndex& people, History& history,
                   unsigned threads) {
  std::vector<KindRows> rows(raw.kinds.size());
  history.deal_events = fill_timeline(raw, std::move(raw.deal_events), std::move(deals), people, rows, threads);
  history.person_events = fill_timeline(raw, std::move(raw.person_events), std::move(persons), people, rows, threads);
  fill_kinds(raw, rows, history.kinds, threads);
}

}  // namespace plumb::history::loading
