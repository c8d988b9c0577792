#include "eval/owned.h"

#include <algorithm>
#include <span>

#include "eval/day.h"
#include "eval/day_changes.h"

namespace plumb::eval {

namespace {

using model::SubjectKind;

// The changes of owner on one civil day: those that have a date alone stand at its start, and may have come at any
// time.
struct OfDay {
  std::vector<std::uint32_t> by_day, timed;
};

OfDay changes_on(const View& view, Instant start, Instant last) {
  OfDay found;
  const Plan& plan = view.plan();
  const history::Timeline& timeline = view.timeline();
  if (!plan.owner) return found;
  for (const std::uint32_t index : view.of_kind(plan.fields[plan.owner.index()].change_kind)) {
    if (timeline.at[index] < start || timeline.at[index] > last) continue;
    (timeline.by_day[index] != 0 ? found.by_day : found.timed).push_back(index);
  }
  return found;
}

std::uint32_t new_owner(const View& view, std::uint32_t change) {
  const Plan& plan = view.plan();
  if (view.doubtful(change)) return anybody;
  const std::int64_t to = plan.fields[plan.owner.index()].change_to->values[view.timeline().row[change]];
  return to == history::missing ? nobody : history::is_value(to) ? plan.person(to) : anybody;
}

// Whose it may have been at some time of [first, last], which are one instant or a day.
std::vector<std::uint32_t> owners(const View& view, Instant first, Instant last) {
  const time::Calendar& days = view.plan().calendars.front();
  const Instant start = days.start_of(days.day_of(first)), end = days.end_of(days.day_of(first));
  const OfDay changes = changes_on(view, start, Instant{end.micros - 1});
  std::vector<std::uint32_t> before = possible_owners(view, first), found;
  if (before.front() == anybody) return before;
  if (!changes.by_day.empty()) before = possible_owners(view, Instant{start.micros - 1});
  for (const std::uint32_t index : changes.timed) {
    const Instant at = view.timeline().at[index];
    if (at > last) break;
    if (at > first) found.insert(found.end(), before.begin(), before.end());
    before.assign(1, new_owner(view, index));
  }
  found.insert(found.end(), before.begin(), before.end());
  for (const std::uint32_t index : changes.by_day) found.push_back(new_owner(view, index));
  return found;
}

std::vector<std::uint32_t> keys_of(const View& view, std::vector<std::uint32_t> found, Instant first,
                                   SubjectKind kind) {
  if (kind == SubjectKind::company) return {0};
  const Plan& plan = view.plan();
  for (std::uint32_t& key : found) {
    if (kind == SubjectKind::team && key < anybody) key = team_key(plan, key, plan.calendars.front().day_of(first));
  }
  std::ranges::sort(found);
  const auto again = std::ranges::unique(found);
  found.erase(again.begin(), again.end());
  if (std::ranges::find(found, anybody) != found.end()) return {anybody};
  return found;
}

std::vector<std::uint32_t> keys(const View& view, Instant first, Instant last, SubjectKind kind) {
  return keys_of(view, kind == SubjectKind::company ? std::vector<std::uint32_t>() : owners(view, first, last), first, kind);
}

}  // namespace

// With a date alone it came no sooner than the deal was created.
std::vector<std::uint32_t> keys_of_owner(const View& view, const Occurrence& row, SubjectKind kind) {
  const bool of_row = row.at == view.timeline().at[row.index];
  const Instant last = of_row ? last_of(view, row.index) : row.at;
  const Instant created = view.created();
  // Whatever came on that day came after the creation.
  if (of_row && row.at == created && view.timeline().kind[row.index] == view.plan().created_kind)
    return keys_of(view, possible_owners(view, created), created, kind);
  return keys(view, created.known() && created <= last ? std::max(row.at, created) : row.at, last, kind);
}

namespace {

// Calls `take(change)` for each change of owner of which nobody knows whether it was the last before an instant, where
// it is one of several of an earlier day. Missing: false, it is not that which leaves the owner open.
template <class Take>
bool each_last(const View& view, Instant at, Take take) {
  const Plan& plan = view.plan();
  if (view.of_person() || !plan.owner || !view.by_day()) return false;
  const FieldBinding& owner = plan.fields[plan.owner.index()];
  const history::Timeline& timeline = view.timeline();
  const std::span<const std::uint32_t> changes = view.of_kind(owner.change_kind);
  const auto after = std::ranges::upper_bound(changes, at, {}, [&](std::uint32_t row) { return timeline.at[row]; });
  const bool observed = at >= owner.observed.from && at < owner.observed.until;
  if (after == changes.begin() || !timeline.at[changes.front()].known() || !observed) return false;
  const auto last = static_cast<std::size_t>(after - changes.begin()) - 1;
  for (const std::uint32_t change : may_have_come_last(view, owner, changes, last)) take(change);
  return true;
}

}  // namespace

std::vector<std::uint32_t> possible_owners(const View& view, Instant at) {
  if (view.owner_observed(at)) return {view.owner_at(at)};
  std::vector<std::uint32_t> found;
  const bool told = each_last(view, at, [&](std::uint32_t change) { found.push_back(new_owner(view, change)); });
  if (!told || std::ranges::find(found, anybody) != found.end()) return {anybody};
  std::ranges::sort(found);
  const auto again = std::ranges::unique(found);
  found.erase(again.begin(), again.end());
  return found;
}

std::vector<std::uint32_t> keys_of_owner_at(const View& view, Instant at, SubjectKind kind) {
  return keys(view, at, at, kind);
}

std::uint32_t blurs_owner(const View& view, const Occurrence& row, SubjectKind kind) {
  if (!view.by_day() || !row.at.known() || keys_of_owner(view, row, kind).size() == 1) return UINT32_MAX;
  const time::Calendar& days = view.plan().calendars.front();
  const Instant start = days.start_of(days.day_of(row.at)), end = days.end_of(days.day_of(row.at));
  const OfDay changes = changes_on(view, start, Instant{end.micros - 1});
  if (!changes.by_day.empty()) return changes.by_day.front();
  std::uint32_t last = UINT32_MAX;
  if (!view.owner_observed(row.at)) each_last(view, row.at, [&](std::uint32_t change) { last = change; });
  return last != UINT32_MAX ? last : row.index;
}

std::vector<Occurrence> of_nobody_known(const View& view, Id<model::Event> event) {
  const std::uint32_t unknown = view.plan().unknown_person;
  if (!view.of_person() || unknown == UINT32_MAX || !view.members()) return {};
  View& others = *view.members()->people;
  others.load_person(unknown);
  return others.occurrences(event);
}

}  // namespace plumb::eval
