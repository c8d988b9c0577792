#include "doctor/doctor.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "doctor/mapping.h"
#include "doctor/row_text.h"
#include "eval/run.h"
#include "history/csv.h"
#include "history/words.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/judging.h"
#include "plumb/loading.h"
#include "report/words.h"
#include "sources/fit.h"
#include "sources/names.h"
#include "sources/postgres.h"

namespace plumb::tool {

namespace {

struct DoctorOptions : JudgingOptions {
  std::string format = "human";
};

int write(const DoctorOptions& options, const std::string& text, bool found) {
  const auto written = write_output(options.output, text);
  if (!written) return fail(written.error());
  return found ? findings : all_well;
}

bool in_colour(const DoctorOptions& options) { return options.output.empty() && wants_colour(STDOUT_FILENO); }

// ---- a mapping by itself --------------------------------------------------------------------------------------------

/// The header of a file. Missing: not there, also where it is nothing that can be read.
doctor::Header header_of(const std::string& folder, const history::FileSpec& file) {
  constexpr std::size_t most = 1'000'000;  // a header that is longer is shown as far as that
  doctor::Header header{file.path, false, {}};
  const std::string path = folder + "/" + file.path;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return header;  // a pipe would be waited for
  std::ifstream in(path, std::ios::binary);
  std::string text(most, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.gcount() == 0 && !in.is_open())) return header;
  text.resize(static_cast<std::size_t>(in.gcount()));
  header.there = true;
  history::CsvReader reader(history::Text::copy_of(text), file.delimiter);
  if (!reader.next()) return header;
  for (const std::string_view cell : reader.cells()) header.columns.emplace_back(history::trimmed(cell));
  return header;
}

/// Of a file that is several: the columns of all of them. Missing: as `header_of`.
doctor::Header header_of_parts(const std::string& folder, const history::FileSpec& file,
                               const std::vector<sources::PartNames>& parts) {
  doctor::Header header{file.path, false, {}};
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::ranges::sort(names);
  for (const std::string& name : names) {
    if (std::ranges::none_of(parts, [&](const auto& part) { return sources::is_called(part, name); })) continue;
    history::FileSpec part = file;
    part.path = name;
    const doctor::Header own = header_of(folder, part);
    header.there |= own.there;
    for (const std::string& column : own.columns) {
      if (sources::column_in(header.columns, column) < 0) header.columns.push_back(column);
    }
  }
  return header;
}

/// A table that is made of another has the columns that are left of that one, and its own.
doctor::Header header_of_made(const sources::Steps& steps, const std::vector<doctor::Header>& headers,
                              const std::string& path) {
  doctor::Header header{path, true, {}};
  if (!steps.unpivot) return header;
  for (const doctor::Header& of : headers) {
    if (!history::same_letters(of.path, steps.unpivot->of)) continue;
    header.there = of.there;
    for (const std::string& column : of.columns) {
      if (!sources::fits(*steps.unpivot, column)) header.columns.push_back(column);
    }
  }
  return header;
}

std::vector<std::string> read_by(const history::FileSpec& file) {
  std::vector<std::string> names;
  for (const history::RowSpec& row : file.rows) {
    for (const history::RowCondition& condition : row.when) {
      names.insert(names.end(), condition.column.names.begin(), condition.column.names.end());
    }
    doctor::for_each_value(row, [&](const history::ValueFrom& value) {
      names.insert(names.end(), value.column.names.begin(), value.column.names.end());
    });
  }
  return names;
}

std::vector<doctor::Preparation> preparations(const sources::Adapter& adapter,
                                              const std::vector<doctor::Header>& headers) {
  std::vector<doctor::Preparation> all;
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
    const sources::Steps& steps = adapter.steps[file];
    doctor::Preparation& one = all.emplace_back();
    one = {sources::sentences(steps, adapter.encoding),
           steps.added(),
           steps.needed(),
           {},
           {},
           steps.newest_first,
           steps.is_made()};
    if (!steps.ordered_by.empty()) one.used.push_back(steps.ordered_by);
    for (const sources::Compare& step : steps.compared) {
      if (step.optional) one.used.insert(one.used.end(), {step.column, step.with});
    }
    for (std::size_t made = 0; made < adapter.steps.size(); ++made) {
      const auto& unpivot = adapter.steps[made].unpivot;
      if (unpivot && history::same_letters(unpivot->of, adapter.mapping.files[file].path)) {
        const auto names = read_by(adapter.mapping.files[made]);
        one.used.insert(one.used.end(), names.begin(), names.end());
      }
    }
    const std::string& path = adapter.mapping.files[file].path;
    for (const sources::Steps& other : adapter.steps) {
      const std::vector<std::string> names = other.read_in(path);
      one.used.insert(one.used.end(), names.begin(), names.end());
      if (!other.unpivot || headers.empty() || !history::same_letters(other.unpivot->of, path)) continue;
      std::copy_if(headers[file].columns.begin(), headers[file].columns.end(), std::back_inserter(one.used),
                   [&](const std::string& column) { return sources::fits(*other.unpivot, column); });
    }
    for (const auto& [column, why] : steps.columns_not_read) one.left.push_back(column);
  }
  return all;
}

int explain_mapping(const DoctorOptions& options) {
  source::Map texts;
  const std::optional<sources::Adapter> adapter = load_adapter(options.mapping, texts);
  if (!adapter) return bad_input;
  const history::Mapping* mapping = &adapter->mapping;
  std::vector<doctor::Header> headers;
  if (!options.history.empty()) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(options.history, ignored))
      return fail(fmt::format("--history: `{}` is no folder of CSV files", sources::shown_address(options.history)));
    for (const history::FileSpec& file : mapping->files) headers.push_back(header_of(options.history, file));
    for (std::size_t file = 0; file < headers.size(); ++file) {
      const sources::Steps& steps = adapter->steps[file];
      if (!steps.parts.empty()) headers[file] = header_of_parts(options.history, mapping->files[file], steps.parts);
      sources::call_columns(steps.also_called, headers[file].columns);
      if (steps.is_made()) headers[file] = header_of_made(steps, headers, headers[file].path);
    }
  }
  const doctor::MappingPlan plan = doctor::explain_mapping(*mapping, preparations(*adapter, headers), headers);
  const std::string text = options.format == "json" ? doctor::json(plan) : doctor::human(plan, in_colour(options));
  return write(options, text, !plan.fits());
}

// ---- a history ------------------------------------------------------------------------------------------------------

std::vector<std::string> left_out(const model::Rulebook& rulebook) {
  const std::vector<bool> evaluated = eval::evaluated_rules(rulebook);
  std::vector<std::string> names;
  for (std::size_t rule = 0; rule < evaluated.size(); ++rule) {
    if (!evaluated[rule]) names.push_back(rulebook.rules[rule].name);
  }
  return names;
}

int examine(const DoctorOptions& options) {
  source::Map texts;
  int exit = all_well;
  std::optional<model::Rulebook> whole = compile_given(options, texts, exit);
  if (!whole) return exit;
  std::vector<std::string> unevaluated = left_out(*whole);
  const model::Rulebook rulebook = eval::evaluated_part(std::move(*whole));
  const time::Zone zone = report::default_calendar(rulebook).zone();
  const Result<eval::Options> clocks = clocks_of(options, zone);
  if (!clocks) return fail(clocks.error());
  const auto loaded = load_with_report(options, rulebook, zone, texts);
  if (!loaded) return bad_input;
  const auto judged = judge(options, *clocks, rulebook, loaded->history, texts);
  if (!judged) return fail(judged.error());
  const report::Input verdicts{rulebook,
                               loaded->history,
                               judged->evaluation,
                               options.rulebook,
                               sources::shown_address(options.history),
                               judged->at_end,
                               {},
                               0};
  const doctor::Input input{verdicts, loaded->report, std::move(unevaluated)};
  const doctor::Examination examination = doctor::examine(input);
  const std::string text = options.format == "json" ? doctor::json(input, examination)
                                                    : doctor::human(input, examination, in_colour(options));
  return write(options, text, !examination.findings.empty());
}

int look(const DoctorOptions& options) {
  if (const std::string wrong = wrong_with(options); !wrong.empty()) return fail(wrong);
  if (!options.rulebook.empty() && options.history.empty()) return fail("say with --history which history to look at");
  if (!options.rulebook.empty()) return examine(options);
  if (!options.mapping.empty()) return explain_mapping(options);
  return fail("say which RULEBOOK the history is to be judged by; or with --mapping alone, which mapping to explain");
}

void add_options(CLI::App& command, DoctorOptions& options) {
  add_history_options(command, options);
  command.get_option("RULEBOOK")->required(false);
  command.get_option("--history")->required(false);
  add_as_of_option(command, options.as_of);
  command.add_option("--format", options.format, "human, or json (one document)")
      ->check(CLI::IsMember({"human", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  add_output_option(command, options.output);
}

}  // namespace

void add_doctor(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("doctor", "Say what a history lacks for a rulebook, and what a mapping does");
  auto options = std::make_shared<DoctorOptions>();
  add_options(*command, *options);
  command->footer(
      "With a RULEBOOK and a history: which rules can be decided, what would decide the others, and what looks wrong "
      "in\n"
      "the data, with examples and what to do. With --mapping and no RULEBOOK: what the mapping does with an export; "
      "with\n"
      "--history, too, which of its columns nothing reads.\n\n"
      "Exit code: 0 nothing found, 1 something found, 2 an input or the output does not work, 3 the rulebook does not\n"
      "compile.\n\n"
      "Examples:\n"
      "  plumb doctor rules.plumb --history export --mapping crm.yaml\n"
      "  plumb doctor --mapping crm.yaml --history export");
  command->callback([command, options, &chosen] {
    options->empty_option = given_empty(*command);
    chosen = [options] { return look(*options); };
  });
}

}  // namespace plumb::tool
