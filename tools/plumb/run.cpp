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
#include "plumb/waiting.h"
#include "report/report.h"
#include "report/words.h"
#include "sources/postgres.h"

namespace plumb::tool {

namespace {

struct RunOptions : JudgingOptions {
  std::string format = "human";
  std::vector<std::string> fail_on;
  bool summary = false;
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

int run_rulebook(const RunOptions& options) {
  source::Map texts;
  int exit = all_well;
  const auto rulebook = compile_to_judge(options, texts, exit);
  if (!rulebook) return exit;
  // The calendars of a rulebook without errors can be made: `check` has looked up their zones.
  const time::Zone zone = report::default_calendar(*rulebook).zone();
  Result<eval::Options> clocks = clocks_of(options, zone);
  if (!clocks) return fail(clocks.error());
  clocks->threads = options.threads;
  const auto history = load_history(options, *rulebook, zone, texts, options.threads);
  if (!history) return bad_input;
  const auto judged = judge(options, *clocks, *rulebook, *history, texts);
  if (!judged) return fail(judged.error());
  const report::Input input{*rulebook,       *history,       judged->evaluation, options.rulebook,
                            sources::shown_address(options.history), judged->at_end, options.rule,       options.threads};
  const std::string text = [&] {
    const Waiting waiting("writing");
    return render(input, options);
  }();
  const auto written = write_output(options.output, text);
  if (!written) return fail(written.error());
  return has_findings(input, options.fail_on) ? findings : all_well;
}

void add_options(CLI::App& command, RunOptions& options) {
  add_judging_options(command, options);
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
  command
      .add_option(
          "--threads", options.threads,
          "How many threads may work at the same time, 1 to 256; else as many as the machine has. The output is "
          "the same with any number")
      ->check(CLI::Range(1, 256))
      ->type_name("NUMBER");
  add_output_option(command, options.output);
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("run", "Hold what happened against a rulebook");
  auto options = std::make_shared<RunOptions>();
  add_options(*command, *options);
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
