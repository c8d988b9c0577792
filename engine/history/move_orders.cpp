#include "history/move_orders.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "history/history.h"

namespace plumb::history {

namespace {

constexpr std::size_t most_moves = 8, most_said = 40;  // of one day; of more, nobody goes through all orders
constexpr std::size_t most_steps = 200'000;

bool is_known(std::int64_t state) { return is_value(state) || state == missing; }

// Looks for orders with so many breaks, and no more.
struct Search {
  const DaySteps& day;
  const std::vector<Step>& steps;
  std::size_t most;
  std::size_t left = most_steps;
  std::vector<std::uint8_t> made = std::vector<std::uint8_t>(steps.size());
  std::vector<std::size_t> order = {};
  MoveOrders found = {};
  std::set<std::vector<std::pair<std::size_t, std::size_t>>> places = {};  // of those found

  bool over() const { return !found.all || left == 0; }
  bool timed(std::size_t i) const { return i >= day.dates; }
  std::uint32_t turn(std::size_t i) const { return day.turns[i - day.dates]; }
  // Those with a date alone, each behind how many turns.
  std::vector<std::pair<std::size_t, std::size_t>> place() const {
    std::vector<std::pair<std::size_t, std::size_t>> all;
    std::size_t turns = 0;
    for (const std::size_t i : order) {
      if (timed(i)) turns = turn(i) + std::size_t{1};
      if (!timed(i)) all.emplace_back(i, turns);
    }
    return all;
  }
  void take() {
    if (!places.insert(place()).second) return;
    if (found.some.size() < most) {
      found.some.push_back(order);
    } else {
      found.all = false;
    }
  }
  bool may_come(std::size_t i) const {
    if (made[i] != 0) return false;
    if (!timed(i) && !order.empty() && timed(order.back()) && steps[order.back()] == steps[i]) return false;
    for (std::size_t other = timed(i) ? day.dates : 0; other < i; ++other) {
      if (made[other] != 0) continue;
      if ((timed(i) && turn(other) != turn(i)) || steps[other] == steps[i]) return false;
    }
    return true;
  }
  void go_on(std::int64_t state, std::size_t breaks_left) {
    if (left > 0) --left;
    if (order.size() == steps.size()) return take();
    for (std::size_t i = 0; i < steps.size() && !over(); ++i) {
      if (!may_come(i)) continue;
      const std::size_t broken = history::breaks(steps[i], state) ? 1 : 0;
      if (broken > breaks_left) continue;
      made[i] = 1, order.push_back(i);
      go_on(steps[i].to, breaks_left - broken);
      made[i] = 0, order.pop_back();
    }
  }
};

}  // namespace

bool breaks(const Step& step, std::int64_t state) {
  if (!is_known(state)) return false;
  // The first of all may say where the deal was before anything was recorded.
  return step.from == missing ? state != missing : is_value(step.from) && state != missing && step.from != state;
}

bool says_no_origin(const Step& step, std::int64_t state) {
  return step.from == missing ? state != missing : !is_value(step.from);
}

MoveOrders orders_of_moves(const DaySteps& day, std::int64_t state, std::size_t most) {
  std::vector<Step> steps = day.steps;
  if (std::ranges::all_of(steps, [&](const Step& step) { return step == steps.front(); })) {
    std::vector<std::size_t> as_given(steps.size());
    std::iota(as_given.begin(), as_given.end(), std::size_t{0});
    return {{std::move(as_given)}, true, 0};
  }
  const bool unsaid = std::ranges::any_of(steps, [&](const Step& step) { return says_no_origin(step, state); });
  if (steps.size() > (unsaid ? most_moves : most_said)) return {{}, false, 0};
  // Only a first move comes from nowhere; of any other an empty cell says nothing.
  for (Step& step : steps) {
    if (step.from == missing && state != missing) step.from = unobserved;
  }
  Search search{day, steps, most};
  for (std::size_t breaks = 0; breaks <= steps.size() && search.found.some.empty() && !search.over(); ++breaks) {
    search.found.breaks = breaks;
    search.go_on(state, breaks);
  }
  if (search.left == 0) return {{}, false, 0};
  return std::move(search.found);
}

}  // namespace plumb::history
