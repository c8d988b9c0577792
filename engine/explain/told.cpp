#include "explain/told.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "explain/people.h"
#include "explain/span.h"

namespace plumb::explain {

namespace {

using What = history::Revision::What;
constexpr std::int64_t hour = time::micros_per_hour, day = 24 * hour;

bool is_put(const history::Revision& r) {
  return r.what == What::happens || r.what == What::new_deal || r.what == What::new_contact;
}

// The facts that are put, by the deal or person that they are about, and in the order in which they happen.
using Groups = std::vector<std::vector<std::size_t>>;

Groups groups_of(const Revisions& revisions) {
  std::map<std::pair<bool, std::string>, std::size_t> seen;
  Groups groups;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    if (!is_put(revisions[i])) continue;
    const auto [at, added] = seen.emplace(std::pair(revisions[i].of_person, revisions[i].subject), groups.size());
    if (added) groups.emplace_back();
    groups[at->second].push_back(i);
  }
  for (std::vector<std::size_t>& group : groups) {
    std::stable_sort(group.begin(), group.end(), [&](std::size_t a, std::size_t b) {
      const bool begins_a = revisions[a].what == What::new_deal, begins_b = revisions[b].what == What::new_deal;
      return begins_a != begins_b ? begins_a : revisions[a].at < revisions[b].at;
    });
  }
  return groups;
}

// Where the first fact of each group and those that follow are put.
enum class Where : std::uint8_t {
  all_first,
  all_last,
  stretched,
  begun_early,    // as stretched, and of a new deal what follows upon its creation as well
  late_that_day,  // as stretched, from the end of the first day on: what days are counted from may be any time of day
  turned,
  first_ones_early,
  first_ones_late
};

struct Placing {
  const Case& c;
  eval::Verdict was;
  const Found& found;
  Groups groups;
  Instant first, until;
  std::size_t attempts;

  // `within`: how soon what follows in a deal follows upon its first fact; 0: anywhere.
  Revisions placed(Where where, std::int64_t within) const {
    Revisions moved = found.revisions;
    std::size_t all = 0, number = 0;
    for (const auto& group : groups) all += group.size();
    const auto count = static_cast<std::int64_t>(all);
    const std::int64_t step =
        std::clamp<std::int64_t>((until.micros - first.micros) / (4 * count + 4), 1, time::micros_per_second);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const bool stretched = where == Where::stretched || where == Where::begun_early || where == Where::late_that_day;
      const bool early = where == Where::all_first || stretched || (where == Where::first_ones_early && g % 2 == 0) ||
                         (where == Where::first_ones_late && g % 2 == 1);
      Instant leads;
      for (std::size_t i = 0; i < groups[g].size(); ++i, ++number) {
        const auto place = static_cast<std::int64_t>(number);
        const bool begins = found.revisions[groups[g].front()].what == What::new_deal;
        const bool at_start = where == Where::turned ? i > 0 && !begins
                                                     : early && (i == 0 || !stretched ||
                                                                 (where == Where::begun_early && begins && i == 1));
        const Instant last{until.micros - (count - place) * step};
        Instant at = at_start ? Instant{first.micros + place * step} : last;
        if (i == 0 && where == Where::late_that_day) at = std::min(Instant{at.micros + day - 1}, last);
        if (i == 0) leads = at;
        if (i > 0 && within > 0 && !(at_start && where == Where::begun_early))
          at = std::min(last, Instant{leads.micros + within - (count - place) * step});
        if (i > 0 && within > 0 && where == Where::all_first)
          at = Instant{leads.micros + static_cast<std::int64_t>(i) * step};
        history::Revision& r = moved[groups[g][i]];
        r.recorded.micros += at.micros - r.at.micros;
        r.at = at;
      }
    }
    return moved;
  }

  bool keeps(Where where, std::int64_t within) {
    if (attempts == 0) return false;
    --attempts;
    return explain::keeps(c, was, evaluate(c, history::revised(c.part, placed(where, within)), found.as_of),
                          found.before);
  }

  bool follows() const {
    return std::any_of(groups.begin(), groups.end(), [](const auto& group) { return group.size() > 1; });
  }
  // Several of the same in one deal have no order.
  bool may_be_turned() const {
    return std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
      const history::Revision& leads = found.revisions[group.front()];
      return leads.what != What::new_deal && std::any_of(group.begin() + 1, group.end(), [&](std::size_t i) {
               const history::Revision& other = found.revisions[i];
               return other.kind != leads.kind || other.of != leads.of || other.values != leads.values;
             });
    });
  }

  bool keeps_anywhere(std::int64_t within) {
    std::vector<Where> all{Where::all_first, Where::all_last};
    if (follows()) all.insert(all.end(), {Where::stretched, Where::begun_early, Where::late_that_day});
    if (within == 0 && may_be_turned()) all.push_back(Where::turned);
    if (groups.size() > 1) all.insert(all.end(), {Where::first_ones_early, Where::first_ones_late});
    return std::all_of(all.begin(), all.end(), [&](Where where) { return keeps(where, within); });
  }
};

// How soon one thing has to follow upon another, as the rule says, in microseconds.
void add_said(const model::Rulebook& book, Id<model::Expr> id, std::vector<std::int64_t>& spans) {
  if (!id) return;
  const model::Expr& expr = book.exprs[id];
  if (expr.measure) add_said(book, book.measures[expr.measure].value, spans);
  if (expr.aggregate && expr.aggregate->followed_within) {
    const time::Duration within = *expr.aggregate->followed_within;
    switch (within.unit) {
      case time::Unit::minutes: spans.push_back(within.count * hour / 60); break;
      case time::Unit::hours:
      case time::Unit::working_hours: spans.push_back(within.count * hour); break;
      case time::Unit::days:
      case time::Unit::business_days: spans.push_back(within.count * day); break;
      case time::Unit::weeks: spans.push_back(within.count * 7 * day); break;
      default: break;
    }
  }
  for (const Id<model::Expr> arg : expr.args) add_said(book, arg, spans);
}

// From when on something may be put where the facts are.
Instant room_of(const Case& c, eval::Verdict was, const Revisions& revisions) {
  Instant room = was == eval::Verdict::due ? c.options.as_of : Instant::unknown();
  for (const history::Revision& r : revisions) {
    if (is_put(r) && r.what != What::new_deal && !r.of_person) room = std::max(room, begin_of(c.part, r.subject));
  }
  return room;
}

}  // namespace

Told told_of(const Case& c, eval::Verdict was, Found& found, Instant from, Instant bound, std::size_t attempts) {
  const bool still = was == eval::Verdict::due;
  const bool bounded = bound.known() && bound != Instant::max();
  // Whoever owes it may be gone by then.
  const auto keeps_at_the_end = [&] {
    Placing late{c, was, found, groups_of(found.revisions), c.options.as_of, bound, 1};
    return late.groups.empty() || late.keeps(Where::all_last, 0);
  };
  const bool any_time = still && may_begin_at(c, was, found, c.options.as_of) && (!bounded || keeps_at_the_end());
  Told told;
  if (any_time || (still && !bounded)) {
    told.until = bound;
  } else {
    const Span span = span_of(c, was, found, still ? std::max(from, c.options.as_of) : from, bound, attempts);
    told.since = span.since, told.until = span.until;
    if (still && told.since.known()) told.since = std::max(told.since, c.options.as_of);
  }
  told.any_time = any_time;
  // Facts that do not stand together may be anywhere as well.
  const bool stated = std::ranges::any_of(found.revisions, [](const history::Revision& r) {
    return r.what == What::happens && r.of == history::KindClass::change;
  });
  const bool loose = !told.until.known() && bounded;
  if (loose) {
    told.until = bound;
    if (from.known() && !stated) told.since = std::max(from, room_of(c, was, found.revisions));
  }
  Placing placing{
      c, was, found, groups_of(found.revisions), told.since, told.until, std::max<std::size_t>(attempts, 8)};
  if (!told.since.known()) placing.first = room_of(c, was, found.revisions);
  std::size_t facts = 0;
  for (const auto& group : placing.groups) facts += group.size();
  if (facts < 2) return facts == 0 || loose ? Told{} : told;
  if (!told.until.known() || told.until == Instant::max()) return told;
  // Where nothing says since when, they are told to be before an instant, and tried as early as they are.
  if (!placing.first.known() || placing.first >= placing.until) {
    for (const history::Revision& r : found.revisions) {
      if (is_put(r)) placing.first = placing.first.known() ? std::min(placing.first, r.at) : r.at;
    }
  }
  if (placing.keeps_anywhere(0)) return told;
  std::vector<std::int64_t> spans;
  add_said(c.book, c.book.rules[c.rule].expect, spans);
  spans.insert(spans.end(), {at_any_time_after, 30 * day, 14 * day, 7 * day, 3 * day, 2 * day, day, 12 * hour, 6 * hour,
                             3 * hour, 2 * hour, hour});
  for (const std::int64_t within : spans) {
    if (!placing.follows() || (within < at_any_time_after && within > placing.until.micros - placing.first.micros))
      continue;
    const std::int64_t so_long = std::min(within, placing.until.micros - placing.first.micros);
    if (!placing.keeps_anywhere(so_long)) continue;
    told.within = within;
    return told;
  }
  return {};
}

}  // namespace plumb::explain
