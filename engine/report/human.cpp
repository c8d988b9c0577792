#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "history/unknown_person.h"
#include "report/escape.h"
#include "report/page.h"
#include "report/places.h"
#include "report/report.h"
#include "report/sections.h"
#include "report/told.h"
#include "report/words.h"

namespace plumb::report {

namespace {

View view_of(const Input& input) { return {input, default_calendar(input.rulebook), chosen_rules(input)}; }

std::string title_of(const model::Rulebook& rulebook) {
  if (!rulebook.title.empty()) return rulebook.title;
  return rulebook.name.empty() ? "A rulebook without a name" : rulebook.name;
}

std::string rulebook_line(const Input& input) {
  const model::Rulebook& rulebook = input.rulebook;
  std::string line = rulebook.name;
  if (!rulebook.version.empty()) line += (line.empty() ? "version " : " ") + rulebook.version;
  if (!line.empty()) line += ", ";
  return line + "from " + input.rulebook_path;
}

std::string history_line(const View& view) {
  const history::History& history = view.input.history;
  const std::size_t events = history.deal_events.size() + history.person_events.size();
  std::string line = fmt::format(
      "{}: {}, {}, {}", view.input.history_path, count_text(history.deals.size(), "deal", "deals"),
      count_text(history::count_people(history), "person", "people"), count_text(events, "event", "events"));
  if (history.extent.first.known()) {
    line += fmt::format(" from {} to {}", day_text(view, history.extent.first), day_text(view, history.extent.last));
  }
  return line;
}

/// Which clock set the horizon, and who set that clock.
std::string horizon_line(const View& view) {
  const eval::Evaluation& evaluation = view.input.evaluation;
  const std::string at = fmt::format("{}, {}", until_text(view, evaluation.horizon), view.calendar.zone().name());
  if (evaluation.horizon_from == eval::HorizonFrom::complete_until) {
    return at + ": the history is complete until then, and nothing later is judged";
  }
  if (evaluation.horizon_from == eval::HorizonFrom::known_at) {
    return at + ": the known-at, and nothing later is looked at";
  }
  if (view.input.as_of_from_history) return at + ": just after the history's last event, for nobody said as of when";
  return at + ": as asked, and nothing later is looked at";
}

void put_header(Page& page, const View& view) {
  page.heading(title_of(view.input.rulebook));
  page.paragraph(2, rulebook_line(view.input));
  page.paragraph(2, "History " + history_line(view));
  page.paragraph(2, "As of " + horizon_line(view));
  if (view.input.evaluation.known_at != time::Instant::max()) {
    page.paragraph(2, fmt::format("Known at {}: what was recorded later is left out",
                                  until_text(view, view.input.evaluation.known_at)));
  }
  if (!view.input.only_rule.empty()) page.paragraph(2, fmt::format("Only the rule {}", view.input.only_rule));
}

std::uint64_t total(const eval::Counts& counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

/// `asked 141 times: 120 kept, 12 missed, 9 due`; what never occurred is left out.
std::string counts_line(const eval::Counts& counts) {
  if (total(counts) == 0) return "nothing in this history asked for it";
  std::string line = fmt::format("asked {}:", count_text(total(counts), "time", "times"));
  const char* separator = " ";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    line += fmt::format("{}{} {}", separator, number_text(counts[i]), eval::to_text(static_cast<eval::Verdict>(i)));
    separator = ", ";
  }
  return line;
}

/// `agreed_next_step: must, right time`.
std::string kind_line(const model::Rule& rule) {
  std::string line = fmt::format("{}: {}", rule.name, model::to_text(rule.strength));
  if (rule.right != model::Right::none) line += fmt::format(", {}", model::to_text(rule.right));
  if (rule.strength != model::Strength::must) line += " (shown beside, counts for nothing)";
  return line;
}

/// What is done about a rule's verdicts: `if missed, by the owner, within 2 business days: Agree the date. (asked …)`.
/// What the rulebook says for all is left out where it was not needed.
void put_response(Page& page, const model::Rulebook& rulebook, const model::Rule& rule, const eval::Counts& counts) {
  const model::Response& response = rule.responses.front();
  const auto same = [&](const model::Response& own) { return own.verdict == response.verdict; };
  const std::vector<model::Response>& own = rulebook.rules[rule.responds_to->rule].responses;
  const bool asked = total(counts) > 0;
  if (!asked && std::none_of(own.begin(), own.end(), same)) return;
  std::string line = fmt::format("if {}, by the {}", response.verdict, response.by);
  if (response.within) line += fmt::format(", within {}", time::to_text(*response.within));
  line += fmt::format(": {}", as_agreed(response_text(rulebook, response)));
  if (asked) line += fmt::format(" ({})", counts_line(counts));
  page.paragraph(4, line);
}

/// `Governed by globex.new_business, for each person where team is "north". In force from 2026-05-01 on.`: one changed
/// for a part of its subjects stands there once for each. Missing: empty for the rulebook's own, as long in force as
/// it.
std::string version_line(const model::Rulebook& rulebook, const model::Rule& rule) {
  std::string line;
  if (!rule.governed_by.empty()) line = fmt::format("Governed by {}.", rule.governed_by);
  if (rule.effective_from && rule.effective_from != rulebook.header.effective_from) {
    line += fmt::format("{}In force from {} on.", line.empty() ? "" : " ", time::to_text(*rule.effective_from));
  }
  if (rule.effective_until) {
    line += fmt::format("{}In force for what begins before {}.", line.empty() ? "" : " ",
                        time::to_text(*rule.effective_until));
  }
  return line;
}

/// The rule's title, where it has one, in the voice of those who agreed on it; then what it asks, precisely.
void put_expectation(Page& page, const model::Rulebook& rulebook, const model::Rule& rule, const eval::Counts& counts) {
  if (!rule.title.empty()) page.paragraph(2, as_agreed(rule.title), Tone::strong);
  page.paragraph(rule.title.empty() ? 2 : 4, kind_line(rule), rule.title.empty() ? Tone::strong : Tone::plain);
  page.paragraph(4, rule.sentence);
  if (const std::string version = version_line(rulebook, rule); !version.empty()) page.paragraph(4, version);
  page.paragraph(4, counts_line(counts));
}

void put_expectations(Page& page, const View& view) {
  page.heading("What we expect of each other");
  const std::vector<model::Rule>& rules = view.input.rulebook.rules;
  const auto counts = eval::count_by_rule(view.verdicts(), rules.size());
  std::vector<std::vector<std::size_t>> responses(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].responds_to) responses[rules[i].responds_to->rule].push_back(i);
  }
  bool first = true;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!view.chosen[i] || (rules[i].responds_to && !view.alone(i))) continue;
    if (!first) page.blank();
    first = false;
    put_expectation(page, view.input.rulebook, rules[i], counts[i]);
    for (std::size_t row : responses[i]) put_response(page, view.input.rulebook, rules[row], counts[row]);
  }
  if (first) page.line(2, "This rulebook has no rule.");
}

Piece count_piece(std::uint64_t count, Tone tone) { return {number_text(count), count == 0 ? Tone::quiet : tone}; }

}  // namespace

std::string minute_text(const View& view, time::Instant at) {
  if (!is_date(at)) return "no date";
  constexpr std::int64_t minute = 60 * time::micros_per_second;
  const std::int64_t rest = (at.micros % minute + minute) % minute;
  return time::to_text(time::Instant{at.micros - rest}, view.calendar.zone());
}

std::string until_text(const View& view, time::Instant at) {
  if (!is_date(at)) return "no date";
  const time::Zone& zone = view.calendar.zone();
  const time::Day day = zone.day_of(at);
  if (zone.start_of(day) != at) return minute_text(view, at);
  return "the end of " + day_text(view, zone.start_of(day - 1));
}

std::string day_text(const View& view, time::Instant at) {
  if (!is_date(at)) return "no date";
  return day_words(view.calendar.zone().day_of(at));
}

std::string beside_text(const model::Rule& rule) {
  return rule.strength == model::Strength::must ? std::string() : fmt::format(" ({})", model::to_text(rule.strength));
}

std::string human(const Input& input, bool colour) {
  const View view = view_of(input);
  Page page(colour);
  put_header(page, view);
  put_expectations(page, view);
  put_due_next(page, view);
  put_help(page, view);
  put_not_kept(page, view);
  put_not_acted_on(page, view);
  put_cannot_tell(page, view);
  return page.take();
}

std::string human_summary(const Input& input, bool colour) {
  const View view = view_of(input);
  Page page(colour);
  put_header(page, view);
  page.blank();
  Table table;
  table.right = {false, true, true, true, true, true, true};
  table.rows.push_back({{"rule", Tone::strong}});
  for (std::size_t i = 0; i < eval::verdict_count; ++i) {
    table.rows.back().push_back({std::string(eval::to_text(static_cast<eval::Verdict>(i))), Tone::strong});
  }
  static constexpr std::array<Tone, eval::verdict_count> tones{Tone::good,  Tone::warning, Tone::bad,
                                                               Tone::plain, Tone::plain,   Tone::warning};
  const auto counts = eval::count_by_rule(view.verdicts(), input.rulebook.rules.size());
  bool any_unasked = false;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const model::Rule& rule = input.rulebook.rules[i];
    const bool unasked = total(counts[i]) == 0;
    if (!view.chosen[i] || (rule.responds_to && unasked)) continue;
    any_unasked |= unasked;
    table.rows.push_back({{name_apart(input.rulebook, i) + beside_text(rule), Tone::plain}});
    for (std::size_t verdict = 0; verdict < eval::verdict_count; ++verdict) {
      table.rows.back().push_back(unasked ? Piece{"-", Tone::quiet} : count_piece(counts[i][verdict], tones[verdict]));
    }
  }
  put_table(page, 2, table);
  if (!any_unasked) return page.take();
  page.blank();
  page.paragraph(2, "- nothing in this history asked for it: what the rule is about, or begins with, is not there");
  return page.take();
}

}  // namespace plumb::report
