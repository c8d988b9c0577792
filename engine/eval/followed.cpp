#include "eval/followed.h"

#include <algorithm>

#include "eval/condition.h"

namespace plumb::eval {

namespace {

using Occurrences = std::vector<Occurrence>;

const Occurrence* at_index(const Occurrences& all, std::uint32_t index) {
  const auto found = std::lower_bound(all.begin(), all.end(), index,
                                      [](const Occurrence& o, std::uint32_t wanted) { return o.index < wanted; });
  return found != all.end() && found->index == index ? &*found : nullptr;
}

Occurrences::const_iterator first_from(const Occurrences& all, Instant from) {
  return std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) { return o.at < from; });
}

}  // namespace

Followed followed(View& view, Id<model::Event> by, const Occurrence& thing) {
  Followed found;
  const Occurrences& all = view.occurrences(by);
  // One that nobody dated may have come right away.
  if (!all.empty() && !all.front().at.known()) found.possible = thing.at;
  for (auto next = first_from(all, thing.at); next != all.end() && !found.certain.known(); ++next) {
    if (next->index == thing.index) continue;
    if (next->certain) found.certain = next->at;
    if (!found.possible.known()) found.possible = next->at;
  }
  return found;
}

Stretch stretch(View& view, Id<model::Event> from, Id<model::Event> to, const Occurrence& thing) {
  const Occurrences starts = view.occurrences(from);
  const Occurrences& ends = view.occurrences(to);
  const Occurrence* start = at_index(starts, thing.index);
  if (!start && !starts.empty()) start = &starts.front();
  const Occurrence* end = at_index(ends, thing.index);
  if (!start || ends.empty()) return {};
  if (!start->at.known() || !start->certain) return {.told = false};
  if (!end || end == start) {
    auto next = first_from(ends, start->at);
    if (next != ends.end() && next->index == start->index) ++next;
    if (!ends.front().at.known()) return {.told = false};
    if (next == ends.end()) return {};
    end = &*next;
  }
  if (!end->at.known() || !end->certain) return {.told = false};
  if (end->at < start->at) return {};
  return {start->at, end->at, true};
}

Value length(const Stretch& stretch, time::Unit unit, const time::Calendar& calendar) {
  const time::Day first = calendar.day_of(stretch.from), last = calendar.day_of(stretch.until);
  switch (unit) {
    case time::Unit::minutes:
    case time::Unit::hours: return Value::of(rational(Wide{stretch.until.micros} - stretch.from.micros, 1));
    case time::Unit::working_hours: return Value::of(rational(calendar.worked(stretch.from, stretch.until), 1));
    case time::Unit::days:
    case time::Unit::weeks:
      if (!first.known() || !last.known()) return Value::unknown();
      return exact_length({last - first, time::Unit::days});
    case time::Unit::business_days:
      if (!first.known() || !last.known()) return Value::unknown();
      return exact_length({calendar.business_days_between(first + 1, last + 1), unit});
    case time::Unit::months:
    case time::Unit::quarters:
    case time::Unit::years: break;
  }
  return Value::unknown();
}

}  // namespace plumb::eval
