#include "eval/tally.h"

#include <algorithm>

#include "eval/day.h"
#include "eval/followed.h"
#include "eval/lack.h"
#include "eval/money.h"
#include "eval/naming.h"
#include "eval/obligation.h"
#include "eval/owned.h"

namespace plumb::eval {

using model::AggregateFunction;

void Tally::add(bool sure, Truth part, std::int64_t times) {
  (sure ? certain : possible) += times;
  if (sure) {
    part_yes += part == Truth::yes ? times : 0;
    part_open += part == Truth::unknown ? times : 0;
  } else {
    possible_part += part == Truth::yes ? times : 0;
    possible_open += part == Truth::unknown ? times : 0;
    possible_rest += part == Truth::no ? times : 0;
  }
}

void Tally::put(Rational low, Rational high, bool part) {
  if (highs.empty() && compare(low, high) != 0) highs = values;
  const bool ranges = !highs.empty() || compare(low, high) != 0;
  values.push_back(low);
  if (ranges) highs.push_back(high);
  in_part.push_back(part);
}

namespace {

// The row as of which the fields of a member are read (`at won`), where something of its day has a date alone. Missing:
// UINT32_MAX, nothing leaves open what they are then.
std::uint32_t read_row(const model::Aggregate& aggregate, const Candidate& candidate, const Context& at) {
  if (!aggregate.read_at || !at.view.by_day() || !at.cut.known()) return UINT32_MAX;
  std::uint32_t row = UINT32_MAX;
  for (const Occurrence& one : at.view.occurrences(aggregate.read_at)) {
    if (!one.at.known() || one.at.micros + 1 != at.cut.micros) continue;
    row = one.index;
    if (row == candidate.event.index) break;
  }
  return row != UINT32_MAX && day_in_doubt(at.view, row) ? row : UINT32_MAX;
}

std::vector<Instant> turns_of(const Context& at, Id<model::Expr> asked) {
  std::vector<Instant> points;
  change_points(at.view, *at.calendar, {asked}, at.now(), last_of_day(at.view.plan(), at.now()), false, points);
  return points;
}

}  // namespace

// Of which undecided members what would have to be known; the first ten are named.
void Tallier::name(const Candidate& candidate, Id<model::Expr> asked, const Context& at) {
  if (!context.trace || named >= most_members) return;
  ++named;
  Trace lacking;
  Context traced = at;
  traced.trace = &lacking;
  if (!at.cut.known()) {
    lacking.lack({.kind = FactKind::event_time, .event = aggregate.read_at});
  } else if (asked && context.view.plan().book.exprs[asked].type.kind == model::TypeKind::condition) {
    holds(asked, traced);
  } else if (asked && value(asked, traced).state == Value::State::missing) {
    const model::Expr& of = context.view.plan().book.exprs[asked];
    lacking.lack({.kind = fact_of(context.view.plan().book, of), .field = of.field});
  }
  if (asked && lacking.facts.empty()) lack_day(at, read_row(aggregate, candidate, at), asked, lacking);
  const std::uint32_t who = candidate.person;
  const bool perhaps_there = who != nobody && !candidate.certain && candidate.whose;
  if (lacking.facts.empty() && perhaps_there) lacking.lack({.kind = FactKind::departure, .person = who});
  if (lacking.facts.empty() && candidate.contact != nobody && !candidate.certain) lack_contact(candidate, lacking);
  if (lacking.facts.empty() && candidate.certain) lack_times_upon(candidate, lacking);
  if (lacking.facts.empty() && aggregate.followed_by && candidate.certain) {
    lacking.lack({.kind = FactKind::event, .event = aggregate.followed_by});
  }
  if (const auto period = period_untold(context.view.plan(), candidate.event); period && !candidate.placed) {
    if (lacking.facts.empty()) lacking.lack({.kind = FactKind::attribute, .field = period});
  }
  if (lacking.facts.empty() && !candidate.placed && is_by_day(candidate)) {
    lacking.lack({.kind = FactKind::time_of_day});
  }
  if (lacking.facts.empty() && !candidate.whose) lack_owner(candidate, at, lacking);
  const bool in_doubt = !candidate.certain && candidate.sourced && candidate.at.known();
  if (lacking.facts.empty() && in_doubt) lack_certainty(candidate, at, lacking);
  const FactKind which = !aggregate.event       ? FactKind::members
                         : !candidate.sourced   ? FactKind::source
                         : candidate.at.known() ? FactKind::members
                                                : FactKind::event_time;
  if (lacking.facts.empty()) lacking.lack({.kind = which, .event = aggregate.event});
  for (Fact& fact : lacking.facts) {
    if (fact.member == no_event) fact.member = candidate.event;
    if (fact.person == nobody) fact.person = candidate.person;
    fact.contact = candidate.contact;
    context.trace->lack(fact);
  }
}

// Since when he is one, or when that was written down.
void Tallier::lack_contact(const Candidate& candidate, Trace& lacking) const {
  const history::Contacts& contacts = context.view.plan().history.contacts;
  const bool since = contacts.by_day[candidate.contact] == 2;
  const bool recorded = context.timely || context.view.plan().known_at != Instant::max();
  if (since) lacking.lack({.kind = FactKind::since});
  if (recorded && !contacts.recorded[candidate.contact].known()) lacking.lack({.kind = FactKind::recorded});
}

// What would tell whether it is one: where nobody said when it was recorded, that, whoever is looked at.
void Tallier::lack_certainty(const Candidate& candidate, const Context& at, Trace& lacking) const {
  if (candidate.event == no_event) return;
  lack_day_of_owner(candidate, at.view, lacking);
  if (!aggregate.event || !lacking.facts.empty()) return;
  const history::History& history = context.view.plan().history;
  const history::Timeline& timeline = candidate.event.of_person ? history.person_events : history.deal_events;
  const Plan& plan = context.view.plan();
  const std::uint32_t row = candidate.event.index;
  const bool counts = counts_from(plan, timeline, row, context.timely).known();
  if (!counts || plan.recorded_by_then(timeline.recorded[row]) == Truth::unknown) {
    lacking.lack({.kind = FactKind::recorded, .event = aggregate.event});
  } else if (candidate.event.of_person == at.view.of_person() && row >= at.view.begin() && row < at.view.end()) {
    lack_parts(at.view, aggregate.event, row, lacking);
  }
}

// Where the owner changed on that day, when in the day.
void Tallier::lack_day_of_owner(const Candidate& candidate, const View& deal, Trace& lacking) const {
  const model::SubjectKind kind = list_kind(aggregate, context);
  const std::uint32_t index = candidate.event.index;
  if (aggregate.by_actor || kind == model::SubjectKind::deal || candidate.event.of_person || deal.of_person()) return;
  if (index < deal.begin() || index >= deal.end()) return;
  const std::uint32_t row = blurs_owner(deal, {.index = index, .at = candidate.at}, kind);
  if (row != UINT32_MAX) lacking.lack({.kind = FactKind::time_of_day, .member = deal.ref(row)});
}

// Whose it is: who owned the deal, or in which team he was.
void Tallier::lack_owner(const Candidate& candidate, const Context& at, Trace& lacking) const {
  const Plan& plan = context.view.plan();
  if (candidate.person != nobody) {
    lacking.lack({.kind = FactKind::person_field, .field = plan.team, .person = candidate.person});
  } else if (candidate.event.of_person && aggregate.event) {
    lacking.lack({.kind = FactKind::whose, .event = aggregate.event});
  } else if (aggregate.by_actor && aggregate.event) {
    lacking.lack({.kind = FactKind::actor, .event = aggregate.event});
  } else if (!aggregate.by_actor && plan.owner && !candidate.event.of_person) {
    const Instant then = candidate.at.known() ? candidate.at : plan.horizon;
    const bool owned = at.view.owner_observed(then);
    if (!owned) lacking.lack({.kind = FactKind::deal_field, .field = plan.owner});
    if (owned && plan.team)
      lacking.lack({.kind = FactKind::person_field, .field = plan.team, .person = at.view.owner_at(then)});
  }
}

bool Tallier::is_by_day(const Candidate& candidate) const {
  const Plan& plan = context.view.plan();
  if (!plan.by_day || candidate.event == no_event) return false;
  const history::History& history = plan.history;
  return (candidate.event.of_person ? history.person_events : history.deal_events).by_day[candidate.event.index] != 0;
}

// Of the events between which time runs that have a date alone the time of day is missing.
void Tallier::lack_times_upon(const Candidate& candidate, Trace& lacking) const {
  const bool runs =
      aggregate.followed_by ? is_clock(aggregate.followed_within->unit) : aggregate.span_from.operator bool();
  if (!runs || candidate.event == no_event) return;
  const history::History& history = context.view.plan().history;
  const history::Timeline& timeline = candidate.event.of_person ? history.person_events : history.deal_events;
  const std::uint32_t subject = history::owner_of_row(timeline.first, candidate.event.index);
  if (aggregate.followed_by && is_by_day(candidate)) lacking.lack({.kind = FactKind::time_of_day});
  const auto take = [&](Instant at, bool by_day) {
    if (!by_day || !at.known()) return;
    const time::Calendar& days = context.view.plan().calendars.front();
    // It stands at the start of its day, or behind what it goes on from.
    EventRef row = row_by_day(history, candidate.event.of_person, subject, at);
    if (row == no_event)
      row = row_by_day(history, candidate.event.of_person, subject, days.start_of(days.day_of(at)));
    if (row != no_event) lacking.lack({.kind = FactKind::time_of_day, .member = row});
  };
  take(candidate.first, candidate.first_by_day);
  take(candidate.second, candidate.second_by_day);
}

Truth Tallier::narrowing(const Candidate& candidate, const Context& at) {
  if (!aggregate.where) return Truth::yes;
  if (candidate.where_decided) return candidate.where;
  if (!at.cut.known()) return Truth::unknown;
  const std::uint32_t row = read_row(aggregate, candidate, at);
  if (row == UINT32_MAX) return holds(aggregate.where, at);
  return whenever_it_came(at, row, turns_of(at, aggregate.where),
                          [&](const Context& then) { return holds(aggregate.where, then); });
}

// What is added up of a member, where it is the same whenever it is read.
Value Tallier::amount(const Candidate& candidate, const Context& at) const {
  if (!at.cut.known()) return Value::unknown();
  const Value found = value(aggregate.value, at);
  const std::uint32_t row = read_row(aggregate, candidate, at);
  if (row == UINT32_MAX) return found;
  const auto same = [&](const Context& then) {
    const Value other = value(aggregate.value, then);
    const bool equal = other.state == found.state && other.currency == found.currency &&
                       compare(other.low, found.low) == 0 && compare(other.high, found.high) == 0;
    return equal ? Truth::yes : Truth::unknown;
  };
  return whenever_it_came(at, row, turns_of(at, aggregate.value), same) == Truth::yes ? found : Value::unknown();
}

// Whether it was followed in time; as long as the time runs that is open.
Truth Tallier::part(const Candidate& candidate, Truth narrowed) const {
  if (!aggregate.followed_by) return aggregate.function == AggregateFunction::share ? narrowed : Truth::yes;
  if (!candidate.at.known()) return Truth::unknown;
  const Plan& plan = context.view.plan();
  const time::Duration within = *aggregate.followed_within;
  const bool by_date = !is_clock(within.unit) && is_by_day(candidate);
  const Instant from = by_date ? as_written(plan, candidate.at, *context.calendar) : candidate.at;
  const Instant deadline = context.calendar->within(within, from);
  // Hours that a date alone starts may end so much later.
  const bool later = is_clock(within.unit) && is_by_day(candidate);
  const Instant last = later ? context.calendar->within(within, last_of_day(plan, candidate.at)) : deadline;
  if (!deadline.known() || !last.known()) return Truth::unknown;
  const Instant seen = std::min(last, context.cut);
  const Instant first = candidate.first;
  const bool in_time = first.known() && first < std::min(deadline, context.cut) &&
                       (!candidate.first_by_day || last_of_day(plan, first) < deadline);
  if (in_time) return Truth::yes;
  if (candidate.second.known() && candidate.second < seen) return Truth::unknown;
  const bool over = last <= context.cut;
  return over && is_observed(plan, aggregate.followed_by, candidate.at, seen) ? Truth::no : Truth::unknown;
}

void Tallier::add(bool certain, Truth where, std::int64_t times) {
  if (!is_share() && where == Truth::no) return;
  tally.add(certain && (is_share() || where == Truth::yes), is_share() ? where : Truth::yes, times);
}

void Tallier::take(const Candidate& candidate, const Context& at) {
  const Truth where = narrowing(candidate, at);
  if (aggregate.span_from && !may_span(candidate)) return;
  const bool narrows = !is_share() || aggregate.followed_by;
  if (narrows && where == Truth::no) return;
  const bool sure = candidate.certain && (!narrows || where == Truth::yes);
  const Truth in = part(candidate, where);
  tally.add(sure, in);
  if (aggregate.span_from) take_span(candidate, sure);
  if (aggregate.value) take_value(candidate, at, sure, in);
  if (!context.trace) return;
  const bool shown = sure && shows(in) && context.trace->evidence.size() < most_members;
  if (shown && candidate.event != no_event) context.trace->use(candidate.event);
  if (!sure || in == Truth::unknown || where == Truth::unknown) {
    name(candidate, where == Truth::unknown ? aggregate.where : Id<model::Expr>(), at);
  }
}

// Where one of the events has not happened so far there is no time between them.
bool Tallier::may_span(const Candidate& candidate) const {
  return !candidate.told || (candidate.second.known() && candidate.second < context.cut);
}

void Tallier::take_span(const Candidate& candidate, bool sure) {
  const Stretch span{candidate.first, candidate.second, candidate.told, candidate.first_by_day,
                     candidate.second_by_day};
  const Value v =
      span.told ? length(context.view.plan(), span, aggregate.span_unit, *context.calendar) : Value::unknown();
  if (sure && v.known()) {
    tally.put(v.low, v.high, true);
    if (compare(v.low, v.high) != 0) name(candidate, {}, context);
    return;
  }
  tally.undecided_value = true;
  if (sure) name(candidate, {}, context);
}

void Tally::see(std::uint32_t seen, const history::Dictionary& words) {
  if (seen == 0 || seen >= words.size() || seen == first_currency) return;
  several_currencies |= first_currency != 0;
  if (first_currency == 0 || words[seen] < words[first_currency]) first_currency = seen;
}

// Amounts of several currencies are added up in that of the other side of the comparison, each at its own day's rate.
void Tallier::add_value(Value v, const Candidate& candidate, bool part) {
  if (!v.zero()) tally.see(v.currency, context.view.plan().history.words);
  const std::uint32_t into = context.currency ? context.currency : tally.has_currency ? tally.currency : 0;
  const Instant at = candidate.at.known() ? candidate.at : context.now();
  const std::optional<Value> same = converted(v, into, context.calendar->day_of(at), context);
  if (!same && v.currency == 0) name_currency(context, aggregate.value, candidate.event);
  if (!same) {
    tally.undecided_value = true;
    return;
  }
  if (!tally.has_currency && !same->zero()) tally.has_currency = true, tally.currency = same->currency;
  tally.put(same->low, same->low, part);
}

void Tallier::take_value(const Candidate& candidate, const Context& at, bool sure, Truth part) {
  const Value v = amount(candidate, at);
  if (v.known() && sure && part != Truth::unknown && compare(v.low, v.high) == 0) {
    return add_value(v, candidate, part == Truth::yes);
  }
  const bool length = context.view.plan().book.exprs[aggregate.value].type.kind == model::TypeKind::duration;
  if (v.known() && sure && part != Truth::unknown && length) {
    tally.put(v.low, v.high, part == Truth::yes);
    return name(candidate, aggregate.value, at);
  }
  tally.undecided_value = true;
  if (sure && !v.known()) name(candidate, aggregate.value, at);
}

namespace {

Value share_by_number(const Tally& t) {
  const std::int64_t low_part = t.part_yes, low_whole = t.certain + t.possible_rest + t.possible_open;
  const std::int64_t high_part = t.part_yes + t.part_open + t.possible_part + t.possible_open;
  const std::int64_t high_whole = t.certain + t.possible_part + t.possible_open;
  if (t.certain == 0) return Value::unknown();  // a share of nothing, or perhaps of nothing
  return Value::between(rational(low_part, low_whole), rational(high_part, high_whole));
}

Rational total(const std::vector<Rational>& values) {
  Rational sum;
  for (const Rational& value : values) sum = add(sum, value);
  return sum;
}

Rational total_of_part(const Tally& tally) {
  Rational sum;
  for (std::size_t i = 0; i < tally.values.size(); ++i) {
    if (tally.in_part[i]) sum = add(sum, tally.values[i]);
  }
  return sum;
}

Rational mean(const std::vector<Rational>& values) {
  return divide(total(values), rational(static_cast<Wide>(values.size()), 1));
}

Rational median(std::vector<Rational> values) {
  std::sort(values.begin(), values.end(), [](Rational a, Rational b) { return compare(a, b) < 0; });
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return divide(add(values[middle - 1], values[middle]), rational(2, 1));
}

// What comes of the values, between the least and the most that they may be.
template <class Of>
Value of_values(const Tally& tally, Of of) {
  if (tally.highs.empty()) return Value::of(of(tally.values), tally.currency);
  Value out = Value::between(of(tally.values), of(tally.highs));
  out.currency = tally.currency;
  return out;
}

}  // namespace

Value Tallier::result(bool whole_observed) const {
  const bool of_some = aggregate.function != AggregateFunction::count && aggregate.function != AggregateFunction::sum;
  if (of_some && tally.certain == 0 && named == 0 && context.trace) {
    // Where everything is observed it is known that there was nothing.
    if (whole_observed && tally.possible == 0) {
      context.trace->reasons.push_back({Ground::of_nothing, {}, aggregate.event, 0, 0});
    } else {
      context.trace->lack({.kind = FactKind::members, .event = aggregate.event});
    }
  }
  if (aggregate.function == AggregateFunction::count) {
    const Wide most = whole_observed ? tally.certain + tally.possible : Wide{1} << 60;
    return Value::between(rational(tally.certain, 1), rational(most, 1));
  }
  if (!whole_observed) return Value::unknown();
  if (aggregate.function == AggregateFunction::share && !aggregate.value) return share_by_number(tally);
  if (tally.undecided_value || tally.possible > 0) return Value::unknown();
  switch (aggregate.function) {
    case AggregateFunction::sum: return of_values(tally, total);
    case AggregateFunction::mean: return tally.values.empty() ? Value::unknown() : of_values(tally, mean);
    case AggregateFunction::median: return tally.values.empty() ? Value::unknown() : of_values(tally, median);
    case AggregateFunction::share: {
      const Rational whole = total(tally.values);
      if (!tally.highs.empty()) return Value::unknown();
      return whole.n == 0 ? Value::unknown() : Value::of(divide(total_of_part(tally), whole));
    }
    case AggregateFunction::count: break;
  }
  return Value::unknown();
}

}  // namespace plumb::eval
