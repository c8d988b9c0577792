#include "history/load_facts.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "history/words.h"

namespace plumb::history::loading {

Fate refuse(Run& run, const std::string& message) {
  run.raw.complain(run.place, true, [&] { return message; });
  return Fate::refused;
}

namespace {

// A leave that nobody has ended yet; the last day that calendars tabulate.
const Day without_end = *time::day_of(2200, 12, 31);

void unreadable_cell(Run& run) {
  ++run.raw.files[run.place.file].unreadable_cells;
  run.raw.complain(run.place, false, [&] { return run.reader.why; });
}

// ---- cells ----------------------------------------------------------------------------------------------------------

// The word that says what a row is about. Missing: `nobody`, and the row is refused.
std::uint32_t word_of(Run& run, CellPlan& plan, std::string_view what) {
  const std::int64_t word = run.reader.word(plan);
  if (is_value(word)) return static_cast<std::uint32_t>(word);
  if (word == unreadable) {
    refuse(run, run.reader.why);
  } else if (plan.given) {
    refuse(run, fmt::format("{} is empty, and the row does not say which {} it is about", plan.label, what));
  } else {
    refuse(run, fmt::format("the row does not say which {} it is about", what));
  }
  return nobody;
}

// Missing: unknown when empty. False, and the row is refused, when it cannot be read.
bool read_day(Run& run, CellPlan& plan, Day& day) {
  if (!plan.given) return true;
  const std::int64_t value = run.reader.day(plan);
  if (value == unreadable) {
    refuse(run, run.reader.why);
    return false;
  }
  if (is_value(value)) day = Day{static_cast<std::int32_t>(value)};
  return true;
}

// Missing: unknown when empty. Where nobody knows it, because the cell says so, cannot be read, or another part of the
// table has the column, it is unsaid.
void read_day(Run& run, CellPlan& plan, Day& day, bool& unsaid) {
  unsaid = plan.given ? run.reader.is_unknown(plan) : plan.unsaid;
  if (!plan.given || unsaid) return;
  const std::int64_t value = run.reader.day(plan);
  unsaid = value == unreadable;
  if (unsaid) unreadable_cell(run);
  if (is_value(value)) day = Day{static_cast<std::int32_t>(value)};
}

Instant read_recorded(Run& run, CellPlan& plan, Instant otherwise) {
  if (run.reader.is_unknown(plan)) return Instant::unknown();
  const Moment moment = run.reader.moment(plan);
  if (moment.got == Moment::Got::empty) return otherwise;
  // A date is no instant; of a fact of that day alone it says no more than the fact.
  const bool instant = moment.got == Moment::Got::value && (!moment.by_day || moment.at == otherwise);
  if (instant) return moment.at;
  if (moment.got == Moment::Got::value) {
    run.reader.why = fmt::format("{}: a date without a time of day does not say when it was recorded", plan.label);
  }
  unreadable_cell(run);
  return Instant::unknown();
}

void push(Column& column, bool own_time, const Cell& cell, Instant recorded) {
  column.values.push_back(cell.value);
  if (column.type == ValueType::money) column.currency.push_back(cell.currency);
  if (own_time) column.recorded.push_back(recorded);
}

// A row in the making behind the table's rows. False, and nothing is left of it, when a cell refuses the row.
bool append(Run& run, Target& target, Table& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    Cell cell{unobserved, 0, false};
    Instant recorded = as_row;
    if (c < target.columns.size()) {
      FieldPlan& plan = target.columns[c];
      cell = run.reader.read(plan.cell);
      if (cell.refused) {
        refuse(run, run.reader.why);
        table.discard();
        return false;
      }
      if (cell.value == unreadable && !cell.known_unknown) unreadable_cell(run);
      if (plan.recorded.given) recorded = read_recorded(run, plan.recorded, as_row);
    }
    push(table.columns[c], table.own_time[c], cell, recorded);
  }
  return true;
}

// ---- what every event has -------------------------------------------------------------------------------------------

constexpr std::pair<std::string_view, Source> source_words[] = {{"claim", Source::claim},
                                                                {"third_party", Source::third_party},
                                                                {"buyer", Source::buyer},
                                                                {"system", Source::system}};

Source read_source(Run& run, CellPlan& plan) {
  if (!plan.given) return Source::none;
  const std::int64_t word = run.reader.word(plan);
  if (word == missing) return Source::none;
  if (is_value(word)) {
    const auto known = static_cast<std::uint32_t>(word);
    if (known == run.source_word) return run.source;
    const std::string_view name = run.raw.words[known];
    for (const auto& [written, source] : source_words) {
      if (!same_letters(name, written)) continue;
      run.source_word = known;
      return run.source = source;
    }
    run.reader.why = fmt::format("{}: {} is none of claim, third_party, buyer, system", plan.label, in_ticks(name));
  }
  unreadable_cell(run);
  return Source::none;
}

// `?` is somebody: whoever nobody knows. Rows of a file that lacks the column are such, where those of another tell.
std::uint32_t read_actor(Run& run, CellPlan& plan) {
  if (!plan.given) return plan.unsaid ? run.raw.words.add(unsaid) : nobody;
  if (run.reader.is_unknown(plan)) return run.raw.words.add(not_known);
  const std::int64_t word = run.reader.word(plan);
  if (is_value(word)) return static_cast<std::uint32_t>(word);
  if (word == unreadable) unreadable_cell(run);
  return word == missing && run.unnamed_actor != 0 ? run.unnamed_actor : nobody;
}

void read_sequence(Run& run, CellPlan& plan, RawEvent& event) {
  if (!plan.given) {
    if (!run.spec.file_order_is_sequence) return;
    event.sequence = Sequence::place;
    const FileRows& file = run.raw.files[run.place.file];
    if (file.ranks == nullptr || file.ranks->empty()) return;
    event.cell = RawEvent::place_number(file.table, (*file.ranks)[run.place.row]);
    return;
  }
  const std::string_view text = run.reader.text(plan);
  if (text.empty()) return;
  event.sequence = Sequence::cell;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), event.cell);
  if (error == std::errc{} && end == text.data() + text.size()) return;
  event.cell = missing;
  run.reader.why = fmt::format("{}: {} is no whole number", plan.label, in_ticks(text));
  unreadable_cell(run);
}

// What happened at a time that cannot be read happened all the same: nobody knows when.
void read_event(Run& run, RowPlan& plan, RawEvent& event) {
  const Moment at = run.reader.moment(plan.at);
  if (at.got == Moment::Got::unreadable) unreadable_cell(run);
  event.at = at.at;
  event.by_day = at.by_day;
  const Instant otherwise = run.mapping.recorded_is_at ? event.at : Instant::unknown();
  event.recorded = plan.recorded.given ? read_recorded(run, plan.recorded, otherwise) : otherwise;
  event.actor = read_actor(run, plan.actor);
  event.source = read_source(run, plan.source);
  read_sequence(run, plan.sequence, event);
  if (plan.contact.given) {
    const std::int64_t contact = run.reader.word(plan.contact);
    if (contact == unreadable) unreadable_cell(run);
    event.contact = is_value(contact) ? static_cast<std::uint32_t>(contact) : 0;
  }
  if (plan.id.given) {
    const std::int64_t id = run.reader.word(plan.id);
    event.id = is_value(id) ? static_cast<std::uint32_t>(id) : 0;
  }
  event.place = run.place;
}

// ---- the kinds of rows ----------------------------------------------------------------------------------------------

bool same_statement(const RawEvent& a, const RawEvent& b) {
  return a.at == b.at && a.by_day == b.by_day && a.recorded == b.recorded && a.actor == b.actor && a.source == b.source;
}

Fate stands_already(Run& run, std::string_view what, std::uint32_t word, Place where) {
  return refuse(run, fmt::format("{} {} already stands at {} with other values", what, in_ticks(run.raw.words[word]),
                                 run.raw.cite(where)));
}

Fate say_again(Run& run, Place where) {
  run.raw.files[run.place.file].note_twin(run.place.row, where);
  return Fate::merged;
}

Fate run_deal(Run& run, RowPlan& plan) {
  Raw& raw = run.raw;
  RawEvent event;
  RawSubject deal;
  deal.word = word_of(run, plan.subject, "deal");
  if (deal.word == nobody) return Fate::refused;
  read_event(run, plan, event);
  const bool unknown = run.reader.is_unknown(plan.account);
  const std::int64_t account = unknown ? unobserved : run.reader.word(plan.account);
  if (account == unreadable) unreadable_cell(run);
  deal.account = is_value(account)                  ? static_cast<std::uint32_t>(account)
                 : unknown || account == unreadable ? nobody
                 : plan.account.unsaid              ? raw.words.add(unsaid)
                                                    : 0;
  if (!append(run, plan.targets[0], raw.deals)) return Fate::refused;
  if (const std::uint32_t other = raw.deal_of.find(deal.word); other != nobody) {
    const RawSubject& earlier = raw.deal_rows[other];
    const bool same = earlier.account == deal.account && same_statement(raw.deal_events[earlier.created], event) &&
                      raw.deals.same(raw.deals, raw.deals.rows, other);
    raw.deals.discard();
    return same ? say_again(run, earlier.place) : stands_already(run, "deal", deal.word, earlier.place);
  }
  event.subject = deal.word;
  deal.place = run.place;
  deal.created = static_cast<std::uint32_t>(raw.deal_events.size());
  event.row = raw.deals.rows;
  raw.deal_of.set(deal.word, raw.deals.rows);
  raw.deals.commit();
  raw.deal_rows.push_back(deal);
  raw.deal_events.push_back(event);
  return Fate::used;
}

Fate run_account(Run& run, RowPlan& plan) {
  Raw& raw = run.raw;
  RawSubject account;
  account.word = word_of(run, plan.subject, "account");
  if (account.word == nobody || !append(run, plan.targets[0], raw.accounts)) return Fate::refused;
  if (const std::uint32_t other = raw.account_of.find(account.word); other != nobody) {
    const bool same = raw.accounts.same(raw.accounts, raw.accounts.rows, other);
    raw.accounts.discard();
    const Place earlier = raw.account_rows[other].place;
    return same ? say_again(run, earlier) : stands_already(run, "account", account.word, earlier);
  }
  account.place = run.place;
  raw.account_of.set(account.word, raw.accounts.rows);
  raw.accounts.commit();
  raw.account_rows.push_back(account);
  return Fate::used;
}

Fate run_person(Run& run, RowPlan& plan) {
  RawPersonRow person;
  person.word = word_of(run, plan.subject, "person");
  if (person.word == nobody) return Fate::refused;
  if (!read_day(run, plan.from, person.from)) return Fate::refused;
  read_day(run, plan.joined, person.joined, person.joined_unsaid);
  read_day(run, plan.left, person.left, person.left_unsaid);
  if (!append(run, plan.targets[0], run.raw.people)) return Fate::refused;
  run.raw.people.commit();
  person.place = run.place;
  run.raw.person_rows.push_back(person);
  return Fate::used;
}

Fate run_contact(Run& run, RowPlan& plan) {
  RawContact contact;
  RawEvent since;
  contact.word = word_of(run, plan.subject, "contact");
  if (contact.word == nobody) return Fate::refused;
  contact.deal = word_of(run, plan.deal, "deal");
  if (contact.deal == nobody) return Fate::refused;
  read_event(run, plan, since);
  if (!append(run, plan.targets[0], run.raw.contacts)) return Fate::refused;
  run.raw.contacts.commit();
  // Without a time it is one for as long as the deal is there.
  const bool said = plan.at.given && run.reader.moment(plan.at).got != Moment::Got::empty;
  constexpr std::uint8_t nobody_knows = 2;
  contact.since = since.at, contact.by_day = said && !since.at.known() ? nobody_knows : since.by_day;
  contact.recorded = since.recorded, contact.source = since.source;
  contact.place = run.place;
  run.raw.contact_rows.push_back(contact);
  return Fate::used;
}

// A currency in three capitals, a dictionary word. Missing: `nobody`, and the row is refused.
std::uint32_t read_currency(Run& run, CellPlan& plan) {
  const std::string_view text = run.reader.text(plan);
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() == 3 && std::all_of(text.begin(), text.end(), capital)) return run.raw.words.add(text);
  refuse(run, fmt::format("{}: {} is no currency in three capitals, such as USD", plan.label, in_ticks(text)));
  return nobody;
}

Fate run_rate(Run& run, RowPlan& plan) {
  RawRate rate;
  rate.place = run.place;
  if (!read_day(run, plan.at, rate.day)) return Fate::refused;
  if (!rate.day.known()) return refuse(run, "the row does not say from which day on the rate is");
  rate.from = read_currency(run, plan.from);
  rate.into = rate.from == nobody ? nobody : read_currency(run, plan.to);
  if (rate.into == nobody) return Fate::refused;
  if (run.reader.is_unknown(plan.rate))
    return refuse(run, fmt::format("{} is `?`: a rate that nobody knows converts nothing", plan.rate.label));
  const Cell cell = run.reader.read(plan.rate);
  if (cell.value == unreadable) return refuse(run, run.reader.why);
  if (!is_value(cell.value) || cell.value <= 0) {
    return refuse(run, fmt::format("{}: {} is no rate, which is a number of more than 0", plan.rate.label,
                                   in_ticks(run.reader.text(plan.rate))));
  }
  if (rate.from == rate.into) return refuse(run, "a rate is from one currency to another");
  rate.rate = Decimal{cell.value};
  run.raw.rates.push_back(rate);
  return Fate::used;
}

// A day that is there, be it that nobody knows which: then unknown. False where the cell is empty.
bool may_read_day(Run& run, CellPlan& plan, Day& day) {
  if (run.reader.is_unknown(plan)) return true;
  const std::int64_t value = plan.given ? run.reader.day(plan) : missing;
  if (value == unreadable) unreadable_cell(run);
  if (is_value(value)) day = Day{static_cast<std::int32_t>(value)};
  return value != missing;
}

Fate run_leave(Run& run, RowPlan& plan) {
  RawLeave leave;
  leave.word = word_of(run, plan.subject, "person");
  if (leave.word == nobody) return Fate::refused;
  if (!may_read_day(run, plan.from, leave.from)) return refuse(run, "the row does not say from when the leave is");
  // Nobody has ended it yet.
  if (!may_read_day(run, plan.to, leave.to)) leave.to = without_end;
  if (leave.from.known() && leave.to.known() && leave.to < leave.from) {
    return refuse(run, fmt::format("the leave ends on {}, before it begins on {}", time::to_text(leave.to),
                                   time::to_text(leave.from)));
  }
  if (leave.from.known()) leave.at = run.reader.default_zone.start_of(leave.from);
  const Instant otherwise = run.mapping.recorded_is_at ? leave.at : Instant::unknown();
  leave.recorded = plan.recorded.given ? read_recorded(run, plan.recorded, otherwise) : otherwise;
  leave.place = run.place;
  run.raw.leave.push_back(leave);
  return Fate::used;
}

bool read_bound(Run& run, CellPlan& plan, Instant& bound) {
  const Moment moment = run.reader.moment(plan);
  if (moment.got == Moment::Got::value) bound = moment.at;
  if (moment.got != Moment::Got::unreadable) return true;
  refuse(run, run.reader.why);
  return false;
}

// What is never observed says so where it would say from when on it is.
bool is_never(Run& run, CellPlan& plan) { return plan.given && same_letters(run.reader.text(plan), "never"); }

Fate run_coverage(Run& run, RowPlan& plan) {
  const std::uint32_t what = word_of(run, plan.name, "fact");
  time::Interval interval{Instant::unknown(), Instant::max()};
  const bool never = what != nobody && is_never(run, plan.from);
  if (never) {
    interval.from = Instant::max();
  } else if (what == nobody || !read_bound(run, plan.from, interval.from) ||
             !read_bound(run, plan.to, interval.until)) {
    return Fate::refused;
  }
  if (!never && interval.until <= interval.from) return refuse(run, "the time of observation ends before it begins");
  const bool complete = run.raw.words[what] == complete_until_row;
  if (complete && (interval.from.known() || interval.until == Instant::max())) {
    return refuse(run, "`complete until` has an `until` and no `from`: from then on the folder knows nothing");
  }
  const auto [at, fresh] = run.raw.coverage.emplace(std::string(run.raw.words[what]), std::pair(interval, run.place));
  if (fresh) return Fate::used;
  if (at->second.first == interval) return say_again(run, at->second.second);
  return stands_already(run, "the coverage of", what, at->second.second);
}

// The target of a name that stands nowhere as it is. Missing: not_declared.
std::uint32_t target_of_alike(const Run& run, const RowPlan& plan, std::string_view name) {
  if (plan.name.rename_all) return not_declared;
  const auto found = plan.target_of.find(run.raw.declared(plan.of, name));
  return found == plan.target_of.end() ? not_declared : found->second;
}

// Missing: not_declared when the rulebook declares no such name. False, and the row is refused, when there is none.
bool find_target(Run& run, RowPlan& plan, std::uint32_t& target) {
  target = 0;
  if (!plan.name_matters) return true;
  const std::string_view name = run.reader.text(plan.name);
  if (const std::int64_t* known = plan.known.find(name)) {
    target = static_cast<std::uint32_t>(*known);
    return true;
  }
  const auto found = plan.target_of.find(name);
  if (found == plan.target_of.end() && name.empty()) {
    refuse(run, plan.name.given ? fmt::format("{} is empty", plan.name.label) : "the row does not say what happened");
    return false;
  }
  if (found == plan.target_of.end() && plan.name.rename_all) {
    refuse(run, fmt::format("{}: the mapping does not say what {} is", plan.name.label, in_ticks(name)));
    return false;
  }
  target = found == plan.target_of.end() ? target_of_alike(run, plan, name) : found->second;
  plan.known.keep(name, target);
  return true;
}

bool enters_a_stage(Run& run, RowPlan& plan) {
  // It left where it was, for nobody knows where.
  if (run.reader.is_unknown(plan.to)) return true;
  const std::int64_t to = run.reader.word(plan.to);
  if (is_value(to)) return true;
  refuse(run, to == unreadable ? run.reader.why
              : plan.to.given  ? fmt::format("{} is empty, and a move goes to a stage", plan.to.label)
                               : std::string("the mapping does not say to which stage a move goes"));
  return false;
}

// What somebody states about nobody in particular stands with the one who states it.
std::uint32_t subject_of(Run& run, RowPlan& plan, bool person) {
  const bool of_nobody = person && plan.subject.given && run.reader.text(plan.subject).empty();
  const std::uint32_t actor = of_nobody && plan.actor.given ? read_actor(run, plan.actor) : nobody;
  return actor != nobody ? actor : word_of(run, plan.subject, person ? "person" : "deal");
}

Fate run_event(Run& run, RowPlan& plan) {
  Raw& raw = run.raw;
  std::uint32_t target = 0;
  if (!find_target(run, plan, target)) return Fate::refused;
  if (target == not_declared) {
    run.unknown.push_back(&plan);
    return Fate::ignored;
  }
  const bool person = plan.spec->kind == RowKind::record && plan.spec->about_person;
  RawEvent event;
  event.subject = subject_of(run, plan, person);
  if (event.subject == nobody) return Fate::refused;
  if (plan.spec->kind == RowKind::move && !enters_a_stage(run, plan)) return Fate::refused;
  read_event(run, plan, event);
  event.kind = plan.targets[target].kind;
  RawKind& kind = raw.kinds[event.kind];
  event.row = kind.table.rows;
  if (!append(run, plan.targets[target], kind.table)) return Fate::refused;
  kind.table.commit();
  (person ? raw.person_events : raw.deal_events).push_back(event);
  return Fate::used;
}

}  // namespace

Fate run_row(Run& run, RowPlan& plan) {
  switch (plan.spec->kind) {
    case RowKind::deal: return run_deal(run, plan);
    case RowKind::account: return run_account(run, plan);
    case RowKind::person: return run_person(run, plan);
    case RowKind::leave: return run_leave(run, plan);
    case RowKind::contact: return run_contact(run, plan);
    case RowKind::rate: return run_rate(run, plan);
    case RowKind::coverage: return run_coverage(run, plan);
    case RowKind::refused: return refuse(run, plan.spec->because);
    default: return run_event(run, plan);
  }
}

}  // namespace plumb::history::loading
