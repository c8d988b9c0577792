#include "history/load_order.h"

#include <algorithm>
#include <compare>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/parallel.h"
#include "history/load_chain.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

using Indexes = std::vector<std::uint32_t>;

struct Key {
  Instant at;
  std::uint32_t event = 0;
  KindClass of = KindClass::created;
};
bool earlier(const Key& a, const Key& b) { return a.at != b.at ? a.at < b.at : a.of < b.of; }

// An event whose row has an id.
struct Named {
  std::uint32_t id = 0, table = 0, event = 0;
  Place place;
  std::uint16_t kind = 0;
  bool same_row_as(const Named& b) const { return id == b.id && table == b.table && kind == b.kind; }
  auto key() const { return std::tuple(kind, table, id, place, event); }
};

// An event that is left out, and the one that stands.
struct Pair {
  std::uint32_t event = 0, stands = 0;
};

// From when on an event with a date alone may have come, where that is within its day.
struct NotBefore {
  std::uint32_t event = 0;
  Instant at;
};

// One for each range of subjects.
struct Sorter {
  const Raw& raw;
  const RawEvents& events;
  const Indexes& kind_rank;  // by class and name
  std::vector<Key> keys;     // of the present subject
  std::vector<Named> named;  // likewise
  Indexes out;
  std::vector<Pair> merged;                // events that say again what another says
  std::vector<Pair> refused;               // events whose row has the id of another, and says something else
  const RowIdentity* identity = nullptr;   // which rows are the same; null: nobody has looked, those that say the same
  Indexes apart = {};                      // Ordered::apart
  Indexes alike = {};                      // events that say the same as others, of which some have no id
  const time::Zone* days = nullptr;        // in which what has a date alone has its day; null: nothing has
  std::vector<NotBefore> not_before = {};  // events
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

std::strong_ordering compare_texts(const Words& words, std::uint32_t a, std::uint32_t b) {
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
std::strong_ordering compare(const Sorter& sorter, std::uint32_t a, std::uint32_t b) {
  const RawEvents& events = sorter.events;
  const std::uint16_t kind = events.kind(a);
  if (kind != events.kind(b)) return sorter.kind_rank[kind] <=> sorter.kind_rank[events.kind(b)];
  for (const Column& column : sorter.raw.kinds[kind].table.columns) {
    const auto by_cell = compare_cells(sorter.raw, column, events.row(a), events.row(b));
    if (by_cell != 0) return by_cell;
  }
  const RawEvent x = events[a], y = events[b];
  if (x.recorded != y.recorded) return x.recorded <=> y.recorded;
  if (const auto by_actor = compare_actors(sorter.raw, x.actor, y.actor); by_actor != 0) return by_actor;
  if (x.source != y.source) return x.source <=> y.source;
  if (x.by_day != y.by_day) return x.by_day <=> y.by_day;
  if (x.is_sequence_fact() != y.is_sequence_fact()) return x.is_sequence_fact() <=> y.is_sequence_fact();
  return x.is_sequence_fact() ? x.cell <=> y.cell : std::strong_ordering::equal;
}

// Those without an id stand behind the others.
std::strong_ordering compare_ids(const Sorter& sorter, std::uint32_t a, std::uint32_t b) {
  const std::uint32_t x = sorter.events.id(a), y = sorter.events.id(b);
  if (x == 0 || y == 0) return (x == 0) <=> (y == 0);
  return compare_texts(sorter.raw.words, x, y);
}

// Of activities and records there may be several that say the same; a deal moves and changes once.
bool may_be_several(const Raw& raw, const RawEvents& events, std::uint32_t event) {
  const RawKind& kind = raw.kinds[events.kind(event)];
  return (kind.of == KindClass::activity || kind.of == KindClass::record) && kind.name != leave_start;
}

// Of one row of an export several may be made, which stand in one line.
std::pair<std::uint32_t, std::uint32_t> line_of(const Raw& raw, Place place) {
  return {place.file, raw.files[place.file].line[place.row]};
}
bool of_one_row(const Raw& raw, Place a, Place b) { return line_of(raw, a) == line_of(raw, b); }

// Rows that are the same stand beside each other.
std::strong_ordering compare_rows(const Sorter& sorter, std::uint32_t a, std::uint32_t b) {
  if (sorter.identity == nullptr) return std::strong_ordering::equal;
  const Place x = sorter.events.place(a), y = sorter.events.place(b);
  const std::uint32_t table = sorter.identity->table(x), other = sorter.identity->table(y);
  return table != other ? table <=> other : sorter.identity->hash(x) <=> sorter.identity->hash(y);
}

// Events of one subject and instant that say the same, taken in the order of their ids, those without one last, and of
// their rows: which of them are one.
class Alike {
 public:
  explicit Alike(const Sorter& sorter) : sorter_(sorter) {}

  /// The event that it says again, which is its own where it stands for itself.
  std::uint32_t add(std::uint32_t event) {
    const std::uint32_t stands = find(event);
    if (stands == event) kept_.push_back(event);
    if (looks_at_rows(event)) {
      const Place place = sorter_.events.place(event);
      by_row_.emplace(row_of(place), stands), by_line_.emplace(line_of(sorter_.raw, place), stands);
    }
    return stands;
  }
  /// Those that stand for themselves.
  const Indexes& kept() const { return kept_; }

 private:
  using Row = std::pair<std::uint32_t, std::uint64_t>;  // of which table, and what its cells are
  Row row_of(Place place) const { return {sorter_.identity->table(place), sorter_.identity->hash(place)}; }

  // Of moves and changes there is one, however many rows say so, and where nobody has looked at the rows.
  bool looks_at_rows(std::uint32_t event) const {
    return sorter_.identity != nullptr && may_be_several(sorter_.raw, sorter_.events, event);
  }

  // A row without an id may be any of those before it.
  std::uint32_t find(std::uint32_t event) {
    const std::uint32_t id = sorter_.events.id(event);
    if (kept_.empty() || (id != 0 && id != sorter_.events.id(kept_.back()))) return event;
    if (id != 0 || !looks_at_rows(event)) return kept_.back();
    const Place place = sorter_.events.place(event);
    if (const auto same = by_row_.find(row_of(place)); same != by_row_.end()) return same->second;
    if (const auto same = by_line_.find(line_of(sorter_.raw, place)); same != by_line_.end()) return same->second;
    return of_another_table(event, sorter_.identity->table(place));
  }

  // Rows of files of other headers cannot be compared: each of the one may be any of the other, but no two the same.
  std::uint32_t of_another_table(std::uint32_t event, std::uint32_t table) {
    if (table != table_) table_ = table, next_ = 0;
    const auto own = [&](std::uint32_t other) { return sorter_.identity->table(sorter_.events.place(other)) == table; };
    while (next_ < kept_.size() && own(kept_[next_])) ++next_;
    return next_ < kept_.size() ? kept_[next_++] : event;
  }

  const Sorter& sorter_;
  Indexes kept_;
  std::map<Row, std::uint32_t> by_row_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> by_line_;
  std::uint32_t table_ = UINT32_MAX;
  std::size_t next_ = 0;  // of those kept the first that may be a row of `table_`
};

// Of identical events the one that stands first in the files is kept. Rows of different ids are different facts,
// whatever they say; one without an id may be any of them. Returns the new end of the range.
std::uint32_t* merge_identical(Sorter& sorter, std::uint32_t* from, std::uint32_t* until) {
  const auto sort = [&](std::uint32_t* end, bool by_row) {
    std::sort(from, end, [&](std::uint32_t a, std::uint32_t b) {
      if (const auto order = compare(sorter, a, b); order != 0) return order < 0;
      if (const auto order = compare_ids(sorter, a, b); order != 0) return order < 0;
      if (const auto order = compare_rows(sorter, a, b); by_row && order != 0) return order < 0;
      return sorter.events.place(a) < sorter.events.place(b);
    });
  };
  sort(until, true);
  std::uint32_t* kept = from;
  const std::size_t apart = sorter.apart.size();
  for (std::uint32_t* at = from; at != until;) {
    std::uint32_t* end = at + 1;
    while (end != until && compare(sorter, *at, *end) == 0) ++end;
    if (end - at == 1) {
      *kept++ = *at++;
      continue;
    }
    if (sorter.identity == nullptr && may_be_several(sorter.raw, sorter.events, *at) &&
        sorter.events.id(*(end - 1)) == 0) {
      sorter.alike.insert(sorter.alike.end(), at, end);
    }
    Alike alike(sorter);
    for (; at != end; ++at) {
      if (const std::uint32_t stands = alike.add(*at); stands != *at) sorter.merged.push_back({*at, stands});
    }
    for (const std::uint32_t event : alike.kept()) {
      if (alike.kept().size() > 1 && sorter.events.id(event) == 0) sorter.apart.push_back(event);
    }
    kept = std::copy(alike.kept().begin(), alike.kept().end(), kept);
  }
  if (sorter.apart.size() > apart) sort(kept, false);
  return kept;
}

// Of rows of one id, table, kind and subject the first stands; those that say something else are left out. What one row
// is several times over is all its own. Returns how many are left.
std::size_t leave_out_other_values(Sorter& sorter, std::uint32_t* events, std::size_t size) {
  std::vector<Named>& named = sorter.named;
  named.clear();
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t event = events[i];
    const Place place = sorter.events.place(event);
    const std::uint32_t id = sorter.events.id(event);
    if (id != 0) named.push_back({id, sorter.raw.files[place.file].table, event, place, sorter.events.kind(event)});
  }
  std::sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return a.key() < b.key(); });
  const std::size_t before = sorter.refused.size();
  const Named* stands = nullptr;
  for (const Named& one : named) {
    if (stands == nullptr || !one.same_row_as(*stands)) {
      stands = &one;
    } else if (one.place != stands->place && (sorter.events.at(one.event) != sorter.events.at(stands->event) ||
                                              compare(sorter, one.event, stands->event) != 0)) {
      sorter.refused.push_back({one.event, stands->event});
    }
  }
  const auto begin = sorter.refused.begin() + static_cast<std::ptrdiff_t>(before);
  if (begin == sorter.refused.end()) return size;
  // One id may be that of all rows.
  std::sort(begin, sorter.refused.end(), [](const Pair& a, const Pair& b) { return a.event < b.event; });
  const auto left_out = [&](std::uint32_t event) {
    return std::binary_search(begin, sorter.refused.end(), Pair{event, 0},
                              [](const Pair& a, const Pair& b) { return a.event < b.event; });
  };
  return static_cast<std::size_t>(std::remove_if(events, events + size, left_out) - events);
}

KindClass of(const Sorter& sorter, std::uint32_t event) { return sorter.raw.kinds[sorter.events.kind(event)].of; }

Step step_of(const Sorter& sorter, std::uint32_t move) {
  const Table& table = sorter.raw.kinds[sorter.events.kind(move)].table;
  const std::uint32_t row = sorter.events.row(move);
  return {table.columns[0].values[row], table.columns[1].values[row]};
}

// Events of one instant, class and sequence, in canonical order.
void put_tied(Sorter& sorter, const std::uint32_t* from, const std::uint32_t* until, std::int64_t state) {
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

// Events of one subject, instant and class.
void put_group(Sorter& sorter, std::uint32_t* from, std::uint32_t* until) {
  until = merge_identical(sorter, from, until);
  const auto sequence = [&](std::uint32_t i) { return sorter.events[i].sequence_number(); };
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
// the first key of that day. Whether any was put elsewhere.
bool put_behind_timed(Sorter& sorter, std::size_t from) {
  std::vector<Key>& keys = sorter.keys;
  const RawEvents& events = sorter.events;
  const Instant start = keys[from].at, end = sorter.days->start_of(sorter.days->day_of(start) + 1);
  std::vector<std::size_t> dates, times;
  for (std::size_t i = from; i < keys.size() && keys[i].at < end; ++i) {
    if (keys[i].of != KindClass::move) continue;
    (keys[i].at == start && events.by_day(keys[i].event) ? dates : times).push_back(i);
  }
  constexpr std::size_t most = 1000;  // of one day; nobody makes more, and each is held against each
  if (dates.empty() || times.empty() || dates.size() + times.size() > most) return false;
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
  for (std::size_t i = 0; behind && i < dates.size(); ++i) {
    if ((*behind)[i] == SIZE_MAX) continue;
    Key& key = keys[dates[i]];
    key.at = keys[times[(*behind)[i]]].at;
    sorter.not_before.push_back({key.event, key.at});
    moved = true;
  }
  return moved;
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
    if (moves && std::any_of(begin, begin + static_cast<std::ptrdiff_t>(end - from), dated) &&
        put_behind_timed(sorter, from)) {
      std::sort(begin, keys.end(), earlier);
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
                     const time::Zone* days, unsigned threads, const RowIdentity* identity) {
  Attempt made;
  Ordered& ordered = made.ordered;
  ordered.first = by_subject(events, number_of, subjects, ordered.events);
  const Array<std::uint32_t>& first = ordered.first;
  const Indexes rank = ranks(raw.kinds);
  const std::vector<Range> ranges = ranges_of(first);
  std::vector<std::uint32_t> kept(subjects);
  std::vector<Sorter> done(ranges.size(), Sorter{raw, events, rank, {}, {}, {}, {}, {}, identity, {}, {}, days});
  std::uint32_t* const sorted = ordered.events.data();
  in_parallel(threads, ranges.size(), [&](unsigned, std::size_t task) {
    Sorter sorter = done[task];
    for (std::size_t s = ranges[task].begin; s < ranges[task].end; ++s) {
      put_subject(sorter, sorted + first[s], first[s + 1] - first[s]);
      kept[s] = static_cast<std::uint32_t>(sorter.out.size());
      std::copy(sorter.out.begin(), sorter.out.end(), sorted + first[s]);
    }
    done[task].merged = std::move(sorter.merged), done[task].refused = std::move(sorter.refused);
    done[task].apart = std::move(sorter.apart), done[task].alike = std::move(sorter.alike);
    done[task].not_before = std::move(sorter.not_before);
  });
  const auto add = [](auto& all, const auto& more) { all.insert(all.end(), more.begin(), more.end()); };
  for (const Sorter& part : done) {
    add(made.merged, part.merged), add(made.refused, part.refused), add(ordered.apart, part.apart);
    add(made.alike, part.alike), add(made.not_before, part.not_before);
  }
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
                     const time::Zone& zone, unsigned threads) {
  const time::Zone* const days = events.any_by_day() ? &zone : nullptr;
  Attempt made = put_in_order(raw, events, number_of, subjects, days, threads, nullptr);
  if (const auto identity = tell_apart(raw, events, made))
    made = put_in_order(raw, events, number_of, subjects, days, threads, &*identity);
  for (const NotBefore& event : made.not_before) events.set_at(event.event, event.at);
  for (const Pair& pair : made.merged) raw.merge(events.place(pair.event), events.place(pair.stands));
  for (const Pair& pair : made.refused) refuse(raw, events, pair);
  return std::move(made.ordered);
}

}  // namespace plumb::history::loading
