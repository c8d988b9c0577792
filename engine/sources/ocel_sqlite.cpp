#include <memory>
#include <optional>

#include <sqlite3.h>

#include <fmt/format.h>

#include "sources/object_log.h"

namespace plumb::sources {

namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

constexpr int longest_cell = 16'000'000;
constexpr int most_columns = 2000;

using Row = std::vector<std::string>;

std::string quoted_name(const std::string& name) {
  std::string result = "\"";
  for (char c : name) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

struct Rows {
  Row header;
  std::vector<Row> rows;
  std::optional<std::size_t> column(std::string_view name) const {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] == name) return i;
    }
    return std::nullopt;
  }
};

class Reader {
 public:
  explicit Reader(sqlite3* database) : database_(database) {}

  /// Errors: what the database says.
  Result<Rows> ask(const std::string& query) {
    sqlite3_stmt* made = nullptr;
    const int prepared = sqlite3_prepare_v2(database_, query.c_str(), -1, &made, nullptr);
    const Statement statement(made);
    if (prepared != SQLITE_OK) return wrong();
    Rows result;
    const int columns = sqlite3_column_count(made);
    for (int i = 0; i < columns; ++i) result.header.emplace_back(sqlite3_column_name(made, i));
    int step = 0;
    while ((step = sqlite3_step(made)) == SQLITE_ROW) {
      Row row;
      for (int i = 0; i < columns; ++i) row.push_back(cell(made, i));
      result.rows.push_back(std::move(row));
    }
    if (step != SQLITE_DONE) return wrong();
    return result;
  }

  /// An ordinary table whole, in the order of its rows. Errors: there is none of that name (a view is none).
  Result<Rows> table(const std::string& name) {
    const auto known = ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'");
    if (!known) return Failure{known.error()};
    for (const Row& row : known->rows) {
      if (row[0] == name) return ask("SELECT * FROM " + quoted_name(name));
    }
    return Failure{fmt::format("it has no table `{}`, as an object-centric event log has", name)};
  }

 private:
  Failure wrong() const { return Failure{fmt::format("the database cannot be read: {}", sqlite3_errmsg(database_))}; }

  static std::string cell(sqlite3_stmt* statement, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return text == nullptr ? std::string()
                           : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
  }

  sqlite3* database_;
};

/// What every table of the form has to have.
std::string lacks(const Rows& rows, const std::string& table, std::initializer_list<const char*> columns) {
  for (const char* column : columns) {
    if (!rows.column(column)) return fmt::format("its table `{}` has no column `{}`", table, column);
  }
  return {};
}

using TableOf = std::map<std::string, std::string>;

Result<TableOf> tables_by_type(Reader& reader, const std::string& map, const std::string& prefix) {
  const auto rows = reader.table(map);
  if (!rows) return Failure{rows.error()};
  if (std::string wrong = lacks(*rows, map, {"ocel_type", "ocel_type_map"}); !wrong.empty()) return Failure{wrong};
  TableOf result;
  for (const Row& row : rows->rows)
    result[row[*rows->column("ocel_type")]] = prefix + row[*rows->column("ocel_type_map")];
  return result;
}

/// The rows of all tables of one sort under the id that they are about.
using ById = std::map<std::string, std::vector<std::pair<const Row*, const Rows*>>>;

struct Sort {
  Rows all;  // id and type
  std::vector<std::unique_ptr<Rows>> tables;
  ById by_id;
};

Result<Sort> read_sort(Reader& reader, const std::string& name) {
  Sort sort;
  auto all = reader.table(name);
  if (!all) return Failure{all.error()};
  if (std::string wrong = lacks(*all, name, {"ocel_id", "ocel_type"}); !wrong.empty()) return Failure{wrong};
  sort.all = std::move(*all);
  const auto tables = tables_by_type(reader, name + "_map_type", name + "_");
  if (!tables) return Failure{tables.error()};
  for (const auto& [type, table] : *tables) {
    auto rows = reader.table(table);
    if (!rows) return Failure{rows.error()};
    if (std::string wrong = lacks(*rows, table, {"ocel_id", "ocel_time"}); !wrong.empty()) return Failure{wrong};
    sort.tables.push_back(std::make_unique<Rows>(std::move(*rows)));
    const Rows& kept = *sort.tables.back();
    for (const Row& row : kept.rows) sort.by_id[row[*kept.column("ocel_id")]].emplace_back(&row, &kept);
  }
  return sort;
}

bool is_attribute(const std::string& header) { return !header.starts_with("ocel_"); }

/// A row says all attributes at first and, later, the one in `ocel_changed_field`.
std::vector<ObjectLogBuilder::Value> values_of(const ById::mapped_type& rows) {
  std::vector<ObjectLogBuilder::Value> values;
  for (const auto& [row, table] : rows) {
    const auto changed = table->column("ocel_changed_field");
    const std::string only = changed ? (*row)[*changed] : std::string();
    for (std::size_t i = 0; i < table->header.size(); ++i) {
      const std::string& header = table->header[i];
      if (is_attribute(header) && (only.empty() || only == header)) {
        values.push_back({header, (*row)[i], (*row)[*table->column("ocel_time")]});
      }
    }
  }
  return values;
}

std::string add_objects(Reader& reader, ObjectLogBuilder& builder) {
  const auto sort = read_sort(reader, "object");
  if (!sort) return sort.error();
  for (const Row& row : sort->all.rows) {
    const std::string& id = row[*sort->all.column("ocel_id")];
    const auto known = sort->by_id.find(id);
    builder.add_object(id, row[*sort->all.column("ocel_type")],
                       known == sort->by_id.end() ? std::vector<ObjectLogBuilder::Value>() : values_of(known->second));
  }
  return {};
}

std::string add_events(Reader& reader, ObjectLogBuilder& builder) {
  const auto sort = read_sort(reader, "event");
  if (!sort) return sort.error();
  const auto related = reader.table("event_object");
  if (!related) return related.error();
  if (std::string wrong = lacks(*related, "event_object", {"ocel_event_id", "ocel_object_id", "ocel_qualifier"});
      !wrong.empty()) {
    return wrong;
  }
  std::map<std::string, std::vector<ObjectLogBuilder::Relation>> relations;
  for (const Row& row : related->rows) {
    relations[row[*related->column("ocel_event_id")]].push_back(
        {row[*related->column("ocel_object_id")], row[*related->column("ocel_qualifier")]});
  }
  for (const Row& row : sort->all.rows) {
    const std::string& id = row[*sort->all.column("ocel_id")];
    std::string time;
    ObjectLogBuilder::Attributes attributes;
    if (const auto known = sort->by_id.find(id); known != sort->by_id.end()) {
      const auto& [cells, table] = known->second.front();
      time = (*cells)[*table->column("ocel_time")];
      for (std::size_t i = 0; i < table->header.size(); ++i) {
        if (is_attribute(table->header[i])) attributes.emplace_back(table->header[i], (*cells)[i]);
      }
    }
    builder.add_event(id, row[*sort->all.column("ocel_type")], time, attributes, relations[id]);
  }
  return {};
}

}  // namespace

Result<ObjectLog> read_ocel_sqlite(const std::string& path) {
  sqlite3* opened = nullptr;
  const int state = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const Database database(opened);
  if (state != SQLITE_OK) return Failure{"the database cannot be opened"};
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, longest_cell);
  sqlite3_limit(opened, SQLITE_LIMIT_COLUMN, most_columns);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  Reader reader(opened);
  ObjectLogBuilder builder;
  if (std::string wrong = add_objects(reader, builder); !wrong.empty()) return Failure{wrong};
  if (std::string wrong = add_events(reader, builder); !wrong.empty()) return Failure{wrong};
  return builder.finish();
}

}  // namespace plumb::sources
