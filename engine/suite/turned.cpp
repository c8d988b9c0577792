#include <algorithm>

#include <fmt/format.h>

#include "report/escape.h"
#include "report/sections.h"
#include "report/words.h"
#include "suite/judge.h"

namespace plumb::suite {

namespace {

struct Telling {
  const report::Input& input;
  const report::View& view;
  const TestHistory& told;
  std::size_t row;

  const eval::Verdicts& verdicts() const { return input.evaluation.verdicts; }
};

// With its seconds, where it has some: by it a test says which one it means.
std::string exact_text(const report::View& view, time::Instant at) { return time::to_text(at, view.calendar.zone()); }

std::string when_text(const report::View& view, const report::EvidenceRow& row) {
  return row.by_day ? report::day_text(view, row.at) : exact_text(view, row.at);
}

// A line without a time of day opens it on its day. Missing: empty for an instant that cannot be told.
std::string opened_text(const Telling& t) {
  const time::Instant opened = t.verdicts().opened[t.row];
  if (!report::is_date(opened)) return {};
  const std::uint32_t first = t.verdicts().evidence_first[t.row];
  const bool shown =
      t.input.rulebook.rules[t.verdicts().rule[t.row]].trigger && first < t.verdicts().evidence_first[t.row + 1];
  const report::EvidenceRow row =
      shown ? report::evidence_row(t.input, t.verdicts().evidence[first]) : report::EvidenceRow();
  return shown && row.at == opened ? when_text(t.view, row) : exact_text(t.view, opened);
}

// opened Tue 3 Mar 2026 10:00, due by the end of Thu 5 Mar 2026
std::string clock_of(const Telling& t) {
  const eval::Verdicts& verdicts = t.verdicts();
  const model::Rule& rule = t.input.rulebook.rules[verdicts.rule[t.row]];
  const time::Instant opened = verdicts.opened[t.row], deadline = verdicts.deadline[t.row];
  std::vector<std::string> parts;
  const std::string period = report::period_name(report::calendars_of(t.input.rulebook), verdicts, rule, t.row);
  if (!period.empty()) parts.push_back(period);
  const std::string at = opened_text(t);
  parts.push_back("opened " + (at.empty() ? std::string("at an instant that cannot be told") : at));
  if (report::is_date(deadline) && deadline != opened) {
    parts.push_back("due by " + report::until_text(t.view, deadline));
  }
  const time::Instant settled = verdicts.settled[t.row];
  if (report::is_date(settled) && settled != deadline && settled != opened) {
    parts.push_back("settled " + report::minute_text(t.view, settled));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// A test has no files: what its history calls `leave.csv:2` is a line of the test, which stands beside it.
std::string without_places(const TestHistory& told, std::string text) {
  for (const Table& table : told.tables) {
    const std::string place = fmt::format(" ({}:", table.name());
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
      const std::size_t end = text.find_first_not_of("0123456789", at + place.size());
      if (end == std::string::npos || text[end] != ')') break;
      text.erase(at, end + 1 - at);
    }
  }
  return text;
}

std::vector<std::string> reasons(const Telling& t) {
  std::vector<std::string> texts;
  for (const eval::Reason& reason : reasons_of(t.verdicts(), t.row)) {
    std::string text = without_places(t.told, report::reason_text(t.input, reason, t.verdicts().verdict[t.row]));
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

/// A fact that would have to be known; what happened is told by its time.
std::string missing_text(const Telling& t, const eval::Fact& fact) {
  std::string text = report::fact_text(t.input, fact);
  if (fact.member == eval::no_event) return without_places(t.told, std::move(text));
  const report::EvidenceRow row = report::evidence_row(t.input, fact.member);
  const std::string place = fmt::format(" ({}:{})", row.file, row.line);
  const std::size_t at = text.find(place);
  if (at == std::string::npos) return text;
  return text.replace(at, place.size(), report::is_date(row.at) ? fmt::format(" ({})", when_text(t.view, row)) : "");
}

std::vector<std::string> missing(const Telling& t) {
  std::vector<std::string> texts;
  for (std::uint32_t i = t.verdicts().fact_first[t.row]; i < t.verdicts().fact_first[t.row + 1]; ++i) {
    std::string text = missing_text(t, t.verdicts().facts[i]);
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<Evidence> evidence(const Telling& t) {
  std::vector<Evidence> result;
  for (std::uint32_t i = t.verdicts().evidence_first[t.row]; i < t.verdicts().evidence_first[t.row + 1]; ++i) {
    const report::EvidenceRow row = report::evidence_row(t.input, t.verdicts().evidence[i]);
    std::string text(row.kind);
    const std::string_view stage = report::stage_moved_to(t.input, t.verdicts().evidence[i]);
    if (!stage.empty()) text += fmt::format(" to {}", stage);
    if (report::is_date(row.at)) {
      text += ", " + when_text(t.view, row);
    }
    result.push_back({t.told.origin(row.file, row.line), std::move(text)});
  }
  for (const eval::Reason& reason : reasons_of(t.verdicts(), t.row)) {
    const history::People::Leave* leave = report::leave_of(t.input, reason);
    const auto& files = t.input.history.files;
    if (!leave || leave->origin.file >= files.size()) continue;
    result.push_back({t.told.origin(files[leave->origin.file], leave->origin.line), "leave"});
  }
  return result;
}

}  // namespace

Turned turned(const Evaluated& evaluated, std::size_t row) {
  const report::Input input{evaluated.book, evaluated.told.history, evaluated.evaluation, {}, {}, false, {}};
  const report::View view{input, report::default_calendar(evaluated.book), {}};
  const Telling t{input, view, evaluated.told, row};
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  return {verdicts.verdict[row],
          verdicts.opened[row],
          verdicts.deadline[row],
          verdicts.settled[row],
          std::string(report::owed_by(input, row)),
          clock_of(t),
          reasons(t),
          missing(t),
          evidence(t)};
}

}  // namespace plumb::suite
