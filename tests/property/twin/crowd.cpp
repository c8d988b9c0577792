#include "property/twin/crowd.h"

#include <algorithm>

namespace plumb::twin {

std::vector<Value> CrowdLook::field_versions(Id<model::Field> id, const Moment& m, const model::Tails&) const {
  const model::Field& field = book().fields[id];
  if (field.owner != model::OwnerKind::person || whose_.kind != model::SubjectKind::person) return {Value{}};
  const Span& span = world_.observed(field.name);
  const Person* who = world_.person(whose_.name);
  const auto& people = world_.tables.people;
  if (who == nullptr || !people.has(field.name) || m.now < span.from || m.now >= span.until) return {Value{}};
  const Day day = m.clock->day_of(m.now);
  Value value;
  for (const std::size_t row : who->rows) {
    const Day from = read_time(people.cell(row, "from")).day;
    if (!from.known() || from <= day) value = read_cell(people.cell(row, field.name), field.type, field.choices);
  }
  return {value};
}

Tri CrowdLook::ever_in(const std::string& person, const std::string& team) const {
  const Person* who = world_.person(person);
  return sure(who != nullptr && std::any_of(who->rows.begin(), who->rows.end(), [&](std::size_t row) {
                return world_.tables.people.cell(row, "team") == team;
              }));
}

Value CrowdLook::himself() const {
  Value value;
  if (whose_.kind == model::SubjectKind::person) value.is = Value::Is::text, value.text = whose_.name;
  return value;
}

// A person's own, or that of somebody of the team on that day; all are the company's.
Tri CrowdLook::is_ours(const std::string& person, const model::Aggregate& of, const Fact& fact, const Moment& m) const {
  const bool company = of.of == "company" || whose_.kind == model::SubjectKind::company;
  if (company) return Tri::yes;
  const bool team = of.of == "team" || whose_.kind == model::SubjectKind::team;
  if (!team) return sure(person == whose_.name);
  const std::string ours = whose_.kind == model::SubjectKind::team
                               ? whose_.name
                               : person_text(world_, whose_.name, "team", m.clock->day_of(m.period));
  if (person.empty()) return Tri::no;
  if (!fact.at.known()) return both(ever_in(person, ours), Tri::unknown);
  return sure(person_text(world_, person, "team", world_.usual().day_of(fact.at)) == ours);
}

Tri CrowdLook::belongs(const Look& look, const model::Aggregate& of, const Fact& fact, const Moment& m) const {
  if (fact.deal == SIZE_MAX) return is_ours(fact.person, of, fact, m);
  if (of.by_actor) {
    const auto acts = [&](const Fact& other) {
      return other.record == fact.record && other.name == fact.name && !other.actor.empty();
    };
    const bool anybody = std::any_of(world_.deals.begin(), world_.deals.end(), [&](const Deal& deal) {
      return std::any_of(deal.facts.begin(), deal.facts.end(), acts);
    });
    const bool all = of.of == "company" || whose_.kind == model::SubjectKind::company;
    if (!anybody) return all ? Tri::yes : Tri::unknown;
    return is_ours(fact.actor, of, fact, m);
  }
  if (of.of == "company" || whose_.kind == model::SubjectKind::company) return Tri::yes;
  if (!fact.at.known()) {
    // It belongs to whoever owned the deal then: to any of those who ever did.
    Tri any = Tri::no;
    for (const Fact& each : look.deal().facts) {
      const std::optional<std::string> owner = look.owner(each.at.known() ? each.at : world_.horizon);
      any = either(any, owner ? both(is_ours(*owner, of, fact, m), Tri::unknown) : Tri::unknown);
    }
    return any;
  }
  const std::optional<std::string> owner = look.owner(std::max(fact.at, look.created()));
  return owner ? is_ours(*owner, of, fact, m) : Tri::unknown;
}

void CrowdLook::add_members(const Look& look, const model::Aggregate& of, const Moment& m,
                            std::vector<Member>& members) const {
  std::vector<Occurrence> all = look.occurrences(of.event);
  const Fact* one = look.one_of(of.event, all, m);  // nobody knows which, but one of them it is
  const bool all_ours = std::all_of(
      all.begin(), all.end(), [&](const Occurrence& each) { return belongs(look, of, *each.fact, m) == Tri::yes; });
  if (!all_ours || of.where || of.value) one = nullptr;
  for (const Occurrence& each : all) {
    const Fact& fact = *each.fact;
    if (one != nullptr && &fact != one) continue;
    Tri counts = both(one != nullptr ? Tri::yes : each.is, belongs(look, of, fact, m));
    const bool stated = fact.record && m.stated_by_then;
    if (m.without.known() && fact.by_day && fact.at == m.without) continue;
    if (fact.at.known()) {
      if (fact.at > m.now) continue;
      Instant from = fact.at, latest = fact.at;
      if (stated && !fact.recorded) {
        latest = Instant::max();
      } else if (stated) {
        from = latest = std::max(from, *fact.recorded);
      }
      if (stated && !fact.recorded) {
        if (latest < m.since) continue;
        counts = both(counts, Tri::unknown);
      } else {
        const bool by_day = fact.by_day && from == fact.at;
        if (by_day) latest = fact.latest;  // at any instant of its day, and so on either side of an end within it
        if (from > m.now || latest < m.since) continue;
        if (from < m.since || straddles(fact, m.point)) counts = both(counts, Tri::unknown);
      }
    } else {
      counts = m.since > m.now ? Tri::no : both(counts, look.came(of.event, each, m));
    }
    if (counts == Tri::no) continue;
    members.push_back(look.member_of(of, fact, counts, m));
  }
}

Value CrowdLook::aggregate(const model::Aggregate& of, const model::Tails&, const Moment& m) const {
  const bool of_his_team = of.of == "team" && whose_.kind == model::SubjectKind::person;
  if (of_his_team && person_text(world_, whose_.name, "team", m.clock->day_of(m.period)).empty())
    return {};  // he has none
  std::vector<Member> members;
  bool open_ended = gap(of.event, m.since, m.now);
  for (const Deal& deal : world_.deals) add_members(Look(world_, deal), of, m, members);
  for (const Person& person : world_.people) {
    Deal records;
    records.id = person.id, records.facts = person.facts;
    add_members(Look(world_, records), of, m, members);
  }
  return aggregate_of(of, members, open_ended);
}

Tri CrowdLook::happened(Id<model::Event> id, const model::Tails& tails, const Moment& m) const {
  model::Aggregate of;
  of.event = id;
  const Value count = aggregate(of, tails, m);
  if (count.number.over > 0) return Tri::yes;
  return count.range ? Tri::unknown : Tri::no;
}

}  // namespace plumb::twin
