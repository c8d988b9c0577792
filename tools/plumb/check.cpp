#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "diagnostics/render.h"
#include "plumb/command.h"
#include "plumb/compile.h"
#include "plumb/console.h"
#include "plumb/files.h"

namespace plumb::tool {

namespace {

struct CheckOptions {
  std::vector<std::string> files;
  std::string format = "human";
};

/// What programs read goes to standard output. Errors: it cannot be written.
Result<Written> put_diagnostics(const diagnostics::Sink& sink, const source::Map& texts, const std::string& format) {
  if (format == "human") {
    show(sink, texts);
    return Written::all;
  }
  std::string lines;
  for (const diagnostics::Diagnostic& diagnostic : sink.sorted()) {
    lines +=
        format == "json" ? diagnostics::render_json(diagnostic, texts) : diagnostics::render_plain(diagnostic, texts);
    lines += '\n';
  }
  return write_output("", lines);
}

int check_files(const CheckOptions& options) {
  source::Map texts;
  diagnostics::Sink sink;
  std::size_t read = 0;
  for (const std::string& path : options.files) {
    // Each file is a rulebook of its own; one that cannot be read keeps nobody from hearing of the others.
    if (const auto rulebook = compile(path, Depth::analysed, texts, sink)) {
      ++read;
    } else {
      complain(rulebook.error());
    }
  }
  const Result<Written> written = put_diagnostics(sink, texts, options.format);
  if (!written) complain(written.error());
  say(fmt::format("read {}: {}, {}", counted(read, "file", "files"), counted(sink.errors(), "error", "errors"),
                  counted(sink.warnings(), "warning", "warnings")));
  if (!written || read != options.files.size()) return bad_input;
  return sink.has_errors() ? does_not_compile : all_well;
}

}  // namespace

void add_check(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("check", "Say what is wrong with a rulebook, and where");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("FILE", options->files, "The rulebooks, each by itself")->required();
  command->add_option("--format", options->format, "human, plain (one line each) or json (one object each)")
      ->check(CLI::IsMember({"human", "plain", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer(
      "Human diagnostics go to standard error, plain and json to standard output.\n"
      "Exit code: 0 no error (there may be warnings), 2 a file cannot be read, 3 at least one error.\n\n"
      "Example:\n"
      "  plumb check rules.plumb");
  command->callback([options, &chosen] { chosen = [options] { return check_files(*options); }; });
}

}  // namespace plumb::tool
