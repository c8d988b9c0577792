#include "eval/day_changes.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "eval/day.h"

namespace plumb::eval {

Was was(const history::Column& column, std::uint32_t row) {
  return {column.values[row], column.currency.empty() ? 0 : column.currency[row]};
}

ChangesOfDay::ChangesOfDay(const View& view, const FieldBinding& field, std::span<const std::uint32_t> rows,
                           std::vector<Was> before)
    : field_(field), before_(std::move(before)) {
  const history::Timeline& timeline = view.timeline();
  const Was untold{history::unreadable, 0};
  for (const std::uint32_t index : rows) {
    const bool there = !view.doubtful(index);
    const std::uint32_t row = timeline.row[index];
    from_.push_back(there && field.change_from ? was(*field.change_from, row) : untold);
    to_.push_back(there ? was(*field.change_to, row) : untold);
    open_.push_back(rows.size() > 1 && timeline.by_day[index] == 1);
  }
  find_orders();
}

void ChangesOfDay::find_orders() {
  // All orders of a few; of more one that their chain tells, but for some detours. It is asked for at each reading.
  const std::size_t few = 6, detours = to_.size() > few ? 64 : 2'000, most = 5'000;
  const bool any_open = std::find(open_.begin(), open_.end() - 1, true) != open_.end() - 1;
  if (!any_open || to_.size() > most || std::ranges::none_of(from_, &Was::told)) return;
  find_twins();
  for (const std::vector<Was>& before : {before_, {Was{history::unreadable, 0}}}) {
    std::size_t looks = to_.size() + detours;
    Order order;
    left_.assign(to_.size(), true);
    if (!try_next(order, before, looks)) return orders_.clear();
    if (!orders_.empty()) return;
  }
}

void ChangesOfDay::find_twins() {
  std::map<std::tuple<std::int64_t, std::uint32_t, std::int64_t, std::uint32_t>, std::size_t> last;
  for (std::size_t i = 0; i < to_.size(); ++i) {
    const auto [before, first] =
        last.try_emplace({from_[i].value, from_[i].currency, to_[i].value, to_[i].currency}, i);
    twin_.push_back(before->second);
    before->second = i;
  }
}

// Whether it goes on from one of these.
bool ChangesOfDay::fits(std::size_t i, std::span<const Was> now) const {
  return !from_[i].told() || std::ranges::any_of(now, [&](Was one) {
    const bool nothing = one.value == history::unobserved && field_.changes_only;
    return nothing ? from_[i].value == history::missing : !one.told() || one == from_[i];
  });
}

bool ChangesOfDay::may_come_next(const std::vector<std::size_t>& so_far, std::size_t i) const {
  const auto has_come = [&](std::size_t j) { return std::ranges::find(so_far, j) != so_far.end(); };
  for (std::size_t j = 0; j < i && orders_.empty(); ++j) {
    const bool comes_first = !open_[j] || (from_[j] == from_[i] && to_[j] == to_[i]);
    if (comes_first && !has_come(j)) return false;
  }
  return orders_.empty() || std::ranges::any_of(orders_, [&](const Order& order) {
           return order.size() > so_far.size() && order[so_far.size()] == i &&
                  std::equal(so_far.begin(), so_far.end(), order.begin());
         });
}

// Goes on with each that may come next. False where there is too much to try.
bool ChangesOfDay::try_next(Order& order, std::span<const Was> now, std::size_t& looks) {
  if (looks == 0) return false;
  --looks;
  if (order.size() == to_.size()) return orders_.push_back(order), true;
  for (std::size_t i = 0; i < to_.size(); ++i) {
    if (!left_[i]) continue;
    if (fits(i, now) && (twin_[i] == i || !left_[twin_[i]])) {
      order.push_back(static_cast<std::uint16_t>(i));
      left_[i] = false;
      if (!try_next(order, {&to_[i], 1}, looks)) return false;
      order.pop_back();
      left_[i] = true;
    }
    if (!open_[i]) break;  // all that stand behind it came later
  }
  return true;
}

std::vector<std::size_t> ChangesOfDay::last(const std::function<bool(std::size_t)>& counts) const {
  std::vector<std::size_t> all;
  if (orders_.empty()) {
    for (std::size_t i = to_.size(); i-- > 0;) {
      if ((all.empty() || open_[i]) && counts(i)) all.push_back(i);
    }
    return all;
  }
  std::vector<bool> counted(to_.size()), found(to_.size());
  for (std::size_t i = 0; i < to_.size(); ++i) counted[i] = counts(i);
  for (const Order& order : orders_) {
    const auto last = std::find_if(order.rbegin(), order.rend(), [&](std::size_t i) { return counted[i]; });
    if (last != order.rend()) found[*last] = true;
  }
  for (std::size_t i = to_.size(); i-- > 0;) {
    if (found[i]) all.push_back(i);
  }
  return all;
}

std::vector<std::size_t> ChangesOfDay::first() const {
  std::vector<std::size_t> all;
  const auto at_once = [&](std::size_t i) {
    if (!orders_.empty()) return std::ranges::any_of(orders_, [&](const Order& order) { return order.front() == i; });
    return std::find(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(i), false) ==
           open_.begin() + static_cast<std::ptrdiff_t>(i);
  };
  for (std::size_t i = 0; i < to_.size(); ++i) {
    if (at_once(i)) all.push_back(i);
  }
  return all;
}

std::vector<Was> ChangesOfDay::found(std::size_t i) const {
  std::vector<Was> all;
  if (!orders_.empty()) {
    for (const Order& order : orders_) {
      const auto own = std::ranges::find(order, i);
      if (own != order.begin()) all.push_back(to_[*(own - 1)]);
      if (own == order.begin()) all.insert(all.end(), before_.begin(), before_.end());
    }
    return all;
  }
  // Of those that say the same the first in order is the one that changed something.
  const auto open = [&](std::size_t j) { return open_[j] && (j == i || to_[j] != to_[i]); };
  std::size_t first = i;  // from there on all before it may have come later
  while (first > 0 && open(first - 1)) --first;
  if (first == 0 || open_[i]) all = before_;
  if (first > 0) all.push_back(to_[first - 1]);
  for (std::size_t j = 0; j < to_.size(); ++j) {
    if (j < i ? open(j) : j > i && open_[i] && to_[j] != to_[i]) all.push_back(to_[j]);
  }
  return all;
}

std::vector<Was> ChangesOfDay::left() const {
  std::vector<Was> all;
  for (const std::size_t i : last([](std::size_t) { return true; })) all.push_back(to_[i]);
  return all;
}

namespace {

// What the field may have been before changes[first].
std::vector<Was> before_of(const View& view, const FieldBinding& field, std::span<const std::uint32_t> changes,
                           std::size_t first) {
  if (first > 0 && !view.timeline().at[changes[first - 1]].known()) return {Was{history::unreadable, 0}};
  if (first > 0) return changes_of_day(view, field, changes, first - 1).day.left();
  const bool given = field.initial && !view.of_person();
  return {given ? was(*field.initial, view.subject()) : Was{history::unobserved, 0}};
}

}  // namespace

DayOfChanges changes_of_day(const View& view, const FieldBinding& field, std::span<const std::uint32_t> changes,
                            std::size_t one) {
  const history::Timeline& timeline = view.timeline();
  const time::Calendar& days = view.plan().calendars.front();
  const time::Day day = days.day_of(timeline.at[changes[one]]);
  const Instant start = days.start_of(day), over = days.end_of(day);
  std::size_t begin = one, end = one + 1;
  while (begin > 0 && timeline.at[changes[begin - 1]] >= start) --begin;
  while (end < changes.size() && timeline.at[changes[end]] < over) ++end;
  const std::span<const std::uint32_t> rows = changes.subspan(begin, end - begin);
  const bool in_doubt =
      rows.size() > 1 && std::ranges::any_of(rows, [&](std::uint32_t row) { return timeline.by_day[row] == 1; });
  // Where their order is known what the first finds is no matter.
  return {begin, {view, field, rows, in_doubt ? before_of(view, field, changes, begin) : std::vector<Was>()}};
}

std::vector<std::uint32_t> may_have_come_last(const View& view, const FieldBinding& field,
                                              std::span<const std::uint32_t> changes, std::size_t last,
                                              const std::function<bool(std::uint32_t)>& counts) {
  const history::Timeline& timeline = view.timeline();
  const time::Calendar& days = view.plan().calendars.front();
  const bool alone = !view.by_day() || last == 0 ||
                     timeline.at[changes[last - 1]] < days.start_of(days.day_of(timeline.at[changes[last]]));
  if (alone) return {changes[last]};
  const auto [begin, day] = changes_of_day(view, field, changes, last);
  std::vector<std::uint32_t> rows;
  for (const std::size_t i : day.last([&](std::size_t place) {
         const std::size_t at = begin + place;
         return at == last || (at < last && counts(changes[at]));
       }))
    rows.push_back(changes[begin + i]);
  return rows;
}

std::vector<std::uint32_t> may_have_come_first(const View& view, const FieldBinding& field,
                                               std::span<const std::uint32_t> changes) {
  if (!view.by_day() || changes.size() < 2 || !view.timeline().at[changes.front()].known()) return {changes.front()};
  std::vector<std::uint32_t> rows;
  for (const std::size_t i : changes_of_day(view, field, changes, 0).day.first()) rows.push_back(changes[i]);
  return rows;
}

}  // namespace plumb::eval
