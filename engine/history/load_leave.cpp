#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "history/load_finish.h"

namespace plumb::history::loading {

namespace {

// Everybody who ever owns a deal, as far as its rows say. Rows: by the deal's row.
std::vector<std::set<std::uint32_t>> owners_of(const Raw& raw) {
  std::vector<std::set<std::uint32_t>> owners(raw.deal_rows.size());
  const auto take = [&](std::uint32_t deal, std::int64_t word) {
    if (deal != nobody && is_value(word)) owners[deal].insert(static_cast<std::uint32_t>(word));
  };
  const int column = raw.deals.find("owner");
  for (std::uint32_t deal = 0; column >= 0 && deal < owners.size(); ++deal) {
    take(deal, raw.deals.columns[static_cast<std::size_t>(column)].values[deal]);
  }
  const std::uint16_t change = raw.kind_of.at({KindClass::change, "owner"});
  const RawEvents& events = raw.deal_events;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events.kind(i) != change || events.subject(i) == nobody) continue;
    for (const Column& named : raw.kinds[change].table.columns) {
      take(raw.deal_of.find(events.subject(i)), named.values[events.row(i)]);
    }
  }
  return owners;
}

// Rows that touch or overlap are one leave, which starts once: what goes on from a row that was known by then starts
// nothing. Cost: that of putting them in order.
void drop_continued(std::vector<RawLeave>& all) {
  std::sort(all.begin(), all.end(), [](const RawLeave& a, const RawLeave& b) {
    return std::tuple(a.from, a.recorded, a.to) < std::tuple(b.from, b.recorded, b.to);
  });
  // By when it was known how far leave goes, each further than all before.
  std::map<Instant, Day> reached;
  std::erase_if(all, [&](const RawLeave& leave) {
    // Where nobody knows from or until when, nobody knows what goes on from it.
    if (!leave.from.known() || !leave.to.known()) return false;
    auto later = leave.recorded.known() ? reached.upper_bound(leave.recorded) : reached.end();
    const Day before = later == reached.begin() ? Day::unknown() : std::prev(later)->second;
    if (before.known() && leave.to <= before) return true;
    later = reached.insert_or_assign(leave.recorded, leave.to).first;
    for (++later; later != reached.end() && later->second <= leave.to;) later = reached.erase(later);
    return before.known() && leave.from <= before + 1;
  });
}

struct Maker {
  Raw& raw;
  std::uint16_t kind;
  std::set<std::tuple<std::uint32_t, Instant, std::uint32_t, Instant>> made = {};

  void make(RawEvents& events, std::uint32_t subject, const RawLeave& leave) {
    if (!made.emplace(subject, leave.at, leave.word, leave.recorded).second) return;
    RawEvent event;
    event.at = leave.at;
    event.recorded = leave.recorded;
    event.subject = subject;
    event.actor = leave.word;
    event.place = leave.place;
    event.kind = kind;
    event.by_day = leave.at.known();
    event.row = raw.kinds[kind].table.rows;
    raw.kinds[kind].table.commit();
    events.push_back(event);
  }
};

}  // namespace

// A leave that starts before the deal is there is none of its owner's leaves.
void make_leave_starts(Raw& raw) {
  const auto found = raw.kind_of.find({KindClass::activity, std::string(leave_start)});
  if (found == raw.kind_of.end()) return;
  std::map<std::uint32_t, std::vector<RawLeave>> leaves;
  for (const RawLeave& leave : raw.leave) leaves[leave.word].push_back(leave);
  for (auto& [person, all] : leaves) drop_continued(all);
  Maker of_people{raw, found->second}, of_deals{raw, found->second};
  for (const auto& [person, all] : leaves) {
    for (const RawLeave& leave : all) of_people.make(raw.person_events, leave.word, leave);
  }
  const auto owners = owners_of(raw);
  for (std::uint32_t deal = 0; deal < owners.size(); ++deal) {
    const Instant created = raw.deal_events.at(raw.deal_rows[deal].created);
    constexpr std::int64_t day = 24 * time::micros_per_hour;
    for (const std::uint32_t owner : owners[deal]) {
      for (const RawLeave& leave : leaves[owner]) {
        const bool before = created.known() && leave.at.known() && leave.at.micros + day <= created.micros;
        if (!before) of_deals.make(raw.deal_events, raw.deal_rows[deal].word, leave);
      }
    }
  }
}

}  // namespace plumb::history::loading
