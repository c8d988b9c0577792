#include "property/twin/party.h"

#include <algorithm>
#include <map>
#include <set>

#include "property/twin/crowd.h"

namespace plumb::twin {

using model::SubjectKind;

// From when a person joined, else from the first that is known of him.
bool employed(const World& world, const Person& person, Day day) {
  Day since = person.joined;
  if (!since.known() && !person.rows.empty())
    since = read_time(world.tables.people.cell(person.rows.front(), "from")).day;
  return (!since.known() || since <= day) && (!person.left.known() || day < person.left);
}

namespace {

bool staffed(const World& world, const std::string& team, Day day) {
  return std::any_of(world.people.begin(), world.people.end(), [&](const Person& each) {
    return employed(world, each, day) && person_text(world, each.id, "team", day) == team;
  });
}

}  // namespace

Tri is_asked(const Party& asked, Instant at, const Clock& clock) {
  if (asked.person && !employed(asked.bench.world, *asked.person, clock.day_of(at))) return Tri::no;
  if (asked.rule.subject.kind == SubjectKind::team && !staffed(asked.bench.world, asked.name, clock.day_of(at))) {
    return Tri::no;
  }
  Moment m;
  m.now = at, m.clock = &clock;
  Tri is = asked.deal ? about(asked.look, asked.rule, m) : Tri::yes;
  if (asked.person && asked.rule.subject.where) is = asked.look.holds(asked.rule.subject.where, m);
  if (asked.deal && !asked.rule.even_when_closed) is = both(is, open_for_asking(asked.look, at));
  return is;
}

std::string debtor(const Party& asked, Instant at) {
  const World& world = asked.bench.world;
  const bool manager = asked.rule.owed_by == "manager";
  if (asked.deal) return debtor_of(asked.look, asked.rule, at).person;
  if (asked.person) return manager ? person_text(world, asked.name, "manager", at) : asked.name;
  if (asked.rule.subject.kind == SubjectKind::company) return {};
  // Who manages all others of a team may stand in it himself.
  std::map<std::string, std::string> managers;  // by member
  const Day day = world.usual().day_of(at);
  for (const Person& person : world.people) {
    if (person_text(world, person.id, "team", day) == asked.name && employed(world, person, day)) {
      managers[person.id] = person_text(world, person.id, "manager", day);
    }
  }
  for (const auto& [member, manager] : managers) {
    const bool all = std::all_of(managers.begin(), managers.end(), [&, &who = manager](const auto& other) {
      return other.first == who || other.second == who;
    });
    if (!manager.empty() && all) return manager;
  }
  return {};
}

void for_each_party(Bench& bench, const model::Rule& rule, const std::function<void(const Party&)>& take) {
  const World& world = bench.world;
  switch (rule.subject.kind) {
    case SubjectKind::deal:
      for (const Deal& deal : world.judged()) {
        take({bench, rule, deal.id, Look(world, deal), nullptr, &deal});
      }
      return;
    case SubjectKind::person:
      for (const Person& person : world.people) {
        take({bench, rule, person.id, CrowdLook(world, {rule.subject.kind, person.id}), &person, nullptr});
      }
      return;
    case SubjectKind::team: {
      std::set<std::string> teams;
      for (std::size_t row = 0; row < world.tables.people.rows.size(); ++row) {
        teams.insert(world.tables.people.cell(row, "team"));
      }
      teams.erase("");
      for (const std::string& team : teams) take({bench, rule, team, CrowdLook(world, {rule.subject.kind, team})});
      return;
    }
    case SubjectKind::company: take({bench, rule, "the company", CrowdLook(world, {})}); return;
  }
}

}  // namespace plumb::twin
