#include "property/twin/orders.h"

#include <algorithm>
#include <map>
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

// All orders of moves but of those that say the same. Missing: none, there are too many.
std::vector<std::vector<std::size_t>> orders_of(std::span<const Fact> moves) {
  std::vector<std::size_t> kinds;  // of each, the first that says the same
  std::vector<std::vector<std::size_t>> of_kind(moves.size());
  for (std::size_t i = 0; i < moves.size(); ++i) {
    std::size_t first = 0;
    while (moves[first].from != moves[i].from || moves[first].to != moves[i].to) ++first;
    kinds.push_back(first), of_kind[first].push_back(i);
  }
  if (moves.size() > most_moves && std::ranges::any_of(kinds, [](std::size_t kind) { return kind != 0; })) return {};
  std::ranges::sort(kinds);
  std::vector<std::vector<std::size_t>> all;
  do {
    std::vector<std::size_t> next(of_kind.size()), order;
    for (const std::size_t kind : kinds) order.push_back(of_kind[kind][next[kind]++]);
    all.push_back(std::move(order));
  } while (std::next_permutation(kinds.begin(), kinds.end()));
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

std::vector<std::vector<std::size_t>> best_orders(std::span<const Fact> moves, const State& before) {
  std::map<std::size_t, std::vector<std::vector<std::size_t>>> by_breaks;
  for (const std::vector<std::size_t>& order : orders_of(moves)) {
    State state = before;
    std::size_t broken = 0;
    for (const std::size_t i : order) broken += breaks(moves[i], state, before), state = behind(moves[i]);
    by_breaks[broken].push_back(order);
  }
  return by_breaks.empty() ? std::vector<std::vector<std::size_t>>() : by_breaks.begin()->second;
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
    while (end < facts.size() && facts[end].any_order && facts[end].at == facts[i].at) ++end;
    std::vector<Way> longer;
    for (const Way& way : ways) {
      // What comes later tells nothing of the order of that day.
      const auto orders = best_orders(std::span(facts).subspan(i, end - i), way.state);
      if (orders.empty() || longer.size() + orders.size() > most_orders) return {};
      for (const std::vector<std::size_t>& order : orders) {
        longer.push_back(way);
        for (const std::size_t each : order) longer.back().go(facts, i + each);
      }
    }
    ways = std::move(longer);
  }
  std::vector<std::vector<Fact>> all;
  for (const Way& way : ways) {
    std::vector<Fact>& ordered = all.emplace_back();
    for (const std::size_t i : way.order) {
      ordered.push_back(facts[i]);
      ordered.back().any_order = false, ordered.back().order = ordered.size() - 1;
    }
  }
  return all;
}

}  // namespace plumb::twin
