#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sources/fit.h"
#include "sources/read.h"

/// A PostgreSQL database in place of files: each file of a mapping is the answer to its query.
namespace plumb::sources {

/// Whether it is the address of one: `postgres://…` or `postgresql://…`.
bool is_database(std::string_view path);

/// The address without user, password and settings, as it may be shown; anything else as it is.
std::string shown_address(const std::string& path);

/// The answers to the queries of a mapping, all of one instant, as tables that are called as its files. Instants are in
/// UTC, with their offset; what is NULL is empty. Nothing can be changed: each query is a SELECT or VALUES, read in a
/// transaction that only reads. Errors: in the system's words: no connection, a query that is none or fails; a mapping
/// without any query.
Result<ReadTables> read_database(const std::string& address, const Adapter& adapter, const Scratch& scratch,
                                 const std::shared_ptr<BytesRead>& read_bytes = nullptr);

}  // namespace plumb::sources
