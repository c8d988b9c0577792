#include <algorithm>
#include <exception>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/assert.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/files.h"

namespace plumb::tool {

namespace {

/// What the parser of the command line has to say: help and version are answers, the rest is wrong usage.
int answer(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() != 0) {
    const std::string said = error.what();
    constexpr std::string_view twice = ": At Most 1 required but received ";
    const std::size_t at = said.find(twice);
    complain(at == std::string::npos ? said : said.substr(0, at) + " is given more than once");
    say("plumb --help says what there is, plumb COMMAND --help what a command takes");
    return bad_input;
  }
  std::ostringstream out;
  std::ostringstream ignored;
  (void)app.exit(error, out, ignored);
  std::string text = out.str();
  if (text.empty() || text.back() != '\n') text += '\n';
  if (const auto written = write_output("", text); !written) {
    complain(written.error());
    return bad_input;
  }
  return all_well;
}

/// A first word that is no command would else be called an argument that was not expected.
bool knows_command(const CLI::App& app, std::string_view word) {
  if (word.empty() || word.front() == '-') return true;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), word) != names.end()) return true;
  complain(fmt::format("there is no command `{}`{}", word, did_you_mean(word, names)));
  return false;
}

/// An option that the command does not have; else what is lacking without it would be said in its place.
bool knows_options(const CLI::App& command, int argc, const char* const* argv) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (int i = 2; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view said = argv[i], word = said.substr(0, said.find('='));
    if (!word.starts_with("--") || std::find(names.begin(), names.end(), word) != names.end()) continue;
    complain(fmt::format("{} has no option `{}`{}", command.get_name(), word, did_you_mean(word, names)));
    say(fmt::format("plumb {} --help says what it takes", command.get_name()));
    return false;
  }
  return true;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("Plumb holds real deal histories against what people agreed to expect of each other.", "plumb");
  app.set_version_flag("--version", "plumb " PLUMB_VERSION, "Say which version this is");
  app.set_help_flag("--help", "Say what there is");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  plumb check rules.plumb\n"
      "  plumb fmt rules.plumb\n"
      "  plumb test rules.plumb\n"
      "  plumb graph rules.plumb --format svg --output process.svg\n"
      "  plumb run rules.plumb --history history --as-of 2026-03-31");
  Chosen chosen;
  add_run(app, chosen);
  add_import(app, chosen);
  add_snapshot(app, chosen);
  add_check(app, chosen);
  add_explain(app, chosen);
  add_doctor(app, chosen);
  add_test(app, chosen);
  add_graph(app, chosen);
  add_fmt(app, chosen);
  add_explain_code(app, chosen);
  add_help(app, chosen);
  if (argc < 2) {
    complain(
        "say what to do: check, fmt, run, import, snapshot, explain, doctor, test, graph, explain-code or help; plumb "
        "--help says more");
    return bad_input;
  }
  if (!knows_command(app, argv[1])) return bad_input;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (command->get_name() == argv[1] && !knows_options(*command, argc, argv)) return bad_input;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer(app, error);
  }
  return chosen();
}

int our_fault(std::string_view what) {
  complain(fmt::format("this is a mistake of ours, not of yours: {}", what));
  say("please report it, with the command and, if you can, the files");
  return our_bug;
}

}  // namespace

}  // namespace plumb::tool

int main(int argc, char** argv) {
  using namespace plumb::tool;
  try {
    settle_descriptors();
    return parse_and_run(argc, argv);
  } catch (const std::bad_alloc&) {
    complain("there is not enough memory for this");
    return bad_input;
  } catch (const std::exception& error) {
    return our_fault(error.what());
  }
}
