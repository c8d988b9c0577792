#include <algorithm>

#include "property/twin/judge.h"

/// `after E expect C within D`.
namespace plumb::twin {

namespace {

// A time at which what was expected came about, or may have.
struct Answer {
  const Fact* fact = nullptr;
  Instant at;  // unknown: nobody can say
  Tri in_time = Tri::no;
};

// When an event counts from: a record from when it was stated.
Instant counts_from(const Fact& fact) {
  if (!fact.record) return fact.at;
  if (!fact.recorded || !fact.at.known()) return Instant::unknown();
  return std::max(fact.at, *fact.recorded);
}

struct Asked {
  const Look& look;
  const model::Rule& rule;
  const Opening& opening;
  Instant deadline, close, horizon;

  // The deadline, or the end of the deal if that comes first.
  Instant last_chance() const {
    return std::min(deadline, close == Instant::max() ? close : Instant{close.micros + 1});
  }
};

Moment moment(const Asked& asked, Instant now) {
  Moment m;
  m.now = now, m.stated_by_then = true, m.opener = asked.opening.fact, m.clock = asked.opening.debtor.clock;
  m.by_the_clock = exact(*asked.rule.within);
  return m;
}

// The first instant of [from, until) at which the condition is true.
Instant first_true(const Asked& asked, Instant from, Instant until) {
  const Instant end = std::min(until, asked.horizon);
  for (const Instant at : asked.look.turns(asked.rule.expect, from, end, *asked.opening.debtor.clock)) {
    if (asked.look.holds(asked.rule.expect, moment(asked, at)) == Tri::yes) return at;
  }
  return Instant::unknown();
}

// A date without a time of day may have made it true for a while, before the deadline.
bool may_have_been(const Asked& asked) {
  const auto& facts = asked.look.deal().facts;
  if (!exact(*asked.rule.within) || std::none_of(facts.begin(), facts.end(), [](const Fact& f) { return f.by_day; })) {
    return false;
  }
  const Instant end = std::min(asked.last_chance(), asked.horizon);
  for (const Instant at : asked.look.turns(asked.rule.expect, asked.opening.at, end, *asked.opening.debtor.clock)) {
    Moment m = moment(asked, at);
    m.by_the_clock = false;
    if (asked.look.holds(asked.rule.expect, m) != Tri::no) return true;
  }
  return false;
}

void judge_condition(const Asked& asked, Told& told) {
  const Instant begin = asked.opening.at;
  if (const Instant kept = first_true(asked, begin, asked.last_chance()); kept.known()) {
    return settle(told, "kept", asked.deadline, kept);
  }
  if (asked.close < asked.deadline && asked.close < asked.horizon) {
    return settle(told, "excused", asked.deadline, asked.close);
  }
  if (asked.deadline > asked.horizon) return settle(told, "due", asked.deadline, Instant::unknown());
  Tri last = asked.look.holds(asked.rule.expect, moment(asked, {asked.deadline.micros - 1}));
  if (may_have_been(asked)) last = Tri::unknown;
  if (last == Tri::unknown) return settle(told, "cannot tell", asked.deadline, asked.deadline);
  const Instant end = asked.close == Instant::max() ? asked.horizon : Instant{asked.close.micros + 1};
  const Instant late = first_true(asked, asked.deadline, end);
  settle(told, late.known() ? "late" : "missed", asked.deadline, late.known() ? late : asked.deadline);
}

// `at most D` in a stage is asked of each visit.
bool leaves_what_was_entered(const Asked& asked) {
  const model::Event& trigger = asked.look.book().events[asked.rule.trigger];
  const model::Event& expected = asked.look.book().events[asked.rule.expect_event];
  return trigger.kind == model::EventKind::enters && expected.kind == model::EventKind::leaves &&
         trigger.stage == expected.stage;
}

std::vector<Answer> answers(const Asked& asked) {
  std::vector<Answer> all;
  for (const Occurrence& each : asked.look.occurrences(asked.rule.expect_event)) {
    if (each.fact == asked.opening.fact) continue;
    if (leaves_what_was_entered(asked) && each.fact->order < asked.opening.fact->order) continue;  // an earlier visit
    Answer answer{each.fact, counts_from(*each.fact), Tri::unknown};
    if (each.fact->at.known() && each.fact->latest < asked.opening.at) continue;  // before it
    if (answer.at.known()) {
      answer.at = std::max(answer.at, asked.opening.at);
      const Instant latest = std::max(answer.at, each.fact->latest);
      answer.in_time = latest < asked.deadline ? each.is : answer.at < asked.deadline ? Tri::unknown : Tri::no;
    }
    if (each.is == Tri::unknown && answer.in_time == Tri::yes) answer.in_time = Tri::unknown;
    if (answer.in_time == Tri::no && each.is == Tri::unknown) continue;  // late at best
    all.push_back(answer);
  }
  std::stable_sort(all.begin(), all.end(), [](const Answer& a, const Answer& b) { return a.at < b.at; });
  return all;
}

void judge_event(const Asked& asked, Told& told, const std::vector<Answer>& all) {
  bool perhaps = false;
  const Answer* late = nullptr;
  for (const Answer& each : all) {
    if (each.in_time == Tri::unknown) perhaps = true;
    if (!each.at.known() || each.at > asked.close || each.at >= asked.horizon) continue;
    if (each.in_time == Tri::yes) return settle(told, "kept", asked.deadline, each.at);
    if (each.in_time == Tri::no && late == nullptr) late = &each;
  }
  if (asked.close < asked.deadline && asked.close < asked.horizon) {
    return settle(told, "excused", asked.deadline, asked.close);
  }
  if (asked.deadline > asked.horizon) return settle(told, "due", asked.deadline, Instant::unknown());
  if (asked.look.gap(asked.rule.expect_event, asked.opening.at, {asked.deadline.micros - 1})) perhaps = true;
  if (perhaps) return settle(told, "cannot tell", asked.deadline, asked.deadline);
  settle(told, late ? "late" : "missed", asked.deadline, late ? late->at : asked.deadline);
}

// The deal may have closed, and excused what is asked, before what decides came about.
void may_have_closed(const Asked& asked, const Life& life, Told& told) {
  if (life.doubt >= asked.deadline || told.verdict == "due") return;
  Instant settled = asked.deadline;
  if (told.verdict == "kept") {
    settled = {told.settled};
    if (settled <= life.doubt) return;
  }
  if (told.verdict == "excused" && life.closed) return;
  if (settled > asked.horizon) return settle(told, "due", asked.deadline, Instant::unknown());
  settle(told, "cannot tell", asked.deadline, settled);
}

void judge_deal(Bench& bench, const model::Rule& rule, const Look& look) {
  std::vector<const Fact*> used;
  for (const Opening& opening : openings(look, rule)) {
    Told told = twin::told(rule, look.deal().id, opening.debtor.person, opening.at);
    if (opening.asks == Tri::unknown || !opening.at.known() || (opening.fact->by_day && exact(*rule.within))) {
      settle(told, "cannot tell", Instant::unknown(), opening.at);
      bench.all.push_back(told);
      continue;
    }
    const Life life = rule.even_when_closed ? Life{} : look.life_at(opening.at).value_or(Life{});
    const Asked asked{
        look, rule, opening, opening.debtor.clock->within(*rule.within, opening.at), life.close, look.world().horizon};
    if (rule.expect) {
      judge_condition(asked, told);
    } else {
      std::vector<Answer> all = answers(asked);
      if (rule.each_its_own) {
        std::erase_if(all,
                      [&](const Answer& each) { return std::find(used.begin(), used.end(), each.fact) != used.end(); });
      }
      judge_event(asked, told, all);
      if (rule.each_its_own && (told.verdict == "kept" || told.verdict == "late")) {
        for (const Answer& each : all) {
          if (each.at.micros == told.settled) {
            used.push_back(each.fact);
            break;
          }
        }
      }
    }
    may_have_closed(asked, life, told);
    bench.all.push_back(told);
  }
}

}  // namespace

void judge_responses(Bench& bench, const model::Rule& rule) {
  for (const Deal& deal : bench.world.deals) judge_deal(bench, rule, Look(bench.world, deal));
}

}  // namespace plumb::twin
