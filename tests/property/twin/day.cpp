#include "property/twin/day.h"

#include <algorithm>
#include <map>
#include <string>

namespace plumb::twin {

namespace {

using List = std::vector<const Fact*>;

// All orders of the changes of one field on one day, as their sequences and times tell; those only in which each says
// that it came from what the one before it went to, where there are such.
std::vector<List> orders_of(const List& changes, const std::string* before) {
  const auto before_another = [&](const Fact& one, const Fact& other) {
    if (one.order > other.order) return false;
    const bool numbered = std::ranges::all_of(changes, [](const Fact* each) { return sequence_of(*each) >= 0; });
    const bool last_of_all = std::ranges::all_of(changes, [&](const Fact* each) {
      return each->order <= one.order || each->by_day || sequence_of(one) < sequence_of(*each);
    });
    return !one.by_day || (numbered && last_of_all) || (one.from == other.from && one.to == other.to);
  };
  List order = changes;
  std::ranges::sort(order, {}, &Fact::order);
  std::vector<std::size_t> places(order.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  std::vector<List> all, linked, linked_before;
  do {
    List one;
    for (const std::size_t place : places) one.push_back(order[place]);
    bool fits = true, follows = true;
    for (std::size_t i = 0; i < one.size(); ++i) {
      for (std::size_t j = i + 1; j < one.size(); ++j) fits = fits && !before_another(*one[j], *one[i]);
      const auto said = [](const std::string& cell) { return !cell.empty() && cell != "?"; };
      if (i > 0 && said(one[i]->from)) follows = follows && (one[i]->from == one[i - 1]->to || one[i - 1]->to == "?");
    }
    if (!fits) continue;
    all.push_back(one);
    if (follows) linked.push_back(one);
    const std::string& first = one.front()->from;
    if (follows && (before == nullptr || first.empty() || first == "?" || first == *before || *before == "?"))
      linked_before.push_back(one);
  } while (std::ranges::next_permutation(places).found);
  return !linked_before.empty() ? linked_before : !linked.empty() ? linked : all;
}

struct Walk {
  const Look& look;
  const std::function<Tri(const Moment&)>& ask;
  const Hours& hours;
  Instant start;
  std::vector<Instant> points;
  List dated = {};  // with a date alone
  List timed = {};
  std::vector<Fact> contacts = {};
  std::map<std::string, std::vector<List>> orders = {};  // by field
  List come = {};
  bool some = false;

  bool has(const Fact* fact) const { return std::ranges::find(come, fact) != come.end(); }

  // Whether it may be the next.
  bool next(const Fact& fact) const {
    if (fact.of == Class::move) {
      const auto earlier = [&](const Fact* other) {
        return other->of == Class::move && other->order < fact.order && !has(other);
      };
      return std::ranges::none_of(dated, earlier) && (!fact.by_day || std::ranges::none_of(timed, earlier));
    }
    if (fact.of != Class::change) return true;
    List so_far;
    for (const Fact* each : come) {
      if (each->of == Class::change && each->name == fact.name) so_far.push_back(each);
    }
    so_far.push_back(&fact);
    return std::ranges::any_of(orders.at(fact.name), [&](const List& order) {
      return so_far.size() <= order.size() && std::equal(so_far.begin(), so_far.end(), order.begin());
    });
  }

  Tri asked(Instant now) const {
    const std::size_t fields = look.deal().facts.size();
    std::vector<bool> later(fields + 1 + look.world().tables.contacts.rows.size());
    std::vector<std::size_t> order;
    for (const Fact* fact : dated) {
      const bool contact = fact->table == &look.world().tables.contacts;
      later[contact ? fields + 1 + fact->row : fact->order] = !has(fact);
    }
    for (const Fact* fact : come) {
      if (fact->table != &look.world().tables.contacts) order.push_back(fact->order);
    }
    Moment m;
    m.now = now, m.by_the_clock = true, m.later = &later, m.came = &order;
    return ask(m);
  }

  bool over(std::size_t point) const {
    if (hours.closer != nullptr) return has(hours.closer);
    const auto all_come = [&] { return std::ranges::all_of(dated, [&](const Fact* each) { return has(each); }); };
    return point + 1 == points.size() && (!hours.whole || all_come());
  }

  bool from(std::size_t point) {
    const bool open = points[point] >= hours.from && (hours.opener == nullptr || has(hours.opener));
    if (open && asked(points[point]) == Tri::yes) return some = true;
    if (over(point)) return hours.exhaust;
    for (const Fact* fact : dated) {
      if (has(fact) || fact->at > points[point] || !next(*fact)) continue;
      come.push_back(fact);
      const bool so = from(point);
      come.pop_back();
      if (!so) return false;
    }
    return point + 1 == points.size() || to(point + 1);
  }

  // What has a time comes with its point.
  bool to(std::size_t point) {
    const std::size_t size = come.size();
    bool may = true;
    for (const Fact* fact : timed) {
      if (fact->at > points[point] || has(fact)) continue;
      may = may && next(*fact);
      come.push_back(fact);
    }
    const bool so = !may || from(point);
    come.resize(size);
    return so;
  }
};

std::optional<bool> go_through(const Look& look, const std::function<Tri(const Moment&)>& ask,
                               const std::vector<Instant>& turns, const Hours& hours) {
  const Clock& days = look.world().usual();
  const Day day = days.day_of(hours.from);
  Walk walk{look, ask, hours, days.start_of(day), {}};
  walk.points = {std::max(walk.start, look.created())};
  walk.contacts = contacts_of(look.world(), look.deal());
  std::map<std::string, List> changes;
  std::map<std::string, std::string> before;
  for (const Fact& fact : look.deal().facts) {
    if (!fact.at.known() || fact.implied) continue;
    const bool today = fact.at >= walk.start && days.day_of(fact.at) == day;
    if (!today && fact.of == Class::change && fact.at < walk.start) before[fact.name] = fact.to;
    if (today && fact.of == Class::change) changes[fact.name].push_back(&fact);
    if (!today || fact.at >= hours.until || fact.of == Class::created) continue;
    (fact.by_day ? walk.dated : walk.timed).push_back(&fact);
    if (!fact.by_day) walk.points.push_back(fact.at);
  }
  for (const Fact& contact : walk.contacts) {
    if (contact.by_day && contact.at == walk.start) walk.dated.push_back(&contact);
  }
  if (walk.dated.empty() || walk.dated.size() > 8) return std::nullopt;
  for (const auto& [field, list] : changes) {
    const bool given = look.world().tables.deals.has(field);
    if (!before.contains(field) && given) before[field] = look.world().tables.deals.cell(look.deal().row, field);
    walk.orders[field] = orders_of(list, before.contains(field) ? &before[field] : nullptr);
  }
  for (const Instant at : turns) {
    // By its last instant all that has a date alone has come: nothing lies between that and the end.
    if (hours.whole && at.micros + 1 == days.end_of(day).micros) continue;
    if (at >= walk.points.front() && at < hours.until && days.day_of(at) == day) walk.points.push_back(at);
  }
  std::erase_if(walk.points, [&](Instant at) { return at < walk.points.front(); });
  std::ranges::sort(walk.points);
  walk.points.erase(std::ranges::unique(walk.points).begin(), walk.points.end());
  return walk.to(0) && walk.some;
}

}  // namespace

bool so_in_passing(const Look& look, const std::function<Tri(const Moment&)>& ask, const std::vector<Instant>& turns,
                   const Hours& hours) {
  return go_through(look, ask, turns, hours).value_or(false);
}

// It is not so in any order where in each of them it is no at every point.
bool may_be_in_passing(const Look& look, const std::function<Tri(const Moment&)>& ask,
                       const std::vector<Instant>& turns, const Hours& hours) {
  bool found = false;
  const auto never = [&](const Moment& m) {
    found |= ask(m) != Tri::no;
    return Tri::unknown;
  };
  Hours all = hours;
  all.exhaust = true;
  const std::optional<bool> gone = go_through(look, never, turns, all);
  return found || !gone;
}

}  // namespace plumb::twin
