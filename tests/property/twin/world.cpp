#include "property/twin/world.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

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

// Whether moves, but for one, follow from one another in some order, from where that one leads.
bool all_follow(const std::vector<Fact>& all, std::vector<std::size_t> left, std::size_t first) {
  std::erase(left, first);
  if (left.empty() || left.size() > 7) return true;
  return std::ranges::any_of(
      left, [&](std::size_t next) { return all[next].from == all[first].to && all_follow(all, left, next); });
}

using List = std::vector<const Fact*>;

// All orders in which moves go on from one another, from a stage on; where there was none before them the first row may
// say itself where the deal was.
void find_orders(const List& left, const std::optional<std::string>& stage, bool any_first, List& so_far,
                 std::vector<List>& all) {
  if (left.empty()) all.push_back(so_far);
  const std::string now = stage.value_or("");
  for (const Fact* next : left) {
    const bool first = !stage && any_first;
    if (!first && next->from != "?" && now != "?" && next->from != now) continue;
    List others = left;
    std::erase(others, next);
    so_far.push_back(next);
    find_orders(others, next->to, any_first, so_far, all);
    so_far.pop_back();
  }
}

std::vector<List> orders_of(const List& moves, const std::optional<std::string>& stage, bool any_first) {
  std::vector<List> all;
  List so_far;
  const bool untold = std::ranges::any_of(moves, [](const Fact* fact) { return fact->from == "?"; });
  if (untold && moves.size() <= 8) find_orders(moves, stage, any_first, so_far, all);
  return all;
}

// Moves of one instant without a sequence follow from one another.
void chain(std::vector<Fact>& facts) {
  std::optional<std::string> before;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].of != Class::move) continue;
    std::vector<std::size_t> tied;
    List moves;
    for (std::size_t j = i; j < facts.size() && facts[j].of == Class::move && facts[j].at == facts[i].at &&
                            sequence_of(facts[j]) == sequence_of(facts[i]);
         ++j) {
      tied.push_back(j), moves.push_back(&facts[j]);
    }
    std::vector<List> orders;
    if (facts[i].at.known()) orders = orders_of(moves, before, false);
    if (orders.empty() && facts[i].at.known()) orders = orders_of(moves, before, true);
    if (!orders.empty()) {
      std::vector<Fact> put;
      for (const Fact* fact : orders.front()) put.push_back(*fact);
      std::ranges::copy(put, facts.begin() + static_cast<std::ptrdiff_t>(i));
      i = tied.back();
      before = facts[i].to;
      continue;
    }
    const std::string stage = before.value_or("");
    const auto goes_on = [&](std::size_t j) { return facts[j].from == stage; };
    const bool some =
        std::ranges::any_of(tied, [&](std::size_t j) { return goes_on(j) && all_follow(facts, tied, j); });
    for (const std::size_t j : tied) {
      if (!goes_on(j) || (some && !all_follow(facts, tied, j))) continue;
      std::rotate(facts.begin() + static_cast<std::ptrdiff_t>(i), facts.begin() + static_cast<std::ptrdiff_t>(j),
                  facts.begin() + static_cast<std::ptrdiff_t>(j) + 1);
      break;
    }
    before = facts[i].to;
  }
}

// Of the moves of one day, from a stage on, the latest time of those before each with a date alone, where all follow
// from one another in some order; of several orders the one in which those with a date come first.
using Behind = std::map<const Fact*, Instant>;
std::optional<Behind> follow(const std::vector<const Fact*>& dates, const std::vector<const Fact*>& times,
                             const std::string& stage, Instant last) {
  if (dates.empty() && times.empty()) return Behind{};
  const auto goes_on = [&](const Fact* fact) { return fact->from != "?" && fact->from == stage; };
  const auto without = [](std::vector<const Fact*> all, const Fact* one) {
    std::erase(all, one);
    return all;
  };
  for (const Fact* date : dates) {
    if (!goes_on(date)) continue;
    std::optional<Behind> behind = follow(without(dates, date), times, date->to, last);
    if (!behind) continue;
    (*behind)[date] = last;
    return behind;
  }
  for (const Fact* time : times) {
    const bool turn = time->at == times.front()->at && sequence_of(*time) == sequence_of(*times.front());
    if (!turn || !goes_on(time)) continue;
    if (std::optional<Behind> behind = follow(dates, without(times, time), time->to, time->at)) return behind;
  }
  return std::nullopt;
}

// Moves of one instant are put in order by what they say, one that says nothing before one that nobody can read.
auto stages_of(const Fact& fact) {
  const auto rank = [](const std::string& stage) { return stage.empty() ? 0 : stage == "?" ? 1 : 2; };
  const bool move = fact.of == Class::move;
  const std::string none;
  const std::string &from = move ? fact.from : none, &to = move ? fact.to : none;
  return std::tuple(rank(from), from, rank(to), to, move ? fact.recorded : std::nullopt);
}

void put_in_time(std::vector<Fact>& facts) {
  std::stable_sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) {
    // What has a date alone does not come before the deal was created on that day.
    const bool a_later = a.of != Class::created && a.at.known(), b_later = b.of != Class::created && b.at.known();
    return std::tuple(a_later, a.at.micros, a.of, sequence_of(a), stages_of(a), a.table->rows[a.row]) <
           std::tuple(b_later, b.at.micros, b.of, sequence_of(b), stages_of(b), b.table->rows[b.row]);
  });
  const auto same_row = [](const Fact& a, const Fact& b) {
    return a.of == b.of && a.table == b.table && a.table->rows[a.row] == b.table->rows[b.row];
  };
  facts.erase(std::unique(facts.begin(), facts.end(), same_row), facts.end());
  chain(facts);
  for (std::size_t i = 0; i < facts.size(); ++i) facts[i].order = i;
}

// A change with a date alone came no sooner than those with a time of its field and day that have a lower sequence,
// where all of that day have one.
void put_changes_behind(std::vector<Fact>& facts) {
  const std::vector<Fact> all = facts;
  for (Fact& date : facts) {
    if (date.of != Class::change || !date.by_day) continue;
    bool told = true;
    for (const Fact& other : all) {
      const bool today = other.of == Class::change && other.name == date.name && other.latest >= date.at &&
                         other.at.known() && other.at <= date.latest;
      if (today) told = told && sequence_of(other) >= 0;
    }
    Instant behind = date.at;
    for (const Fact& other : all) {
      const bool today = other.of == Class::change && other.name == date.name && !other.by_day && other.at >= date.at &&
                         other.at <= date.latest;
      if (told && today && sequence_of(other) < sequence_of(date)) behind = std::max(behind, other.at);
    }
    date.at = behind;
  }
}

// Nor does a move with the date of a creation that has a time come before that, or one from somewhere with the date
// before it.
void put_moves_behind_creation(std::vector<Fact>& facts, const Clock& days) {
  const auto created = std::ranges::find(facts, Class::created, &Fact::of);
  if (created == facts.end() || created->by_day || !created->at.known()) return;
  const Instant at = created->at;
  for (Fact& fact : facts) {
    const bool that_day = fact.by_day && fact.at < at && at <= fact.latest;
    if (fact.of == Class::move && that_day) fact.at = at;
    const Instant start = days.start_of(days.day_of(at));
    if (fact.of != Class::move || !fact.by_day || fact.from.empty() || fact.latest.micros + 1 != start.micros) continue;
    fact.at = at, fact.latest = {days.start_of(days.day_of(at) + 1).micros - 1};
  }
}

// Moves of one day, of which a row does not say from where: that may have come behind any.
void find_any_order(std::vector<Fact>& facts) {
  for (const Fact& first : std::vector<Fact>(facts)) {
    if (first.of != Class::move || !first.by_day) continue;
    std::optional<std::string> stage;
    List tied;
    for (const Fact& fact : facts) {
      if (fact.of != Class::move) continue;
      const bool of_day = fact.at == first.at && sequence_of(fact) == sequence_of(first);
      if (of_day) tied.push_back(&fact);
      if (!of_day && fact.order < first.order) stage = fact.to;
    }
    std::set<std::string> ends;
    for (const List& order : orders_of(tied, stage, true)) ends.insert(order.back()->to);
    const bool untold = std::ranges::any_of(tied, [](const Fact* fact) { return fact->from == "?"; });
    if ((untold && tied.size() > 8) || ends.size() > 1) {
      for (const Fact* fact : tied) facts[fact->order].any_order = fact->by_day;
    }
  }
}

void put_in_order(std::vector<Fact>& facts, const Clock& days_of) {
  put_moves_behind_creation(facts, days_of);
  put_in_time(facts);
  put_changes_behind(facts);
  put_in_time(facts);
  std::set<Instant> days;
  for (bool again = true; again;) {
    again = false;
    for (const Fact& first : facts) {
      if (first.of != Class::move || !first.by_day || !days.insert(first.latest).second) continue;
      std::string stage;  // before that day
      std::vector<const Fact*> dates, times;
      for (const Fact& fact : facts) {
        if (fact.of != Class::move) continue;
        if (fact.at < first.at) stage = fact.to;
        const bool today = fact.at >= first.at && fact.at <= first.latest;
        if (today) (fact.by_day && fact.at == first.at ? dates : times).push_back(&fact);
      }
      const auto behind = follow(dates, times, stage, Instant::unknown());
      for (Fact& fact : facts) {
        const auto found = behind ? behind->find(&fact) : Behind::const_iterator();
        if (behind && found != behind->end() && found->second.known()) fact.at = found->second, again = true;
      }
      if (again) break;
    }
    if (again) put_in_time(facts);
  }
  find_any_order(facts);
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
    world.deals.push_back({deals.cell(row, "deal"), deals.cell(row, "account"), row, {created}});
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
    std::vector<Fact>& facts = world.deals[deal].facts;
    put_in_order(facts, world.usual());
    std::erase_if(facts, [&](const Fact& fact) {
      return !seen(fact, world.horizon) || (fact.table == &events && events.unseen.contains(fact.row));
    });
    for (std::size_t i = 0; i < facts.size(); ++i) facts[i].order = i;
    add_implied(world.deals[deal].facts);
    for (Fact& fact : world.deals[deal].facts) fact.deal = deal;
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
