#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "report/escape.h"
#include "report/places.h"
#include "report/report.h"
#include "report/rows.h"
#include "report/words.h"

namespace plumb::report {

namespace {

// RFC 4180 ends every row so, the last one too.
constexpr std::string_view end_of_row = "\r\n";

void append_reasons(Buffer& out, const Input& input, std::size_t row, ReasonTexts& texts) {
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  append_csv_of(out, [&] {
    for (std::uint32_t i = verdicts.reason_first[row]; i < verdicts.reason_first[row + 1]; ++i) {
      if (is_told_before(verdicts, row, i)) continue;
      if (i != verdicts.reason_first[row]) append(out, "; ");
      append(out, texts(verdicts.reasons[i], verdicts.verdict[row]));
    }
  });
}

/// `amount (deals.csv, column value); next_step_on`.
std::string missing_cell(const Input& input, const time::Calendar& calendar, std::size_t row) {
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  std::string cell;
  for (std::uint32_t i = verdicts.fact_first[row]; i < verdicts.fact_first[row + 1]; ++i) {
    if (!cell.empty()) cell += "; ";
    const eval::Fact& fact = verdicts.facts[i];
    cell += fact_text(input, fact);
    if (const std::optional<time::Instant> until = may_follow_until(input, calendar, row, fact)) {
      cell += fmt::format(" ({})", not_over_text(input, *until, time::to_text_utc(*until)));
      continue;
    }
    const std::string from = fact_source(input, fact), would = fact_remedy(input, fact);
    if (!from.empty() || !would.empty()) cell += fmt::format(" ({})", would.empty() ? from : would);
  }
  return cell;
}

/// `2026-03-03T15:00:00Z meeting events.csv:12; …`.
void append_evidence(Buffer& out, const Input& input, const Calendars& calendars, std::size_t row) {
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  append_csv_of(out, [&] {
    for (std::uint32_t i = verdicts.evidence_first[row]; i < verdicts.evidence_first[row + 1]; ++i) {
      const EvidenceRow evidence = evidence_row(input, verdicts.evidence[i]);
      if (i != verdicts.evidence_first[row]) append(out, "; ");
      append_utc(out, evidence.at);
      if (is_date(evidence.at)) out.push_back(' ');
      append(out, evidence.kind);
      if (!evidence.file.empty()) out.push_back(' ');
      append_where(out, evidence);
    }
    bool first = verdicts.evidence_first[row] == verdicts.evidence_first[row + 1];
    for (std::uint32_t i = verdicts.reason_first[row]; i < verdicts.reason_first[row + 1]; ++i) {
      const history::People::Leave* leave = leave_of(input, verdicts.reasons[i]);
      if (!leave) continue;
      if (!first) append(out, "; ");
      first = false;
      append_utc(out, leave->from.known() ? calendars.front().start_of(leave->from) : time::Instant::unknown());
      append(out, " leave");
      if (leave->origin.file >= input.history.files.size()) continue;
      append(out, fmt::format(" {}:{}", input.history.files[leave->origin.file], leave->origin.line));
    }
  });
}

/// The rule, the opening of its obligation, and the number of the clause. Missing: empty cells for what is no response.
void append_responds_to(Buffer& out, const Input& input, const model::Rule& rule, std::size_t row) {
  if (!rule.responds_to) return append(out, ",,,");
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  const std::uint32_t to = verdicts.responds_to[row];
  out.push_back(',');
  append_csv(out, input.rulebook.rules[verdicts.rule[to]].name);
  out.push_back(',');
  append_utc(out, verdicts.opened[to]);
  append(out, fmt::format(",{}", rule.responds_to->clause));
}

/// Columns that only some rulebooks have. They depend on the rulebook alone, so that it always gives the same.
struct Columns {
  bool strengths = false;
  bool responses = false;
  bool versions = false;
};
Columns columns_of(const model::Rulebook& rulebook) {
  Columns columns;
  for (const model::Rule& rule : rulebook.rules) {
    columns.strengths |= rule.strength != model::Strength::must;
    columns.responses |= rule.responds_to.has_value();
    columns.versions |= !rule.governed_by.empty() || rule.effective_from || rule.effective_until;
  }
  return columns;
}

void append_strength(Buffer& out, const model::Rule& rule) {
  out.push_back(',');
  append(out, model::to_text(rule.strength));
}

void append_version(Buffer& out, const model::Rule& rule) {
  out.push_back(',');
  append_csv(out, rule.governed_by);
  out.push_back(',');
  if (rule.effective_from) append(out, time::to_text(*rule.effective_from));
}

/// What is to be done. Missing: an empty cell for what is no response.
void append_text(Buffer& out, const View& view, const model::Rule& rule, std::size_t row) {
  out.push_back(',');
  if (rule.responds_to) append_csv(out, filled(view, rule.responses.front().text, row));
}

void append_obligation(Buffer& out, const View& view, const Calendars& calendars, const Columns& columns,
                       std::size_t row, ReasonTexts& texts) {
  const Input& input = view.input;
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  const model::Rule& rule = input.rulebook.rules[verdicts.rule[row]];
  append_csv(out, rule.name);
  out.push_back(',');
  append_csv(out, subject_of(input, row));
  out.push_back(',');
  append_csv(out, owed_by(input, row));
  out.push_back(',');
  append_csv(out, right_word(rule.right));
  out.push_back(',');
  append_utc(out, verdicts.opened[row]);
  out.push_back(',');
  append_utc(out, verdicts.deadline[row]);
  out.push_back(',');
  append_csv(out, eval::to_text(verdicts.verdict[row]));
  out.push_back(',');
  append_utc(out, verdicts.settled[row]);
  out.push_back(',');
  append_csv(out, period_name(calendars, verdicts, rule, row));
  out.push_back(',');
  append_reasons(out, input, row, texts);
  out.push_back(',');
  if (verdicts.fact_first[row] != verdicts.fact_first[row + 1])
    append_csv(out, missing_cell(input, calendars.front(), row));
  out.push_back(',');
  append_evidence(out, input, calendars, row);
  if (columns.strengths) append_strength(out, rule);
  if (columns.responses) append_responds_to(out, input, rule, row);
  if (columns.versions) append_version(out, rule);
  if (columns.responses) append_text(out, view, rule, row);
  append(out, end_of_row);
}

}  // namespace

std::string csv(const Input& input) {
  const Calendars calendars = calendars_of(input.rulebook);
  const View view{input, default_calendar(input.rulebook), {}};
  Buffer out = "rule,subject,owed_by,right,opened,deadline,verdict,settled,period,reasons,missing,evidence";
  const Columns columns = columns_of(input.rulebook);
  if (columns.strengths) append(out, ",strength");
  if (columns.responses) append(out, ",responds_to,responds_to_opened,clause");
  if (columns.versions) append(out, ",governed_by,effective_from");
  if (columns.responses) append(out, ",text");
  append(out, end_of_row);
  append_rows(out, input, [&](Buffer& part, std::size_t row, ReasonTexts& texts) {
    append_obligation(part, view, calendars, columns, row, texts);
  });
  return out;
}

std::string csv_summary(const Input& input) {
  const std::vector<bool> chosen = chosen_rules(input);
  const auto counts = eval::count_by_rule(input.evaluation.verdicts, input.rulebook.rules.size());
  Buffer out = "rule,kept,late,missed,due,excused,cannot_tell";
  const std::vector<model::Rule>& rules = input.rulebook.rules;
  const bool versions = std::any_of(rules.begin(), rules.end(), [](const model::Rule& r) { return r.same_as; });
  const bool strengths = columns_of(input.rulebook).strengths;
  if (strengths) append(out, ",strength");
  if (versions) append(out, ",governed_by,effective_from");
  append(out, end_of_row);
  for (std::size_t rule = 0; rule < counts.size(); ++rule) {
    if (!chosen[rule]) continue;
    append_csv(out, input.rulebook.rules[rule].name);
    for (const std::uint64_t count : counts[rule]) append(out, fmt::format(",{}", count));
    if (strengths) append_strength(out, rules[rule]);
    if (versions) append_version(out, rules[rule]);
    append(out, end_of_row);
  }
  return out;
}

}  // namespace plumb::report
