#include "eval/in_orders.h"

#include <algorithm>
#include <deque>
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
  std::vector<std::uint32_t> moves;
};

// Missing: nullopt where there are too many.
std::optional<std::vector<Way>> go_on(const Plan& plan, const std::vector<Way>& ways,
                                      const std::vector<std::uint32_t>& day) {
  std::vector<history::Step> steps;
  for (const std::uint32_t move : day) steps.push_back(step_of(plan, move));
  std::vector<Way> all;
  for (const Way& way : ways) {
    const history::MoveOrders orders = history::orders_of_moves(steps, way.state, most_orders);
    if (!orders.all || all.size() + orders.some.size() > most_orders) return std::nullopt;
    for (const std::vector<std::size_t>& order : orders.some) {
      Way next{steps[order.back()].to, way.moves};
      for (const std::size_t i : order) next.moves.push_back(day[i]);
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
    const Instant at = events.at[moves[i]];
    std::vector<std::uint32_t> day;
    while (i < moves.size() && events.at[moves[i]] == at && events.by_day[moves[i]] == 2) day.push_back(moves[i++]);
    if (day.empty()) {
      const std::int64_t to = step_of(plan, moves[i++]).to;
      for (Way& way : ways) way.state = at.known() && history::is_value(to) ? to : history::unreadable;
      continue;
    }
    auto all = go_on(plan, ways, day);
    if (!all) return std::nullopt;
    ways = std::move(*all);
    found.moves.insert(found.moves.end(), day.begin(), day.end());
  }
  for (Way& way : ways) found.orders.push_back(std::move(way.moves));
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
    move = std::find_if(move, end, [&](std::uint32_t row) { return events.by_day[row] == 2; });
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

// A copy of the history in which deals have their moves in other orders than it has.
struct World {
  const history::History& whole;
  history::History history;

  // What the move `from` of the whole says stands at the row `to`.
  void put(std::uint32_t to, std::uint32_t from) {
    const history::Timeline& events = whole.deal_events;
    history::Timeline& own = history.deal_events;
    const std::size_t kind = events.kind[to];
    const std::uint32_t row = events.row[to], of = events.row[from];
    for (std::size_t c = 0; c < whole.kinds[kind].columns.size(); ++c) {
      const history::Column& column = whole.kinds[kind].columns[c];
      history::Column& moved = history.kinds[kind].columns[c];
      moved.values.set(row, column.values[of]);
      if (!column.currency.empty()) moved.currency[row] = column.currency[of];
      if (!column.recorded.empty()) moved.recorded[row] = column.recorded[of];
    }
    own.actor[to] = events.actor[from];
    set(own.recorded, to, events.recorded[from]), set(own.source, to, events.source[from]);
    set(own.by_day, to, std::uint8_t{1});
    if (!events.contact.empty()) own.contact[to] = events.contact[from];
    if (!events.id.empty()) own.id[to] = events.id[from];
  }
  void put(const DealOrders& deal, std::size_t order) {
    for (std::size_t i = 0; i < deal.moves.size(); ++i) put(deal.moves[i], deal.orders[order][i]);
  }
};

// So many deals are judged in all their orders before what is agreed of them is kept.
constexpr std::size_t deals_at_once = 1024;

}  // namespace

InOrders::InOrders(const Plan& plan, const RunOrder& order, unsigned threads, const Judge& judge)
    : order_(order), said_(order.rules.size()), first_(order.rules.size(), {0}) {
  if (order.deals.empty()) return;
  const std::vector<DealOrders> deals = deal_orders(plan);
  if (deals.empty() || wanted_members(plan).of_deals) return;
  World world{plan.history, plan.history};
  for (const DealOrders& deal : deals) world.put(deal, 0);
  const Result<Plan> bound = bind(plan.book, world.history, plan.horizon, plan.known_at);
  PLUMB_ASSERT(bound, "calendars were made before");
  const Statements statements = statements_of(*bound);
  const MemberLists lists = wanted_members(*bound);
  AccountOrdinals ordinals = account_ordinals(*bound);
  std::deque<Worker> workers;
  for (unsigned i = 0; i < threads; ++i) workers.emplace_back(*bound, ordinals, lists, order);
  // What is counted through an account is counted anew in each order, over all deals.
  const bool through_accounts = std::ranges::any_of(plan.book.events, &model::Event::for_each_account);
  const std::size_t at_once = through_accounts ? deals.size() : deals_at_once;
  for (std::size_t begin = 0; begin < deals.size(); begin += at_once) {
    const std::size_t end = std::min(begin + at_once, deals.size());
    std::vector<std::vector<std::vector<Verdicts>>> said(end - begin);  // by deal, by order
    std::vector<std::size_t> left(end - begin);
    std::iota(left.begin(), left.end(), begin);
    for (std::size_t k = 0; !left.empty(); ++k) {
      for (const std::size_t i : left) world.put(deals[i], k);
      if (through_accounts) ordinals = account_ordinals(*bound);
      in_parallel(threads, left.size(), [&](unsigned number, std::size_t task) {
        Worker& worker = workers[number];
        const std::uint32_t deal = deals[left[task]].deal;
        if (worker.load_deal(deal, deal + 1)) judge(worker, statements);
        said[left[task] - begin].push_back(worker.take());
      });
      std::erase_if(left, [&](std::size_t i) { return deals[i].orders.size() <= k + 1; });
    }
    for (std::size_t i = begin; i < end; ++i) keep(deals[i].deal, agreed(plan, order, deals[i], said[i - begin]));
  }
}

void InOrders::keep(std::uint32_t deal, const std::vector<Verdicts>& agreed) {
  deals_.push_back(deal);
  for (std::size_t row = 0; row < said_.size(); ++row) {
    append(said_[row], agreed[row]);
    first_[row].push_back(static_cast<std::uint32_t>(said_[row].size()));
  }
}

bool InOrders::take(std::uint32_t deal, Worker& worker) const {
  const auto found = std::ranges::lower_bound(deals_, deal);
  if (found == deals_.end() || *found != deal) return false;
  const auto number = static_cast<std::size_t>(found - deals_.begin());
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
