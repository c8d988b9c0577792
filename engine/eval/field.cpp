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

// Whether a change counts for the context: yes, no, or only if its recording were known.
Truth change_counts(const Context& context, std::uint32_t index, const model::Tails* tails, Instant since) {
  const history::Timeline& timeline = context.view.timeline();
  const Instant at = timeline.at[index];
  if (!at.known()) return Truth::unknown;
  if (at >= context.cut || index == context.except) return Truth::no;
  if (timeline.by_day[index] && at >= context.day_cut) return Truth::no;
  if (since.known() && at < since) return Truth::no;
  if (tails && tails->source != model::SourceRank::none) {
    const auto rank = static_cast<int>(timeline.source[index]);
    const auto asked = static_cast<int>(tails->source);
    if (rank == 0) return Truth::unknown;
    if (tails->or_better ? rank < asked : rank != asked) return Truth::no;
  }
  if (!context.timely) return Truth::yes;
  const Instant recorded = timeline.recorded[index];
  if (!recorded.known()) return Truth::unknown;
  return truth(recorded < context.cut);
}

// The earliest instant from which facts count under `since E` and `in D`; unknown: all do.
Instant counted_since(const Context& context, const model::Tails& tails, bool& undecided) {
  Instant since = Instant::unknown();
  if (tails.in) since = context.calendar->back_from(*tails.in, context.now());
  if (!tails.since) return since;
  bool found = false;
  for (const Occurrence& occurrence : context.view.occurrences(tails.since)) {
    if (!occurrence.at.known() || !occurrence.certain) undecided = true;
    if (!occurrence.at.known() || occurrence.at >= context.cut) continue;
    since = std::max(since, occurrence.at);
    found = true;
  }
  return found ? since : context.cut;  // no E yet: nothing counts
}

// The value that the row of the deal gives, as of creation.
Value initial_value(const FieldBinding& binding, Id<model::Field> id, const Context& context) {
  if (binding.initial) {
    const std::int64_t v = binding.initial->values[context.view.subject()];
    if (v == history::missing || history::is_value(v)) return cell(*binding.initial, context.view.subject());
    if (v == history::unreadable) return lacking(context, FactKind::deal_field, id);
  }
  if (binding.change_kind >= 0) return Value::missing();  // the source tells of changes, and there was none yet
  return lacking(context, FactKind::deal_field, id);
}

Value deal_field(Id<model::Field> id, const Context& context, const model::Tails* tails) {
  const FieldBinding& binding = context.view.plan().fields[id.index()];
  if (!binding.bound() || outside(binding.observed, context.now())) return lacking(context, FactKind::deal_field, id);
  bool undecided = false;
  const Instant since = tails ? counted_since(context, *tails, undecided) : Instant::unknown();
  const bool narrowed = tails && tails->any();
  const history::Timeline& timeline = context.view.timeline();
  const auto& changes = context.view.of_kind(binding.change_kind);
  std::uint32_t last = UINT32_MAX;
  bool unknown = undecided;
  bool unrecorded = false;
  for (std::uint32_t index : changes) {
    const Truth counts = change_counts(context, index, tails, since);
    if (counts == Truth::yes) last = index, unknown = unrecorded = false;
    if (counts == Truth::unknown) unknown = true, unrecorded |= timeline.at[index].known();
  }
  if (unknown) return lacking(context, unrecorded ? FactKind::recorded : FactKind::deal_field, id);
  if (last != UINT32_MAX) {
    if (context.trace) context.trace->use(context.view.ref(last));
    const Value now = cell(*binding.change_to, timeline.row[last]);
    return now.state == Value::State::unknown ? lacking(context, FactKind::deal_field, id) : now;
  }
  if (narrowed) return Value::missing();
  if (!changes.empty() && binding.change_from) {
    const std::uint32_t row = timeline.row[changes.front()];
    const std::int64_t from = binding.change_from->values[row];
    if (from == history::missing || history::is_value(from)) return cell(*binding.change_from, row);
  }
  return initial_value(binding, id, context);
}

std::uint32_t person_of(const Context& context) {
  return context.person != nobody ? context.person : context.view.owner_at(context.now());
}

Value person_field(Id<model::Field> id, const Context& context) {
  const FieldBinding& binding = context.view.plan().fields[id.index()];
  const history::People& people = context.view.plan().history.people;
  const std::uint32_t person = person_of(context);
  if (!binding.dated || person == nobody || outside(binding.observed, context.now())) {
    return lacking(context, FactKind::person_field, id);
  }
  const std::uint32_t row = person_row(people, person, context.calendar->day_of(context.now()));
  if (row == UINT32_MAX) return lacking(context, FactKind::person_field, id);
  const Value found = cell(*binding.dated, row);
  return found.state == Value::State::unknown ? lacking(context, FactKind::person_field, id) : found;
}

Value account_field(Id<model::Field> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const FieldBinding& binding = plan.fields[id.index()];
  const std::uint32_t deal = context.view.subject();
  const std::uint32_t account = context.view.of_person() || deal >= plan.history.deal_account.size()
                                    ? UINT32_MAX
                                    : plan.history.deal_account[deal];
  if (!binding.initial || account == UINT32_MAX) return lacking(context, FactKind::account_field, id);
  const Value found = cell(*binding.initial, account);
  return found.state == Value::State::unknown ? lacking(context, FactKind::account_field, id) : found;
}

}  // namespace

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
  const std::uint32_t row = timeline.row[index];
  const Value found = cell(*column, row);
  if (found.state == Value::State::unknown) return lacking(context, FactKind::attribute, id);
  if (!context.timely || found.state == Value::State::missing) return found;
  const bool own = row < column->recorded.size() && column->recorded[row].known();
  const Instant recorded = own ? column->recorded[row] : timeline.recorded[index];
  if (!recorded.known()) return lacking(context, FactKind::recorded, id);
  return recorded < context.cut ? found : Value::missing();
}

Id<model::Stage> stage_at(const Context& context, bool& unknown) {
  unknown = context.view.stage_unknown() || context.view.process_unknown();
  Id<model::Stage> stage;
  for (const Visit& visit : context.view.visits()) {
    if (visit.at >= context.cut || (visit.index == context.except && visit.at.known())) break;
    stage = visit.stage;
  }
  return stage;
}

Instant counts_from(const View& view, std::uint32_t index, bool timely) {
  const history::Timeline& timeline = view.timeline();
  const Instant at = timeline.at[index];
  const history::KindClass of = view.plan().history.kinds[timeline.kind[index]].of;
  if (!timely || of != history::KindClass::record || !at.known()) return at;
  const Instant recorded = timeline.recorded[index];
  return recorded.known() ? std::max(at, recorded) : recorded;
}

}  // namespace plumb::eval
