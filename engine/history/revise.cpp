#include "history/revise.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "base/assert.h"
#include "time/calendar.h"

namespace plumb::history {

namespace {

constexpr std::uint32_t none = UINT32_MAX;

// ---- the history as it was, lent ------------------------------------------------------------------------------------

template <class T>
Array<T> lent(const Array<T>& rows) {
  return Array<T>::borrow({rows.data(), rows.size()});
}

template <class T>
Said<T> lent(const Said<T>& column) {
  Said<T> out;
  out.rows = lent(column.rows);
  return out;
}

Cells lent(const Cells& values) {
  Cells out;
  out.narrow = lent(values.narrow), out.wide = lent(values.wide);
  return out;
}

std::vector<Column> lent(const std::vector<Column>& columns) {
  std::vector<Column> out;
  for (const Column& c : columns) out.push_back({c.name, c.type, lent(c.values), lent(c.currency), lent(c.recorded)});
  return out;
}

Origins lent(const Origins& origin) { return {lent(origin.lines_before), lent(origin.line)}; }

Subjects lent(const Subjects& subjects) { return {lent(subjects.ids), lent(subjects.columns), lent(subjects.origin)}; }

Timeline lent(const Timeline& t) {
  return {lent(t.first),  lent(t.at),     lent(t.recorded), lent(t.kind),    lent(t.row), lent(t.actor),
          lent(t.source), lent(t.by_day), lent(t.origin),   lent(t.contact), lent(t.id)};
}

Contacts lent(const Contacts& c) {
  return {lent(c.first),  lent(c.ids),     lent(c.since),  lent(c.recorded),
          lent(c.source), lent(c.columns), lent(c.origin), lent(c.by_day)};
}

People lent(const People& p) {
  return {lent(p.names), lent(p.first), lent(p.from), lent(p.columns), lent(p.joined), lent(p.left), lent(p.leave)};
}

History lent(const History& history) {
  History out;
  const Dictionary::Parts& words = history.words.parts();
  out.words = Dictionary({lent(words.bytes), lent(words.ends), lent(words.slots)});
  out.deals = lent(history.deals);
  out.deal_account = lent(history.deal_account);
  out.accounts = lent(history.accounts);
  out.contacts = lent(history.contacts);
  out.people = lent(history.people);
  for (const Kind& kind : history.kinds) out.kinds.push_back({kind.name, kind.of, lent(kind.columns)});
  out.deal_events = lent(history.deal_events);
  out.person_events = lent(history.person_events);
  out.rates = lent(history.rates);
  out.coverage = history.coverage;
  out.complete_until = history.complete_until;
  out.files = history.files;
  out.mapped = history.mapped;
  out.supplier = history.supplier;
  return out;
}

// ---- what is stated -------------------------------------------------------------------------------------------------

std::uint32_t subject_of(const Dictionary& words, const Subjects& subjects, const std::string& id,
                         std::uint32_t guess = 0) {
  const std::uint32_t word = words.find(id);
  if (guess < subjects.size() && subjects.ids[guess] == word) return guess;
  for (std::uint32_t row = 0; row < subjects.size(); ++row) {
    if (subjects.ids[row] == word) return row;
  }
  PLUMB_ASSERT(false, "a revision is about a subject of the history");
  return none;
}

template <class Rows>
void insert_at(Rows& rows, std::size_t at, typename Rows::value_type value) {
  rows.push_back(value);
  std::rotate(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.end() - 1, rows.end());
}

void insert_at(Cells& values, std::size_t at, std::int64_t value) {
  values.push_back(value);
  values.with_rows(
      [&](auto& rows) { std::rotate(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.end() - 1, rows.end()); });
}

void set(History& history, Column& column, std::size_t row, const Stated& stated) {
  const bool word = stated.type == ValueType::text && stated.value != missing;
  column.values.set(row, word ? history.words.add(stated.word) : stated.value);
  if (column.currency.empty()) return;
  column.currency[row] = stated.value == missing ? 0 : history.words.add(stated.word);
}

void fill(History& history, std::vector<Column>& columns, std::size_t row, const std::vector<Stated>& values) {
  for (const Stated& stated : values) {
    for (Column& column : columns) {
      if (column.name == stated.field) set(history, column, row, stated);
    }
  }
}

std::uint16_t kind_of(const History& history, KindClass of, const std::string& name) {
  for (std::size_t kind = 0; kind < history.kinds.size(); ++kind) {
    const bool named = of == KindClass::move || of == KindClass::created || history.kinds[kind].name == name;
    if (history.kinds[kind].of == of && named) return static_cast<std::uint16_t>(kind);
  }
  PLUMB_ASSERT(false, "a revision is of a kind of event that the history has");
  return 0;
}

// ---- rows that are altered, and new deals ---------------------------------------------------------------------------

// When each row of a kind was stated, for an attribute that had no time of its own.
Array<Instant> recorded_of(const History& history, std::uint16_t kind, std::size_t rows) {
  Array<Instant> recorded(rows, Instant::unknown());
  for (const Timeline* events : {&history.deal_events, &history.person_events}) {
    for (std::size_t i = 0; i < events->size(); ++i) {
      if (events->kind[i] == kind) recorded[events->row[i]] = events->recorded[i];
    }
  }
  return recorded;
}

void alter(const History& was, History& now, const Revision& revision) {
  const Timeline& events = revision.of_person ? was.person_events : was.deal_events;
  const std::uint16_t kind = events.kind[revision.index];
  const std::uint32_t row = events.row[revision.index];
  fill(now, now.kinds[kind].columns, row, revision.values);
  for (const Stated& stated : revision.values) {
    for (Column& column : now.kinds[kind].columns) {
      if (column.name != stated.field) continue;
      if (column.recorded.empty()) column.recorded = recorded_of(was, kind, column.values.size());
      column.recorded[row] = revision.recorded;
    }
  }
}

// A row in which nothing is said.
void insert_row(Column& column, std::size_t row, std::int64_t value, Instant recorded) {
  insert_at(column.values, row, value);
  if (!column.currency.empty() || column.type == ValueType::money) insert_at(column.currency, row, 0);
  if (!column.recorded.empty()) insert_at(column.recorded, row, recorded);
}

void add_deal(History& history, const Revision& revision) {
  const auto before = [&](std::uint32_t id) { return history.words[id] < revision.subject; };
  const Array<std::uint32_t>& ids = history.deals.ids;
  const auto at = static_cast<std::size_t>(std::find_if_not(ids.begin(), ids.end(), before) - ids.begin());
  insert_at(history.deals.ids, at, history.words.add(revision.subject));
  if (!history.deals.origin.empty()) insert_at(history.deals.origin, at, Origin{});
  for (Column& column : history.deals.columns) insert_row(column, at, missing, revision.recorded);
  fill(history, history.deals.columns, at, revision.values);
  insert_at(history.deal_account, std::min(at, history.deal_account.size()), none);
  for (Array<std::uint32_t>* first : {&history.deal_events.first, &history.contacts.first}) {
    if (!first->empty()) insert_at(*first, at, (*first)[at]);
  }
}

// Contacts of a deal stand in the order of their ids.
void add_contact(History& history, const Revision& revision) {
  Contacts& contacts = history.contacts;
  const std::uint32_t deal = subject_of(history.words, history.deals, revision.subject);
  PLUMB_ASSERT(deal + 1 < contacts.first.size(), "a contact is added to a history that lists them");
  std::size_t at = contacts.first[deal];
  while (at < contacts.first[deal + 1] && history.words[contacts.ids[at]] < revision.kind) ++at;
  insert_at(contacts.ids, at, history.words.add(revision.kind));
  insert_at(contacts.since, at, revision.at);
  insert_at(contacts.recorded, at, revision.recorded);
  insert_at(contacts.source, at, revision.source);
  insert_at(contacts.by_day, at, std::uint8_t{0});
  if (contacts.origin.size() + 1 == contacts.ids.size()) insert_at(contacts.origin, at, Origin{});
  for (Column& column : contacts.columns) insert_row(column, at, missing, revision.recorded);
  fill(history, contacts.columns, at, revision.values);
  for (std::size_t next = deal + 1; next < contacts.first.size(); ++next) ++contacts.first[next];
}

// The row of a contact of a deal. Missing: `none`.
std::uint32_t contact_of(const History& history, const Revision& revision) {
  const Contacts& contacts = history.contacts;
  const std::uint32_t deal = subject_of(history.words, history.deals, revision.subject);
  for (std::uint32_t row = contacts.first[deal]; row < contacts.first[deal + 1]; ++row) {
    if (history.words[contacts.ids[row]] == revision.kind) return row;
  }
  return none;
}

void alter_contact(History& history, const Revision& revision) {
  const std::uint32_t row = contact_of(history, revision);
  if (row != none) fill(history, history.contacts.columns, row, revision.values);
}

template <class Rows>
void erase_at(Rows& rows, std::size_t at) {
  if (at >= rows.size()) return;
  std::rotate(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.begin() + static_cast<std::ptrdiff_t>(at) + 1,
              rows.end());
  rows.resize(rows.size() - 1);
}

void leave_out_contact(History& history, const Revision& revision) {
  const std::uint32_t row = contact_of(history, revision);
  if (row == none) return;
  Contacts& contacts = history.contacts;
  erase_at(contacts.ids, row), erase_at(contacts.since, row), erase_at(contacts.recorded, row);
  erase_at(contacts.source, row), erase_at(contacts.by_day, row), erase_at(contacts.origin, row);
  for (Column& column : contacts.columns) {
    column.values.with_rows([&](auto& rows) { erase_at(rows, row); });
    erase_at(column.currency, row), erase_at(column.recorded, row);
  }
  for (std::size_t next = 1; next < contacts.first.size(); ++next) contacts.first[next] -= contacts.first[next] > row;
}

void alter_person(History& history, const Revision& revision) {
  const People& people = history.people;
  const std::uint32_t person = subject_of(history.words, people.names, revision.subject);
  const Day day = time::Zone::utc().day_of(revision.at);
  std::uint32_t found = none;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    if (found == none || !people.from[row].known() || people.from[row] <= day) found = row;
  }
  if (found != none) fill(history, history.people.columns, found, revision.values);
}

// ---- rows more and fewer --------------------------------------------------------------------------------------------

struct Added {
  std::uint32_t subject;
  std::uint16_t kind;
  std::uint32_t actor;
  const Revision* revision;
};

// Where a row of a kind comes from: one that was there, or one that is added.
struct Row {
  std::uint32_t old = none;
  const Added* added = nullptr;
};

// Timelines with rows more and fewer. The rows of a kind are numbered in the order of the deals' timeline, then of the
// people's; only kinds that gain or lose rows are numbered anew.
struct Merge {
  const History& was;
  std::vector<bool> touched;           // by kind
  std::vector<std::vector<Row>> rows;  // of the touched kinds

  KindClass class_of(std::uint16_t kind) const { return std::min(was.kinds[kind].of, KindClass::activity); }

  std::uint32_t number(std::uint16_t kind, Row row) {
    if (!touched[kind]) return row.old;
    rows[kind].push_back(row);
    return static_cast<std::uint32_t>(rows[kind].size() - 1);
  }

  // Where on its day a change is in order with the others of its field nobody says of those that are added.
  std::uint8_t day_of(const Timeline& old, std::uint32_t i, std::span<const Added> added) const {
    constexpr std::uint8_t in_order = 2, alone = 1;
    constexpr std::int64_t longest_day = 25 * time::micros_per_hour;
    const std::uint8_t by_day = old.by_day[i];
    if (by_day != in_order || class_of(old.kind[i]) != KindClass::change) return by_day;
    const bool more = std::ranges::any_of(added, [&](const Added& one) {
      const Instant at = one.revision->at;
      return one.kind == old.kind[i] && at >= old.at[i] && at.micros < old.at[i].micros + longest_day;
    });
    return more ? alone : in_order;
  }

  // `added`: those of its subject.
  void keep(const Timeline& old, std::uint32_t i, std::span<const Added> added, Timeline& out,
            std::vector<std::uint32_t>* were) {
    if (were != nullptr) were->push_back(i);
    const std::size_t row = out.size();
    out.at.push_back(old.at[i]);
    out.recorded.put(row, old.recorded[i]);
    out.kind.push_back(old.kind[i]);
    out.row.push_back(number(old.kind[i], {old.row[i], nullptr}));
    out.actor.push_back(old.actor[i]);
    out.source.put(row, old.source[i]);
    out.by_day.put(row, day_of(old, i, added));
    out.origin.push_back(old.origin[i]);
    if (!old.contact.empty()) out.contact.push_back(old.contact[i]);
    if (!old.id.empty()) out.id.push_back(old.id[i]);
  }

  void add(const Timeline& old, const Added& added, Timeline& out, std::vector<std::uint32_t>* were) {
    if (were != nullptr) were->push_back(none);
    const std::size_t row = out.size();
    out.at.push_back(added.revision->at);
    out.recorded.put(row, added.revision->recorded);
    out.kind.push_back(added.kind);
    out.row.push_back(number(added.kind, {none, &added}));
    out.actor.push_back(added.actor);
    out.source.put(row, added.revision->source);
    out.origin.push_back(Origin{});
    if (!old.contact.empty()) out.contact.push_back(0);
    if (!old.id.empty()) out.id.push_back(0);
  }

  // A fact that is added stands behind the others of its instant and class.
  bool stands_before(const Timeline& old, std::uint32_t i, const Added& added) const {
    if (old.at[i] != added.revision->at) return old.at[i] < added.revision->at;
    return class_of(old.kind[i]) <= class_of(added.kind);
  }

  // `gone`: rows of `old`, ascending. `added`: of its subjects, in any order.
  Timeline timeline(const Timeline& old, std::vector<Added>& added, const std::vector<std::uint32_t>& gone,
                    std::vector<std::uint32_t>* were) {
    std::stable_sort(added.begin(), added.end(), [&](const Added& a, const Added& b) {
      if (a.subject != b.subject) return a.subject < b.subject;
      if (a.revision->at != b.revision->at) return a.revision->at < b.revision->at;
      return class_of(a.kind) < class_of(b.kind);
    });
    Timeline out;
    out.first.push_back(0);
    out.origin.lines_before = old.origin.lines_before;
    std::size_t next = 0, left_out = 0;
    for (std::uint32_t subject = 0; subject + 1 < old.first.size(); ++subject) {
      std::size_t end = next;
      while (end < added.size() && added[end].subject == subject) ++end;
      const std::span<const Added> own(added.data() + next, end - next);
      for (std::uint32_t i = old.first[subject]; i < old.first[subject + 1]; ++i) {
        while (next < end && !stands_before(old, i, added[next])) {
          add(old, added[next++], out, were);
        }
        if (left_out < gone.size() && gone[left_out] == i) {
          ++left_out;
        } else {
          keep(old, i, own, out, were);
        }
      }
      while (next < end) add(old, added[next++], out, were);
      out.first.push_back(static_cast<std::uint32_t>(out.at.size()));
    }
    return out;
  }
};

// The column with the rows of a kind in their new order. That somebody did not say is no attribute of an activity; the
// old value of a change is left out.
Column renumbered(const Column& old, const std::vector<Row>& rows, bool change) {
  Column out;
  out.name = old.name, out.type = old.type;
  const bool money = old.type == ValueType::money;
  const std::int64_t unsaid = change && old.name == "from" ? unobserved : missing;
  for (const Row& row : rows) {
    const bool there = row.added == nullptr;
    out.values.push_back(there ? old.values[row.old] : unsaid);
    if (money) out.currency.push_back(there && !old.currency.empty() ? old.currency[row.old] : 0);
    if (!old.recorded.empty()) out.recorded.push_back(there ? old.recorded[row.old] : row.added->revision->recorded);
  }
  return out;
}

void renumber(History& history, std::uint16_t kind, const std::vector<Row>& rows) {
  const KindClass of = history.kinds[kind].of;
  const bool change = of == KindClass::change || of == KindClass::move;
  for (Column& column : history.kinds[kind].columns) column = renumbered(std::as_const(column), rows, change);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row].added != nullptr) fill(history, history.kinds[kind].columns, row, rows[row].added->revision->values);
  }
}

// Rows more and fewer in both timelines, in one pass.
void merge(History& history, const std::vector<Revision>& revisions, Rows* were) {
  using What = Revision::What;
  std::vector<Added> deals, people;
  std::vector<std::uint32_t> deals_gone, people_gone;
  Merge merge{history, std::vector<bool>(history.kinds.size(), false),
              std::vector<std::vector<Row>>(history.kinds.size())};
  const Timeline deal_events = lent(std::as_const(history.deal_events));
  const Timeline person_events = lent(std::as_const(history.person_events));
  for (const Revision& revision : revisions) {
    if (revision.what == What::leaves_out) {
      (revision.of_person ? people_gone : deals_gone).push_back(revision.index);
      merge.touched[(revision.of_person ? person_events : deal_events).kind[revision.index]] = true;
    }
    if (revision.what != What::happens && revision.what != What::new_deal) continue;
    const bool created = revision.what == What::new_deal;
    const std::uint16_t kind = kind_of(history, created ? KindClass::created : revision.of, revision.kind);
    const Subjects& subjects = revision.of_person ? history.people.names : history.deals;
    const std::uint32_t actor =
        revision.actor.empty() ? none : subject_of(history.words, history.people.names, revision.actor);
    std::vector<Added>& added = revision.of_person ? people : deals;
    // Many are about the same subject, one behind the other.
    const std::uint32_t guess = added.empty() ? 0 : added.back().subject;
    added.push_back({subject_of(history.words, subjects, revision.subject, guess), kind, actor, &revision});
    merge.touched[kind] = true;
  }
  if (deals.empty() && people.empty() && deals_gone.empty() && people_gone.empty()) return;
  std::sort(deals_gone.begin(), deals_gone.end());
  std::sort(people_gone.begin(), people_gone.end());
  Timeline of_deals = merge.timeline(deal_events, deals, deals_gone, were != nullptr ? &were->deals : nullptr);
  Timeline of_people = merge.timeline(person_events, people, people_gone, were != nullptr ? &were->people : nullptr);
  history.deal_events = std::move(of_deals);
  history.person_events = std::move(of_people);
  for (std::size_t kind = 0; kind < merge.rows.size(); ++kind) {
    if (merge.touched[kind]) renumber(history, static_cast<std::uint16_t>(kind), merge.rows[kind]);
  }
}

}  // namespace

History revised(const History& history, const std::vector<Revision>& revisions, Rows* were) {
  using What = Revision::What;
  History out = lent(history);
  for (const Revision& revision : revisions) {
    if (revision.what == What::alters) alter(history, out, revision);
    if (revision.what == What::new_deal) add_deal(out, revision);
    if (revision.what == What::new_contact) add_contact(out, revision);
    if (revision.what == What::alters_contact) alter_contact(out, revision);
    if (revision.what == What::no_contact) leave_out_contact(out, revision);
  }
  merge(out, revisions, were);
  for (const Revision& revision : revisions) {
    if (revision.what == What::alters_account) {
      fill(out, out.accounts.columns, subject_of(out.words, out.accounts, revision.subject), revision.values);
    }
    if (revision.what == What::alters_person) alter_person(out, revision);
    if (revision.what == What::leaves) {
      const Day day{static_cast<std::int32_t>(revision.values.front().value)};
      out.people.left[subject_of(out.words, out.people.names, revision.subject)] = day;
    }
  }
  out.extent = extent_of(out);
  for (Timeline* events : {&out.deal_events, &out.person_events}) {
    events->by_kind = by_kind(*events, out.kinds.size());
  }
  return out;
}

}  // namespace plumb::history
