#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "property/twin/orders.h"

/// The order of the facts of a deal.
namespace plumb::twin {

namespace {

// Whether moves, but for one, follow from one another in some order, from where that one leads.
bool all_follow(const std::vector<Fact>& all, std::vector<std::size_t> left, std::size_t first) {
  std::erase(left, first);
  if (left.empty() || left.size() > 7) return true;
  return std::ranges::any_of(
      left, [&](std::size_t next) { return all[next].from == all[first].to && all_follow(all, left, next); });
}

// Where a deal is behind the facts so far: by the row that stands last, and what is known for certain.
struct Behind {
  State stage, known;

  void go(const Fact& move) {
    stage = move.to;
    if (move.at.known()) known = behind(move);
  }
};

// Moves of one instant and sequence follow from one another; where nobody knows where the deal was, from the first that
// says where it came from.
void chain(std::span<Fact> tied, State stage) {
  const std::vector<Fact> all(tied.begin(), tied.end());
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < all.size(); ++i) left.push_back(i);
  for (Fact& next : tied) {
    const auto goes_on = [&](std::size_t j) {
      return stage ? all[j].from == *stage : !all[j].from.empty() && all[j].from != "?";
    };
    const auto leads_on = [&](std::size_t j) { return goes_on(j) && all_follow(all, left, j); };
    auto found = std::ranges::find_if(left, leads_on);
    if (found == left.end()) found = std::ranges::find_if(left, goes_on);
    if (found == left.end()) found = left.begin();
    next = all[*found], stage = next.to;
    left.erase(found);
  }
}

void put_told(std::span<Fact> tied, Behind& so_far) {
  chain(tied, so_far.stage);
  for (const Fact& each : tied) so_far.go(each);
}

// Of moves of which some do not say from where the deal came, those with a date alone may have come in any order in
// which as few as can be contradict one another; those with a time stand in the first of these.
void put_untold(std::span<Fact> tied, Behind& so_far) {
  const auto orders = best_orders(tied, so_far.known);
  const std::vector<Fact> all(tied.begin(), tied.end());
  for (std::size_t i = 0; i < all.size() && !orders.empty(); ++i) tied[i] = all[orders.front()[i]];
  if (orders.size() == 1 || !tied.front().by_day) {
    for (const Fact& each : tied) so_far.go(each);
    return;
  }
  for (Fact& each : tied) each.any_order = true;
  so_far = {};
}

void put_moves(std::vector<Fact>& facts) {
  const auto undated = [](const Fact& fact) { return fact.of == Class::move && !fact.at.known(); };
  Behind so_far{State(""), std::ranges::any_of(facts, undated) ? State() : State("")};
  for (std::size_t i = 0, end = 0; i < facts.size(); i = end) {
    end = i + 1;
    facts[i].any_order = false;
    if (facts[i].of != Class::move) continue;
    while (end < facts.size() && facts[end].of == Class::move && facts[end].at == facts[i].at &&
           sequence_of(facts[end]) == sequence_of(facts[i])) {
      facts[end++].any_order = false;
    }
    const std::span<Fact> tied = std::span(facts).subspan(i, end - i);
    if (!facts[i].at.known() || !some_unsaid(tied, so_far.known)) {
      put_told(tied, so_far);
      continue;
    }
    // Those with a time stand before those with a date alone, which came no sooner.
    const auto dates = std::ranges::stable_partition(tied, [](const Fact& fact) { return !fact.by_day; });
    for (const std::span<Fact> part : {std::span(tied.begin(), dates.begin()), std::span(dates.begin(), dates.end())}) {
      if (part.empty()) continue;
      some_unsaid(part, so_far.known) ? put_untold(part, so_far) : put_told(part, so_far);
    }
  }
}

// Of the moves of one day, from a stage on, the latest time of those before each with a date alone, where all follow
// from one another in some order; of several orders the one in which those with a date come first.
using Latest = std::map<const Fact*, Instant>;
std::optional<Latest> follow(const std::vector<const Fact*>& dates, const std::vector<const Fact*>& times,
                             const State& stage, Instant last) {
  if (dates.empty() && times.empty()) return Latest{};
  const auto goes_on = [&](const Fact* fact) { return fact->from != "?" && (!stage || fact->from == *stage); };
  const auto without = [](std::vector<const Fact*> all, const Fact* one) {
    std::erase(all, one);
    return all;
  };
  for (const Fact* date : dates) {
    if (!goes_on(date)) continue;
    std::optional<Latest> behind = follow(without(dates, date), times, date->to, last);
    if (!behind) continue;
    (*behind)[date] = last;
    return behind;
  }
  for (const Fact* time : times) {
    const bool turn = time->at == times.front()->at && sequence_of(*time) == sequence_of(*times.front());
    if (!turn || !goes_on(time)) continue;
    if (std::optional<Latest> behind = follow(dates, without(times, time), time->to, time->at)) return behind;
  }
  return std::nullopt;
}

// Moves of one instant are put in order by what they say, one that says nothing before one that nobody can read.
auto stages_of(const Fact& fact) {
  const auto rank = [](const std::string& stage) { return stage.empty() ? 0 : stage == "?" ? 1 : 2; };
  const bool move = fact.of == Class::move;
  const std::string none;
  const std::string &from = move ? fact.from : none, &to = move ? fact.to : none;
  return std::tuple(rank(from), from, rank(to), to, move ? fact.recorded : std::nullopt);
}

// What a deal did is one fact however many rows say so; for a move and a change, whatever else stands in their rows.
bool say_the_same(const Fact& a, const Fact& b) {
  if (a.of != b.of || a.table != b.table) return false;
  if (a.of != Class::move && a.of != Class::change) return a.table->rows[a.row] == b.table->rows[b.row];
  const auto says = [](const Fact& fact) {
    return std::tuple(fact.implied, fact.name, fact.at, fact.by_day, sequence_of(fact), fact.from, fact.to,
                      fact.recorded, fact.actor, fact.source);
  };
  return says(a) == says(b);
}

void put_in_time(std::vector<Fact>& facts) {
  std::stable_sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) {
    // What has a date alone does not come before the deal was created on that day.
    const bool a_later = a.of != Class::created && a.at.known(), b_later = b.of != Class::created && b.at.known();
    return std::tuple(a_later, a.at.micros, a.of, sequence_of(a), stages_of(a), a.table->rows[a.row]) <
           std::tuple(b_later, b.at.micros, b.of, sequence_of(b), stages_of(b), b.table->rows[b.row]);
  });
  const auto is_again = [&](const Fact& fact) {
    return std::any_of(static_cast<const Fact*>(facts.data()), &fact, [&](const Fact& other) { return say_the_same(other, fact); });
  };
  std::vector<Fact> once;
  for (const Fact& fact : facts) {
    if (!is_again(fact)) once.push_back(fact);
  }
  facts = std::move(once);
  put_moves(facts);
  for (std::size_t i = 0; i < facts.size(); ++i) facts[i].order = i;
}

// A change with a date alone came no sooner than those with a time of its field and day that have a lower sequence,
// where all of that day have one.
void put_changes_behind(std::vector<Fact>& facts) {
  const std::vector<Fact> all = facts;
  for (Fact& date : facts) {
    if (date.of != Class::change || !date.by_day) continue;
    bool told = true;
    for (const Fact& other : all) {
      const bool today = other.of == Class::change && other.name == date.name && other.latest >= date.at &&
                         other.at.known() && other.at <= date.latest;
      if (today) told = told && sequence_of(other) >= 0;
    }
    Instant behind = date.at;
    for (const Fact& other : all) {
      const bool today = other.of == Class::change && other.name == date.name && !other.by_day && other.at >= date.at &&
                         other.at <= date.latest;
      if (told && today && sequence_of(other) < sequence_of(date)) behind = std::max(behind, other.at);
    }
    date.at = behind;
  }
}

// Nor does a move with the date of a creation that has a time come before that, or one from somewhere with the date
// before it.
void put_moves_behind_creation(std::vector<Fact>& facts, const Clock& days) {
  const auto created = std::ranges::find(facts, Class::created, &Fact::of);
  if (created == facts.end() || created->by_day || !created->at.known()) return;
  const Instant at = created->at;
  for (Fact& fact : facts) {
    const bool that_day = fact.by_day && fact.at < at && at <= fact.latest;
    if (fact.of == Class::move && that_day) fact.at = at;
    const Instant start = days.start_of(days.day_of(at));
    const bool said = !fact.from.empty() && fact.from != "?";
    if (fact.of != Class::move || !fact.by_day || !said || fact.latest.micros + 1 != start.micros) continue;
    fact.at = at, fact.latest = {days.start_of(days.day_of(at) + 1).micros - 1};
  }
}

}  // namespace

void put_in_order(std::vector<Fact>& facts, const Clock& days_of) {
  put_moves_behind_creation(facts, days_of);
  put_in_time(facts);
  put_changes_behind(facts);
  put_in_time(facts);
  std::set<Instant> days;
  for (bool again = true; again;) {
    again = false;
    for (const Fact& first : facts) {
      if (first.of != Class::move || !first.by_day || !days.insert(first.latest).second) continue;
      State stage = "";  // before that day
      std::vector<const Fact*> dates, times;
      for (const Fact& fact : facts) {
        if (fact.of != Class::move) continue;
        if (fact.at < first.at) stage = fact.any_order ? State() : State(fact.to);
        const bool today = fact.at >= first.at && fact.at <= first.latest;
        if (today) (fact.by_day && fact.at == first.at ? dates : times).push_back(&fact);
      }
      const auto behind = follow(dates, times, stage, Instant::unknown());
      for (Fact& fact : facts) {
        const auto found = behind ? behind->find(&fact) : Latest::const_iterator();
        if (behind && found != behind->end() && found->second.known()) fact.at = found->second, again = true;
      }
      if (again) break;
    }
    if (again) put_in_time(facts);
  }
}

}  // namespace plumb::twin
