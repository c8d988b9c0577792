#include "history/move_orders.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "history/history.h"

namespace plumb::history {

namespace {

constexpr std::size_t most_moves = 8;  // of one day; of more, nobody goes through all orders

bool is_known(std::int64_t state) { return is_value(state) || state == missing; }

struct Search {
  const std::vector<Step>& steps;
  std::size_t most;
  std::size_t fewest = SIZE_MAX;  // breaks
  std::vector<std::uint8_t> made = std::vector<std::uint8_t>(steps.size());
  std::vector<std::size_t> order = {};
  MoveOrders found = {};

  static bool breaks(const Step& step, std::int64_t state) {
    if (!is_known(state)) return false;
    // The first of all may say where the deal was before anything was recorded.
    return step.from == missing ? state != missing : is_value(step.from) && state != missing && step.from != state;
  }
  void take(std::size_t broken) {
    if (broken < fewest) found = {};
    fewest = broken;
    found.all &= found.some.size() < most;
    if (found.some.size() < most) found.some.push_back(order);
  }
  void go_on(std::int64_t state, std::size_t broken) {
    if (broken > fewest) return;
    if (order.size() == steps.size()) return take(broken);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (made[i] != 0) continue;
      const auto same_before = [&] {
        for (std::size_t other = 0; other < i; ++other) {
          if (made[other] == 0 && steps[other] == steps[i]) return true;
        }
        return false;
      };
      if (same_before()) continue;
      made[i] = 1, order.push_back(i);
      go_on(steps[i].to, broken + (breaks(steps[i], state) ? 1 : 0));
      made[i] = 0, order.pop_back();
    }
  }
};

}  // namespace

bool says_no_origin(const Step& step, std::int64_t state) {
  return step.from == missing ? state != missing : !is_value(step.from);
}

MoveOrders orders_of_moves(const std::vector<Step>& steps, std::int64_t state, std::size_t most) {
  if (std::ranges::all_of(steps, [&](const Step& step) { return step == steps.front(); })) {
    std::vector<std::size_t> as_given(steps.size());
    std::iota(as_given.begin(), as_given.end(), std::size_t{0});
    return {{std::move(as_given)}, true};
  }
  if (steps.size() > most_moves) return {{}, false};
  std::vector<Step> said = steps;
  // Only a first move comes from nowhere; of any other an empty cell says nothing.
  for (Step& step : said) {
    if (step.from == missing && state != missing) step.from = unobserved;
  }
  Search search{said, most};
  search.go_on(state, 0);
  return std::move(search.found);
}

}  // namespace plumb::history
