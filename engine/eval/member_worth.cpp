#include "eval/member_worth.h"

#include <algorithm>
#include <tuple>

#include "eval/obligation.h"
#include "eval/take.h"

namespace plumb::eval {

namespace {

// So many times the condition is asked of the rows of one deal.
constexpr std::size_t most_asked = 1 << 20;

}  // namespace

struct MemberWorth::Making {
  const MemberList::OfKey& list;
  const Tallier& tallier;
  MemberWorth& out;
  std::vector<std::vector<Turn>> of_row = {};
  std::vector<Instant> points = {};

  Truth at(const MemberList::Row& row, Instant when) const {
    View& view = *tallier.context.view.members()->view;
    Context then = tallier.context;
    then.cut = Instant{when.micros + 1};
    const Instant cut = read_cut(view, tallier.aggregate, row.index, then);
    if (!cut.known()) return Truth::unknown;
    return holds(tallier.aggregate.where, member_context(view, cut, row.index, then));
  }

  // The rows of one subject, in order.
  void look_at(const std::vector<std::uint32_t>& numbers) {
    const std::vector<MemberList::Row>& rows = list.in_order();
    const MemberList::Row& first = rows[numbers.front()];
    View& view = *tallier.context.view.members()->view;
    first.of_person ? view.load_person(first.subject) : view.load_deal(first.subject);
    if (view.by_day()) {
      out.apart_.insert(out.apart_.end(), numbers.begin(), numbers.end());
      return;
    }
    points.clear();
    change_points(view, *tallier.context.calendar, {tallier.aggregate.where}, first.at,
                  tallier.context.view.plan().horizon, false, points);
    out.told_ &= points.size() * numbers.size() <= most_asked;
    for (const std::uint32_t number : numbers) {
      const MemberList::Row& row = rows[number];
      std::vector<Turn>& turns = of_row[number];
      if (!out.told_) return;
      turns.push_back({row.at, at(row, row.at)});
      for (auto point = std::ranges::upper_bound(points, row.at); point != points.end(); ++point) {
        const Truth worth = at(row, *point);
        if (worth != turns.back().worth) turns.push_back({*point, worth});
      }
    }
  }

  void make() {
    const std::vector<MemberList::Row>& rows = list.in_order();
    out.calendar_ = tallier.context.calendar;
    of_row.resize(rows.size());
    std::vector<std::uint32_t> numbers(rows.size() - list.undated());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::uint32_t>(list.undated() + i);
    const auto whose = [&](std::uint32_t number) {
      return std::tuple(+rows[number].of_person, +rows[number].subject, number);
    };
    std::ranges::sort(numbers, {}, whose);
    std::vector<std::uint32_t> of_one;
    for (std::size_t i = 0; i < numbers.size() && out.told_; ++i) {
      of_one.push_back(numbers[i]);
      const bool last = i + 1 == numbers.size() || rows[numbers[i + 1]].subject != rows[numbers[i]].subject ||
                        rows[numbers[i + 1]].of_person != rows[numbers[i]].of_person;
      if (last) look_at(of_one), of_one.clear();
    }
    std::ranges::sort(out.apart_);
    if (out.told_) fill(rows);
  }

  void fill(const std::vector<MemberList::Row>& rows) {
    Counts counts{};
    for (std::uint32_t number = 0; number < rows.size(); ++number) {
      out.before_.push_back(counts);
      const std::vector<Turn>& turns = of_row[number];
      if (turns.size() == 1) ++counts[rows[number].certain][static_cast<std::size_t>(turns.front().worth)];
      if (turns.size() < 2) continue;
      out.turning_.push_back(number);
      out.turns_of_.push_back(static_cast<std::uint32_t>(out.turns_.size()));
      out.turns_.insert(out.turns_.end(), turns.begin(), turns.end());
    }
    out.before_.push_back(counts);
    out.turns_of_.push_back(static_cast<std::uint32_t>(out.turns_.size()));
  }
};

const MemberWorth* MemberWorth::of(const MemberList::OfKey& list, const Tallier& tallier) {
  const model::Aggregate& aggregate = tallier.aggregate;
  const Context& context = tallier.context;
  const bool decided_by_subject = !context.timely && context.windows.empty() && context.missing == Truth::unknown;
  if (context.trace || !aggregate.where || !counts_only(tallier) || aggregate.span_from || !decided_by_subject) {
    return nullptr;
  }
  const MemberWorth& worth = list.made<MemberWorth>([&] {
    auto made = std::make_shared<MemberWorth>();
    Making{list, tallier, *made}.make();
    return made;
  });
  return worth.told_ && worth.calendar_ == context.calendar ? &worth : nullptr;
}

void MemberWorth::take(const MemberList::Range& range, bool sure, Tallier& tallier) const {
  const std::vector<MemberList::Row>& rows = range.of->in_order();
  const auto begin = static_cast<std::uint32_t>(range.begin - rows.data());
  const auto end = static_cast<std::uint32_t>(range.end - rows.data());
  for (const bool certain : {false, true}) {
    for (const Truth worth : {Truth::no, Truth::unknown, Truth::yes}) {
      const auto which = static_cast<std::size_t>(worth);
      tallier.add(certain && sure, worth, before_[end][certain][which] - before_[begin][certain][which]);
    }
  }
  const auto first = std::ranges::lower_bound(turning_, begin), last = std::ranges::lower_bound(turning_, end);
  for (auto row = first; row != last; ++row) {
    const auto number = static_cast<std::size_t>(row - turning_.begin());
    const auto turns = turns_.begin() + turns_of_[number], over = turns_.begin() + turns_of_[number + 1];
    const auto after = std::partition_point(turns, over, [&](const Turn& t) { return t.at < tallier.context.cut; });
    if (after != turns) tallier.add(rows[*row].certain && sure, std::prev(after)->worth, 1);
  }
}

}  // namespace plumb::eval
