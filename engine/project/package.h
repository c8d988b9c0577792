#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/project.h"

/// What a plumb.yaml says. Nothing outside of project/ includes it.
namespace plumb::project {

namespace diag = diagnostics::diag;
using source::Span;

struct Said {
  std::string text;
  Span span;
};

struct Package {
  std::string folder;                // as the user names it; `.` for the one of the caller
  Said name;                         // empty when it is not said, which was reported
  std::optional<Said> version;
  std::vector<Said> files;           // patterns
  std::vector<std::string> search;   // folders that are there, as the user names them
};

/// Missing: nothing when the file is no such thing, which was reported.
std::optional<Package> read_package(Id<source::Text> text, const source::Map& texts, diagnostics::Sink& sink);

/// The files of a package, each with the pattern that names it. Rows: sorted by bytes; each once.
/// Errors: a pattern that fits no file, a file outside of the folder, more files than Limits says.
std::vector<Said> files_of(const Package& package, diagnostics::Sink& sink);

}  // namespace plumb::project
