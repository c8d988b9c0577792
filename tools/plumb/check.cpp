#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "diagnostics/render.h"
#include "plumb/closing.h"
#include "plumb/command.h"
#include "plumb/compile.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/fix.h"
#include "plumb/inputs.h"

namespace plumb::tool {

namespace {

using diagnostics::Severity;

struct CheckOptions {
  std::vector<std::string> paths;
  std::string format = "human";
  std::string output;
  std::string color = "auto";
  std::size_t width = 0;
  std::string fail_level = "error";
  bool fix = false;
  bool diff = false;
  SearchOptions search;
};

constexpr const char* check_footer =
    "A folder with a plumb.yaml is one package; any other folder is every *.plumb and every package below it.\n"
    "Diagnostics for people go to standard error, those for programs (plain: one line each; json: one object a\n"
    "line; sarif: SARIF 2.1.0; github: annotations; junit: one test case for each input) to standard output.\n"
    "NO_COLOR and CLICOLOR_FORCE are followed, and COLUMNS in a terminal; elsewhere messages are not wrapped.\n\n"
    "Exit code: 0 clean; 1 nothing worse than warnings or notes, and --fail-level counts them; 2 wrong usage, or\n"
    "an input cannot be read or an output not be written; 3 at least one error. 2 comes before 3, and 3 before 1.\n"
    "With --fail-level never it is 0 or 2.\n\n"
    "Examples:\n"
    "  plumb check rules.plumb\n"
    "  plumb check . --format sarif --output plumb.sarif --fail-level warning\n"
    "  plumb check rules.plumb --fix --diff";

/// Missing: nothing is bad enough.
std::optional<Severity> severity_of(const std::string& fail_level) {
  if (fail_level == "never") return std::nullopt;
  if (fail_level == "warning") return Severity::warning;
  return fail_level == "note" ? Severity::note : Severity::error;
}

/// Looks at each input by itself; one that cannot be read keeps nobody from hearing of the others.
diagnostics::Report look_at(const std::vector<Input>& inputs, const SearchOptions& search, source::Map& texts) {
  diagnostics::Report report;
  for (const Input& input : inputs) {
    diagnostics::Sink sink;
    diagnostics::Checked checked{input.name, {}, input.trouble};
    if (checked.unreadable.empty()) {
      const auto rulebook = compile(input.path, Depth::analysed, texts, sink, search);
      if (!rulebook) checked.unreadable = rulebook.error();
    }
    if (!checked.unreadable.empty()) complain(checked.unreadable);
    checked.diagnostics = diagnostics::bounded(sink.sorted());
    report.inputs.push_back(std::move(checked));
  }
  return report;
}

/// A page in which each diagnostic has its place.
std::string page_of(const diagnostics::Report& report, const source::Map& texts, const CheckOptions& options) {
  if (options.format == "sarif") return diagnostics::render_sarif(report, texts, PLUMB_VERSION);
  if (options.format == "junit") return diagnostics::render_junit(report, texts);
  const bool to_terminal = options.output.empty();
  const bool colour = wants_colour(to_terminal ? STDERR_FILENO : -1, options.color);
  const std::size_t width = options.width > 0 ? options.width : terminal_width(to_terminal ? STDERR_FILENO : -1);
  std::string page;
  for (const diagnostics::Found& found : diagnostics::without_repeats(report, texts)) {
    const diagnostics::Diagnostic& diagnostic = found.diagnostic;
    if (options.format == "human") page += diagnostics::render_human(diagnostic, texts, {colour, width});
    if (options.format == "plain") page += diagnostics::render_plain(diagnostic, texts);
    if (options.format == "json") page += diagnostics::render_json(diagnostic, texts);
    if (options.format == "github") page += diagnostics::render_github(diagnostic, texts);
    page += '\n';
  }
  if (options.format != "github") return page;
  for (const diagnostics::Checked& input : report.inputs) {
    if (!input.unreadable.empty()) page += diagnostics::render_github(input.path, input.unreadable) + "\n";
  }
  return page;
}

/// What people read goes to standard error, what programs read to standard output, unless a file is named. Errors: it
/// cannot be written, or would be written over what was read.
Result<Written> put(const std::string& page, const std::vector<Input>& inputs, const source::Map& texts,
                    const CheckOptions& options) {
  if (options.output.empty() && options.format == "human") return write_all(STDERR_FILENO, page);
  const auto is_output = [&](const Input& input) { return same_file(input.path, options.output); };
  // What could not be read would be lost as well.
  if (was_read(texts, options.output) || std::any_of(inputs.begin(), inputs.end(), is_output)) {
    return Failure{fmt::format("cannot write `{}`: it is one of the files that were read", options.output)};
  }
  return write_output(options.output, page);
}

/// Standard output has room for one thing. Missing: empty, there is no conflict.
std::string conflict(const CheckOptions& options, const std::vector<Input>& inputs) {
  const auto is_standard_input = [](const Input& input) { return input.path == "-"; };
  const bool fix_prints = options.diff || (options.fix && std::any_of(inputs.begin(), inputs.end(), is_standard_input));
  if (!fix_prints || options.format == "human" || !options.output.empty()) return {};
  return fmt::format("{} and --format {} both go to standard output: give the diagnostics a file with --output",
                     options.diff ? "--diff" : "what --fix makes of standard input", options.format);
}

int check_paths(const CheckOptions& options) {
  const std::vector<Input> inputs = find_inputs(options.paths);
  if (const std::string sentence = conflict(options, inputs); !sentence.empty()) {
    complain(sentence);
    return bad_input;
  }
  StandIns stand_ins;
  bool all_written = !options.fix || fix(inputs, options.search, options.diff ? FixTo::diff : FixTo::files, stand_ins);
  source::Map texts;
  diagnostics::Report report = look_at(inputs, options.search, texts);
  report.fails_at = severity_of(options.fail_level);
  if (const auto written = put(page_of(report, texts, options), inputs, texts, options); !written) {
    complain(written.error());
    all_written = false;
  }
  const Counts counts = count(report, texts);
  say(closing_line(counts, texts));
  if (!all_written || counts.unreadable > 0) return bad_input;
  if (counts.failing == 0) return all_well;
  return counts.errors > 0 ? does_not_compile : findings;
}

}  // namespace

void add_check(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("check", "Say what is wrong with a rulebook, and where");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("PATH", options->paths, "Rulebooks, packages, folders of them; - reads standard input")
      ->required();
  command->add_option("--format", options->format, "human, plain, json, sarif, github or junit")
      ->check(CLI::IsMember({"human", "plain", "json", "sarif", "github", "junit"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_option("--output", options->output, "Write the diagnostics to this file")->type_name("FILE");
  command->add_option("--color", options->color, "In colour: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN")
      ->capture_default_str();
  command->add_option("--width", options->width, "Columns of a line for human; else the terminal's")
      ->check(CLI::Range(20, 10000))
      ->type_name("COLUMNS");
  command->add_option("--fail-level", options->fail_level, "What makes the exit code other than 0")
      ->check(CLI::IsMember({"error", "warning", "note", "never"}))
      ->type_name("LEVEL")
      ->capture_default_str();
  CLI::Option* fix =
      command->add_flag("--fix", options->fix, "Apply what is suggested and safe, and report what is left");
  command->add_flag("--diff", options->diff, "With --fix: write nothing, and show what would change")->needs(fix);
  add_search_options(*command, options->search);
  command->footer(check_footer);
  command->callback([options, &chosen] { chosen = [options] { return check_paths(*options); }; });
}

}  // namespace plumb::tool
