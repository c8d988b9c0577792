#include "history/load_order.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/parallel.h"
#include "history/load_chain.h"
#include "history/load_sorter.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

bool earlier(const Key& a, const Key& b) { return a.at != b.at ? a.at < b.at : a.of < b.of; }

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

KindClass of(const Sorter& sorter, std::uint32_t event) { return sorter.raw.kinds[sorter.events.kind(event)].of; }

Step step_of(const Sorter& sorter, std::uint32_t move) {
  const Table& table = sorter.raw.kinds[sorter.events.kind(move)].table;
  const std::uint32_t row = sorter.events.row(move);
  return {table.columns[0].values[row], table.columns[1].values[row]};
}

using Value = std::pair<std::int64_t, std::uint32_t>;  // and its currency

Value value_in(const Column& column, std::size_t row) {
  return {column.values[row], column.currency.empty() ? 0 : column.currency[row]};
}

// What the present subject's last change of that kind so far went to, else what it was created with. Missing:
// unobserved.
Value value_before(const Sorter& sorter, std::uint16_t kind) {
  for (std::size_t i = sorter.out.size(); i > 0; --i) {
    const std::uint32_t event = sorter.out[i - 1];
    if (sorter.events.kind(event) == kind && sorter.events.at(event).known())
      return value_in(sorter.raw.kinds[kind].table.columns[1], sorter.events.row(event));
  }
  const Column* const as_created = sorter.as_created[kind];
  return as_created == nullptr ? Value{unobserved, 0} : value_in(*as_created, sorter.subject);
}

// Changes of one field at one instant, each from what the one before it went to, where all say what was before.
void put_changes(Sorter& sorter, const std::uint32_t* from, const std::uint32_t* until) {
  const std::uint16_t kind = sorter.events.kind(*from);
  const std::vector<Column>& columns = sorter.raw.kinds[kind].table.columns;
  std::vector<Value> numbered{value_before(sorter, kind)};
  const auto number = [&](const Value& value) {
    if (!is_value(value.first) && value.first != missing) return value.first;
    const auto found = std::find(numbered.begin(), numbered.end(), value);
    if (found == numbered.end()) return numbered.push_back(value), static_cast<std::int64_t>(numbered.size() - 1);
    return found - numbered.begin();
  };
  std::vector<Step> steps;
  for (const std::uint32_t* at = from; at != until; ++at) {
    const std::uint32_t row = sorter.events.row(*at);
    const std::int64_t before = number(value_in(columns[0], row));
    steps.push_back({before < 0 ? unobserved : before, number(value_in(columns[1], row))});
  }
  for (std::size_t i : chain_order(steps, 0)) sorter.out.push_back(from[i]);
}

// Events of one instant, class and sequence, in canonical order.
void put_tied(Sorter& sorter, const std::uint32_t* from, const std::uint32_t* until, std::int64_t state) {
  if (until - from > 1 && of(sorter, *from) == KindClass::change && sorter.events.at(*from).known()) {
    const auto same = [&](std::uint32_t i) { return sorter.events.kind(i) == sorter.events.kind(*from); };
    for (const std::uint32_t* end = from; from != until; from = end) {
      end = std::find_if_not(from, until, same);
      if (end - from > 1) put_changes(sorter, from, end);
      if (end - from == 1) sorter.out.push_back(*from);
    }
    return;
  }
  if (until - from < 2 || of(sorter, *from) != KindClass::move) {
    sorter.out.insert(sorter.out.end(), from, until);
    return;
  }
  std::vector<Step> steps;
  for (const std::uint32_t* at = from; at != until; ++at) steps.push_back(step_of(sorter, *at));
  for (std::size_t i : chain_order(steps, state)) sorter.out.push_back(from[i]);
}

// The stage that the subject's last move so far went to. Missing: `missing`, as the `from` of a first move is.
std::int64_t state_after(const Sorter& sorter) {
  for (std::size_t i = sorter.out.size(); i > 0; --i) {
    if (of(sorter, sorter.out[i - 1]) == KindClass::move) return step_of(sorter, sorter.out[i - 1]).to;
  }
  return missing;
}

std::int64_t sequence_of(const Sorter& sorter, std::uint32_t event) {
  for (std::size_t i = sorter.put_behind; sorter.events.by_day(event) && i < sorter.not_before.size(); ++i) {
    if (sorter.not_before[i].event == event) return sorter.not_before[i].sequence;
  }
  return sorter.events[event].sequence_number();
}

// Events of one subject, instant and class.
void put_group(Sorter& sorter, std::uint32_t* from, std::uint32_t* until) {
  until = merge_identical(sorter, from, until);
  const auto sequence = [&](std::uint32_t i) { return sequence_of(sorter, i); };
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return sequence(a) < sequence(b); };
  if (!std::is_sorted(from, until, before)) std::stable_sort(from, until, before);
  while (from != until) {
    std::uint32_t* end = std::find_if(from, until, [&](std::uint32_t i) { return sequence(i) != sequence(*from); });
    const bool moves = of(sorter, *from) == KindClass::move;
    put_tied(sorter, from, end, moves && end - from > 1 ? state_after(sorter) : missing);
    from = end;
  }
}

// A move with a date alone that goes on from where one with a time of its day went came no sooner than that. `from`:
// the first key of that day. Returns the end of those that are in another order now; `from` where none is.
std::size_t put_behind_timed(Sorter& sorter, std::size_t from) {
  std::vector<Key>& keys = sorter.keys;
  const RawEvents& events = sorter.events;
  const Instant start = keys[from].at, end = sorter.days->start_of(sorter.days->day_of(start) + 1);
  std::vector<std::size_t> dates, times;
  std::size_t last = from;
  for (; last < keys.size() && keys[last].at < end; ++last) {
    if (keys[last].of != KindClass::move) continue;
    (keys[last].at == start && events.by_day(keys[last].event) ? dates : times).push_back(last);
  }
  constexpr std::size_t most = 1000;  // of one day; nobody makes more, and each is held against each
  if (dates.empty() || times.empty() || dates.size() + times.size() > most) return from;
  const auto turn = [&](std::size_t i) { return std::pair(keys[i].at, events[keys[i].event].sequence_number()); };
  const auto before = [&](std::size_t a, std::size_t b) {
    return turn(a) != turn(b) ? turn(a) < turn(b) : compare(sorter, keys[a].event, keys[b].event) < 0;
  };
  std::sort(dates.begin(), dates.end(), before), std::sort(times.begin(), times.end(), before);
  std::vector<Step> by_day;
  std::vector<TimedStep> timed;
  for (const std::size_t i : dates) by_day.push_back(step_of(sorter, keys[i].event));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const bool another = i > 0 && turn(times[i]) != turn(times[i - 1]);
    timed.push_back({step_of(sorter, keys[times[i]].event), i == 0 ? 0 : timed.back().turn + (another ? 1 : 0)});
  }
  const auto behind = behind_timed(by_day, timed, state_after(sorter));
  bool moved = false;
  sorter.put_behind = sorter.not_before.size();
  for (std::size_t i = 0; behind && i < dates.size(); ++i) {
    if ((*behind)[i] == SIZE_MAX) continue;
    Key& key = keys[dates[i]];
    const Key& timed_one = keys[times[(*behind)[i]]];
    key.at = timed_one.at;
    sorter.not_before.push_back({key.event, key.at, events[timed_one.event].sequence_number()});
    moved = true;
  }
  return moved ? last : from;
}

// Fills `out` with the subject's events in order; `events` are put in another.
void put_subject(Sorter& sorter, std::uint32_t* events, std::size_t size) {
  sorter.out.clear();
  if (sorter.events.has_ids() && size > 1) size = leave_out_other_values(sorter, events, size);
  std::vector<Key>& keys = sorter.keys;
  keys.clear();
  // Activities and records are one class.
  for (std::size_t i = 0; i < size; ++i) {
    keys.push_back({sorter.events.at(events[i]), events[i], std::min(of(sorter, events[i]), KindClass::activity)});
  }
  const auto dated = [&](const Key& key) {
    return sorter.events.by_day(key.event) && key.at == sorter.events.at(key.event);
  };
  // Most exports are sorted by time.
  if (!std::is_sorted(keys.begin(), keys.end(), earlier)) std::sort(keys.begin(), keys.end(), earlier);
  const auto end_of_group = [&](std::size_t from) {
    std::size_t end = from + 1;
    while (end < size && !earlier(keys[from], keys[end])) ++end;
    return end;
  };
  for (std::size_t from = 0, end = 0; from < size; from = end) {
    end = end_of_group(from);
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(from);
    const bool moves = sorter.days != nullptr && keys[from].of == KindClass::move && keys[from].at.known();
    if (moves && std::any_of(begin, begin + static_cast<std::ptrdiff_t>(end - from), dated)) {
      const std::size_t last = put_behind_timed(sorter, from);
      std::sort(begin, begin + static_cast<std::ptrdiff_t>(last - from), earlier);
      end = end_of_group(from);
    }
    if (end - from == 1) {
      sorter.out.push_back(keys[from].event);
      continue;
    }
    for (std::size_t i = from; i < end; ++i) events[i] = keys[i].event;
    put_group(sorter, events + from, events + end);
  }
}

// Changes of a field with a date alone, of which sequences say that those of the day that stand behind came later.
void find_placed(Sorter& sorter) {
  const RawEvents& events = sorter.events;
  const auto at = [&](auto row) { return events.at(*row); };
  for (auto row = sorter.out.begin(); row != sorter.out.end(); ++row) {
    if (!events.by_day(*row) || of(sorter, *row) != KindClass::change || !at(row).known()) continue;
    const RawEvent change = events[*row];
    const Instant end = sorter.days->start_of(sorter.days->day_of(change.at) + 1);
    auto first = row, last = row;
    while (first != sorter.out.begin() && at(first - 1) >= change.at) --first;
    while (last != sorter.out.end() && at(last) < end) ++last;
    const bool placed = change.sequence != Sequence::none && std::all_of(first, last, [&](std::uint32_t other) {
                          const RawEvent one = events[other];
                          const bool in_order = one.by_day || change.sequence_number() < one.sequence_number();
                          return one.kind != change.kind || (one.sequence != Sequence::none && in_order);
                        });
    if (placed) sorter.placed.push_back(*row);
  }
}

// Every subject's events one behind the other, in the order of reading. Rows: subjects + 1.
Array<std::uint32_t> by_subject(const RawEvents& events, const WordIndex& number_of, std::size_t subjects,
                                Array<std::uint32_t>& sorted) {
  Array<std::uint32_t> first(subjects + 1);
  std::uint32_t* const begin = first.data();
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const std::uint32_t subject = number_of.find(events.subject(i));
    if (subject != nobody) ++begin[subject + 1];
  }
  std::partial_sum(begin, begin + subjects + 1, begin);
  std::uint32_t* const out = sorted.extend(first.back());
  std::vector<std::uint32_t> next(begin, begin + subjects);
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const std::uint32_t subject = number_of.find(events.subject(i));
    if (subject != nobody) out[next[subject]++] = i;
  }
  return first;
}

void refuse(Raw& raw, const RawEvents& events, const Pair& pair) {
  const Place place = events.place(pair.event);
  raw.refuse(place);
  raw.complain(place, true, [&] {
    return fmt::format("the row {} already stands at {} with other values", in_ticks(raw.words[events.id(pair.event)]),
                       raw.cite(events.place(pair.stands)));
  });
}

// What was left out leaves no gaps.
void close_gaps(Ordered& ordered, const std::vector<std::uint32_t>& kept) {
  std::uint32_t* const first = ordered.first.data();
  std::uint32_t* const events = ordered.events.data();
  std::uint32_t size = 0;
  for (std::size_t s = 0; s < kept.size(); ++s) {
    const std::uint32_t begin = std::exchange(first[s], size);
    std::copy(events + begin, events + begin + kept[s], events + size);
    size += kept[s];
  }
  first[kept.size()] = size;
  ordered.events.resize(size);
}

}  // namespace

std::vector<Range> ranges_of(const Array<std::uint32_t>& first) {
  constexpr std::uint32_t events = 1U << 16U;
  std::vector<Range> ranges;
  for (std::size_t s = 0; s + 1 < first.size();) {
    const std::size_t begin = s++;
    while (s + 1 < first.size() && first[s + 1] - first[begin] <= events) ++s;
    ranges.push_back({begin, s});
  }
  return ranges;
}

namespace {

// An order, and what was left out of it; nobody is told yet.
struct Attempt {
  Ordered ordered;
  std::vector<Pair> merged, refused;
  Indexes alike;  // Sorter::alike
  std::vector<NotBefore> not_before;
};

Attempt put_in_order(const Raw& raw, const RawEvents& events, const WordIndex& number_of, std::size_t subjects,
                     const AsCreated& as_created, const time::Zone* days, unsigned threads,
                     const RowIdentity* identity) {
  Attempt made;
  Ordered& ordered = made.ordered;
  ordered.first = by_subject(events, number_of, subjects, ordered.events);
  const Array<std::uint32_t>& first = ordered.first;
  const Indexes rank = ranks(raw.kinds);
  const std::vector<Range> ranges = ranges_of(first);
  std::vector<std::uint32_t> kept(subjects);
  std::vector<Sorter> done(ranges.size(),
                           Sorter{raw, events, rank, as_created, {}, {}, {}, {}, {}, identity, {}, {}, days});
  std::uint32_t* const sorted = ordered.events.data();
  in_parallel(threads, ranges.size(), [&](unsigned, std::size_t task) {
    Sorter sorter = done[task];
    for (std::size_t s = ranges[task].begin; s < ranges[task].end; ++s) {
      sorter.subject = static_cast<std::uint32_t>(s);
      put_subject(sorter, sorted + first[s], first[s + 1] - first[s]);
      if (days != nullptr) find_placed(sorter);
      kept[s] = static_cast<std::uint32_t>(sorter.out.size());
      std::copy(sorter.out.begin(), sorter.out.end(), sorted + first[s]);
    }
    done[task].merged = std::move(sorter.merged), done[task].refused = std::move(sorter.refused);
    done[task].apart = std::move(sorter.apart), done[task].alike = std::move(sorter.alike);
    done[task].not_before = std::move(sorter.not_before), done[task].placed = std::move(sorter.placed);
  });
  const auto add = [](auto& all, const auto& more) { all.insert(all.end(), more.begin(), more.end()); };
  for (const Sorter& part : done) {
    add(made.merged, part.merged), add(made.refused, part.refused), add(ordered.apart, part.apart);
    add(made.alike, part.alike), add(made.not_before, part.not_before), add(ordered.placed, part.placed);
  }
  std::sort(ordered.placed.begin(), ordered.placed.end());
  if (!made.merged.empty() || !made.refused.empty()) close_gaps(ordered, kept);
  return made;
}

// Looks at the rows that were taken for one another. Missing: nullopt when they are, cell by cell.
std::optional<RowIdentity> tell_apart(Raw& raw, const RawEvents& events, const Attempt& made) {
  std::vector<std::size_t> rows;
  for (const FileRows& file : raw.files) rows.push_back(file.fate.size());
  RowIdentity identity(rows);
  const auto in_question = [&](const Pair& pair) {
    return may_be_several(raw, events, pair.event) && events.id(pair.event) == 0 &&
           !of_one_row(raw, events.place(pair.event), events.place(pair.stands));
  };
  if (!raw.identify || std::none_of(made.merged.begin(), made.merged.end(), in_question)) return std::nullopt;
  for (const std::uint32_t event : made.alike) identity.want(events.place(event));
  if (const Result<bool> read = raw.identify(identity); !read) {
    raw.trouble = Failure{read.error()};
    return std::nullopt;
  }
  const bool differ = std::any_of(made.merged.begin(), made.merged.end(), [&](const Pair& pair) {
    return in_question(pair) && !identity.same(events.place(pair.event), events.place(pair.stands));
  });
  return differ ? std::optional(std::move(identity)) : std::nullopt;
}

}  // namespace

Ordered order_events(Raw& raw, RawEvents& events, const WordIndex& number_of, std::size_t subjects,
                     const AsCreated& as_created, const time::Zone& zone, unsigned threads) {
  const time::Zone* const days = events.any_by_day() ? &zone : nullptr;
  Attempt made = put_in_order(raw, events, number_of, subjects, as_created, days, threads, nullptr);
  if (const auto identity = tell_apart(raw, events, made))
    made = put_in_order(raw, events, number_of, subjects, as_created, days, threads, &*identity);
  for (const NotBefore& event : made.not_before) events.set_at(event.event, event.at);
  for (const Pair& pair : made.merged) raw.merge(events.place(pair.event), events.place(pair.stands));
  for (const Pair& pair : made.refused) refuse(raw, events, pair);
  return std::move(made.ordered);
}

}  // namespace plumb::history::loading
