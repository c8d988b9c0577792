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
#include "history/load_moves.h"
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

// The values of a field as numbers, equal ones alike; 0 is what it was before.
struct Numbered {
  std::vector<Value> values;

  std::int64_t of(const Value& value) {
    if (!is_value(value.first) && value.first != missing) return value.first;
    const auto found = std::find(values.begin(), values.end(), value);
    if (found == values.end()) return values.push_back(value), static_cast<std::int64_t>(values.size() - 1);
    return found - values.begin();
  }
  Step step(const Sorter& sorter, std::uint32_t change) {
    const std::vector<Column>& columns = sorter.raw.kinds[sorter.events.kind(change)].table.columns;
    const std::uint32_t row = sorter.events.row(change);
    const std::int64_t before = of(value_in(columns[0], row));
    return {before < 0 ? unobserved : before, of(value_in(columns[1], row))};
  }
};

// Changes of one field at one instant, each from what the one before it went to, where all say what was before.
void put_changes(Sorter& sorter, const std::uint32_t* from, const std::uint32_t* until) {
  Numbered numbered{{value_before(sorter, sorter.events.kind(*from))}};
  std::vector<Step> steps;
  for (const std::uint32_t* at = from; at != until; ++at) steps.push_back(numbered.step(sorter, *at));
  for (std::size_t i : chain_order(steps, 0)) sorter.out.push_back(from[i]);
}

// Events of one instant, class and sequence, in canonical order.
void put_tied(Sorter& sorter, const std::uint32_t* from, const std::uint32_t* until) {
  if (until - from > 1 && class_of(sorter, *from) == KindClass::change && sorter.events.at(*from).known()) {
    const auto same = [&](std::uint32_t i) { return sorter.events.kind(i) == sorter.events.kind(*from); };
    for (const std::uint32_t* end = from; from != until; from = end) {
      end = std::find_if_not(from, until, same);
      if (end - from > 1) put_changes(sorter, from, end);
      if (end - from == 1) sorter.out.push_back(*from);
    }
    return;
  }
  if (until - from > 1 && class_of(sorter, *from) == KindClass::move) return put_moves(sorter, {from, until});
  sorter.out.insert(sorter.out.end(), from, until);
}

std::int64_t sequence_of(const Sorter& sorter, std::uint32_t event) {
  for (std::size_t i = sorter.not_before.size(); sorter.events.by_day(event) && i > sorter.put_behind; --i) {
    if (sorter.not_before[i - 1].event == event) return sorter.not_before[i - 1].sequence;
  }
  return sorter.events[event].sequence_number();
}

// The fields of which some changes have a sequence and others none, and all say what was before: that tells the order.
// Of events of one subject, instant and class.
std::vector<std::uint16_t> without_order(const Sorter& sorter, const std::uint32_t* from, const std::uint32_t* until) {
  std::vector<std::uint16_t> kinds;
  if (until - from < 2 || class_of(sorter, *from) != KindClass::change) return kinds;
  for (const std::uint32_t* one = from; one != until; ++one) {
    const RawEvent change = sorter.events[*one];
    if (change.sequence != Sequence::none || std::ranges::find(kinds, change.kind) != kinds.end()) continue;
    bool mixed = false, said = true;
    for (const std::uint32_t* other = from; other != until; ++other) {
      if (sorter.events.kind(*other) != change.kind) continue;
      const std::int64_t before = step_of(sorter, *other).from;
      mixed |= sorter.events[*other].sequence != Sequence::none;
      said &= is_value(before) || before == missing;
    }
    if (mixed && said) kinds.push_back(change.kind);
  }
  return kinds;
}

// Events of one subject, instant and class.
void put_group(Sorter& sorter, std::uint32_t* from, std::uint32_t* until) {
  until = merge_identical(sorter, from, until);
  std::uint32_t* const dates = put_aside_dates(sorter, from, until);
  const std::vector<std::uint16_t> by_chain = without_order(sorter, from, dates);
  const auto sequence = [&](std::uint32_t i) {
    const bool chain = std::ranges::find(by_chain, sorter.events.kind(i)) != by_chain.end();
    return chain ? INT64_MIN : sequence_of(sorter, i);
  };
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return sequence(a) < sequence(b); };
  if (!std::is_sorted(from, dates, before)) std::stable_sort(from, dates, before);
  while (from != dates) {
    std::uint32_t* end = std::find_if(from, dates, [&](std::uint32_t i) { return sequence(i) != sequence(*from); });
    put_tied(sorter, from, end);
    from = end;
  }
  sorter.out.insert(sorter.out.end(), dates, until);
}

// Changes of one field on one day: those with a date alone, and those with a time; places in Sorter::keys.
struct OfDay {
  std::vector<std::size_t> dates, times;

  bool any() const {
    constexpr std::size_t most = 1000;  // of one day; nobody makes more, and each is held against each
    return !dates.empty() && !times.empty() && dates.size() + times.size() <= most;
  }
};

// That one with a date alone came no sooner than one with a time; as those of the day are asked for its sequence.
void put_behind(Sorter& sorter, std::size_t date, std::size_t time, std::int64_t sequence) {
  sorter.keys[date].at = sorter.keys[time].at;
  sorter.not_before.push_back({sorter.keys[date].event, sorter.keys[time].at, sequence});
}

// One with a date alone that goes on from where one with a time of its day went came no sooner than that. `states`:
// where they may go on from, the likelier first; `step`: that of an event. False where none came behind another.
template <class StepOf>
bool follow_timed(Sorter& sorter, OfDay& day, const std::vector<std::int64_t>& states, StepOf step) {
  const std::vector<Key>& keys = sorter.keys;
  const RawEvents& events = sorter.events;
  const auto turn = [&](std::size_t i) { return std::pair(keys[i].at, events[keys[i].event].sequence_number()); };
  const auto before = [&](std::size_t a, std::size_t b) {
    return turn(a) != turn(b) ? turn(a) < turn(b) : compare(sorter, keys[a].event, keys[b].event) < 0;
  };
  std::sort(day.dates.begin(), day.dates.end(), before), std::sort(day.times.begin(), day.times.end(), before);
  const auto number = [&](std::size_t i) { return events[keys[i].event].sequence_number(); };
  std::vector<StepOfDay> by_day, timed;
  for (const std::size_t i : day.dates) {
    const auto before = std::ranges::count_if(day.times, [&](std::size_t time) { return number(time) < number(i); });
    by_day.push_back({step(keys[i].event), static_cast<std::uint32_t>(before)});
  }
  for (std::size_t i = 0; i < day.times.size(); ++i) {
    const bool another = i > 0 && turn(day.times[i]) != turn(day.times[i - 1]);
    timed.push_back({step(keys[day.times[i]].event), i == 0 ? 0 : timed.back().turn + (another ? 1 : 0)});
  }
  std::optional<std::vector<std::size_t>> behind;
  for (std::size_t i = 0; i < states.size() && !behind; ++i) behind = behind_timed(by_day, timed, states[i]);
  bool moved = false;
  for (std::size_t i = 0; behind && i < day.dates.size(); ++i) {
    if ((*behind)[i] == SIZE_MAX) continue;
    const std::size_t time = day.times[(*behind)[i]];
    put_behind(sorter, day.dates[i], time, events[keys[time].event].sequence_number());
    moved = true;
  }
  return moved;
}

// Changes of one field whose sequences say which of them came behind which. Missing: nullopt where one has none.
std::optional<bool> follow_sequence(Sorter& sorter, const OfDay& day) {
  const auto of = [&](std::size_t key) { return sorter.events[sorter.keys[key].event]; };
  for (const auto* part : {&day.dates, &day.times}) {
    if (std::ranges::any_of(*part, [&](std::size_t i) { return of(i).sequence == Sequence::none; }))
      return std::nullopt;
  }
  bool moved = false;
  for (const std::size_t date : day.dates) {
    const std::int64_t sequence = of(date).sequence_number();
    std::size_t last = SIZE_MAX;
    for (const std::size_t time : day.times) {
      const bool before = of(time).sequence_number() < sequence;
      if (before && (last == SIZE_MAX || sorter.keys[last].at < sorter.keys[time].at)) last = time;
    }
    if (last == SIZE_MAX) continue;
    put_behind(sorter, date, last, sequence);
    moved = true;
  }
  return moved;
}

bool changes_follow(Sorter& sorter, std::uint16_t kind, OfDay& day) {
  if (!day.any()) return false;
  if (const std::optional<bool> told = follow_sequence(sorter, day)) return *told;
  const Value before = value_before(sorter, kind);
  Numbered numbered{{before}};
  const auto step = [&](std::uint32_t change) { return numbered.step(sorter, change); };
  std::vector<std::int64_t> states{0};
  if (!is_value(before.first) && before.first != missing) {
    states.clear();
    for (const auto* part : {&day.dates, &day.times}) {
      for (const std::size_t i : *part) states.push_back(step(sorter.keys[i].event).from);
    }
  }
  return follow_timed(sorter, day, states, step);
}

// Puts changes of the day that begins with the key `from` behind those with a time that they follow. Returns the end of those that are in another order now; `from` where none is.
std::size_t put_behind_timed(Sorter& sorter, std::size_t from) {
  const std::vector<Key>& keys = sorter.keys;
  const RawEvents& events = sorter.events;
  const Instant start = keys[from].at, end = sorter.days->start_of(sorter.days->day_of(start) + 1);
  if (sorter.put_behind < sorter.not_before.size() && sorter.not_before[sorter.put_behind].at < start)
    sorter.put_behind = sorter.not_before.size();
  std::vector<std::pair<std::uint16_t, OfDay>> days;  // by kind; few
  std::size_t last = from;
  for (; last < keys.size() && keys[last].at < end; ++last) {
    if (keys[last].of != KindClass::change) continue;
    const std::uint16_t kind = events.kind(keys[last].event);
    auto of = std::ranges::find(days, kind, &std::pair<std::uint16_t, OfDay>::first);
    if (of == days.end()) of = days.insert(of, {kind, {}});
    (keys[last].at == start && events.by_day(keys[last].event) ? of->second.dates : of->second.times).push_back(last);
  }
  bool moved = false;
  for (auto& [kind, day] : days) moved |= changes_follow(sorter, kind, day);
  return moved ? last : from;
}

// A deal is created before it moves: moves that have the date alone of a creation with a time came no sooner than that.
// Likewise those that say from where they came and have the date before: it is that day still west of the default zone.
// Returns when it was; unknown where there is none such.
Instant put_behind_creation(Sorter& sorter) {
  std::vector<Key>& keys = sorter.keys;
  const auto created = std::ranges::find(keys, KindClass::created, &Key::of);
  if (created == keys.end() || !created->at.known() || sorter.events.by_day(created->event)) return Instant::unknown();
  const Instant at = created->at;
  const time::Day day = sorter.days->day_of(at);
  const Instant start = sorter.days->start_of(day), before = sorter.days->start_of(day - 1);
  const auto that_day = [&](const Key& key) {
    return key.at == start || (key.at == before && is_value(step_of(sorter, key.event).from));
  };
  for (Key& key : keys) {
    if (key.of != KindClass::move || !sorter.events.by_day(key.event) || !that_day(key)) continue;
    key.at = at;
    sorter.not_before.push_back({key.event, at, sorter.events[key.event].sequence_number()});
  }
  return at;
}

// Fills `out` with the subject's events in order; `events` are put in another.
void put_subject(Sorter& sorter, std::uint32_t* events, std::size_t size) {
  sorter.out.clear(), sorter.put_behind = sorter.not_before.size(), sorter.untold = 0;
  if (sorter.events.has_ids() && size > 1) size = leave_out_other_values(sorter, events, size);
  std::vector<Key>& keys = sorter.keys;
  keys.clear();
  // Activities and records are one class.
  for (std::size_t i = 0; i < size; ++i) {
    keys.push_back({sorter.events.at(events[i]), events[i], std::min(class_of(sorter, events[i]), KindClass::activity)});
  }
  const Instant created = sorter.days != nullptr ? put_behind_creation(sorter) : Instant::unknown();
  const auto dated = [&](const Key& key) {
    return sorter.events.by_day(key.event) && (key.at == sorter.events.at(key.event) || key.at == created);
  };
  // Most exports are sorted by time.
  if (!std::is_sorted(keys.begin(), keys.end(), earlier)) std::sort(keys.begin(), keys.end(), earlier);
  const auto end_of_group = [&](std::size_t from) {
    std::size_t end = from + 1;
    while (end < size && !earlier(keys[from], keys[end])) ++end;
    return end;
  };
  for (std::size_t from = 0, end = 0; from < size; from = end) {
    end_day(sorter, from);
    end = end_of_group(from);
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(from);
    const KindClass looked_at = keys[from].of;
    const bool steps = looked_at == KindClass::move || looked_at == KindClass::change;
    const bool dates = sorter.days != nullptr && steps && keys[from].at.known() &&
                       std::any_of(begin, begin + static_cast<std::ptrdiff_t>(end - from), dated);
    if (dates && looked_at == KindClass::move) begin_day(sorter, from);
    if (dates && looked_at == KindClass::change) {
      const std::size_t last = put_behind_timed(sorter, from);
      std::sort(begin, begin + static_cast<std::ptrdiff_t>(last - from), earlier);
      // Where all of them came later those of the next class stand there, and are looked at likewise.
      end = keys[from].of == looked_at ? end_of_group(from) : from;
      if (end == from) continue;
    }
    if (end - from == 1) {
      sorter.out.push_back(keys[from].event);
      continue;
    }
    for (std::size_t i = from; i < end; ++i) events[i] = keys[i].event;
    put_group(sorter, events + from, events + end);
  }
  end_day(sorter, size);
}

// Changes of a field with a date alone, of which sequences say that those of the day that stand behind came later.
void find_placed(Sorter& sorter) {
  const RawEvents& events = sorter.events;
  const auto at = [&](auto row) { return events.at(*row); };
  for (auto row = sorter.out.begin(); row != sorter.out.end(); ++row) {
    if (!events.by_day(*row) || class_of(sorter, *row) != KindClass::change || !at(row).known()) continue;
    const RawEvent change = events[*row];
    const Instant end = sorter.days->start_of(sorter.days->day_of(change.at) + 1);
    auto first = row, last = row;
    while (first != sorter.out.begin() && at(first - 1) >= change.at) --first;
    while (last != sorter.out.end() && at(last) < end) ++last;
    const auto same = [&](std::uint32_t other) { return events.kind(other) == change.kind; };
    const auto told = [&](std::uint32_t other) { return !same(other) || events[other].sequence != Sequence::none; };
    const auto later = [&](std::uint32_t other) {
      return !same(other) || events.by_day(other) || change.sequence_number() < events[other].sequence_number();
    };
    if (std::all_of(first, last, told) && std::all_of(row, last, later)) sorter.placed.push_back(*row);
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
