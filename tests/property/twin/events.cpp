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
      if (event.period == time::Period::term) {
        // To a term that the date was not in before; of days that are before all terms or behind them nobody knows.
        const Day was{static_cast<std::int32_t>(from.point)}, day{static_cast<std::int32_t>(to.point)};
        if (event.later ? day <= was : day >= was) return Tri::no;
        bool before = false, behind = false;
        for (const time::Term& term : world_.usual().spec().terms) {
          if (term.from <= day && day <= term.to) return sure(was < term.from || was > term.to);
          before |= day < term.from;
          behind |= day > term.to;
        }
        return before && behind ? Tri::no : Tri::unknown;
      }
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
  const Instant seen{world_.horizon.micros - 1};
  const bool whole_day = fact.at.known() && fact.of != Class::created;
  const Instant last = whole_day ? std::min(fact.latest, seen) : fact.at.known() ? fact.at : seen;
  if (fact.at.known()) m.opener = &fact, m.by_the_clock = m.day_over = true;
  const auto at_point = [&](Instant at) {
    m.now = at;
    const bool at_move = fact.of == Class::move;
    return fact.at.known() ? in_every_reading(
                                 *this, [&](const Moment& then) { return holds(where, then); }, m, true, at_move)
                           : holds(where, m);
  };
  const Tri at_last = at_point(last);
  if (first.known() && first < last) {
    for (const Instant at : turns(where, first, last, world_.usual())) {
      if (at_point(at) != at_last) return Tri::unknown;
    }
  }
  return at_last;
}

// A move, as each of the processes tells it that the deal follows or may follow. One of a day in no order that does not
// say from where the deal came is what it is in each of the orders.
Tri Look::moves(const model::Event& event, const Fact& fact) const {
  const auto row = [&](const Fact& other) {
    return other.of == Class::move && !other.implied && other.table == fact.table && other.row == fact.row;
  };
  if (fact.any_order && fact.from.empty() && !deal_.orders.empty()) {
    std::optional<Tri> all;
    for (const std::vector<Fact>& facts : deal_.orders) {
      Deal one = deal_;
      one.facts = facts;
      const Tri is = Look(world_, one).moves(event, *std::ranges::find_if(one.facts, row));
      all = is == all.value_or(is) ? is : Tri::unknown;
    }
    return *all;
  }
  const std::optional<std::string> before = stage_before(fact);
  if (before && *before == fact.to) return Tri::no;  // to where the deal is already
  const std::vector<Hidden> all = hidden();
  const bool perhaps_none = (hidden_before(all, fact) != nullptr || !before) && may_lead_there(fact);
  Tri any = Tri::no;
  for (std::size_t i = 0; i < book().processes.size(); ++i) {
    const Id<model::Process> process{i};
    if (may_follow(process) != Tri::no) any = either(any, moves_in(process, event, before, fact.to));
  }
  // Where there is no process nobody says which stages close a deal.
  if (book().processes.empty()) return Tri::unknown;
  if (any == Tri::yes && perhaps_none) return Tri::unknown;
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
    if (it_is == Tri::unknown) all.back().since = come_since(id, fact);
  }
  return all;
}

// Where the first row of stages says that the deal stood in one already, what was before it nobody recorded.
Span Look::observed_stages() const {
  Span span = world_.observed("stage");
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || fact.implied || !fact.at.known()) continue;
    const bool stands = !fact.from.empty() && fact.from != "?" && fact.from == fact.to;
    // By the date of the creation alone it may have come at any time of that day.
    const Instant told = created() < fact.at ? fact.at : Instant{fact.latest.micros + 1};
    if (stands && created() < fact.latest) span.from = std::max(span.from, told);
    break;
  }
  return span;
}

// The stages that the deal was in nowhere between the move before this one and this one, by what the history says of
// their last entries: those into which no move leads from this one on, be it there already or not.
std::set<std::string> Look::never_before(const Fact& move) const {
  if (book().processes.size() != 1 || book().processes[Id<model::Process>{0}].for_deals_where) return {};
  std::set<std::string> all, never;
  for (const Id<model::Stage> each : book().processes[Id<model::Process>{0}].stages) {
    const std::string& name = book().stages[each].name;
    const auto found = world_.coverage.find("last entry of " + name);
    const bool told =
        found != world_.coverage.end() && !found->second.from.known() && found->second.until == Instant::max();
    all.insert(name);
    if (told) never.insert(name);
  }
  if (never.size() < all.size()) return {};
  const property::Table& events = world_.tables.events;
  std::map<Instant, std::pair<std::set<std::string>, std::set<std::string>>> led_and_left;
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    if (events.cell(row, "deal") != deal_.id || events.cell(row, "kind") != "move") continue;
    const When at = read_time(events.cell(row, "at"));
    const std::string &from = events.cell(row, "from"), &to = events.cell(row, "to");
    if (!at.at.known() || !all.contains(to)) return {};
    if (at.at >= world_.horizon) never.erase(to);
    led_and_left[at.at].first.insert(to);
    if (!from.empty() && from != "?") led_and_left[at.at].second.insert(from);
  }
  // What left a stage into which no move of its instant leads, nor one of the instant before, shows that rows are
  // lacking.
  std::set<std::string> before;
  for (const auto& [at, moves] : led_and_left) {
    const auto led = [&](const std::string& stage) { return before.contains(stage) || moves.first.contains(stage); };
    if (!std::ranges::all_of(moves.second, led)) return {};
    before = moves.first;
  }
  for (const Fact& fact : deal_.facts) {
    if (fact.of == Class::move && !fact.implied && fact.order >= move.order) never.erase(fact.to);
  }
  return never;
}

// A move that says `?` may follow others that nobody recorded, behind the row before it or since the creation. With
// moves of unknown order, since ever.
std::vector<Hidden> Look::hidden() const {
  std::vector<const Fact*> moves;
  for (const Fact& fact : deal_.facts) {
    if (fact.of == Class::move && !fact.implied) moves.push_back(&fact);
  }
  const bool ordered = moves.size() < 2 || moves.front()->at.known();
  std::vector<Hidden> all;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    Instant from = ordered ? created() : Instant::unknown();
    if (i > 0 && moves[i - 1]->at.known()) from = {moves[i - 1]->at.micros + 1};
    const Instant until = moves[i]->at.known() ? moves[i]->latest : world_.horizon;
    const bool room = !moves[i]->at.known() || from < until;
    if (moves[i]->from != "?" || !room) continue;
    const std::set<std::string> never = never_before(*moves[i]);
    const auto possible = [&](Id<model::Stage> each) {
      return book().stages[each].name != moves[i]->to && !never.contains(book().stages[each].name);
    };
    // Where it can have been nowhere else it came from the row before.
    if (i > 0 && !never.empty() && std::ranges::none_of(book().processes[Id<model::Process>{0}].stages, possible))
      continue;
    // Where it may have been closed by one of them, what is asked in that time may not have been.
    const bool closed = std::ranges::any_of(
        never.empty() ? std::vector<Id<model::Stage>>{} : book().processes[Id<model::Process>{0}].stages,
        [&](Id<model::Stage> each) {
          return book().stages[each].end != model::StageEnd::open && !never.contains(book().stages[each].name);
        });
    all.push_back({from, until, moves[i], closed ? std::set<std::string>{} : never});
  }
  return all;
}

const Hidden* Look::hidden_before(const std::vector<Hidden>& all, const Fact& move) const {
  for (const Hidden& each : all) {
    if (each.move == &move) return &each;
  }
  return nullptr;
}

namespace {

// Where it leads the deal is by it, or by one of those right before it that go to a stage that nobody knows: it came
// there since the first of those, if it was elsewhere before.
Instant entered_since(const Look& look, const model::Event& event, const Fact& fact) {
  const auto there = [&](const std::string& stage) {
    if (event.kind == EventKind::enters) return sure(stage == look.book().stages[event.stage].name);
    return look.ends(stage, event.kind == EventKind::won ? model::StageEnd::won : model::StageEnd::lost);
  };
  const Span span = look.observed_stages();
  if (span.from.known() || span.until != Instant::max()) return {};
  std::vector<const Fact*> moves;
  for (const Fact& each : look.deal().facts) {
    if (each.of != Class::move) continue;
    if (!each.implied && !each.at.known()) return {};
    if (each.order < fact.order) moves.push_back(&each);
  }
  if (fact.any_order || !look.told_stage(fact.to) || there(fact.to) != Tri::yes) return {};
  Instant since;
  for (; !moves.empty(); moves.pop_back()) {
    const Fact& before = *moves.back();
    if (before.any_order) return {};
    if (before.to != "?") return look.told_stage(before.to) && there(before.to) == Tri::no ? since : Instant{};
    since = before.at;
  }
  return since;
}

}  // namespace

// By a move that may follow others the deal has left the stage that the row before it led to.
Instant Look::come_since(Id<model::Event> id, const Fact& fact) const {
  const model::Event& event = book().events[id];
  Instant since;
  if (event.kind == EventKind::any_of) {
    for (const Id<model::Event> part : event.parts) since = std::max(since, come_since(part, fact));
    return since;
  }
  if (process_known() != Tri::yes) return {};
  if (event.kind == EventKind::enters || event.kind == EventKind::won || event.kind == EventKind::lost)
    return entered_since(*this, event, fact);
  if (event.kind != EventKind::leaves && event.kind != EventKind::reopened) return {};
  const std::vector<Hidden> all = hidden();
  const Hidden* others = hidden_before(all, fact);
  const Fact* before = nullptr;
  for (const Fact& each : deal_.facts) {
    if (each.of != Class::move || each.implied) continue;
    if (!each.at.known()) return {};
    const bool with_it = fact.any_order && each.any_order && each.at == fact.at;
    if (each.order < fact.order && !with_it) before = &each;
  }
  if (before != nullptr && before->any_order) return {};
  // One of those of a day of which nobody knows the order has left where the deal was before.
  if (fact.any_order) {
    const bool leaves = before != nullptr && event.kind == EventKind::leaves && told_stage(before->to) &&
                        before->to == book().stages[event.stage].name;
    return leaves ? fact.at : Instant{};
  }
  if (others == nullptr || before == nullptr || before->to == fact.to) return {};
  const Tri closed = !open_in(before->to), reopens = both(closed, open_in(fact.to));
  if (!told_stage(before->to) || !told_stage(fact.to)) return {};
  if (event.kind == EventKind::leaves && before->to != book().stages[event.stage].name) return {};
  if (event.kind == EventKind::reopened && reopens != Tri::yes) return {};
  return others->from;
}

bool Look::gap(Id<model::Event> id, Instant from, Instant to, const Fact* behind) const {
  const model::Event& event = book().events[id];
  std::string name = "stage";
  switch (event.kind) {
    case EventKind::created: return false;
    case EventKind::activity: name = book().activities[event.activity].name; break;
    case EventKind::record: name = book().records[event.record].name; break;
    case EventKind::changed:
    case EventKind::moved_period: name = book().fields[event.field].name; break;
    case EventKind::ordinal:
      // Of what comes once there is no second.
      if (event.nth > 1 && !event.for_each_account && !event.for_each_contact && once(event.parts.front()))
        return false;
      return gap(event.parts.front(), from, to, behind);
    case EventKind::filtered: return gap(event.parts.front(), from, to, behind);
    case EventKind::any_of:
      return std::any_of(event.parts.begin(), event.parts.end(),
                         [&](Id<model::Event> part) { return gap(part, from, to, behind); });
    default: break;
  }
  if (from.known() && from > to) return false;  // not before there was a deal
  const Span span = name == "stage" ? observed_stages() : world_.observed(name);
  const auto open = [&](const Hidden& each) {
    const auto led_there = [&](Id<model::Stage> id) {
      const model::Stage& stage = book().stages[id];
      if (each.never.contains(stage.name)) return false;
      if (event.kind == EventKind::enters) return id == event.stage;
      if (event.kind == EventKind::won) return stage.end == model::StageEnd::won;
      if (event.kind == EventKind::lost) return stage.end == model::StageEnd::lost;
      return true;
    };
    const bool before = behind != nullptr && behind->of == Class::move && each.move->order <= behind->order;
    if (before || each.from > to || each.until <= from) return false;
    return each.never.empty() || std::ranges::any_of(book().processes[Id<model::Process>{0}].stages, led_there);
  };
  if (name == "stage" && std::ranges::any_of(hidden(), open)) return true;
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
  const std::vector<Hidden> others = hidden();
  std::vector<const Fact*> moves;
  bool open_before = false;          // others may have come before the first move
  const Hidden* open_now = nullptr;  // or just now
  for (const Fact& fact : deal_.facts) {
    if (fact.implied && fact.to == stage.name && mine == Tri::yes) return {};  // nobody knows since when
    if (fact.of != Class::move || fact.implied) continue;
    const Hidden* follows = hidden_before(others, fact);
    if (moves.empty()) open_before = follows != nullptr && !follows->never.contains(stage.name);
    if (sees(fact, m, false) != Tri::yes) {
      open_now = follows;
      break;
    }
    if (mine == Tri::yes && (fact.any_order || open_in(fact.to) == Tri::unknown))
      return {};  // it may be this one by another name
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
    std::int64_t sure = 0, perhaps = open_before ? at.front() - created().micros : 0;
    if (open_before && !created().known()) perhaps = std::int64_t{1} << 60;
    for (std::size_t i = 0; i < moves.size(); ++i) {
      const Hidden* gap = i + 1 < moves.size() ? hidden_before(others, *moves[i + 1]) : open_now;
      const bool there = gap != nullptr && (moves[i]->to == stage.name || !gap->never.contains(stage.name));
      if (there) perhaps += at[i + 1] - at[i];
      if (!gap && moves[i]->to == stage.name) sure += at[i + 1] - at[i];
    }
    totals.push_back(sure), totals.push_back(sure + perhaps);
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
