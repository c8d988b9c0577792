#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "report/escape.h"
#include "report/places.h"
#include "report/sections.h"
#include "report/told.h"
#include "report/words.h"

namespace plumb::report {

namespace {

/// How one of those who owe fared with one rule.
struct Tally {
  std::uint64_t settled = 0;   // kept, late, missed
  std::uint64_t not_kept = 0;  // late, missed
};

/// Who owes something, in one number: a person; and where the data names none, the team or company whose it is. In the
/// order of these kinds, and then in that of the history, which is the byte order of their ids.
constexpr unsigned debtor_bits = 30;
std::uint32_t debtor(model::SubjectKind kind, std::uint32_t id) {
  return static_cast<std::uint32_t>(kind) << debtor_bits | id;
}

/// Rows: by debtor, then by rule.
using Tallies = std::map<std::pair<std::uint32_t, std::uint32_t>, Tally>;

struct Found {
  Tallies tallies;
  std::uint64_t nobodys = 0;  // not kept, of a must, and the data does not say who owed it
};

/// Each rule numbers the teams anew: the first number of those that have the name.
std::uint32_t number_of_team(const eval::Verdicts& verdicts, std::uint32_t team) {
  const std::vector<std::string>& teams = verdicts.teams;
  return static_cast<std::uint32_t>(std::find(teams.begin(), teams.end(), teams[team]) - teams.begin());
}

/// Missing: nullopt where the data does not say who owes what is about a deal or a person.
std::optional<std::uint32_t> debtor_of(const View& view, std::size_t row) {
  const std::uint32_t person = view.verdicts().owed_by[row];
  if (person != eval::nobody) return debtor(model::SubjectKind::person, person);
  const model::SubjectKind kind = view.rule(row).subject.kind;
  if (kind == model::SubjectKind::company) return debtor(kind, 0);
  if (kind == model::SubjectKind::team)
    return debtor(kind, number_of_team(view.verdicts(), view.verdicts().subject[row]));
  return std::nullopt;
}

std::string debtor_name(const View& view, std::uint32_t of) {
  const std::uint32_t id = of & ((1U << debtor_bits) - 1);
  switch (static_cast<model::SubjectKind>(of >> debtor_bits)) {
    case model::SubjectKind::company: return "the company";
    case model::SubjectKind::team: return fmt::format("the team {}", view.verdicts().teams[id]);
    default: return std::string(person_name(view.input, id));
  }
}

Found tally(const View& view) {
  const eval::Verdicts& verdicts = view.verdicts();
  std::unordered_map<std::uint64_t, Tally> by_key;
  Found found;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    const eval::Verdict verdict = verdicts.verdict[row];
    const bool late = verdict == eval::Verdict::late, not_kept = eval::counts_as_missed(view.rule(row), verdict);
    if (!view.shows(row) || (verdict != eval::Verdict::kept && !late && !not_kept)) continue;
    const std::optional<std::uint32_t> who = debtor_of(view, row);
    if (!who) {
      found.nobodys += not_kept && view.rule(row).strength == model::Strength::must ? 1 : 0;
      continue;
    }
    Tally& t = by_key[std::uint64_t{*who} << 32 | verdicts.rule[row]];
    ++t.settled;
    t.not_kept += not_kept ? 1 : 0;
  }
  for (const auto& [key, t] : by_key) {
    if (t.not_kept == 0) continue;
    found.tallies.emplace(std::pair{static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key)}, t);
  }
  return found;
}

/// `weekly_report (3 of 52)`, `phone_first (2 of 4, a should)`.
std::string tally_text(const model::Rulebook& rulebook, std::uint32_t row, const Tally& t) {
  const model::Rule& rule = rulebook.rules[row];
  const bool must = rule.strength == model::Strength::must;
  return fmt::format("{} ({} of {}{}{})", name_apart(rulebook, row), number_text(t.not_kept), number_text(t.settled),
                     must ? "" : ", a ", must ? "" : model::to_text(rule.strength));
}

/// Where the lines of a debtor stand: the three rights, then what names no right, the responses, then what counts for
/// nothing.
constexpr std::array<std::string_view, 6> places{
    "the right thing", "the right way", "the right time", "the process", "what was agreed to be done then", "beside"};
std::size_t place_of(const model::Rule& rule) {
  if (rule.strength != model::Strength::must) return 5;
  if (rule.responds_to) return 4;
  return rule.right == model::Right::none ? 3 : static_cast<std::size_t>(rule.right) - 1;
}

void put_debtor(Page& page, const View& view, Tallies::const_iterator first, Tallies::const_iterator last) {
  std::array<std::vector<std::string>, places.size()> texts;
  for (auto it = first; it != last; ++it) {
    const model::Rule& rule = view.input.rulebook.rules[it->first.second];
    texts[place_of(rule)].push_back(tally_text(view.input.rulebook, it->first.second, it->second));
  }
  page.line(2, {{debtor_name(view, first->first.first), Tone::strong}});
  for (std::size_t place = 0; place + 1 < places.size(); ++place) {
    if (texts[place].empty()) continue;
    page.paragraph(4, fmt::format("help with {}: {}", places[place], fmt::join(texts[place], ", ")));
  }
  if (texts.back().empty()) return;
  page.paragraph(4, fmt::format("beside, and counting for nothing: {}", fmt::join(texts.back(), ", ")), Tone::quiet);
}

/// The responses to a miss that the rulebook names for a rule, else those it names for every must.
std::vector<const model::Response*> agreed_help(const model::Rulebook& rulebook, const model::Rule& rule) {
  std::vector<const model::Response*> found;
  for (const std::vector<model::Response>* list : {&rule.responses, &rulebook.responses}) {
    for (const model::Response& response : *list) {
      if (response.verdict == "missed" && !response.text.empty()) found.push_back(&response);
    }
    if (!found.empty()) break;
  }
  return found;
}

/// What was agreed to do about it, once for each text: a rulebook's default would else be said for every rule.
void put_agreed_help(Page& page, const View& view, const std::vector<bool>& needed) {
  std::vector<std::pair<std::string, std::string>> lines;  // what is to be done, the rules
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i] || view.input.rulebook.rules[i].responds_to) continue;
    const model::Rule& rule = view.input.rulebook.rules[i];
    for (const model::Response* response : agreed_help(view.input.rulebook, rule)) {
      std::string text = as_sentence(as_agreed(response->text));
      if (!response->by.empty()) text += fmt::format(" By the {}", response->by);
      if (!response->by.empty() && response->within) text += fmt::format(", within {}", to_text(*response->within));
      if (!response->by.empty()) text += '.';
      const auto same = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.first == text; });
      if (same == lines.end()) {
        lines.emplace_back(std::move(text), name_apart(view.input.rulebook, i));
      } else {
        same->second += ", " + name_apart(view.input.rulebook, i);
      }
    }
  }
  if (lines.empty()) return;
  page.blank();
  page.line(2, "What we agreed to do then");
  for (const auto& [text, rules] : lines) page.paragraph(4, fmt::format("{}: {}", rules, text));
}

}  // namespace

void put_help(Page& page, const View& view) {
  page.heading("Who needs help, with what");
  const Found found = tally(view);
  std::vector<bool> needed(view.input.rulebook.rules.size(), false);
  const auto is_must = [&](const auto& entry) {
    return view.input.rulebook.rules[entry.first.second].strength == model::Strength::must;
  };
  std::uint64_t debtors = 0;
  if (std::any_of(found.tallies.begin(), found.tallies.end(), is_must)) {
    page.paragraph(2,
                   "By name. In brackets: how often it was missed or late, of how often it was asked and is settled.",
                   Tone::quiet);
  }
  for (auto first = found.tallies.begin(); first != found.tallies.end();) {
    const auto last = found.tallies.lower_bound({first->first.first + 1, 0});
    // What a should or a trial asks is said beside what a must asks, and never puts anybody on this list.
    if (std::any_of(first, last, is_must)) {
      put_debtor(page, view, first, last);
      ++debtors;
      for (auto it = first; it != last; ++it) needed[it->first.second] = needed[it->first.second] || is_must(*it);
    }
    first = last;
  }
  if (debtors == 0) page.line(2, "Nobody: what was asked of a person by name was done in time.");
  if (found.nobodys > 0) {
    page.paragraph(2, fmt::format("{} not as agreed, and the data does not say who owed it",
                                  count_text(found.nobodys, "time something was", "times something was")));
  }
  put_agreed_help(page, view, needed);
}

}  // namespace plumb::report
