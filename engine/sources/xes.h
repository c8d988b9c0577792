#pragma once

#include "base/result.h"
#include "sources/gathered.h"

namespace plumb::sources {

/// An event log in XES (IEEE 1849) as one table, as other tools write it as CSV: a row for each event, with the
/// attributes of its trace under `case:KEY`. A trace without events is a row of these alone, an event
/// that is in no trace one without them. Nested attributes are left
/// out: their keys are no columns. Memory: that of the largest trace. Errors: no well-formed XML, with the line; no
/// log; a document type, which none needs; more columns than a table holds; it cannot be read; there is no room for it.
Result<Gathered> read_xes(const Bytes& bytes, const Scratch& scratch);

}  // namespace plumb::sources
