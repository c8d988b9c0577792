#include <algorithm>
#include <optional>

#include "eval/day.h"
#include "eval/day_changes.h"
#include "eval/lack.h"
#include "eval/tails.h"
#include "eval/written.h"

namespace plumb::eval {

namespace {

Value lacking(const Context& context, FactKind kind, Id<model::Field> field, EventRef of = no_event) {
  if (context.trace) context.trace->lack({.kind = kind, .field = field, .member = of});
  return Value::unknown();
}

// A duration stands in the history in the unit of its field's type.
Value in_unit(const Plan& plan, Id<model::Field> id, const Value& found) {
  const model::Type type = plan.book.fields[id].type;
  if (type.kind != model::TypeKind::duration || !found.known()) return found;
  return Value::of(multiply(found.low, exact_length({1, type.unit}).low));
}

Value field_cell(const Context& context, Id<model::Field> id, const history::Column& column, std::uint32_t row) {
  return in_unit(context.view.plan(), id, cell(column, row));
}

// Whether a change before the cut counts for the context: yes, no, or only if its source or recording were known.
Truth change_counts(const Context& context, std::uint32_t index, const model::Tails* tails) {
  const history::Timeline& timeline = context.view.timeline();
  if (index == context.except) return Truth::no;
  const Truth come = has_come(context, index);
  if (come == Truth::no) return come;
  const Truth source = both(come, tails ? source_counts(timeline.source[index], *tails) : Truth::yes);
  const Instant recorded = timeline.recorded[index];
  if (!context.timely || source == Truth::no) return both(source, context.view.plan().recorded_by_then(recorded));
  return both(source, recorded.known() ? truth(recorded < context.cut) : Truth::unknown);
}

// What has to be known of a fact of which it cannot be told whether it counts.
FactKind undecided_by(history::Source source, const model::Tails* tails) {
  return tails && source_counts(source, *tails) == Truth::unknown ? FactKind::source : FactKind::recorded;
}

// Which facts count under the tails. `of_rows`: as in Counted. Missing: nullopt where that cannot be told.
std::optional<Counted> counted_under(const Context& context, const model::Tails* tails, bool of_rows) {
  if (!tails || !tails->any()) return Counted{};
  const bool people = context.view.members() && context.subject != model::SubjectKind::deal;
  return narrowed({.of_rows = of_rows}, *tails, people ? context.subject : model::SubjectKind::deal, context);
}

// The instant from which facts count under the tails; unknown: all do. Missing: nullopt where that cannot be told.
std::optional<Instant> counted_since(const Context& context, const model::Tails* tails) {
  const std::optional<Counted> counted = counted_under(context, tails, false);
  return counted && counted->told() ? std::optional(counted->from) : std::nullopt;
}

// From when on facts count; `clock`: an instant within a day, so that one of that day with a date alone may count or
// not, or does where it is that of the creation.
struct From {
  Instant at;
  bool clock = false;
  const Counted* rows = nullptr;  // tells which rows are earlier

  bool earlier(std::uint32_t index) const { return rows && rows->is_earlier(index); }
  bool after(Instant fact) const { return at.known() && fact < at; }
  bool after(const View& view, std::uint32_t index) const {
    return earlier(index) || (after(view.timeline().at[index]) && !(at <= view.created() && perhaps(view, index)));
  }
  bool perhaps(const View& view, std::uint32_t index) const {
    const history::Timeline& timeline = view.timeline();
    return clock && !earlier(index) && timeline.by_day[index] != 0 &&
           last_of_day(view.plan(), timeline.at[index]) >= at;
  }
};

// Whether the value that the deal was created with counts, as a change would that made it.
Truth initial_counts(const FieldBinding& binding, const Context& context, const model::Tails* tails, const From& from) {
  const View& view = context.view;
  const auto& created = view.of_kind(view.plan().created_kind);
  const bool narrowed = tails && tails->any();
  if (!narrowed && !context.timely) return Truth::yes;
  if (created.empty()) return Truth::no;  // not before the horizon
  const Instant at = view.created();
  if (at.known() && at >= context.cut) return Truth::no;
  if (from.earlier(created.back())) return Truth::no;
  if (at.known() && from.after(at)) return from.perhaps(view, created.back()) ? Truth::unknown : Truth::no;
  const bool ranked = tails && tails->source != model::SourceRank::none;
  const Truth source = ranked ? source_counts(view.timeline().source[created.front()], *tails) : Truth::yes;
  const history::Array<Instant>& own = binding.initial->recorded;
  const Instant recorded = own.empty() ? view.timeline().recorded[created.front()] : own[view.subject()];
  const Truth stated = !context.timely ? Truth::yes : recorded.known() ? truth(recorded < context.cut) : Truth::unknown;
  return both(both(at.known() ? Truth::yes : Truth::unknown, source), stated);
}

// Whether the value that the deal was created with is there as of the known-at.
Truth initial_exists(const FieldBinding& binding, const View& view) {
  const Plan& plan = view.plan();
  if (plan.known_at == Instant::max()) return Truth::yes;
  const history::Array<Instant>& own = binding.initial->recorded;
  if (!own.empty()) return plan.recorded_by_then(own[view.subject()]);
  const auto& created = view.of_kind(plan.created_kind);
  return created.empty() ? Truth::no : plan.recorded_by_then(view.timeline().recorded[created.front()]);
}

// The row of the deal says so.
void use_creation(const Context& context) {
  if (!context.trace) return;
  const auto& created = context.view.of_kind(context.view.plan().created_kind);
  if (!created.empty()) context.trace->use(context.view.ref(created.front()));
}

// Which of so many values it has, by a row of it, in a way that says it. Missing: nullopt where it is asked what it is
// in all of them.
std::optional<std::size_t> chosen(const Context& context, Id<model::Field> id, std::uint32_t row, std::size_t many) {
  if (many < 2 || !context.choice || !context.choice->is_of(context.view)) return std::nullopt;
  const bool of_all = !context.tails || !context.tails->any();
  return context.choice->pick({id, row, context.cut, of_all ? nullptr : context.tails}, many);
}

// What it is where one of two values counts, and nobody can tell which.
Value either_of(const Value& one, const Value& other, Id<model::Field> id, std::uint32_t row, const Context& context) {
  if (const auto which = chosen(context, id, row, 2)) return *which == 0 ? one : other;
  const auto equal = [](const Rational& a, const Rational& b) { return a.n == b.n && a.d == b.d; };
  const bool same =
      one.id == other.id && one.currency == other.currency && equal(one.low, other.low) && equal(one.high, other.high);
  return one.state == other.state && same ? one : Value::unknown();
}

// The value that the row of the deal gives, as of creation.
Value initial_value(const FieldBinding& binding, Id<model::Field> id, const Context& context, const model::Tails* tails,
                    const From& from) {
  const std::int64_t v = binding.initial ? binding.initial->values[context.view.subject()] : history::unobserved;
  if (v == history::missing) {
    use_creation(context);
    return Value::missing();
  }
  if (v == history::unobserved) {
    // Where the source tells of changes alone there was none yet.
    if (binding.changes_only) return Value::missing();
    return lacking(context, FactKind::deal_field, id);
  }
  const Truth counts = both(initial_exists(binding, context.view), initial_counts(binding, context, tails, from));
  if (counts == Truth::no) return Value::missing();
  if (counts == Truth::unknown) {
    const auto& created = context.view.of_kind(context.view.plan().created_kind);
    if (!created.empty() && from.after(context.view.created()) && from.perhaps(context.view, created.back())) {
      lack_time(context, created.back());
      return Value::unknown();
    }
    // It is what the row says, or there is none yet.
    if (!created.empty() && context.view.created().known() && v != history::unreadable) {
      const Value cell = field_cell(context, id, *binding.initial, context.view.subject());
      const Value either = either_of(Value::missing(), cell, id, created.back(), context);
      if (either.state != Value::State::unknown) return either;
    }
    const history::Source source =
        created.empty() ? history::Source::none : context.view.timeline().source[created.front()];
    return lacking(context, undecided_by(source, tails), id,
                   created.empty() ? no_event : context.view.ref(created.front()));
  }
  if (v == history::unreadable) return lacking(context, FactKind::deal_field, id);
  use_creation(context);
  return field_cell(context, id, *binding.initial, context.view.subject());
}

// Whether a change before this row was recorded too late for the known-at: what came before it is not what the row
// says.
bool follows_hidden(const View& view, int kind, std::uint32_t row) {
  const history::Timeline& timeline = view.timeline();
  if (view.plan().known_at == Instant::max()) return false;
  for (std::uint32_t i = timeline.first[view.subject()]; i < row; ++i) {
    if (timeline.kind[i] == kind && view.plan().recorded_by_then(timeline.recorded[i]) == Truth::no) return true;
  }
  return false;
}

// What the field was before its first change, whenever that was stated. Missing: absent where the change does not say.
Value value_before(const FieldBinding& binding, Id<model::Field> id, const Context& context,
                   std::uint32_t first_change) {
  const std::uint32_t row = context.view.timeline().row[first_change];
  const std::int64_t from = binding.change_from ? binding.change_from->values[row] : history::unobserved;
  const bool said = from == history::missing || history::is_value(from);
  if (said && context.trace) context.trace->use(context.view.ref(first_change));
  return said ? field_cell(context, id, *binding.change_from, row) : Value::absent();
}

// The value before all changes that count, from where facts count.
Value value_at_first(const FieldBinding& binding, Id<model::Field> id, const Context& context, const From& from) {
  const auto& changes = context.view.of_kind(binding.change_kind);
  const auto initial = [&] { return initial_value(binding, id, context, context.tails, from); };
  if ((context.tails && context.tails->any()) || changes.empty()) return initial();
  const std::vector<std::uint32_t> firsts = may_have_come_first(context.view, binding, changes);
  const auto which = chosen(context, id, firsts.front(), firsts.size());
  std::optional<Value> found;
  for (const std::uint32_t first : firsts) {
    if (which && first != firsts[*which]) continue;
    Value before = value_before(binding, id, context, first);
    const bool said = before.state != Value::State::absent;
    if (said && follows_hidden(context.view, binding.change_kind, first)) {
      return lacking(context, FactKind::deal_field, id);
    }
    // Where the row that says so may not be there, the deal may be as it was created.
    if (said && context.view.doubtful(first)) before = either_of(before, initial(), id, first, context);
    if (!said) before = initial();
    const bool told = before.state != Value::State::unknown;
    found = found ? either_of(*found, before, id, first, context) : before;
    if (!told) return *found;
    if (found->state == Value::State::unknown) return lack_time(context, firsts.front()), *found;
  }
  return *found;
}

// What changes[last] made of it; or another of its day that has come, where some have a date alone, so that it may have
// been the last. At its very instant the last that has a time is what it says.
Value value_behind(Id<model::Field> id, std::size_t last, const Context& context, const From& from) {
  const FieldBinding& binding = context.view.plan().fields[id.index()];
  const history::Timeline& timeline = context.view.timeline();
  const auto& changes = context.view.of_kind(binding.change_kind);
  const std::uint32_t own = changes[last];
  const bool just_now = timeline.by_day[own] == 0 && timeline.at[own] == context.now();
  const auto counts = [&](std::uint32_t other) {
    const bool may_count = !from.after(context.view, other) || from.perhaps(context.view, other);
    return !just_now && may_count && change_counts(context, other, context.tails) != Truth::no;
  };
  const std::vector<std::uint32_t> lasts =
      just_now ? std::vector{own} : may_have_come_last(context.view, binding, changes, last, counts);
  const auto value = [&](std::uint32_t row) { return field_cell(context, id, *binding.change_to, timeline.row[row]); };
  if (const auto last_so_far = context.reading ? context.reading->last_of(lasts) : std::nullopt)
    return value(*last_so_far);
  if (const auto which = chosen(context, id, lasts.front(), lasts.size())) return value(lasts[*which]);
  if (context.trace) context.trace->use(context.view.ref(lasts.front()));
  Value found = value(lasts.front());
  for (const std::uint32_t row : lasts) {
    const Value one = value(row);
    if (one.state == Value::State::unknown) return lacking(context, FactKind::deal_field, id, context.view.ref(row));
    found = either_of(found, one, id, row, context);
    if (found.state != Value::State::unknown) continue;
    return lack_time(context, timeline.by_day[row] != 0 ? row : lasts.front()), found;
  }
  return found;
}

// What the facts from an instant on come to where changes[last] lies before it: what has a date alone of its day may
// have come behind both, and count.
Value value_since(Id<model::Field> id, std::size_t last, const Context& context, const From& from) {
  const FieldBinding& binding = context.view.plan().fields[id.index()];
  const auto& changes = context.view.of_kind(binding.change_kind);
  const auto counts = [&](std::uint32_t other) {
    return from.perhaps(context.view, other) && change_counts(context, other, context.tails) != Truth::no;
  };
  Value found = value_at_first(binding, id, context, from);
  for (const std::uint32_t row : may_have_come_last(context.view, binding, changes, last, counts)) {
    if (row == changes[last] || found.state == Value::State::unknown) continue;
    const Value one = field_cell(context, id, *binding.change_to, context.view.timeline().row[row]);
    found = either_of(found, one, id, row, context);
    if (found.state == Value::State::unknown) lack_time(context, row);
  }
  return found;
}

// The value of the facts from an instant on.
Value deal_field_since(Id<model::Field> id, const Context& context, const From& from) {
  const model::Tails* tails = context.tails;
  const FieldBinding& binding = context.view.plan().fields[id.index()];
  const history::Timeline& timeline = context.view.timeline();
  const auto& changes = context.view.of_kind(binding.change_kind);
  // One of unknown instant may be the latest, unless it comes from where nothing counts.
  for (const std::uint32_t index : changes) {
    if (timeline.at[index].known()) break;
    if (!tails || source_counts(timeline.source[index], *tails) != Truth::no)
      return lacking(context, FactKind::deal_field, id);
  }
  auto change = std::partition_point(changes.begin(), changes.end(),
                                     [&](std::uint32_t index) { return timeline.at[index] < context.cut; });
  // What it is if what may count does, whatever comes of that.
  std::optional<Value> perhaps;
  std::uint32_t undecided = UINT32_MAX, decides = UINT32_MAX;  // the first, and the last so far
  const auto with = [&](const Value& found) {
    if (!perhaps) return found;
    const Value one = either_of(*perhaps, found, id, decides, context);
    if (one.state != Value::State::unknown) return one;
    return lacking(context, undecided_by(timeline.source[undecided], tails), id, context.view.ref(undecided));
  };
  while (change != changes.begin()) {
    const std::uint32_t index = *--change;
    if (from.earlier(index)) continue;
    const bool before = from.after(context.view, index), open = before && from.perhaps(context.view, index);
    if (before && !open)
      return with(value_since(id, static_cast<std::size_t>(change - changes.begin()), context, from));
    const Truth counts = change_counts(context, index, tails);
    if (counts == Truth::no) continue;
    // What it emptied is missing whether it counts or not.
    if (open && binding.change_to->values[timeline.row[index]] == history::missing) return with(Value::missing());
    if (open) {
      lack_time(context, index);
      return Value::unknown();
    }
    if (counts == Truth::unknown) {
      if (!perhaps) undecided = index;
      perhaps = with(field_cell(context, id, *binding.change_to, timeline.row[index]));
      decides = index;
      if (perhaps->state == Value::State::unknown) return with(*perhaps);
      continue;
    }
    return with(value_behind(id, static_cast<std::size_t>(change - changes.begin()), context, from));
  }
  return with(value_at_first(binding, id, context, from));
}

Value deal_field(Id<model::Field> id, const Context& context) {
  const FieldBinding& binding = context.view.plan().fields[id.index()];
  if (!binding.bound() || outside(binding.observed, context.now())) return lacking(context, FactKind::deal_field, id);
  const std::optional<Counted> counted = counted_under(context, context.tails, true);
  if (!counted) return lacking(context, FactKind::deal_field, id);
  const auto since = [&](Instant from) {
    const bool none_yet = context.tails && context.tails->since && from >= context.cut;
    return none_yet ? Value::missing() : deal_field_since(id, context, {from, counted->clock, &*counted});
  };
  // What the field begins to count with, where that is a change of it, counts.
  const bool itself = std::ranges::any_of(
      counted->themselves, [&](std::uint32_t row) { return context.view.timeline().kind[row] == binding.change_kind; });
  if (counted->told() || itself) return since(counted->from);
  // Whatever counts from the latest on counts; what does not count from the earliest on does not.
  const Value latest = since(counted->surely_from);
  if (latest.state != Value::State::missing) return latest;
  const Value earliest = since(counted->from);
  if (earliest.state == Value::State::missing) return earliest;
  const auto which = chosen(context, id, UINT32_MAX, 2);
  return !which ? Value::unknown() : *which == 0 ? earliest : latest;  // what decides is named already
}

// What is known of people has a day from which it holds, and no source.
Value dated_field(Id<model::Field> id, std::uint32_t person, const Context& context) {
  const Plan& plan = context.view.plan();
  if (outside(plan.fields[id.index()].observed, context.now())) return lacking(context, FactKind::person_field, id);
  const auto [day, last] = day_of(context, person);
  const history::People& people = plan.history.people;
  if (day < last && person != nobody && person_row(people, person, day) != person_row(people, person, last)) {
    if (context.trace) context.trace->lack({.kind = FactKind::calendar, .person = person});
    return Value::unknown();
  }
  const Value found = in_unit(plan, id, person_value(plan, id, person, day));
  if (found.state == Value::State::unknown) return lacking(context, FactKind::person_field, id);
  if (!context.tails || found.state == Value::State::missing) return found;
  const std::optional<Instant> since = counted_since(context, context.tails);
  if (!since || context.tails->source != model::SourceRank::none) return lacking(context, FactKind::person_field, id);
  if (!since->known()) return found;
  const std::uint32_t row = person_row(people, person, day);
  if (row == UINT32_MAX || !people.from[row].known()) return lacking(context, FactKind::person_field, id);
  const Instant from = plan.calendar_of(person, people.from[row]).start_of(people.from[row]);
  return from >= *since ? found : Value::missing();
}

Value person_field(Id<model::Field> id, const Context& context) {
  const std::uint32_t person = context.person != nobody ? context.person : context.view.owner_at(context.now());
  return dated_field(id, person, context);
}

// Nobody says since when an account's fields are so, or from where that comes.
Value account_field(Id<model::Field> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const FieldBinding& binding = plan.fields[id.index()];
  const std::uint32_t deal = context.view.subject();
  const std::uint32_t account = context.view.of_person() ? history::no_account : plan.account_of(deal);
  if (account == history::unknown_account) return lacking(context, FactKind::account, {});
  if (account == history::no_account && context.trace && !context.view.of_person()) {
    for (std::size_t i = 0; i < plan.book.fields.size(); ++i) {
      const model::Field& field = plan.book.fields[Id<model::Field>(i)];
      if (field.owner != model::OwnerKind::deal || field.name != "account") continue;
      return lacking(context, FactKind::deal_field, Id<model::Field>(i));
    }
  }
  const bool seen = binding.initial && account != history::no_account && !outside(binding.observed, context.now());
  if (!seen) return lacking(context, FactKind::account_field, id);
  const history::Array<Instant>& recorded = binding.initial->recorded;
  // An account has no time of its own: only what says when it was stated can be too late.
  if (!recorded.empty() && recorded[account].known() && recorded[account] >= plan.known_at) return Value::missing();
  const Value found = field_cell(context, id, *binding.initial, account);
  const bool narrowed = found.known() && context.tails && context.tails->any();
  return narrowed || found.state == Value::State::unknown ? lacking(context, FactKind::account_field, id) : found;
}

// Nobody says since when a contact's fields are so; whence, that is said of the contact.
Value contact_field(Id<model::Field> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const history::Column* column = plan.fields[id.index()].initial;
  if (!column || context.contact == nobody || outside(plan.fields[id.index()].observed, context.now())) {
    return lacking(context, FactKind::contact_field, id);
  }
  const Value found = field_cell(context, id, *column, context.contact);
  if (found.state == Value::State::unknown) return lacking(context, FactKind::contact_field, id);
  const history::Contacts& contacts = plan.history.contacts;
  if (!context.tails || found.state == Value::State::missing) return found;
  const std::optional<Instant> since = counted_since(context, context.tails);
  const Truth from = source_counts(contacts.source[context.contact], *context.tails);
  const Instant own = contacts.since[context.contact];
  const bool timed = since && since->known();
  if (from == Truth::unknown) return lacking(context, FactKind::source, id);
  if (!since || (timed && !own.known())) return lacking(context, FactKind::contact_field, id);
  return from == Truth::yes && (!timed || own >= *since) ? found : Value::missing();
}

}  // namespace

// The row of the day, or one before it where that was recorded too late.
Value person_value(const Plan& plan, Id<model::Field> field, std::uint32_t person, time::Day day) {
  const history::Column* column = plan.fields[field.index()].dated;
  const history::People& people = plan.history.people;
  std::uint32_t row = column && person != nobody ? person_row(people, person, day) : UINT32_MAX;
  if (row == UINT32_MAX || column->recorded.empty()) return row == UINT32_MAX ? Value::unknown() : cell(*column, row);
  for (;; --row) {
    const Instant recorded = column->recorded[row];
    if (!recorded.known() || recorded < plan.known_at) return cell(*column, row);
    if (row == people.first[person]) return Value::missing();
  }
}

void Trace::use(EventRef event) {
  if (std::find(evidence.begin(), evidence.end(), event) == evidence.end()) evidence.push_back(event);
}

void Trace::lack(Fact fact) {
  if (std::find(facts.begin(), facts.end(), fact) == facts.end()) facts.push_back(fact);
}

Value field_value(Id<model::Field> id, const Context& context) {
  switch (context.view.plan().book.fields[id].owner) {
    case model::OwnerKind::deal:
      return context.view.of_person() ? lacking(context, FactKind::deal_field, id) : deal_field(id, context);
    case model::OwnerKind::account: return account_field(id, context);
    case model::OwnerKind::person: return person_field(id, context);
    case model::OwnerKind::contact: return contact_field(id, context);
    default: return lacking(context, FactKind::attribute, id);
  }
}

Value field_of_person(Id<model::Field> id, const Value& person, const Context& context) {
  if (person.state == Value::State::missing) return Value::missing();
  if (!person.known()) return lacking(context, FactKind::person_field, id);
  const Plan& plan = context.view.plan();
  return dated_field(id, plan.person(person.id), context);
}

namespace {

// Whether an activity or a record counts under the tails.
Truth event_counts(std::uint32_t index, const Context& context) {
  if (!context.tails || !context.tails->any()) return Truth::yes;
  const std::optional<Counted> counted = counted_under(context, context.tails, true);
  const history::Timeline& timeline = context.view.timeline();
  const Instant at = timeline.at[index];
  if (!counted || !counted->told() || (counted->from.known() && !at.known())) return Truth::unknown;
  const bool since = at >= counted->from && !counted->is_earlier(index);
  return both(truth(since), source_counts(timeline.source[index], *context.tails));
}

}  // namespace

Value attribute_value(Id<model::Field> id, std::uint32_t index, const Context& context) {
  const Plan& plan = context.view.plan();
  const history::Timeline& timeline = context.view.timeline();
  const history::Column* column = plan.fields[id.index()].attribute[timeline.kind[index]];
  if (!column) return Value::absent();
  if (outside(plan.fields[id.index()].observed, timeline.at[index])) return lacking(context, FactKind::attribute, id);
  const std::uint32_t row = timeline.row[index];
  const Value found = field_cell(context, id, *column, row);
  const Truth counts = event_counts(index, context);
  const Instant recorded = column->recorded.empty() ? timeline.recorded[index] : column->recorded[row];
  const Truth there = found.state == Value::State::missing ? Truth::yes : plan.recorded_by_then(recorded);
  if (there == Truth::no || counts == Truth::no) return Value::missing();
  if (context.timely && recorded.known() && recorded >= context.cut) return Value::missing();
  // What is stated with a date alone was so at some instant of that day, before a point of it or behind it.
  const bool some_time = context.reading && context.reading->ahead_of(index) && timeline.by_day[index] != 0 &&
                         recorded == timeline.at[index] && recorded >= context.day_cut;
  const Truth stated = some_time ? context.reading->has_come(DayReading::Of::stated, index) : Truth::yes;
  if (stated == Truth::no) return Value::missing();
  if (stated == Truth::unknown) return lacking(context, FactKind::recorded, id, context.view.ref(index));
  if (counts == Truth::unknown) {
    const bool source = undecided_by(timeline.source[index], context.tails) == FactKind::source;
    return lacking(context, source ? FactKind::source : FactKind::attribute, id,
                   source ? context.view.ref(index) : no_event);
  }
  if (found.state == Value::State::unknown) return lacking(context, FactKind::attribute, id);
  if (found.state == Value::State::missing) return found;
  if (there == Truth::unknown && !column->recorded.empty())
    return lacking(context, FactKind::recorded, id, context.view.ref(index));
  if (!context.timely) return found;
  return recorded.known() ? found : lacking(context, FactKind::recorded, id, context.view.ref(index));
}

Instant counts_from(const Plan& plan, const history::Timeline& timeline, std::uint32_t index, bool timely) {
  const Instant at = timeline.at[index];
  if (!timely || !plan.any_records || !at.known()) return at;
  const history::KindClass of = plan.history.kinds[timeline.kind[index]].of;
  if (of != history::KindClass::record && of != history::KindClass::change) return at;
  const Instant recorded = timeline.recorded[index];
  return recorded.known() ? std::max(at, recorded) : recorded;
}

}  // namespace plumb::eval
