#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "history/who_is_there.h"
#include "report/words.h"

/// Owners who are no longer there, and facts that were written down later.
namespace plumb::doctor {

namespace {

/// Who owns deals, and since which day somebody is no longer there.
struct Owners {
  const history::Column* initial = nullptr;  // as of creation
  int changes = -1;                          // into History::kinds
  const history::Column* active = nullptr;   // of people
  eval::WordTable person;                    // by word

  explicit Owners(const history::History& history) {
    if (const int column = history.deals.column("owner"); column >= 0) {
      initial = &history.deals.columns[static_cast<std::size_t>(column)];
    }
    for (std::size_t i = 0; i < history.kinds.size(); ++i) {
      const history::Kind& kind = history.kinds[i];
      if (kind.of == history::KindClass::change && kind.name == "owner") changes = static_cast<int>(i);
    }
    active = history::who_is_there_in(history.people);
    for (std::uint32_t p = 0; p < history.people.names.size(); ++p) person.set(history.people.names.ids[p], p);
  }
};

/// The first day on which somebody is no longer there. Missing: unknown for whoever did not leave, or came back.
time::Day left_of(const Subject& subject, const Owners& owners, std::int64_t owner) {
  const std::uint32_t person = history::is_value(owner) ? owners.person[owner] : eval::WordTable::nothing;
  if (person == eval::WordTable::nothing) return time::Day::unknown();
  const history::People& people = subject.history.people;
  const time::Day left = people.left[person], joined = people.joined[person];
  return joined.known() && left.known() && joined > left ? time::Day::unknown() : left;
}

/// Whether the last that is known of somebody is that he is no longer active, and nobody says since when.
bool is_inactive(const Subject& subject, const Owners& owners, std::int64_t owner) {
  const std::uint32_t person = history::is_value(owner) ? owners.person[owner] : eval::WordTable::nothing;
  if (person == eval::WordTable::nothing || owners.active == nullptr) return false;
  const history::People& people = subject.history.people;
  std::int64_t active = history::unobserved;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    const time::Day from = people.from[row];
    if (!from.known() || subject.calendar.start_of(from) < subject.horizon) active = owners.active->values[row];
  }
  return active == 0;
}

struct Leavers {
  Finding given, open;
  std::uint64_t given_of = 0, open_of = 0;
};

void look_at_owner(const Subject& subject, const Owners& owners, std::size_t deal, Leavers& leavers) {
  const history::Timeline& events = subject.events();
  std::int64_t owner = history::unobserved;
  std::optional<std::uint32_t> since;  // the row that gave it to the owner
  bool closed = false;
  const auto give = [&](std::int64_t to, std::uint32_t event) {
    owner = to, since = event;
    if (!history::is_value(to)) return;
    ++leavers.given_of;
    const time::Day left = left_of(subject, owners, to);
    if (!left.known() || !events.at[event].known() || subject.calendar.day_of(events.at[event]) < left) return;
    ++leavers.given.count;
    add_example(leavers.given, subject.where(event), [&] {
      return fmt::format("{} belongs to `{}` from {} on, who left on {}", subject.deal(deal),
                         subject.history.words[static_cast<std::uint32_t>(to)], subject.when(event),
                         time::to_text(left));
    });
  };
  for (std::uint32_t event = events.first[deal]; event < events.first[deal + 1]; ++event) {
    if (!subject.seen(event)) continue;
    if (subject.kind(event).of == history::KindClass::created && owners.initial)
      give(owners.initial->values[deal], event);
    if (int{events.kind[event]} == owners.changes) give(subject.to(event), event);
    if (subject.is_move(event)) closed = subject.stages.closed(subject.to(event));
  }
  if (closed || !since || !history::is_value(owner)) return;
  ++leavers.open_of;
  const time::Day left = left_of(subject, owners, owner);
  const bool gone = left.known() && subject.calendar.start_of(left) < subject.horizon;
  if (!gone && (left.known() || !is_inactive(subject, owners, owner))) return;
  ++leavers.open.count;
  add_example(leavers.open, subject.where(*since), [&] {
    return fmt::format("{} still belongs to `{}`, who {}", subject.deal(deal),
                       subject.history.words[static_cast<std::uint32_t>(owner)],
                       gone ? fmt::format("left on {}", time::to_text(left)) : "is no longer active");
  });
}

// ---- recording ------------------------------------------------------------------------------------------------------

/// How late facts were written down, in microseconds, with where.
struct Lags {
  std::vector<std::pair<std::int64_t, std::string>> later;  // on a later day
  std::map<std::string, std::uint64_t> kinds;
  std::uint64_t facts = 0;  // of which both times are known
};

void measure(const Subject& subject, const history::Timeline& events, Lags& lags) {
  for (std::size_t event = 0; event < events.size(); ++event) {
    const time::Instant at = events.at[event], recorded = events.recorded[event];
    if (!at.known() || !recorded.known() || at >= subject.horizon) continue;
    ++lags.facts;
    const time::Instant end = subject.calendar.end_of(subject.calendar.day_of(at));
    if (recorded < end) continue;
    const history::Kind& kind = subject.history.kinds[events.kind[event]];
    const time::Instant from = events.by_day[event] != 0 ? end : at;
    lags.later.emplace_back(recorded.micros - from.micros, subject.where(events.origin[event]));
    ++lags.kinds[kind.of == history::KindClass::change ? fmt::format("changes of `{}`", kind.name)
                                                       : fmt::format("`{}`", kind.name)];
  }
}

/// The length that so many percent of them do not exceed: the nearest rank.
std::string length_at(const Lags& lags, std::size_t percent) {
  const std::size_t rank = (lags.later.size() * percent + 99) / 100;
  return report::length_text(lags.later[rank - 1].first);
}

}  // namespace

void look_at_people(const Subject& subject, Findings& findings) {
  const Owners owners(subject.history);
  Leavers leavers;
  for (std::size_t deal = 0; deal < subject.history.deals.size(); ++deal) look_at_owner(subject, owners, deal, leavers);
  if (Finding& found = leavers.given; found.count > 0) {
    found.kind = Kind::owner_had_left, found.of = leavers.given_of;
    found.says =
        fmt::format("{} of {}, deals came to somebody who had left by then.", report::number_text(found.count),
                    report::count_text(found.of, "time that a deal got an owner", "times that deals got an owner"));
    found.to_do =
        "Give these deals to whoever works on them, or put right the day on which the person left (`left` of people): "
        "nobody who is gone can owe anything.";
    findings.push_back(std::move(found));
  }
  if (Finding& found = leavers.open; found.count > 0) {
    found.kind = Kind::owner_left, found.of = leavers.open_of;
    found.says = fmt::format("{} of {} with an owner {} to somebody who has left or is no longer active.",
                             report::number_text(found.count), report::count_text(found.of, "open deal", "open deals"),
                             found.count == 1 ? "belongs" : "belong");
    found.to_do = "Give them to somebody who can help these buyers now, or close them.";
    findings.push_back(std::move(found));
  }
}

void look_at_recording(const Subject& subject, Findings& findings) {
  Lags lags;
  measure(subject, subject.events(), lags);
  measure(subject, subject.history.person_events, lags);
  if (lags.later.empty()) return;
  // The longest ones are the examples; of equal ones the first in the files' order of names and lines.
  std::sort(lags.later.begin(), lags.later.end());
  Finding found{Kind::backdated, {}, lags.later.size(), lags.facts, {}, {}, {}, {}};
  std::vector<std::string> kinds;
  for (const auto& [kind, count] : lags.kinds) kinds.push_back(fmt::format("{} {}", kind, report::number_text(count)));
  found.says = fmt::format(
      "{} of {} ({} %) {} recorded on a later day than that of which they tell: half of these within {}, nine of "
      "ten within {} ({}).",
      report::number_text(found.count), report::count_text(lags.facts, "fact", "facts"),
      found.count * 100 / lags.facts == 0 ? "less than 1" : std::to_string(found.count * 100 / lags.facts),
      found.count == 1 ? "was" : "were", length_at(lags, 50), length_at(lags, 90), names_text(kinds));
  found.to_do =
      "Where a rule asks that something was stated in time (`before`, `within`, `by`), what is written down later "
      "counts from "
      "then. Agree how soon things are written down; where the system copies them in later, map the time at which they "
      "were "
      "first written as `recorded`.";
  for (std::size_t i = lags.later.size(); i > 0 && found.examples.size() < most_examples; --i) {
    const auto& [lag, where] = lags.later[i - 1];
    found.examples.push_back({where, fmt::format("{} later", report::length_text(lag))});
  }
  findings.push_back(std::move(found));
}

}  // namespace plumb::doctor
