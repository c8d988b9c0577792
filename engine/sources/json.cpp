#include "sources/json.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "sources/json_text.h"

namespace plumb::sources {

namespace {

bool is_records(const Json& value) {
  if (!value.is_array() || value.empty()) return false;
  for (const Json& item : value) {
    if (!item.is_object()) return false;
  }
  return true;
}

// A list, alone or under a key, and nothing in it.
bool is_empty_answer(const Json& json) {
  if (json.is_array()) return json.empty();
  return json.is_object() &&
         std::any_of(json.begin(), json.end(), [](const Json& value) { return value.is_array() && value.empty(); });
}

/// Tables whose columns are found on the way: what a record does not have is empty.
class Tables {
 public:
  void add(const Json& records, const std::string& name) {
    for (const Json& record : records) take(record, begin(name, record), {name, id_of(record), 0}, {});
  }

  std::vector<Records> done() { return std::move(tables_); }

 private:
  struct Place {
    std::size_t table, row;
  };

  // Where a record lies: the name of its list, the `id` of the outermost record, and how many lists are around.
  struct Within {
    std::string path, id;
    int lists = 0;
  };

  static std::string id_of(const Json& record) {
    const auto id = record.find("id");
    return id == record.end() || id->is_structured() ? std::string() : json_text(*id);
  }

  Place begin(const std::string& name, const Json& record) {
    const auto [at, is_new] = number_.emplace(name, tables_.size());
    if (is_new) tables_.push_back({name, {}}), columns_.emplace_back();
    tables_[at->second].cells.add_row();
    tables_[at->second].cells.lines.push_back(line_of(record));
    return {at->second, tables_[at->second].cells.size() - 1};
  }

  void put(Place place, const std::string& column, const std::string& value) {
    Cells& cells = tables_[place.table].cells;
    const auto [at, is_new] = columns_[place.table].emplace(column, cells.header.size());
    if (is_new) cells.add_column(column);
    cells.put(place.row, at->second, value);
  }

  // `prefix` stands before the columns.
  void take(const Json& record, Place place, const Within& within, const std::string& prefix) {
    for (const auto& [key, value] : record.items()) {
      if (key == line_key) continue;
      std::string column = prefix + key;
      if (value.is_object()) {
        take(value, place, within, column + ".");
      } else if (is_records(value)) {
        take_list(value, {within.path.empty() ? column : within.path + "." + column, within.id, within.lists + 1},
                  record);
      } else {
        if (within.lists > 0 && (column == record_column || column == around_column)) column = "own " + column;
        put(place, column, value.is_array() && value.empty() ? std::string() : json_text(value));
      }
    }
  }

  void take_list(const Json& list, const Within& within, const Json& around) {
    for (const Json& record : list) {
      const Place row = begin(within.path, record);
      put(row, record_column, within.id);
      if (within.lists > 1) put(row, around_column, id_of(around));
      take(record, row, within, {});
    }
  }

  static constexpr const char* record_column = "record";
  static constexpr const char* around_column = "within";

  std::vector<Records> tables_;
  std::vector<std::map<std::string, std::size_t>> columns_;  // as tables_
  std::map<std::string, std::size_t> number_;
};

}  // namespace

Result<JsonRead> read_json(std::string_view bytes) {
  Result<Json> json = parse_json(bytes);
  if (!json) return Failure{json.error()};
  JsonRead read;
  if (is_object_log(*json)) {
    forget_lines(*json);
    Result<ObjectLog> log = read_object_log(*json);
    if (!log) return Failure{log.error()};
    read.log = std::move(*log);
    return read;
  }
  Tables tables;
  bool any = is_records(*json);
  if (any) tables.add(*json, {});
  if (json->is_object()) {
    std::size_t lists = 0;
    for (const auto& [key, value] : json->items()) lists += is_records(value);
    for (const auto& [key, value] : json->items()) {
      if (is_records(value)) tables.add(value, lists == 1 ? std::string() : key);
    }
    any = lists > 0;
  }
  if (!any && is_empty_answer(*json)) {
    read.empty = true;
    return read;
  }
  if (!any)
    return Failure{
        "it is JSON, but neither an object-centric event log (`events` and `objects`) nor a list of records"};
  read.records = tables.done();
  return read;
}

}  // namespace plumb::sources
