#pragma once

#include <string>
#include <vector>

#include "history/mapping.h"

/// What a mapping will do with an export, in sentences.
namespace plumb::doctor {

/// A file of the export as it lies there. Missing: no columns for a file that is not there.
struct Header {
  std::string path;
  bool there = false;
  std::vector<std::string> columns;
};

/// What is done to a file before its rows are read.
struct Preparation {
  std::vector<std::string> sentences;
  std::vector<std::string> added;   // columns that the file has from then on
  std::vector<std::string> needed;  // columns that it has to have for that
  std::vector<std::string> used;    // columns that other files read
  std::vector<std::string> left;    // columns of which it is said why nothing reads them
  bool newest_first = false;        // the later row happened first
  bool made = false;                // of another file, whose columns it has, whether it reads them or not
};

struct FilePlan {
  std::string file;
  std::vector<std::string> sentences;
  bool lacks_file = false;                    // it is not there, and may not be absent
  bool absent = false;                        // it is not there, and may be
  std::vector<std::string> lacking;           // columns that the mapping needs and the file has not
  std::vector<std::string> lacking_optional;  // columns that it would read, and that the file may lack
  std::vector<std::string> unread;            // columns that nothing reads
  bool by_header = false;                     // fields of the rulebook read columns of their names, too
};

struct MappingPlan {
  std::string path;
  std::vector<std::string> sentences;  // about the whole export
  std::vector<FilePlan> files;
  bool compared = false;  // with the headers of an export

  /// Whether the export has all that the mapping names.
  bool fits() const;
};

/// `prepared`, `headers`: of the files that the mapping names, in its order; no headers: there is no export to compare
/// it with.
MappingPlan explain_mapping(const history::Mapping& mapping, const std::vector<Preparation>& prepared,
                            const std::vector<Header>& headers);

std::string human(const MappingPlan& plan, bool colour);
std::string json(const MappingPlan& plan);

}  // namespace plumb::doctor
