#include "property/twin/world.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "property/twin/orders.h"

namespace plumb::twin {

std::int64_t sequence_of(const Fact& fact) {
  const std::string& cell = fact.table->cell(fact.row, "sequence");
  return cell.empty() ? -1 : std::stoll(cell);
}

namespace {

using property::Table;

void set_time(const Clock& clock, const When& when, Fact& fact) {
  fact.at = fact.latest = when.at;
  if (!when.day.known()) return;
  fact.by_day = true;
  fact.at = clock.start_of(when.day);
  fact.latest = {clock.end_of(when.day).micros - 1};
}

// When a row was recorded: its own cell, an empty one means when it happened.
std::optional<Instant> recorded_of(const Clock& clock, const std::string& cell, const Fact& fact) {
  if (cell.empty()) return fact.at.known() ? std::optional(fact.at) : std::nullopt;
  const When when = read_time(cell);
  if (when.at.known()) return when.at;
  if (when.day.known()) return clock.start_of(when.day);
  return std::nullopt;
}

Fact fact_of(const Clock& clock, const Table& table, std::size_t row, const std::string& when) {
  Fact fact;
  fact.table = &table, fact.row = row;
  set_time(clock, read_time(table.cell(row, when)), fact);
  fact.recorded = recorded_of(clock, table.cell(row, "recorded"), fact);
  fact.actor = table.cell(row, "actor"), fact.source = table.cell(row, "source");
  fact.name = table.cell(row, "name"), fact.from = table.cell(row, "from"), fact.to = table.cell(row, "to");
  return fact;
}

// Where the first move says that the deal came from it was before. Where nobody knows which is the first, that is one
// from a stage that no move leads to.
void add_implied(std::vector<Fact>& facts) {
  std::vector<Fact> moves;
  for (const Fact& fact : facts) {
    if (fact.of == Class::move) moves.push_back(fact);
  }
  const bool ordered = moves.size() < 2 || moves.front().at.known();
  if (ordered && !moves.empty()) moves.resize(1);
  for (const Fact& move : moves) {
    if (move.from.empty() || move.from == "?") continue;
    const bool entered = !ordered && std::any_of(facts.begin(), facts.end(), [&](const Fact& other) {
      return other.of == Class::move && other.to == move.from && other.from != move.from;
    });
    if (entered) continue;
    Fact before = move;
    before.implied = true, before.by_day = false;
    before.at = before.latest = Instant::unknown();
    before.recorded.reset();
    before.to = move.from, before.from.clear();
    facts.insert(facts.begin(), before);
    for (std::size_t i = 0; i < facts.size(); ++i) facts[i].order = i;
    return;
  }
}

bool seen(const Fact& fact, Instant horizon) { return !fact.at.known() || fact.at < horizon; }

bool is_declared(const model::Rulebook& book, const Fact& fact) {
  const auto named = [&](const auto& all) {
    return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == fact.name; });
  };
  if (fact.of == Class::move) return true;
  if (fact.record) return fact.name == "waiver" || named(book.records);
  if (fact.of == Class::activity) return named(book.activities);
  return std::any_of(book.fields.begin(), book.fields.end(), [&](const model::Field& each) {
    return each.owner == model::OwnerKind::deal && each.name == fact.name;
  });
}

void read_deals(World& world) {
  const Clock& clock = world.usual();
  const Table& deals = world.tables.deals;
  for (std::size_t row = 0; row < deals.rows.size(); ++row) {
    Fact created = fact_of(clock, deals, row, "created");
    created.of = Class::created;
    created.name = "created";
    if (!seen(created, world.horizon)) continue;
    world.deals.push_back({deals.cell(row, "deal"), deals.cell(row, "account"), row, {created}, {}});
  }
  std::sort(world.deals.begin(), world.deals.end(), [](const Deal& a, const Deal& b) { return a.id < b.id; });
}

void read_events(World& world) {
  const Table& events = world.tables.events;
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    Fact fact = fact_of(world.usual(), events, row, "at");
    const std::string& kind = events.cell(row, "kind");
    fact.of = kind == "move" ? Class::move : kind == "change" ? Class::change : Class::activity;
    fact.record = kind == "record";
    if (!is_declared(world.book, fact)) continue;
    for (std::size_t deal = 0; deal < world.deals.size(); ++deal) {
      if (world.deals[deal].id == events.cell(row, "deal")) world.deals[deal].facts.push_back(fact);
    }
  }
  for (std::size_t deal = 0; deal < world.deals.size(); ++deal) {
    Deal& of = world.deals[deal];
    put_in_order(of.facts, world.usual());
    of.orders = all_orders(of.facts);
    const auto look = [&](std::vector<Fact>& facts) {
      std::erase_if(facts, [&](const Fact& fact) {
        return !seen(fact, world.horizon) || (fact.table == &events && events.unseen.contains(fact.row));
      });
      for (std::size_t i = 0; i < facts.size(); ++i) facts[i].order = i;
      add_implied(facts);
      for (Fact& fact : facts) fact.deal = deal;
    };
    look(of.facts);
    for (std::vector<Fact>& facts : of.orders) look(facts);
  }
}

// What nobody is named for is about who stated it.
const std::string& subject_of(const Table& records, std::size_t row) {
  const std::string& person = records.cell(row, "person");
  return person.empty() ? records.cell(row, "actor") : person;
}

Day day_in(const std::string& cell) { return read_time(cell).day; }

void read_people(World& world) {
  std::set<std::string> ids;
  const auto add = [&](const Table& table, const char* column) {
    for (std::size_t row = 0; row < table.rows.size(); ++row) ids.insert(table.cell(row, column));
  };
  const Tables& all = world.tables;
  add(all.people, "person"), add(all.people, "manager"), add(all.leave, "person");
  for (const Deal& deal : world.deals) {
    ids.insert(all.deals.cell(deal.row, "owner"));
    for (const Fact& fact : deal.facts) {
      ids.insert(fact.actor);
      if (fact.of == Class::change && fact.name == "owner") ids.insert(fact.from), ids.insert(fact.to);
    }
  }
  // Whom a field of people names is one.
  for (std::size_t i = 0; i < world.book.fields.size(); ++i) {
    const model::Field& field = world.book.fields[Id<model::Field>{i}];
    if (field.type.kind != model::TypeKind::person) continue;
    for (const Deal& deal : world.deals) {
      if (field.owner == model::OwnerKind::deal) ids.insert(all.deals.cell(deal.row, field.name));
    }
    if (field.owner == model::OwnerKind::account) add(all.accounts, field.name.c_str());
    if (field.owner == model::OwnerKind::person) add(all.people, field.name.c_str());
    for (const Deal& deal : world.deals) {
      for (const Fact& fact : deal.facts) {
        if (fact.of == Class::change && fact.name == field.name) ids.insert(fact.from), ids.insert(fact.to);
      }
    }
  }
  for (std::size_t row = 0; row < all.records.rows.size(); ++row) {
    const Fact fact = fact_of(world.usual(), all.records, row, "at");
    if (!seen(fact, world.horizon)) continue;
    ids.insert(subject_of(all.records, row)), ids.insert(fact.actor);
  }
  ids.erase(""), ids.erase("?");
  for (const std::string& id : ids) {
    Person person{id, {}, {}, {}, {}};
    for (std::size_t row = 0; row < all.people.rows.size(); ++row) {
      if (all.people.cell(row, "person") != id) continue;
      person.rows.push_back(row);
      if (const Day joined = day_in(all.people.cell(row, "joined")); joined.known()) person.joined = joined;
      if (const Day left = day_in(all.people.cell(row, "left")); left.known()) person.left = left;
    }
    std::sort(person.rows.begin(), person.rows.end(),
              [&](std::size_t a, std::size_t b) { return all.people.cell(a, "from") < all.people.cell(b, "from"); });
    for (std::size_t row = 0; row < all.records.rows.size(); ++row) {
      if (subject_of(all.records, row) != id) continue;
      Fact fact = fact_of(world.usual(), all.records, row, "at");
      fact.record = true;
      fact.person = id;
      if (seen(fact, world.horizon)) person.facts.push_back(fact);
    }
    put_in_order(person.facts, world.usual());
    world.people.push_back(std::move(person));
  }
}

void read_coverage(World& world) {
  const Table& table = world.tables.coverage;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    Span span;
    if (const When from = read_time(table.cell(row, "from")); from.at.known()) span.from = from.at;
    if (const When until = read_time(table.cell(row, "until")); until.at.known()) span.until = until.at;
    const std::string& what = table.cell(row, "what");
    (what == "everything" ? world.everything : world.coverage[what]) = span;
  }
}

}  // namespace

std::vector<Fact> contacts_of(const World& world, const Deal& deal) {
  std::vector<Fact> all;
  const Table& table = world.tables.contacts;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.cell(row, "deal") == deal.id) all.push_back(fact_of(world.usual(), table, row, "created"));
  }
  return all;
}

const Person* World::person(const std::string& id) const {
  for (const Person& each : people) {
    if (each.id == id) return &each;
  }
  return nullptr;
}

const Span& World::observed(const std::string& name) const {
  const auto found = coverage.find(name);
  return found == coverage.end() ? everything : found->second;
}

bool World::names_periods(Id<model::Event> id) const {
  const model::Event& event = book.events[id];
  if (event.kind != model::EventKind::record) {
    return std::ranges::any_of(event.parts, [&](Id<model::Event> part) { return names_periods(part); });
  }
  const std::string& name = book.records[event.record].name;
  const auto names = [&](const Fact& fact) {
    return fact.record && fact.name == name && !fact.table->cell(fact.row, "opened").empty();
  };
  const auto any = [&](const auto& subject) { return std::ranges::any_of(subject.facts, names); };
  return std::ranges::any_of(deals, any) || std::ranges::any_of(people, any);
}

Instant World::first_event() const {
  Instant first = Instant::max();
  const auto look = [&](const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) {
      if (fact.at.known()) first = std::min(first, fact.at);
    }
  };
  for (const Deal& deal : deals) look(deal.facts);
  for (const Person& person : people) look(person.facts);
  return first == Instant::max() ? Instant::unknown() : first;
}

World look_at(const model::Rulebook& book, const Tables& tables, Instant horizon) {
  World world{book, tables, horizon, {}, {}, {}, {}, {}};
  for (const model::Calendar& calendar : book.calendars) world.clocks.emplace_back(calendar.spec);
  if (world.clocks.empty()) world.clocks.emplace_back(time::CalendarSpec{});
  read_coverage(world);
  read_deals(world);
  read_events(world);
  read_people(world);
  return world;
}

Tables known_by(const Tables& tables, Instant known_at) {
  Tables known = tables;
  std::erase_if(known.coverage.rows, [&](const auto& row) {  // a last entry may not be there yet
    const auto tells_last = [](const std::string& cell) { return cell.starts_with("last entry of "); };
    return known_at != Instant::max() && std::ranges::any_of(row, tells_last);
  });
  const auto later = [&](const std::string& cell) {
    const When when = read_time(cell);
    return when.at.known() && when.at >= known_at;
  };
  const auto drop = [&](Table& table, const char* at) {
    Table kept{table.file, table.columns, {}, {}};
    const Table& all = table;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const std::string& recorded = all.cell(row, "recorded");
      const bool unseen = later(recorded.empty() ? all.cell(row, at) : recorded);
      if (unseen && &table == &known.events) kept.unseen.insert(kept.rows.size());
      if (!unseen || &table == &known.events) kept.rows.push_back(table.rows[row]);
    }
    table = kept;
  };
  drop(known.events, "at"), drop(known.records, "at"), drop(known.leave, "recorded"), drop(known.deals, "created");
  drop(known.contacts, "created");
  for (Table* table : {&known.deals, &known.events}) {
    for (const std::string& column : table->columns) {
      if (!table->has(column + ".recorded")) continue;
      for (std::size_t row = 0; row < table->rows.size(); ++row) {
        if (later(table->cell(row, column + ".recorded"))) table->cell(row, column).clear();
      }
    }
  }
  return known;
}

}  // namespace plumb::twin
