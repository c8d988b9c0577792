#include "property/twin/crowd.h"
#include "property/twin/window.h"

#include <algorithm>

namespace plumb::twin {

std::vector<Value> CrowdLook::field_versions(Id<model::Field> id, const Moment& m, const model::Tails&) const {
  const model::Field& field = book().fields[id];
  if (field.owner != model::OwnerKind::person || whose_.kind != model::SubjectKind::person) return {Value{}};
  const Span& span = world_.observed(field.name);
  const Person* who = world_.person(whose_.name);
  const auto& people = world_.tables.people;
  if (who == nullptr || !people.has(field.name) || m.now < span.from || m.now >= span.until) return {Value{}};
  const Day day = day_of(world_, whose_.name, m);
  Value value;
  for (const std::size_t row : who->rows) {
    const Day from = read_time(people.cell(row, "from")).day;
    if (!from.known() || from <= day) value = read_cell(people.cell(row, field.name), field.type, field.choices);
  }
  return {value};
}

// Whether somebody may ever have been in a team, of which nobody knows where it was not said from the start on.
Tri CrowdLook::ever_in(const std::string& person, const std::string& team, Instant since) const {
  const Person* who = world_.person(person);
  if (who == nullptr || who->rows.empty() || !world_.tables.people.has("team")) return Tri::unknown;
  const Day from = read_time(world_.tables.people.cell(who->rows.front(), "from")).day;
  if (from.known() && world_.usual().start_of(from) > since) return Tri::unknown;
  Tri any = Tri::no;
  for (const std::size_t row : who->rows) {
    const std::string cell = world_.tables.people.cell(row, "team");
    any = either(any, cell == "?" ? Tri::unknown : sure(cell == team));
  }
  return any;
}

// Whether he is in it on a day, if the data says in which he is.
Tri CrowdLook::in_team(const std::string& person, const std::string& team, Day day) const {
  const Person* who = world_.person(person);
  std::optional<std::string> said;
  for (const std::size_t row : who == nullptr ? std::vector<std::size_t>() : who->rows) {
    const Day from = read_time(world_.tables.people.cell(row, "from")).day;
    if (!from.known() || from <= day) said = world_.tables.people.cell(row, "team");
  }
  const Span& span = world_.observed("team");
  const Instant start = world_.usual().start_of(day);
  const bool told = world_.tables.people.has("team") && start >= span.from && start < span.until;
  return !told || !said || *said == "?" ? Tri::unknown : sure(*said == team);
}

Value CrowdLook::himself() const {
  Value value;
  if (whose_.kind == model::SubjectKind::person) value.is = Value::Is::text, value.text = whose_.name;
  return value;
}

// A person's own, or that of somebody of the team on that day; all are the company's.
Tri CrowdLook::is_ours(const std::string& person, const model::Aggregate& of, const Fact& fact, const Moment& m,
                       Instant since) const {
  const bool company = of.of == "company" || whose_.kind == model::SubjectKind::company;
  if (company) return Tri::yes;
  const bool team = of.of == "team" || whose_.kind == model::SubjectKind::team;
  if (!team) return sure(person == whose_.name);
  const std::string ours =
      whose_.kind == model::SubjectKind::team
          ? whose_.name
          : person_text(world_, whose_.name, "team", m.clock->day_of(m.of_period ? m.period : m.now));
  if (person.empty()) return Tri::no;
  if (!fact.at.known()) return both(ever_in(person, ours, since), Tri::unknown);
  return in_team(person, ours, world_.usual().day_of(fact.at));
}

Tri CrowdLook::belongs(const Look& look, const model::Aggregate& of, const Fact& fact, const Moment& m) const {
  const bool of_deal = fact.deal != SIZE_MAX;
  const Instant since = of_deal && look.created().known() ? look.created() : Instant{INT64_MIN + 1};
  if (!of_deal) return is_ours(fact.person, of, fact, m, since);
  if (of.by_actor) {
    const auto acts = [&](const Fact& other) {
      return other.record == fact.record && other.name == fact.name && !other.actor.empty();
    };
    const bool anybody = std::any_of(world_.deals.begin(), world_.deals.end(), [&](const Deal& deal) {
      return std::any_of(deal.facts.begin(), deal.facts.end(), acts);
    });
    const bool all = of.of == "company" || whose_.kind == model::SubjectKind::company;
    if (!anybody || fact.actor == "?") return all ? Tri::yes : Tri::unknown;
    return is_ours(fact.actor, of, fact, m, since);
  }
  if (of.of == "company" || whose_.kind == model::SubjectKind::company) return Tri::yes;
  if (!fact.at.known()) {
    // It belongs to whoever owned the deal then: to any of those who ever did.
    Tri any = Tri::no;
    const bool team = of.of == "team" || whose_.kind == model::SubjectKind::team;
    const bool always = !team && std::ranges::none_of(look.deal().facts, [](const Fact& each) {
      return each.of == Class::change && each.name == "owner";
    });
    if (always) {
      const std::optional<std::string> owner = look.owner(world_.horizon);
      return owner ? is_ours(*owner, of, fact, m, since) : Tri::unknown;
    }
    for (const Fact& each : look.deal().facts) {
      const std::optional<std::string> owner = look.owner(each.at.known() ? each.at : world_.horizon);
      any = either(any, owner ? both(is_ours(*owner, of, fact, m, since), Tri::unknown) : Tri::unknown);
    }
    return any;
  }
  std::optional<Tri> all;
  for (const std::optional<std::string>& owner : look.owners(fact)) {
    const Tri one = owner ? is_ours(*owner, of, fact, m, since) : Tri::unknown;
    all = !all || *all == one ? one : Tri::unknown;
  }
  return *all;
}

// Whether something that nobody recorded of a deal may be one of ours: of its first time, or between its moves.
bool CrowdLook::lacks_some(const Look& look, const model::Aggregate& of, const Moment& m) const {
  std::vector<Hidden> all = look.hidden();
  if (const Instant told = look.observed_stages().from; told.known()) all.push_back({look.created(), told, nullptr});
  return std::ranges::any_of(all, [&](const Hidden& each) { return lacks_in(each, look, of, m); });
}

bool CrowdLook::lacks_in(const Hidden& stretch, const Look& look, const model::Aggregate& of, const Moment& m) const {
  const Instant from = std::max({m.since, look.created(), stretch.from});
  const Instant last = std::min(m.now, Instant{stretch.until.micros - 1});
  if (from > last || !look.gap(of.event, from, last) || gap(of.event, from, last)) return false;
  std::vector<Instant> turns{from};
  for (const Fact& each : look.deal().facts) {
    if (each.at > from && each.at <= last) turns.push_back(each.at);
  }
  for (Day day = world_.usual().day_of(from) + 1; world_.usual().start_of(day) <= last; day = day + 1) {
    turns.push_back(world_.usual().start_of(day));
  }
  return std::any_of(turns.begin(), turns.end(), [&](Instant at) {
    Fact move;
    move.of = Class::move, move.deal = look.deal().facts.front().deal, move.at = at;
    const bool company = of.of == "company" || whose_.kind == model::SubjectKind::company;
    return (of.by_actor && !company) || belongs(look, of, move, m) != Tri::no;
  });
}

// A record that names a day counts in the period of that day and in no other. Missing: nullopt where it names none, or
// nothing is asked of a period.
std::optional<Tri> CrowdLook::by_name(const Fact& fact, const Moment& m) const {
  const std::string& cell = fact.table->cell(fact.row, "opened");
  if (!fact.record || fact.name == "waiver" || cell.empty()) return std::nullopt;
  if (!m.since.known() || m.parts.empty()) return std::nullopt;
  const bool stated = m.stated_by_then;
  const bool told = fact.at.known() && (!stated || fact.recorded);
  const Instant when = told && stated ? std::max(fact.at, *fact.recorded) : fact.at;
  Instant last = m.now, due = m.point;
  const Day day = read_time(cell).day;
  if (day.known()) {
    const Instant named = m.clock->start_of(day);
    const Part* part = nullptr;
    for (std::size_t i = 0; i < m.parts.size(); ++i) {
      const Instant end = i + 1 < m.parts.size() ? m.parts[i + 1].period : m.period_end;
      if (named >= m.parts[i].period && named < end) part = &m.parts[i];
    }
    if (part == nullptr) return Tri::no;
    due = part->until;
    if (part != &m.parts.back()) last = std::min(last, Instant{due.micros - 1});
  }
  if (fact.at.known() && when > last) return Tri::no;
  // Under a tail it has to be of that time, too.
  const bool by_day = told && when == fact.at && fact.by_day;
  if (told && m.back.known() && (by_day ? fact.latest : when) < m.back) return Tri::no;
  const bool either = (told && when == fact.at && straddles(fact, due)) || (by_day && m.back_in_day && when < m.back);
  return told && day.known() && !either ? Tri::yes : Tri::unknown;
}

namespace {

// Into the stage that a row says the deal came from it came by then.
Instant came_by(const Deal& deal, const Fact& fact) {
  if (!fact.implied) return Instant::max();
  for (const Fact& other : deal.facts) {
    if (!other.implied && other.table == fact.table && other.row == fact.row && other.at.known()) return other.latest;
  }
  return Instant::max();
}

}  // namespace

void CrowdLook::add_members(const Look& look, const model::Aggregate& of, const Moment& m,
                            std::vector<Member>& members) const {
  const std::size_t before = members.size();
  std::vector<Occurrence> all = look.occurrences(of.event);
  const Fact* one = look.one_of(of.event, all, m);  // nobody knows which, but one of them it is
  const bool all_ours = std::all_of(
      all.begin(), all.end(), [&](const Occurrence& each) { return belongs(look, of, *each.fact, m) == Tri::yes; });
  if (!all_ours || of.where || of.value) one = nullptr;
  for (const Occurrence& each : all) {
    const Fact& fact = *each.fact;
    if (one != nullptr && &fact != one) continue;
    Tri counts = both(one != nullptr ? Tri::yes : each.is, belongs(look, of, fact, m));
    const bool stated = is_stated(fact) && m.stated_by_then;
    if (m.without.known() && fact.by_day && fact.at == m.without) continue;
    if (const std::optional<Tri> named = by_name(fact, m)) {
      counts = both(counts, *named);
    } else if (fact.at.known()) {
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
        if (from > m.now) continue;
        const Times when = look.times_of(fact, m, m.back_in_day);
        if (by_day) from = when.first, latest = when.last;  // on either side of an end within its day
        if (latest < m.since || (m.point.known() && from >= m.point)) continue;
        if (m.between_periods(from, latest)) continue;
        if (from < m.since || (fact.by_day && when.straddles(m.point))) counts = both(counts, Tri::unknown);
      }
    } else {
      const Instant by = came_by(look.deal(), fact), end = m.point.known() ? m.point : Instant::max();
      const bool bounded = by != Instant::max(), since = look.created().known();
      const bool outside = by < m.since || (bounded && since && look.created() > m.now);
      const bool inside = bounded && since && look.created() >= m.since && by <= m.now && by < end && !m.stated_by_then;
      counts = m.since > m.now || outside ? Tri::no : inside ? counts : both(counts, look.came(of.event, each, m));
    }
    if (counts == Tri::no) continue;
    if (of.population == model::PopulationKind::deals && members.size() > before) {
      if (counts == Tri::unknown && members.back().counts == Tri::yes) continue;
      members.pop_back();  // a deal is one, however often it was won
    }
    members.push_back(look.member_of(of, fact, counts, m));
  }
}

// The deals that there are at the moment, each with whoever has it then.
void CrowdLook::add_standing(const model::Aggregate& of, const Moment& m, std::vector<Member>& members) const {
  for (const Deal& deal : world_.deals) {
    const Look look(world_, deal);
    // What has a date that is behind the end is not so yet.
    const auto turns = [&](auto is) {
      return m.without.known() && std::ranges::any_of(deal.facts, [&](const Fact& fact) {
               return fact.by_day && fact.at == m.without && is(fact);
             });
    };
    const Instant before{m.without.micros - 1};
    if (turns([](const Fact& fact) { return fact.of == Class::created; })) continue;
    if (look.created().known() && look.created() > m.now) continue;
    Fact now = deal.facts.front();
    now.at = now.latest = m.now, now.by_day = false;
    if (turns([](const Fact& fact) { return fact.of == Class::change && fact.name == "owner"; }))
      now.at = now.latest = before;
    const bool moves = turns([](const Fact& fact) { return fact.of == Class::move; });
    Tri stands = of.deals_in ? look.open_at(moves ? before : m.now) : Tri::yes;
    if (of.deals_in && look.process_known() == Tri::unknown) stands = both(stands, Tri::unknown);
    if (!look.created().known()) stands = both(stands, Tri::unknown);
    stands = both(stands, belongs(look, of, now, m));
    if (stands != Tri::no) members.push_back(look.member_of(of, now, stands, m));
  }
}

// All that happens with anything may change it, and the days of all.
std::vector<Instant> CrowdLook::turns(Id<model::Expr> id, Instant from, Instant until, const Clock& clock) const {
  std::vector<Instant> all = Look::turns(id, from, until, clock);
  const auto add = [&](const Deal& deal) {
    const std::vector<Instant> some = Look(world_, deal).turns(id, from, until, clock);
    all.insert(all.end(), some.begin(), some.end());
  };
  for (const Deal& deal : world_.deals) add(deal);
  for (const Person& person : world_.people) {
    Deal records;
    records.id = person.id, records.facts = person.facts;
    add(records);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Value CrowdLook::aggregate(const model::Aggregate& of, const model::Tails& own, const Moment& moment) const {
  Moment m = moment;
  m.choice = nullptr;
  const bool of_his_team = of.of == "team" && whose_.kind == model::SubjectKind::person;
  if (of_his_team && person_text(world_, whose_.name, "team", m.clock->day_of(m.of_period ? m.period : m.now)).empty())
    return {};  // he has none
  for (const model::Tails* tails : {&own, &of.tails}) {
    if (!tails->in) continue;
    const Instant back = m.clock->back_from(*tails->in, from_of(m, *tails->in));
    m.since = std::max(m.since, back);
    if (back > m.back) m.back = back, m.back_in_day = by_the_clock(*tails->in);
  }
  std::vector<Member> members;
  if (!of.event) {
    add_standing(of, m, members);
    return aggregate_of(of, members, false);
  }
  // What names the period may have been made before its window opens.
  const bool named = !m.parts.empty() && m.since.known() && world_.names_periods(of.event);
  const Instant from = !named           ? m.since
                       : m.back.known() ? std::min(m.since, m.back)
                                        : std::min(m.since, m.parts.front().period);
  bool open_ended = gap(of.event, from, m.now);
  for (const Deal& deal : world_.deals) {
    const Look look(world_, deal);
    add_members(look, of, m, members);
    open_ended |= lacks_some(look, of, m);
  }
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
