#include "plumb/given.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "plumb/console.h"
#include "plumb/files.h"

namespace plumb::tool {

void add_history_options(CLI::App& command, HistoryOptions& options) {
  command.add_option("RULEBOOK", options.rulebook, "The rulebook, or the folder of a package")->required();
  add_search_options(command, options.search);
  command
      .add_option("--history", options.history,
                  "The folder of CSV files that says what happened, what a system exported, or a file that plumb "
                  "snapshot has made of it")
      ->required()
      ->type_name("PATH");
  command.add_option("--mapping", options.mapping, "What the columns of the folder mean (YAML), for CRM exports")
      ->type_name("FILE");
  command
      .add_option("--from", options.from,
                  "Which system exported the folder or file: an adapter of the standard library, such as salesforce; "
                  "else its columns decide")
      ->type_name("NAME");
  add_reading_options(command, options.reading);
}

void add_judging_options(CLI::App& command, JudgingOptions& options) {
  add_history_options(command, options);
  add_as_of_option(command, options.as_of);
  command
      .add_option("--known-at", options.known_at,
                  "By what was known when to judge: facts that were recorded later are left out; a date means its end")
      ->type_name("TIME");
  command.add_option("--rule", options.rule, "Only this rule")->type_name("NAME");
  command.add_flag("--skip-unevaluated", options.skip_unevaluated,
                   "Leave out the declarations that this version does not evaluate, instead of refusing");
}

void add_as_of_option(CLI::App& command, std::string& as_of) {
  command
      .add_option("--as-of", as_of,
                  "As of when to judge: a date (its end) or an instant, read in the default calendar's zone; else "
                  "the end of the history")
      ->type_name("TIME");
}

void add_output_option(CLI::App& command, std::string& output) {
  command.add_option("--output", output, "Write to this file instead of standard output")->type_name("FILE");
}

std::string given_empty(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const std::vector<std::string>& values = option->results();
    const bool positional = option->get_positional();
    if (!positional && std::find(values.begin(), values.end(), "") != values.end()) return option->get_name();
  }
  return {};
}

namespace {

/// The input that the output would be written over. Missing: empty.
std::string overwritten_input(const HistoryOptions& options) {
  if (options.output.empty()) return {};
  for (const std::string& input : {options.rulebook, options.mapping, options.history}) {
    if (!input.empty() && same_file(input, options.output)) return input;
  }
  const std::string inside = file_inside(options.history, options.output);
  return inside.ends_with(".csv") ? inside : std::string();
}

}  // namespace

std::string wrong_with(const HistoryOptions& options) {
  if (!options.empty_option.empty()) return fmt::format("{} is given without a value", options.empty_option);
  if (!options.from.empty() && !options.mapping.empty()) {
    return "--from: --mapping says already what the columns mean; leave one of the two";
  }
  if (std::string wrong = wrong_with(options.reading); !wrong.empty()) return wrong;
  const std::string input = overwritten_input(options);
  return input.empty() ? input : fmt::format("--output: `{}` is an input of this command and would be lost", input);
}

}  // namespace plumb::tool
