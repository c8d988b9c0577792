#include <array>
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

/// In the order of the enumeration of verdicts.
constexpr std::array<std::string_view, eval::verdict_count> summary_keys{"kept", "late",    "missed",
                                                                         "due",  "excused", "cannot_tell"};
static_assert(static_cast<int>(eval::Verdict::cannot_tell) == 5 && static_cast<int>(eval::Verdict::due) == 3);

/// A string. Missing: null for an empty one.
void append_or_null(Buffer& out, std::string_view text) {
  if (text.empty()) return append(out, "null");
  append_json(out, text);
}

void append_period(Buffer& out, const Calendars& calendars, const eval::Verdicts& verdicts, const model::Rule& rule,
                   std::size_t row) {
  const time::Interval period = verdicts.period[row];
  if (!is_date(period.from) || !is_date(period.until)) return append(out, "null");
  append(out, "{\"name\":");
  append_or_null(out, period_name(calendars, verdicts, rule, row));
  append(out, ",\"from\":");
  append_json(out, period.from);
  append(out, ",\"until\":");
  append_json(out, period.until);
  out.push_back('}');
}

void append_reasons(Buffer& out, const Input& input, std::size_t row, ReasonTexts& texts) {
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  for (std::uint32_t i = verdicts.reason_first[row]; i < verdicts.reason_first[row + 1]; ++i) {
    if (is_told_before(verdicts, row, i)) continue;
    if (i != verdicts.reason_first[row]) out.push_back(',');
    append_json(out, texts(verdicts.reasons[i], verdicts.verdict[row]));
  }
}

void append_missing(Buffer& out, const Input& input, const time::Calendar& calendar, std::size_t row) {
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  for (std::uint32_t i = verdicts.fact_first[row]; i < verdicts.fact_first[row + 1]; ++i) {
    append(out, i == verdicts.fact_first[row] ? "{\"fact\":" : ",{\"fact\":");
    append_json(out, fact_text(input, verdicts.facts[i]));
    append(out, ",\"from\":");
    const std::optional<time::Instant> until = may_follow_until(input, calendar, row, verdicts.facts[i]);
    append_or_null(out, until ? std::string() : fact_source(input, verdicts.facts[i]));
    const std::string would =
        until ? not_over_text(input, *until, time::to_text_utc(*until)) : fact_remedy(input, verdicts.facts[i]);
    if (!would.empty()) {
      append(out, ",\"would\":");
      append_json(out, would);
    }
    out.push_back('}');
  }
}

/// The names of kinds and files, which are in every row of evidence, as JSON strings; those of files are left open for
/// a line.
struct Names {
  explicit Names(const history::History& history) {
    for (const history::Kind& kind : history.kinds) append_json(kinds.emplace_back(), kind.name);
    for (const std::string& file : history.files) {
      append_json(files.emplace_back(), file);
      files.back().back() = ':';
    }
  }
  std::vector<std::string> kinds, files;
};

void append_leave(Buffer& out, const Calendars& calendars, const Names& names, const history::People::Leave& leave) {
  append(out, "{\"at\":");
  append_json(out, leave.from.known() ? calendars.front().start_of(leave.from) : time::Instant::unknown());
  append(out, ",\"kind\":\"leave\",\"where\":");
  if (leave.origin.file >= names.files.size()) return append(out, "null}");
  append(out, names.files[leave.origin.file]);
  append(out, fmt::format("{}\"}}", leave.origin.line));
}

void append_evidence(Buffer& out, const Input& input, const Calendars& calendars, const Names& names, std::size_t row) {
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  for (std::uint32_t i = verdicts.evidence_first[row]; i < verdicts.evidence_first[row + 1]; ++i) {
    const EvidenceRow evidence = evidence_row(input, verdicts.evidence[i]);
    append(out, i == verdicts.evidence_first[row] ? "{\"at\":" : ",{\"at\":");
    append_json(out, evidence.at);
    append(out, ",\"kind\":");
    append(out, names.kinds[evidence.kind_number]);
    append(out, ",\"where\":");
    if (evidence.file.empty()) {
      append(out, "null}");
    } else {
      append(out, names.files[evidence.file_number]);
      const fmt::format_int line(evidence.line);
      append(out, {line.data(), line.size()});
      append(out, "\"}");
    }
  }
  bool first = verdicts.evidence_first[row] == verdicts.evidence_first[row + 1];
  for (std::uint32_t i = verdicts.reason_first[row]; i < verdicts.reason_first[row + 1]; ++i) {
    const history::People::Leave* leave = leave_of(input, verdicts.reasons[i]);
    if (!leave) continue;
    if (!first) out.push_back(',');
    first = false;
    append_leave(out, calendars, names, *leave);
  }
}

/// What a response responds to. Missing: nothing for any other obligation.
void append_responds_to(Buffer& out, const View& view, const model::Rule& rule, std::size_t row) {
  if (!rule.responds_to) return;
  const Input& input = view.input;
  const eval::Verdicts& verdicts = view.verdicts();
  const std::uint32_t to = verdicts.responds_to[row];
  append(out, ",\"responds_to\":{\"rule\":");
  append_json(out, input.rulebook.rules[verdicts.rule[to]].name);
  append(out, ",\"opened\":");
  append_json(out, verdicts.opened[to]);
  append(out, ",\"verdict\":");
  append_json(out, rule.responses.front().verdict);
  append(out, fmt::format("}},\"clause\":{},\"text\":", rule.responds_to->clause));
  append_json(out, filled(view, rule.responses.front().text, row));
}

/// Which rulebook governed, and from when on the rule is in force. Missing: nothing for the rulebook's own rules, and
/// for those that always were.
void append_version(Buffer& out, const model::Rule& rule) {
  if (!rule.governed_by.empty()) append(out, ",\"governed_by\":"), append_json(out, rule.governed_by);
  if (rule.effective_from) append(out, ",\"effective_from\":"), append_json(out, time::to_text(*rule.effective_from));
}

/// Nothing for a must: what counts for nothing says so.
void append_strength(Buffer& out, const model::Rule& rule) {
  if (rule.strength == model::Strength::must) return;
  append(out, ",\"strength\":");
  append_json(out, model::to_text(rule.strength));
}

void append_obligation(Buffer& out, const View& view, const Calendars& calendars, const Names& names, std::size_t row,
                       ReasonTexts& texts) {
  const Input& input = view.input;
  const eval::Verdicts& verdicts = view.verdicts();
  const model::Rule& rule = input.rulebook.rules[verdicts.rule[row]];
  append(out, "{\"rule\":");
  append_json(out, rule.name);
  append(out, ",\"subject\":");
  append_json(out, subject_of(input, row));
  append(out, ",\"owed_by\":");
  append_or_null(out, owed_by(input, row));
  append(out, ",\"right\":");
  append_or_null(out, right_word(rule.right));
  append_strength(out, rule);
  append_responds_to(out, view, rule, row);
  append_version(out, rule);
  append(out, ",\"opened\":");
  append_json(out, verdicts.opened[row]);
  append(out, ",\"deadline\":");
  append_json(out, verdicts.deadline[row]);
  append(out, ",\"verdict\":");
  append_json(out, eval::to_text(verdicts.verdict[row]));
  append(out, ",\"settled\":");
  append_json(out, verdicts.settled[row]);
  append(out, ",\"period\":");
  append_period(out, calendars, verdicts, rule, row);
  append(out, ",\"reasons\":[");
  append_reasons(out, input, row, texts);
  append(out, "],\"missing\":[");
  append_missing(out, input, calendars.front(), row);
  append(out, "],\"evidence\":[");
  append_evidence(out, input, calendars, names, row);
  append(out, "]}\n");
}

}  // namespace

std::string json_lines(const Input& input) {
  const Calendars calendars = calendars_of(input.rulebook);
  const Names names(input.history);
  const View view{input, default_calendar(input.rulebook), {}};
  Buffer out;
  append_rows(out, input, [&](Buffer& part, std::size_t row, ReasonTexts& texts) {
    append_obligation(part, view, calendars, names, row, texts);
  });
  return out;
}

std::string json_summary(const Input& input) {
  const std::vector<bool> chosen = chosen_rules(input);
  const auto counts = eval::count_by_rule(input.evaluation.verdicts, input.rulebook.rules.size());
  Buffer out = "{\"rules\":[";
  bool first = true;
  for (std::size_t rule = 0; rule < counts.size(); ++rule) {
    if (!chosen[rule]) continue;
    append(out, first ? "{\"rule\":" : ",{\"rule\":");
    first = false;
    append_json(out, input.rulebook.rules[rule].name);
    append_strength(out, input.rulebook.rules[rule]);
    for (std::size_t verdict = 0; verdict < eval::verdict_count; ++verdict) {
      append(out, fmt::format(",\"{}\":{}", summary_keys[verdict], counts[rule][verdict]));
    }
    if (is_one_of_several(input.rulebook, rule)) append_version(out, input.rulebook.rules[rule]);
    out.push_back('}');
  }
  append(out, "]}\n");
  return out;
}

}  // namespace plumb::report
