#include "history/load_finish.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/parallel.h"
#include "base/spelling.h"
#include "history/lacking.h"
#include "history/load_coverage.h"
#include "history/load_fill.h"
#include "history/load_order.h"
#include "history/untold_stage.h"
#include "history/words.h"

namespace plumb::history::loading {

Column gather(const Column& column, bool own_time, std::span<const std::uint32_t> rows,
              std::span<const Instant> row_time, unsigned threads) {
  Column result;
  result.name = column.name;
  result.type = column.type;
  column.values.with_rows([&](const auto& from) {
    std::remove_cvref_t<decltype(from)> to;
    fill(threads, rows.size(), to, [&](std::size_t i) { return from[rows[i]]; });
    result.values = Cells(std::move(to));
  });
  if (column.type == ValueType::money) {
    fill(threads, rows.size(), result.currency, [&](std::size_t i) { return column.currency[rows[i]]; });
  }
  if (!own_time) return result;
  fill(threads, rows.size(), result.recorded, [&](std::size_t i) {
    const Instant own = column.recorded[rows[i]];
    return own == as_row ? row_time[i] : own;
  });
  return result;
}

std::vector<std::uint32_t> by_text(const Words& words, const std::vector<std::uint32_t>& ids) {
  struct Row {
    std::uint64_t begins = 0;  // the first eight bytes, which nearly always decide
    std::uint32_t row = 0;
  };
  std::vector<Row> sorted(ids.size());
  for (std::uint32_t i = 0; i < ids.size(); ++i) {
    const std::string_view text = words[ids[i]];
    sorted[i].row = i;
    for (std::size_t c = 0; c < 8; ++c) {
      sorted[i].begins = sorted[i].begins << 8U | (c < text.size() ? static_cast<unsigned char>(text[c]) : 0U);
    }
  }
  const auto before = [&](const Row& a, const Row& b) {
    return a.begins != b.begins ? a.begins < b.begins : words[ids[a.row]] < words[ids[b.row]];
  };
  // Most exports are sorted by id.
  if (!std::is_sorted(sorted.begin(), sorted.end(), before)) std::sort(sorted.begin(), sorted.end(), before);
  std::vector<std::uint32_t> rows;
  rows.reserve(ids.size());
  for (const Row& row : sorted) rows.push_back(row.row);
  return rows;
}

bool has_rows(const Mapping& mapping, RowKind kind) {
  return std::any_of(mapping.files.begin(), mapping.files.end(), [&](const FileSpec& file) {
    return std::any_of(file.rows.begin(), file.rows.end(), [&](const RowSpec& row) { return row.kind == kind; });
  });
}

namespace {

void push_unobserved(Table& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    table.columns[c].values.push_back(unobserved);
    if (table.columns[c].type == ValueType::money) table.columns[c].currency.push_back(0);
    if (table.own_time[c]) table.columns[c].recorded.push_back(as_row);
  }
  table.commit();
}

// ---- deals and accounts ---------------------------------------------------------------------------------------------

// No file says which deals there are: they are those that something is said about; when they began nobody knows.
void make_deals(Raw& raw) {
  const std::size_t said = raw.deal_events.size();
  for (std::size_t i = 0; i < said; ++i) {
    RawEvent created;
    created.subject = raw.deal_events.subject(i);
    created.place = raw.deal_events.place(i);
    created.row = raw.deals.rows;
    if (raw.deal_of.find(created.subject) != nobody) continue;
    raw.deal_of.set(created.subject, raw.deals.rows);
    push_unobserved(raw.deals);
    raw.deal_rows.push_back({created.subject, created.place, 0, static_cast<std::uint32_t>(raw.deal_events.size())});
    raw.deal_events.push_back(created);
  }
}

void refuse_orphans(Raw& raw) {
  for (std::size_t i = 0; i < raw.deal_events.size(); ++i) {
    const std::uint32_t subject = raw.deal_events.subject(i);
    if (raw.deal_of.find(subject) != nobody) continue;
    const Place place = raw.deal_events.place(i);
    raw.refuse(place);
    raw.complain(place, true,
                 [&] { return fmt::format("no row says that there is a deal {}", in_ticks(raw.words[subject])); });
    raw.deal_events.leave_out(i);
  }
}

// An account holds deals together even when no file describes it.
void make_accounts(Raw& raw) {
  const bool described = !raw.account_rows.empty();
  for (const RawSubject& deal : raw.deal_rows) {
    if (deal.account == 0 || deal.account == nobody || raw.account_of.find(deal.account) != nobody) continue;
    raw.account_of.set(deal.account, raw.accounts.rows);
    push_unobserved(raw.accounts);
    raw.account_rows.push_back({deal.account, deal.place, 0, 0});
    if (!described) continue;
    raw.complain(deal.place, false, [&] {
      return fmt::format("no row describes the account {}, to which this deal belongs",
                         in_ticks(raw.words[deal.account]));
    });
  }
}

// Numbers the rows by the texts of their words; gives the raw rows in that order, and `index` their numbers.
std::vector<std::uint32_t> fill_subjects(const Raw& raw, const Table& table, const std::vector<RawSubject>& rows,
                                         WordIndex& index, Subjects& subjects) {
  std::vector<std::uint32_t> ids;
  ids.reserve(rows.size());
  for (const RawSubject& row : rows) ids.push_back(row.word);
  const std::vector<std::uint32_t> order = by_text(raw.words, ids);
  const bool deals = &rows == &raw.deal_rows;
  const bool timed = std::count(table.own_time.begin(), table.own_time.end(), 1) > 0;
  std::vector<Instant> row_time;
  row_time.reserve(timed ? order.size() : 0);
  subjects.ids.reserve(order.size()), subjects.origin.reserve(order.size());
  for (std::uint32_t row : order) {
    index.set(rows[row].word, static_cast<std::uint32_t>(subjects.ids.size()));
    subjects.ids.push_back(rows[row].word);
    subjects.origin.push_back(raw.origin(rows[row].place));
    if (timed) row_time.push_back(deals ? raw.deal_events.recorded(rows[row].created) : Instant::unknown());
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    subjects.columns.push_back(gather(table.columns[c], table.own_time[c], order, row_time));
  }
  return order;
}

// Of which account a deal of a file without a column for it is nobody knows, where another row tells.
void settle_unsaid_accounts(Raw& raw) {
  const std::uint32_t word = raw.words.find(unsaid);
  const auto says = [&](const RawSubject& deal) { return deal.account != word; };
  const bool told = word != Dictionary::none && std::any_of(raw.deal_rows.begin(), raw.deal_rows.end(), says);
  for (RawSubject& deal : raw.deal_rows) {
    if (word != Dictionary::none && deal.account == word) deal.account = told ? nobody : 0;
  }
}

void finish_subjects(Raw& raw, const Mapping& mapping, History& history) {
  if (has_rows(mapping, RowKind::deal)) {
    refuse_orphans(raw);
  } else {
    make_deals(raw);
  }
  settle_unsaid_accounts(raw);
  make_accounts(raw);
  fill_subjects(raw, raw.accounts, raw.account_rows, raw.account_of, history.accounts);
  const std::vector<std::uint32_t> order = fill_subjects(raw, raw.deals, raw.deal_rows, raw.deal_of, history.deals);
  history.deal_account.reserve(order.size());
  for (std::uint32_t row : order) {
    const std::uint32_t word = raw.deal_rows[row].account;
    history.deal_account.push_back(word == nobody ? unknown_account : raw.account_of.find(word));
  }
}

AsCreated as_created(const Raw& raw, const Subjects& deals) {
  AsCreated found(raw.kinds.size());
  for (std::size_t kind = 0; kind < raw.kinds.size(); ++kind) {
    const int column = raw.kinds[kind].of == KindClass::change ? deals.column(raw.kinds[kind].name) : -1;
    if (column >= 0) found[kind] = &deals.columns[static_cast<std::size_t>(column)];
  }
  return found;
}

// What says the same as another, and is none the less not the same, is called by where it stands: so it stays two,
// wherever it is written to.
void name_apart(Raw& raw, const Ordered& ordered, RawEvents& events) {
  for (const std::uint32_t event : ordered.apart) events.give_id(event, raw.words.add(raw.cite(events.place(event))));
}

// Of a kind of records: whom they say that they are about. Missing: null, also where a record has a field of its own
// that is called so.
const Column* about_whom(const RawKind& kind) {
  const int column = kind.of == KindClass::record && kind.fields != nullptr ? kind.table.find("about") : -1;
  const bool person =
      column >= 0 && std::any_of(kind.fields->begin(), kind.fields->end(),
                                 [](const SchemaField& field) { return field.name == "about" && field.person; });
  return person ? &kind.table.columns[static_cast<std::size_t>(column)] : nullptr;
}

// A record that stands with whoever made it, and names another person, is told of that one; of somebody whom nobody
// knows where nobody knows whom it names.
void give_to_whom_it_is_about(Raw& raw) {
  std::vector<const Column*> about;
  for (const RawKind& kind : raw.kinds) about.push_back(about_whom(kind));
  RawEvents& events = raw.person_events;
  const std::uint32_t nobody_said = raw.words.find(unsaid), unknown = raw.words.add(not_known);
  std::vector<std::uint8_t> untold(raw.kinds.size());  // 1: some row does not say whose it is; 2: nor whom it is about
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Column* named = about[events.kind(i)];
    std::int64_t word = named && events.subject(i) != nobody ? named->values[events.row(i)] : missing;
    if (word == unreadable) word = unknown, untold[events.kind(i)] |= 2;
    if (events.subject(i) == unknown) untold[events.kind(i)] |= 1;
    if (!is_value(word)) continue;
    if (events.actor(i) == nobody || events.actor(i) == nobody_said) events.set_actor(i, events.subject(i));
    events.set_subject(i, static_cast<std::uint32_t>(word));
  }
  for (std::size_t kind = 0; kind < untold.size(); ++kind) {
    const auto said = raw.supplier.find(raw.kinds[kind].name + ".about");
    if ((untold[kind] & 2) == 0 || said == raw.supplier.end()) continue;
    std::string& whose = raw.supplier[subject_key(person_key(raw.kinds[kind].name))];
    whose = (untold[kind] & 1) == 0 || whose.empty() ? said->second : fmt::format("{} or {}", whose, said->second);
  }
}

}  // namespace

History finish(Raw& raw, const Mapping& mapping, const Schema& schema, const time::Zone& zone, unsigned threads) {
  History history;
  finish_subjects(raw, mapping, history);
  give_to_whom_it_is_about(raw);
  const WordIndex people = finish_people(raw, mapping, schema, history);
  make_leave_starts(raw);
  const AsCreated created = as_created(raw, history.deals);
  const AsCreated nobody_changes(raw.kinds.size());
  Ordered deals = order_events(raw, raw.deal_events, raw.deal_of, history.deals.size(), created, zone, threads);
  Ordered persons =
      order_events(raw, raw.person_events, people, history.people.names.size(), nobody_changes, zone, threads);
  name_apart(raw, deals, raw.deal_events), name_apart(raw, persons, raw.person_events);
  report_misfits(raw, schema, deals, history.deals, created, threads);
  raw.deals = Table(), raw.deal_rows = {};  // their memory is for the timelines
  finish_events(raw, std::move(deals), std::move(persons), people, history, threads);
  history.extent = extent_of(history, threads);
  for (Timeline* events : {&history.deal_events, &history.person_events}) {
    events->by_kind = by_kind(*events, history.kinds.size(), threads);
  }
  history.complete_until = mapping.complete_until;
  finish_coverage(raw, mapping, schema, history.coverage, history.complete_until);
  history.mapped = !mapping.path.empty();
  finish_contacts(raw, history);
  finish_rates(raw, history);
  for (const auto& [name, what] : mapping.told_by) raw.supplier.emplace(told_key(name), what);
  history.supplier = std::move(raw.supplier);
  history.words = raw.words.take();
  return history;
}

}  // namespace plumb::history::loading
