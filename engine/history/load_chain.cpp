#include "history/load_chain.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "history/history.h"

namespace plumb::history::loading {

namespace {

struct Stage {
  std::vector<std::size_t> out;  // steps that leave it, in canonical order
  std::size_t next = 0;          // of `out`
  int surplus = 0;               // steps out less steps in
};

// Stages are looked up and never listed: the order of hashing shows nowhere.
struct Walk {
  const std::vector<Step>& steps;
  std::unordered_map<std::int64_t, Stage> stages;
  std::vector<std::uint8_t> used;
  std::vector<std::size_t> order;

  bool can_leave(std::int64_t stage) {
    Stage& s = stages[stage];
    while (s.next < s.out.size() && used[s.out[s.next]]) ++s.next;
    return s.next < s.out.size();
  }
};

// Hierholzer: walk until there is no way on, then put in the rounds that were passed by, read from the end. What leaves
// the way and does not come back to it follows behind, as a way of its own.
void walk_from(Walk& walk, std::int64_t start) {
  struct At {
    std::int64_t stage;
    std::size_t by;
  };
  std::vector<At> path{{start, walk.steps.size()}};
  std::vector<std::size_t> backwards, aside;
  std::size_t left_at = SIZE_MAX;  // in `path`, where the present walk left the way; SIZE_MAX: it is the way
  while (!path.empty()) {
    const At at = path.back();
    if (walk.can_leave(at.stage)) {
      if (left_at == SIZE_MAX && !backwards.empty()) left_at = path.size() - 1;
      Stage& stage = walk.stages[at.stage];
      const std::size_t step = stage.out[stage.next++];
      walk.used[step] = 1;
      path.push_back({walk.steps[step].to, step});
      continue;
    }
    if (left_at != SIZE_MAX) {
      std::size_t back = path.size() - 1;
      while (path[back].stage != path[left_at].stage) --back;
      for (std::size_t i = back + 1; i < path.size(); ++i) aside.push_back(path[i].by);
      path.resize(back + 1);
      left_at = SIZE_MAX;
      continue;
    }
    if (at.by != walk.steps.size()) backwards.push_back(at.by);
    path.pop_back();
  }
  walk.order.insert(walk.order.end(), backwards.rbegin(), backwards.rend());
  walk.order.insert(walk.order.end(), aside.begin(), aside.end());
}

}  // namespace

std::vector<std::size_t> chain_order(std::vector<Step> steps, std::int64_t state) {
  std::vector<std::size_t> as_given(steps.size());
  std::iota(as_given.begin(), as_given.end(), std::size_t{0});
  const auto untold = [](const Step& step) { return step.from == unobserved; };
  const auto goes_on = [&](const Step& step) { return step.from == state; };
  if (const auto first = std::ranges::find_if(steps, untold); first != steps.end()) {
    if (std::ranges::count_if(steps, untold) > 1 || std::ranges::any_of(steps, goes_on)) return as_given;
    first->from = state;
  }

  Walk walk{steps, {}, std::vector<std::uint8_t>(steps.size(), 0), {}};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    walk.stages[steps[i].from].out.push_back(i);
    ++walk.stages[steps[i].from].surplus;
    --walk.stages[steps[i].to].surplus;
  }
  const auto go_on = [&](std::int64_t from) {
    while (walk.can_leave(from)) {
      walk_from(walk, from);
      from = steps[walk.order.back()].to;
    }
  };
  go_on(state);
  // A chain that does not hang on what was before begins where more moves leave than arrive, a round anywhere.
  for (bool rounds : {false, true}) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!walk.used[i] && (rounds || walk.stages[steps[i].from].surplus > 0)) go_on(steps[i].from);
    }
  }
  return walk.order;
}

namespace {

constexpr std::size_t none = SIZE_MAX;

// The moves of one day, put behind each other one by one.
struct Day {
  const std::vector<StepOfDay>& by_day;
  const std::vector<StepOfDay>& timed;
  std::vector<std::size_t> behind = std::vector<std::size_t>(by_day.size(), none);
  std::vector<std::uint8_t> dates = std::vector<std::uint8_t>(by_day.size());  // 1: made
  std::vector<std::uint8_t> times = std::vector<std::uint8_t>(timed.size());
  std::size_t left = by_day.size() + timed.size();
  std::size_t looks = 100'000;  // at most; more than that nobody's moves of one day need

  static bool goes_on(const Step& step, std::int64_t state) {
    return step.from == state && (is_value(step.from) || step.from == missing);
  }

  // Rows that say the same are one, made or taken back.
  void make(std::size_t date, std::size_t last, std::uint8_t made) {
    for (std::size_t same = date; same < by_day.size(); ++same) {
      if (by_day[same] != by_day[date]) continue;
      dates[same] = made, behind[same] = last;
      left -= made != 0 ? 1 : std::size_t{0} - 1;
    }
  }

  // Whether all that are left follow from one another, from a state on; those with a date as soon as they can.
  bool follow(std::int64_t state, std::size_t last) {
    if (left == 0) return true;
    if (looks == 0) return false;
    --looks;
    for (std::size_t date = 0; date < by_day.size(); ++date) {
      if (dates[date] != 0 || !goes_on(by_day[date].step, state)) continue;
      make(date, last, 1);
      if (follow(by_day[date].step.to, last)) return true;
      make(date, none, 0);
    }
    const auto first = static_cast<std::size_t>(std::find(times.begin(), times.end(), 0) - times.begin());
    for (std::size_t time = first; time < timed.size() && timed[time].turn == timed[first].turn; ++time) {
      if (times[time] != 0 || !goes_on(timed[time].step, state)) continue;
      times[time] = 1, --left;
      if (follow(timed[time].step.to, time)) return true;
      times[time] = 0, ++left;
    }
    return false;
  }
};

}  // namespace

std::optional<std::vector<std::size_t>> behind_timed(const std::vector<StepOfDay>& by_day,
                                                     const std::vector<StepOfDay>& timed, std::int64_t state) {
  Day day{by_day, timed};
  return day.follow(state, none) ? std::optional(std::move(day.behind)) : std::nullopt;
}

}  // namespace plumb::history::loading
