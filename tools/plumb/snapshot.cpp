#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "eval/run.h"
#include "history/snapshot.h"
#include "plumb/command.h"
#include "plumb/compile.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/loading.h"
#include "report/report.h"
#include "report/words.h"

namespace plumb::tool {

namespace {

struct SnapshotOptions {
  std::string rulebook;
  SearchOptions search;
  std::string history;
  std::string mapping;
  std::string output;
  std::string empty_option;  // the first that has a value of no characters
};

int fail(const std::string& sentence) {
  complain(sentence);
  return bad_input;
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{}.{} MB", report::number_text(bytes / 1'000'000), bytes / 100'000 % 10);
}

int write(const SnapshotOptions& options, const history::Loaded& loaded, const history::SnapshotBytes& bytes) {
  std::vector<std::string_view> pieces{bytes.front};
  pieces.insert(pieces.end(), bytes.rows.begin(), bytes.rows.end());
  const auto written = write_output(options.output, pieces);
  if (!written) return fail(written.error());
  const history::History& history = loaded.history;
  const std::size_t events = history.deal_events.size() + history.person_events.size();
  say(fmt::format("wrote {}: {}, {}, {}, {}", options.output, report::count_text(history.deals.size(), "deal", "deals"),
                  report::count_text(history.people.names.size(), "person", "people"),
                  report::count_text(events, "event", "events"), megabytes(bytes.size())));
  return all_well;
}

/// The input that the output would be written over. Missing: empty.
std::string overwritten_input(const SnapshotOptions& options) {
  for (const std::string& input : {options.rulebook, options.mapping, options.history}) {
    if (!input.empty() && same_file(input, options.output)) return input;
  }
  const std::string inside = file_inside(options.history, options.output);
  return inside.ends_with(".csv") ? inside : std::string();
}

int make_snapshot(const SnapshotOptions& options) {
  if (!options.empty_option.empty()) return fail(fmt::format("{} is given without a value", options.empty_option));
  if (const std::string input = overwritten_input(options); !input.empty()) {
    return fail(fmt::format("--output: `{}` is an input of this command and would be lost", input));
  }
  source::Map texts;
  diagnostics::Sink sink;
  const auto rulebook = compile(options.rulebook, Depth::analysed, texts, sink, options.search);
  if (!rulebook) return fail(rulebook.error());
  show(sink, texts);
  if (sink.has_errors()) return does_not_compile;
  // Those of a package and what it builds on are known only now.
  if (was_read(texts, options.output)) {
    return fail(fmt::format("--output: `{}` is an input of this command and would be lost", options.output));
  }
  const time::Zone zone = report::default_calendar(*rulebook).zone();
  const auto loaded = load_with_report(options.history, options.mapping, *rulebook, zone, texts);
  if (!loaded) return bad_input;
  return write(options, *loaded, history::snapshot_of(*loaded, eval::schema_of(*rulebook), zone));
}

/// The first option that was given without a value, as an unset variable of a script does. Missing: empty.
std::string_view given_empty(const CLI::App& command) {
  for (const std::string_view name : {"--history", "--mapping", "--output"}) {
    for (const std::string& value : command.get_option(std::string(name))->results()) {
      if (value.empty()) return name;
    }
  }
  return {};
}

}  // namespace

void add_snapshot(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("snapshot", "Write a history to one file that is read at once");
  auto options = std::make_shared<SnapshotOptions>();
  command->add_option("RULEBOOK", options->rulebook, "The rulebook, or the folder of a package")->required();
  add_search_options(*command, options->search);
  command->add_option("--history", options->history, "The folder of CSV files that says what happened")
      ->required()
      ->type_name("FOLDER");
  command->add_option("--mapping", options->mapping, "What the columns of the folder mean (YAML), for CRM exports")
      ->type_name("FILE");
  command->add_option("--output", options->output, "The file to write, whole or not at all")
      ->required()
      ->type_name("FILE");
  command->footer(
      "Every command that takes --history takes the file in place of the folder, without --mapping, and prints the\n"
      "same. It belongs to what the rulebook declares (fields, activities, records, stages, the default calendar's\n"
      "zone): when that changes, or the CSV files do, make it again. Rules may change.\n\n"
      "Exit code: 0 done, 2 an input or the output does not work, 3 the rulebook does not compile.\n\n"
      "Example:\n"
      "  plumb snapshot rules.plumb --history export --mapping crm.yaml --output export.snapshot\n"
      "  plumb run rules.plumb --history export.snapshot");
  command->callback([command, options, &chosen] {
    options->empty_option = given_empty(*command);
    chosen = [options] { return make_snapshot(*options); };
  });
}

}  // namespace plumb::tool
