#include "history/load_moves.h"

#include <algorithm>
#include <utility>

#include "history/load_chain.h"

namespace plumb::history::loading {

namespace {

using Moves = std::vector<std::uint32_t>;

bool is_move(const Sorter& sorter, std::uint32_t event) { return class_of(sorter, event) == KindClass::move; }

// The stage that the subject's last move so far went to. Missing: `missing`, as the `from` of a first move is;
// unreadable, where nobody knows which of its day was the last, or there are moves of which nobody knows when.
std::int64_t state_after(const Sorter& sorter) {
  for (std::size_t i = sorter.out.size(); i > 0; --i) {
    const std::uint32_t event = sorter.out[i - 1];
    if (!is_move(sorter, event)) continue;
    const bool aside = sorter.day && i > sorter.day->from && sorter.events.by_day(event);
    const bool told = !aside && sorter.events.at(event).known() && i > sorter.untold;
    return told ? step_of(sorter, event).to : unreadable;
  }
  return missing;
}

std::vector<Step> steps_of(const Sorter& sorter, const Moves& moves) {
  std::vector<Step> steps;
  for (const std::uint32_t move : moves) steps.push_back(step_of(sorter, move));
  return steps;
}

// Whether one of some moves, of which none is told to be the first, does not say where the deal came from.
bool some_unsaid(const std::vector<Step>& steps, std::int64_t state) {
  return std::ranges::any_of(steps, [&](const Step& step) { return says_no_origin(step, state); }) ||
         std::ranges::count(steps, missing, &Step::from) > 1;
}

void put(Sorter& sorter, const Moves& moves, const std::vector<std::size_t>& order) {
  for (const std::size_t i : order) sorter.out.push_back(moves[i]);
}

// The moves of a day that is over, in the order of Sorter::out.
struct DayMoves {
  Moves at_once;        // those with a time at the instant from which on the others may have come
  Moves before, dates;  // with a date alone: that of the day before the deal's creation, and of the day itself
  Moves timed;          // the others
};

// Those of one turn may have been made in any order.
std::pair<Instant, std::int64_t> turn_of(const Sorter& sorter, std::uint32_t move) {
  return {sorter.events.at(move), sorter.events[move].sequence_number()};
}

DayMoves moves_of(const Sorter& sorter, const OpenDay& day, const Indexes& rows) {
  DayMoves moves;
  for (const std::uint32_t row : rows) {
    if (!is_move(sorter, row)) continue;
    const Instant at = sorter.events.at(row);
    if (sorter.events.by_day(row)) {
      (at < day.start ? moves.before : moves.dates).push_back(row);
    } else {
      (at == day.at ? moves.at_once : moves.timed).push_back(row);
    }
  }
  // Of those of one turn the day tells which came first.
  std::ranges::sort(moves.timed, [&](std::uint32_t a, std::uint32_t b) {
    const auto x = turn_of(sorter, a), y = turn_of(sorter, b);
    return x != y ? x < y : compare(sorter, a, b) < 0;
  });
  return moves;
}

// Those that have the date of the day before and one order stand before those of the day; else all may stand anywhere.
void put_day_before(Sorter& sorter, DayMoves& moves) {
  if (moves.before.empty()) return;
  const std::int64_t state = state_after(sorter);
  const std::vector<Step> steps = steps_of(sorter, moves.before);
  const MoveOrders orders = orders_of_moves({steps, steps.size(), {}}, state, 1);
  if (orders.all) return put(sorter, moves.before, orders.some.front());
  moves.dates.insert(moves.dates.begin(), moves.before.begin(), moves.before.end());
}

DaySteps steps_of_day(const Sorter& sorter, const Moves& dates, const Moves& timed) {
  DaySteps day{steps_of(sorter, dates), dates.size(), {}};
  for (std::size_t i = 0; i < timed.size(); ++i) {
    day.steps.push_back(step_of(sorter, timed[i]));
    const bool another = i > 0 && turn_of(sorter, timed[i]) != turn_of(sorter, timed[i - 1]);
    day.turns.push_back(i == 0 ? 0 : day.turns.back() + (another ? 1 : 0));
  }
  return day;
}

Moves behind_each_other(const Moves& some, const Moves& others) {
  Moves all = some;
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

// In the order of their sequences, where each has another; those with a time stay as they are, and the others come
// behind the last of these that has a lower one. Missing: empty; also where they go on from one another better in
// another order.
Moves by_sequence(const Sorter& sorter, const Moves& dates, const Moves& timed) {
  const Moves all = behind_each_other(dates, timed);
  std::vector<std::int64_t> numbers;
  for (const std::uint32_t move : all) {
    if (sorter.events[move].sequence == Sequence::none) return {};
    numbers.push_back(sorter.events[move].sequence_number());
  }
  std::ranges::sort(numbers);
  if (std::ranges::adjacent_find(numbers) != numbers.end()) return {};
  const auto number = [&](std::uint32_t move) { return sorter.events[move].sequence_number(); };
  Moves order = timed, sorted = dates;
  std::ranges::sort(sorted, {}, number);
  for (const std::uint32_t date : sorted) {
    const auto lower = [&](std::uint32_t move) { return number(move) < number(date); };
    const auto last = std::ranges::find_if(order.rbegin(), order.rend(), lower);
    order.insert(last.base(), date);
  }
  if (timed.empty()) return order;
  // One that says again what the one before it says is no move.
  std::int64_t state = state_after(sorter);
  std::size_t broken = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Step step = step_of(sorter, order[i]);
    const bool again = i > 0 && step == step_of(sorter, order[i - 1]);
    broken += !again && breaks(step, state) ? 1 : 0;
    state = step.to;
  }
  const MoveOrders best = orders_of_moves(steps_of_day(sorter, dates, timed), state_after(sorter), 1);
  return best.some.empty() || broken <= best.breaks ? order : Moves();
}

// In which order the moves of a day came that begins behind what stands there already; else one of several.
struct Told {
  Moves order;
  bool all = true;
};

Told told_of(const Sorter& sorter, const Moves& dates, const Moves& timed) {
  const Moves all = behind_each_other(dates, timed);
  const std::int64_t state = state_after(sorter);
  DaySteps day = steps_of_day(sorter, dates, timed);
  MoveOrders orders = orders_of_moves(day, state, 1);
  Told told{{}, orders.all};
  if (orders.some.empty()) {
    told.all = !some_unsaid(day.steps, state);
    day.steps.resize(dates.size());
    orders.some.push_back(chain_order(day.steps, state));
    for (std::size_t i = dates.size(); i < all.size(); ++i) orders.some.back().push_back(i);
  }
  for (const std::size_t i : orders.some.front()) told.order.push_back(all[i]);
  const auto dated = [&](std::uint32_t move) { return sorter.events.by_day(move); };
  if (!told.all) std::ranges::stable_partition(told.order, dated);
  return told;
}

void end_day(Sorter& sorter) {
  const OpenDay day = *std::exchange(sorter.day, std::nullopt);
  const auto begin = sorter.out.begin() + static_cast<std::ptrdiff_t>(day.from);
  const Indexes rows(begin, sorter.out.end());
  sorter.out.erase(begin, sorter.out.end());
  DayMoves moves = moves_of(sorter, day, rows);
  const Moves dates = behind_each_other(moves.before, moves.dates), timed = behind_each_other(moves.at_once, moves.timed);
  Told told{by_sequence(sorter, dates, timed)};
  if (told.order.empty()) {
    // What has the date of one with a time alone came no sooner than that, as is known of all that stand at its
    // instant; unless they follow from one another.
    const std::vector<Step> at_once = steps_of(sorter, behind_each_other(moves.dates, moves.at_once));
    const bool first = !moves.before.empty() || some_unsaid(at_once, state_after(sorter));
    if (first) sorter.out.insert(sorter.out.end(), moves.at_once.begin(), moves.at_once.end());
    put_day_before(sorter, moves);
    told = told_of(sorter, moves.dates, first ? moves.timed : timed);
    if (!told.all) sorter.placed.insert(sorter.placed.end(), moves.dates.begin(), moves.dates.end());
  }
  // Those that come first, and the rest of the day: where a move has a time stands the next that has one, and behind it
  // what came next.
  auto next = told.order.begin();
  const auto put_dates = [&](Instant behind) {
    for (; next != told.order.end() && sorter.events.by_day(*next); ++next) {
      sorter.out.push_back(*next);
      if (behind.known()) sorter.not_before.push_back({*next, behind, 0});
    }
  };
  put_dates(Instant::unknown());
  Indexes put(sorter.out.begin() + static_cast<std::ptrdiff_t>(day.from), sorter.out.end());
  std::ranges::sort(put);
  for (const std::uint32_t row : rows) {
    const bool of_day = is_move(sorter, row);
    if (of_day && (sorter.events.by_day(row) || std::ranges::binary_search(put, row))) continue;
    if (!of_day) {
      sorter.out.push_back(row);
      continue;
    }
    sorter.out.push_back(*next);
    const Instant at = sorter.events.at(*next++);
    put_dates(at);
  }
  if (!told.all) sorter.untold = sorter.out.size();
}

}  // namespace

KindClass class_of(const Sorter& sorter, std::uint32_t event) {
  return sorter.raw.kinds[sorter.events.kind(event)].of;
}

Step step_of(const Sorter& sorter, std::uint32_t event) {
  const Table& table = sorter.raw.kinds[sorter.events.kind(event)].table;
  const std::uint32_t row = sorter.events.row(event);
  return {table.columns[0].values[row], table.columns[1].values[row]};
}

void begin_day(Sorter& sorter, std::size_t from) {
  if (sorter.day) return;
  const Instant at = sorter.keys[from].at;
  const time::Day date = sorter.days->day_of(at);
  sorter.day = {at, sorter.days->start_of(date), sorter.days->start_of(date + 1), sorter.out.size()};
}

void end_day(Sorter& sorter, std::size_t from) {
  if (sorter.day && (from >= sorter.keys.size() || sorter.keys[from].at >= sorter.day->end)) end_day(sorter);
}

std::uint32_t* put_aside_dates(const Sorter& sorter, std::uint32_t* from, std::uint32_t* until) {
  if (!sorter.day || !is_move(sorter, *from)) return until;
  return std::stable_partition(from, until, [&](std::uint32_t move) { return !sorter.events.by_day(move); });
}

void put_moves(Sorter& sorter, const std::vector<std::uint32_t>& moves) {
  const std::int64_t state = state_after(sorter);
  const std::vector<Step> steps = steps_of(sorter, moves);
  // At one instant rows do not leave an order open.
  MoveOrders orders;
  if (sorter.events.at(moves.front()).known() && some_unsaid(steps, state))
    orders = orders_of_moves({steps, steps.size(), {}}, state, 1);
  put(sorter, moves, orders.some.empty() ? chain_order(steps, state) : orders.some.front());
}

}  // namespace plumb::history::loading
