#include "property/twin/orders.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace plumb::twin {

namespace {

constexpr std::size_t most_moves = 8, most_orders = 120;

bool is_said(const Fact& move) { return !move.from.empty() && move.from != "?"; }

// Whether it says that the deal came from where it was not. Where it was before anything was recorded the first move
// says itself. An empty cell says that it was nowhere before, among those of a day (`before`: it) of which one was the
// first; any other says nothing.
bool breaks(const Fact& move, const State& state, const State& before) {
  if (!state || state->empty()) return false;
  if (is_said(move)) return *state != move.from;
  return move.from.empty() && move.table->has("from") && before == "";
}

bool say_the_same(const Fact& a, const Fact& b) { return a.from == b.from && a.to == b.to; }

bool one_turn(const Fact& a, const Fact& b) { return a.at == b.at && sequence_of(a) == sequence_of(b); }

// Whether the moves may have come in this order.
bool may_be(std::span<const Fact> moves, const std::vector<std::size_t>& order) {
  for (std::size_t first = 0; first < order.size(); ++first) {
    for (std::size_t second = first + 1; second < order.size(); ++second) {
      const Fact &a = moves[order[first]], &b = moves[order[second]];
      const bool swapped = order[first] > order[second];
      const bool in_time = a.by_day || b.by_day || one_turn(a, b);
      if (swapped && (!in_time || (a.by_day == b.by_day && say_the_same(a, b)))) return false;
      if (second == first + 1 && !a.by_day && b.by_day && say_the_same(a, b)) return false;
    }
  }
  return true;
}

// Where those with a date alone stand: each, and what has a time before it.
std::vector<std::pair<std::size_t, Instant>> places(std::span<const Fact> moves, const std::vector<std::size_t>& order,
                                                    std::vector<std::int64_t>& sequences) {
  std::vector<std::pair<std::size_t, Instant>> all;
  Instant last = Instant::unknown();
  std::int64_t sequence = -1;
  for (const std::size_t i : order) {
    if (moves[i].by_day) {
      all.emplace_back(i, last), sequences.push_back(sequence);
    } else {
      last = moves[i].at, sequence = sequence_of(moves[i]);
    }
  }
  return all;
}

}  // namespace

State behind(const Fact& move) { return move.to == "?" ? State() : State(move.to); }

bool some_unsaid(std::span<const Fact> moves, const State& before) {
  const auto unsaid = [](const Fact& move) {
    return move.from == "?" || (move.from.empty() && !move.table->has("from"));
  };
  // One of them may have been the first.
  const auto empty = std::ranges::count_if(moves, [](const Fact& move) { return move.from.empty(); });
  return std::ranges::any_of(moves, unsaid) || empty > (before == "" ? 1 : 0);
}

DayOrders best_orders(std::span<const Fact> moves, const State& before) {
  std::vector<std::size_t> order(moves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (std::ranges::all_of(moves, [&](const Fact& move) { return say_the_same(move, moves.front()); })) {
    return {{order}, 0};
  }
  if (moves.size() > most_moves) return {};
  using Place = std::pair<std::vector<std::pair<std::size_t, Instant>>, std::vector<std::int64_t>>;
  DayOrders best{{}, SIZE_MAX};
  std::set<Place> found;
  do {
    if (!may_be(moves, order)) continue;
    State state = before;
    std::size_t broken = 0;
    for (const std::size_t i : order) broken += breaks(moves[i], state, before), state = behind(moves[i]);
    if (broken > best.breaks) continue;
    if (broken < best.breaks) best = {{}, broken}, found.clear();
    Place place;
    place.first = places(moves, order, place.second);
    if (found.insert(place).second) best.some.push_back(order);
  } while (std::ranges::next_permutation(order).found);
  return best;
}

std::size_t breaks_of(std::span<const Fact> moves, State before) {
  const State begin = before;
  std::size_t broken = 0;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const bool again = i > 0 && say_the_same(moves[i], moves[i - 1]);
    broken += !again && breaks(moves[i], before, begin), before = behind(moves[i]);
  }
  return broken;
}

namespace {

// A way through the facts so far, and where the deal is.
struct Way {
  State state;
  std::vector<std::size_t> order = {};  // of the facts

  void go(const std::vector<Fact>& facts, std::size_t i) {
    order.push_back(i);
    if (facts[i].of == Class::move && facts[i].at.known()) state = behind(facts[i]);
  }
};

// The facts [begin, end), in which moves have the places `rows`: those come in this order, and one with a date alone
// right behind the move before it, or before all of these.
void put_day(const std::vector<Fact>& facts, std::size_t begin, std::size_t end, const std::vector<std::size_t>& rows,
             const std::vector<std::size_t>& order, Way& way) {
  std::size_t next = 0;
  const auto put_dates = [&] {
    for (; next < order.size() && facts[rows[order[next]]].any_order; ++next) way.go(facts, rows[order[next]]);
  };
  put_dates();
  for (std::size_t i = begin; i < end; ++i) {
    if (facts[i].any_order) continue;
    const bool of_day = std::ranges::find(rows, i) != rows.end();
    way.go(facts, of_day ? rows[order[next++]] : i);
    if (of_day) put_dates();
  }
}

}  // namespace

std::vector<std::vector<Fact>> all_orders(const std::vector<Fact>& facts) {
  if (std::ranges::none_of(facts, &Fact::any_order)) return {};
  const auto undated = [](const Fact& fact) { return fact.of == Class::move && !fact.at.known(); };
  std::vector<Way> ways = {{std::ranges::any_of(facts, undated) ? State() : State("")}};
  for (std::size_t i = 0, end = 0; i < facts.size(); i = end) {
    end = i + 1;
    if (!facts[i].any_order) {
      for (Way& way : ways) way.go(facts, i);
      continue;
    }
    // The moves of that day: those of which nobody knows where they came, and those with a time behind them.
    std::vector<Fact> day;
    std::vector<std::size_t> rows;
    for (std::size_t j = i; j < facts.size() && facts[j].at <= facts[i].latest; ++j) {
      const bool of_day = facts[j].of == Class::move && (facts[j].any_order || !facts[j].by_day);
      if (of_day) day.push_back(facts[j]), rows.push_back(j), end = j + 1;
    }
    std::vector<Way> longer;
    for (const Way& way : ways) {
      // What comes later tells nothing of the order of that day.
      const DayOrders orders = best_orders(day, way.state);
      if (orders.some.empty() || longer.size() + orders.some.size() > most_orders) return {};
      for (const std::vector<std::size_t>& order : orders.some) {
        longer.push_back(way);
        put_day(facts, i, end, rows, order, longer.back());
      }
    }
    ways = std::move(longer);
  }
  std::vector<std::vector<Fact>> all;
  for (const Way& way : ways) {
    std::vector<Fact>& ordered = all.emplace_back();
    for (const std::size_t i : way.order) {
      ordered.push_back(facts[i]);
      const bool behind = facts[i].any_order && ordered.size() > 1 && ordered[ordered.size() - 2].of == Class::move;
      if (behind) ordered.back().at = std::max(facts[i].at, ordered[ordered.size() - 2].at);
      ordered.back().any_order = false, ordered.back().order = ordered.size() - 1;
    }
  }
  return all;
}

}  // namespace plumb::twin
