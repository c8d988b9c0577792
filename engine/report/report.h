#pragma once

#include <string>
#include <vector>

#include "eval/run.h"
#include "history/history.h"
#include "model/model.h"

/// Verdicts as text, for people and for programs. Each function is pure and deterministic.
namespace plumb::report {

/// Everything a rendering reads; all references outlive it.
struct Input {
  const model::Rulebook& rulebook;
  const history::History& history;
  const eval::Evaluation& evaluation;
  std::string rulebook_path;
  std::string history_path;
  bool as_of_from_history = false;  // nobody gave --as-of
  std::string only_rule;            // empty: all
  unsigned threads = 1;             // 0: as many as the machine has; the text is the same with any number
};

/// What a sales manager reads: what was expected, what was kept, what is due soon, who needs help with which of the
/// three rights, what cannot be told and which column would tell it. Width about 100 columns; colour on request.
std::string human(const Input& input, bool colour);
/// The counts per rule as an aligned table.
std::string human_summary(const Input& input, bool colour);
/// One JSON object per obligation and line: rule, subject, owed_by, right, opened, deadline, verdict, settled, reasons,
/// missing, evidence. Instants in UTC; what is unknown is null.
std::string json_lines(const Input& input);
/// {"rules":[{"rule":…,"kept":n,"late":n,"missed":n,"due":n,"excused":n,"cannot_tell":n}]} and a line break.
std::string json_summary(const Input& input);
/// The columns of json_lines as RFC 4180 CSV; cells that a spreadsheet would take for a formula start with an
/// apostrophe.
std::string csv(const Input& input);
/// rule,kept,late,missed,due,excused,cannot_tell
std::string csv_summary(const Input& input);

}  // namespace plumb::report
