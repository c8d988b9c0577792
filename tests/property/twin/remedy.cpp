#include <algorithm>
#include <string_view>

#include "property/twin/crowd.h"
#include "property/twin/holds.h"
#include "property/twin/response.h"

/// What is done about a verdict: `if missed TEXT by WHO within D` (semantics.md §5; grammar/README.md, Responses).
namespace plumb::twin {

namespace {

// The earliest that answers it for certain, and that may.
struct Done {
  Instant certain = Instant::max(), possible = Instant::max();

  void surely(Instant at) { certain = std::min(certain, at); }
  void perhaps(Instant at) { possible = std::min(possible, at); }
};

// A verdict that is responded to, and whom it concerns.
struct Finding {
  const World& world;
  const model::Rule& rule;  // that it is a verdict on
  const model::Rule& response;
  const Said& said;
  Instant reached;
  std::string owner;            // of the response
  const Look* look = nullptr;   // of a deal
  const Look* crowd = nullptr;  // of a person, where something lasts
  Instant close = Instant::max();
  Instant latest_close = Instant::max();  // within the day of a move with a date alone
  bool by_day = false;                    // what reached it has a date alone

  const model::Response& clause() const { return response.responses.front(); }
};

std::string responsible(const Finding& of) {
  const std::string& by = of.clause().by;
  if (by == "owner" && of.look) return of.look->owner(std::max(of.reached, of.look->created())).value_or("");
  if (by == "owner" || by == "person") return of.look ? of.said.told.owed_by : of.said.told.subject;
  const bool about_person = of.rule.subject.kind == model::SubjectKind::person;
  return person_text(of.world, about_person ? of.said.told.subject : of.said.told.owed_by, "manager", of.reached);
}

// Whether nobody knows who owns the deal, and so who owes it.
bool owed_by_nobody_known(const Finding& of) {
  const std::string& by = of.clause().by;
  if (!of.look || by == "owner") return of.look && !of.look->owner(std::max(of.reached, of.look->created()));
  const bool by_owner = of.rule.owed_by.empty() || of.rule.owed_by == "owner";
  const bool of_owner = by_owner && of.said.told.owed_by.empty() && (by == "person" || by == "manager");
  return of_owner && !of.look->owner(std::max(Instant{of.said.told.opened}, of.look->created()));
}

// The start of the first day on which somebody is not there any more.
Instant left_at(const World& world, const std::string& person) {
  const Person* who = world.person(person);
  if (who == nullptr || !who->left.known()) return Instant::max();
  return clock_of(world, person, who->left).start_of(who->left);
}

// The end of the deal, or of the person's time, that comes after the verdict: at the very instant of a deadline too,
// since it was the deadline that opened the response.
void find_close(Finding& of) {
  if (!of.look) {
    const Instant left = left_at(of.world, of.said.told.subject);
    if (left > of.reached && left < of.world.horizon) of.close = of.latest_close = left;
    return;
  }
  const bool undone = of.said.told.verdict == "missed" || of.said.told.verdict == "late";
  const bool by_clock = of.rule.shape == model::Shape::after && undone && of.said.told.deadline == of.reached.micros;
  // One with a date alone came behind what was missed as its day began, or by a fact before it, and behind what could
  // not be told from its opening on.
  const bool untold = of.clause().verdict == "cannot tell" && of.said.told.opened == of.said.told.settled;
  const bool missed = of.clause().verdict == "missed" && of.rule.shape != model::Shape::throughout;
  const bool before = (missed || untold) && !of.rule.even_when_closed;
  const auto on_that_day = [&](const Life& life) {
    return before && life.closes_by_day && (!of.said.opener || of.said.opener->order < life.closing->order);
  };
  for (const Life& life : of.look->lives()) {
    const bool then = life.close == of.reached && (by_clock || on_that_day(life));
    const bool after = life.close > of.reached || then;
    if (life.close == Instant::max() || !after) continue;
    of.close = life.close, of.latest_close = life.latest;
    return;
  }
}

bool has_day(const Finding& of, Instant day) {
  const auto then = [&](const Fact& fact) { return fact.by_day && fact.at == day; };
  return of.look && std::ranges::any_of(of.look->deal().facts, then);
}

// Whether the verdict was reached by what has a date alone, at nobody knows which hour of the day.
bool reached_by_day(const Finding& of) {
  const Told& told = of.said.told;
  const bool as_late = told.verdict == "late" && of.clause().verdict == "late";
  const bool missed_first = told.verdict == "late" && !as_late;
  if (of.rule.shape != model::Shape::while_ || !of.look) {
    return !missed_first && of.reached.micros == told.settled && of.said.by_day;
  }
  const bool at_once = told.deadline == told.opened || !of.rule.lapse;
  if (of.reached.micros == told.deadline && !at_once && !as_late) return false;
  return has_day(of, of.reached);
}

// What was late has come about: of what has a date alone it is not known at which hour.
void take_late(const Finding& of, Instant deadline, Done& done) {
  const Clock& days = of.world.usual();
  const Instant settled{of.said.told.settled};
  const Instant day = days.start_of(days.day_of(settled)), before = days.start_of(days.day_of({settled.micros - 1}));
  const bool by_day = of.rule.shape == model::Shape::while_ ? has_day(of, settled) : of.said.by_day;
  // Where hours are counted it is there for certain when its day is over.
  const bool hours = of.rule.shape == model::Shape::after && of.rule.expect && twin::by_the_clock(*of.rule.within);
  const bool by_its_end = hours && settled.micros + 1 == days.start_of(days.day_of(settled) + 1).micros;
  const Instant first = hours && settled == day && has_day(of, before) ? before
                        : by_its_end && has_day(of, day)               ? day
                                                                       : settled;
  const Instant last = by_day ? Instant{days.start_of(days.day_of(settled) + 1).micros - 1} : settled;
  if (first < deadline && last >= deadline) done.perhaps(first);
  if (settled >= deadline || last < deadline) done.surely(settled);
}

// What was expected has come about after all.
void take_expected(const Finding& of, Instant deadline, Done& done) {
  const model::Rule& rule = of.rule;
  const std::string& named = of.clause().verdict;
  if (named == "kept" || named == "late") return;
  if (of.said.told.verdict == "late") return take_late(of, deadline, done);
  if (rule.shape == model::Shape::every || rule.shape == model::Shape::throughout) return;
  const bool not_surely = rule.shape == model::Shape::after && of.said.told.verdict == "missed";  // it would be late
  if (!rule.expect && !rule.expect_event) return;
  model::Rule again = rule;
  again.within = of.response.within;
  Opening opening{of.said.opener, of.reached, Tri::yes, {of.owner, &clock_of(of.world, of.owner, of.reached)}};
  Asked asked{of.look ? *of.look : *of.crowd, again, opening, deadline, of.latest_close, of.world.horizon};
  asked.reached_by_day = of.by_day;
  if (rule.expect) {
    const Instant seen = of.close == Instant::max() ? of.close : Instant{of.latest_close.micros + 1};
    Instant at = first_true(asked, of.reached, seen);
    if (at.known() && at < deadline && !in_any_order(asked, at, std::min(seen, deadline))) at = Instant::unknown();
    if (at.known() && !not_surely) done.surely(at);
    if ((at.known() && at < deadline) || deadline > of.world.horizon) return;
    const Moment last = moment(asked, {deadline.micros - 1});
    const bool unknown = in_every_reading(asked.look, rule.expect, last, true) == Tri::unknown;
    if (unknown || may_have_been(asked)) done.perhaps(of.reached);
    return;
  }
  for (const Answer& each : answers(asked)) {
    const Instant at = each.at.known() ? each.at : std::max(of.reached, each.fact->at);
    if (at > of.latest_close || at >= of.world.horizon) continue;
    const bool sure = each.at.known() && each.in_time != Tri::unknown;
    if (!sure || !not_surely) sure ? done.surely(at) : done.perhaps(at);
  }
  if (of.look->gap(rule.expect_event, of.reached, {std::min(deadline, of.world.horizon).micros - 1})) {
    done.perhaps(of.reached);
  }
}

void take_close(const Finding& of, Instant deadline, Done& done) {
  if (!of.look) return done.surely(of.close);
  // A close that has a date alone may have come before the response was asked for, or after its time.
  const bool after = of.close < deadline && of.latest_close >= deadline;
  if (after) done.perhaps(std::max(of.close, of.reached));
  if (!after || of.latest_close < of.world.horizon) done.surely(after ? of.latest_close : of.close);
  for (const Life& life : of.look->lives()) {
    if (life.close < of.reached && life.latest != life.close && life.latest > of.reached) done.perhaps(of.reached);
  }
  if (of.look->lives_unknown()) done.perhaps(of.reached);
  const std::optional<Life> life = of.look->life_at(of.reached);
  if (life && life->doubt != Instant::max()) done.perhaps(std::max(of.reached, life->doubt));
}

// A record says itself what it is about; where it says nothing, it is about whoever's it is.
bool is_about(const Finding& of, const Fact& fact) {
  const std::string& rule = fact.table->cell(fact.row, "rule");
  if (!rule.empty() && rule != of.rule.name && rule != of.response.name) return false;
  if (fact.deal != SIZE_MAX) return of.look && of.world.deals[fact.deal].id == of.said.told.subject;
  const bool by_those = !rule.empty() && (fact.person == of.said.told.owed_by || fact.person == of.owner);
  return by_those || (!of.look && fact.person == of.said.told.subject);
}

void take_records(const Finding& of, const std::string& name, Instant deadline, Done& done) {
  const auto take = [&](const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) {
      if (!fact.record || fact.name != name || !is_about(of, fact)) continue;
      if (!fact.at.known() || !fact.recorded) {
        const Instant earliest = std::max(of.reached, fact.at);
        if (earliest < of.world.horizon) done.perhaps(earliest);
        continue;
      }
      // A date without a time of day ties with the whole of its day.
      const bool by_day = fact.by_day && *fact.recorded <= fact.at;
      const Instant latest = by_day ? fact.latest : std::max(fact.at, *fact.recorded);
      const Instant at = std::max({fact.at, *fact.recorded, by_day ? of.reached : fact.at});
      if (latest < of.reached || at < of.reached || at >= of.world.horizon) continue;
      at < deadline&& latest >= deadline ? done.perhaps(at) : done.surely(at);
    }
  };
  for (const Deal& deal : of.world.deals) take(deal.facts);
  for (const Person& person : of.world.people) take(person.facts);
  const Span& span = of.world.observed(name);
  const bool begun = !span.from.known() || span.from <= of.reached;
  if (!begun || span.until < std::min(deadline, of.world.horizon)) done.perhaps(of.reached);
}

void decide(const Finding& of, Instant deadline, Told& told) {
  Done done;
  if (of.clause().recorded_as) {
    take_records(of, of.world.book.records[of.clause().recorded_as].name, deadline, done);
  } else {
    take_expected(of, deadline, done);
    take_close(of, deadline, done);
    take_records(of, "action", deadline, done);
  }
  const Instant gone = std::max(left_at(of.world, of.owner), of.reached);
  // Who was gone by then is excused, and stays so.
  if (done.certain < deadline && done.certain <= gone) return settle(told, "kept", deadline, done.certain);
  if (gone < deadline && gone < of.world.horizon) return settle(told, "excused", deadline, gone, "debtor left");
  if (deadline > of.world.horizon) return settle(told, "due", deadline, Instant::unknown());
  const auto may_have_left = [&](const Person& person) { return left_at(of.world, person.id) < deadline; };
  const bool perhaps_gone = owed_by_nobody_known(of) && std::ranges::any_of(of.world.people, may_have_left);
  if (perhaps_gone || done.possible < deadline) return settle(told, "cannot tell", deadline, deadline);
  const bool late = done.certain != Instant::max();
  settle(told, late ? "late" : "missed", deadline, late ? done.certain : deadline);
}

// A tolerance that began on a day is over at nobody knows which hour.
bool over_by_day(const Finding& of) {
  const Told& told = of.said.told;
  const bool over = told.verdict == "missed" || told.verdict == "cannot tell";
  if (of.rule.shape != model::Shape::while_ || !of.look || !over || told.deadline != Instant::unknown().micros ||
      told.opened == of.reached.micros)
    return false;
  const auto by_day = [](const Fact& fact) { return fact.by_day; };
  return std::ranges::any_of(of.look->deal().facts, by_day) ||
         std::ranges::any_of(contacts_of(of.world, of.look->deal()), by_day);
}

Told judge_finding(const Finding& of) {
  Told told = twin::told(of.response, of.said.told.subject, of.owner, of.reached);
  const Clock& clock = clock_of(of.world, of.owner, of.reached);
  const std::vector<Hold> holds = of.look ? holds_of(*of.look) : std::vector<Hold>();
  const auto deadline = [&](bool perhaps) {
    const auto of_clock = written(holds, clock, of.world.usual(), *of.response.within);
    const Instant from = of.by_day ? clock.start_of(of.world.usual().day_of(of.reached)) : of.reached;  // as written
    return within(clock, *of.response.within, from, reading(of_clock, perhaps, *of.response.within));
  };
  const Instant sooner = deadline(false), later = deadline(true);
  Told other = told;
  decide(of, sooner, other);
  decide(of, later, told);
  if (other.verdict != told.verdict) unsettle(told, holds, of.reached, sooner, later, of.world.horizon);
  if (sooner != later) told.deadline = Instant::unknown().micros;
  if (told.verdict == "due" && later == Instant::max()) told.why = "on hold";
  return told;
}

}  // namespace

void judge_remedies(Bench& bench, const model::Rule& response, const std::vector<Said>& verdicts) {
  const model::Rule& rule = bench.book().rules[response.responds_to->rule];
  const std::string& named = response.responses.front().verdict;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Said& said = verdicts[i];
    // What is late was missed first.
    const bool missed_first = named == "missed" && said.told.verdict == "late";
    if (said.told.verdict != named && !missed_first) continue;
    const Instant reached{missed_first ? said.told.deadline : said.told.settled};
    if (!reached.known()) {
      Told told = twin::told(response, said.told.subject, "", reached);
      settle(told, "cannot tell", reached, reached);
      bench.add(told);
      bench.all.back().responds_to = i;
      continue;
    }
    Finding of{bench.world, rule, response, said, reached, {}, nullptr, nullptr, Instant::max()};
    std::optional<Look> look;
    for (const Deal& deal : bench.world.deals) {
      if (rule.subject.kind == model::SubjectKind::deal && deal.id == said.told.subject)
        look.emplace(bench.world, deal);
    }
    of.look = look ? &*look : nullptr;
    const CrowdLook crowd(bench.world, {rule.subject.kind, said.told.subject});
    of.crowd = &crowd;
    of.owner = responsible(of);
    // By the end of a day it was reached: on that date.
    const Clock& days = bench.world.usual();
    of.by_day = reached_by_day(of);
    if (of.by_day && reached.micros + 1 == days.start_of(days.day_of(reached) + 1).micros)
      of.reached =
          std::max(days.start_of(days.day_of(reached)), of.look ? of.look->created() : Instant::unknown());
    find_close(of);
    Told told = twin::told(response, said.told.subject, of.owner, of.reached);
    // By one of two deadlines, since nobody knows whether the deal was on hold.
    const bool disputed = rule.shape == model::Shape::after && said.told.verdict == "missed" &&
                          said.told.deadline == Instant::unknown().micros;
    const bool untold = disputed || (twin::by_the_clock(*response.within) && (of.by_day || over_by_day(of)));
    if (untold) settle(told, "cannot tell", Instant::unknown(), of.reached);
    bench.add(untold ? told : judge_finding(of));
    bench.all.back().responds_to = i;
  }
}

}  // namespace plumb::twin
