#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/gathered.h"
#include "sources/ocel.h"

namespace plumb::sources {

/// A list of records as a table. `name`: the key that the list stands under, with those around it (`a.b`); empty for
/// the outermost. What a record holds in records of its own stands in the columns `outer.inner`; a list of records in
/// it is a table of its own, whose column `record` is the `id` of the outermost record, and `within`, where that is
/// another, the one of the record around the list; fields of those names are called `own record` and `own within`.
struct Records {
  std::string name;
  Gathered rows;
  bool is_within = false;  // lists in records
};

/// What a JSON text is: an object-centric event log, or the answer of an API: a list of records, alone or under the
/// keys of an object.
struct JsonRead {
  std::optional<ObjectLog> log;
  std::vector<Records> records;
  bool empty = false;  // an answer without a record
  bool other = false;  // neither: settings, or what else programs keep
};

/// Errors: no JSON, with where; a key twice in one object; more than 64 levels; there is no room for it. Memory: that
/// of the largest of the outermost records.
Result<JsonRead> read_json(const Bytes& bytes, const Scratch& scratch);

}  // namespace plumb::sources
