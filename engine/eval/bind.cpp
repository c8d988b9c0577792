#include "eval/bind.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "eval/known_people.h"
#include "eval/naming.h"
#include "history/unknown_person.h"
#include "model/stage_names.h"

namespace plumb::eval {

namespace {

using history::KindClass;

int find_kind(const history::History& history, KindClass of, std::string_view name) {
  for (std::size_t i = 0; i < history.kinds.size(); ++i) {
    if (history.kinds[i].of == of && (name.empty() || history.kinds[i].name == name)) return static_cast<int>(i);
  }
  return -1;
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

void bind_coverage(Plan& plan) {
  const auto take = [&](const time::Interval& observed) {
    if (observed.from.known() && observed.from != Instant::max()) plan.coverage_ends.push_back(observed.from);
    if (observed.until != Instant::max()) plan.coverage_ends.push_back(observed.until);
  };
  take(plan.history.coverage.everything);
  for (const auto& [what, observed] : plan.history.coverage.of) take(observed);
  // What an amount is worth in another currency changes with a new rate, on the day of whoever owes it.
  for (const history::Rate& rate : plan.history.rates) {
    for (const time::Calendar& calendar : plan.calendars) plan.coverage_ends.push_back(calendar.start_of(rate.day));
  }
  std::vector<Instant>& ends = plan.coverage_ends;
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

void bind_days(Plan& plan) {
  const history::Array<std::uint8_t>& contacts = plan.history.contacts.by_day;
  plan.by_day = plan.history.extent.by_day || std::find(contacts.begin(), contacts.end(), 1) != contacts.end();
}

// No word of the history: the number of the first amount of the rulebook in that currency, counted from the end.
std::uint32_t absent_currency(const model::Rulebook& book, std::string_view currency) {
  std::uint32_t first = 0;
  while (book.exprs[Id<model::Expr>(first)].op != model::Op::money ||
         book.exprs[Id<model::Expr>(first)].text != currency) {
    ++first;
  }
  return history::Dictionary::none - 1 - first;
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
    std::uint32_t word = worded ? words.find(expr.text) : history::Dictionary::none;
    if (expr.op == model::Op::money && word == history::Dictionary::none) word = absent_currency(plan.book, expr.text);
    plan.literal.push_back(word);
  }
  for (std::uint32_t p = 0; p < plan.history.people.names.size(); ++p) {
    plan.person_of_word.set(plan.history.people.names.ids[p], p);
  }
}

void bind_stages(Plan& plan) {
  plan.stage_of_word.resize(plan.book.processes.size());
  for (std::size_t i = 0; i < plan.book.processes.size(); ++i) {
    WordTable& stages = plan.stage_of_word[i];
    const std::vector<Id<model::Stage>>& of = plan.book.processes[Id<model::Process>(i)].stages;
    for (Id<model::Stage> id : of) stages.set(plan.history.words.find(plan.book.stages[id].name), id.value);
    // A folder that was imported without the rulebook has what the CRM calls them.
    for (const auto& [text, id] : model::other_names(plan.book, of)) {
      const std::uint32_t word = plan.history.words.find(text);
      if (word != history::Dictionary::none) stages.set(word, id.value);
    }
  }
}

// Whether a history says of each stage that the last move into it is among the rows. As of a known-at some may not be
// there yet.
void bind_last_entries(Plan& plan) {
  if (!plan.only_process || plan.known_at != Instant::max()) return;
  const std::vector<Id<model::Stage>>& of = plan.book.processes[plan.only_process].stages;
  const auto always = [](const time::Interval& observed) {
    return !observed.from.known() && observed.until == Instant::max();
  };
  const auto take = [&](std::string_view name, Id<model::Stage> stage) {
    const auto found = plan.history.coverage.of.find(std::string(history::last_entry).append(name));
    if (found != plan.history.coverage.of.end() && always(found->second)) plan.last_entries |= bit_of(stage);
  };
  for (const Id<model::Stage> stage : of) take(plan.book.stages[stage].name, stage);
  for (const auto& [text, stage] : model::other_names(plan.book, of)) take(text, stage);
  // Of which one is not told, a deal may have been there, and closed.
  const auto told = [&](Id<model::Stage> stage) { return (bit_of(stage) & plan.last_entries) != 0; };
  if (!std::ranges::all_of(of, told)) plan.last_entries = 0;
  for (const Id<model::Stage> stage : of) {
    if (plan.book.stages[stage].end != model::StageEnd::open) plan.closing |= bit_of(stage);
  }
}

// The first event that is there as of the horizon and the known-at, or may be; what begins before all events has no
// time of recording.
Began first_event(const Plan& plan) {
  const Instant extent = plan.history.extent.first;
  // What has a date alone stands at the start of its day, and a deal may be created later on that day.
  const bool later_that_day = plan.history.extent.by_day && extent.known() &&
                              plan.calendars.front().end_of(plan.calendars.front().day_of(extent)) > plan.horizon;
  if (plan.known_at == Instant::max() && !later_that_day) return {extent, extent};
  Began first{Instant::unknown(), Instant::max()};
  Instant any = Instant::unknown();
  for (const history::Timeline* events : {&plan.history.deal_events, &plan.history.person_events}) {
    const bool of_person = events == &plan.history.person_events;
    for (std::uint32_t subject = 0; subject + 1 < events->first.size(); ++subject) {
      const bool later = !of_person && is_later(plan, subject);
      for (std::uint32_t i = events->first[subject]; i < events->first[subject + 1]; ++i) {
        const Instant at = events->at[i];
        if (!at.known() || events->kind[i] == plan.leave_kind) continue;
        if (!any.known() || at < any) any = at;
        const Truth there = later ? Truth::no : plan.recorded_by_then(events->recorded[i]);
        if (there == Truth::yes) first.surely = std::min(first.surely, at);
        if (there == Truth::no || (first.perhaps.known() && at >= first.perhaps)) continue;
        first.perhaps = at, first.row = {of_person, i};
      }
    }
  }
  return extent.known() && (!any.known() || extent < any) ? Began{extent, extent} : first;
}

Began begin_of(const Plan& plan) {
  const Began first = first_event(plan);
  const Instant covered = plan.history.coverage.everything.from;
  const bool before = covered.known() && (!first.perhaps.known() || covered < first.perhaps);
  return before ? Began{covered, covered} : first;
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

bool has_kind(const history::Timeline& events, std::size_t kind) {
  return events.by_kind.first[kind] < events.by_kind.first[kind + 1];
}

// Whether there is any such record, where no file has those about people: it stands with a deal, and need not stand
// with people, too.
bool of_deals(const Plan& plan, int kind) {
  return kind >= 0 && has_kind(plan.history.deal_events, static_cast<std::size_t>(kind));
}

// Whether anything counts from when it was stated: a record, or a change of a field where a rule asks for one.
bool any_records(const model::Rulebook& book, const history::History& history) {
  bool changes = false;
  for (std::size_t i = 0; i < book.events.size(); ++i) {
    const model::EventKind kind = book.events[Id<model::Event>(i)].kind;
    changes |= kind == model::EventKind::changed || kind == model::EventKind::moved_period;
  }
  for (std::size_t kind = 0; kind < history.kinds.size(); ++kind) {
    const bool any = has_kind(history.deal_events, kind) || has_kind(history.person_events, kind);
    const KindClass of = history.kinds[kind].of;
    if (any && (of == KindClass::record || (changes && of == KindClass::change))) return true;
  }
  return false;
}

void bind_fields(Plan& plan) {
  for (const model::Activity& activity : plan.book.activities) {
    plan.activities.push_back(
        {find_kind(plan.history, KindClass::activity, activity.name),
         observed(plan.history, activity.name, supplies(plan.history, history::time_key(activity.name)))});
  }
  for (const model::Record& record : plan.book.records) {
    KindBinding binding{find_kind(plan.history, KindClass::record, record.name),
                        observed(plan.history, record.name, supplies(plan.history, history::time_key(record.name)))};
    binding.about_people = supplies(plan.history, history::person_key(record.name)) || of_deals(plan, binding.kind);
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
  plan.untold_moves = plan.move_from && std::ranges::count(plan.move_from->values, history::unreadable) > 0;
  plan.unknown_person = history::unknown_person(history);
  bind_active(plan);
  plan.naming = naming_columns(plan);
  bind_calendars(plan);
  bind_fields(plan);
  bind_words(plan);
  bind_reads(plan);
  bind_holds(plan);
  plan.any_records = any_records(book, history);
  plan.stages_observed = observed(history, "stage", supplies(history, "stage"));
  plan.leave_observed = observed(history, "leave", supplies(history, "leave"));
  plan.waivers = waivers_of(history, plan.calendars.front(), horizon, known_at);
  for (const model::Rule& rule : book.rules) plan.rule_words.push_back(history.words.find(rule.name));
  bind_targets(plan);
  plan.began = begin_of(plan);
  bind_coverage(plan);
  bind_actors(plan);
  bind_accounts(plan);
  bind_filters(plan);
  bind_days(plan);
  bind_stages(plan);
  if (book.processes.size() == 1 && !book.processes[Id<model::Process>(0)].for_deals_where) {
    plan.only_process = Id<model::Process>(0);
  }
  bind_last_entries(plan);
  return plan;
}

}  // namespace plumb::eval
