#include <algorithm>
#include <bit>
#include <utility>

#include "history/snapshot_layout.h"

// The bounds of everything that evaluation follows without asking. The checksum finds damage; this finds what a program
// with a mistake, or an ill will, has written with a right checksum.
namespace plumb::history::layout {

namespace {

constexpr std::uint32_t none = UINT32_MAX;

struct Bounds {
  const History& history;
  std::size_t words, files, people;
};

template <class T, class Holds>
bool all(const Array<T>& array, Holds holds) {
  // Without a way out early the loop is one that the compiler makes vectors of.
  bool good = true;
  for (const T& value : array) good &= holds(value);
  return good;
}

bool below(const Array<std::uint32_t>& ids, std::size_t bound, bool or_none) {
  return all(ids, [=](std::uint32_t id) { return (id < bound) | (or_none & (id == none)); });
}

bool ascends(const Array<std::uint32_t>& first, std::size_t owners, std::size_t rows) {
  return first.size() == owners + 1 && first[0] == 0 && first[owners] == rows &&
         std::is_sorted(first.begin(), first.end());
}

bool places(const Bounds& bounds, const Array<Origin>& origin) {
  return all(origin, [&](const Origin& place) { return (place.file < bounds.files) | (place.file == none); });
}

// Every line is of some file.
bool places(const Bounds& bounds, const Origins& origin) {
  const Array<std::uint32_t>& before = origin.lines_before;
  return before.size() <= bounds.files && std::is_sorted(before.begin(), before.end()) &&
         (before.empty() ? origin.line.empty() : before[0] == 0);
}

bool column(const Bounds& bounds, const Column& column, std::size_t rows) {
  const bool money = column.type == ValueType::money, text = column.type == ValueType::text;
  const auto words = static_cast<std::int64_t>(bounds.words);
  const Cells& values = column.values;
  return column.type <= ValueType::boolean && values.size() == rows && (values.narrow.empty() || !values.is_wide()) &&
         column.currency.size() == (money ? rows : 0) && (column.recorded.empty() || column.recorded.size() == rows) &&
         below(column.currency, bounds.words, false) &&
         (!text || (!values.is_wide() && all(values.narrow, [=](std::int32_t v) {
           return int{v <= Cells::last_no_value} | (int{v >= 0} & int{v < words});
         })));
}

bool columns(const Bounds& bounds, const std::vector<Column>& all_columns, std::size_t rows) {
  return std::all_of(all_columns.begin(), all_columns.end(), [&](const Column& c) { return column(bounds, c, rows); });
}

bool subjects(const Bounds& bounds, const Subjects& subjects) {
  return below(subjects.ids, bounds.words, false) && columns(bounds, subjects.columns, subjects.size()) &&
         subjects.origin.size() == subjects.size() && places(bounds, subjects.origin);
}

bool people(const Bounds& bounds, const People& people) {
  const std::size_t size = people.names.size();
  return subjects(bounds, people.names) && ascends(people.first, size, people.from.size()) &&
         columns(bounds, people.columns, people.from.size()) && people.joined.size() == size &&
         people.left.size() == size &&
         all(people.leave, [=](const People::Leave& leave) { return leave.person < size; });
}

bool contacts(const Bounds& bounds, const Contacts& contacts) {
  const std::size_t size = contacts.ids.size();
  if (size == 0 && contacts.first.empty()) return contacts.columns.empty();
  return ascends(contacts.first, bounds.history.deals.size(), size) && below(contacts.ids, bounds.words, false) &&
         contacts.since.size() == size && contacts.recorded.size() == size && contacts.source.size() == size &&
         all(contacts.source, [](Source source) { return source <= Source::system; }) &&
         columns(bounds, contacts.columns, size) && contacts.origin.size() == size && contacts.by_day.size() == size &&
         all(contacts.by_day, [](std::uint8_t flag) { return flag <= 2; }) && places(bounds, contacts.origin);
}

bool rates(const Bounds& bounds, const Array<Rate>& rates) {
  return std::is_sorted(rates.begin(), rates.end(), earlier) && all(rates, [=](const Rate& rate) {
           return (rate.from < bounds.words) & (rate.into < bounds.words) & (rate.rate.millionths > 0);
         });
}

bool kind(const Bounds& bounds, const Kind& kind) {
  const bool two = kind.of == KindClass::change || kind.of == KindClass::move;
  const std::size_t rows = kind.columns.empty() ? 0 : kind.columns.front().values.size();
  return kind.of <= KindClass::record && (!two || kind.columns.size() == 2) && columns(bounds, kind.columns, rows);
}

// Every row of the timeline once, among those of its kind.
bool in_kinds(const Timeline& timeline, std::size_t kinds) {
  const ByKind& of = timeline.by_kind;
  if (!ascends(of.first, kinds, of.rows.size()) || of.rows.size() != timeline.size()) return false;
  bool good = true;
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    const std::uint32_t begin = of.first[kind], end = of.first[kind + 1];
    for (std::uint32_t i = begin; i < end && good; ++i) {
      good = of.rows[i] < timeline.size() && timeline.kind[of.rows[i]] == kind &&
             (i == begin || of.rows[i - 1] < of.rows[i]);
    }
  }
  return good;
}

bool timeline(const Bounds& bounds, const Timeline& timeline, std::size_t owners) {
  const std::size_t size = timeline.size();
  for (const std::size_t length : {timeline.kind.size(), timeline.row.size(), timeline.actor.size()}) {
    if (length != size) return false;
  }
  for (const std::size_t length : {timeline.recorded.rows.size(), timeline.source.rows.size(),
                                   timeline.by_day.rows.size(), timeline.origin.line.size()}) {
    if (length > size) return false;
  }
  const std::size_t kinds = bounds.history.kinds.size();
  if (!all(timeline.kind, [=](std::uint16_t k) { return k < kinds; })) return false;
  std::vector<std::uint32_t> rows;
  for (const Kind& kind : bounds.history.kinds) {
    // Without columns nothing is held of a kind, and its rows are numbered through both timelines.
    const std::size_t both = bounds.history.deal_events.size() + bounds.history.person_events.size();
    const std::size_t held = kind.columns.empty() ? both : kind.columns.front().values.size();
    rows.push_back(static_cast<std::uint32_t>(held));
  }
  bool good = true;
  for (std::size_t i = 0; i < size; ++i) good &= timeline.row[i] < rows[timeline.kind[i]];
  return good && in_kinds(timeline, kinds) && ascends(timeline.first, owners, size) &&
         below(timeline.actor, bounds.people, true) && (timeline.contact.empty() || timeline.contact.size() == size) &&
         below(timeline.contact, bounds.words, false) && (timeline.id.empty() || timeline.id.size() == size) &&
         below(timeline.id, bounds.words, false) &&
         all(timeline.source.rows, [](Source source) { return source <= Source::system; }) &&
         all(timeline.by_day.rows, [](std::uint8_t flag) { return flag <= 2; }) && places(bounds, timeline.origin);
}

}  // namespace

std::string_view why_broken(const Dictionary::Parts& words) {
  const std::size_t size = words.ends.size(), slots = words.slots.size();
  if (size == 0 || words.ends[0] != 0 || words.ends.back() != words.bytes.size() ||
      !std::is_sorted(words.ends.begin(), words.ends.end())) {
    return "its texts do not fit together";
  }
  std::size_t taken = 0;
  for (const Dictionary::Slot& slot : words.slots) {
    if (slot.id == none) continue;
    ++taken;
    if (slot.id >= size) return "its texts do not fit together";
  }
  // A table without a free slot would be searched for ever.
  return std::has_single_bit(slots) && taken == size && 2 * taken <= slots ? "" : "its texts do not fit together";
}

std::string_view why_broken(const History& history) {
  const Bounds bounds{history, history.words.size(), history.files.size(), history.people.names.size()};
  if (!subjects(bounds, history.deals) || !subjects(bounds, history.accounts)) return "its deals do not fit together";
  if (history.deal_account.size() != history.deals.size() ||
      !std::all_of(history.deal_account.begin(), history.deal_account.end(),
                   [&](std::uint32_t account) { return !is_account(account) || account < history.accounts.size(); })) {
    return "its accounts do not fit together";
  }
  if (!contacts(bounds, history.contacts)) return "its contacts do not fit together";
  if (!rates(bounds, history.rates)) return "its exchange rates do not fit together";
  if (!people(bounds, history.people)) return "its people do not fit together";
  const auto good = [&](const Kind& k) { return kind(bounds, k); };
  if (!std::all_of(history.kinds.begin(), history.kinds.end(), good)) return "its kinds of event do not fit together";
  const bool events = timeline(bounds, history.deal_events, history.deals.size()) &&
                      timeline(bounds, history.person_events, history.people.names.size());
  return events ? "" : "its events do not fit together";
}

}  // namespace plumb::history::layout
