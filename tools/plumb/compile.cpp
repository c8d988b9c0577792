#include "plumb/compile.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "check/check.h"
#include "graph/analyse.h"
#include "graph/prove.h"
#include "plumb/files.h"
#include "plumb/inputs.h"
#include "project/project.h"
#include "syntax/ast.h"

namespace plumb::tool {

namespace {

/// Beside the program, wherever that was put: `../share/plumb/stdlib` from its folder; a build tree has a link there.
/// Missing: empty where there is no such folder.
std::string stdlib_beside_program() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const std::filesystem::path folder = program.parent_path().parent_path() / "share" / "plumb" / "stdlib";
  return std::filesystem::is_directory(folder, error) ? folder.string() : std::string();
}

project::Options options_from(const SearchOptions& search) {
  const auto read = [](const std::string& path) { return read_file(path == "-" ? standard_input_path : path); };
  return {read, search.folders, stdlib_folder(search)};
}

}  // namespace

std::string stdlib_folder(const SearchOptions& search) {
  if (!search.stdlib.empty()) return search.stdlib;
  const char* set = std::getenv("PLUMB_STDLIB");
  return set != nullptr && *set != '\0' ? std::string(set) : stdlib_beside_program();
}

void add_search_options(CLI::App& command, SearchOptions& options) {
  command
      .add_option("--search", options.folders,
                  "A folder of rulebooks that `use` and `extends` may name; may be given several times")
      ->check(CLI::ExistingDirectory)
      ->allow_extra_args(false)
      ->type_name("FOLDER");
  command.add_option("--stdlib", options.stdlib, "The standard library, in place of the one that came with plumb")
      ->check(CLI::ExistingDirectory)
      ->type_name("FOLDER");
}

Result<model::Rulebook> compile(const std::string& path, Depth depth, source::Map& texts, diagnostics::Sink& sink,
                                const SearchOptions& search) {
  const std::size_t errors_before = sink.errors();
  const Result<syntax::ast::File> file = project::load(path, options_from(search), texts, sink);
  if (!file) return Failure{file.error()};
  model::Rulebook rulebook = check::check(*file, texts, sink);
  // A graph with broken stages would be analysed into mistakes that follow from those already reported.
  if (depth == Depth::analysed && sink.errors() == errors_before) graph::analyse(rulebook, sink);
  // So are proofs: a process in which nothing can be won is no news to what is proved of it.
  if (depth == Depth::analysed && sink.errors() == errors_before) graph::prove(rulebook, sink);
  return rulebook;
}

bool was_read(const source::Map& texts, const std::string& output) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string& path = texts[Id<source::Text>(i)].path();
    if (same_file(path == standard_input_name ? standard_input_path : path, output)) return true;
  }
  return false;
}

Result<std::vector<std::string>> own_files(const std::string& path, source::Map& texts, diagnostics::Sink& sink) {
  return project::own_files(path, options_from({}), texts, sink);
}

}  // namespace plumb::tool
