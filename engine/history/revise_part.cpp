#include "history/revise.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace plumb::history {

namespace {

constexpr std::uint32_t none = UINT32_MAX;

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

// What of it is there: what happened before an instant and was recorded before another.
struct Seen {
  Instant until, known_at;
  bool recorded(Instant at) const { return !at.known() || at < known_at; }
};

// The events of these subjects that are seen; `rows` gets the rows of each kind that are kept.
Timeline pick(const Timeline& events, const std::vector<std::uint32_t>& subjects, const Seen& seen,
              std::vector<std::vector<std::uint32_t>>& rows, Words& words) {
  Timeline out;
  out.first.push_back(0);
  out.origin.lines_before = events.origin.lines_before;
  const bool contacts = !events.contact.empty();
  for (std::uint32_t subject : subjects) {
    for (std::uint32_t i = events.first[subject]; i < events.first[subject + 1] && events.at[i] < seen.until; ++i) {
      if (!seen.recorded(events.recorded[i])) continue;
      const std::size_t row = out.size();
      out.at.push_back(events.at[i]);
      out.recorded.put(row, events.recorded[i]);
      out.kind.push_back(events.kind[i]);
      out.row.push_back(static_cast<std::uint32_t>(rows[events.kind[i]].size()));
      out.actor.push_back(events.actor[i]);
      out.source.put(row, events.source[i]);
      out.by_day.put(row, events.by_day[i]);
      out.origin.push_back(events.origin[i]);
      if (contacts) out.contact.push_back(words(events.contact[i]));
      if (!events.id.empty()) out.id.push_back(words(events.id[i]));
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
  for (std::uint32_t deal : deals) {
    if (is_account(history.account_of(deal))) accounts.push_back(history.account_of(deal));
  }
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  out.accounts = pick(history.accounts, accounts, words);
  for (std::uint32_t deal : deals) {
    const std::uint32_t account = history.account_of(deal);
    const auto at = std::lower_bound(accounts.begin(), accounts.end(), account);
    out.deal_account.push_back(is_account(account) ? static_cast<std::uint32_t>(at - accounts.begin()) : account);
  }
}

void pick_contacts(const Contacts& contacts, const std::vector<std::uint32_t>& deals, Contacts& out, Words& words) {
  if (contacts.first.empty()) return;
  std::vector<std::uint32_t> rows;
  out.first.push_back(0);
  for (std::uint32_t deal : deals) {
    for (std::uint32_t row = contacts.first[deal]; row < contacts.first[deal + 1]; ++row) rows.push_back(row);
    out.first.push_back(static_cast<std::uint32_t>(rows.size()));
  }
  for (std::uint32_t row : rows) {
    out.ids.push_back(words(contacts.ids[row]));
    out.since.push_back(contacts.since[row]);
    out.recorded.push_back(contacts.recorded[row]);
    out.source.push_back(contacts.source[row]);
    if (row < contacts.origin.size()) out.origin.push_back(contacts.origin[row]);
    out.by_day.push_back(contacts.by_day[row]);
  }
  out.columns = pick(contacts.columns, rows, words);
}

// Rates are looked up by the number of a word: their order is that of the part's.
void pick_rates(const Array<Rate>& rates, Array<Rate>& out, Words& words) {
  for (Rate rate : rates) {
    rate.from = words(rate.from), rate.into = words(rate.into);
    out.push_back(rate);
  }
  std::sort(out.begin(), out.end(), earlier);
}

}  // namespace

std::vector<std::uint32_t> there_by(const History& history, std::vector<std::uint32_t> deals, Instant until,
                                    Instant known_at) {
  const Timeline& rows = history.deal_events;
  std::erase_if(deals, [&](std::uint32_t deal) {
    for (std::uint32_t row = rows.first[deal]; row < rows.first[deal + 1] && rows.at[row] < until; ++row) {
      if (rows.recorded[row] < known_at) return false;
    }
    return true;
  });
  return deals;
}

History part_of(const History& history, const std::vector<std::uint32_t>& deals, Instant until, Instant known_at) {
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
  const Seen seen{until, known_at};
  out.deal_events = pick(history.deal_events, deals, seen, rows, words);
  const std::size_t people = history.person_events.first.empty() ? 0 : history.person_events.first.size() - 1;
  out.person_events = pick(history.person_events, all(people), seen, rows, words);
  for (std::size_t kind = 0; kind < history.kinds.size(); ++kind) {
    const Kind& whole = history.kinds[kind];
    out.kinds.push_back({whole.name, whole.of, pick(whole.columns, rows[kind], words)});
  }
  pick_contacts(history.contacts, deals, out.contacts, words);
  pick_rates(history.rates, out.rates, words);
  out.coverage = history.coverage;
  out.extent = extent_of(out);
  for (Timeline* events : {&out.deal_events, &out.person_events}) {
    events->by_kind = by_kind(*events, out.kinds.size());
  }
  out.complete_until = history.complete_until;
  out.files = history.files;
  out.mapped = history.mapped;
  out.supplier = history.supplier;
  return out;
}

}  // namespace plumb::history
