#include "history/revise.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/assert.h"
#include "time/calendar.h"

namespace plumb::history {

namespace {

constexpr std::uint32_t none = UINT32_MAX;

// ---- a part ---------------------------------------------------------------------------------------------------------

// From the words of the whole to those of the part.
struct Words {
  const Dictionary& old;
  Dictionary& now;
  std::vector<std::uint32_t> known;

  std::uint32_t operator()(std::uint32_t word) {
    if (known.empty()) known.assign(old.size(), none);
    if (known[word] == none) known[word] = now.add(old[word]);
    return known[word];
  }
};

Column pick(const Column& column, const std::vector<std::uint32_t>& rows, Words& words) {
  Column out;
  out.name = column.name;
  out.type = column.type;
  for (std::uint32_t row : rows) {
    const std::int64_t value = column.values[row];
    const bool word = column.type == ValueType::text && is_value(value);
    out.values.push_back(word ? words(static_cast<std::uint32_t>(value)) : value);
    if (!column.currency.empty()) out.currency.push_back(words(column.currency[row]));
    if (!column.recorded.empty()) out.recorded.push_back(column.recorded[row]);
  }
  return out;
}

std::vector<Column> pick(const std::vector<Column>& columns, const std::vector<std::uint32_t>& rows, Words& words) {
  std::vector<Column> out;
  for (const Column& column : columns) out.push_back(pick(column, rows, words));
  return out;
}

Subjects pick(const Subjects& subjects, const std::vector<std::uint32_t>& rows, Words& words) {
  Subjects out;
  for (std::uint32_t row : rows) {
    out.ids.push_back(words(subjects.ids[row]));
    if (row < subjects.origin.size()) out.origin.push_back(subjects.origin[row]);
  }
  out.columns = pick(subjects.columns, rows, words);
  return out;
}

// The events of these subjects before an instant; `rows` gets the rows of each kind that are kept.
Timeline pick(const Timeline& events, const std::vector<std::uint32_t>& subjects, Instant until,
              std::vector<std::vector<std::uint32_t>>& rows) {
  Timeline out;
  out.first.push_back(0);
  for (std::uint32_t subject : subjects) {
    for (std::uint32_t i = events.first[subject]; i < events.first[subject + 1] && events.at[i] < until; ++i) {
      out.at.push_back(events.at[i]);
      out.recorded.push_back(events.recorded[i]);
      out.kind.push_back(events.kind[i]);
      out.row.push_back(static_cast<std::uint32_t>(rows[events.kind[i]].size()));
      out.actor.push_back(events.actor[i]);
      out.source.push_back(events.source[i]);
      out.by_day.push_back(events.by_day[i]);
      out.origin.push_back(events.origin[i]);
      rows[events.kind[i]].push_back(events.row[i]);
    }
    out.first.push_back(static_cast<std::uint32_t>(out.at.size()));
  }
  return out;
}

std::vector<std::uint32_t> all(std::size_t size) {
  std::vector<std::uint32_t> rows(size);
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

void pick_accounts(const History& history, const std::vector<std::uint32_t>& deals, History& out, Words& words) {
  std::vector<std::uint32_t> accounts;
  const auto account_of = [&](std::uint32_t deal) {
    return deal < history.deal_account.size() ? history.deal_account[deal] : none;
  };
  for (std::uint32_t deal : deals) {
    if (account_of(deal) != none) accounts.push_back(account_of(deal));
  }
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  out.accounts = pick(history.accounts, accounts, words);
  for (std::uint32_t deal : deals) {
    const std::uint32_t account = account_of(deal);
    const auto at = std::lower_bound(accounts.begin(), accounts.end(), account);
    out.deal_account.push_back(account == none ? none : static_cast<std::uint32_t>(at - accounts.begin()));
  }
}

// ---- revisions ------------------------------------------------------------------------------------------------------

History copy_of(const History& history) {
  History out;
  for (std::uint32_t word = 1; word < history.words.size(); ++word) out.words.add(history.words[word]);
  out.deals = history.deals;
  out.deal_account = history.deal_account;
  out.accounts = history.accounts;
  out.people = history.people;
  out.kinds = history.kinds;
  out.deal_events = history.deal_events;
  out.person_events = history.person_events;
  out.coverage = history.coverage;
  out.complete_until = history.complete_until;
  out.files = history.files;
  out.supplier = history.supplier;
  return out;
}

std::uint32_t subject_of(const Dictionary& words, const Subjects& subjects, const std::string& id) {
  for (std::uint32_t row = 0; row < subjects.size(); ++row) {
    if (words[subjects.ids[row]] == id) return row;
  }
  PLUMB_ASSERT(false, "a revision is about a subject of the history");
  return none;
}

template <class Rows>
void insert_at(Rows& rows, std::size_t at, typename Rows::value_type value) {
  rows.push_back(value);
  std::rotate(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.end() - 1, rows.end());
}

template <class Rows>
void erase_at(Rows& rows, std::size_t at) {
  std::rotate(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.begin() + static_cast<std::ptrdiff_t>(at) + 1,
              rows.end());
  rows.resize(rows.size() - 1);
}

std::int64_t value_of(History& history, const Stated& stated) {
  if (stated.type != ValueType::text || stated.value == missing) return stated.value;
  return history.words.add(stated.word);
}

void set(History& history, Column& column, std::size_t row, const Stated& stated) {
  column.values[row] = value_of(history, stated);
  if (column.currency.empty()) return;
  column.currency[row] = stated.value == missing ? 0 : history.words.add(stated.word);
}

// A row in which nothing is said.
void insert_row(Column& column, std::size_t row, std::int64_t value, Instant recorded) {
  insert_at(column.values, row, value);
  if (!column.currency.empty() || column.type == ValueType::money) insert_at(column.currency, row, 0);
  if (!column.recorded.empty()) insert_at(column.recorded, row, recorded);
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

KindClass class_of(const History& history, std::uint16_t kind) {
  return std::min(history.kinds[kind].of, KindClass::activity);
}

// Rows of a kind before a place: those of deals stand before those of people.
std::uint32_t rows_before(const History& history, bool of_person, std::size_t place, std::uint16_t kind) {
  const auto count = [&](const Timeline& events, std::size_t until) {
    return static_cast<std::uint32_t>(
        std::count(events.kind.begin(), events.kind.begin() + static_cast<std::ptrdiff_t>(until), kind));
  };
  if (!of_person) return count(history.deal_events, place);
  return count(history.deal_events, history.deal_events.size()) + count(history.person_events, place);
}

void shift_rows(History& history, std::uint16_t kind, std::uint32_t from, int by) {
  for (Timeline* events : {&history.deal_events, &history.person_events}) {
    for (std::size_t i = 0; i < events->size(); ++i) {
      if (events->kind[i] == kind && events->row[i] >= from) events->row[i] += static_cast<std::uint32_t>(by);
    }
  }
}

std::uint32_t actor_of(const History& history, const std::string& id) {
  return id.empty() ? none : subject_of(history.words, history.people.names, id);
}

void add_event(History& history, const Revision& revision, std::uint32_t subject) {
  Timeline& events = revision.of_person ? history.person_events : history.deal_events;
  const std::uint16_t kind = kind_of(history, revision.of, revision.kind);
  std::uint32_t place = events.first[subject];
  const auto stands_before = [&](std::uint32_t i) {
    return events.at[i] != revision.at ? events.at[i] < revision.at
                                       : class_of(history, events.kind[i]) <= class_of(history, kind);
  };
  while (place < events.first[subject + 1] && stands_before(place)) ++place;
  const std::uint32_t row = rows_before(history, revision.of_person, place, kind);
  shift_rows(history, kind, row, 1);
  // That somebody did not say is no attribute of an activity; the old value of a change is left out.
  const bool change = revision.of == KindClass::change || revision.of == KindClass::move;
  for (Column& column : history.kinds[kind].columns) {
    insert_row(column, row, change && column.name == "from" ? unobserved : missing, revision.recorded);
  }
  fill(history, history.kinds[kind].columns, row, revision.values);
  insert_at(events.at, place, revision.at);
  insert_at(events.recorded, place, revision.recorded);
  insert_at(events.kind, place, kind);
  insert_at(events.row, place, row);
  insert_at(events.actor, place, actor_of(history, revision.actor));
  insert_at(events.source, place, revision.source);
  insert_at(events.by_day, place, 0);
  insert_at(events.origin, place, Origin{});
  for (std::size_t s = subject + 1; s < events.first.size(); ++s) ++events.first[s];
}

void add_deal(History& history, const Revision& revision) {
  const auto before = [&](std::uint32_t id) { return history.words[id] < revision.subject; };
  const auto at = static_cast<std::size_t>(
      std::find_if_not(history.deals.ids.begin(), history.deals.ids.end(), before) - history.deals.ids.begin());
  insert_at(history.deals.ids, at, history.words.add(revision.subject));
  if (!history.deals.origin.empty()) insert_at(history.deals.origin, at, Origin{});
  for (Column& column : history.deals.columns) insert_row(column, at, missing, revision.recorded);
  fill(history, history.deals.columns, at, revision.values);
  insert_at(history.deal_account, std::min(at, history.deal_account.size()), none);
  insert_at(history.deal_events.first, at, history.deal_events.first[at]);
  Revision created = revision;
  created.of = KindClass::created;
  created.values.clear();
  add_event(history, created, static_cast<std::uint32_t>(at));
}

void alter(History& history, const Revision& revision) {
  Timeline& events = revision.of_person ? history.person_events : history.deal_events;
  Kind& kind = history.kinds[events.kind[revision.index]];
  const std::uint32_t row = events.row[revision.index];
  fill(history, kind.columns, row, revision.values);
  // What else the row says was stated when it was; the attributes given get a time of their own.
  for (const Stated& stated : revision.values) {
    for (Column& column : kind.columns) {
      if (column.name != stated.field) continue;
      if (column.recorded.empty()) {
        column.recorded.resize(column.values.size());
        for (const Timeline* line : {&history.deal_events, &history.person_events}) {
          for (std::size_t i = 0; i < line->size(); ++i) {
            if (line->kind[i] == events.kind[revision.index]) column.recorded[line->row[i]] = line->recorded[i];
          }
        }
      }
      column.recorded[row] = revision.recorded;
    }
  }
}

void leave_out(History& history, const Revision& revision) {
  Timeline& events = revision.of_person ? history.person_events : history.deal_events;
  const std::uint32_t i = revision.index;
  const std::uint16_t kind = events.kind[i];
  const std::uint32_t row = events.row[i];
  for (Column& column : history.kinds[kind].columns) {
    erase_at(column.values, row);
    if (!column.currency.empty()) erase_at(column.currency, row);
    if (!column.recorded.empty()) erase_at(column.recorded, row);
  }
  erase_at(events.at, i), erase_at(events.recorded, i), erase_at(events.kind, i), erase_at(events.row, i);
  erase_at(events.actor, i), erase_at(events.source, i), erase_at(events.by_day, i), erase_at(events.origin, i);
  for (std::uint32_t& first : events.first) first -= first > i;
  shift_rows(history, kind, row + 1, -1);
}

void alter_person(History& history, const Revision& revision) {
  People& people = history.people;
  const std::uint32_t person = subject_of(history.words, people.names, revision.subject);
  const Day day = time::Zone::utc().day_of(revision.at);
  std::uint32_t found = none;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    if (found == none || !people.from[row].known() || people.from[row] <= day) found = row;
  }
  if (found != none) fill(history, people.columns, found, revision.values);
}

}  // namespace

History part_of(const History& history, const std::vector<std::uint32_t>& deals, Instant until) {
  History out;
  Words words{history.words, out.words, {}};
  out.deals = pick(history.deals, deals, words);
  pick_accounts(history, deals, out, words);
  const std::vector<std::uint32_t> everybody = all(history.people.names.size());
  out.people.names = pick(history.people.names, everybody, words);
  out.people.first = history.people.first;
  out.people.from = history.people.from;
  out.people.columns = pick(history.people.columns, all(history.people.from.size()), words);
  out.people.joined = history.people.joined, out.people.left = history.people.left;
  out.people.leave = history.people.leave;
  std::vector<std::vector<std::uint32_t>> rows(history.kinds.size());
  out.deal_events = pick(history.deal_events, deals, until, rows);
  const std::size_t people = history.person_events.first.empty() ? 0 : history.person_events.first.size() - 1;
  out.person_events = pick(history.person_events, all(people), until, rows);
  for (std::size_t kind = 0; kind < history.kinds.size(); ++kind) {
    const Kind& whole = history.kinds[kind];
    out.kinds.push_back({whole.name, whole.of, pick(whole.columns, rows[kind], words)});
  }
  out.coverage = history.coverage;
  out.complete_until = history.complete_until;
  out.files = history.files;
  out.supplier = history.supplier;
  return out;
}

History revised(const History& history, const std::vector<Revision>& revisions) {
  using What = Revision::What;
  History out = copy_of(history);
  std::vector<const Revision*> gone;
  for (const Revision& revision : revisions) {
    if (revision.what == What::alters) alter(out, revision);
    if (revision.what == What::leaves_out) gone.push_back(&revision);
  }
  std::sort(gone.begin(), gone.end(), [](const Revision* a, const Revision* b) { return a->index > b->index; });
  for (const Revision* revision : gone) leave_out(out, *revision);
  for (const Revision& revision : revisions) {
    if (revision.what == What::new_deal) add_deal(out, revision);
  }
  for (const Revision& revision : revisions) {
    switch (revision.what) {
      case What::happens:
        add_event(out, revision,
                  subject_of(out.words, revision.of_person ? out.people.names : out.deals, revision.subject));
        break;
      case What::alters_account: {
        const std::uint32_t row = subject_of(out.words, out.accounts, revision.subject);
        fill(out, out.accounts.columns, row, revision.values);
        break;
      }
      case What::alters_person: alter_person(out, revision); break;
      default: break;
    }
  }
  return out;
}

}  // namespace plumb::history
