#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "eval/in_orders.h"
#include "eval/join.h"

namespace plumb::eval {

namespace {

constexpr std::size_t most_facts = 10;

// What makes obligations of several orders one: when it opened, or what it responds to; the row that opened it; and how
// many such stand before it.
using Key = std::tuple<Instant, std::uint32_t, std::size_t>;

// One obligation in each of the orders. Rows: orders. Missing: no_row, it is not asked in that one.
using InEachOrder = std::vector<std::uint32_t>;

class Agreeing {
 public:
  Agreeing(const Plan& plan, const RunOrder& order, const DealOrders& deal,
           const std::vector<std::vector<Verdicts>>& said)
      : plan_(plan), order_(order), deal_(deal), said_(said), all_(order.rules.size()) {}

  std::vector<Verdicts> all() {
    for (const std::size_t row : order_.deals) {
      std::vector<InEachOrder> asked = in_each(row, [&](std::size_t order, std::uint32_t i) {
        const Instant opened = of(order, row).opened[i];
        const std::uint32_t trigger = trigger_of(order, row, i);
        if (is_from_before(opened, trigger)) return std::pair(opened, no_row);
        return std::pair(opened.known() && is_dated(trigger) ? Instant::max() : opened, trigger);
      });
      std::ranges::stable_sort(asked, {}, [&](const InEachOrder& each) { return opened(row, each); });
      answered_.assign(said_.size(), {});
      for (const InEachOrder& each : asked) {
        for (std::size_t order = 0; order < each.size(); ++order) {
          if (each[order] != no_row) answered_[order][each[order]] = static_cast<std::uint32_t>(all_[row].size());
        }
        add(row, each);
      }
      for (const std::size_t response : order_.responses[row]) add_responses(row, response);
    }
    return std::move(all_);
  }

 private:
  const Verdicts& of(std::size_t order, std::size_t row) const { return said_[order][row]; }
  const model::Rule& rule(std::size_t row) const { return plan_.book.rules[order_.rules[row]]; }

  // The row of the history that stands at one of it in this order.
  EventRef as_whole(std::size_t order, EventRef ref) const {
    if (ref.of_person) return ref;
    const auto at = std::ranges::lower_bound(deal_.rows, ref.index);
    if (at == deal_.rows.end() || *at != ref.index) return ref;
    return {false, deal_.orders[order][static_cast<std::size_t>(at - deal_.rows.begin())]};
  }

  std::uint32_t trigger_of(std::size_t order, std::size_t row, std::uint32_t i) const {
    const Verdicts& verdicts = of(order, row);
    const model::Rule& asked = rule(row);
    const bool by_event = asked.trigger || asked.origin == model::RuleOrigin::path;
    const std::uint32_t first = verdicts.evidence_first[i];
    return by_event && first < end_of(verdicts.evidence_first, i, verdicts.evidence)
               ? as_whole(order, verdicts.evidence[first]).index
               : no_row;
  }

  // What a move with a date alone opens does not open at one instant in all.
  bool is_dated(std::uint32_t trigger) const {
    const history::Timeline& events = plan_.history.deal_events;
    return trigger != no_row && events.by_day[trigger] != 0 && events.kind[trigger] == plan_.moved_kind;
  }

  // Of a stage that the deal came to before anything was recorded it is one, whichever of the moves says so.
  bool is_from_before(Instant opened, std::uint32_t trigger) const {
    const history::Timeline& events = plan_.history.deal_events;
    const bool dated = trigger != no_row && events.at[trigger].known() && events.kind[trigger] == plan_.moved_kind;
    return dated && !opened.known() && plan_.move_from &&
           history::is_value(plan_.move_from->values[events.row[trigger]]);
  }

  template <class Rows>
  static std::uint32_t end_of(const std::vector<std::uint32_t>& first, std::size_t i, const Rows& rows) {
    return i + 1 < first.size() ? first[i + 1] : static_cast<std::uint32_t>(rows.size());
  }

  // As they stand in the first order that has them.
  template <class KeyOf>
  std::vector<InEachOrder> in_each(std::size_t row, const KeyOf& key_of) const {
    std::map<Key, InEachOrder> found;
    std::vector<Key> as_found;
    for (std::size_t order = 0; order < said_.size(); ++order) {
      std::map<std::pair<Instant, std::uint32_t>, std::size_t> alike;
      for (std::uint32_t i = 0; i < of(order, row).size(); ++i) {
        const std::pair<Instant, std::uint32_t> one = key_of(order, i);
        const Key key{one.first, one.second, alike[one]++};
        InEachOrder& each = found[key];
        if (each.empty()) each.assign(said_.size(), no_row), as_found.push_back(key);
        each[order] = i;
      }
    }
    std::vector<InEachOrder> all;
    for (const Key& key : as_found) all.push_back(found[key]);
    return all;
  }

  // Of what responds to a verdict that is not reached in every order nobody knows whether it is asked.
  void add_responses(std::size_t row, std::size_t response) {
    const std::string& named = rule(response).responses.front().verdict;
    const auto answered = [&](std::size_t order, std::uint32_t i) {
      return answered_[order].at(of(order, response).responds_to[i]);
    };
    for (InEachOrder each : in_each(
             response, [&](std::size_t order, std::uint32_t i) { return std::pair(Instant{0}, answered(order, i)); })) {
      const std::size_t first = first_of(each);
      const std::uint32_t to = answered(first, each[first]);
      const Verdict verdict = all_[row].verdict[to];
      const bool late = verdict == Verdict::late && named == to_text(Verdict::missed);
      if (!late && to_text(verdict) != named) continue;
      add(response, each);
      all_[response].responds_to.back() = to;
    }
  }

  static std::size_t first_of(const InEachOrder& each) {
    return static_cast<std::size_t>(std::ranges::find_if(each, [](std::uint32_t i) { return i != no_row; }) -
                                    each.begin());
  }

  // At the latest.
  Instant opened(std::size_t row, const InEachOrder& each) const {
    Instant latest = Instant::unknown();
    for (std::size_t order = 0; order < each.size(); ++order) {
      if (each[order] != no_row) latest = std::max(latest, of(order, row).opened[each[order]]);
    }
    return latest;
  }

  // What all that are asked say of it. Missing: nullopt, where they say different things.
  template <class T>
  std::optional<T> same(std::size_t row, const InEachOrder& each, std::vector<T> Verdicts::*column) const {
    std::optional<T> said;
    for (std::size_t order = 0; order < each.size(); ++order) {
      if (each[order] == no_row) continue;
      const T value = (of(order, row).*column)[each[order]];
      if (said && !(*said == value)) return std::nullopt;
      said = value;
    }
    return said;
  }

  // What is missed in some and late in the others is missed: what is done later does not undo that.
  std::optional<Verdict> agreed_on(std::size_t row, const InEachOrder& each) const {
    if (std::ranges::find(each, no_row) != each.end()) return std::nullopt;
    if (const auto verdict = same(row, each, &Verdicts::verdict)) return verdict;
    for (std::size_t order = 0; order < each.size(); ++order) {
      const Verdict verdict = of(order, row).verdict[each[order]];
      if (verdict != Verdict::missed && verdict != Verdict::late) return std::nullopt;
    }
    return Verdict::missed;
  }

  // When it came to be `is`: what is late was missed at its deadline.
  Instant reached(std::size_t order, std::size_t row, std::uint32_t i, Verdict is) const {
    const Verdicts& verdicts = of(order, row);
    const bool missed_first = is == Verdict::missed && verdicts.verdict[i] == Verdict::late;
    return missed_first && verdicts.deadline[i].known() ? verdicts.deadline[i] : verdicts.settled[i];
  }

  void add(std::size_t row, const InEachOrder& each) {
    const std::optional<Verdict> told = agreed_on(row, each);
    std::size_t first = first_of(each);
    while (told == Verdict::missed && of(first, row).verdict[each[first]] != told) ++first;
    const std::uint32_t one = each[first];
    const Verdicts& from = of(first, row);
    Verdicts& to = all_[row];
    const bool always = std::ranges::find(each, no_row) == each.end();
    const Instant opened = this->opened(row, each);
    Instant settled = Instant::unknown();
    bool due = false;
    for (std::size_t order = 0; order < each.size(); ++order) {
      if (each[order] == no_row) continue;
      settled = std::max(settled, reached(order, row, each[order], told.value_or(Verdict::cannot_tell)));
      due |= of(order, row).verdict[each[order]] == Verdict::due;
    }
    const Verdict is = told ? *told : always && due ? Verdict::due : Verdict::cannot_tell;
    const std::optional<Instant> deadline = same(row, each, &Verdicts::deadline);
    const std::optional<std::uint32_t> owed_by = same(row, each, &Verdicts::owed_by);
    to.rule.push_back(from.rule[one]), to.subject.push_back(from.subject[one]);
    to.owed_by.push_back(owed_by.value_or(nobody));
    to.opened.push_back(opened);
    to.deadline.push_back(always ? deadline.value_or(Instant::unknown()) : Instant::unknown());
    to.settled.push_back(is == Verdict::due ? Instant::unknown() : always ? settled : opened);
    to.verdict.push_back(is);
    to.period.push_back(from.period[one]), to.calendar.push_back(from.calendar[one]);
    to.responds_to.push_back(no_row);
    to.reason_first.push_back(static_cast<std::uint32_t>(to.reasons.size()));
    to.evidence_first.push_back(static_cast<std::uint32_t>(to.evidence.size()));
    to.fact_first.push_back(static_cast<std::uint32_t>(to.facts.size()));
    told ? give_grounds(row, first, one) : lack_order(row, first, one, is);
    note_earlier(row, each, told);
  }

  // As the first order has them.
  void give_grounds(std::size_t row, std::size_t order, std::uint32_t i) {
    const Verdicts& from = of(order, row);
    Verdicts& to = all_[row];
    for (std::uint32_t at = from.reason_first[i]; at < end_of(from.reason_first, i, from.reasons); ++at) {
      Reason reason = from.reasons[at];
      const bool names_row = reason.ground == Ground::day_only && !reason.event && reason.of_amount == 0;
      if (names_row) reason.amount = as_whole(order, {false, static_cast<std::uint32_t>(reason.amount)}).index;
      to.reasons.push_back(reason);
    }
    for (std::uint32_t at = from.evidence_first[i]; at < end_of(from.evidence_first, i, from.evidence); ++at)
      to.evidence.push_back(as_whole(order, from.evidence[at]));
    for (std::uint32_t at = from.fact_first[i]; at < end_of(from.fact_first, i, from.facts); ++at) {
      Fact fact = from.facts[at];
      fact.member = as_whole(order, fact.member);
      to.facts.push_back(fact);
    }
  }

  // The times of day of the moves would tell it.
  void lack_order(std::size_t row, std::size_t order, std::uint32_t i, Verdict verdict) {
    Verdicts& to = all_[row];
    const Verdicts& from = of(order, row);
    if (trigger_of(order, row, i) != no_row)
      to.evidence.push_back(as_whole(order, from.evidence[from.evidence_first[i]]));
    std::size_t named = 0;
    for (const std::uint32_t move : deal_.rows) {
      if (!is_untold_move(plan_, move) || named++ == most_facts) continue;
      to.reasons.push_back({Ground::day_only, {}, {}, move, 0});
      if (verdict != Verdict::cannot_tell) continue;
      to.facts.push_back({.kind = FactKind::time_of_day, .member = {false, move}});
    }
  }

  // For what reads the verdict as of before: what it may have been by then.
  void note_earlier(std::size_t row, const InEachOrder& each, std::optional<Verdict> told) {
    const auto sooner = [](Instant& of, Instant at) {
      if (at.known() && (!of.known() || at < of)) of = at;
    };
    const Verdicts& merged = all_[row];
    const Instant settled = merged.settled.back();
    Earlier earlier{static_cast<std::uint32_t>(merged.size() - 1), Instant::unknown(), Instant::unknown(), bool(told)};
    bool surely = true;  // whether each of them says when it was missed at the latest
    for (std::size_t order = 0; order < each.size(); ++order) {
      if (each[order] == no_row) continue;
      const Verdicts& from = of(order, row);
      const auto own = std::ranges::find(from.earlier, each[order], &Earlier::row);
      const bool noted = own != from.earlier.end();
      if (noted) sooner(earlier.kept, own->kept), sooner(earlier.missed, own->missed);
      earlier.timed &= noted && own->timed && from.settled[each[order]] == settled;
      surely &= noted && own->surely_missed.known();
      if (surely) earlier.surely_missed = std::max(earlier.surely_missed, own->surely_missed);
      // It may have come to be so in this one before it did in all.
      const Verdict verdict = from.verdict[each[order]];
      const bool done = verdict == Verdict::kept || verdict == Verdict::excused;
      const bool missed = verdict == Verdict::missed || verdict == Verdict::late;
      const Instant at = reached(order, row, each[order], missed ? Verdict::missed : verdict);
      const bool sooner_than_all = !told || at < reached_by_all(row, settled);
      if (done && sooner_than_all) sooner(earlier.kept, at);
      if (missed && sooner_than_all) sooner(earlier.missed, at);
    }
    if (!surely) earlier.surely_missed = Instant::unknown();
    if (earlier.kept.known() || earlier.missed.known() || earlier.timed) all_[row].earlier.push_back(earlier);
  }

  // What is late in all of them was missed at the deadline, where that is the same.
  Instant reached_by_all(std::size_t row, Instant settled) const {
    const Verdicts& merged = all_[row];
    const bool late = merged.verdict.back() == Verdict::late && merged.deadline.back().known();
    return late ? merged.deadline.back() : settled;
  }

  const Plan& plan_;
  const RunOrder& order_;
  const DealOrders& deal_;
  const std::vector<std::vector<Verdicts>>& said_;
  std::vector<Verdicts> all_;
  std::vector<std::map<std::uint32_t, std::uint32_t>> answered_;  // by order: its rows as rows of what is agreed
};

}  // namespace

std::vector<Verdicts> agreed(const Plan& plan, const RunOrder& order, const DealOrders& deal,
                             const std::vector<std::vector<Verdicts>>& said) {
  return Agreeing(plan, order, deal, said).all();
}

}  // namespace plumb::eval
