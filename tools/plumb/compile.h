#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "diagnostics/diagnostic.h"
#include "model/model.h"
#include "source/source.h"

namespace CLI {
class App;
}

namespace plumb::tool {

/// How far a text is looked at: a picture is drawn of what a proof would complain about.
enum class Depth { checked, analysed };

/// Where rulebooks lie that others use or extend, besides beside them.
struct SearchOptions {
  std::vector<std::string> folders;
  std::string stdlib;  // empty: the one that came with the program
};

/// `--search` and `--stdlib`, the same in every command.
void add_search_options(CLI::App& command, SearchOptions& options);

/// Where the standard library lies. Missing: empty where there is none.
std::string stdlib_folder(const SearchOptions& search);

/// From texts to the model, every mistake reported to the sink; `texts` has every text that was read. The path is a
/// rulebook, a package's folder, its plumb.yaml, or `-`: standard input, called `<stdin>`. What it extends and uses is
/// read with it. Errors: the path cannot be read.
Result<model::Rulebook> compile(const std::string& path, Depth depth, source::Map& texts, diagnostics::Sink& sink,
                                const SearchOptions& search = {});

/// Whether writing to `output` would lose one of the texts that were read.
bool was_read(const source::Map& texts, const std::string& output);

/// The paths of a rulebook's own texts, without what it builds on: all files of a package, or the path itself.
/// Errors: the path cannot be read. What is wrong with a plumb.yaml goes to the sink.
Result<std::vector<std::string>> own_files(const std::string& path, source::Map& texts, diagnostics::Sink& sink);

}  // namespace plumb::tool
