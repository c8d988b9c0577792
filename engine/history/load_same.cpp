#include <algorithm>
#include <map>
#include <utility>

#include "history/load_sorter.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

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

}  // namespace

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

bool may_be_several(const Raw& raw, const RawEvents& events, std::uint32_t event) {
  const RawKind& kind = raw.kinds[events.kind(event)];
  return (kind.of == KindClass::activity || kind.of == KindClass::record) && kind.name != leave_start;
}

namespace {

// Of one row of an export several may be made, which stand in one line.
std::pair<std::uint32_t, std::uint32_t> line_of(const Raw& raw, Place place) {
  return {place.file, raw.files[place.file].line[place.row]};
}

}  // namespace

bool of_one_row(const Raw& raw, Place a, Place b) { return line_of(raw, a) == line_of(raw, b); }

namespace {

// Those without an id stand behind the others.
std::strong_ordering compare_ids(const Sorter& sorter, std::uint32_t a, std::uint32_t b) {
  const std::uint32_t x = sorter.events.id(a), y = sorter.events.id(b);
  if (x == 0 || y == 0) return (x == 0) <=> (y == 0);
  return compare_texts(sorter.raw.words, x, y);
}

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

}  // namespace

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

}  // namespace plumb::history::loading
