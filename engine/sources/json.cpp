#include "sources/json.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "sources/json_text.h"
#include "sources/ocel_json.h"

namespace plumb::sources {

namespace {

bool is_records(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_object(); });
}

/// Tables whose columns are found on the way: what a record does not have is empty.
class Tables {
 public:
  explicit Tables(const Scratch& scratch) : scratch_(scratch) {}

  /// That stands before those that are found in records.
  void begin(const std::string& name) { table_of(name); }

  void add(const Json& record, const std::string& name) {
    take(record, begin(name, record), {name, id_of(record), 0}, {});
    for (const Begun& row : rows_) tables_[row.table].rows.add_row(row.line, row.cells);
    rows_.clear();
  }

  std::vector<Records> done() { return std::move(tables_); }

 private:
  struct Begun {
    std::size_t table;
    std::uint32_t line;
    Gathered::Row cells;
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

  std::size_t table_of(const std::string& name) {
    const auto [at, is_new] = number_.emplace(name, tables_.size());
    if (is_new) tables_.push_back({name, Gathered(scratch_)});
    return at->second;
  }

  std::size_t begin(const std::string& name, const Json& record) {
    rows_.push_back({table_of(name), line_of(record), {}});
    return rows_.size() - 1;
  }

  void put(std::size_t row, const std::string& column, std::string value) {
    rows_[row].cells.emplace_back(tables_[rows_[row].table].rows.column(column), std::move(value));
  }

  // `prefix` stands before the columns.
  void take(const Json& record, std::size_t row, const Within& within, const std::string& prefix) {
    for (const auto& [key, value] : record.items()) {
      if (key == line_key) continue;
      std::string column = prefix + key;
      if (value.is_object()) {
        take(value, row, within, column + ".");
      } else if (is_records(value)) {
        take_list(value, {within.path.empty() ? column : within.path + "." + column, within.id, within.lists + 1},
                  record);
      } else {
        if (within.lists > 0 && (column == record_column || column == around_column)) column = "own " + column;
        put(row, column, value.is_array() && value.empty() ? std::string() : json_text(value));
      }
    }
  }

  void take_list(const Json& list, const Within& within, const Json& around) {
    for (const Json& record : list) {
      const std::size_t row = begin(within.path, record);
      tables_[rows_[row].table].is_within = true;
      put(row, record_column, within.id);
      if (within.lists > 1) put(row, around_column, id_of(around));
      take(record, row, within, {});
    }
  }

  static constexpr const char* record_column = "record";
  static constexpr const char* around_column = "within";

  const Scratch& scratch_;
  std::vector<Records> tables_;
  std::map<std::string, std::size_t> number_;
  std::vector<Begun> rows_;  // those of the outermost record
};

/// The keys of the lists of records, in their order. Missing: empty.
std::vector<std::string> keys_of(const Outline& outline) {
  std::vector<std::string> keys;
  for (const Outline::Member& member : outline.members) {
    if (member.records) keys.push_back(member.key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

// A list, alone or under a key, and nothing in it.
bool is_empty_answer(const Outline& outline) {
  const auto is_empty = [](const Outline::Member& one) { return one.kind == Outline::Kind::list && one.size == 0; };
  return is_empty(outline.outermost) || std::any_of(outline.members.begin(), outline.members.end(), is_empty);
}

}  // namespace

Result<JsonRead> read_json(const Bytes& bytes, const Scratch& scratch) {
  const Result<Outline> outline = outline_of(bytes);
  if (!outline) return Failure{outline.error()};
  JsonRead read;
  if (is_object_log(*outline)) {
    Result<ObjectLog> log = read_object_log(bytes, *outline, scratch);
    if (!log) return Failure{log.error()};
    read.log = std::move(*log);
    return read;
  }
  const std::vector<std::string> keys = keys_of(*outline);
  read.empty = keys.empty() && !outline->outermost.records && is_empty_answer(*outline);
  read.other = keys.empty() && !outline->outermost.records && !read.empty;
  if (read.empty || read.other) return read;
  Tables tables(scratch);
  const auto name_of = [&](const std::string& key) { return keys.size() > 1 ? key : std::string(); };
  for (const std::string& key : keys) tables.begin(name_of(key));
  auto wrong = each_value(bytes, keys, true, [&](const std::string& key, const std::string&, const Json& record) {
    if (record.is_object()) tables.add(record, name_of(key));
    return record.is_object();
  });
  if (wrong) return std::move(*wrong);
  read.records = tables.done();
  return read;
}

}  // namespace plumb::sources
