#include "history/history.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/parallel.h"

namespace plumb::history {

int Subjects::column(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

const time::Interval& Coverage::at(std::string_view what) const {
  const auto found = of.find(std::string(what));
  return found == of.end() ? everything : found->second;
}

namespace {

// So many subjects, and so many rows, are looked at together.
constexpr std::uint32_t subjects_of_part = 16'384;
constexpr std::size_t rows_of_part = 262'144;

void widen(Extent& extent, const Extent& by) {
  if (by.first.known() && (!extent.first.known() || by.first < extent.first)) extent.first = by.first;
  extent.last = std::max(extent.last, by.last), extent.latest = std::max(extent.latest, by.latest);
  extent.untimed |= by.untimed, extent.by_day |= by.by_day;
}

// A planned leave is no event that anything has to be judged by.
int planned_kind(const History& history) {
  for (std::size_t kind = 0; kind < history.kinds.size(); ++kind) {
    const Kind& of = history.kinds[kind];
    if (of.of == KindClass::activity && of.name == leave_start) return static_cast<int>(kind);
  }
  return -1;
}

// Those of a subject are in order, those of unknown instant before the others.
Extent extent_of(const Timeline& events, int planned, std::uint32_t begin, std::uint32_t end) {
  Extent extent;
  const auto counts = [&](std::uint32_t i) { return events.at[i].known() && events.kind[i] != planned; };
  for (std::uint32_t subject = begin; subject < end; ++subject) {
    const std::uint32_t from = events.first[subject], until = events.first[subject + 1];
    if (from == until) continue;
    extent.untimed |= !events.at[from].known();
    extent.latest = std::max(extent.latest, events.at[until - 1]);
    for (std::uint32_t i = until; i > from && events.at[i - 1] > extent.last; --i) {
      if (counts(i - 1)) extent.last = events.at[i - 1];
    }
    for (std::uint32_t i = from; i < until && (!extent.first.known() || events.at[i] < extent.first); ++i) {
      if (counts(i)) extent.first = events.at[i];
    }
  }
  if (begin >= end) return extent;
  const Array<std::uint8_t>& by_day = events.by_day.rows;
  const auto day = [&](std::uint32_t subject) {
    return by_day.begin() + std::min<std::size_t>(events.first[subject], by_day.size());
  };
  extent.by_day = std::any_of(day(begin), day(end), [](std::uint8_t one) { return one != 0; });
  return extent;
}

}  // namespace

bool tells(const Column* column) {
  const auto told = [](std::int64_t value) { return value != unobserved; };
  return column && std::any_of(column->values.begin(), column->values.end(), told);
}

Extent extent_of(const History& history, unsigned threads) {
  Extent extent;
  const int planned = planned_kind(history);
  for (const Timeline* events : {&history.deal_events, &history.person_events}) {
    const auto subjects = static_cast<std::uint32_t>(std::max<std::size_t>(events->first.size(), 1) - 1);
    std::vector<Extent> parts((subjects + subjects_of_part - 1) / subjects_of_part);
    in_parallel(threads, parts.size(), [&](unsigned, std::size_t part) {
      const auto begin = static_cast<std::uint32_t>(part) * subjects_of_part;
      parts[part] = extent_of(*events, planned, begin, std::min(begin + subjects_of_part, subjects));
    });
    for (const Extent& part : parts) widen(extent, part);
  }
  return extent;
}

ByKind by_kind(const Timeline& events, std::size_t kinds, unsigned threads) {
  ByKind found;
  const std::size_t parts = (events.size() + rows_of_part - 1) / rows_of_part;
  const auto each = [&](auto work) {
    in_parallel(threads, parts, [&](unsigned, std::size_t part) {
      const std::size_t end = std::min((part + 1) * rows_of_part, events.size());
      for (std::size_t row = part * rows_of_part; row < end; ++row) work(part, row, std::as_const(events.kind)[row]);
    });
  };
  // How many of each kind a part has, then where its first of that kind stands.
  std::vector<std::vector<std::uint32_t>> place(parts, std::vector<std::uint32_t>(kinds, 0));
  each([&](std::size_t part, std::size_t, std::uint16_t kind) { ++place[part][kind]; });
  std::uint32_t sum = 0;
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    found.first.push_back(sum);
    for (std::vector<std::uint32_t>& of_part : place) sum += std::exchange(of_part[kind], sum);
  }
  found.first.push_back(sum);
  std::uint32_t* const rows = found.rows.extend(events.size());
  each([&](std::size_t part, std::size_t row, std::uint16_t kind) {
    rows[place[part][kind]++] = static_cast<std::uint32_t>(row);
  });
  return found;
}

}  // namespace plumb::history
