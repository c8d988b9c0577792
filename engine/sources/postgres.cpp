#include "sources/postgres.h"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "history/words.h"
#include "history/write.h"
#include "sources/scratch.h"

namespace plumb::sources {

namespace {

// So many rows are in memory twice.
constexpr int rows_at_a_time = 4'000;
constexpr Oid boolean = 16, instant = 1184;  // of pg_type, fixed for good

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
using Answer = std::unique_ptr<PGresult, Finish>;

/// What the server says, in one line.
std::string said_by(const PGconn* connection) {
  std::string text;
  for (const char* c = PQerrorMessage(connection); *c != '\0'; ++c) text += *c == '\n' || *c == '\t' ? ' ' : *c;
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

/// Whether user and password are written so that they end where an address says that they do: what libpq says of one
/// that is not may hold a part of the password.
bool is_well_written(const std::string& address) {
  const std::size_t begin = address.find("://") + 3, at = address.rfind('@');
  const std::size_t end = address.find_first_of("/?", begin);
  if (at != std::string::npos && (at > end || address.find('@', begin) != at)) return false;
  PQconninfoOption* options = PQconninfoParse(address.c_str(), nullptr);
  PQconninfoFree(options);
  return options != nullptr;
}

Result<Connection> connect(const std::string& address) {
  if (!is_well_written(address)) {
    return Failure{
        fmt::format("cannot read `{}`: it is no address `postgres://USER:PASSWORD@HOST/DATABASE`; in a user or "
                    "password each of : / ? @ and % is written as %3A, %2F, %3F, %40 and %25",
                    shown_address(address))};
  }
  const std::string url = address;
  const char* const keys[] = {"connect_timeout", "application_name", "dbname", nullptr};
  const char* const values[] = {"10", "plumb", url.c_str(), nullptr};
  Connection connection(PQconnectdbParams(keys, values, 1));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return Failure{fmt::format("cannot read `{}`: {}", shown_address(address), said_by(connection.get()))};
  }
  PQsetClientEncoding(connection.get(), "UTF8");
  return connection;
}

/// One statement, however it is written: what stands behind a semicolon is refused by the server.
Answer ask(const Connection& connection, const std::string& statement) {
  return Answer(PQexecParams(connection.get(), statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
}

bool done(const Answer& answer) {
  const ExecStatusType status = PQresultStatus(answer.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

void append_value(std::string& text, const PGresult* rows, int row, int column) {
  if (PQgetisnull(rows, row, column) != 0) return;
  const std::string_view value(PQgetvalue(rows, row, column), static_cast<std::size_t>(PQgetlength(rows, row, column)));
  const Oid type = PQftype(rows, column);
  if (type == boolean) {
    text += value == "t" ? "true" : "false";
  } else if (type == instant && value.ends_with("+00")) {
    text.append(value.substr(0, value.size() - 3)) += 'Z';
  } else {
    history::append_cell(text, value);
  }
}

void append_rows(std::string& text, const PGresult* rows) {
  const int columns = PQnfields(rows);
  for (int row = 0; row < PQntuples(rows); ++row) {
    const std::size_t start = text.size();
    for (int column = 0; column < columns; ++column) {
      if (column > 0) text += ',';
      append_value(text, rows, row, column);
    }
    if (text.size() == start) text += "\"\"";  // a line without any character is no row
    text += '\n';
  }
}

void append_header(std::string& text, const PGresult* rows) {
  for (int column = 0; column < PQnfields(rows); ++column) {
    if (column > 0) text += ',';
    history::append_cell(text, PQfname(rows, column));
  }
  text += '\n';
}

std::string without_semicolon(std::string query) {
  while (!query.empty() && (query.back() == ';' || query.back() == ' ' || query.back() == '\n')) query.pop_back();
  return query;
}

/// Errors: what the server says about the query.
Result<Bytes> answer_to(const Connection& connection, const std::string& query, const Scratch& scratch,
                        const std::shared_ptr<BytesRead>& read) {
  // Only what has rows can be declared a cursor for: a statement that writes or copies cannot.
  if (!done(ask(connection, "DECLARE plumb NO SCROLL CURSOR FOR " + without_semicolon(query)))) {
    return Failure{said_by(connection.get())};
  }
  Aside text(scratch);
  std::string part;
  for (bool more = true; more;) {
    const Answer rows = ask(connection, fmt::format("FETCH {} FROM plumb", rows_at_a_time));
    if (!done(rows)) return Failure{said_by(connection.get())};
    part.clear();
    if (text.size() == 0) append_header(part, rows.get());
    append_rows(part, rows.get());
    text.append(part);
    if (read) *read += part.size();
    if (text.size() > most_bytes) return Failure{fmt::format("it is larger than {} MB", most_bytes / 1'000'000)};
    more = PQntuples(rows.get()) == rows_at_a_time;
  }
  ask(connection, "CLOSE plumb");
  return text.finish();
}

}  // namespace

bool is_database(std::string_view path) {
  return history::same_letters(path.substr(0, 11), "postgres://") ||
         history::same_letters(path.substr(0, 13), "postgresql://");
}

std::string shown_address(const std::string& path) {
  if (!is_database(path)) return path;
  // Up to the last @ it may be a password, however that is written.
  const std::size_t begin = path.find("://") + 3, at = path.rfind('@');
  const std::string rest = path.substr(at == std::string::npos || at < begin ? begin : at + 1);
  return path.substr(0, begin) + rest.substr(0, rest.find('?'));
}

Result<ReadTables> read_database(const std::string& address, const Adapter& adapter, const Scratch& scratch,
                                 const std::shared_ptr<BytesRead>& read_bytes) {
  const auto failed = [&](const std::string& why) {
    return Failure{fmt::format("cannot read `{}`: {}", shown_address(address), why)};
  };
  Result<Connection> connection = connect(address);
  if (!connection) return Failure{connection.error()};
  for (const char* statement : {"SET TIME ZONE 'UTC'", "SET datestyle TO ISO", "SET client_min_messages TO error",
                                "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"}) {
    if (!done(ask(*connection, statement))) return failed(said_by(connection->get()));
  }
  // So that no query goes on when this program is ended; servers before 14 do not know it.
  ask(*connection, "SAVEPOINT before");
  if (!done(ask(*connection, "SET client_connection_check_interval TO '1s'"))) ask(*connection, "ROLLBACK TO before");
  ReadTables read;
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
    const std::string& query = adapter.steps[file].query;
    if (query.empty()) continue;
    const std::string& name = adapter.mapping.files[file].path;
    Result<Bytes> text = answer_to(*connection, query, scratch, read_bytes);
    if (!text) return failed(fmt::format("the query of `{}`: {}", name, text.error()));
    read.tables.push_back({name, std::move(*text), ','});
  }
  if (read.tables.empty()) return failed("the mapping has no `query` that says what to read");
  return read;
}

}  // namespace plumb::sources
