#include "history/load_finish.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "history/load_order.h"
#include "history/words.h"

namespace plumb::history::loading {

Column gather(const Column& column, bool own_time, const std::vector<std::uint32_t>& rows,
              const std::vector<Instant>& row_time) {
  Column result;
  result.name = column.name;
  result.type = column.type;
  result.values.reserve(rows.size());
  for (std::uint32_t row : rows) result.values.push_back(column.values[row]);
  if (column.type == ValueType::money) {
    result.currency.reserve(rows.size());
    for (std::uint32_t row : rows) result.currency.push_back(column.currency[row]);
  }
  if (!own_time) return result;
  result.recorded.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Instant own = column.recorded[rows[i]];
    result.recorded.push_back(own == as_row ? row_time[i] : own);
  }
  return result;
}

std::vector<std::uint32_t> by_text(const Dictionary& words, const std::vector<std::uint32_t>& ids) {
  std::vector<std::uint32_t> rows(ids.size());
  std::iota(rows.begin(), rows.end(), 0u);
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return words[ids[a]] < words[ids[b]]; });
  return rows;
}

bool has_rows(const Mapping& mapping, RowKind kind) {
  return std::any_of(mapping.files.begin(), mapping.files.end(), [&](const FileSpec& file) {
    return std::any_of(file.rows.begin(), file.rows.end(), [&](const RowSpec& row) { return row.kind == kind; });
  });
}

std::vector<std::string> observable_names(const Schema& schema) {
  std::vector<std::string> names{"everything", "created", "stage", "owner", "account", "recorded",
                                 "joined",     "left",    "leave", "role",  "team",    "manager"};
  const auto take = [&](const std::vector<SchemaField>& fields) {
    for (const SchemaField& field : fields) names.push_back(field.name);
  };
  take(schema.deal_fields), take(schema.account_fields), take(schema.person_fields), take(schema.contact_fields);
  for (const auto* kinds : {&schema.activities, &schema.records}) {
    for (const SchemaKind& kind : *kinds) {
      names.push_back(kind.name);
      take(kind.fields);
    }
  }
  return names;
}

std::string unknown_coverage(const std::string& name, const std::vector<std::string>& observable) {
  const std::string_view near = nearest_word(name, observable);
  return fmt::format("the coverage of {} has no effect: the rulebook declares nothing of that name{}", in_ticks(name),
                     near.empty() ? "" : fmt::format("; did you mean {}?", in_ticks(near)));
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
    const RawEvent event = raw.deal_events[i];
    if (raw.deal_of.find(event.subject) != nobody) continue;
    raw.deal_of.set(event.subject, raw.deals.rows);
    push_unobserved(raw.deals);
    raw.deal_rows.push_back({event.subject, event.place, 0, static_cast<std::uint32_t>(raw.deal_events.size())});
    RawEvent created;
    created.subject = event.subject;
    created.place = event.place;
    raw.deal_events.push_back(created);
  }
}

void refuse_orphans(Raw& raw) {
  for (RawEvent& event : raw.deal_events) {
    if (raw.deal_of.find(event.subject) != nobody) continue;
    raw.refuse(event.place);
    raw.complain(event.place, true, [&] {
      return fmt::format("no row says that there is a deal {}", in_ticks(raw.words[event.subject]));
    });
    event.subject = nobody;
  }
}

// An account holds deals together even when no file describes it.
void make_accounts(Raw& raw) {
  const bool described = !raw.account_rows.empty();
  for (const RawSubject& deal : raw.deal_rows) {
    if (deal.account == 0 || raw.account_of.find(deal.account) != nobody) continue;
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
  for (const RawSubject& row : rows) ids.push_back(row.word);
  const std::vector<std::uint32_t> order = by_text(raw.words, ids);
  std::vector<Instant> row_time;
  for (std::uint32_t row : order) {
    index.set(rows[row].word, static_cast<std::uint32_t>(subjects.ids.size()));
    subjects.ids.push_back(rows[row].word);
    subjects.origin.push_back(raw.origin(rows[row].place));
    const bool deals = &rows == &raw.deal_rows;
    row_time.push_back(deals ? raw.deal_events[rows[row].created].recorded : Instant::unknown());
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    subjects.columns.push_back(gather(table.columns[c], table.own_time[c], order, row_time));
  }
  return order;
}

void finish_subjects(Raw& raw, const Mapping& mapping, History& history) {
  if (has_rows(mapping, RowKind::deal)) {
    refuse_orphans(raw);
  } else {
    make_deals(raw);
  }
  make_accounts(raw);
  fill_subjects(raw, raw.accounts, raw.account_rows, raw.account_of, history.accounts);
  const std::vector<std::uint32_t> order = fill_subjects(raw, raw.deals, raw.deal_rows, raw.deal_of, history.deals);
  for (std::uint32_t row : order) history.deal_account.push_back(raw.account_of.find(raw.deal_rows[row].account));
}

// ---- events ---------------------------------------------------------------------------------------------------------

// The new rows of every kind: in the order of the timelines, what was refused or merged left out.
struct KindRows {
  std::vector<std::vector<std::uint32_t>> old;
  std::vector<std::vector<Instant>> recorded;
};

Timeline fill_timeline(const Raw& raw, const std::vector<RawEvent>& events, Ordered ordered, const WordIndex& people,
                       KindRows& kinds) {
  Timeline timeline;
  timeline.first = std::move(ordered.first);
  const std::size_t size = ordered.events.size();
  timeline.at.reserve(size), timeline.recorded.reserve(size), timeline.kind.reserve(size), timeline.row.reserve(size);
  timeline.actor.reserve(size), timeline.source.reserve(size), timeline.by_day.reserve(size),
      timeline.origin.reserve(size);
  for (std::uint32_t i : ordered.events) {
    const RawEvent& event = events[i];
    auto& rows = kinds.old[event.kind];
    timeline.at.push_back(event.at);
    timeline.recorded.push_back(event.recorded);
    timeline.kind.push_back(event.kind);
    timeline.row.push_back(static_cast<std::uint32_t>(rows.size()));
    timeline.actor.push_back(event.actor == nobody ? nobody : people.find(event.actor));
    timeline.source.push_back(event.source);
    timeline.by_day.push_back(event.by_day);
    timeline.origin.push_back(raw.origin(event.place));
    if (event.contact != 0 && timeline.contact.empty()) timeline.contact.assign(timeline.at.size() - 1, 0);
    if (event.contact != 0 || !timeline.contact.empty()) timeline.contact.push_back(event.contact);
    rows.push_back(event.row);
    kinds.recorded[event.kind].push_back(event.recorded);
  }
  return timeline;
}

void fill_kinds(Raw& raw, const KindRows& rows, std::vector<Kind>& kinds) {
  for (std::size_t k = 0; k < raw.kinds.size(); ++k) {
    RawKind& kind = raw.kinds[k];
    Kind& filled = kinds.emplace_back(Kind{kind.name, kind.of, {}});
    for (std::size_t c = 0; c < kind.table.columns.size(); ++c) {
      filled.columns.push_back(gather(kind.table.columns[c], kind.table.own_time[c], rows.old[k], rows.recorded[k]));
      kind.table.columns[c] = Column();  // half the memory while the next ones are gathered
    }
  }
}

// ---- what does not fit together -------------------------------------------------------------------------------------

struct Unknown {
  std::uint64_t rows = 0;
  std::uint32_t word = 0;
  Place first;
};

void report_stages(Raw& raw, const Schema& schema, const Ordered& ordered) {
  if (schema.stages.empty()) return;
  std::vector<std::uint8_t> known(raw.words.size(), 0);
  for (const std::string& stage : schema.stages) {
    if (const std::uint32_t word = raw.words.find(stage); word != Dictionary::none) known[word] = 1;
  }
  WordIndex index;
  std::vector<Unknown> unknown;
  for (std::uint32_t i : ordered.events) {
    const RawEvent& event = raw.deal_events[i];
    if (event.of != KindClass::move) continue;
    const auto to = static_cast<std::uint32_t>(raw.kinds[event.kind].table.columns[1].values[event.row]);
    if (known[to]) continue;
    if (index.find(to) == nobody) {
      index.set(to, static_cast<std::uint32_t>(unknown.size()));
      unknown.push_back({0, to, event.place});
    }
    Unknown& seen = unknown[index.find(to)];
    ++seen.rows;
    seen.first = std::min(seen.first, event.place);
  }
  for (const Unknown& stage : unknown) {
    raw.complain(stage.first, false, [&] {
      const std::string_view name = raw.words[stage.word];
      const std::string_view near = nearest_word(name, schema.stages);
      const std::string rows = stage.rows == 1 ? "1 row" : fmt::format("{} rows", stage.rows);
      return fmt::format("no process has a stage {} ({}){}", in_ticks(name), rows,
                         near.empty() ? "" : fmt::format("; did you mean {}?", in_ticks(near)));
    });
  }
}

std::string_view word_for(KindClass of) {
  return of == KindClass::change ? "field of deals" : of == KindClass::activity ? "activity" : "record";
}

void report_unknown_names(Raw& raw) {
  for (const auto& [what, unknown] : raw.unknown_names) {
    raw.complain(unknown.first, false, [&, of = what.first, &name = what.second] {
      const std::vector<std::string> declared = raw.names_of(of);
      const std::string_view near = nearest_word(name, declared);
      return fmt::format("the rulebook declares no {} {} ({} ignored){}", word_for(of), in_ticks(name),
                         unknown.rows == 1 ? "1 row" : fmt::format("{} rows", unknown.rows),
                         near.empty() ? "" : fmt::format("; did you mean {}?", in_ticks(near)));
    });
  }
}

struct Break {
  std::uint64_t rows = 0;
  Place first;
  std::int64_t stated = 0, known = 0;
};

std::string shown(const Raw& raw, ValueType type, std::int64_t value) {
  if (!is_value(value)) return "nothing";
  switch (type) {
    case ValueType::text: return in_ticks(raw.words[static_cast<std::uint32_t>(value)]);
    case ValueType::date: return time::to_text(Day{static_cast<std::int32_t>(value)});
    case ValueType::instant: return time::to_text_utc(Instant{value});
    case ValueType::boolean: return value ? "yes" : "no";
    default: return to_text(Decimal{value});
  }
}

// A change or move that says it begins where the one before did not end. Said once per kind; the new value wins.
void report_breaks(Raw& raw, const Ordered& ordered) {
  std::vector<Break> breaks(raw.kinds.size());
  std::vector<std::int64_t> last(raw.kinds.size());
  const auto observed = [](std::int64_t value) { return is_value(value) || value == missing; };
  for (std::size_t s = 0; s + 1 < ordered.first.size(); ++s) {
    std::fill(last.begin(), last.end(), unobserved);
    for (std::uint32_t i = ordered.first[s]; i < ordered.first[s + 1]; ++i) {
      const RawEvent& event = raw.deal_events[ordered.events[i]];
      if (event.of != KindClass::move && event.of != KindClass::change) continue;
      const auto& columns = raw.kinds[event.kind].table.columns;
      const std::int64_t from = columns[0].values[event.row];
      Break& found = breaks[event.kind];
      if (observed(from) && observed(last[event.kind]) && from != last[event.kind]) {
        if (found.rows++ == 0 || event.place < found.first) {
          found = {found.rows, event.place, from, last[event.kind]};
        }
      }
      last[event.kind] = columns[1].values[event.row];
    }
  }
  for (std::size_t k = 0; k < breaks.size(); ++k) {
    if (breaks[k].rows == 0) continue;
    raw.complain(breaks[k].first, false, [&] {
      const Break& found = breaks[k];
      const RawKind& kind = raw.kinds[k];
      const ValueType type = kind.table.columns[0].type;
      return fmt::format("{} from {}, and the one before went to {} (such rows of `{}`: {}); the new value counts",
                         kind.of == KindClass::move ? "a move" : "a change", shown(raw, type, found.stated),
                         shown(raw, type, found.known), kind.name, found.rows);
    });
  }
}

void finish_coverage(Raw& raw, const Mapping& mapping, const Schema& schema, Coverage& coverage) {
  coverage = mapping.coverage;
  const std::vector<std::string> observable = observable_names(schema);
  for (const auto& [what, interval] : raw.coverage) {
    if (std::find(observable.begin(), observable.end(), what) == observable.end()) {
      raw.complain(interval.second, false, [&, &name = what] { return unknown_coverage(name, observable); });
    }
    (what == "everything" ? coverage.everything : coverage.of[what]) = interval.first;
  }
}

}  // namespace

History finish(Raw& raw, const Mapping& mapping, const Schema& schema) {
  History history;
  finish_subjects(raw, mapping, history);
  const WordIndex people = finish_people(raw, mapping, schema, history);
  make_leave_starts(raw);
  KindRows rows{std::vector<std::vector<std::uint32_t>>(raw.kinds.size()),
                std::vector<std::vector<Instant>>(raw.kinds.size())};
  Ordered deals = order_events(raw, raw.deal_events, raw.deal_of, history.deals.size());
  Ordered persons = order_events(raw, raw.person_events, people, history.people.names.size());
  report_unknown_names(raw);
  report_stages(raw, schema, deals);
  report_breaks(raw, deals);
  history.deal_events = fill_timeline(raw, raw.deal_events, std::move(deals), people, rows);
  history.person_events = fill_timeline(raw, raw.person_events, std::move(persons), people, rows);
  fill_kinds(raw, rows, history.kinds);
  finish_coverage(raw, mapping, schema, history.coverage);
  history.complete_until = mapping.complete_until;
  history.mapped = !mapping.path.empty();
  finish_contacts(raw, history);
  finish_rates(raw, history);
  history.supplier = std::move(raw.supplier);
  history.words = std::move(raw.words);
  return history;
}

}  // namespace plumb::history::loading
