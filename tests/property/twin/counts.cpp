#include <algorithm>

#include "property/twin/window.h"

/// What has happened, and how often.
namespace plumb::twin {

namespace {

// Whether something seen is counted: within the window of a limit or a quota, and by the tails.
Tri counted(const Look& look, const Window& window, const Occurrence& each, const Moment& m) {
  if (window.nothing) return Tri::no;
  const bool from_a_while = m.since.known() && !window.beyond;
  if (from_a_while && m.since > m.now) return Tri::no;
  const bool within_a_day = window.clock && !(from_a_while && window.from <= m.since);
  if (!each.fact->at.known()) {
    const bool any_time = !from_a_while && !window.from.known();
    return any_time && surely_falls_in(window, *each.fact) ? Tri::yes : Tri::unknown;
  }
  if (from_a_while) {
    const Fact& fact = *each.fact;
    const bool stated = Look::is_stated(fact) && m.stated_by_then && fact.recorded;
    const Look::Times when = look.times_of(fact, m, within_a_day);
    const bool later = stated && *fact.recorded > fact.at;
    const Instant from = later ? *fact.recorded : when.first;
    const Instant latest = later ? std::max(from, fact.latest) : when.last;
    const bool may_come_later = Look::is_stated(fact) && m.stated_by_then && !fact.recorded;
    if (m.point.known() && from >= m.point) return Tri::no;
    if (!may_come_later && m.between_periods(from, latest)) return Tri::no;
    if (latest < m.since && !may_come_later) return Tri::no;
    if (from < m.since && (fact.by_day || may_come_later)) return Tri::unknown;
  }
  const Look::Times when = look.times_of(*each.fact, m, within_a_day);
  const bool written = when.first != each.fact->at && !each.earliest.known();
  Instant earliest = written ? when.first : each.earliest;
  const bool days_back = each.fact->by_day && window.days;
  if (days_back && !earliest.known()) earliest = m.clock->start_of(look.world().usual().day_of(each.fact->at));
  const Tri in = falls_in(window, *each.fact, earliest);
  if (in == Tri::no) return Tri::no;
  if (each.fact->by_day && when.straddles(m.point)) return Tri::unknown;
  return surely_falls_in(window, *each.fact) ? in : Tri::unknown;
}

}  // namespace

namespace {

// One of several has come for certain, where all of the time in which it may have is looked at.
Tri come_by_then(const Look& look, const Window& window, const Occurrence& each, const Moment& m) {
  const bool seen = each.since.known() && look.sees(*each.fact, m, false) == Tri::yes;
  const bool whole = std::max(window.from, window.beyond ? Instant::unknown() : m.since) <= each.since;
  return seen && whole ? counted(look, window, each, m) : Tri::no;
}

}  // namespace

Tri Look::happened(Id<model::Event> id, const model::Tails& tails, const Moment& m) const {
  const model::Event& event = book().events[id];
  const Window window = window_of(*this, tails, m);
  if (window.fewer) return Tri::unknown;
  // There is one n-th: before itself it has not happened.
  if (event.kind == model::EventKind::ordinal && m.except != nullptr && is(id, *m.except) == Tri::yes) return Tri::no;
  // What is looked at is itself one of those that are counted, though it does not come before itself.
  const bool counts_itself = m.except != nullptr && event.kind == model::EventKind::ordinal && !m.except->by_day &&
                             is(event.parts.front(), *m.except) != Tri::no;
  if (event.kind == model::EventKind::ordinal && !event.for_each_account && !tails.any() && !m.since.known() &&
      !counts_itself) {
    const Range so_far = ordinal_so_far(event, m);
    if (so_far.least >= event.nth) return Tri::yes;
    return so_far.most && *so_far.most < event.nth ? Tri::no : Tri::unknown;
  }
  if (window.nothing) return Tri::no;
  Tri any = Tri::no, all = Tri::yes;
  for (const Occurrence& each : occurrences(id)) {
    const Tri there = came(id, each, m);
    any = either(any, both(there, counted(*this, window, each, m)));
    any = either(any, come_by_then(*this, window, each, m) == Tri::yes ? Tri::yes : Tri::no);
    if (there != Tri::no) all = both(all, counted(*this, window, each, m));
  }
  const bool within = begin_of(window.from, m) == created() || !gap(id, created(), m.now);
  if (event.kind == model::EventKind::ordinal && !event.for_each_account && any != Tri::no && all == Tri::yes) {
    if (within && ordinal_so_far(event, m).least >= event.nth) any = Tri::yes;  // one of them was it
  }
  if (any == Tri::yes) return any;
  return gap(id, begin_of(window.from, m), m.now) ? Tri::unknown : any;
}

Instant Look::begin_of(Instant tail, const Moment& m) const {
  Instant begin = created();
  if (tail.known() && tail > begin) begin = tail;
  if (m.since.known() && m.since > begin) begin = m.since;
  return begin;
}

Value Look::aggregate(const model::Aggregate& of, const model::Tails& own, const Moment& moment) const {
  Moment m = moment;
  m.choice = nullptr;
  if (of.population == model::PopulationKind::contacts) return of_contacts(of, m);
  const model::Tails& tails = own.any() ? own : of.tails;
  const Window window = window_of(*this, tails, m);
  if (window.fewer) return {};
  std::vector<Member> members;
  Tri all = Tri::yes;
  for (const Occurrence& each : occurrences(of.event)) {
    Member member;
    member.counts = came(of.event, each, m);
    if (member.counts != Tri::no) all = both(all, counted(*this, window, each, m));
    member.counts = both(member.counts, counted(*this, window, each, m));
    const bool plain = of.function == model::AggregateFunction::count && !of.where &&
                       tails.source == model::SourceRank::none && of.tails.source == model::SourceRank::none;
    if (plain && come_by_then(*this, window, each, m) == Tri::yes) member.counts = Tri::yes;
    if (member.counts == Tri::no) continue;
    members.push_back(member_of(of, *each.fact, member.counts, m));
  }
  if (of.population == model::PopulationKind::deals && members.size() > 1) {  // the deal itself, however often
    Member one = members.front();
    for (const Member& each : members) one = one.counts == Tri::yes && each.counts != Tri::yes ? one : each;
    members = {one};
  }
  const bool counted = of.function == model::AggregateFunction::count && !of.where;
  if (counted && once(of.event) && !members.empty()) {  // one of them at most
    Member one;
    for (const Member& each : members) one.counts = either(one.counts, each.counts);
    const model::Event& nth = book().events[of.event];
    const bool within = begin_of(window.from, m) == created() || !gap(of.event, created(), m.now);
    const bool bounded = within && nth.kind == model::EventKind::ordinal && !nth.for_each_account && all == Tri::yes;
    if (bounded && ordinal_so_far(nth, m).least >= nth.nth) one.counts = Tri::yes;  // one of them was it
    members = {one};
  }
  return aggregate_of(of, members, !window.nothing && gap(of.event, begin_of(window.from, m), m.now));
}

// Fields are read at the end of what is looked at, unlike those that an event's own definition asks for.
Member Look::member_of(const model::Aggregate& of, const Fact& fact, Tri counts, const Moment& m) const {
  Member member;
  member.counts = counts;
  Moment then = m;
  then.candidate = &fact;
  const Tri narrowed = of.where ? holds(of.where, then) : Tri::yes;
  (of.function == model::AggregateFunction::share ? member.part : member.counts) =
      of.function == model::AggregateFunction::share ? narrowed : both(counts, narrowed);
  Moment now = m;
  now.candidate = &fact;
  if (of.value) member.amount = value(of.value, now);
  return member;
}

namespace {

Value share_by_number(const std::vector<Member>& members) {
  std::int64_t whole = 0, part = 0, open = 0, may_add_no = 0, may_add_yes = 0;
  for (const Member& each : members) {
    if (each.counts == Tri::yes) {
      ++whole, part += each.part == Tri::yes, open += each.part == Tri::unknown;
    } else if (each.counts == Tri::unknown) {
      may_add_no += each.part != Tri::yes, may_add_yes += each.part != Tri::no;
    }
  }
  Value value;
  if (whole == 0) return value;
  value.is = Value::Is::number;
  value.number = divided({part, 1}, {whole + may_add_no, 1});
  value.most = divided({part + open + may_add_yes, 1}, {whole + may_add_yes, 1});
  value.range = !(value.number == value.most);
  return value;
}

Ratio sum_of(const std::vector<Value>& all) {
  Ratio total;
  for (const Value& each : all) total = plus(total, each.number);
  return total;
}

}  // namespace

Value aggregate_of(const model::Aggregate& of, const std::vector<Member>& members, bool open_ended) {
  using Function = model::AggregateFunction;
  Value value;
  value.is = Value::Is::number;
  if (of.function == Function::count) {
    std::int64_t least = 0, most = 0;
    for (const Member& each : members) least += each.counts == Tri::yes, most += each.counts != Tri::no;
    value.number = {least, 1};
    value.range = open_ended || most != least;
    value.most = open_ended ? endless : Ratio{most, 1};
    return value;
  }
  if (open_ended) return {};
  if (of.function == Function::share && !of.value) return share_by_number(members);
  std::vector<Value> whole, part;
  std::string currency;
  for (const Member& each : members) {
    if (each.counts == Tri::no) continue;
    const bool share = of.function == Function::share;
    if (each.counts == Tri::unknown || !each.amount.known() || (share && each.part == Tri::unknown)) return {};
    whole.push_back(each.amount);
    if (each.part == Tri::yes) part.push_back(each.amount);
    if (each.amount.is == Value::Is::money) value.is = Value::Is::money;
    if (each.amount.text.empty()) continue;
    if (!currency.empty() && currency != each.amount.text) return {};
    currency = each.amount.text;
  }
  if (of.function == Function::sum) {
    value.number = sum_of(whole);
  } else if (whole.empty()) {
    return {};
  } else if (of.function == Function::mean) {
    value.number = divided(sum_of(whole), {static_cast<std::int64_t>(whole.size()), 1});
  } else if (of.function == Function::median) {
    std::sort(whole.begin(), whole.end(), [](const Value& a, const Value& b) { return a.number < b.number; });
    const std::size_t half = whole.size() / 2;
    value.number =
        whole.size() % 2 == 1 ? whole[half].number : divided(plus(whole[half - 1].number, whole[half].number), {2, 1});
  } else {
    if (sum_of(whole).over == 0) return {};
    value.is = Value::Is::number;
    value.number = divided(sum_of(part), sum_of(whole));
  }
  if (value.is == Value::Is::money && value.number.over != 0) value.text = currency;
  return value;
}

}  // namespace plumb::twin
