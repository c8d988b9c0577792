#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "property/twin/orders.h"

/// The order of the facts of a deal.
namespace plumb::twin {

namespace {

// Whether moves, but for one, follow from one another in some order, from where that one leads.
bool all_follow(const std::vector<Fact>& all, std::vector<std::size_t> left, std::size_t first) {
  std::erase(left, first);
  if (left.empty() || left.size() > 7) return true;
  return std::ranges::any_of(
      left, [&](std::size_t next) { return all[next].from == all[first].to && all_follow(all, left, next); });
}

// Moves of one instant and sequence follow from one another; where nobody knows where the deal was, from the first that
// says where it came from.
void chain(std::span<Fact> tied, State stage) {
  const std::vector<Fact> all(tied.begin(), tied.end());
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < all.size(); ++i) left.push_back(i);
  for (Fact& next : tied) {
    const auto goes_on = [&](std::size_t j) {
      return stage ? all[j].from == *stage : !all[j].from.empty() && all[j].from != "?";
    };
    const auto leads_on = [&](std::size_t j) { return goes_on(j) && all_follow(all, left, j); };
    auto found = std::ranges::find_if(left, leads_on);
    if (found == left.end()) found = std::ranges::find_if(left, goes_on);
    if (found == left.end()) found = left.begin();
    next = all[*found], stage = next.to;
    left.erase(found);
  }
}

using Facts = std::vector<Fact>;

Facts both(const Facts& some, const Facts& others) {
  Facts all = some;
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

Facts in_order(const Facts& moves, const std::vector<std::size_t>& order) {
  Facts all;
  for (const std::size_t i : order) all.push_back(moves[i]);
  return all;
}

// Moves of one instant and sequence, behind others.
Facts put_tied(Facts tied, const State& before) {
  const bool told = !tied.front().at.known() || !some_unsaid(tied, before);
  const DayOrders orders = told ? DayOrders() : best_orders(tied, before);
  if (!orders.some.empty()) return in_order(tied, orders.some.front());
  chain(tied, before);
  return tied;
}

State state_behind(const Facts& moves, const State& before) {
  if (moves.empty()) return before;
  return moves.back().at.known() && !moves.back().any_order ? behind(moves.back()) : State();
}

// Those with a time as they stand, the others behind the last of these that has a lower sequence. Missing: empty, not
// all have one, or two the same; or what they say tells another order better.
Facts by_sequence(const Facts& dates, const Facts& times, const State& before) {
  std::set<std::int64_t> numbers;
  const Facts all = both(dates, times);
  for (const Fact& move : all) numbers.insert(sequence_of(move));
  if (numbers.contains(-1) || numbers.size() < all.size()) return {};
  Facts order = times;
  for (const std::int64_t number : numbers) {
    const auto date = std::ranges::find_if(dates, [&](const Fact& each) { return sequence_of(each) == number; });
    if (date == dates.end()) continue;
    std::size_t place = order.size();
    while (place > 0 && sequence_of(order[place - 1]) > number) --place;
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(place), *date);
  }
  const DayOrders best = best_orders(all, before);
  const bool better = !times.empty() && !best.some.empty() && breaks_of(order, before) > best.breaks;
  return better ? Facts() : order;
}

// The moves of a day on which some have a date alone, in order.
Facts put_day(const Facts& moves, const State& before) {
  Facts yesterday, dates, at_once, times;
  Instant first = Instant::unknown();
  for (const Fact& move : moves) {
    if (move.by_day) first = move.at;
  }
  for (const Fact& move : moves) {
    (move.day_before ? yesterday : move.by_day ? dates : move.at == first ? at_once : times).push_back(move);
  }
  const Facts all_times = both(at_once, times);
  if (Facts told = by_sequence(both(yesterday, dates), all_times, before); !told.empty()) return told;
  Facts done;
  // Those with a time at the instant at which the others may have come first stand before those, unless all follow.
  if (!yesterday.empty() || some_unsaid(both(dates, at_once), before)) {
    done = at_once;
  } else {
    times = all_times;
  }
  if (!yesterday.empty()) {
    const DayOrders orders = best_orders(yesterday, state_behind(done, before));
    if (orders.some.size() == 1) done = both(done, in_order(yesterday, orders.some.front()));
    if (orders.some.size() != 1) dates = both(yesterday, dates);
  }
  const Facts open = both(dates, times);
  if (open.empty()) return done;
  const State state = state_behind(done, before);
  const DayOrders orders = best_orders(open, state);
  Facts order = orders.some.empty() ? open : in_order(open, orders.some.front());
  if (orders.some.empty() && !some_unsaid(open, state)) {
    chain(dates, state);
    return both(done, both(dates, times));
  }
  if (orders.some.size() != 1) {
    std::ranges::stable_partition(order, &Fact::by_day);
    for (Fact& move : order) move.any_order = move.by_day;
  }
  return both(done, order);
}

// What has a date alone came no sooner than what it stands behind. `facts` in time.
void put_moves(Facts& facts) {
  Facts moves, others;
  for (const Fact& fact : facts) (fact.of == Class::move ? moves : others).push_back(fact);
  Facts done;
  State state = "";
  for (std::size_t i = 0, end = 0; i < moves.size(); i = end) {
    const auto dated = std::ranges::find_if(moves, [&](const Fact& fact) {
      return fact.by_day && fact.at <= moves[i].at && moves[i].at <= fact.latest;
    });
    const bool day = moves[i].at.known() && dated != moves.end();
    const auto with_it = [&](const Fact& fact) {
      if (day) return fact.at <= dated->latest;
      return fact.at == moves[i].at && sequence_of(fact) == sequence_of(moves[i]);
    };
    Facts some;
    for (end = i; end < moves.size() && with_it(moves[end]); ++end) some.push_back(moves[end]);
    some = day ? put_day(some, state) : put_tied(some, state);
    const bool untold = std::ranges::any_of(some, &Fact::any_order);
    state = untold ? State() : state_behind(some, state);
    done = both(done, some);
  }
  for (std::size_t i = 1; i < done.size(); ++i) {
    const bool behind = done[i].by_day && !done[i].any_order && done[i - 1].at.known();
    if (behind) done[i].at = std::max(done[i].at, done[i - 1].at);
  }
  facts = both(others, done);
  std::ranges::stable_sort(facts, {}, [](const Fact& fact) {
    return std::tuple(fact.of != Class::created && fact.at.known(), fact.at, fact.of);
  });
}

// Moves of one instant are put in order by what they say, one that says nothing before one that nobody can read.
auto stages_of(const Fact& fact) {
  const auto rank = [](const std::string& stage) { return stage.empty() ? 0 : stage == "?" ? 1 : 2; };
  const bool move = fact.of == Class::move;
  const std::string none;
  const std::string &from = move ? fact.from : none, &to = move ? fact.to : none;
  return std::tuple(rank(from), from, rank(to), to, move ? fact.recorded : std::nullopt);
}

// What a deal did is one fact however many rows say so; for a move and a change, whatever else stands in their rows.
bool say_the_same(const Fact& a, const Fact& b) {
  if (a.of != b.of || a.table != b.table) return false;
  if (a.of != Class::move && a.of != Class::change) return a.table->rows[a.row] == b.table->rows[b.row];
  const auto says = [](const Fact& fact) {
    return std::tuple(fact.implied, fact.name, fact.at, fact.by_day, sequence_of(fact), fact.from, fact.to,
                      fact.recorded, fact.actor, fact.source);
  };
  return says(a) == says(b);
}

void put_in_time(std::vector<Fact>& facts) {
  std::stable_sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) {
    // What has a date alone does not come before the deal was created on that day.
    const bool a_later = a.of != Class::created && a.at.known(), b_later = b.of != Class::created && b.at.known();
    return std::tuple(a_later, a.at.micros, a.of, sequence_of(a), stages_of(a), a.table->rows[a.row]) <
           std::tuple(b_later, b.at.micros, b.of, sequence_of(b), stages_of(b), b.table->rows[b.row]);
  });
  const auto is_again = [&](const Fact& fact) {
    return std::any_of(static_cast<const Fact*>(facts.data()), &fact, [&](const Fact& other) { return say_the_same(other, fact); });
  };
  std::vector<Fact> once;
  for (const Fact& fact : facts) {
    if (!is_again(fact)) once.push_back(fact);
  }
  facts = std::move(once);
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
    const bool said = !fact.from.empty() && fact.from != "?";
    if (fact.of != Class::move || !fact.by_day || !said || fact.latest.micros + 1 != start.micros) continue;
    fact.day_before = true, fact.at = at, fact.latest = {days.start_of(days.day_of(at) + 1).micros - 1};
  }
}

}  // namespace

void put_in_order(std::vector<Fact>& facts, const Clock& days_of) {
  put_moves_behind_creation(facts, days_of);
  put_in_time(facts);
  put_changes_behind(facts);
  put_in_time(facts);
  put_moves(facts);
  for (std::size_t i = 0; i < facts.size(); ++i) facts[i].order = i;
}

}  // namespace plumb::twin
