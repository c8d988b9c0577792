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

ObservableNames::ObservableNames(const Schema& schema)
    : names_{"everything", "created", "stage", "owner", "account", "recorded", "joined",
             "left",       "leave",   "role",  "team",  "manager", "active",   "contact"},
      stages_(schema.stages) {
  for (const std::string& stage : schema.stages) {
    for (std::string& spelling : spelled_out(stage)) stages_.push_back(std::move(spelling));
  }
  const auto take = [&](const std::vector<SchemaField>& fields) {
    for (const SchemaField& field : fields) names_.push_back(field.name);
  };
  take(schema.deal_fields), take(schema.account_fields), take(schema.person_fields), take(schema.contact_fields);
  for (const auto* kinds : {&schema.activities, &schema.records}) {
    for (const SchemaKind& kind : *kinds) {
      names_.push_back(kind.name);
      take(kind.fields);
    }
  }
}

bool ObservableNames::has(const std::string& name) const {
  if (!name.starts_with(last_entry)) return std::ranges::find(names_, name) != names_.end();
  return std::ranges::find(stages_, std::string_view(name).substr(last_entry.size())) != stages_.end();
}

std::string_view ObservableNames::near(const std::string& name) const {
  if (!name.starts_with(last_entry)) return nearest_word(name, names_);
  return nearest_word(std::string_view(name).substr(last_entry.size()), stages_);
}

std::string ObservableNames::unknown(std::string_view what, const std::string& name) const {
  const bool of_stage = name.starts_with(last_entry);
  const std::string_view meant = near(name);
  return fmt::format("{} {} has no effect: the rulebook declares {} of that name{}", what, in_ticks(name),
                     of_stage ? "no stage" : "nothing",
                     meant.empty() ? "" : fmt::format("; did you mean {}?", in_ticks(meant)));
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

// ---- what does not fit together -------------------------------------------------------------------------------------

struct Unknown {
  std::uint64_t rows = 0;
  std::uint32_t word = 0;
  Place first;
};

// Per word: whether some process has a stage of that name, however people write it.
std::vector<std::uint8_t> stages_known(const Raw& raw, const Schema& schema) {
  std::vector<std::uint8_t> known(raw.words.size(), 0);
  for (std::uint32_t word = 0; word < known.size(); ++word) known[word] = is_untold_stage(raw.words[word]) ? 1 : 0;
  const auto is_known = [&](const std::string& stage) {
    if (const std::uint32_t word = raw.words.find(stage); word != Dictionary::none) known[word] = 1;
  };
  for (const std::string& stage : schema.stages) {
    is_known(stage);
    for (const std::string& spelling : spelled_out(stage)) is_known(spelling);
  }
  return known;
}

void report_stages(Raw& raw, const Schema& schema, const Ordered& ordered) {
  if (schema.stages.empty()) return;
  const std::vector<std::uint8_t> known = stages_known(raw, schema);
  const std::uint16_t moved = raw.kind_of.at({KindClass::move, "moved"});
  const Cells& to_of = raw.kinds[moved].table.columns[1].values;
  const auto fits = [&](std::int64_t to) { return !is_value(to) || known[static_cast<std::size_t>(to)] != 0; };
  if (std::all_of(to_of.begin(), to_of.end(), fits)) return;
  WordIndex index;
  std::vector<Unknown> unknown;
  for (std::uint32_t i : ordered.events) {
    if (raw.deal_events.kind(i) != moved) continue;
    const std::int64_t entered = to_of[raw.deal_events.row(i)];
    if (fits(entered)) continue;
    const auto to = static_cast<std::uint32_t>(entered);
    const Place place = raw.deal_events.place(i);
    if (index.find(to) == nobody) {
      index.set(to, static_cast<std::uint32_t>(unknown.size()));
      unknown.push_back({0, to, place});
    }
    Unknown& seen = unknown[index.find(to)];
    ++seen.rows;
    seen.first = std::min(seen.first, place);
  }
  for (const Unknown& stage : unknown) {
    raw.complain(stage.first, false, [&] {
      const std::string_view name = raw.words[stage.word];
      const std::string_view near = nearest_word(name, schema.stages);
      const std::string rows = stage.rows == 1 ? "1 row" : fmt::format("{} rows", stage.rows);
      const std::string says = fmt::format("; did you mean {}? Then say there `was \"{}\"`", in_ticks(near), name);
      return fmt::format("no process has a stage {} ({}){}", in_ticks(name), rows, near.empty() ? "" : says);
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
  std::uint32_t deal = nobody;  // whose own row says what was known; nobody: the change before does
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

// The kinds of moves and changes whose `from` says something. Rows: kinds.
std::vector<std::uint8_t> chained(const Raw& raw) {
  std::vector<std::uint8_t> kinds;
  for (const RawKind& kind : raw.kinds) {
    const bool two = kind.of == KindClass::move || kind.of == KindClass::change;
    const auto said = [](std::int64_t from) { return from != unobserved; };
    kinds.push_back(two && std::any_of(kind.table.columns[0].values.begin(), kind.table.columns[0].values.end(), said));
  }
  return kinds;
}

struct Breaks {
  const Raw& raw;
  const Ordered& ordered;
  const std::vector<std::uint8_t>& chained;
  const AsCreated& as_created;
  std::vector<Break> of;  // per kind

  void look_at(std::size_t subject, std::vector<std::int64_t>& last, std::vector<bool>& first) {
    const auto observed = [](std::int64_t value) { return is_value(value) || value == missing; };
    for (std::size_t kind = 0; kind < last.size(); ++kind) {
      last[kind] = as_created[kind] ? as_created[kind]->values[subject] : unobserved;
      // An empty cell of a deal says nothing of what it was created with where its changes do.
      if (last[kind] == missing) last[kind] = unobserved;
      first[kind] = true;
    }
    for (std::uint32_t i = ordered.first[subject]; i < ordered.first[subject + 1]; ++i) {
      const std::uint32_t event = ordered.events[i];
      const std::uint16_t kind = raw.deal_events.kind(event);
      // Of what has no time nobody knows what came before it.
      if (chained[kind] == 0 || !raw.deal_events.at(event).known()) continue;
      const auto& columns = raw.kinds[kind].table.columns;
      const std::uint32_t row = raw.deal_events.row(event);
      const std::int64_t from = columns[0].values[row];
      if (observed(from) && observed(last[kind]) && from != last[kind]) {
        const auto deal = first[kind] ? static_cast<std::uint32_t>(subject) : nobody;
        add(kind, {1, raw.deal_events.place(event), from, last[kind], deal});
      }
      first[kind] = false;
      last[kind] = columns[1].values[row];
    }
  }
  void add(std::size_t kind, const Break& found) {
    Break& all = of[kind];
    const std::uint64_t rows = all.rows + found.rows;
    if (all.rows == 0 || (found.rows > 0 && found.first < all.first)) all = found;
    all.rows = rows;
  }
};

AsCreated as_created(const Raw& raw, const Subjects& deals) {
  AsCreated found(raw.kinds.size());
  for (std::size_t kind = 0; kind < raw.kinds.size(); ++kind) {
    const int column = raw.kinds[kind].of == KindClass::change ? deals.column(raw.kinds[kind].name) : -1;
    if (column >= 0) found[kind] = &deals.columns[static_cast<std::size_t>(column)];
  }
  return found;
}

// A change or move that says it begins where the one before did not end. Said once per kind; the new value wins.
void report_breaks(Raw& raw, const Ordered& ordered, const Subjects& deals, const AsCreated& as_created,
                   unsigned threads) {
  const std::vector<std::uint8_t> kinds = chained(raw);
  if (std::count(kinds.begin(), kinds.end(), 1) == 0) return;
  const std::vector<Range> ranges = ranges_of(ordered.first);
  const std::vector<Break> none(raw.kinds.size());
  std::vector<Breaks> found(ranges.size() + 1, Breaks{raw, ordered, kinds, as_created, none});
  in_parallel(threads, ranges.size(), [&](unsigned, std::size_t task) {
    std::vector<std::int64_t> last(raw.kinds.size());
    std::vector<bool> first(raw.kinds.size());
    for (std::size_t s = ranges[task].begin; s < ranges[task].end; ++s) found[task].look_at(s, last, first);
  });
  Breaks& all = found.back();
  for (std::size_t range = 0; range < ranges.size(); ++range) {
    for (std::size_t k = 0; k < none.size(); ++k) all.add(k, found[range].of[k]);
  }
  const std::vector<Break>& breaks = all.of;
  for (std::size_t k = 0; k < breaks.size(); ++k) {
    if (breaks[k].rows == 0) continue;
    raw.complain(breaks[k].first, false, [&] {
      const Break& found = breaks[k];
      const RawKind& kind = raw.kinds[k];
      const ValueType type = kind.table.columns[0].type;
      if (found.deal != nobody) {
        const Origin row = deals.origin[found.deal];
        return fmt::format(
            "a change from {}, and {}:{} says {} as of creation (such rows of `{}`: {}); the change counts",
            shown(raw, type, found.stated), raw.files[row.file].stands_in, row.line, shown(raw, type, found.known),
            kind.name, found.rows);
      }
      return fmt::format("{} from {}, and the one before went to {} (such rows of `{}`: {}); the new value counts",
                         kind.of == KindClass::move ? "a move" : "a change", shown(raw, type, found.stated),
                         shown(raw, type, found.known), kind.name, found.rows);
    });
  }
}

// `record action`: of what a field has the name of, too, it can be said that it is never observed. False for any other
// row of coverage.
bool take_never(Raw& raw, std::string_view what, const time::Interval& interval) {
  if (interval.from != Instant::max()) return false;
  for (const KindClass of : {KindClass::activity, KindClass::record}) {
    const std::string sort = of == KindClass::activity ? "activity " : "record ";
    if (!what.starts_with(sort)) continue;
    const std::string name(what.substr(sort.size()));
    if (raw.kind_of.count({of, name}) == 0) continue;
    raw.supplier.erase(time_key(name));
    return true;
  }
  return false;
}

void finish_coverage(Raw& raw, const Mapping& mapping, const Schema& schema, Coverage& coverage,
                     Instant& complete_until) {
  coverage = mapping.coverage;
  const ObservableNames observable(schema);
  for (const auto& [what, interval] : raw.coverage) {
    if (what == complete_until_row) {
      complete_until = std::min(complete_until, interval.first.until);
      continue;
    }
    if (take_never(raw, what, interval.first)) continue;
    // Stages that no rulebook has are told of in what was imported; one that is nearly called so is a slip.
    const bool slip = !what.starts_with(last_entry) || !observable.near(what).empty();
    if (slip && !observable.has(what)) {
      raw.complain(interval.second, false, [&, &name = what] { return observable.unknown("the coverage of", name); });
    }
    (what == "everything" ? coverage.everything : coverage.of[what]) = interval.first;
  }
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
  report_unknown_names(raw);
  report_stages(raw, schema, deals);
  report_breaks(raw, deals, history.deals, created, threads);
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
