#include <algorithm>

#include "eval/condition.h"

namespace plumb::eval {

namespace {

bool outside(const time::Interval& observed, Instant at) {
  return (observed.from.known() && at < observed.from) || at >= observed.until;
}

Value lacking(const Context& context, FactKind kind, Id<model::Field> field) {
  if (context.trace) context.trace->lack({kind, field, {}});
  return Value::unknown();
}

Truth source_counts(history::Source source, const model::Tails& tails) {
  const auto rank = static_cast<int>(source);
  const auto asked = static_cast<int>(tails.source);
  if (rank == 0) return Truth::unknown;
  return truth(tails.or_better ? rank >= asked : rank == asked);
}

// Whether a change before the cut counts for the context: yes, no, or only if its source or recording were known.
Truth change_counts(const Context& context, std::uint32_t index, const model::Tails* tails) {
  const history::Timeline& timeline = context.view.timeline();
  if (index == context.except) return Truth::no;
  if (timeline.by_day[index] && timeline.at[index] >= context.day_cut) return Truth::no;
  const bool ranked = tails && tails->source != model::SourceRank::none;
  const Truth source = ranked ? source_counts(timeline.source[index], *tails) : Truth::yes;
  const Instant recorded = timeline.recorded[index];
  if (!context.timely || source == Truth::no) return both(source, context.view.plan().recorded_by_then(recorded));
  return both(source, recorded.known() ? truth(recorded < context.cut) : Truth::unknown);
}

// The earliest instant from which facts count under `since E` and `in D`; unknown: all do.
Instant counted_since(const Context& context, const model::Tails& tails, bool& undecided) {
  Instant since = Instant::unknown();
  if (tails.in) since = context.calendar->back_from(*tails.in, context.now());
  if (!tails.since) return since;
  const Latest latest = latest_before(tails.since, context);
  undecided |= latest.undecided;
  return latest.at.known() ? std::max(since, latest.at) : context.cut;  // no E yet: nothing counts
}

// Whether the value that the deal was created with counts, as a change would that made it.
Truth initial_counts(const FieldBinding& binding, const Context& context, const model::Tails* tails, Instant since) {
  const View& view = context.view;
  const auto& created = view.of_kind(view.plan().created_kind);
  const bool narrowed = tails && tails->any();
  if (!narrowed && !context.timely) return Truth::yes;
  if (created.empty()) return Truth::no;  // not before the horizon
  if (!view.created().known()) return Truth::unknown;
  if (since.known() && view.created() < since) return Truth::no;
  if (tails && tails->source != model::SourceRank::none) {
    const Truth ranked = source_counts(view.timeline().source[created.front()], *tails);
    if (ranked != Truth::yes) return ranked;
  }
  if (!context.timely) return Truth::yes;
  const history::Array<Instant>& own = binding.initial->recorded;
  const Instant recorded = own.empty() ? view.timeline().recorded[created.front()] : own[view.subject()];
  if (!recorded.known()) return Truth::unknown;
  return truth(recorded < context.cut);
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

// The value that the row of the deal gives, as of creation.
Value initial_value(const FieldBinding& binding, Id<model::Field> id, const Context& context, const model::Tails* tails,
                    Instant since) {
  const std::int64_t v = binding.initial ? binding.initial->values[context.view.subject()] : history::unobserved;
  if (v == history::missing) return Value::missing();
  const Truth there = v == history::unobserved ? Truth::yes : initial_exists(binding, context.view);
  if (there == Truth::no) return Value::missing();
  if (there == Truth::unknown) return lacking(context, FactKind::recorded, id);
  if (v == history::unreadable) return lacking(context, FactKind::deal_field, id);
  if (v == history::unobserved) {
    // Where the source tells of changes there was none yet.
    if (binding.change_kind >= 0) return Value::missing();
    return lacking(context, FactKind::deal_field, id);
  }
  const Truth counts = initial_counts(binding, context, tails, since);
  if (counts == Truth::unknown) return lacking(context, FactKind::recorded, id);
  return counts == Truth::yes ? cell(*binding.initial, context.view.subject()) : Value::missing();
}

// What the field was before its first change, whenever that was stated. Missing: absent where the change does not say.
Value value_before(const FieldBinding& binding, const Context& context, std::uint32_t first_change) {
  const std::uint32_t row = context.view.timeline().row[first_change];
  const std::int64_t from = binding.change_from ? binding.change_from->values[row] : history::unobserved;
  return from == history::missing || history::is_value(from) ? cell(*binding.change_from, row) : Value::absent();
}

Value deal_field(Id<model::Field> id, const Context& context, const model::Tails* tails) {
  const FieldBinding& binding = context.view.plan().fields[id.index()];
  if (!binding.bound() || outside(binding.observed, context.now())) return lacking(context, FactKind::deal_field, id);
  bool undecided = false;
  const Instant since = tails ? counted_since(context, *tails, undecided) : Instant::unknown();
  const history::Timeline& timeline = context.view.timeline();
  const auto& changes = context.view.of_kind(binding.change_kind);
  // One of unknown instant may be the latest.
  undecided |= !changes.empty() && !timeline.at[changes.front()].known();
  if (undecided) return lacking(context, FactKind::deal_field, id);
  auto change = std::partition_point(changes.begin(), changes.end(),
                                     [&](std::uint32_t index) { return timeline.at[index] < context.cut; });
  while (change != changes.begin()) {
    const std::uint32_t index = *--change;
    if (since.known() && timeline.at[index] < since) break;
    const Truth counts = change_counts(context, index, tails);
    if (counts == Truth::no) continue;
    if (counts == Truth::unknown) return lacking(context, FactKind::recorded, id);
    if (context.trace) context.trace->use(context.view.ref(index));
    const Value now = cell(*binding.change_to, timeline.row[index]);
    return now.state == Value::State::unknown ? lacking(context, FactKind::deal_field, id) : now;
  }
  if (!(tails && tails->any()) && !changes.empty()) {
    const Value before = value_before(binding, context, changes.front());
    if (before.state != Value::State::absent) return before;
  }
  return initial_value(binding, id, context, tails, since);
}

std::uint32_t person_of(const Context& context) {
  return context.person != nobody ? context.person : context.view.owner_at(context.now());
}

Value person_field(Id<model::Field> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const std::uint32_t person = person_of(context);
  if (outside(plan.fields[id.index()].observed, context.now())) return lacking(context, FactKind::person_field, id);
  const Value found = person_value(plan, id, person, context.calendar->day_of(context.now()));
  return found.state == Value::State::unknown ? lacking(context, FactKind::person_field, id) : found;
}

Value account_field(Id<model::Field> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const FieldBinding& binding = plan.fields[id.index()];
  const std::uint32_t deal = context.view.subject();
  const std::uint32_t account = context.view.of_person() || deal >= plan.history.deal_account.size()
                                    ? UINT32_MAX
                                    : plan.history.deal_account[deal];
  const bool seen = binding.initial && account != UINT32_MAX && !outside(binding.observed, context.now());
  if (!seen) return lacking(context, FactKind::account_field, id);
  const history::Array<Instant>& recorded = binding.initial->recorded;
  // An account has no time of its own: only what says when it was stated can be too late.
  if (!recorded.empty() && recorded[account].known() && recorded[account] >= plan.known_at) return Value::missing();
  const Value found = cell(*binding.initial, account);
  return found.state == Value::State::unknown ? lacking(context, FactKind::account_field, id) : found;
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

Value field_value(Id<model::Field> id, const Context& context, const model::Tails* tails) {
  switch (context.view.plan().book.fields[id].owner) {
    case model::OwnerKind::deal:
      return context.view.of_person() ? lacking(context, FactKind::deal_field, id) : deal_field(id, context, tails);
    case model::OwnerKind::account: return account_field(id, context);
    case model::OwnerKind::person: return person_field(id, context);
    default: return lacking(context, FactKind::attribute, id);
  }
}

Value attribute_value(Id<model::Field> id, std::uint32_t index, const Context& context) {
  const Plan& plan = context.view.plan();
  const history::Timeline& timeline = context.view.timeline();
  const history::Column* column = plan.fields[id.index()].attribute[timeline.kind[index]];
  if (!column) return Value::absent();
  if (outside(plan.fields[id.index()].observed, timeline.at[index])) return lacking(context, FactKind::attribute, id);
  const std::uint32_t row = timeline.row[index];
  const Value found = cell(*column, row);
  const Instant recorded = column->recorded.empty() ? timeline.recorded[index] : column->recorded[row];
  const Truth there = found.state == Value::State::missing ? Truth::yes : plan.recorded_by_then(recorded);
  if (there == Truth::no) return Value::missing();
  if (found.state == Value::State::unknown) return lacking(context, FactKind::attribute, id);
  if (found.state == Value::State::missing) return found;
  if (there == Truth::unknown && !column->recorded.empty()) return lacking(context, FactKind::recorded, id);
  if (!context.timely) return found;
  if (!recorded.known()) return lacking(context, FactKind::recorded, id);
  return recorded < context.cut ? found : Value::missing();
}

// Moves from `except` on do not count, nor do those of a day that may lie behind the cut.
Id<model::Stage> stage_at(const Context& context, bool& unknown) {
  unknown = context.view.stage_unknown() || context.view.process_unknown();
  const history::Timeline& timeline = context.view.timeline();
  const std::vector<Visit>& visits = context.view.visits();
  const bool move = context.except != UINT32_MAX && timeline.kind[context.except] == context.view.plan().moved_kind;
  const std::uint32_t until = move ? context.except : UINT32_MAX;
  auto after = std::partition_point(visits.begin(), visits.end(), [&](const Visit& visit) {
    return visit.at < context.cut && (visit.index < until || !visit.at.known());
  });
  for (auto visit = after; visit != visits.begin() && (visit - 1)->at >= context.day_cut; --visit) {
    if (timeline.by_day[(visit - 1)->index]) after = visit - 1;
  }
  if (after == visits.begin()) return {};
  // A stage that the rulebook does not have may be any of its stages by another name.
  if (context.view.process() && !(after - 1)->stage) unknown = true;
  return (after - 1)->stage;
}

Instant counts_from(const Plan& plan, const history::Timeline& timeline, std::uint32_t index, bool timely) {
  const Instant at = timeline.at[index];
  const history::KindClass of = plan.history.kinds[timeline.kind[index]].of;
  if (!timely || of != history::KindClass::record || !at.known()) return at;
  const Instant recorded = timeline.recorded[index];
  return recorded.known() ? std::max(at, recorded) : recorded;
}

}  // namespace plumb::eval
