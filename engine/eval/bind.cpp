#include "eval/plan.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "eval/naming.h"

namespace plumb::eval {

namespace {

using history::KindClass;

int find_kind(const history::History& history, KindClass of, std::string_view name) {
  for (std::size_t i = 0; i < history.kinds.size(); ++i) {
    if (history.kinds[i].of == of && (name.empty() || history.kinds[i].name == name)) return static_cast<int>(i);
  }
  return -1;
}

const history::Column* find_column(const std::vector<history::Column>& columns, std::string_view name) {
  for (const history::Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

const history::Column* kind_column(const history::History& history, int kind, std::string_view name) {
  return kind < 0 ? nullptr : find_column(history.kinds[static_cast<std::size_t>(kind)].columns, name);
}

// What no column of no file can say is observed never, whatever the coverage claims.
time::Interval observed(const history::History& history, const std::string& name, bool supplied) {
  return supplied ? history.coverage.at(name) : time::Interval{Instant::max(), Instant::max()};
}

bool supplies(const history::History& history, const std::string& name) { return history.supplier.count(name) > 0; }

FieldBinding bind_field(const Plan& plan, const model::Field& field) {
  FieldBinding binding;
  const history::History& history = plan.history;
  const bool qualified = field.built_in && field.owner == model::OwnerKind::record;
  const std::string key = qualified ? plan.book.records[field.record].name + "." + field.name : field.name;
  binding.observed = observed(history, field.name, supplies(history, key));
  switch (field.owner) {
    case model::OwnerKind::deal:
      binding.initial = find_column(history.deals.columns, field.name);
      binding.change_kind = find_kind(history, KindClass::change, field.name);
      binding.change_from = kind_column(history, binding.change_kind, "from");
      binding.change_to = kind_column(history, binding.change_kind, "to");
      binding.changes_observed = observed(history, field.name, supplies(history, history::time_key(field.name)));
      binding.changes_only = binding.change_kind >= 0 && !history::tells(binding.initial);
      break;
    case model::OwnerKind::account: binding.initial = find_column(history.accounts.columns, field.name); break;
    case model::OwnerKind::person: binding.dated = find_column(history.people.columns, field.name); break;
    case model::OwnerKind::activity:
    case model::OwnerKind::record:
      // `where channel is phone` over calls and emails asks each for its own channel, where it has one.
      for (std::size_t kind = 0; kind < history.kinds.size(); ++kind) {
        const KindClass of = history.kinds[kind].of;
        const bool stated = of == KindClass::activity || of == KindClass::record;
        binding.attribute.push_back(stated ? find_column(history.kinds[kind].columns, field.name) : nullptr);
      }
      break;
    case model::OwnerKind::contact: binding.initial = find_column(history.contacts.columns, field.name); break;
  }
  return binding;
}

// Whether an expression, or anything below it, satisfies `leaf`; events below are not entered.
template <class Leaf>
bool any_below(const model::Rulebook& book, Id<model::Expr> id, Leaf leaf) {
  if (!id) return false;
  const model::Expr& expr = book.exprs[id];
  if (leaf(expr)) return true;
  for (Id<model::Expr> arg : expr.args) {
    if (any_below(book, arg, leaf)) return true;
  }
  if (expr.op == model::Op::measure && expr.measure) return any_below(book, book.measures[expr.measure].value, leaf);
  if (expr.op == model::Op::target) {
    for (const model::TargetCase& one : book.targets[expr.target].cases) {
      if (any_below(book, one.value, leaf) || any_below(book, one.where, leaf)) return true;
    }
  }
  if (!expr.aggregate) return false;
  return any_below(book, expr.aggregate->where, leaf) || any_below(book, expr.aggregate->value, leaf);
}

bool moves_by_day(const model::Tails& tails) { return tails.in.has_value() || tails.last_periods != 0; }

bool reads_today(const model::Rulebook& book, const model::Expr& expr) {
  const bool of_person =
      expr.op == model::Op::person_field ||
      (expr.op == model::Op::subject_field && book.fields[expr.field].owner == model::OwnerKind::person);
  const bool on_leave = expr.op == model::Op::situation && expr.situation == model::Situation::on_leave;
  const bool dated =
      on_leave || expr.op == model::Op::target || expr.op == model::Op::today || expr.op == model::Op::time_since;
  if (dated || of_person || moves_by_day(expr.tails)) return true;
  if (!expr.aggregate) return false;
  const model::Aggregate& of = *expr.aggregate;
  // Who is in which team and employed is a matter of days; what follows in time, of deadlines at their ends.
  return moves_by_day(of.tails) || !of.of.empty() || of.population == model::PopulationKind::people || of.followed_by;
}

// Whether an expression reads more than `own` (of an event) and what is written in the rulebook.
bool reads_beyond(const model::Expr& expr, model::Op own) {
  switch (expr.op) {
    case model::Op::number:
    case model::Op::percent:
    case model::Op::money:
    case model::Op::date:
    case model::Op::instant:
    case model::Op::text:
    case model::Op::choice:
    case model::Op::not_:
    case model::Op::and_:
    case model::Op::or_:
    case model::Op::at_least_of:
    case model::Op::known:
    case model::Op::missing:
    case model::Op::compare: return expr.tails.any();
    default: return expr.op != own;
  }
}

void bind_reads(Plan& plan) {
  const model::Rulebook& book = plan.book;
  const auto below = [&](Id<model::Expr> id, auto leaf) { return any_below(book, id, leaf); };
  for (std::size_t i = 0; i < book.exprs.size(); ++i) {
    const Id<model::Expr> id(i);
    const auto beyond = [](model::Op own) {
      return [own](const model::Expr& expr) { return reads_beyond(expr, own); };
    };
    plan.uses_today.push_back(below(id, [&](const model::Expr& expr) { return reads_today(book, expr); }));
    plan.only_event.push_back(!below(id, beyond(model::Op::event_field)));
    plan.uses_its.push_back(below(id, [](const model::Expr& expr) { return expr.op == model::Op::its_field; }));
    plan.only_its.push_back(!below(id, beyond(model::Op::its_field)));
  }
}

void bind_coverage(Plan& plan) {
  const auto take = [&](const time::Interval& observed) {
    if (observed.from.known() && observed.from != Instant::max()) plan.coverage_ends.push_back(observed.from);
    if (observed.until != Instant::max()) plan.coverage_ends.push_back(observed.until);
  };
  take(plan.history.coverage.everything);
  for (const auto& [what, observed] : plan.history.coverage.of) take(observed);
  // What an amount is worth in another currency changes with a new rate.
  for (const history::Rate& rate : plan.history.rates) {
    plan.coverage_ends.push_back(plan.calendars.front().start_of(rate.day));
  }
  std::vector<Instant>& ends = plan.coverage_ends;
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

// The kinds of which the rows of an event may be.
void add_kinds(const Plan& plan, Id<model::Event> id, std::vector<int>& kinds) {
  if (!id) return;
  const model::Event& event = plan.book.events[id];
  switch (event.kind) {
    case model::EventKind::error: return;
    case model::EventKind::starts_leave: return kinds.push_back(plan.leave_kind);
    case model::EventKind::created: return kinds.push_back(plan.created_kind);
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: return kinds.push_back(plan.moved_kind);
    case model::EventKind::changed:
    case model::EventKind::moved_period: return kinds.push_back(plan.fields[event.field.index()].change_kind);
    case model::EventKind::activity: return kinds.push_back(plan.activities[event.activity.index()].kind);
    case model::EventKind::record: return kinds.push_back(plan.records[event.record.index()].kind);
    case model::EventKind::ordinal:
    case model::EventKind::any_of:
    case model::EventKind::filtered:
      for (Id<model::Event> part : event.parts) add_kinds(plan, part, kinds);
      return;
  }
}

std::vector<int> kinds_of(const Plan& plan, Id<model::Event> event) {
  std::vector<int> kinds;
  add_kinds(plan, event, kinds);
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

// Most kinds show an actor in their first rows: only of one that never does all rows are looked at.
void bind_actors(Plan& plan) {
  plan.actors_observed.assign(plan.history.kinds.size(), false);
  std::vector<bool> open(plan.history.kinds.size(), false);
  for (const model::Expr& expr : plan.book.exprs) {
    if (!expr.aggregate || !expr.aggregate->by_actor) continue;
    for (int kind : kinds_of(plan, expr.aggregate->event)) {
      if (kind >= 0) open[static_cast<std::size_t>(kind)] = true;
    }
  }
  auto left = std::count(open.begin(), open.end(), true);
  for (const history::Timeline* events : {&plan.history.deal_events, &plan.history.person_events}) {
    for (std::size_t i = 0; i < events->size() && left > 0; ++i) {
      const std::uint16_t kind = events->kind[i];
      if (!open[kind] || events->actor[i] == UINT32_MAX || events->at[i] >= plan.horizon) continue;
      if (plan.recorded_by_then(events->recorded[i]) == Truth::no) continue;
      plan.actors_observed[kind] = true;
      open[kind] = false, --left;
    }
  }
}

// Of which account a deal is, is said of its creation.
void hide_accounts(Plan& plan, const time::Interval& observed) {
  const history::Timeline& events = plan.history.deal_events;
  for (std::uint32_t deal = 0; deal < plan.deal_account.size(); ++deal) {
    Instant created = Instant::unknown();
    for (std::uint32_t row = events.first[deal]; row < events.first[deal + 1]; ++row) {
      if (events.kind[row] == plan.created_kind) created = events.at[row];
    }
    const bool seen = created.known() && created >= observed.from && created < observed.until;
    if (!seen) plan.deal_account[deal] = history::unknown_account;
  }
}

// A column may supply changes of the account, and none what it was from the start.
void bind_accounts(Plan& plan) {
  const history::History& history = plan.history;
  const int column = history.deals.column("account");
  const auto named = [](std::uint32_t account) { return account != history::no_account; };
  plan.accounts_told = (column >= 0 && history::tells(&history.deals.columns[static_cast<std::size_t>(column)])) ||
                       std::any_of(history.deal_account.begin(), history.deal_account.end(), named);
  plan.deal_account = history.deal_account;
  const time::Interval& observed = history.coverage.at("account");
  if (observed.from.known() || observed.until != Instant::max()) hide_accounts(plan, observed);
  const history::Array<std::uint32_t>& accounts = plan.deal_account;
  plan.some_account_unknown = std::find(accounts.begin(), accounts.end(), history::unknown_account) != accounts.end();
}

// A `where` about words of one kind's columns is decided for many rows at once.
void bind_filters(Plan& plan) {
  plan.filters.resize(plan.book.exprs.size());
  const auto take = [&](Id<model::Expr> where, Id<model::Event> event) {
    const std::vector<int> kinds = kinds_of(plan, event);
    if (where && kinds.size() == 1) plan.filters[where.index()] = RowFilter::make(plan, where, kinds.front());
  };
  for (const model::Event& event : plan.book.events) {
    if (event.kind == model::EventKind::filtered) take(event.where, event.parts.front());
  }
  for (const model::Expr& expr : plan.book.exprs) {
    if (expr.aggregate) take(expr.aggregate->where, expr.aggregate->event);
  }
}

void bind_days(Plan& plan) {
  const history::Array<std::uint8_t>& contacts = plan.history.contacts.by_day;
  plan.by_day = plan.history.extent.by_day || std::find(contacts.begin(), contacts.end(), 1) != contacts.end();
}

void bind_words(Plan& plan) {
  const history::Dictionary& words = plan.history.words;
  for (const model::Field& field : plan.book.fields) {
    std::vector<std::uint32_t> choices;
    for (const std::string& choice : field.choices) choices.push_back(words.find(choice));
    plan.choice_words.push_back(std::move(choices));
  }
  for (std::size_t i = 0; i < plan.book.exprs.size(); ++i) {
    const Id<model::Expr> id(i);
    const model::Expr& expr = plan.book.exprs[id];
    const bool worded = expr.op == model::Op::text || expr.op == model::Op::money;
    plan.literal.push_back(worded ? words.find(expr.text) : history::Dictionary::none);
  }
  for (std::uint32_t p = 0; p < plan.history.people.names.size(); ++p) {
    plan.person_of_word.set(plan.history.people.names.ids[p], p);
  }
}

void bind_stages(Plan& plan) {
  plan.stage_of_word.resize(plan.book.processes.size());
  for (std::size_t i = 0; i < plan.book.processes.size(); ++i) {
    WordTable& stages = plan.stage_of_word[i];
    for (Id<model::Stage> id : plan.book.processes[Id<model::Process>(i)].stages) {
      const model::Stage& stage = plan.book.stages[id];
      const auto also_called = [&](const std::string& other) {
        const std::uint32_t word = plan.history.words.find(other);
        if (word != history::Dictionary::none && stages[word] == WordTable::nothing) stages.set(word, id.value);
      };
      for (const std::string& old : stage.was) also_called(old);
      // A folder that was imported without the rulebook has what the CRM calls them.
      if (!stage.label.empty()) also_called(stage.label);
      stages.set(plan.history.words.find(stage.name), id.value);
    }
  }
}

// Whether a deal is on hold is what the processes say of it: all that their conditions read is read, too.
void bind_holds(Plan& plan) {
  const model::Rulebook& book = plan.book;
  bool today = false;
  for (const model::Process& process : book.processes) {
    plan.any_holds |= bool(process.on_hold_while);
    today |= process.on_hold_while && plan.uses_today[process.on_hold_while.index()];
  }
  for (const model::Stage& stage : book.stages) plan.any_holds |= stage.on_hold;
  const auto on_hold = [](const model::Expr& expr) {
    return expr.op == model::Op::situation && expr.situation == model::Situation::on_hold;
  };
  for (std::size_t i = 0; today && i < book.exprs.size(); ++i) {
    if (any_below(book, Id<model::Expr>(i), on_hold)) plan.uses_today[i] = true;
  }
}

// The first event that is there as of the known-at.
Instant first_event(const Plan& plan) {
  if (plan.known_at == Instant::max()) return plan.history.extent.first;
  Instant first = Instant::unknown();
  for (const history::Timeline* events : {&plan.history.deal_events, &plan.history.person_events}) {
    for (std::size_t i = 0; i < events->size(); ++i) {
      const Instant at = events->at[i];
      const bool there =
          at.known() && events->kind[i] != plan.leave_kind && plan.recorded_by_then(events->recorded[i]) != Truth::no;
      if (there && (!first.known() || at < first)) first = at;
    }
  }
  return first;
}

Instant begin_of(const Plan& plan) {
  const Instant first = first_event(plan);
  const Instant covered = plan.history.coverage.everything.from;
  return covered.known() && (!first.known() || covered < first) ? covered : first;
}

// A case for a stage or under a condition before one for all, then the latest.
void bind_targets(Plan& plan) {
  for (const model::Target& target : plan.book.targets) {
    std::vector<std::uint32_t> order(target.cases.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto particular = [&](std::uint32_t i) {
      const model::TargetCase& one = target.cases[i];
      const int narrowed = (one.stages.empty() ? 0 : 1) + (one.where ? 1 : 0);
      return std::pair(-narrowed, -std::int64_t{one.from ? one.from->days : INT32_MIN});
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return particular(a) < particular(b); });
    plan.target_order.push_back(std::move(order));
  }
}

// Whether there is any such record, where no file has those about people: it stands with a deal, and need not stand
// with people, too.
bool of_deals(const Plan& plan, int kind, std::vector<bool>& seen) {
  if (kind < 0) return false;
  const auto number = static_cast<std::size_t>(kind);
  const std::vector<history::Column>& columns = plan.history.kinds[number].columns;
  if (!columns.empty()) return !columns.front().values.empty();
  if (seen.empty()) {
    seen.resize(plan.history.kinds.size());
    for (const std::uint16_t each : plan.history.deal_events.kind) seen[each] = true;
  }
  return seen[number];
}

void bind_fields(Plan& plan) {
  for (const model::Activity& activity : plan.book.activities) {
    plan.activities.push_back(
        {find_kind(plan.history, KindClass::activity, activity.name),
         observed(plan.history, activity.name, supplies(plan.history, history::time_key(activity.name)))});
  }
  std::vector<bool> seen;  // by kind; found when first asked for
  for (const model::Record& record : plan.book.records) {
    KindBinding binding{find_kind(plan.history, KindClass::record, record.name),
                        observed(plan.history, record.name, supplies(plan.history, history::time_key(record.name)))};
    binding.about_people =
        supplies(plan.history, history::person_key(record.name)) || of_deals(plan, binding.kind, seen);
    plan.records.push_back(binding);
  }
  for (std::size_t i = 0; i < plan.book.fields.size(); ++i) {
    const Id<model::Field> id(i);
    const model::Field& field = plan.book.fields[id];
    plan.fields.push_back(bind_field(plan, field));
    if (field.owner == model::OwnerKind::deal && field.name == "owner") plan.owner = id;
    if (field.owner == model::OwnerKind::person && field.name == "team") plan.team = id;
    if (field.owner == model::OwnerKind::person && field.name == "manager") plan.manager = id;
  }
}

}  // namespace

namespace {

// A `?` where a person is to be named.
std::uint32_t unknown_person(const history::History& history) {
  const history::Array<std::uint32_t>& ids = history.people.names.ids;
  const std::uint32_t word = history.mapped ? history::Dictionary::none : history.words.find("?");
  const auto found = word == history::Dictionary::none ? ids.end() : std::find(ids.begin(), ids.end(), word);
  return found == ids.end() ? UINT32_MAX : static_cast<std::uint32_t>(found - ids.begin());
}

}  // namespace

namespace {

void bind_active(Plan& plan) {
  const history::Column* column = find_column(plan.history.people.columns, "active");
  if (column && column->type == history::ValueType::boolean) plan.active = column;
}

// Where there is one calendar only, one that nobody knows is that.
void bind_calendars(Plan& plan) {
  const history::Column* column = find_column(plan.history.people.columns, "calendar");
  const bool several = plan.calendars.size() > 1;
  bool any = false;
  for (std::size_t row = 0; column && row < column->values.size(); ++row) {
    const std::int64_t word = column->values[row];
    const bool unknown = history::is_value(word) || (word == history::unreadable && several);
    std::uint16_t calendar = unknown ? Plan::unknown_calendar : Plan::no_calendar;
    for (std::size_t i = 0; history::is_value(word) && i < plan.calendar_names.size(); ++i) {
      const bool named = plan.history.words[static_cast<std::uint32_t>(word)] == plan.calendar_names[i];
      if (named) calendar = static_cast<std::uint16_t>(i);
    }
    plan.calendars_told &= calendar != Plan::unknown_calendar;
    any |= calendar != Plan::no_calendar;
    plan.row_calendar.push_back(calendar);
  }
  if (any) plan.person_calendar = column;
}

// The last that is named up to the day; before all of them the first.
std::uint16_t named_calendar(const Plan& plan, std::uint32_t person, time::Day day) {
  std::uint16_t found = Plan::no_calendar;
  if (!plan.person_calendar || person == UINT32_MAX) return found;
  const history::People& people = plan.history.people;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    const bool later = !day.known() || (people.from[row].known() && people.from[row] > day);
    if (found != Plan::no_calendar && later) break;
    if (plan.row_calendar[row] != Plan::no_calendar) found = plan.row_calendar[row];
  }
  return found;
}

}  // namespace

Result<Plan> bind(const model::Rulebook& book, const history::History& history, Instant horizon, Instant known_at) {
  Plan plan{.book = book, .history = history, .horizon = horizon, .known_at = known_at};
  std::vector<model::Calendar> declared = book.calendars;
  if (declared.empty()) declared.emplace_back();
  for (const model::Calendar& calendar : declared) {
    Result<time::Calendar> made = time::Calendar::make(calendar.spec);
    if (!made) return Failure{made.error()};
    plan.calendars.push_back(*made);
    plan.calendar_names.push_back(calendar.name);
    plan.all_work &= works(*made);
  }
  plan.created_kind = find_kind(history, KindClass::created, "");
  plan.moved_kind = find_kind(history, KindClass::move, "");
  plan.leave_kind = find_kind(history, KindClass::activity, history::leave_start);
  plan.move_from = kind_column(history, plan.moved_kind, "from");
  plan.move_to = kind_column(history, plan.moved_kind, "to");
  plan.unknown_person = unknown_person(history);
  bind_active(plan);
  plan.naming = naming_columns(history);
  bind_calendars(plan);
  bind_fields(plan);
  bind_words(plan);
  bind_reads(plan);
  bind_holds(plan);
  // Without a process no stage closes a deal.
  plan.stages_observed = observed(history, "stage", book.processes.empty() || supplies(history, "stage"));
  plan.leave_observed = observed(history, "leave", supplies(history, "leave"));
  plan.waivers = waivers_of(history, plan.calendars.front(), horizon, known_at);
  for (const model::Rule& rule : book.rules) plan.rule_words.push_back(history.words.find(rule.name));
  bind_targets(plan);
  plan.begin = begin_of(plan);
  bind_coverage(plan);
  bind_actors(plan);
  bind_accounts(plan);
  bind_filters(plan);
  bind_days(plan);
  bind_stages(plan);
  if (book.processes.size() == 1 && !book.processes[Id<model::Process>(0)].for_deals_where) {
    plan.only_process = Id<model::Process>(0);
  }
  return plan;
}

std::uint32_t person_row(const history::People& people, std::uint32_t person, time::Day day) {
  std::uint32_t found = UINT32_MAX;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    if (people.from[row].known() && people.from[row] > day) break;
    found = row;
  }
  return found;
}

std::uint32_t team_of(const Plan& plan, std::uint32_t person, time::Day day) {
  const history::Column* team = plan.team ? plan.fields[plan.team.index()].dated : nullptr;
  const std::uint32_t row = team ? person_row(plan.history.people, person, day) : UINT32_MAX;
  if (row == UINT32_MAX || !history::is_value(team->values[row])) return UINT32_MAX;
  return static_cast<std::uint32_t>(team->values[row]);
}

bool works(const time::Calendar& calendar) {
  return std::ranges::any_of(calendar.spec().week, [](const auto& hours) { return !hours.empty(); });
}

bool Plan::calendar_told(std::uint32_t person, Instant at) const {
  return calendars_told || named_calendar(*this, person, calendars.front().day_of(at)) != unknown_calendar;
}

const time::Calendar& Plan::calendar_of(std::uint32_t person, time::Day day) const {
  const std::uint16_t found = named_calendar(*this, person, day);
  return found < calendars.size() ? calendars[found] : calendars.front();
}

}  // namespace plumb::eval
