#include <algorithm>

#include "property/twin/look.h"

/// What is an occurrence of an event (language.md, Events), one fact at a time.
namespace plumb::twin {

using model::EventKind;

namespace {

// -1 before, 1 after, 0 where the order of the two cannot be told.
int order_of(const Fact& a, const Fact& b) {
  if (!a.at.known() || !b.at.known()) return 0;
  if (a.latest < b.at) return -1;
  if (b.latest < a.at) return 1;
  if (a.by_day || b.by_day) return 0;
  if (a.deal != b.deal) return a.deal < b.deal ? -1 : 1;
  return a.order < b.order ? -1 : 1;
}

}  // namespace

// The facts of which an ordinal counts some: those of the deal, or of all deals of its account.
std::vector<const Fact*> Look::candidates(const model::Event& event) const {
  std::vector<const Fact*> all;
  for (const Deal& each : world_.deals) {
    const bool may_share = !world_.tables.deals.has("account");
    const bool of_account =
        event.for_each_account && (may_share || (!deal_.account.empty() && each.account == deal_.account));
    if (&each != &deal_ && !of_account) continue;
    for (const Fact& fact : each.facts) all.push_back(&fact);
  }
  return all;
}

Tri Look::ordinal(const model::Event& event, const Fact& fact) const {
  const Id<model::Event> part = event.parts.front();
  const Tri mine = is(part, fact);
  if (mine == Tri::no) return mine;
  const Clock& clock = world_.usual();
  std::int64_t least = 0, most = 0;
  std::vector<Day> certain, possible;
  Tri first_today = Tri::yes;
  for (const Fact* other : candidates(event)) {
    if (other == &fact) continue;
    const int order = order_of(*other, fact);
    if (order > 0) continue;
    const Look there(world_, world_.deals[other->deal]);
    const Tri counts = there.is(part, *other);
    if (counts == Tri::no) continue;
    const bool same_account = world_.tables.deals.has("account") || other->deal == fact.deal;
    const bool sure_of_it = counts == Tri::yes && order < 0 && same_account;
    if (!event.on_another_day) {
      ++most;
      if (sure_of_it) ++least;
      continue;
    }
    if (!other->at.known() || !fact.at.known()) {
      first_today = both(first_today, Tri::unknown);
      possible.push_back(Day{static_cast<std::int32_t>(possible.size())});  // a day of its own
      continue;
    }
    const Day day = clock.day_of(other->at);
    if (day == clock.day_of(fact.at)) {
      first_today = both(first_today, sure_of_it ? Tri::no : Tri::unknown);
      continue;
    }
    if (std::find(possible.begin(), possible.end(), day) == possible.end()) possible.push_back(day);
    if (sure_of_it && std::find(certain.begin(), certain.end(), day) == certain.end()) certain.push_back(day);
  }
  if (event.on_another_day) least = std::ssize(certain), most = std::ssize(possible);
  if (first_today == Tri::no) return first_today;
  const std::int64_t before = event.nth - 1;
  if (least > before) return Tri::no;
  bool open = false;
  for (const Deal& each : world_.deals) {
    const bool counted =
        &each == &deal_ || (event.for_each_account && (!world_.tables.deals.has("account") ||
                                                       (!deal_.account.empty() && each.account == deal_.account)));
    const Look there(world_, each);
    if (counted && fact.at.known() && there.gap(part, there.created(), fact.latest)) open = true;
  }
  if (most < before && !open) return Tri::no;
  if (least == before && most == before && !open) return both(mine, first_today);
  return Tri::unknown;
}

Range Look::ordinal_so_far(const model::Event& event, const Moment& m) const {
  Range range;
  std::vector<Day> certain, possible;
  std::int64_t undated = 0;
  const Clock& clock = world_.usual();
  for (const Occurrence& each : occurrences(event.parts.front())) {
    const Tri there = both(each.is, sees(*each.fact, m, is_stated(*each.fact)));
    if (there == Tri::no) continue;
    if (event.on_another_day && each.fact->at.known()) {
      const Day day = clock.day_of(each.fact->at);
      if (std::find(possible.begin(), possible.end(), day) == possible.end()) possible.push_back(day);
      if (there == Tri::yes && std::find(certain.begin(), certain.end(), day) == certain.end()) certain.push_back(day);
      continue;
    }
    if (event.on_another_day) ++undated;
    ++*range.most;
    if (there == Tri::yes) ++range.least;
  }
  if (event.on_another_day) {
    range.least = std::ssize(certain);
    range.most = std::ssize(possible) + undated;
  }
  if (gap(event.parts.front(), created(), m.now)) range.most.reset();
  return range;
}

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
      if (!fact.at.known()) {
        // What the deal was like then cannot be told; what the row says of itself can.
        Moment m;
        m.now = Instant{INT64_MIN + 1}, m.candidate = &fact, m.clock = &world_.usual();
        return both(part, holds(event.where, m));
      }
      Moment m;
      m.now = fact.latest, m.candidate = &fact, m.clock = &world_.usual();
      return both(part, holds(event.where, m));
    }
    case EventKind::ordinal: return ordinal(event, fact);
    case EventKind::starts_leave: return Tri::no;
    case EventKind::changed:
    case EventKind::moved_period: {
      const model::Field& field = book().fields[event.field];
      if (fact.of != Class::change || fact.name != field.name) return Tri::no;
      const Value to = read_cell(fact.to, field.type, field.choices);
      Value from;
      bool first = true;
      for (const Fact& other : deal_.facts) {
        if (&other == &fact) break;
        if (other.of == Class::created && world_.tables.deals.has(field.name)) {
          from = read_cell(other.table->cell(other.row, field.name), field.type, field.choices), first = false;
        }
        if (other.of != Class::change || other.name != field.name) continue;
        if (!other.at.known()) return Tri::unknown;
        from = read_cell(other.to, field.type, field.choices), first = false;
      }
      if (!fact.at.known()) return Tri::unknown;
      if (first && !fact.from.empty()) from = read_cell(fact.from, field.type, field.choices);
      if (event.kind == EventKind::changed) {
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

Tri Look::moves_in(Id<model::Process> process, const model::Event& event, const std::optional<std::string>& from,
                   const std::string& to) const {
  const auto find = [&](const std::string& name) -> const model::Stage* {
    for (const Id<model::Stage> each : book().processes[process].stages) {
      if (book().stages[each].name == name) return &book().stages[each];
    }
    return nullptr;
  };
  const model::Stage* entered = find(to);
  const model::Stage* left = from && !from->empty() ? find(*from) : nullptr;
  const model::Stage* asked = event.stage ? &book().stages[event.stage] : nullptr;
  const bool from_somewhere = !from || !from->empty();
  const Tri foreign = sure(open_in(to) != Tri::unknown) == Tri::yes ? Tri::no : Tri::unknown;
  const auto is_left = [&] { return from ? sure(left != nullptr && left == asked) : Tri::unknown; };
  switch (event.kind) {
    case EventKind::enters: return entered == asked ? Tri::yes : foreign;
    case EventKind::leaves:
      return !from_somewhere ? Tri::no : both(is_left(), foreign == Tri::unknown ? foreign : Tri::yes);
    case EventKind::won: return entered ? sure(entered->end == model::StageEnd::won) : foreign;
    case EventKind::lost: return entered ? sure(entered->end == model::StageEnd::lost) : foreign;
    case EventKind::reopened: {
      if (!from_somewhere) return Tri::no;
      const Tri closed = !from                            ? Tri::unknown
                         : left                           ? sure(left->end != model::StageEnd::open)
                         : open_in(*from) == Tri::unknown ? Tri::unknown
                                                          : Tri::no;
      return both(closed, entered ? sure(entered->end == model::StageEnd::open) : foreign);
    }
    default: return Tri::no;
  }
}

std::vector<Occurrence> Look::occurrences(Id<model::Event> id) const {
  std::vector<Occurrence> all;
  const bool nth = book().events[id].kind == EventKind::ordinal;
  for (const Fact& fact : deal_.facts) {
    const Tri it_is = is(id, fact);
    if (it_is != Tri::no) all.push_back({&fact, fact.at, it_is, nth && it_is == Tri::unknown});
  }
  return all;
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
    case EventKind::ordinal: return gap(event.parts.front(), created(), to);
    case EventKind::filtered: return gap(event.parts.front(), from, to);
    case EventKind::any_of:
      return std::any_of(event.parts.begin(), event.parts.end(),
                         [&](Id<model::Event> part) { return gap(part, from, to); });
    default: break;
  }
  const Span& span = world_.observed(name);
  return (span.from.known() && (!from.known() || span.from > from)) || to >= span.until;
}

Value Look::time_since(Id<model::Event> id, const Moment& m) const {
  const Fact* latest = nullptr;
  bool open = false;
  for (const Occurrence& each : occurrences(id)) {
    const Tri there = both(each.is, sees(*each.fact, m, is_stated(*each.fact)));
    if (there == Tri::yes) latest = each.fact, open = false;
    if (there == Tri::unknown) open = true;
  }
  if (gap(id, latest ? latest->at : created(), m.now)) open = true;
  for (const Occurrence& each : occurrences(id)) {
    if (!each.fact->at.known()) open = true;
  }
  Value value;
  if (open || latest == nullptr || latest->by_day) return value;
  value.is = Value::Is::number;
  value.number = {m.now.micros - latest->at.micros, 1};
  return value;
}

Value Look::total_time(Id<model::Stage> id, const Moment& m) const {
  const model::Stage& stage = book().stages[id];
  const Tri mine = follows(stage.process);
  if (mine == Tri::unknown || gap_of_stage(m)) return {};
  std::int64_t total = 0;
  Instant since;
  std::string where;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || sees(fact, m, false) != Tri::yes) continue;
    if (where == stage.name) total += fact.at.micros - since.micros;
    where = fact.to, since = fact.at;
  }
  if (where == stage.name) total += m.now.micros - since.micros;
  Value value;
  value.is = Value::Is::number;
  value.number = {mine == Tri::yes ? total : 0, 1};
  return value;
}

bool Look::gap_of_stage(const Moment& m) const {
  const Span& span = world_.observed("stage");
  const Instant begin = created();
  if (span.from.known() && (!begin.known() || span.from > begin)) return true;
  if (m.now >= span.until) return true;
  return std::any_of(deal_.facts.begin(), deal_.facts.end(), [&](const Fact& fact) {
    return fact.of == Class::move && (!fact.at.known() || (fact.by_day && fact.at <= m.now));
  });
}

}  // namespace plumb::twin
