#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/scratch.h"
#include "sources/table.h"

namespace plumb::sources {

struct ReadTables {
  std::vector<Table> tables;      // in the order of their names
  std::vector<std::string> said;  // what was recognised or left alone, one sentence each, with the file
};

/// An encoding, and who says it. Missing: empty, it is recognised.
struct SaidEncoding {
  std::string name;
  std::string said_by = "the mapping says";
};

/// In which encodings files are, where somebody says it.
struct Encodings {
  SaidEncoding all;                        // of files of which nothing is said
  std::map<std::string, SaidEncoding> of;  // by the stem of the file's name (`stem_of`)
};

/// Whether a file is looked at in a folder, by the ending of its name: those that `read_tables` tells.
bool has_known_ending(const std::string& name);

/// Whether a file is CSV in UTF-8 that is not packed, as far as its name and its beginning tell.
bool is_plain(const std::string& name, const Bytes& beginning);

/// The tables of files and folders (their files, not those of folders in them): .csv, .tsv, .txt, .xes, .jsonocel,
/// .xmlocel, .xml, .json, .sqlite, .db, each also packed (.gz). A file with another ending, or XML that is no event log,
/// is left alone, which is said, unless it was named itself. Errors: with the file; it cannot be read, is damaged, is of no known form, is larger
/// than `most_bytes`; there is no room to put it aside.
Result<ReadTables> read_tables(const std::vector<std::string>& paths, const Encodings& encodings,
                               const Scratch& scratch, const std::shared_ptr<BytesRead>& read = nullptr);

}  // namespace plumb::sources
