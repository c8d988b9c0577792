#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/project.h"
#include "syntax/parse.h"

/// The rulebooks that one is made of, each read once. Nothing outside of project/ includes it.
namespace plumb::project {

/// One rulebook: a file, or the files of a package.
struct Book {
  std::string name;  // that of its header, else what it was asked for as
  Id<source::Text> text;  // the one with the header, else the first
  std::optional<syntax::ast::Rulebook> header;
  std::vector<syntax::ast::File> files;  // without their stores
};

struct Rulebooks {
  std::vector<Book> books;             // the first is the one that was asked for
  std::vector<std::size_t> bases;      // what it extends, the farthest first
  std::vector<std::size_t> libraries;  // what is used, each behind what it uses itself
  syntax::Stores stores;
  bool open = false;  // one of them was not found
};

/// The plumb.yaml that a path names, itself or by its folder. Missing: empty for any other path.
std::string package_at(const std::string& path);

/// Follows `extends` and `use`. Errors: the path cannot be read.
Result<Rulebooks> read_rulebooks(const std::string& path, const Options& options, source::Map& texts,
                                 diagnostics::Sink& sink);

}  // namespace plumb::project
