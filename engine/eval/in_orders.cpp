#include "eval/in_orders.h"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "base/parallel.h"
#include "eval/account_ordinals.h"
#include "eval/join.h"
#include "eval/members.h"
#include "eval/untold_order.h"
#include "history/move_orders.h"

namespace plumb::eval {

namespace {

constexpr std::size_t most_orders = 120;

history::Step step_of(const Plan& plan, std::uint32_t move) {
  const std::uint32_t row = plan.history.deal_events.row[move];
  return {plan.move_from ? plan.move_from->values[row] : history::unobserved, plan.move_to->values[row]};
}

// So far, and where the deal is behind it.
struct Way {
  std::int64_t state;
  std::vector<std::uint32_t> rows;  // which of the timeline stand one behind the other
};

// Moves of one day: those that may stand anywhere among the others, and the others, which come behind them as yet.
struct Day {
  std::vector<std::uint32_t> moves;
  std::size_t dates = 0;

  // The rows from the first of them to the last, where some have a time; what stands among these stays there.
  std::vector<std::uint32_t> rows() const {
    if (dates == moves.size()) return moves;
    std::vector<std::uint32_t> all(moves.back() + 1 - moves.front());
    std::iota(all.begin(), all.end(), moves.front());
    return all;
  }
  // Which of them stand there in this order of the moves.
  void put(const std::vector<std::size_t>& order, std::vector<std::uint32_t>& to) const {
    std::size_t next = 0;
    const auto put_dates = [&] {
      while (next < order.size() && order[next] < dates) to.push_back(moves[order[next++]]);
    };
    put_dates();
    if (dates == moves.size()) return;
    for (std::uint32_t row = moves.front(); row <= moves.back(); ++row) {
      if (std::ranges::binary_search(moves.begin(), moves.begin() + static_cast<std::ptrdiff_t>(dates), row)) continue;
      to.push_back(row);
      if (next < order.size() && moves[order[next]] == row) ++next, put_dates();
    }
  }
};

// From the first that is marked on. `i`: behind them.
Day day_from(const Plan& plan, std::span<const std::uint32_t> moves, std::size_t& i) {
  const history::Timeline& events = plan.history.deal_events;
  const time::Calendar& days = plan.calendars.front();
  const Instant end = days.end_of(days.day_of(events.at[moves[i]]));
  Day day;
  const auto take = [&] { day.moves.push_back(moves[i++]); };
  const auto on_day = [&] { return i < moves.size() && events.at[moves[i]] < end; };
  while (on_day() && is_untold_move(plan, moves[i])) take();
  day.dates = day.moves.size();
  while (on_day() && events.by_day[moves[i]] == 0) take();
  return day;
}

// Missing: nullopt where there are too many.
std::optional<std::vector<Way>> go_on(const Plan& plan, const std::vector<Way>& ways, const Day& day) {
  history::DaySteps steps{{}, day.dates, {}};
  for (const std::uint32_t move : day.moves) {
    steps.steps.push_back(step_of(plan, move));
    if (steps.steps.size() > day.dates) steps.turns.push_back(static_cast<std::uint32_t>(steps.turns.size()));
  }
  std::vector<Way> all;
  for (const Way& way : ways) {
    const history::MoveOrders orders = history::orders_of_moves(steps, way.state, most_orders);
    if (!orders.all || all.size() + orders.some.size() > most_orders) return std::nullopt;
    for (const std::vector<std::size_t>& order : orders.some) {
      Way next{steps.steps[order.back()].to, way.rows};
      day.put(order, next.rows);
      all.push_back(std::move(next));
    }
  }
  return all;
}

// The moves of a deal, in their order.
std::optional<DealOrders> orders_of(const Plan& plan, std::uint32_t deal, std::span<const std::uint32_t> moves) {
  const history::Timeline& events = plan.history.deal_events;
  const bool undated = !events.at[moves.front()].known();
  std::vector<Way> ways{{undated ? history::unreadable : history::missing, {}}};
  DealOrders found{deal, {}, {}};
  for (std::size_t i = 0; i < moves.size();) {
    if (!is_untold_move(plan, moves[i])) {
      const bool known = events.at[moves[i]].known();
      const std::int64_t to = step_of(plan, moves[i++]).to;
      for (Way& way : ways) way.state = known && history::is_value(to) ? to : history::unreadable;
      continue;
    }
    const Day day = day_from(plan, moves, i);
    auto all = go_on(plan, ways, day);
    if (!all) return std::nullopt;
    ways = std::move(*all);
    const std::vector<std::uint32_t> rows = day.rows();
    found.rows.insert(found.rows.end(), rows.begin(), rows.end());
  }
  for (Way& way : ways) found.orders.push_back(std::move(way.rows));
  return found;
}

}  // namespace

std::vector<DealOrders> deal_orders(const Plan& plan) {
  const history::Timeline& events = plan.history.deal_events;
  std::vector<DealOrders> found;
  if (events.by_day.rows.empty() || plan.moved_kind < 0) return found;
  const auto kind = static_cast<std::size_t>(plan.moved_kind);
  const std::uint32_t* const end = events.by_kind.rows.data() + events.by_kind.first[kind + 1];
  for (const std::uint32_t* move = events.by_kind.rows.data() + events.by_kind.first[kind]; move != end;) {
    move = std::find_if(move, end, [&](std::uint32_t row) { return is_untold_move(plan, row); });
    if (move == end) break;
    const std::uint32_t deal = history::owner_of_row(events.first, *move);
    const std::uint32_t* const begin = events.by_kind.rows.data() + events.by_kind.first[kind];
    const std::uint32_t* const first = std::lower_bound(begin, move, events.first[deal]);
    const std::uint32_t* const last = std::lower_bound(move, end, events.first[deal + 1]);
    if (auto orders = orders_of(plan, deal, {first, last})) found.push_back(std::move(*orders));
    move = last;
  }
  return found;
}

namespace {

template <class T>
void set(history::Said<T>& to, std::size_t row, T value) {
  if (row < to.rows.size()) {
    to.rows[row] = value;
  } else {
    to.put(row, value);
  }
}

template <class T>
void change(history::Array<T>& rows, std::size_t row, T to) {
  if (std::as_const(rows)[row] != to) rows[row] = to;
}

// A copy of the history in which deals have their moves in other orders than it has. What no order changes is shared.
struct World {
  const Plan& plan;
  const history::History& whole = plan.history;
  history::History history = whole;

  // Missing: nullptr, the order that the whole has, in which nothing is told of those days.
  void put(const DealOrders& deal, const std::vector<std::uint32_t>* order) {
    std::map<std::uint16_t, std::size_t> next;  // by kind: where its next row stands in ByKind
    for (std::size_t i = 0, first = 0; i < deal.rows.size(); ++i) {
      if (i > 0 && deal.rows[i - 1] + 1 != deal.rows[i]) first = i, next.clear();
      const std::uint32_t from = order != nullptr ? (*order)[i] : deal.rows[i];
      const std::uint16_t kind = whole.deal_events.kind[from];
      if (!next.contains(kind)) next[kind] = place_of(kind, deal.rows[first]);
      const bool told = order != nullptr && is_untold_move(plan, from);
      put(deal.rows[i], from, next[kind]++, told, told && i > first);
    }
  }

 private:
  // Of the first row of a kind from a row of the timeline on.
  std::size_t place_of(std::uint16_t kind, std::uint32_t row) const {
    const history::ByKind& by = whole.deal_events.by_kind;
    const std::uint32_t* const rows = by.rows.data();
    const std::uint32_t* const end = rows + by.first[kind + std::size_t{1}];
    return static_cast<std::size_t>(std::lower_bound(rows + by.first[kind], end, row) - rows);
  }
  // What the row `from` of the whole says stands at `to`, as the row at a place of its kind. What has a date alone came
  // no sooner than a move with a time that it stands `behind`.
  void put(std::uint32_t to, std::uint32_t from, std::size_t place, bool told, bool behind) {
    const history::Timeline& events = whole.deal_events;
    history::Timeline& own = history.deal_events;
    const std::uint16_t kind = events.kind[from];
    const std::uint32_t row = events.row[events.by_kind.rows[place]], of = events.row[from];
    change(own.at, to, behind ? std::max(events.at[from], std::as_const(own.at)[to - 1]) : events.at[from]);
    change(own.kind, to, kind), change(own.row, to, row), change(own.by_kind.rows, place, to);
    const std::size_t cells = kind == plan.moved_kind ? whole.kinds[kind].columns.size() : 0;
    for (std::size_t c = 0; c < cells; ++c) {
      const history::Column& column = whole.kinds[kind].columns[c];
      history::Column& moved = history.kinds[kind].columns[c];
      moved.values.set(row, column.values[of]);
      if (!column.currency.empty()) moved.currency[row] = column.currency[of];
      if (!column.recorded.empty()) moved.recorded[row] = column.recorded[of];
    }
    own.actor[to] = events.actor[from];
    set(own.recorded, to, events.recorded[from]), set(own.source, to, events.source[from]);
    set(own.by_day, to, told ? std::uint8_t{1} : events.by_day[from]);
    if (!events.contact.empty()) own.contact[to] = events.contact[from];
    if (!events.id.empty()) own.id[to] = events.id[from];
  }
};

// So many deals are judged in all their orders before what is agreed of them is kept.
constexpr std::size_t deals_at_once = 1024;

// Which of them are judged at once: by number. Of those of one account, where others count with each, only one is in
// an order of its own.
std::vector<std::vector<std::size_t>> at_once(const Plan& plan, const std::vector<DealOrders>& deals,
                                              bool through_accounts) {
  std::vector<std::vector<std::size_t>> all;
  std::map<std::uint32_t, std::size_t> of_account;
  for (std::size_t i = 0; i < deals.size(); ++i) {
    const std::uint32_t account = plan.account_of(deals[i].deal);
    const bool alone = !through_accounts || account == history::no_account;
    const std::size_t number = !through_accounts ? i / deals_at_once : alone ? 0 : of_account[account]++;
    if (all.size() <= number) all.resize(number + 1);
    all[number].push_back(i);
  }
  return all;
}

}  // namespace

InOrders::InOrders(const Plan& plan, const RunOrder& order, unsigned threads, const Judge& judge)
    : order_(order), said_(order.rules.size()), first_(order.rules.size(), {0}) {
  if (order.deals.empty()) return;
  const std::vector<DealOrders> deals = deal_orders(plan);
  if (deals.empty() || wanted_members(plan).of_deals) return;
  World world{plan};
  for (const DealOrders& deal : deals) world.put(deal, &deal.orders.front());
  const Result<Plan> bound = bind(plan.book, world.history, plan.horizon, plan.known_at);
  PLUMB_ASSERT(bound, "calendars were made before");
  const Statements statements = statements_of(*bound);
  const MemberLists lists = wanted_members(*bound);
  AccountOrdinals ordinals = account_ordinals(*bound);
  std::deque<Worker> workers;
  for (unsigned i = 0; i < threads; ++i) workers.emplace_back(*bound, ordinals, lists, order);
  // What is counted through an account is counted anew in each order, over all deals.
  const bool through_accounts = std::ranges::any_of(plan.book.events, &model::Event::for_each_account);
  for (std::size_t i = 0; through_accounts && i < deals.size(); ++i) world.put(deals[i], nullptr);
  for (const std::vector<std::size_t>& batch : at_once(plan, deals, through_accounts)) {
    std::vector<std::vector<std::vector<Verdicts>>> said(batch.size());  // by deal, by order
    std::vector<std::size_t> left(batch.size());
    std::iota(left.begin(), left.end(), std::size_t{0});
    for (std::size_t k = 0; !left.empty(); ++k) {
      for (const std::size_t i : left) world.put(deals[batch[i]], &deals[batch[i]].orders[k]);
      if (through_accounts) ordinals = account_ordinals(*bound);
      in_parallel(threads, left.size(), [&](unsigned number, std::size_t task) {
        Worker& worker = workers[number];
        const std::uint32_t deal = deals[batch[left[task]]].deal;
        worker.view.batch_at(deal == 0 ? 1 : 0, 0);  // what was found in another order is forgotten
        if (worker.load_deal(deal, deal + 1)) judge(worker, statements);
        said[left[task]].push_back(worker.take());
      });
      std::erase_if(left, [&](std::size_t i) { return deals[batch[i]].orders.size() <= k + 1; });
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const DealOrders& deal = deals[batch[i]];
      keep(deal.deal, agreed(plan, order, deal, said[i]));
      if (through_accounts) world.put(deal, nullptr);
    }
  }
  std::ranges::sort(deals_);
}

void InOrders::keep(std::uint32_t deal, const std::vector<Verdicts>& agreed) {
  deals_.emplace_back(deal, static_cast<std::uint32_t>(deals_.size()));
  for (std::size_t row = 0; row < said_.size(); ++row) {
    append(said_[row], agreed[row]);
    first_[row].push_back(static_cast<std::uint32_t>(said_[row].size()));
  }
}

bool InOrders::take(std::uint32_t deal, Worker& worker) const {
  const auto found = std::ranges::lower_bound(deals_, deal, {}, &std::pair<std::uint32_t, std::uint32_t>::first);
  if (found == deals_.end() || found->first != deal) return false;
  const std::size_t number = found->second;
  const auto add = [&](std::size_t row, std::uint32_t answered) {
    add_to(worker.runs[row], said_[row], first_[row][number], first_[row][number + 1], answered);
  };
  for (const std::size_t row : order_.deals) {
    const auto before = static_cast<std::uint32_t>(worker.runs[row].verdicts.size());
    add(row, 0);
    for (const std::size_t response : order_.responses[row]) add(response, before);
  }
  return true;
}

}  // namespace plumb::eval
