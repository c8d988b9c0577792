#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/package.h"
#include "project/rulebooks.h"
#include "project/search.h"

/// Reading one rulebook, whatever it builds on. Nothing outside of project/ includes it.
namespace plumb::project {

/// `use NAME` or `extends NAME`.
struct Link {
  std::string name;
  Span span;           // of the name
  std::string folder;  // of the file it stands in
};

struct Reading {
  Book book;
  std::string called;               // in messages: its name, or its path
  std::string folder;               // of the file or of plumb.yaml
  std::vector<std::string> search;  // what plumb.yaml says
  std::vector<std::string> files;   // the paths that were read, plumb.yaml among them
  std::optional<Link> base;
  std::vector<Link> uses;
  bool several_bases = false;
  bool is_package = false;
  bool is_misnamed = false;  // plumb.yaml and header differ, which was reported
  bool whole = true;         // false: something of it was not read, so names may be missing
};

/// What the rulebooks that are read together share.
struct Shared {
  const Options& options;
  source::Map& texts;
  diagnostics::Sink& sink;
  syntax::Stores stores;
  std::size_t bytes = 0;  // read so far
};

/// Reads the file, whose content is known already, or the package if it is a plumb.yaml.
/// Errors: everything goes to the sink, and what can be read is.
Reading read_book(const Location& at, std::string content, Shared& shared);

}  // namespace plumb::project
