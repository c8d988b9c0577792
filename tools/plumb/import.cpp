#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "diagnostics/diagnostic.h"
#include "history/unknown_person.h"
#include "history/untold_stage.h"
#include "history/words.h"
#include "history/write.h"
#include "plumb/choosing.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/exports.h"
#include "plumb/files.h"
#include "plumb/folder.h"
#include "plumb/judging.h"
#include "plumb/refused.h"
#include "plumb/waiting.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/words.h"
#include "sources/table.h"

namespace plumb::tool {

namespace {

const std::vector<std::string> written_names = {"deals.csv",    "events.csv",   "people.csv",   "leave.csv",
                                                "records.csv",  "accounts.csv", "contacts.csv", "rates.csv",
                                                "coverage.csv", "refused.csv"};

struct ImportOptions : HistoryOptions {
  std::vector<std::string> paths;  // the export's, and perhaps a rulebook
};

/// A path that ends with `.plumb` is the rulebook. Missing: empty.
std::string take_rulebook(std::vector<std::string>& paths) {
  const auto found =
      std::find_if(paths.begin(), paths.end(), [](const auto& path) { return path.ends_with(".plumb"); });
  if (found == paths.end()) return {};
  std::string rulebook = *found;
  paths.erase(found);
  return rulebook;
}

/// What is asked for that cannot be. Missing: empty.
std::string wrong_with_import(const ImportOptions& options) {
  if (!options.empty_option.empty()) return fmt::format("{} is given without a value", options.empty_option);
  if (options.paths.empty()) return "say which folder or files to import";
  if (!options.from.empty() && !options.mapping.empty()) {
    return "--from: --mapping says already what the columns mean; leave one of the two";
  }
  if (options.rulebook.empty() && !options.mapping.empty()) {
    return "--mapping: say with a rulebook which fields, activities and records are to be kept";
  }
  for (const std::string& path : options.paths) {
    std::error_code error;
    if (std::filesystem::equivalent(path, options.output, error)) {
      return fmt::format("--output: `{}` is an input of this command and would be lost", path);
    }
  }
  return {};
}

/// Rows read = used + merged + refused + ignored, for each file.
void say_conservation(const history::LoadReport& report) {
  for (const history::FileReport& file : report.files) {
    const std::string in_part =
        file.in_part == 0 ? "" : fmt::format(" ({} of the used refused in part)", report::number_text(file.in_part));
    say(fmt::format("{}: {} read = {} used + {} merged + {} refused + {} ignored{}", report::shown(file.path),
                    report::count_text(file.rows, "row", "rows"), report::number_text(file.used),
                    report::number_text(file.merged), report::number_text(file.refused),
                    report::number_text(file.ignored), in_part));
  }
}

/// A column that a header has twice: what nobody could read again. Missing: empty.
std::string repeated_column(std::string_view piece) {
  const std::vector<std::string> header =
      sources::header_of({{}, std::string(piece.substr(0, piece.find('\n') + 1)), ','});
  for (std::size_t i = 0; i < header.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (history::same_letters(header[i], header[j])) return header[i];
    }
  }
  return {};
}

/// The stages that an adapter makes of what an export says otherwise than by a stage, as that a deal is won.
std::set<std::string> stages_made(const std::string& adapter, const SearchOptions& search) {
  std::set<std::string> made;
  source::Map texts;
  const auto read = read_adapter(fmt::format("{}/{}.yaml", adapters_folder(search), adapter), adapter, texts);
  if (!read) return made;
  for (const history::FileSpec& file : read->adapter.mapping.files) {
    for (const history::RowSpec& row : file.rows) {
      if (row.kind == history::RowKind::move && row.to.constant) made.insert(*row.to.constant);
    }
  }
  return made;
}

/// Who has no rulebook yet learns how one has to call the stages of this export.
void say_stages(const history::History& history, const std::string& adapter, const SearchOptions& search) {
  const std::set<std::string> made = stages_made(adapter, search);
  std::set<std::string> own, ends;
  for (const history::Kind& kind : history.kinds) {
    if (kind.of != history::KindClass::move) continue;
    for (const std::int64_t to : kind.columns[1].values) {
      if (!history::is_value(to)) continue;
      const std::string name(history.words[static_cast<std::uint32_t>(to)]);
      if (!history::is_untold_stage(name)) (made.contains(name) ? ends : own).insert(name);
    }
  }
  if (!own.empty()) {
    say(
        fmt::format("its stages are called as in the export: {}; a rulebook's stage is one of them by its name "
                    "(`closed_won` is `Closed Won`), or where it says `was \"{}\"`",
                    report::shown(history::listed({own.begin(), own.end()})), report::shown(*own.begin())));
  }
  if (!ends.empty()) {
    say(
        fmt::format("{} no stage of the export, and what {} makes of a deal that is closed: a process has {}, as in "
                    "`stage {} {{ {} }}`",
                    history::listed({ends.begin(), ends.end()}) + (ends.size() == 1 ? " is" : " are"), adapter,
                    ends.size() == 1 ? "it" : "them", *ends.begin(), *ends.begin()));
  }
}

/// What to say where rows were refused and no deal is left. Missing: empty where one is, or nothing was refused.
std::string_view came_to_nothing(const Export& read) {
  std::uint64_t used = 0, refused = 0;
  for (const history::FileReport& file : read.loaded.report.files) used += file.used, refused += file.refused;
  if (refused == 0 || read.loaded.history.deals.size() > 0) return {};
  if (used == 0) return "every row was refused: nothing is known from this export";
  return "every row that speaks of a deal was refused: nothing is known from this export";
}

/// Those that have a row of their own in events.csv or records.csv.
std::uint64_t written_events(const history::History& history) {
  std::uint64_t count = 0;
  for (const history::Timeline* events : {&history.deal_events, &history.person_events}) {
    for (const std::uint16_t kind : events->kind) {
      const history::Kind& of = history.kinds[kind];
      count += of.of != history::KindClass::created && of.name != history::leave_start ? 1 : 0;
    }
  }
  return count;
}

/// Whether rows were refused, and so stand in refused.csv.
Result<bool> write_files(const Export& read, const time::Zone& zone, const history::TakePiece& put) {
  std::string begun;
  const auto checked = [&](const std::string& file, std::string_view piece) -> Result<bool> {
    const std::string column = std::exchange(begun, file) == file ? std::string() : repeated_column(piece);
    if (column.empty()) return put(file, piece);
    return Failure{fmt::format(
        "a field is called `{}`, as a column that `{}` of the canonical folder has anyway: call it otherwise "
        "in the rulebook and the mapping, or use --mapping with plumb run",
        column, file)};
  };
  if (const auto written = history::write_canonical(read.loaded.history, zone, checked); !written) return written;
  return refused_rows(read.loaded.report, read.files, put);
}

/// `named`: by a rulebook of the user, which so says how its stages are called.
int write(const ImportOptions& options, const Export& read, const time::Zone& zone, bool named) {
  bool refused = false;
  const auto write_waited = [&] {
    const Waiting waiting("writing");
    return write_folder(options.output, written_names, [&](const history::TakePiece& put) {
      const Result<bool> done = write_files(read, zone, put);
      refused = done && *done;
      return done;
    });
  };
  if (const auto written = write_waited(); !written) return fail(written.error());
  say_conservation(read.loaded.report);
  const history::History& history = read.loaded.history;
  say(fmt::format("wrote {}: {}, {}, {} besides the creation of deals{}", options.output,
                  report::count_text(history.deals.size(), "deal", "deals"),
                  report::count_text(history::count_people(history), "person", "people"),
                  report::count_text(written_events(history), "event", "events"),
                  refused ? "; what was refused stands in refused.csv" : ""));
  if (!named) say_stages(history, options.from, options.search);
  const std::string_view nothing = came_to_nothing(read);
  if (nothing.empty()) return all_well;
  complain(nothing);
  return findings;
}

int import_export(ImportOptions options) {
  options.rulebook = take_rulebook(options.paths);
  if (const std::string wrong = wrong_with_import(options); !wrong.empty()) return fail(wrong);
  if (const std::string wrong = wrong_with(options.reading); !wrong.empty()) return fail(wrong);
  // Before much is read.
  if (const auto folder = folder_to_write(options.output, written_names); !folder) return fail(folder.error());
  const ExportOptions asked{options.paths, options.from, options.mapping, options.search, options.reading, true};
  Tables tables;
  const bool named = !options.rulebook.empty();
  if (!named) {
    if (options.from.empty()) {
      const auto guessed = guess_adapter(asked, tables);
      if (!guessed) return bad_input;
      options.from = *guessed;
    }
    if (!has_adapter(options.from, options.search)) return bad_input;
    options.rulebook = fmt::format("{}/{}.plumb", adapters_folder(options.search), options.from);
  }
  source::Map texts;
  int exit = all_well;
  options.history = options.paths.front();
  HistoryOptions compiled = options;
  compiled.output.clear();  // a folder, which no text is
  const auto rulebook = compile_given(compiled, texts, exit);
  if (!rulebook) return exit;
  const time::Zone zone = report::default_calendar(*rulebook).zone();
  ExportOptions how = asked;
  how.from = options.from;
  const auto read = load_export(how, *rulebook, zone, texts, std::move(tables));
  if (!read) return bad_input;
  return write(options, *read, zone, named);
}

}  // namespace

void add_import(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("import", "Turn what a CRM exported into the canonical folder");
  auto options = std::make_shared<ImportOptions>();
  command
      ->add_option(
          "PATH", options->paths,
          "The exported folder or files; one that ends with .plumb is the rulebook whose fields, activities and "
          "records are kept, else those that the adapter declares are")
      ->required();
  command
      ->add_option(
          "--from", options->from,
          "Which system exported it: an adapter of the standard library, such as salesforce; else the columns decide")
      ->type_name("NAME");
  command->add_option("--mapping", options->mapping, "What the columns mean (YAML), in place of an adapter")
      ->type_name("FILE");
  add_reading_options(*command, options->reading);
  command->add_option("--output", options->output, "The folder to write, whole or not at all")
      ->required()
      ->type_name("FOLDER");
  add_search_options(*command, options->search);
  command->footer(
      "Reads CSV (UTF-8, UTF-16 or Windows-1252; commas, semicolons, tabs or bars), XES, OCEL 2.0 (JSON, XML,\n"
      "SQLite), each also packed with gzip. Rows that are refused are listed in refused.csv, with file, line and "
      "reason.\n\n"
      "Exit code: 0 done, 1 every row of a deal was refused, 2 an input or the output does not work, 3 the rulebook does "
      "not compile.\n\n"
      "Examples:\n"
      "  plumb import --from salesforce export --output history rules.plumb\n"
      "  plumb import helpdesk.xes.gz --output history");
  command->callback([command, options, &chosen] {
    options->empty_option = given_empty(*command);
    chosen = [options] { return import_export(*options); };
  });
}

}  // namespace plumb::tool
