#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumb/exports.h"
#include "source/source.h"
#include "sources/fit.h"
#include "sources/read.h"

/// By which adapter an export is read: the one that is named, or the one that fits.
namespace plumb::tool {

/// An adapter or a mapping with the text that it was read from, which the canonical one does not have.
struct AdapterRead {
  sources::Adapter adapter;
  Id<source::Text> text;
};

/// Reads the file of one that is called `name`. Missing: nullopt, and what is wrong with it was said.
std::optional<AdapterRead> read_adapter(const std::string& path, const std::string& name, source::Map& texts);

struct Candidate {
  AdapterRead read;
  sources::Fit fit;
};

/// What is there, and the adapter that reads it. Missing: nullopt, and what was seen was said.
std::optional<Candidate> choose(const ExportOptions& options, source::Map& texts, Tables& read);

/// Whether an adapter of the standard library fits.
bool some_fits(const std::vector<sources::Table>& tables, const SearchOptions& search);

/// The one adapter that fits best. Missing: nullopt, and what was seen was said.
std::optional<std::string> guess_adapter(const ExportOptions& options, Tables& read);

/// Whether the standard library has the adapter; that it has not is said.
bool has_adapter(const std::string& name, const SearchOptions& search);

/// The folder of adapters of the standard library, without a slash at its end.
std::string adapters_folder(const SearchOptions& search);

/// The files, a line on the terminal while that takes long. `adapter`: the one that they are read by, where it is
/// named. Errors: as `read_database`, `read_tables`.
Result<sources::ReadTables> read_waited(const std::vector<std::string>& paths, const ReadingOptions& reading,
                                        const sources::Adapter* adapter);

/// Whether it is one address of a database.
bool is_database(const std::vector<std::string>& paths);

/// Whether a header has all of them, whatever the case.
bool has_columns(const std::vector<std::string>& header, const std::vector<std::string>& wanted);

}  // namespace plumb::tool
