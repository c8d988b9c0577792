#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "report/words.h"

/// Rows that share an instant.
namespace plumb::doctor {

namespace {

/// What a deal has at one instant: events [first, last), those of creation left out.
struct Group {
  std::uint32_t first = 0, last = 0;
  std::uint64_t moves = 0, activities = 0;
  bool repeated = false;  // several moves, or changes of one field
  bool chained = true;    // each of these begins where the one before ended
};

Group group_at(const Subject& subject, std::uint32_t first, std::uint32_t end) {
  const history::Timeline& events = subject.events();
  Group group{first, first};
  std::map<std::uint16_t, std::uint32_t> last_of;
  for (; group.last < end && events.at[group.last] == events.at[first]; ++group.last) {
    const std::uint32_t event = group.last;
    const history::KindClass of = subject.kind(event).of;
    const bool leave = subject.kind(event).name == history::leave_start;
    group.moves += of == history::KindClass::move ? 1 : 0;
    group.activities += of == history::KindClass::activity && !leave ? 1 : 0;
    if (of != history::KindClass::move && of != history::KindClass::change) continue;
    const auto [before, fresh] = last_of.emplace(events.kind[event], event);
    if (fresh) continue;
    const std::int64_t to = subject.to(before->second), from = subject.from(event);
    group.repeated = true;
    group.chained = group.chained && history::is_value(from) && to == from;
    before->second = event;
  }
  return group;
}

struct Groups {
  Finding order, mixed;
  std::uint64_t order_rows = 0, chained = 0;
};

std::string rows_at(const Subject& subject, std::size_t deal, const Group& group) {
  std::vector<std::string> rows;
  for (std::uint32_t event = group.first; event < group.last; ++event) {
    const history::Kind& kind = subject.kind(event);
    const bool valued = kind.of == history::KindClass::move || kind.of == history::KindClass::change;
    const std::string name = kind.of == history::KindClass::move ? "stage" : kind.name;
    rows.push_back(valued ? fmt::format("{} {}", name, subject.shown(event, 1)) : kind.name);
  }
  return fmt::format("{} on {}: {}", subject.deal(deal), subject.when(group.first), names_text(rows));
}

void take(const Subject& subject, std::size_t deal, const Group& group, Groups& groups) {
  const auto says = [&] { return rows_at(subject, deal, group); };
  if (group.repeated) {
    ++groups.order.count;
    groups.order_rows += group.last - group.first;
    groups.chained += group.chained ? 1 : 0;
    add_example(groups.order, subject.where(group.first), says);
  }
  if (group.moves == 0 || group.activities == 0) return;
  ++groups.mixed.count;
  add_example(groups.mixed, subject.where(group.first), says);
}

Groups find_groups(const Subject& subject) {
  Groups groups;
  const history::Timeline& events = subject.events();
  for (std::size_t deal = 0; deal < subject.history.deals.size(); ++deal) {
    const std::uint32_t end = events.first[deal + 1];
    for (std::uint32_t event = events.first[deal]; event < end;) {
      const bool skipped =
          !events.at[event].known() || !subject.seen(event) || subject.kind(event).of == history::KindClass::created;
      const Group group = skipped ? Group{event, event + 1} : group_at(subject, event, end);
      if (group.last - group.first > 1) take(subject, deal, group, groups);
      event = group.last;
    }
  }
  return groups;
}

// ---- bulk edits -----------------------------------------------------------------------------------------------------

constexpr std::uint64_t many_deals = 10;

void find_bulk_edits(const Subject& subject, Findings& findings) {
  const history::Timeline& events = subject.events();
  std::vector<std::pair<time::Instant, std::uint32_t>> moves;  // one for each deal and instant
  for (std::size_t deal = 0; deal < subject.history.deals.size(); ++deal) {
    for (std::uint32_t event = events.first[deal]; event < events.first[deal + 1]; ++event) {
      if (!subject.is_move(event) || !subject.seen(event)) continue;
      const time::Instant at = events.at[event];
      const bool again = event > events.first[deal] && events.at[event - 1] == at && subject.is_move(event - 1);
      if (at.known() && events.by_day[event] == 0 && !again) moves.emplace_back(at, event);
    }
  }
  std::sort(moves.begin(), moves.end());
  Finding found{Kind::bulk_edit, {}, 0, moves.size(), {}, {}, {}, {}};
  std::uint64_t instants = 0;
  for (std::size_t first = 0; first < moves.size();) {
    std::size_t last = first;
    while (last < moves.size() && moves[last].first == moves[first].first) ++last;
    if (last - first >= many_deals) {
      ++instants, found.count += last - first;
      const std::uint32_t event = moves[first].second;
      add_example(found, subject.where(event), [&] {
        return fmt::format("{} deals on {}, this one to {}", last - first, subject.when(event),
                           subject.shown(event, 1));
      });
    }
    first = last;
  }
  if (found.count == 0) return;
  found.says = fmt::format(
      "{} moved together, {} or more at one and the same instant ({}): somebody changed many deals at once, "
      "or the system did.",
      deals_text(found.count), many_deals, report::count_text(instants, "such instant", "such instants"));
  found.to_do =
      "Where that was no work on the deals (a migration, a tidying up), leave these rows out of the export, in a "
      "mapping "
      "with `when`, such as by their actor.";
  findings.push_back(std::move(found));
}

}  // namespace

namespace {

std::string instants_text(std::uint64_t count) {
  return count == 1 ? "At one instant" : fmt::format("At {} instants", report::number_text(count));
}

}  // namespace

void look_at_instants(const Subject& subject, Findings& findings) {
  Groups groups = find_groups(subject);
  if (Finding& found = groups.order; found.count > 0) {
    found.kind = Kind::same_instant;
    found.says = fmt::format(
        "{} a deal has several moves, or several changes of one field ({}{}): the time does not say which came last.",
        instants_text(found.count), rows_text(groups.order_rows), found.count == 1 ? "" : " in all");
    if (groups.chained > 0) {
      found.says += fmt::format(
          " {} each begins where the one before ends, as they are read, which settles their order unless a "
          "mapping found `from` in the row before.",
          groups.chained < found.count ? fmt::format("At {} of them", report::number_text(groups.chained))
          : found.count == 1           ? "There"
                                       : "At all of them");
    }
    found.to_do =
        "A `sequence` orders such rows: a column of whole numbers, or in a mapping `sequence: file order` where the "
        "file is in "
        "the order in which things happened. If there is one already, nothing is to be done.";
    findings.push_back(std::move(found));
  }
  if (Finding& found = groups.mixed; found.count > 0) {
    found.kind = Kind::stage_with_activity;
    found.says = fmt::format(
        "{} a deal moves and something is done with it. Which came first is then read in the person's favour: "
        "for `before` it was in time.",
        instants_text(found.count));
    found.to_do =
        "If the system writes both in one go, nothing is to be done. Where a later time is the true one, export that "
        "one.";
    findings.push_back(std::move(found));
  }
  find_bulk_edits(subject, findings);
}

}  // namespace plumb::doctor
