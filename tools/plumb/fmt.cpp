#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "diagnostics/diagnostic.h"
#include "diagnostics/shown.h"
#include "format/format.h"
#include "plumb/command.h"
#include "plumb/compile.h"
#include "plumb/console.h"
#include "plumb/diff.h"
#include "plumb/files.h"
#include "plumb/inputs.h"
#include "source/source.h"
#include "syntax/parse.h"

namespace plumb::tool {

namespace {

struct FmtOptions {
  std::vector<std::string> files;
  bool check = false;
  bool diff = false;
};

struct Counts {
  std::size_t read = 0;
  std::size_t changed = 0;
  bool with_mistakes = false;
  bool trouble = false;  // what cannot be read or written
};

bool is_standard_input(const std::string& path) { return path == "-"; }

/// Where a formatted text goes. Errors: it cannot be written.
Result<Written> put(const FmtOptions& options, const std::string& path, const std::string& before,
                    const std::string& after) {
  if (options.diff) {
    const std::string name = diagnostics::shown(is_standard_input(path) ? standard_input_name : path);
    return write_output("", unified_diff(name, before, after));
  }
  if (options.check) return Written::all;
  if (is_standard_input(path)) return write_output("", after);
  return rewrite_file(path, before, after);
}

void format_text(const FmtOptions& options, const std::string& path, std::string content, Counts& counts) {
  const std::string name = is_standard_input(path) ? standard_input_name : path;
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> text = texts.add(name, content);
  const syntax::ast::File file = syntax::parse(texts, text, sink);
  ++counts.read;
  if (!file.whole) {
    show(sink, texts);
    say(fmt::format("{} is left as it is: only what can be read can be formatted\n", diagnostics::shown(name)));
    counts.with_mistakes = true;
    return;
  }
  const std::string after = format::format(file, texts);
  if (after != content) {
    ++counts.changed;
    if (options.check) say(fmt::format("{} is not formatted", diagnostics::shown(name)));
  }
  if (const auto written = put(options, path, content, after); !written) {
    complain(written.error());
    counts.trouble = true;
  }
}

void format_file(const FmtOptions& options, const std::string& path, Counts& counts) {
  Result<std::string> content = read_file(is_standard_input(path) ? standard_input_path : path);
  if (content) {
    format_text(options, path, std::move(*content), counts);
  } else {
    complain(content.error());
    counts.trouble = true;
  }
}

/// The files of a package, if it is one; what it builds on belongs to others.
void format_rulebook(const FmtOptions& options, const Input& input, Counts& counts) {
  if (!input.trouble.empty()) {
    complain(input.trouble);
    counts.trouble = true;
    return;
  }
  source::Map texts;
  diagnostics::Sink sink;
  const Result<std::vector<std::string>> files = own_files(input.path, texts, sink);
  show(sink, texts);
  if (sink.has_errors()) counts.with_mistakes = true;
  if (files) {
    for (const std::string& file : *files) format_file(options, file, counts);
  } else {
    complain(files.error());
    counts.trouble = true;
  }
}

int format_files(const FmtOptions& options) {
  Counts counts;
  for (const Input& input : find_inputs(options.files)) format_rulebook(options, input, counts);
  const std::string_view done = options.check || options.diff ? "to format" : "formatted";
  say(fmt::format("read {}: {} {}", counted(counts.read, "file", "files"), counts.changed, done));
  if (counts.trouble) return bad_input;
  if (counts.with_mistakes) return does_not_compile;
  return options.check && counts.changed > 0 ? findings : all_well;
}

}  // namespace

void add_fmt(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("fmt", "Write a rulebook the way all rulebooks are written");
  auto options = std::make_shared<FmtOptions>();
  command->add_option("FILE", options->files, "Rulebooks, packages, folders of them; - reads standard input")->required();
  command->add_flag("--check", options->check, "Write nothing, and say which files are not formatted");
  command->add_flag("--diff", options->diff, "Write nothing, and show what would change");
  command->footer(
      "A folder with a plumb.yaml is one package; any other folder is every *.plumb and every package below it.\n"
      "A file is written in place, whole or not at all; standard input goes to standard output. A file with mistakes\n"
      "is left as it is.\n"
      "Exit code: 0 all is well, 1 --check found a file that is not formatted, 2 a file cannot be read or written,\n"
      "3 a file has mistakes.\n\n"
      "Example:\n"
      "  plumb fmt --check rules.plumb");
  command->callback([options, &chosen] { chosen = [options] { return format_files(*options); }; });
}

}  // namespace plumb::tool
