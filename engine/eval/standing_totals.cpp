#include "eval/standing_totals.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "eval/obligation.h"
#include "eval/take.h"

namespace plumb::eval {

namespace {

using model::AggregateFunction;

// Whether what each deal comes to adds up, whatever is asked of it.
bool adds_up(const model::Aggregate& aggregate) {
  if (aggregate.followed_by || aggregate.span_from) return false;
  const bool number = aggregate.function == AggregateFunction::count || aggregate.function == AggregateFunction::share;
  return aggregate.value ? aggregate.function == AggregateFunction::sum : number;
}

bool looks_at_deals(const model::Aggregate& aggregate) { return aggregate.where || aggregate.value; }

}  // namespace

// Each stretch of a deal falls into pieces over which it comes to the same: what is added where one begins is taken
// away again where it ends.
struct StandingTotals::Making {
  struct Turn {
    Instant at;
    Total more;
    int sign;
  };
  const MemberList::OfKey& list;
  const model::Aggregate& aggregate;
  const Context& context;
  const std::vector<bool>& several;
  StandingTotals& out;
  std::vector<Turn> turns = {};
  std::vector<Instant> points = {};

  static constexpr std::array numbers{
      &Total::certain,       &Total::possible,      &Total::part_yes,  &Total::part_open, &Total::possible_part,
      &Total::possible_rest, &Total::possible_open, &Total::undecided, &Total::amounts,   &Total::valued};

  static bool same(const Total& a, const Total& b) {
    return compare(a.sum, b.sum) == 0 &&
           std::ranges::all_of(numbers, [&](auto number) { return a.*number == b.*number; });
  }

  void add(Instant from, Instant until, const Total& what) {
    if (same(what, {})) return;
    turns.push_back({from, what, 1});
    if (until.known()) turns.push_back({until, what, -1});
  }

  // What one deal comes to just after an instant.
  Total at(const MemberList::Row& row, Instant when) {
    Context then = context;
    then.cut = Instant{when.micros + 1};
    View& view = *context.view.members()->view;
    Tallier tallier{aggregate, then, false, {}};
    const Instant cut = looks_at_deals(aggregate) ? read_cut(view, aggregate, row.index, then) : then.cut;
    Candidate candidate{
        {row.of_person != 0, row.index}, row.at, list.key != anybody && row.certain, Truth::unknown, false};
    candidate.whose = list.key != anybody;
    tallier.take(candidate, member_context(view, cut, row.index, then));
    return total(tallier.tally);
  }

  Total total(const Tally& tally) {
    Total found{
        tally.certain,       tally.possible,      tally.part_yes,        tally.part_open,    tally.possible_part,
        tally.possible_rest, tally.possible_open, tally.undecided_value, tally.has_currency, 0,
        rational(0, 1)};
    for (const Rational& value : tally.values) ++found.valued, found.sum = eval::add(found.sum, value);
    out.told_ &= found.sum.exact() && tally.highs.empty();
    if (tally.has_currency) {
      out.told_ &= out.currency_ == 0 || out.currency_ == tally.currency;
      out.currency_ = tally.currency;
    }
    return found;
  }

  void take(std::uint32_t number, const MemberList::Row& row, Instant until) {
    if (!looks_at_deals(aggregate)) return add(row.at, until, at(row, row.at));
    View& view = *context.view.members()->view;
    row.of_person ? view.load_person(row.subject) : view.load_deal(row.subject);
    if (view.by_day()) {
      out.told_ &= !is_one_of_several(row);
      return out.apart_.push_back(number);
    }
    points.assign(1, row.at);
    const Instant horizon = context.view.plan().horizon;
    change_points(view, *context.calendar, {aggregate.where, aggregate.value}, row.at,
                  until.known() ? std::min(until, horizon) : horizon, false, points);
    Instant from = row.at;
    Total before = at(row, from);
    for (const Instant point : points) {
      const Total now = at(row, point);
      if (same(now, before)) continue;
      add(std::exchange(from, point), point, std::exchange(before, now));
    }
    add(from, until, before);
  }

  void add_to(Total& all, const Turn& turn) {
    for (const auto number : numbers) all.*number += turn.sign * turn.more.*number;
    all.sum = turn.sign > 0 ? eval::add(all.sum, turn.more.sum) : subtract(all.sum, turn.more.sum);
    out.told_ &= all.sum.exact();
  }

  bool is_one_of_several(const MemberList::Row& row) const { return !several.empty() && several[row.subject]; }

  // Until when each row counts.
  std::vector<Instant> ends(const std::vector<MemberList::Row>& rows) {
    std::vector<Instant> until;
    for (const MemberList::Upon& upon : list.upon_in_order()) until.push_back(upon.first);
    until.resize(rows.size(), Instant::unknown());
    std::unordered_map<std::uint32_t, Instant> next;  // of the same deal
    for (std::size_t i = several.empty() ? 0 : rows.size(); i-- > 0;) {
      if (!is_one_of_several(rows[i])) continue;
      out.told_ &= rows[i].certain && rows[i].at.known();
      Instant& later = next.try_emplace(rows[i].subject, Instant::unknown()).first->second;
      until[i] = std::exchange(later, rows[i].at);
    }
    return until;
  }

  void make() {
    out.looked_at_ = looks_at_deals(aggregate);
    out.calendar_ = context.calendar, out.asked_currency_ = context.currency;
    const std::vector<MemberList::Row>& rows = list.in_order();
    const std::vector<Instant> until = ends(rows);
    for (std::uint32_t number = 0; number < rows.size() && out.told_; ++number) {
      if (rows[number].at.known()) take(number, rows[number], until[number]);
    }
    std::ranges::sort(turns, {}, &Turn::at);
    Total all;
    for (const Turn& turn : turns) {
      add_to(all, turn);
      if (out.turns_.empty() || out.turns_.back() != turn.at) out.turns_.push_back(turn.at), out.from_.emplace_back();
      out.from_.back() = all;
    }
  }
};

bool StandingTotals::fits(const Context& context) const {
  return told_ && (!looked_at_ || (context.calendar == calendar_ && context.currency == asked_currency_));
}

const StandingTotals* StandingTotals::of(const MemberList::OfKey& list, const model::Aggregate& aggregate,
                                         const Context& context, const std::vector<bool>& several) {
  const bool decided_by_deal = !context.timely && context.windows.empty() && context.missing == Truth::unknown;
  if (context.trace || !adds_up(aggregate) || (looks_at_deals(aggregate) && !decided_by_deal)) return nullptr;
  const StandingTotals& totals = list.made<StandingTotals>([&] {
    auto made = std::make_shared<StandingTotals>();
    Making{list, aggregate, context, several, *made}.make();
    return made;
  });
  return totals.fits(context) ? &totals : nullptr;
}

void StandingTotals::add_to(Tally& tally, Instant cut, const history::Dictionary& words) const {
  const auto after = std::ranges::lower_bound(turns_, cut);
  if (after == turns_.begin()) return;
  const Total& all = from_[static_cast<std::size_t>(after - turns_.begin()) - 1];
  tally.certain += all.certain, tally.possible += all.possible;
  tally.part_yes += all.part_yes, tally.part_open += all.part_open;
  tally.possible_part += all.possible_part, tally.possible_rest += all.possible_rest;
  tally.possible_open += all.possible_open;
  tally.undecided_value |= all.undecided > 0;
  if (all.valued > 0) tally.put(all.sum, all.sum, true);
  if (all.amounts > 0) tally.has_currency = true, tally.currency = currency_, tally.see(currency_, words);
}

}  // namespace plumb::eval
