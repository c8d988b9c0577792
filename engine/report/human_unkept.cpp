#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/escape.h"
#include "report/periods.h"
#include "report/places.h"
#include "report/sections.h"
#include "report/told.h"
#include "report/words.h"

namespace plumb::report {

namespace {

constexpr std::size_t most_not_kept_shown = 20;

/// Rows: missed and late, what settled last first; responses stand with what they respond to.
std::vector<std::size_t> not_kept_rows(const View& view) {
  const eval::Verdicts& verdicts = view.verdicts();
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    const eval::Verdict verdict = verdicts.verdict[row];
    if (view.shows(row) && view.shown_itself(row) &&
        (verdict == eval::Verdict::missed || verdict == eval::Verdict::late))
      rows.push_back(row);
  }
  const auto shown = static_cast<std::ptrdiff_t>(std::min(most_not_kept_shown, rows.size()));
  std::partial_sort(rows.begin(), rows.begin() + shown, rows.end(), [&](std::size_t a, std::size_t b) {
    if (verdicts.settled[a] != verdicts.settled[b]) return verdicts.settled[a] > verdicts.settled[b];
    return a < b;
  });
  return rows;
}

/// For each of the rows those that respond to it, the immediate remedies before what is only recorded.
std::vector<std::vector<std::size_t>> responses_to(const View& view, const std::vector<std::size_t>& rows) {
  const eval::Verdicts& verdicts = view.verdicts();
  std::map<std::size_t, std::size_t> place;
  for (std::size_t i = 0; i < rows.size(); ++i) place.emplace(rows[i], i);
  std::vector<std::vector<std::size_t>> found(rows.size());
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    const auto at = view.is_response(row) ? place.find(verdicts.responds_to[row]) : place.end();
    if (at != place.end()) found[at->second].push_back(row);
  }
  const auto only_recorded = [&](std::size_t row) { return bool(view.rule(row).responses.front().recorded_as); };
  for (std::vector<std::size_t>& of : found) {
    std::stable_partition(of.begin(), of.end(), [&](std::size_t row) { return !only_recorded(row); });
  }
  return found;
}

std::string reasons_of(const View& view, std::size_t row) {
  const eval::Verdicts& verdicts = view.verdicts();
  const auto first = verdicts.reasons.begin() + verdicts.reason_first[row];
  const auto last = verdicts.reasons.begin() + verdicts.reason_first[row + 1];
  std::vector<std::string> reasons;
  for (auto reason = first; reason != last; ++reason) {
    // How long something was not true says already that it was not.
    const auto says_more = [&](const eval::Reason& other) {
      return other.ground == eval::Ground::lapse && other.atom == reason->atom;
    };
    if (reason->ground == eval::Ground::fails && std::any_of(first, last, says_more)) continue;
    // Nobody asks what was as it should be when something was not.
    const auto explains = [](const eval::Reason& other) { return other.ground != eval::Ground::holds; };
    if (reason->ground == eval::Ground::holds && std::any_of(first, last, explains)) continue;
    if (is_told_before(verdicts, row, static_cast<std::uint32_t>(reason - verdicts.reasons.begin()))) continue;
    reasons.push_back(reason_text(view.input, *reason, verdicts.verdict[row]));
  }
  return fmt::format("{}", fmt::join(reasons, "; "));
}

/// The trigger stands first in the evidence, what exceeded a limit last: what began it, and where it is written.
std::string trigger_of(const View& view, std::size_t row) {
  const eval::Verdicts& verdicts = view.verdicts();
  if (verdicts.evidence_first[row] == verdicts.evidence_first[row + 1]) return {};
  const auto exceeded = [](const eval::Reason& reason) { return reason.ground == eval::Ground::limit_exceeded; };
  const auto reasons = verdicts.reasons.begin();
  const bool last =
      std::any_of(reasons + verdicts.reason_first[row], reasons + verdicts.reason_first[row + 1], exceeded);
  const eval::EventRef trigger =
      verdicts.evidence[last ? verdicts.evidence_first[row + 1] - 1 : verdicts.evidence_first[row]];
  const EvidenceRow evidence = evidence_row(view.input, trigger);
  std::string text(evidence.kind);
  if (const std::string_view stage = stage_moved_to(view.input, trigger); !stage.empty())
    text += fmt::format(" to {}", stage);
  if (is_date(evidence.at)) {
    text += " " + (evidence.by_day ? day_text(view, evidence.at) : minute_text(view, evidence.at));
  }
  if (const std::string where = where_text(evidence); !where.empty()) text += ", " + where;
  return text;
}

/// The day to which an obligation was settled: what is missed at the end of a day, until which it could be kept, is of
/// that day, not of the next.
std::string settled_text(const View& view, std::size_t row) {
  const time::Instant settled = view.verdicts().settled[row];
  const model::Rule& rule = view.input.rulebook.rules[view.verdicts().rule[row]];
  const bool until = rule.shape == model::Shape::after || rule.shape == model::Shape::every || rule.lapse.has_value();
  const bool late = view.verdicts().verdict[row] == eval::Verdict::late;
  const bool at_deadline = until && !late && is_date(settled) && settled == view.verdicts().deadline[row];
  return day_text(view, at_deadline ? time::Instant{settled.micros - 1} : settled);
}

/// `then: Agree the date. By ana until the end of Fri 6 Mar 2026: kept on Thu 5 Mar 2026`.
std::string response_line(const View& view, std::size_t row) {
  const eval::Verdicts& verdicts = view.verdicts();
  const std::string_view who = owed_by(view.input, row);
  const std::string& by = view.rule(row).responses.front().by;
  std::string line = fmt::format("then: {}", as_sentence(expected_of(view, row)));
  line += fmt::format(" By {} until {}: {}",
                      who.empty() ? fmt::format("the {}, whom the data does not name,", by) : std::string(who),
                      until_text(view, verdicts.deadline[row]), eval::to_text(verdicts.verdict[row]));
  const bool done = verdicts.verdict[row] == eval::Verdict::kept || verdicts.verdict[row] == eval::Verdict::late;
  return done ? fmt::format("{} on {}", line, day_text(view, verdicts.settled[row])) : line;
}

void put_not_kept_row(Page& page, const View& view, std::size_t row, const std::vector<std::size_t>& responses) {
  const bool late = view.verdicts().verdict[row] == eval::Verdict::late;
  page.line(2, {{settled_text(view, row) + ": ", Tone::plain},
                {std::string(eval::to_text(view.verdicts().verdict[row])), late ? Tone::warning : Tone::bad},
                {fmt::format(", {}{}: {}{}", name_apart(view.input.rulebook, view.verdicts().rule[row]),
                             beside_text(view.rule(row)), who_text(view.input, row), beside_period(view, row)),
                 Tone::plain}});
  std::string why = reasons_of(view, row);
  if (const std::string trigger = trigger_of(view, row); !trigger.empty()) {
    why += fmt::format("{}({})", why.empty() ? "" : " ", trigger);
  }
  page.paragraph(4, why);
  for (std::size_t response : responses) page.paragraph(4, response_line(view, response), Tone::quiet);
}

/// How many deals were asked for something, and how many of them have nothing missed or late, as it stands above, nor
/// anything that was to be done then.
void put_on_track(Page& page, const View& view) {
  const eval::Verdicts& verdicts = view.verdicts();
  enum : std::uint8_t { not_asked, on_track, off_track };
  std::vector<std::uint8_t> deals(view.input.history.deals.size(), not_asked);
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    const model::Rule& rule = view.rule(row);
    const bool counts = rule.strength == model::Strength::must && rule.subject.kind == model::SubjectKind::deal;
    if (!view.shows(row) || !counts) continue;
    const bool off = verdicts.verdict[row] == eval::Verdict::missed || verdicts.verdict[row] == eval::Verdict::late;
    std::uint8_t& deal = deals[verdicts.subject[row]];
    deal = std::max<std::uint8_t>(deal, off ? off_track : on_track);
  }
  const auto on = static_cast<std::uint64_t>(std::count(deals.begin(), deals.end(), on_track));
  const auto off = static_cast<std::uint64_t>(std::count(deals.begin(), deals.end(), off_track));
  if (on + off == 0) return;
  page.paragraph(2, fmt::format("On track, with nothing missed or late: {} of {} that a must asked something of",
                                number_text(on), count_text(on + off, "deal", "deals")));
}

/// Why a verdict without a missing fact cannot be told. What is too few is said without the number there was, which
/// differs from row to row.
std::string untold_reason(const View& view, std::size_t row) {
  const eval::Verdicts& verdicts = view.verdicts();
  for (std::uint32_t i = verdicts.reason_first[row]; i < verdicts.reason_first[row + 1]; ++i) {
    const eval::Reason& reason = verdicts.reasons[i];
    if (reason.ground != eval::Ground::too_few) continue;
    return fmt::format("fewer than the {} that the rule asks for before it judges", reason.of_amount);
  }
  return reasons_of(view, row);
}

/// What `cannot tell` misses: by the fact's numbers, which are those of the rulebook's text.
using FactKey =
    std::tuple<std::uint8_t, Id<model::Field>, Id<model::Event>, Id<model::Record>, Id<model::Target>, std::string>;

// Rates are told apart by their text: words have no order of their own. `not_over`: what had time left to come.
FactKey key_of(const View& view, const eval::Fact& fact, bool not_over) {
  const std::string text = fact.kind == eval::FactKind::rate ? fact_text(view.input, fact) : not_over ? "not over" : "";
  return {static_cast<std::uint8_t>(fact.kind), fact.field, fact.event, fact.record, fact.target, text};
}

struct Group {
  FactKey key;  // the first of those that are said in these words
  eval::Fact fact;
  bool not_over = false;
  std::uint64_t obligations = 0;
  std::map<std::uint32_t, std::uint64_t> by_rule;
};

struct Untold {
  std::vector<Group> groups;  // the most obligations first, then in the order of the keys
  std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> by_reason;  // where no fact is named: rule, reason
  std::uint64_t obligations = 0;
};

/// One of many: which member of an aggregate or whose it is makes no other fact of it.
eval::Fact of_any(eval::Fact fact) {
  fact.member = eval::no_event;
  fact.contact = eval::nobody;
  if (fact.kind != eval::FactKind::statement) fact.person = eval::nobody;
  fact.day = {};
  return fact;
}

/// What is said in the same words, and would stand in the same place, is one fact, whichever rules read it.
std::size_t group_of(const View& view, const eval::Fact& fact, bool not_over, std::vector<Group>& groups) {
  const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& other) {
    return other.not_over == not_over && fact_text(view.input, other.fact) == fact_text(view.input, fact) &&
           fact_source(view.input, other.fact) == fact_source(view.input, fact);
  });
  const auto place = static_cast<std::size_t>(same - groups.begin());
  const FactKey key = key_of(view, fact, not_over);
  if (same == groups.end()) groups.push_back({key, fact, not_over, 0, {}});
  groups[place].key = std::min(groups[place].key, key);
  return place;
}

Untold untold(const View& view) {
  const eval::Verdicts& verdicts = view.verdicts();
  Untold result;
  std::map<FactKey, std::size_t> places;
  std::vector<Group>& groups = result.groups;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    if (verdicts.verdict[row] != eval::Verdict::cannot_tell || !view.shows(row)) continue;
    ++result.obligations;
    const std::uint32_t first = verdicts.fact_first[row];
    const std::uint32_t last = verdicts.fact_first[row + 1];
    if (first == last) ++result.by_reason[{verdicts.rule[row], untold_reason(view, row)}];
    std::vector<std::size_t> of_row;
    for (std::uint32_t i = first; i < last; ++i) {
      const eval::Fact fact = of_any(verdicts.facts[i]);
      const bool not_over = may_follow_until(view.input, view.calendar, row, verdicts.facts[i]).has_value();
      const auto [known, is_new] = places.try_emplace(key_of(view, fact, not_over));
      if (is_new) known->second = group_of(view, fact, not_over, groups);
      const std::size_t place = known->second;
      if (std::find(of_row.begin(), of_row.end(), place) != of_row.end()) continue;
      of_row.push_back(place);
      ++groups[place].obligations;
      ++groups[place].by_rule[verdicts.rule[row]];
    }
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.obligations != b.obligations ? a.obligations > b.obligations : a.key < b.key;
  });
  return result;
}

void put_group(Page& page, const View& view, const Group& group) {
  const std::string source = fact_source(view.input, group.fact);
  page.line(2, {{fact_text(view.input, group.fact), Tone::strong},
                {fmt::format(": {}", count_text(group.obligations, "verdict waits for it", "verdicts wait for it")),
                 Tone::plain}});
  const std::string remedy = fact_remedy(view.input, group.fact);
  const std::string where = !remedy.empty()  ? remedy
                            : source.empty() ? "no file of this history supplies it"
                                             : fmt::format("it would stand in {}", source);
  page.paragraph(4,
                 group.not_over ? "nothing is lacking: its time was not over when the verdict was asked for" : where);
  std::vector<std::string> rules;
  for (const auto& [rule, count] : group.by_rule) {
    rules.push_back(fmt::format("{} ({})", name_apart(view.input.rulebook, rule), number_text(count)));
  }
  page.paragraph(4, fmt::format("asked by {}", fmt::join(rules, ", ")));
}

}  // namespace

void put_not_kept(Page& page, const View& view) {
  page.heading("Missed and late, newest first");
  const std::vector<std::size_t> rows = not_kept_rows(view);
  const std::size_t shown = std::min(most_not_kept_shown, rows.size());
  const auto responses = responses_to(view, {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown)});
  for (std::size_t i = 0; i < shown; ++i) put_not_kept_row(page, view, rows[i], responses[i]);
  if (rows.empty()) page.line(2, "Nothing.");
  if (rows.size() > shown) page.paragraph(2, fmt::format("and {} earlier", number_text(rows.size() - shown)));
  put_on_track(page, view);
}

void put_cannot_tell(Page& page, const View& view) {
  page.heading("What cannot be told, and what would tell it");
  const Untold found = untold(view);
  if (found.obligations == 0) page.line(2, "Everything that was asked could be told.");
  for (const Group& group : found.groups) put_group(page, view, group);
  for (const auto& [key, count] : found.by_reason) {
    const std::string rule = name_apart(view.input.rulebook, key.first);
    page.paragraph(2, fmt::format("{}, {}: {}", rule, count_text(count, "time", "times"),
                                  key.second.empty() ? "no reason is known" : key.second));
  }
}

}  // namespace plumb::report
