#include <algorithm>
#include <utility>

#include "property/twin/judge.h"

/// When a rule asks something, of whom, and by whose calendar.
namespace plumb::twin {

std::string person_text(const World& world, const std::string& person, const std::string& field, Day day) {
  const Person* who = world.person(person);
  if (who == nullptr) return {};
  const property::Table& people = world.tables.people;
  std::string text;
  for (const std::size_t row : who->rows) {
    const Day from = read_time(people.cell(row, "from")).day;
    if (!from.known() || from <= day) text = people.cell(row, field);
  }
  return text;
}

std::string person_text(const World& world, const std::string& person, const std::string& field, Instant at) {
  return person_text(world, person, field, clock_of(world, person, at).day_of(at));
}

const Clock& clock_of(const World& world, const std::string& person, Day day) {
  const Person* who = world.person(person);
  const auto begun = [&](std::size_t row) {
    const Day from = read_time(world.tables.people.cell(row, "from")).day;
    return !from.known() || from <= day;
  };
  // On the day before the first that is said of him that one may have begun where he is.
  const bool before = who != nullptr && std::ranges::none_of(who->rows, begun);
  const std::string named = person_text(world, person, "calendar", before ? day + 1 : day);
  for (std::size_t i = 0; i < world.book.calendars.size(); ++i) {
    if (world.book.calendars[i].name == named) return world.clocks[i];
  }
  return world.usual();
}

const Clock& clock_of(const World& world, const std::string& person, Instant at) {
  return at.known() ? clock_of(world, person, world.usual().day_of(at)) : world.usual();
}

Day day_of(const World& world, const std::string& person, const Moment& m) {
  if (m.written.known()) return m.written;
  const Day usual = world.usual().day_of(m.now), own = clock_of(world, person, usual).day_of(m.now);
  const bool moved = &clock_of(world, person, usual) != &clock_of(world, person, usual + -1);
  // On the day on which he gets another calendar all that is said of him from that day on holds.
  return moved ? std::max(own, usual) : own;
}

Debtor debtor_of(const Look& look, const model::Rule& rule, Instant at) {
  const World& world = look.world();
  Debtor debtor;
  const std::string owner = look.owner(std::max(at, look.created())).value_or("");
  if (rule.owed_by.empty() || rule.owed_by == "owner") {
    debtor.person = owner;
  } else if (rule.owed_by == "manager") {
    debtor.person = person_text(world, owner, "manager", at);
  } else {
    Moment m;
    m.now = std::max(at, look.created()), m.clock = &world.usual();
    for (std::size_t i = 0; i < world.book.fields.size(); ++i) {
      const model::Field& field = world.book.fields[Id<model::Field>{i}];
      if (field.owner == model::OwnerKind::deal && field.name == rule.owed_by) {
        debtor.person = look.field(Id<model::Field>{i}, m).text;
      }
    }
  }
  debtor.clock = &clock_of(world, debtor.person, at);
  return debtor;
}

Instant in_force_from(const World& world, const model::Rule& rule) {
  return rule.effective_from ? world.usual().start_of(*rule.effective_from) : Instant::unknown();
}

bool in_force(const World& world, const model::Rule& rule, Instant at) {
  const Instant from = in_force_from(world, rule);
  if (from.known() && at < from) return false;
  return !rule.effective_until || at < world.usual().start_of(*rule.effective_until);
}

std::vector<std::size_t> versions_before(const World& world, const model::Rule& rule) {
  std::vector<std::size_t> rows;
  for (auto row = rule.same_as; row; row = world.book.rules[*row].same_as) rows.insert(rows.begin(), *row);
  return rows;
}

bool moves_by_day(const Look& look, Instant at) {
  const auto& facts = look.deal().facts;
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    const bool then = fact.of == Class::move && fact.by_day && at.known() && fact.at == at;
    return then && look.stage_before(fact) != fact.to;  // to where it is already is no move
  });
}

Tri open_for_asking(const Look& look, Instant at, const Fact* fact) {
  if (look.lives_unknown()) return Tri::unknown;
  const std::optional<Life> life = fact ? look.life_of(*fact) : look.life_at(at);
  if (!life) return Tri::no;
  return life->doubt < at || life->perhaps ? Tri::unknown
                                           : Tri::yes;  // the event that may close it still belongs to it
}

namespace {

// Whether a move that has a date alone closes or reopens the deal on the day of a fact: before it or after. What is
// created is so before, and moves come in their order.
bool turned_that_day(const Look& look, const Fact& fact) {
  if (fact.of == Class::move || fact.of == Class::created) return false;
  const Clock& days = look.world().usual();
  const auto turns = [&](Instant at, bool by_day) {
    const bool same = at.known() && at < Instant::max() && days.day_of(at) == days.day_of(fact.at);
    return same && (fact.by_day || (by_day && fact.at > at));
  };
  const std::vector<Life> lives = look.lives();
  return std::ranges::any_of(lives, [&](const Life& life) {
    return turns(life.begin, life.begins_by_day) || (life.closed && turns(life.close, life.closes_by_day));
  });
}

}  // namespace

Tri about(const Look& look, const model::Rule& rule, const Moment& m) {
  Id<model::Process> process = rule.subject.process;
  if (!process && rule.trigger && look.book().events[rule.trigger].stage) {
    process = look.book().stages[look.book().events[rule.trigger].stage].process;
  }
  if (process) {
    const Tri follows = look.follows(process);
    if (follows != Tri::yes) return follows;  // nobody can say whether the rule is about it
  }
  const auto asks = [&](const Moment& then) {
    Tri it = Tri::yes;
    if (!rule.subject.stages.empty()) it = both(it, look.in_stages(rule.subject.stages, then));
    if (rule.subject.where) it = both(it, look.holds(rule.subject.where, then));
    return it;
  };
  if (rule.shape == model::Shape::while_) return asks(m);  // a stretch begins with the day
  // What has a date alone may have come before it on that day, or after.
  Moment then = m;
  then.by_the_clock = then.day_over = true;
  return in_every_reading(look, asks, then, true, m.opener != nullptr && m.opener->of == Class::move);
}

Told told(const model::Rule& rule, const std::string& subject, const std::string& owed_by, Instant opened) {
  Told told;
  told.rule = rule.name, told.subject = subject, told.owed_by = owed_by, told.opened = opened.micros;
  return told;
}

void settle(Told& told, const char* verdict, Instant deadline, Instant settled, const char* why) {
  told.verdict = verdict, told.why = why;
  told.deadline = deadline == Instant::max() ? Instant::unknown().micros : deadline.micros;
  told.settled = settled.micros;
}

namespace {

// Whether one of several things of a day is the n-th for certain: so many have come when it is over, all of them seen.
bool of_one_day(const Look& look, const model::Rule& rule, const std::vector<Occurrence>& all) {
  const model::Event& event = look.book().events[rule.trigger];
  if (event.kind != model::EventKind::ordinal || event.for_each_account || event.for_each_contact) return false;
  const auto dated = [](const Occurrence& each) { return each.fact->at.known(); };
  if (rule.each_its_own || all.empty() || !std::ranges::all_of(all, dated) || !all.front().fact->by_day) return false;
  const Instant over = all.front().fact->latest;
  const auto beyond = [&](const Occurrence& each) { return each.fact->at > over; };
  if (over >= look.world().horizon || std::ranges::any_of(all, beyond)) return false;
  Moment m;
  m.now = over, m.clock = &look.world().usual();
  return look.ordinal_so_far(event, m).least >= event.nth && !look.gap(event.parts.front(), look.created(), over);
}

}  // namespace

void agree(Bench& bench, std::size_t from, const Look& look, const model::Rule& rule) {
  std::vector<Said> rest, either;
  for (std::size_t i = from; i < bench.all.size(); ++i) (bench.all[i].either ? either : rest).push_back(bench.all[i]);
  if (either.empty()) return;
  const Told& first = either.front().told;
  const bool alike = std::ranges::all_of(either, [&](const Said& each) {
    const Told& told = each.told;
    return told.verdict != "cannot tell" && told.verdict == first.verdict && told.deadline == first.deadline &&
           told.settled == first.settled && told.owed_by == first.owed_by;
  });
  if (!alike) {
    Told told = twin::told(rule, first.subject, debtor_of(look, rule, look.world().horizon).person, Instant::unknown());
    settle(told, "cannot tell", Instant::unknown(), Instant::unknown());
    either.front() = {told, either.front().opener, either.front().by_day};
  }
  rest.push_back(either.front());
  bench.all.resize(from, Said{});
  bench.all.insert(bench.all.end(), rest.begin(), rest.end());
}

std::vector<Opening> openings(const Look& look, const model::Rule& rule) {
  std::vector<Opening> all;
  bool some_time = false;
  const std::vector<Occurrence> found = look.occurrences(rule.trigger);
  const bool one_day = of_one_day(look, rule, found);
  for (const Occurrence& each : found) {
    const bool either = each.when_unknown && one_day;
    Opening opening{each.fact, each.fact->at, either ? Tri::yes : each.is, {}};
    opening.either = either;
    // Which thing of a day is the n-th is known no sooner than that day is over.
    const bool nth = look.book().events[rule.trigger].kind == model::EventKind::ordinal;
    if (nth && each.fact->by_day && opening.at.known() && each.fact->latest >= look.world().horizon) continue;
    if (opening.at.known() && !in_force(look.world(), rule, opening.at)) continue;
    // Of what nobody dated the first version says that it cannot be told.
    const Instant from = in_force_from(look.world(), rule);
    const bool told = versions_before(look.world(), rule).empty() && (!from.known() || from < look.world().horizon);
    if (!opening.at.known() && !told) continue;
    Moment m;
    m.now = each.fact->latest, m.opener = each.fact, m.clock = &look.world().usual();
    if (!opening.at.known()) {
      // Nobody can say as of when: who is asked now is named.
      m.now = {look.world().horizon.micros};
      opening.debtor = debtor_of(look, rule, m.now);
      m.clock = opening.debtor.clock;
      if (about(look, rule, m) == Tri::no) continue;
      opening.asks = Tri::unknown;
    } else {
      opening.debtor = debtor_of(look, rule, each.fact->latest);
      m.clock = opening.debtor.clock;
      if (!rule.even_when_closed) {
        const bool turned = turned_that_day(look, *each.fact);
        opening.asks = both(opening.asks, turned ? Tri::unknown : open_for_asking(look, each.fact->at, each.fact));
      }
      Tri asks = about(look, rule, m);
      m.now = std::max(each.fact->at, look.created());  // on the day it is created, not before that
      if (each.fact->by_day && about(look, rule, m) != asks) asks = Tri::unknown;  // it changes on that day
      opening.asks = both(opening.asks, asks);
    }
    if (opening.asks == Tri::no) continue;
    if (each.when_unknown && !either) {
      if (some_time) continue;  // it is one event, whichever it was
      some_time = true;
      opening.at = Instant::unknown();
      opening.asks = Tri::unknown;
      opening.debtor = debtor_of(look, rule, look.world().horizon);
    }
    all.push_back(opening);
  }
  return all;
}

}  // namespace plumb::twin
