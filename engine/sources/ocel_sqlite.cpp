#include <algorithm>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

constexpr int longest_cell = 16'000'000;
constexpr int most_columns = 2000;

std::string quoted_name(const std::string& name) {
  std::string result = "\"";
  for (char c : name) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::string quoted_text(const std::string& text) {
  std::string result = "'";
  for (char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

/// The rows of a query, one after the other.
class Rows {
 public:
  /// The first is there at once. Errors: what the database says.
  static Result<Rows> of(sqlite3* database, const std::string& query) {
    sqlite3_stmt* made = nullptr;
    const int prepared = sqlite3_prepare_v2(database, query.c_str(), -1, &made, nullptr);
    Rows rows(database, made);
    if (prepared != SQLITE_OK) return rows.failure();
    for (int i = 0; i < sqlite3_column_count(made); ++i) rows.header_.emplace_back(sqlite3_column_name(made, i));
    rows.next();
    if (!rows.wrong_.empty()) return Failure{rows.wrong_};
    return rows;
  }

  const std::vector<std::string>& header() const { return header_; }
  /// Missing: nullopt.
  std::optional<std::size_t> column(std::string_view name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    return found == header_.end() ? std::nullopt : std::optional<std::size_t>(found - header_.begin());
  }
  bool is_at_end() const { return at_end_; }
  void next() {
    const int step = sqlite3_step(statement_.get());
    at_end_ = step != SQLITE_ROW;
    if (step != SQLITE_ROW && step != SQLITE_DONE) wrong_ = failure().message;
  }
  std::string at(std::size_t column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), static_cast<int>(column)));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), static_cast<int>(column)))};
  }
  /// Missing: empty where there is no such column.
  std::string at(std::string_view name) const {
    const auto found = column(name);
    return found ? at(*found) : std::string();
  }
  std::int64_t number() const { return sqlite3_column_int64(statement_.get(), 0); }
  /// Missing: empty when nothing is wrong.
  const std::string& wrong() const { return wrong_; }

 private:
  Rows(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  Failure failure() const { return Failure{fmt::format("the database cannot be read: {}", sqlite3_errmsg(database_))}; }

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Close> statement_;
  std::vector<std::string> header_;
  bool at_end_ = false;
  std::string wrong_;
};

/// A log's tables. Only ordinary ones are asked, since a view may compute for ever.
class Reader {
 public:
  explicit Reader(sqlite3* database) : database_(database) {}

  /// Errors: what the database says, also of pages that a query would pass by.
  std::optional<Failure> open() {
    const Result<Rows> checked = Rows::of(database_, "PRAGMA quick_check(1)");
    if (!checked) return Failure{checked.error()};
    const std::string found = checked->is_at_end() ? std::string() : checked->at(0);
    if (found != "ok") return Failure{fmt::format("the database is damaged: {}", found.substr(found.rfind('\n') + 1))};
    Result<Rows> names =
        Rows::of(database_, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'");
    if (!names) return Failure{names.error()};
    for (; !names->is_at_end(); names->next()) tables_.insert(names->at(0));
    return names->wrong().empty() ? std::nullopt : std::optional(Failure{names->wrong()});
  }

  /// A table in the order of its rows, their numbers before them. Errors: there is none of that name, or it has not
  /// these columns.
  Result<Rows> table(const std::string& name, std::initializer_list<const char*> columns) {
    if (const std::string lacking = lacks(name, columns); !lacking.empty()) return Failure{lacking};
    return Rows::of(database_, fmt::format("SELECT {}, * FROM {} NOT INDEXED", numbered, quoted_name(name)));
  }

  /// Of things of one sort: how a query names their table and, behind its rows, those that only others speak of.
  struct Others {
    std::string table, id, type;  // and what they are then
  };
  Result<std::string> all_of(const std::string& name, const std::vector<Others>& others) {
    std::string more;
    for (const Others& other : others) {
      if (const std::string lacking = lacks(other.table, {other.id.c_str()}); !lacking.empty()) return Failure{lacking};
      const std::string unknown =
          fmt::format("FROM {} NOT INDEXED WHERE {} NOT IN (SELECT {} FROM {})", quoted_name(other.table),
                      text_of(other.id), text_of("ocel_id"), quoted_name(name));
      const Result<Rows> any = Rows::of(database_, fmt::format("SELECT 1 {} LIMIT 1", unknown));
      if (!any) return Failure{any.error()};
      if (any->is_at_end()) continue;
      more +=
          fmt::format("{} SELECT {}, {} {}", more.empty() ? "" : " UNION", other.id, quoted_text(other.type), unknown);
    }
    if (more.empty()) return quoted_name(name) + " NOT INDEXED";
    return fmt::format("(SELECT ocel_id, ocel_type FROM {} UNION ALL SELECT * FROM ({}))", quoted_name(name), more);
  }

  /// In the order in which they stand, their numbers before them. `all`: as `all_of` says.
  Result<Rows> each(const std::string& all) {
    return Rows::of(database_, fmt::format("SELECT {}, * FROM {}", numbered, all));
  }

  /// The rows of a table that are about those of another by an id, in the order of these, whose numbers stand before
  /// them, and of one in their own. The database sorts them, in files of its own where they are many.
  Result<Rows> about(const std::string& all, const std::string& name, const std::string& id,
                     std::initializer_list<const char*> columns) {
    if (const std::string lacking = lacks(name, columns); !lacking.empty()) return Failure{lacking};
    const auto keyed = [](const std::string& table, const std::string& by, const char* more) {
      return fmt::format("(SELECT {}, {} AS ocel_key{} FROM {})", numbered, text_of(by), more, table);
    };
    return Rows::of(database_,
                    fmt::format("SELECT one.ocel_number, more.* FROM {} AS one JOIN {} AS more ON more.ocel_key = "
                                "one.ocel_key ORDER BY one.ocel_number, more.ocel_number",
                                keyed(all, "ocel_id", ""), keyed(quoted_name(name) + " NOT INDEXED", id, ", *")));
  }

 private:
  static constexpr const char* numbered = "row_number() OVER () AS ocel_number";

  static std::string text_of(const std::string& column) { return fmt::format("ifnull(CAST({} AS TEXT), '')", column); }

  /// Missing: empty when it has what the form asks for.
  std::string lacks(const std::string& name, std::initializer_list<const char*> columns) {
    if (!tables_.contains(name)) return fmt::format("it has no table `{}`, as an object-centric event log has", name);
    const Result<Rows> none = Rows::of(database_, fmt::format("SELECT * FROM {} LIMIT 0", quoted_name(name)));
    if (!none) return none.error();
    for (const char* column : columns) {
      if (!none->column(column)) return fmt::format("its table `{}` has no column `{}`", name, column);
    }
    return {};
  }

  sqlite3* database_;
  std::set<std::string> tables_;
};

/// Things of one sort: their ids and types, and beside them the rows about them in the tables of all types.
struct Sort {
  std::string named;  // in queries
  Rows all;
  std::vector<Rows> more;
};

/// `also`: tables that speak of such things beside those of their types.
Result<Sort> read_sort(Reader& reader, const std::string& name, const std::vector<Reader::Others>& also) {
  if (const Result<Rows> own = reader.table(name, {"ocel_id", "ocel_type"}); !own) return Failure{own.error()};
  Result<Rows> map = reader.table(name + "_map_type", {"ocel_type", "ocel_type_map"});
  if (!map) return Failure{map.error()};
  std::map<std::string, std::string> tables;  // by type
  for (; !map->is_at_end(); map->next()) tables[map->at("ocel_type")] = name + "_" + map->at("ocel_type_map");
  if (!map->wrong().empty()) return Failure{map->wrong()};
  std::vector<Reader::Others> others;
  for (const auto& [type, table] : tables) others.push_back({table, "ocel_id", type});
  others.insert(others.end(), also.begin(), also.end());
  Result<std::string> named = reader.all_of(name, others);
  if (!named) return Failure{named.error()};
  Result<Rows> all = reader.each(*named);
  if (!all) return Failure{all.error()};
  Sort sort{std::move(*named), std::move(*all), {}};
  for (const auto& [type, table] : tables) {
    Result<Rows> rows = reader.about(sort.named, table, "ocel_id", {"ocel_id", "ocel_time"});
    if (!rows) return Failure{rows.error()};
    sort.more.push_back(std::move(*rows));
  }
  return sort;
}

/// Goes on through the rows about the thing of that number. Errors: what the database says.
template <class Take>
std::string each_about(std::int64_t number, Rows& rows, Take&& take) {
  for (; !rows.is_at_end() && rows.number() == number; rows.next()) take(rows);
  return rows.wrong();
}

bool is_attribute(const std::string& header) { return !header.starts_with("ocel_"); }

/// A row says all attributes at first and, later, the one in `ocel_changed_field`.
void add_values(const Rows& row, std::vector<ObjectLogBuilder::Value>& values) {
  const std::string only = row.at("ocel_changed_field"), time = row.at("ocel_time");
  for (std::size_t i = 0; i < row.header().size(); ++i) {
    const std::string& header = row.header()[i];
    if (is_attribute(header) && (only.empty() || only == header)) values.push_back({header, row.at(i), time});
  }
}

std::string add_objects(Reader& reader, ObjectLogBuilder& builder) {
  Result<Sort> sort = read_sort(reader, "object", {});
  if (!sort) return sort.error();
  Rows& all = sort->all;
  for (; !all.is_at_end(); all.next()) {
    std::vector<ObjectLogBuilder::Value> values;
    for (Rows& rows : sort->more) {
      std::string wrong = each_about(all.number(), rows, [&](const Rows& row) { add_values(row, values); });
      if (!wrong.empty()) return wrong;
    }
    builder.add_object(all.at("ocel_id"), all.at("ocel_type"), std::move(values));
  }
  return all.wrong();
}

std::string add_events(Reader& reader, ObjectLogBuilder& builder) {
  Result<Sort> sort = read_sort(reader, "event", {{"event_object", "ocel_event_id", ""}});
  if (!sort) return sort.error();
  Result<Rows> related =
      reader.about(sort->named, "event_object", "ocel_event_id", {"ocel_event_id", "ocel_object_id", "ocel_qualifier"});
  if (!related) return related.error();
  Rows& all = sort->all;
  for (; !all.is_at_end(); all.next()) {
    bool is_first = true;
    std::string time;
    ObjectLogBuilder::Attributes attributes;
    const auto take = [&](const Rows& row) {
      if (!std::exchange(is_first, false)) return;
      time = row.at("ocel_time");
      for (std::size_t i = 0; i < row.header().size(); ++i) {
        if (is_attribute(row.header()[i])) attributes.emplace_back(row.header()[i], row.at(i));
      }
    };
    for (Rows& rows : sort->more) {
      if (std::string wrong = each_about(all.number(), rows, take); !wrong.empty()) return wrong;
    }
    std::vector<ObjectLogBuilder::Relation> relations;
    std::string wrong = each_about(all.number(), *related, [&](const Rows& row) {
      relations.push_back({row.at("ocel_object_id"), row.at("ocel_qualifier")});
    });
    if (!wrong.empty()) return wrong;
    builder.add_event(all.at("ocel_id"), all.at("ocel_type"), time, attributes, relations);
  }
  return all.wrong();
}

}  // namespace

Result<ObjectLog> read_ocel_sqlite(const std::string& path, const Scratch& scratch) {
  sqlite3* opened = nullptr;
  const int state = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const Database database(opened);
  if (state != SQLITE_OK) return Failure{"the database cannot be opened"};
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, longest_cell);
  sqlite3_limit(opened, SQLITE_LIMIT_COLUMN, most_columns);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  Reader reader(opened);
  if (const auto wrong = reader.open()) return *wrong;
  ObjectLogBuilder builder(scratch);
  if (std::string wrong = add_objects(reader, builder); !wrong.empty()) return Failure{wrong};
  if (std::string wrong = add_events(reader, builder); !wrong.empty()) return Failure{wrong};
  return builder.finish();
}

}  // namespace plumb::sources
