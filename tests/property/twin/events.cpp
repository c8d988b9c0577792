#include <algorithm>

#include "property/twin/look.h"

/// What is an occurrence of an event (language.md, Events), one fact at a time.
namespace plumb::twin {

using model::EventKind;

Tri Look::is(Id<model::Event> id, const Fact& fact) const {
  const model::Event& event = book().events[id];
  switch (event.kind) {
    case EventKind::error: return Tri::no;
    case EventKind::created: return sure(fact.of == Class::created);
    case EventKind::activity:
      return sure(fact.of == Class::activity && !fact.record && fact.name == book().activities[event.activity].name);
    case EventKind::record:
      return sure(fact.of == Class::activity && fact.record && fact.name == book().records[event.record].name);
    case EventKind::any_of: {
      Tri any = Tri::no;
      for (const Id<model::Event> part : event.parts) any = either(any, is(part, fact));
      return any;
    }
    case EventKind::filtered: {
      const Tri part = is(event.parts.front(), fact);
      if (part == Tri::no) return part;
      return both(part, filtered(event.where, fact));
    }
    case EventKind::ordinal: return ordinal(event, fact);
    case EventKind::starts_leave: return Tri::no;
    case EventKind::changed:
    case EventKind::moved_period: {
      const model::Field& field = book().fields[event.field];
      if (fact.of != Class::change || fact.name != field.name) return Tri::no;
      const Value to = read_cell(fact.to, field.type, field.choices);
      Value from;
      bool first = true, others = false;
      for (const Fact& other : deal_.facts) {
        if (&other == &fact) continue;
        const bool before = !fact.at.known() || !other.at.known() || other.order < fact.order;
        if (!before) continue;
        if (other.of == Class::created && world_.tables.deals.has(field.name)) {
          from = read_cell(other.table->cell(other.row, field.name), field.type, field.choices), first = false;
        }
        if (other.of != Class::change || other.name != field.name) continue;
        if (!other.at.known() || !fact.at.known()) others = true;
        from = read_cell(other.to, field.type, field.choices), first = false;
      }
      if (others) from = Value{}, first = false;  // which of them came before it nobody knows
      if (first && !fact.from.empty()) from = read_cell(fact.from, field.type, field.choices);
      if (event.kind == EventKind::changed) {
        if (first && fact.from.empty()) return to.is == Value::Is::unknown ? Tri::unknown : Tri::yes;  // it says so
        if (from.is == Value::Is::unknown || to.is == Value::Is::unknown) return Tri::unknown;
        return sure(!same(from, to));
      }
      if (from.is == Value::Is::missing || to.is == Value::Is::missing) return Tri::no;
      if (from.is == Value::Is::unknown || to.is == Value::Is::unknown) return Tri::unknown;
      const auto period = [&](const Value& v) {
        const Clock& clock = world_.usual();
        return clock.period_of(event.period, clock.start_of(Day{static_cast<std::int32_t>(v.point)})).from;
      };
      return sure(event.later ? period(from) < period(to) : period(to) < period(from));
    }
    default: break;
  }
  return fact.of == Class::move ? moves(event, fact) : Tri::no;
}

// What a filter comes to at the fact's instant; where that is one of several at all of them.
Tri Look::filtered(Id<model::Expr> where, const Fact& fact) const {
  Moment m;
  m.candidate = &fact, m.clock = &world_.usual();
  const Instant first = std::max(fact.at, created());
  const Instant last = fact.at.known() ? fact.latest : Instant{world_.horizon.micros - 1};
  m.now = last;
  const Tri at_last = holds(where, m);
  if (first.known() && first < last) {
    for (const Instant at : turns(where, first, last, world_.usual())) {
      m.now = at;
      if (holds(where, m) != at_last) return Tri::unknown;
    }
  }
  return at_last;
}

// A move, as each of the processes tells it that the deal follows or may follow.
Tri Look::moves(const model::Event& event, const Fact& fact) const {
  const std::optional<std::string> before = stage_before(fact);
  if (before && *before == fact.to) return Tri::no;  // to where the deal is already
  Tri any = Tri::no;
  for (std::size_t i = 0; i < book().processes.size(); ++i) {
    const Id<model::Process> process{i};
    if (may_follow(process) != Tri::no) any = either(any, moves_in(process, event, before, fact.to));
  }
  return any == Tri::yes ? process_known() : any;
}

namespace {

// Whether a move from one stage of a process into another is such an event. nullptr: no stage.
bool is_move(const model::Event& event, const model::Rulebook& book, const model::Stage* from, const model::Stage& to) {
  const model::Stage* asked = event.stage ? &book.stages[event.stage] : nullptr;
  switch (event.kind) {
    case EventKind::enters: return &to == asked;
    case EventKind::leaves: return from != nullptr && from == asked;
    case EventKind::won: return to.end == model::StageEnd::won;
    case EventKind::lost: return to.end == model::StageEnd::lost;
    case EventKind::reopened:
      return from != nullptr && from->end != model::StageEnd::open && to.end == model::StageEnd::open;
    default: return false;
  }
}

}  // namespace

// A stage that the process does not have may be any of its stages by another name, and so may one that nobody knows.
Tri Look::moves_in(Id<model::Process> process, const model::Event& event, const std::optional<std::string>& from,
                   const std::string& to) const {
  std::vector<const model::Stage*> all, froms, tos;
  for (const Id<model::Stage> each : book().processes[process].stages) all.push_back(&book().stages[each]);
  for (const model::Stage* each : all) {
    if (from && each->name == *from) froms = {each};
    if (each->name == to) tos = {each};
  }
  if (froms.empty()) froms = from && from->empty() ? std::vector<const model::Stage*>{nullptr} : all;
  if (!from) froms.push_back(nullptr);  // it may have been in no stage at all
  if (tos.empty()) tos = all;
  bool some_yes = false, some_no = false;
  for (const model::Stage* one : froms) {
    for (const model::Stage* other : tos) {
      if (one == other) continue;  // a move is one
      (is_move(event, book(), one, *other) ? some_yes : some_no) = true;
    }
  }
  return some_yes && some_no ? Tri::unknown : sure(some_yes);
}

std::vector<Occurrence> Look::occurrences(Id<model::Event> id) const {
  std::vector<Occurrence> all;
  const bool nth = book().events[id].kind == EventKind::ordinal;
  for (const Fact& fact : deal_.facts) {
    const Tri it_is = is(id, fact);
    if (it_is == Tri::no) continue;
    all.push_back({&fact, fact.at, it_is, nth && it_is == Tri::unknown, {}});
    if (nth && fact.by_day) all.back().earliest = earliest_of(book().events[id], fact);
  }
  return all;
}

// Where the first row of stages says that the deal stood in one already, what was before it nobody recorded.
Span Look::observed_stages() const {
  Span span = world_.observed("stage");
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || fact.implied || !fact.at.known()) continue;
    const bool stands = !fact.from.empty() && fact.from == fact.to;
    if (stands && created() < fact.at) span.from = std::max(span.from, fact.at);
    break;
  }
  return span;
}

// A move that says that nobody knows where it came from follows others that nobody recorded, unless it is the first.
Span Look::told_stages() const {
  Span span = observed_stages();
  const Fact* before = nullptr;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || fact.implied) continue;
    if (before != nullptr && before->at.known() && fact.from == "?") span.from = std::max(span.from, fact.at);
    before = &fact;
  }
  return span;
}

bool Look::gap(Id<model::Event> id, Instant from, Instant to) const {
  const model::Event& event = book().events[id];
  std::string name = "stage";
  switch (event.kind) {
    case EventKind::created: return false;
    case EventKind::activity: name = book().activities[event.activity].name; break;
    case EventKind::record: name = book().records[event.record].name; break;
    case EventKind::changed:
    case EventKind::moved_period: name = book().fields[event.field].name; break;
    case EventKind::ordinal:
    case EventKind::filtered: return gap(event.parts.front(), from, to);
    case EventKind::any_of:
      return std::any_of(event.parts.begin(), event.parts.end(),
                         [&](Id<model::Event> part) { return gap(part, from, to); });
    default: break;
  }
  if (from.known() && from > to) return false;  // not before there was a deal
  const Span span = name == "stage" ? told_stages() : world_.observed(name);
  return (span.from.known() && (!from.known() || span.from > from)) || to >= span.until;
}

Value Look::time_since(Id<model::Event> id, const Moment& m) const {
  const Fact* latest = nullptr;
  bool open = false;
  for (const Occurrence& each : occurrences(id)) {
    const Tri there = came(id, each, m);
    if (there == Tri::yes) latest = each.fact, open = false;
    if (there == Tri::unknown) open = true;
  }
  if (gap(id, latest ? latest->at : created(), m.now)) open = true;
  for (const Occurrence& each : occurrences(id)) {
    if (!each.fact->at.known()) open = true;
  }
  Value value;
  if (open || latest == nullptr) return value;
  value.is = Value::Is::number;
  value.most = {m.now.micros - latest->at.micros, 1};
  value.number = {std::max<std::int64_t>(0, m.now.micros - latest->latest.micros), 1};
  value.range = latest->by_day;  // at any instant of its day
  return value;
}

Value Look::total_time(Id<model::Stage> id, const Moment& m) const {
  const model::Stage& stage = book().stages[id];
  const Tri mine = follows(stage.process);
  if (mine == Tri::no) return length_of({0, time::Unit::hours});
  if (mine == Tri::unknown || gap_of_stage(m)) return {};
  // Those with a date alone were made at its start or as late as can be, in the order of the moves.
  std::vector<const Fact*> moves;
  for (const Fact& fact : deal_.facts) {
    if (fact.implied && fact.to == stage.name && mine == Tri::yes) return {};  // nobody knows since when
    if (fact.of != Class::move || sees(fact, m, false) != Tri::yes) continue;
    if (mine == Tri::yes && open_in(fact.to) == Tri::unknown) return {};  // it may be this one by another name
    moves.push_back(&fact);
  }
  std::vector<std::int64_t> latest(moves.size() + 1, m.now.micros);
  for (std::size_t i = moves.size(); i-- > 0;) latest[i] = std::min(moves[i]->latest.micros, latest[i + 1]);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (latest[i] > moves[i]->at.micros) open.push_back(i);
  }
  if (open.size() > 12) return {};
  std::vector<std::int64_t> totals;
  for (std::size_t reading = 0; reading < std::size_t{1} << open.size(); ++reading) {
    std::vector<std::int64_t> at;
    for (const Fact* move : moves) at.push_back(move->at.micros);
    for (std::size_t i = 0; i < open.size(); ++i) {
      if ((reading >> i & 1) != 0) at[open[i]] = latest[open[i]];
    }
    if (!std::is_sorted(at.begin(), at.end())) continue;
    at.push_back(m.now.micros);
    std::int64_t total = 0;
    for (std::size_t i = 0; i < moves.size(); ++i) total += moves[i]->to == stage.name ? at[i + 1] - at[i] : 0;
    totals.push_back(total);
  }
  const auto [least, most] = std::minmax_element(totals.begin(), totals.end());
  Value value;
  value.is = Value::Is::number;
  value.number = {mine == Tri::yes ? *least : 0, 1}, value.most = {mine == Tri::yes ? *most : 0, 1};
  value.range = value.number < value.most;
  return value;
}

bool Look::gap_of_stage(const Moment& m) const {
  const Span span = observed_stages();
  const Instant begin = created();
  if (span.from.known() && (!begin.known() || span.from > begin)) return true;
  if (m.now >= span.until) return true;
  return std::any_of(deal_.facts.begin(), deal_.facts.end(),
                     [&](const Fact& fact) { return fact.of == Class::move && !fact.implied && !fact.at.known(); });
}

}  // namespace plumb::twin
