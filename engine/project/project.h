#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "diagnostics/diagnostic.h"
#include "source/source.h"
#include "syntax/ast.h"

/// The texts that make one rulebook: the files of a package, what they extend and what they use.
namespace plumb::project {

struct Options {
  /// The content of a file; `-` is standard input. Errors: a sentence with the path, for the user.
  std::function<Result<std::string>(const std::string& path)> read_file;
  std::vector<std::string> search;  // folders of rulebooks, before the one that a `use` stands in
  std::string stdlib;               // where `std.…` lies; empty: nowhere
};

/// Far above what people write, and small enough that a wrong folder costs little.
struct Limits {
  static constexpr std::size_t rulebooks = 100;          // that one rulebook is made of
  static constexpr std::size_t files = 1'000;            // of one package
  static constexpr std::size_t bytes = 64'000'000;       // of all texts together
  static constexpr std::size_t entries = 100'000;        // of a folder and those below it
  static constexpr std::size_t folders_deep = 50;        // below that of a package
};

/// One rulebook of many texts, joined: what is extended, then what is used, then its own. `path` is a rulebook, a
/// package's folder, its plumb.yaml, or `-`. Rows: every text has one row in `sources`, in the order of declarations.
/// Errors: the path cannot be read. Everything else that is wrong, in whichever text, goes to the sink.
Result<syntax::ast::File> load(const std::string& path, const Options& options, source::Map& texts,
                               diagnostics::Sink& sink);

/// The paths of a rulebook's own texts: all files of a package, or the path itself.
/// Errors: the path cannot be read. What is wrong with a plumb.yaml goes to the sink.
Result<std::vector<std::string>> own_files(const std::string& path, const Options& options, source::Map& texts,
                                           diagnostics::Sink& sink);

}  // namespace plumb::project
