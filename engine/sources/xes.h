#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sources/table.h"

namespace plumb::sources {

/// An event log in XES (IEEE 1849) as one table, as other tools write it as CSV: a row for each event, with the
/// attributes of its trace under `case:KEY`. A trace without events is a row of these alone. Nested attributes are left
/// out: their keys are no columns. Errors: no well-formed XML, with the line; no log; a document type, which none
/// needs; a row that comes to more than a table holds.
Result<Cells> read_xes(std::string_view bytes);

}  // namespace plumb::sources
