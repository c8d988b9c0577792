#include <algorithm>

#include "property/twin/by_stage.h"
#include "property/twin/judge.h"

/// `before E expect C [at least D ahead]` and `at E expect C`.
namespace plumb::twin {

namespace {

void decide(Told& told, Tri held, Instant deadline, Instant settled) {
  settle(told, held == Tri::yes ? "kept" : held == Tri::no ? "missed" : "cannot tell", deadline, settled);
}

// What a date alone opens is decided when the last instant that it may ask of is over.
bool lasts(const Bench& bench, const Fact& event, Instant now) { return event.by_day && now >= bench.world.horizon; }

}  // namespace

namespace {

// Of an E that has a date alone the point is some instant from `earliest` on: what holds at each of them.
// `itself`: E itself has come by the point.
Tri from_earliest(const Look& look, Id<model::Expr> condition, Moment m, Instant earliest, bool itself = false) {
  const Instant last = m.now;
  const Tri all = in_every_reading(look, condition, m, itself);
  if (earliest >= last) return all;
  for (const Instant at : look.turns(condition, earliest, last, *m.clock)) {
    m.now = at;
    if (in_every_reading(look, condition, m, itself) != all) return Tri::unknown;
  }
  return all;
}

}  // namespace

// C on the state before E, by what was stated by then.
void judge_precedence(Bench& bench, const model::Rule& rule) {
  for (const Deal& deal : bench.world.judged()) {
    const Look look(bench.world, deal);
    const std::size_t from = bench.all.size();
    for (const Opening& opening : openings(look, rule)) {
      Told told = twin::told(rule, deal.id, opening.debtor.person, opening.at);
      if (!opening.at.known() || opening.asks == Tri::unknown) {
        decide(told, Tri::unknown, Instant::unknown(), opening.at);
      } else {
        const Fact& event = *opening.fact;
        Moment m;
        m.now = event.latest, m.stated_by_then = true, m.except = &event, m.opener = &event;
        m.clock = opening.debtor.clock;
        m.by_the_clock = true;
        if (event.by_day && !rule.ahead) m.written = bench.world.usual().day_of(event.at);
        Instant point = event.by_day ? Instant::unknown() : opening.at;  // nobody knows when
        // On the day of the creation it was not before that.
        Instant earliest = std::max(event.at, std::min(look.created(), event.latest));
        if (rule.ahead) {
          const Clock& usual = bench.world.usual();
          m.by_the_clock = twin::by_the_clock(*rule.ahead);
          // What counts days does so from the day that is written, in whatever zone.
          const bool written = event.by_day && !m.by_the_clock;
          const Instant day = m.clock->start_of(usual.day_of(event.at));
          point = m.clock->ahead_of(*rule.ahead, written ? day : event.latest);
          earliest = m.clock->ahead_of(*rule.ahead, written ? day : earliest);
          m.now = {point.micros - 1};
          if (event.of != Class::move) m.except = nullptr;  // no move comes before one that it follows
          if (!m.by_the_clock) m.without = usual.start_of(m.clock->day_of(m.now) + 1);
          if (earliest != point) point = Instant::unknown();
          earliest = {earliest.micros - 1};
        }
        decide(told, from_earliest(look, rule.expect, m, earliest), point, opening.at);
        if (lasts(bench, event, m.now)) settle(told, "due", point, Instant::unknown());
      }
      bench.add(told, opening.fact, opening.fact->by_day);
      bench.all.back().either = opening.either;
    }
    agree(bench, from, look, rule);
  }
}

namespace {

// Whether a move out of a stage goes forward: along the path, however far, or to where the deal is won.
Tri forward(const Bench& bench, const model::Stage& from, const std::string& to) {
  const model::Process& process = bench.book().processes[from.process];
  const auto& order = process.path.empty() ? process.stages : process.path;
  bool behind = false, known = false;
  for (const Id<model::Stage> each : process.stages) known |= bench.book().stages[each].name == to;
  if (!known) return Tri::unknown;
  for (const Id<model::Stage> each : process.stages) {
    const model::Stage& stage = bench.book().stages[each];
    if (stage.name == to && stage.end != model::StageEnd::open) return sure(stage.end == model::StageEnd::won);
  }
  for (const Id<model::Stage> each : order) {
    const model::Stage& stage = bench.book().stages[each];
    if (behind && stage.name == to) return Tri::yes;
    if (stage.name == from.name) behind = true;
  }
  return Tri::no;
}

// `to move on` is asked where a deal comes from the stage, and goes forward.
Tri moves_on(const Bench& bench, const model::Rule& rule, const Look& look, const Fact& move) {
  const model::Stage& stage = bench.book().stages[rule.stage];
  const std::vector<Hidden> others = look.hidden();
  if (look.hidden_before(others, move) != nullptr) return Tri::unknown;  // it may have gone forward and back
  const std::optional<std::string> from = look.stage_before(move);
  const Fact* before = nullptr;
  bool ordered = true;
  for (const Fact& fact : look.deal().facts) {
    if (fact.of != Class::move || fact.implied) continue;
    ordered &= fact.at.known();
    if (fact.order < move.order) before = &fact;
  }
  // Behind the row of another it may have come from there.
  if (!from && ordered && before != nullptr) {
    const auto& stages = bench.book().processes[stage.process].stages;
    const auto is_one = [&](Id<model::Stage> each) { return bench.book().stages[each].name == before->to; };
    const bool may = std::ranges::any_of(stages, is_one) || before->to == "?";
    return may ? both(forward(bench, stage, move.to), Tri::unknown) : Tri::no;
  }
  return from && *from == stage.name ? forward(bench, stage, move.to) : Tri::no;
}

// What has a date alone counts as there at any instant of its day; but if it came later, that is held against nobody.
Tri unless_later(const Look& look, Id<model::Expr> condition, Moment m) {
  m.by_the_clock = m.day_over = true, m.all_day = false;
  const Instant earliest = std::max(m.opener->at, std::min(look.created(), m.opener->latest));
  return from_earliest(look, condition, m, earliest, true) == Tri::no ? Tri::no : Tri::unknown;
}

}  // namespace

// C on the state at E, the whole instant included.
void judge_checks(Bench& bench, const model::Rule& rule) {
  for (const Deal& deal : bench.world.judged()) {
    const Look look(bench.world, deal);
    const std::size_t from = bench.all.size();
    for (const Opening& opening : openings(look, rule)) {
      const bool leaving = rule.origin == model::RuleOrigin::to_move_on;
      const Tri asked = leaving ? moves_on(bench, rule, look, *opening.fact) : Tri::yes;
      if (asked == Tri::no) continue;
      Told told = twin::told(rule, deal.id, opening.debtor.person, opening.at);
      Moment m;
      m.now = opening.fact->latest, m.opener = opening.fact, m.clock = opening.debtor.clock;
      const bool can_tell = both(opening.asks, asked) == Tri::yes && opening.at.known();
      const Fact& event = *opening.fact;
      if (event.by_day) m.written = bench.world.usual().day_of(event.at), m.all_day = true;
      const Instant end{event.latest.micros + 1};
      Tri held = can_tell ? look.holds(rule.expect, m) : Tri::unknown;
      if (held == Tri::no) held = unless_later(look, rule.expect, m);
      if (can_tell && held == Tri::unknown && !event.by_day) held = just_then(look, rule.expect, event.at);
      decide(told, held, !can_tell ? Instant::unknown() : event.by_day ? end : opening.at, opening.at);
      if (can_tell && lasts(bench, event, m.now)) settle(told, "due", end, Instant::unknown());
      bench.add(told, opening.fact, opening.fact->by_day);
      bench.all.back().either = opening.either;
    }
    agree(bench, from, look, rule);
  }
}

}  // namespace plumb::twin
