#include "history/load_order.h"

#include <algorithm>
#include <compare>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "history/load_chain.h"

namespace plumb::history::loading {

namespace {

using Indexes = std::vector<std::uint32_t>;

struct Sorter {
  Raw& raw;
  const std::vector<RawEvent>& events;
  std::vector<std::uint32_t> kind_rank;  // by class and name
  Indexes out;
  Indexes scratch;
};

// Declarations may be reordered without any effect, so kinds compare by name.
std::vector<std::uint32_t> ranks(const std::vector<RawKind>& kinds) {
  Indexes sorted(kinds.size()), rank(kinds.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(kinds[a].of, kinds[a].name) < std::tie(kinds[b].of, kinds[b].name);
  });
  for (std::uint32_t i = 0; i < sorted.size(); ++i) rank[sorted[i]] = i;
  return rank;
}

std::strong_ordering compare_texts(const Dictionary& words, std::uint32_t a, std::uint32_t b) {
  if (a == b) return std::strong_ordering::equal;
  return words[a].compare(words[b]) <=> 0;
}

std::strong_ordering compare_cells(const Raw& raw, const Column& column, std::uint32_t a, std::uint32_t b) {
  const std::int64_t x = column.values[a], y = column.values[b];
  const bool texts = column.type == ValueType::text && is_value(x) && is_value(y);
  const auto by_value =
      texts ? compare_texts(raw.words, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)) : x <=> y;
  if (by_value != 0) return by_value;
  if (!column.currency.empty()) {
    const auto by_currency = compare_texts(raw.words, column.currency[a], column.currency[b]);
    if (by_currency != 0) return by_currency;
  }
  return column.recorded.empty() ? std::strong_ordering::equal : column.recorded[a] <=> column.recorded[b];
}

std::strong_ordering compare_actors(const Raw& raw, std::uint32_t a, std::uint32_t b) {
  if (a == nobody || b == nobody) return (a != nobody) <=> (b != nobody);
  return compare_texts(raw.words, a, b);
}

// The canonical order of two events of one subject and instant; equal: they state the same.
std::strong_ordering compare(const Sorter& sorter, std::uint32_t left, std::uint32_t right) {
  const RawEvent& a = sorter.events[left];
  const RawEvent& b = sorter.events[right];
  if (a.kind != b.kind) return sorter.kind_rank[a.kind] <=> sorter.kind_rank[b.kind];
  for (const Column& column : sorter.raw.kinds[a.kind].table.columns) {
    const auto by_cell = compare_cells(sorter.raw, column, a.row, b.row);
    if (by_cell != 0) return by_cell;
  }
  if (a.recorded != b.recorded) return a.recorded <=> b.recorded;
  if (const auto by_actor = compare_actors(sorter.raw, a.actor, b.actor); by_actor != 0) return by_actor;
  if (a.source != b.source) return a.source <=> b.source;
  if (a.by_day != b.by_day) return a.by_day <=> b.by_day;
  if (a.sequence_is_fact != b.sequence_is_fact) return a.sequence_is_fact <=> b.sequence_is_fact;
  return a.sequence_is_fact ? a.sequence <=> b.sequence : std::strong_ordering::equal;
}

// Of identical events the one that stands first in the files is kept. Returns the new end of the range.
std::uint32_t* merge_identical(Sorter& sorter, std::uint32_t* from, std::uint32_t* until) {
  std::sort(from, until, [&](std::uint32_t a, std::uint32_t b) {
    const auto order = compare(sorter, a, b);
    return order != 0 ? order < 0 : sorter.events[a].place < sorter.events[b].place;
  });
  std::uint32_t* kept = from;
  for (std::uint32_t* at = from + 1; at != until; ++at) {
    if (compare(sorter, *kept, *at) == 0) {
      sorter.raw.merge(sorter.events[*at].place);
    } else {
      *++kept = *at;
    }
  }
  return kept + 1;
}

// Events of one instant, class and sequence, in canonical order.
void put_tied(Sorter& sorter, const std::uint32_t* from, const std::uint32_t* until, std::int64_t state) {
  if (until - from < 2 || sorter.events[*from].of != KindClass::move) {
    sorter.out.insert(sorter.out.end(), from, until);
    return;
  }
  std::vector<Step> steps;
  for (const std::uint32_t* at = from; at != until; ++at) {
    const RawEvent& move = sorter.events[*at];
    const Table& table = sorter.raw.kinds[move.kind].table;
    steps.push_back({table.columns[0].values[move.row], table.columns[1].values[move.row]});
  }
  for (std::size_t i : chain_order(steps, state)) sorter.out.push_back(from[i]);
}

// The stage that the subject's last move so far went to. Missing: `missing`, as the `from` of a first move is.
std::int64_t state_after(const Sorter& sorter, std::size_t subject_begins) {
  for (std::size_t i = sorter.out.size(); i > subject_begins; --i) {
    const RawEvent& event = sorter.events[sorter.out[i - 1]];
    if (event.of == KindClass::move) return sorter.raw.kinds[event.kind].table.columns[1].values[event.row];
  }
  return missing;
}

// Activities and records are one class.
KindClass class_of(const RawEvent& event) { return std::min(event.of, KindClass::activity); }

// Events of one subject, instant and class.
void put_group(Sorter& sorter, std::uint32_t* from, std::uint32_t* until, std::size_t subject_begins) {
  if (until - from == 1) {
    sorter.out.push_back(*from);
    return;
  }
  until = merge_identical(sorter, from, until);
  const auto sequence = [&](std::uint32_t i) { return sorter.events[i].sequence; };
  std::stable_sort(from, until, [&](std::uint32_t a, std::uint32_t b) { return sequence(a) < sequence(b); });
  while (from != until) {
    std::uint32_t* end = std::find_if(from, until, [&](std::uint32_t i) { return sequence(i) != sequence(*from); });
    const bool moves = sorter.events[*from].of == KindClass::move;
    put_tied(sorter, from, end, moves ? state_after(sorter, subject_begins) : missing);
    from = end;
  }
}

void put_subject(Sorter& sorter, std::uint32_t* from, std::uint32_t* until) {
  const auto earlier = [&](std::uint32_t a, std::uint32_t b) {
    const RawEvent& x = sorter.events[a];
    const RawEvent& y = sorter.events[b];
    return x.at != y.at ? x.at < y.at : class_of(x) < class_of(y);
  };
  // Most exports are sorted by time.
  if (!std::is_sorted(from, until, earlier)) std::sort(from, until, earlier);
  const std::size_t begins = sorter.out.size();
  while (from != until) {
    std::uint32_t* end = from + 1;
    while (end != until && !earlier(*from, *end)) ++end;
    put_group(sorter, from, end, begins);
    from = end;
  }
}

}  // namespace

Ordered order_events(Raw& raw, const std::vector<RawEvent>& events, const WordIndex& number_of, std::size_t subjects) {
  std::vector<std::uint32_t> begin(subjects + 1, 0);
  for (const RawEvent& event : events) {
    const std::uint32_t subject = number_of.find(event.subject);
    if (subject != nobody) ++begin[subject + 1];
  }
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  Sorter sorter{raw, events, ranks(raw.kinds), {}, Indexes(begin.back())};
  std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const std::uint32_t subject = number_of.find(events[i].subject);
    if (subject != nobody) sorter.scratch[next[subject]++] = i;
  }
  sorter.out.reserve(begin.back());
  Ordered ordered;
  ordered.first.push_back(0);
  for (std::size_t s = 0; s < subjects; ++s) {
    put_subject(sorter, sorter.scratch.data() + begin[s], sorter.scratch.data() + begin[s + 1]);
    ordered.first.push_back(static_cast<std::uint32_t>(sorter.out.size()));
  }
  ordered.events = std::move(sorter.out);
  return ordered;
}

}  // namespace plumb::history::loading
