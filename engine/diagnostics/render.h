#pragma once

#include <string>

#include "diagnostics/diagnostic.h"

namespace plumb::diagnostics {

struct HumanStyle {
  bool colour = false;
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
/// blank, control characters as `�`; of a span over several lines the first and the last are shown. Ends with a line
/// break. Missing: a diagnostic of no text has no arrow. Cost: a few lines' worth, however long the user's lines are.
std::string render_human(const Diagnostic& diagnostic, const source::Map& texts, HumanStyle style);

/// One line: `rules.plumb:12:10: error: deals have no field `amout` [unknown-field]`, each help after ` - `. No line
/// break at its end. Missing: a diagnostic of no text begins with its severity.
std::string render_plain(const Diagnostic& diagnostic, const source::Map& texts);

/// One JSON object without line breaks: code, severity, message, file, line, column, end_line, end_column, labels,
/// help, suggestions. Columns count code points from 1, the end is behind the last. Each label and each suggestion has
/// a text and the same five facts of place. Missing: null for all five when there is no text.
std::string render_json(const Diagnostic& diagnostic, const source::Map& texts);

}  // namespace plumb::diagnostics
