#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "eval/run.h"
#include "history/snapshot.h"
#include "history/unknown_person.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/judging.h"
#include "plumb/loading.h"
#include "plumb/waiting.h"
#include "report/report.h"
#include "report/words.h"

namespace plumb::tool {

namespace {

int write(const HistoryOptions& options, const history::Loaded& loaded, const history::SnapshotBytes& bytes) {
  std::vector<std::string_view> pieces{bytes.front};
  pieces.insert(pieces.end(), bytes.rows.begin(), bytes.rows.end());
  const auto written = [&] {
    const Waiting waiting("writing");
    return write_output(options.output, pieces);
  }();
  if (!written) return fail(written.error());
  const history::History& history = loaded.history;
  const std::size_t events = history.deal_events.size() + history.person_events.size();
  say(fmt::format("wrote {}: {}, {}, {}, {}", options.output, report::count_text(history.deals.size(), "deal", "deals"),
                  report::count_text(history::count_people(history), "person", "people"),
                  report::count_text(events, "event", "events"), megabytes(bytes.size())));
  return all_well;
}

int make_snapshot(const HistoryOptions& options) {
  source::Map texts;
  int exit = all_well;
  const auto rulebook = compile_given(options, texts, exit);
  if (!rulebook) return exit;
  if (const std::string lost = lost_by_output(texts, options.output); !lost.empty()) return fail(lost);
  const time::Zone zone = report::default_calendar(*rulebook).zone();
  const auto loaded = load_with_report(options, *rulebook, zone, texts);
  if (!loaded) return bad_input;
  return write(options, *loaded, history::snapshot_of(*loaded, eval::schema_of(*rulebook), zone));
}

}  // namespace

void add_snapshot(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("snapshot", "Write a history to one file that is read at once");
  auto options = std::make_shared<HistoryOptions>();
  add_history_options(*command, *options);
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
