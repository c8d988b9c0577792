#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "eval/run.h"
#include "plumb/command.h"
#include "plumb/compile.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/judging.h"
#include "plumb/loading.h"
#include "report/report.h"
#include "report/words.h"

namespace plumb::tool {

namespace {

struct RunOptions {
  std::string rulebook;
  SearchOptions search;
  std::string history;
  std::string mapping;
  std::string as_of;
  std::string known_at;
  std::string format = "human";
  std::string rule;
  std::string output;
  std::string empty_option;  // the first that has a value of no characters
  std::vector<std::string> fail_on;
  bool summary = false;
  bool skip_unevaluated = false;
  unsigned threads = 0;
};

std::string render(const report::Input& input, const RunOptions& options) {
  const bool colour = options.output.empty() && wants_colour(STDOUT_FILENO);
  if (options.format == "json") return options.summary ? report::json_summary(input) : report::json_lines(input);
  if (options.format == "csv") return options.summary ? report::csv_summary(input) : report::csv(input);
  return options.summary ? report::human_summary(input, colour) : report::human(input, colour);
}

/// Whether an obligation that counts has one of the verdicts that the caller wants to hear of: those of musts, or of
/// the one rule that was asked for, with the responses to them.
bool has_findings(const report::Input& input, const std::vector<std::string>& fail_on) {
  const std::vector<model::Rule>& rules = input.rulebook.rules;
  const auto counts = eval::count_by_rule(input.evaluation.verdicts, rules.size());
  const std::vector<bool> chosen = report::chosen_rules(input);
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    if (input.only_rule.empty() ? rules[rule].strength != model::Strength::must : !chosen[rule]) continue;
    for (std::size_t i = 0; i < eval::verdict_count; ++i) {
      std::string word(eval::to_text(static_cast<eval::Verdict>(i)));
      std::replace(word.begin(), word.end(), ' ', '-');
      if (counts[rule][i] > 0 && std::find(fail_on.begin(), fail_on.end(), word) != fail_on.end()) return true;
    }
  }
  return false;
}

int fail(const std::string& sentence) {
  complain(sentence);
  return bad_input;
}

int judge(const RunOptions& options, const model::Rulebook& rulebook, source::Map& texts) {
  // The calendars of a rulebook without errors can be made: `check` has looked up their zones.
  const time::Calendar calendar = report::default_calendar(rulebook);
  const Result<time::Instant> asked = asked_time("--as-of", options.as_of, calendar.zone());
  if (!asked) return fail(asked.error());
  const Result<time::Instant> known = asked_time("--known-at", options.known_at, calendar.zone());
  if (!known) return fail(known.error());
  const auto history = load_history(options.history, options.mapping, rulebook, calendar.zone(), texts);
  if (!history) return bad_input;
  const Result<time::Instant> as_of = asked->known() ? asked : end_of(*history);
  if (!as_of) return fail(as_of.error());
  eval::Options how{*as_of};
  if (known->known()) how.known_at = *known;
  how.threads = options.threads;
  const Result<eval::Evaluation> evaluation = eval::run(rulebook, *history, how);
  if (!evaluation) return fail(evaluation.error());
  // Those of a package and what it builds on are known only now.
  if (was_read(texts, options.output)) {
    return fail(fmt::format("--output: `{}` is an input of this command and would be lost", options.output));
  }
  const report::Input input{rulebook,        *history,        *evaluation,  options.rulebook,
                            options.history, !asked->known(), options.rule, options.threads};
  const auto written = write_output(options.output, render(input, options));
  if (!written) return fail(written.error());
  return has_findings(input, options.fail_on) ? findings : all_well;
}

/// The first option that was given without a value, as an unset variable of a script does. Missing: empty.
std::string_view given_empty(const CLI::App& command) {
  for (const std::string_view name : {"--history", "--mapping", "--as-of", "--known-at", "--rule", "--output"}) {
    const CLI::Option* option = command.get_option(std::string(name));
    const auto& values = option->results();
    if (std::find(values.begin(), values.end(), "") != values.end()) return name;
  }
  return {};
}

/// The input that the output would be written over. Missing: empty.
std::string overwritten_input(const RunOptions& options) {
  if (options.output.empty()) return {};
  for (const std::string& input : {options.rulebook, options.mapping, options.history}) {
    if (!input.empty() && same_file(input, options.output)) return input;
  }
  const std::string inside = file_inside(options.history, options.output);
  return inside.ends_with(".csv") ? inside : std::string();
}

int run_rulebook(const RunOptions& options) {
  if (!options.empty_option.empty()) return fail(fmt::format("{} is given without a value", options.empty_option));
  if (const std::string input = overwritten_input(options); !input.empty()) {
    return fail(fmt::format("--output: `{}` is an input of this command and would be lost", input));
  }
  source::Map texts;
  diagnostics::Sink sink;
  const auto rulebook = compile(options.rulebook, Depth::analysed, texts, sink, options.search);
  if (!rulebook) {
    complain(rulebook.error());
    return bad_input;
  }
  show(sink, texts);
  if (sink.has_errors()) return does_not_compile;
  if (!may_run(*rulebook, texts, options.skip_unevaluated)) return does_not_compile;
  if (!has_rule(*rulebook, options.rule)) return bad_input;
  const model::Rulebook evaluated = eval::evaluated_part(*rulebook);
  if (!is_evaluated(evaluated, options.rule)) return bad_input;
  return judge(options, evaluated, texts);
}

void add_input_options(CLI::App& command, RunOptions& options) {
  command.add_option("RULEBOOK", options.rulebook, "The rulebook, or the folder of a package")->required();
  add_search_options(command, options.search);
  command
      .add_option("--history", options.history,
                  "The folder of CSV files that says what happened, or a file that plumb snapshot has made of one")
      ->required()
      ->type_name("PATH");
  command.add_option("--mapping", options.mapping, "What the columns of the folder mean (YAML), for CRM exports")
      ->type_name("FILE");
  command
      .add_option("--as-of", options.as_of,
                  "As of when to judge: a date (its end) or an instant, read in the default calendar's zone; else "
                  "the end of the history")
      ->type_name("TIME");
  command
      .add_option("--known-at", options.known_at,
                  "By what was known when to judge: facts that were recorded later are left out; a date means its end")
      ->type_name("TIME");
  command.add_option("--rule", options.rule, "Only this rule")->type_name("NAME");
}

void add_output_options(CLI::App& command, RunOptions& options) {
  command.add_option("--format", options.format, "human, json (one object per obligation) or csv")
      ->check(CLI::IsMember({"human", "json", "csv"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command.add_flag("--summary", options.summary, "Only the counts of each rule");
  command
      .add_option("--fail-on", options.fail_on,
                  "Exit with 1 when an obligation of a must, or of --rule, has this verdict: missed, late, "
                  "cannot-tell, due, excused; several with commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"missed", "late", "cannot-tell", "due", "excused"}))
      ->type_name("VERDICT");
  command.add_flag("--skip-unevaluated", options.skip_unevaluated,
                   "Leave out the declarations that this version does not evaluate, instead of refusing");
  command
      .add_option(
          "--threads", options.threads,
          "How many threads may work at the same time, 1 to 256; else as many as the machine has. The output is "
          "the same with any number")
      ->check(CLI::Range(1, 256))
      ->type_name("NUMBER");
  command.add_option("--output", options.output, "Write to this file instead of standard output")->type_name("FILE");
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("run", "Hold what happened against a rulebook");
  auto options = std::make_shared<RunOptions>();
  add_input_options(*command, *options);
  add_output_options(*command, *options);
  command->footer(
      "Exit code: 0 done, 1 as --fail-on asks, 2 an input or the output does not work, 3 the rulebook does not "
      "compile.\n\n"
      "Examples:\n"
      "  plumb run rules.plumb --history history --as-of 2026-03-31\n"
      "  plumb run rules.plumb --history export --mapping crm.yaml --summary --format json\n"
      "  plumb run rules.plumb --history history --rule agreed_next_step --fail-on missed,late");
  command->callback([command, options, &chosen] {
    options->empty_option = given_empty(*command);
    chosen = [options] { return run_rulebook(*options); };
  });
}

}  // namespace plumb::tool
