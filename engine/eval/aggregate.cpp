#include <algorithm>

#include "eval/condition.h"
#include "eval/members.h"

namespace plumb::eval {

namespace {

using model::AggregateFunction;

constexpr std::size_t most_evidence = 10;

bool covers(const time::Interval& observed, Instant from, Instant until) {
  const bool from_start = !observed.from.known() || (from.known() && observed.from <= from);
  return from_start && observed.until >= until;
}

// Whether everything that the event is made of is observed in [from, until).
bool observed(const Plan& plan, Id<model::Event> id, Instant from, Instant until) {
  const model::Event& event = plan.book.events[id];
  switch (event.kind) {
    case model::EventKind::activity:
      return covers(plan.activities[event.activity.index()].observed, from, until);
    case model::EventKind::record: return covers(plan.records[event.record.index()].observed, from, until);
    case model::EventKind::changed: case model::EventKind::moved_period:
      return covers(plan.fields[event.field.index()].observed, from, until);
    case model::EventKind::created: return covers(plan.history.coverage.at("created"), from, until);
    case model::EventKind::won: case model::EventKind::lost: case model::EventKind::reopened:
    case model::EventKind::enters: case model::EventKind::leaves:
      return covers(plan.history.coverage.at("stage"), from, until);
    default: break;
  }
  for (Id<model::Event> part : event.parts) {
    if (!observed(plan, part, from, until)) return false;
  }
  return true;
}

// What an aggregate has seen: members that count for certain, and those that may.
struct Tally {
  std::int64_t certain = 0, possible = 0;                   // of the population
  std::int64_t part_yes = 0, part_open = 0;                 // certain members: in the part; undecided
  std::int64_t possible_part = 0, possible_rest = 0, possible_open = 0;  // possible members likewise
  std::vector<Rational> values;                             // of certain members
  std::vector<bool> in_part;
  std::uint32_t currency = 0;
  bool mixed = false;                                       // two currencies
  bool undecided_value = false;

  void add(bool sure, Truth part) {
    (sure ? certain : possible) += 1;
    if (sure) {
      part_yes += part == Truth::yes;
      part_open += part == Truth::unknown;
    } else {
      possible_part += part == Truth::yes;
      possible_open += part == Truth::unknown;
      possible_rest += part == Truth::no;
    }
  }
};

struct Candidate {
  std::uint32_t index;
  bool certain;
  Truth where;          // decided, or unknown where `where` must be asked
  bool where_decided;
};

// One aggregate being evaluated: the filter, the value and the trace are the same for every member.
struct Tallier {
  const model::Aggregate& aggregate;
  const Context& context;
  Tally tally;

  void take(const Candidate& candidate, const Context& at) {
    const Truth where = !aggregate.where              ? Truth::yes
                        : candidate.where_decided     ? candidate.where
                                                      : holds(aggregate.where, at);
    const bool share = aggregate.function == AggregateFunction::share;
    if (!share && where == Truth::no) return;
    const bool sure = candidate.certain && (share || where == Truth::yes);
    tally.add(sure, share ? where : Truth::yes);
    if (aggregate.value) take_value(at, sure, where);
    if (context.trace && sure && where == Truth::yes && context.trace->evidence.size() < most_evidence) {
      context.trace->use(at.view.ref(candidate.index));
    }
    if (context.trace && (!sure || where == Truth::unknown)) {
      context.trace->lack({FactKind::members, {}, aggregate.event});
    }
  }

  void take_value(const Context& at, bool sure, Truth where) {
    const Value v = value(aggregate.value, at);
    if (!v.known() || !sure || where == Truth::unknown || compare(v.low, v.high) != 0) {
      tally.undecided_value = true;
      return;
    }
    if (tally.values.empty()) tally.currency = v.currency;
    tally.mixed |= tally.currency != v.currency;
    tally.values.push_back(v.low);
    tally.in_part.push_back(where == Truth::yes);
  }
};

Value share_by_number(const Tally& t) {
  const std::int64_t low_part = t.part_yes, low_whole = t.certain + t.possible_rest + t.possible_open;
  const std::int64_t high_part = t.part_yes + t.part_open + t.possible_part + t.possible_open;
  const std::int64_t high_whole = t.certain + t.possible_part + t.possible_open;
  if (t.certain == 0) return Value::unknown();  // a share of nothing, or perhaps of nothing
  return Value::between(rational(low_part, low_whole), rational(high_part, high_whole));
}

Rational total(const Tally& tally, bool part_only) {
  Rational sum;
  for (std::size_t i = 0; i < tally.values.size(); ++i) {
    if (!part_only || tally.in_part[i]) sum = add(sum, tally.values[i]);
  }
  return sum;
}

Value median(std::vector<Rational> values, std::uint32_t currency) {
  std::sort(values.begin(), values.end(), [](Rational a, Rational b) { return compare(a, b) < 0; });
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return Value::of(values[middle], currency);
  return Value::of(divide(add(values[middle - 1], values[middle]), rational(2, 1)), currency);
}

Value result(const model::Aggregate& aggregate, const Tally& tally, bool whole_observed, const Context& context) {
  if (aggregate.function == AggregateFunction::count) {
    const Wide most = whole_observed ? tally.certain + tally.possible : Wide{1} << 60;
    return Value::between(rational(tally.certain, 1), rational(most, 1));
  }
  if (!whole_observed) return Value::unknown();
  if (aggregate.function == AggregateFunction::share && !aggregate.value) return share_by_number(tally);
  if (tally.mixed && context.trace) context.trace->lack({FactKind::rate, {}, {}});
  if (tally.undecided_value || tally.possible > 0 || tally.mixed) return Value::unknown();
  switch (aggregate.function) {
    case AggregateFunction::sum: return Value::of(total(tally, false), tally.currency);
    case AggregateFunction::mean:
      if (tally.values.empty()) return Value::unknown();
      return Value::of(divide(total(tally, false), rational(static_cast<Wide>(tally.values.size()), 1)), tally.currency);
    case AggregateFunction::median:
      return tally.values.empty() ? Value::unknown() : median(tally.values, tally.currency);
    case AggregateFunction::share: {
      const Rational whole = total(tally, false);
      return whole.n == 0 ? Value::unknown() : Value::of(divide(total(tally, true), whole));
    }
    case AggregateFunction::count: break;
  }
  return Value::unknown();
}

// Whether an occurrence of the subject's own timeline counts at the cut; `sure` is cleared where that cannot be told.
bool counts(const Context& context, const Occurrence& occurrence, Instant from, bool& sure) {
  if (occurrence.index == context.except) return false;
  if (!occurrence.at.known()) {
    sure = false;
    return true;
  }
  const Instant when = counts_from(context.view, occurrence.index, context.timely);
  if (!when.known()) {
    sure = false;
    return occurrence.at < context.cut && occurrence.at >= from;
  }
  if (context.view.timeline().by_day[occurrence.index] && occurrence.at >= context.day_cut) return false;
  return when < context.cut && (!from.known() || when >= from);
}

// Where the facts that count begin: `in D`, `since E`, `over last N THINGS`; false when that cannot be told.
bool counted_from(const model::Tails& tails, const Context& context, Instant& from, std::uint32_t& first_index) {
  from = context.window_from;
  if (tails.in) from = std::max(from, context.calendar->back_from(*tails.in, context.now()));
  if (tails.since) {
    Instant latest = Instant::unknown();
    for (const Occurrence& occurrence : context.view.occurrences(tails.since)) {
      if (!occurrence.at.known() || !occurrence.certain) return false;
      if (occurrence.at < context.cut) latest = occurrence.at;
    }
    from = latest.known() ? std::max(from, latest) : context.cut;
  }
  if (tails.last == 0) return true;
  std::vector<std::uint32_t> things;
  for (const Occurrence& occurrence : context.view.occurrences(tails.last_of)) {
    bool sure = occurrence.certain;
    if (!counts(context, occurrence, from, sure)) continue;
    if (!sure) return false;
    things.push_back(occurrence.index);
  }
  if (things.size() < static_cast<std::size_t>(tails.last)) return false;
  first_index = things[things.size() - static_cast<std::size_t>(tails.last)];
  return true;
}

// The subject's own occurrences, a deal's or a person's.
bool take_own(Id<model::Event> event, const model::Tails& tails, const Context& context, Tallier& tallier) {
  Instant from;
  std::uint32_t first_index = 0;
  if (!counted_from(tails, context, from, first_index)) return false;
  for (const Occurrence& occurrence : context.view.occurrences(event)) {
    bool sure = occurrence.certain;
    if (occurrence.index < first_index || !counts(context, occurrence, from, sure)) continue;
    Context at = context;
    at.candidate = occurrence.index;
    at.trace = nullptr;
    tallier.take({occurrence.index, sure, Truth::unknown, false}, at);
  }
  return true;
}

void take_members(const MemberList::Range& range, const Context& context, Tallier& tallier, bool dated) {
  const Plan& plan = context.view.plan();
  const model::Aggregate& aggregate = tallier.aggregate;
  const bool decided = !aggregate.where || plan.only_event[aggregate.where.index()];
  View& deals = *context.members->deals;
  for (const MemberList::Row* row = range.begin; row != range.end; ++row) {
    const bool load = aggregate.value || !decided || context.trace;
    if (load && (deals.of_person() || deals.subject() != row->deal || deals.end() == deals.begin())) {
      deals.load_deal(row->deal);
    }
    Context at{.view = deals, .cut = context.cut, .candidate = row->index, .calendar = context.calendar};
    tallier.take({row->index, row->certain && dated, row->where, decided}, at);
  }
}

}  // namespace

// A `happened` condition is the count of its event being at least one.
Value tally_value(Id<model::Expr> id, const model::Aggregate& aggregate, const Context& context) {
  Tallier tallier{aggregate, context, {}};
  const Plan& plan = context.view.plan();
  if (!take_own(aggregate.event, aggregate.tails, context, tallier)) return Value::unknown();
  if (context.subject != model::SubjectKind::deal && context.members) {
    const model::SubjectKind kind = list_kind(plan.book.exprs[id].aggregate ? &aggregate : nullptr, context);
    const std::uint32_t key = list_key(kind, context);
    const MemberList& list = context.members->list(kind, id);
    Instant from = context.window_from;
    if (aggregate.tails.in) from = std::max(from, context.calendar->back_from(*aggregate.tails.in, context.now()));
    if (key != nobody) {
      take_members(list.undated(key), context, tallier, false);
      take_members(list.between(key, from, context.cut), context, tallier, true);
    }
  }
  Instant from = context.window_from;
  if (!from.known() && context.subject == model::SubjectKind::deal && !context.view.visits().empty()) {
    from = context.view.lives().empty() ? from : context.view.lives().front().begin;
  }
  const bool whole_observed = observed(plan, aggregate.event, from, context.cut);
  if (!whole_observed && context.trace) context.trace->lack({FactKind::event, {}, aggregate.event});
  return result(aggregate, tallier.tally, whole_observed, context);
}

Value aggregate_value(Id<model::Expr> id, const Context& context) {
  return tally_value(id, *context.view.plan().book.exprs[id].aggregate, context);
}

namespace {

Truth at_least_one(Id<model::Expr> id, Id<model::Event> event, const model::Tails& tails, const Context& context) {
  model::Aggregate count;
  count.event = event;
  count.tails = tails;
  const Value found = tally_value(id, count, context);
  if (!found.known()) return Truth::unknown;
  return found.low.n >= 1 ? Truth::yes : found.high.n == 0 ? Truth::no : Truth::unknown;
}

}  // namespace

Truth happened_truth(Id<model::Expr> id, const Context& context) {
  const model::Expr& expr = context.view.plan().book.exprs[id];
  return at_least_one(id, expr.event, expr.tails, context);
}

Truth event_happened(Id<model::Event> event, const Context& context) {
  PLUMB_ASSERT(!context.members, "an expected event of a quota is checked as `E has happened`");
  return at_least_one({}, event, {}, context);
}

Value time_since_value(const model::Expr& expr, const Context& context) {
  Instant latest = Instant::unknown();
  for (const Occurrence& occurrence : context.view.occurrences(expr.event)) {
    bool sure = occurrence.certain;
    if (!counts(context, occurrence, context.window_from, sure)) continue;
    if (!sure) return Value::unknown();
    latest = occurrence.at;
    if (context.trace) context.trace->use(context.view.ref(occurrence.index));
  }
  return latest.known() ? Value::of_id(latest.micros) : Value::missing();
}

Value total_time_value(const model::Expr& expr, const Context& context) {
  bool unknown = false;
  stage_at(context, unknown);
  if (unknown) return Value::unknown();
  Wide total = 0;
  const auto& visits = context.view.visits();
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    if (visits[i].stage != expr.stage) continue;
    if (!visits[i].at.known()) return Value::unknown();
    const Instant end = i + 1 < visits.size() && visits[i + 1].at < context.cut ? visits[i + 1].at : context.now();
    total += end.micros - visits[i].at.micros;
  }
  return Value::of(rational(total, 1));
}

}  // namespace plumb::eval
