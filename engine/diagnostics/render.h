#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/diagnostic.h"

namespace plumb::diagnostics {

struct HumanStyle {
  bool colour = false;
  std::size_t width = 0;  // columns of a line; 0: messages are as long as they are, a user's line is cut at 110
};

/// What a person reads, for one diagnostic:
///
///     error[unknown-field]: deals have no field `amout`
///       --> rules.plumb:12:10
///        |
///     12 |   expect amout is known
///        |          ^^^^^
///        = help: did you mean `amount`?
///
/// Labels follow in the same way: under the same line where they stand on it, else under their own arrow. A suggestion
/// is shown where no help says the same already. Long lines are cut around the span (with `…`), tabs are shown as one
/// blank, control characters as `�`; of a span over several lines the first and the last are shown. Messages, labels
/// and helps are broken at the width, arrows are not. Ends with a line break. Missing: a diagnostic of no text has no
/// arrow. Cost: a few lines' worth, however long the user's lines are.
std::string render_human(const Diagnostic& diagnostic, const source::Map& texts, HumanStyle style);

/// One line: `rules.plumb:12:10: error: deals have no field `amout` [unknown-field]`, each help after ` - `. No line
/// break at its end. Missing: a diagnostic of no text begins with its severity.
std::string render_plain(const Diagnostic& diagnostic, const source::Map& texts);

/// One JSON object without line breaks: code, severity, message, file, line, column, end_line, end_column, labels,
/// help, suggestions. Columns count code points from 1, the end is behind the last. Each label and each suggestion has
/// a text and the same five facts of place. Missing: null for all five when there is no text.
std::string render_json(const Diagnostic& diagnostic, const source::Map& texts);

/// One workflow command of GitHub, which shows it beside the line: `::error file=…,line=…::…`. No line break at its
/// end. Columns are given only where the span stays on one line, as GitHub asks.
std::string render_github(const Diagnostic& diagnostic, const source::Map& texts);

/// The same for what could not be read: one sentence.
std::string render_github(std::string_view path, std::string_view unreadable);

/// What is shown of sorted diagnostics: of each text the first `most_shown` errors, as many warnings and as many notes,
/// and behind them a note of how many there are more.
std::vector<Diagnostic> bounded(const std::vector<Diagnostic>& sorted);
inline constexpr std::size_t most_shown = 100;

/// One input of a check, and what was found in it.
struct Checked {
  std::string path;                     // as messages name it
  std::vector<Diagnostic> diagnostics;  // in the order in which they are shown
  std::string unreadable;               // the sentence that says why it was not checked
};

/// A whole check.
struct Report {
  std::vector<Checked> inputs;
  std::optional<Severity> fails_at;  // what counts as failed: this and what is worse. Missing: nothing
};

/// Whether this is found bad enough.
bool fails(const Report& report, Severity severity);

/// A diagnostic and the input that it was found in first.
struct Found {
  Diagnostic diagnostic;
  std::string input;
};

/// Every diagnostic of the report once: what two inputs use is read for each of them.
std::vector<Found> without_repeats(const Report& report, const source::Map& texts);

/// A SARIF 2.1.0 log with one run: rules for the codes that occur, results with their labels and suggestions, and a
/// notification for each input that could not be read. Columns count code points; paths are percent-encoded.
std::string render_sarif(const Report& report, const source::Map& texts, std::string_view version);

/// A JUnit document: one suite, a case for each input. It fails with what `fails`, says the rest as its output, and is
/// an error when it could not be read.
std::string render_junit(const Report& report, const source::Map& texts);

}  // namespace plumb::diagnostics
