#include "history/load_chain.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

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

// Hierholzer: walk until there is no way on, then put in the rounds that were passed by, read from the end.
void walk_from(Walk& walk, std::int64_t start) {
  struct At {
    std::int64_t stage;
    std::size_t by;
  };
  std::vector<At> path{{start, walk.steps.size()}};
  std::vector<std::size_t> backwards;
  while (!path.empty()) {
    const At at = path.back();
    if (walk.can_leave(at.stage)) {
      Stage& stage = walk.stages[at.stage];
      const std::size_t step = stage.out[stage.next++];
      walk.used[step] = 1;
      path.push_back({walk.steps[step].to, step});
    } else {
      if (at.by != walk.steps.size()) backwards.push_back(at.by);
      path.pop_back();
    }
  }
  walk.order.insert(walk.order.end(), backwards.rbegin(), backwards.rend());
}

}  // namespace

std::vector<std::size_t> chain_order(const std::vector<Step>& steps, std::int64_t state) {
  std::vector<std::size_t> as_given(steps.size());
  std::iota(as_given.begin(), as_given.end(), std::size_t{0});
  if (std::any_of(steps.begin(), steps.end(), [](const Step& s) { return s.from == unobserved; })) return as_given;

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

std::optional<std::vector<std::size_t>> behind_timed(const std::vector<Step>& by_day,
                                                     const std::vector<TimedStep>& timed, std::int64_t state) {
  constexpr std::size_t none = SIZE_MAX;
  std::vector<std::size_t> behind(by_day.size(), none);
  std::vector<std::uint8_t> dates(by_day.size()), times(timed.size());  // 1: made
  const auto goes_on = [&](const Step& step) {
    return step.from == state && (is_value(step.from) || step.from == missing);
  };
  const auto next_date = [&] {
    std::size_t i = 0;
    while (i < by_day.size() && (dates[i] != 0 || !goes_on(by_day[i]))) ++i;
    return i;
  };
  const auto next_time = [&] {
    const auto first = static_cast<std::size_t>(std::find(times.begin(), times.end(), 0) - times.begin());
    std::size_t i = first;
    while (i < timed.size() && timed[i].turn == timed[first].turn && (times[i] != 0 || !goes_on(timed[i].step))) ++i;
    return i < timed.size() && timed[i].turn == timed[first].turn ? i : timed.size();
  };
  for (std::size_t last = none;;) {
    if (const std::size_t date = next_date(); date < by_day.size()) {
      // Rows that say the same are one.
      for (std::size_t same = date; same < by_day.size(); ++same) {
        if (by_day[same] == by_day[date]) dates[same] = 1, behind[same] = last;
      }
      state = by_day[date].to;
    } else if (const std::size_t time = next_time(); time < timed.size()) {
      times[time] = 1, last = time;
      state = timed[time].step.to;
    } else {
      break;
    }
  }
  const auto all = [](const std::vector<std::uint8_t>& made) {
    return std::find(made.begin(), made.end(), 0) == made.end();
  };
  return all(dates) && all(times) ? std::optional(behind) : std::nullopt;
}

}  // namespace plumb::history::loading
