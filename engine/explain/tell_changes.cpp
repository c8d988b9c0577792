#include <algorithm>
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>

#include "explain/tell.h"
#include "explain/units.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

std::string_view source_word(history::Source source) {
  static constexpr std::array<std::string_view, 5> words{"nobody", "claim", "third_party", "buyer", "system"};
  return words[static_cast<std::size_t>(source)];
}

Owner stated_by(const history::Revision& revision) {
  using What = history::Revision::What;
  switch (revision.what) {
    case What::alters_account: return {model::OwnerKind::account};
    case What::alters_person: return {model::OwnerKind::person};
    case What::new_contact:
    case What::alters_contact: return {model::OwnerKind::contact};
    case What::happens: break;
    default: return {model::OwnerKind::deal};
  }
  if (revision.of == history::KindClass::activity) return {model::OwnerKind::activity, revision.kind};
  if (revision.of == history::KindClass::record) return {model::OwnerKind::record, revision.kind};
  return {model::OwnerKind::deal};
}

std::string with_values(const Teller& teller, const Owner& owner, const std::vector<history::Stated>& values) {
  std::string text;
  for (const history::Stated& stated : values) {
    text += fmt::format("{}{} {}", text.empty() ? " with " : " and ", stated.field,
                        field_text(teller, owner, stated.field, stated));
  }
  return text;
}

// From one instant to another; whole days are called by their names.
std::string span_text(const Teller& teller, Instant since, Instant until) {
  const time::Zone& zone = teller.view.calendar.zone();
  const auto starts_day = [&](Instant at) { return zone.start_of(zone.day_of(at)) == at; };
  if (starts_day(since) && starts_day(until)) {
    const std::string first = report::day_text(teller.view, since);
    const std::string last = report::day_text(teller.view, Instant{until.micros - 1});
    return first == last ? "on " + first : fmt::format("between {} and {}", first, last);
  }
  return fmt::format("between {} and {}", report::minute_text(teller.view, since), deadline_text(teller.view, until));
}

// When a fact has to be: just before a bound is before it.
std::string when_text(const Teller& teller, Instant at, const Bounds& bounds) {
  constexpr std::int64_t minute = 60 * time::micros_per_second;
  if (bounds.since.known() && report::is_date(bounds.until)) return span_text(teller, bounds.since, bounds.until);
  if (bounds.any_time && bounds.on_hold) return "while the deal is on hold";
  const std::int64_t just = bounds.any_time ? INT64_MAX : minute;
  const bool before = report::is_date(bounds.until) && at < bounds.until && bounds.until.micros - at.micros <= just;
  const bool literal = before && !bounds.windowed;
  return literal ? "before " + deadline_text(teller.view, bounds.until) : "at " + report::minute_text(teller.view, at);
}

// How soon something has to follow upon what `that` names: `within 2 days after that`, `after that`.
std::string soon_text(const Bounds& bounds, std::string_view that) {
  const std::int64_t hours = bounds.within / time::micros_per_hour, days = hours / 24;
  if (bounds.within == at_any_time_after) return fmt::format("after {}", that);
  return fmt::format("within {} after {}",
                     days > 0 ? report::count_text(static_cast<std::uint64_t>(days), "day", "days")
                              : report::count_text(static_cast<std::uint64_t>(hours), "hour", "hours"),
                     that);
}

// The same of what follows in a deal, and before when; what does not follow so has only its `when`.
std::string follows_text(const Teller& teller, const Bounds& bounds, bool follows, const std::string& when) {
  if (!follows || bounds.within == 0) return when;
  const bool bounded = report::is_date(bounds.until);
  return soon_text(bounds, "that") + " and " + (bounded ? "before " + deadline_text(teller.view, bounds.until) : when);
}

// Where it happens. Of people's deals one is as good as another, as far as anybody knows.
std::string about_text(const history::Revision& revision, const Bounds& bounds) {
  if (revision.subject == "new deal") return "";
  if (revision.of_person) return " about " + revision.subject;
  const bool example = bounds.example && !revision.subject.starts_with("new deal ");
  return example ? fmt::format(", for example in {},", revision.subject) : " in " + revision.subject;
}

// What happens, without when; several: that many more times.
std::string happening_text(const Teller& teller, const history::Revision& revision, const Bounds& bounds,
                           const std::string& times = {}) {
  switch (revision.of) {
    case history::KindClass::change: {
      const history::Stated& to = revision.values.front();
      const std::string from =
          revision.source == history::Source::none ? "" : fmt::format(" from {}", source_word(revision.source));
      const std::string what = fmt::format("{} of {}", revision.kind, revision.subject);
      if (to.value == history::missing) return fmt::format("{} emptied{}{}", what, from, times);
      return fmt::format("{} stated as {}{}{}", what, field_text(teller, stated_by(revision), revision.kind, to), from,
                         times);
    }
    case history::KindClass::move:
      return fmt::format("{} moved to {}{}", revision.subject, stated_text(teller, revision.values.front()), times);
    default: break;
  }
  const bool contact = revision.what == history::Revision::What::new_contact;
  const std::string what = (contact ? "contact" : revision.kind) +
                           with_values(teller, stated_by(revision), revision.values) +
                           (bounds.by_whom && !revision.actor.empty() ? " by " + revision.actor : "");
  const std::string where = about_text(revision, bounds);
  if (times.empty()) return "one more " + what + where;
  return where.starts_with(',') ? what + times + where : what + where + times;
}

// When several facts have to be, in their order: each, where there are few that do not stand together, or one statement
// after the other counts, else from the first to the last.
std::string between_text(const Teller& teller, const std::vector<Instant>& times, const Bounds& bound, bool each) {
  constexpr std::size_t most_named = 8;
  const Instant first = times.front(), last = times.back();
  if (bound.any_time && bound.on_hold) return when_text(teller, last, bound);
  if (bound.since.known() && report::is_date(bound.until)) return span_text(teller, bound.since, bound.until);
  const std::string from = report::day_text(teller.view, first), until = report::day_text(teller.view, last);
  if ((each || from != until) && times.size() <= most_named) {
    std::string named = "at ";
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (i > 0) named += i + 1 == times.size() ? " and " : ", ";
      named += report::minute_text(teller.view, times[i]);
    }
    return named;
  }
  if (from != until) return fmt::format("between {} and {}", from, until);
  const std::string before = when_text(teller, last, bound);
  if (before.starts_with("before ")) return before;
  return fmt::format("between {} and {}", report::minute_text(teller.view, first),
                     report::minute_text(teller.view, last));
}

const history::Kind& kind_of(const Teller& teller, const history::Revision& revision) {
  const history::Timeline& events = revision.of_person ? teller.history.person_events : teller.history.deal_events;
  return teller.history.kinds[events.kind[revision.index]];
}

std::string kind_name(const history::Kind& kind) {
  if (kind.of == history::KindClass::move) return "move";
  return kind.of == history::KindClass::change ? "change of " + kind.name : kind.name;
}

// Which row is altered or left out: `Thu 5 Mar 2026 10:00 (events.csv:4)`.
std::string row_text(const Teller& teller, const history::Revision& revision) {
  const FactLine line = fact_line(teller, {revision.of_person, revision.index});
  return report::minute_text(teller.view, line.at) + (line.where.empty() ? "" : " (" + line.where + ")");
}

// What one fact of a change is: `one more call with channel phone in D1 before Thu 5 Mar 2026 24:00`.
std::string revision_text(const Teller& teller, const history::Revision& revision, const Bounds& bound, bool follows) {
  using What = history::Revision::What;
  const auto row = [&] {
    return fmt::format("the {} of {}", kind_name(kind_of(teller, revision)), row_text(teller, revision));
  };
  switch (revision.what) {
    case What::happens: {
      // A value that is stated early stands as long as nobody states another.
      const bool stated = revision.of == history::KindClass::change;
      Bounds own = bound;
      own.windowed = bound.windowed && !stated;
      return fmt::format("{} {}", happening_text(teller, revision, bound),
                         follows_text(teller, bound, follows, when_text(teller, revision.at, own)));
    }
    case What::leaves_out: return row() + " not having happened";
    case What::alters: {
      const history::Kind& kind = kind_of(teller, revision);
      if (revision.values.front().field == "to") {
        return fmt::format("{} gone to {} instead", row(),
                           field_text(teller, owner_of(kind), kind.name, revision.values.front()));
      }
      return fmt::format("{}{}, stated {}", row(), with_values(teller, owner_of(kind), revision.values),
                         when_text(teller, revision.recorded, {{}, bound.until}));
    }
    case What::new_deal:
      return fmt::format("{}{}, created {}", revision.subject,
                         with_values(teller, stated_by(revision), revision.values),
                         when_text(teller, revision.at, bound));
    case What::alters_account:
      return fmt::format("the account {}{}", revision.subject,
                         with_values(teller, stated_by(revision), revision.values));
    case What::new_contact:
      return fmt::format("{} {}", happening_text(teller, revision, bound), when_text(teller, revision.at, bound));
    case What::alters_contact:
      return fmt::format("the contact {} of {}{}", revision.kind, revision.subject,
                         with_values(teller, stated_by(revision), revision.values));
    case What::no_contact: return fmt::format("{} being no contact of {}", revision.kind, revision.subject);
    case What::leaves: {
      const time::Day day{static_cast<std::int32_t>(revision.values.front().value)};
      return fmt::format("{} being with the company no more from {} on", revision.subject,
                         report::day_text(teller.view, teller.view.calendar.start_of(day)));
    }
    case What::alters_person:
      return fmt::format("{}{}", revision.subject, with_values(teller, stated_by(revision), revision.values));
  }
  return {};
}

// Several of the same, one after the other.
std::string several_text(const Teller& teller, std::span<const Revisions> units, const Bounds& bound, bool follows) {
  const Revisions& first = units.front();
  const history::Revision& what = first.front();
  std::vector<Instant> times;
  for (const Revisions& unit : units) times.push_back(unit.back().at);
  std::sort(times.begin(), times.end());
  const bool stated = what.of == history::KindClass::change;
  const std::string many = report::number_text(units.size()), when = between_text(teller, times, bound, stated);
  if (what.what != history::Revision::What::new_deal) {
    const std::string more =
        what.of == history::KindClass::activity || what.of == history::KindClass::record ? " more" : "";
    return fmt::format("{} {}", happening_text(teller, what, bound, fmt::format(", {}{} times", many, more)),
                       follows_text(teller, bound, follows, when));
  }
  std::string text = fmt::format("{} new deals{}", many, with_values(teller, stated_by(what), what.values));
  for (std::size_t i = 1; i < first.size(); ++i) {
    history::Revision fact = first[i];
    const auto moves = [&](std::size_t at) { return first[at].of == history::KindClass::move; };
    fact.subject = moves(i) ? "each" : "new deal";
    if (moves(i) && moves(i - 1)) {
      text += ", then to " + stated_text(teller, fact.values.front());
    } else {
      text += (moves(i) ? ", " : ", each with ") + happening_text(teller, fact, bound);
    }
  }
  if (first.size() > 1 && bound.within > 0) text += " " + soon_text(bound, "its creation");
  return fmt::format("{}, {}", text, when);
}

// Whether two rows of one kind are to say the same.
bool say_alike(const Teller& teller, const Revisions& a, const Revisions& b) {
  using What = history::Revision::What;
  const bool rows = a.size() == 1 && b.size() == 1 && a[0].what == What::alters && b[0].what == What::alters;
  return rows && a[0].of_person == b[0].of_person && a[0].values == b[0].values && a[0].recorded == b[0].recorded &&
         a[0].values.front().field != "to" && &kind_of(teller, a[0]) == &kind_of(teller, b[0]);
}

// `the call of … (events.csv:4) and that of … (events.csv:5), each with minutes 15, stated before …`.
std::string rows_text(const Teller& teller, std::span<const Revisions> units, const Bounds& bound) {
  const history::Revision& first = units.front().front();
  const history::Kind& kind = kind_of(teller, first);
  std::string rows = fmt::format("the {} of {}", kind_name(kind), row_text(teller, first));
  for (std::size_t i = 1; i < units.size(); ++i) {
    rows += fmt::format("{} that of {}", i + 1 == units.size() ? " and" : ",", row_text(teller, units[i].front()));
  }
  return fmt::format("{}, each{}, stated {}", rows, with_values(teller, owner_of(kind), first.values),
                     when_text(teller, first.recorded, {{}, bound.until}));
}

}  // namespace

std::vector<std::string> change_texts(const Teller& teller, const std::vector<history::Revision>& revisions,
                                      const Bounds& bound) {
  std::vector<Revisions> units = units_of(revisions);
  std::vector<std::string> texts;
  std::set<std::string> seen;
  for (std::size_t at = 0; at < units.size();) {
    const bool follows = seen.contains(units[at].front().subject);
    seen.insert(units[at].front().subject);
    std::size_t end = at + 1;
    while (end < units.size() && say_alike(teller, units[at], units[end])) ++end;
    if (end - at > 1) {
      texts.push_back(rows_text(teller, std::span(units).subspan(at, end - at), bound));
      at = end;
      continue;
    }
    while (end < units.size() && are_alike(units[at], units[end])) ++end;
    if (end - at > 1) {
      texts.push_back(several_text(teller, std::span(units).subspan(at, end - at), bound, follows));
    } else {
      // What happens in a new deal may happen there again.
      texts.push_back(revision_text(teller, units[at].front(), bound, follows));
      for (std::size_t i = units[at].size(); i > 1; --i) {
        units.insert(units.begin() + static_cast<std::ptrdiff_t>(end), {units[at][i - 1]});
      }
    }
    at = end;
  }
  return texts;
}

}  // namespace plumb::explain
