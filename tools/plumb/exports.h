#pragma once

#include <optional>
#include <string>
#include <vector>

#include "history/load.h"
#include "model/model.h"
#include "plumb/given.h"
#include "source/source.h"
#include "sources/read.h"
#include "time/calendar.h"

/// What other systems export, read with adapters: mapping files, of which some come with the standard library.
namespace plumb::tool {

struct ExportOptions {
  std::vector<std::string> paths;  // folders and files
  std::string from;                // an adapter of the standard library
  std::string mapping;             // or a mapping file; both empty: the columns decide
  SearchOptions search;
  ReadingOptions reading;
  bool every_problem = false;  // keep all in the report, not just the first
  unsigned threads = 0;        // 0: as many as the machine runs at once
};

struct Export {
  history::Loaded loaded;
  std::vector<sources::Table> files;  // as they were given, those that were recognised
  std::string adapter;                // its name; empty for a mapping file
};

/// The files of an export, once they are read, so that none is read twice.
using Tables = std::optional<sources::ReadTables>;

/// Whether a history is to be read as an export: `--from` says so, the mapping does something to the files, or it is a
/// folder or file that is not in the canonical form and an adapter of the standard library fits, or no file of which is
/// called as one of a canonical folder.
bool is_export(const HistoryOptions& options, Tables& read);

/// Whether a folder that cannot be read as it lies there is to be read as an export all the same, since a file that a
/// mapping names is in another encoding, of which its beginning shows nothing. Cost: it reads these files.
bool is_otherwise_behind(const HistoryOptions& options);

/// Reads it, everything that is wrong with it, what was recognised and what was taken for granted said on standard
/// error. `read`: its files, where they are read already. Missing: when it cannot be used, which then was said, too.
std::optional<Export> load_export(const ExportOptions& options, const model::Rulebook& rulebook, const time::Zone& zone,
                                  source::Map& texts, Tables read = {});

}  // namespace plumb::tool
