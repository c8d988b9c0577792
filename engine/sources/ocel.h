#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "sources/gathered.h"

namespace plumb::sources {

/// An object-centric event log (OCEL) as three tables. `objects`: `object`, `object_type` and its attributes' first
/// values. `events`: `event`, `activity`, `timestamp`, `object`, `object type`, `qualifier` and the event's attributes;
/// a row for each object of each event, and one without an object for an event that has none. `changes`: `object`,
/// `attribute`, `before`, `value`, `time` of each later value. Rows stand in the order of the file, changes in that of
/// time.
struct ObjectLog {
  Gathered objects, events, changes;
};

/// OCEL 2.0 as an SQLite database. Errors: no such database, or a damaged one; a table or column that the form asks for
/// is not there; there is no room for it. Only tables are read: what a view would compute is not asked for.
Result<ObjectLog> read_ocel_sqlite(const std::string& path, const Scratch& scratch);

/// OCEL 2.0 as XML. Errors: as `XmlReader`; an object or an event without an id, or with an attribute that stands
/// twice; neither objects nor events; there is no room for it.
Result<ObjectLog> read_ocel_xml(const Bytes& bytes, const Scratch& scratch);

/// Whether XML is such a log, by the first list or case in it: both it and a log of cases (XES) are a `log`. Missing:
/// nullopt where that tells nothing.
std::optional<bool> is_ocel_xml(const Bytes& bytes);

}  // namespace plumb::sources
