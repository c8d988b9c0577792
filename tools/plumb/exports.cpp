#include "plumb/exports.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "adapters/mapping_file.h"
#include "diagnostics/diagnostic.h"
#include "eval/run.h"
#include "history/progress.h"
#include "history/snapshot.h"
#include "history/words.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/loading.h"
#include "plumb/waiting.h"
#include "report/escape.h"
#include "sources/fit.h"
#include "sources/postgres.h"

namespace plumb::tool {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_lines = 8;

struct AdapterRead {
  sources::Adapter adapter;
  Id<source::Text> text;
};

/// What is wrong with it is said.
std::optional<AdapterRead> read_adapter(const std::string& path, const std::string& name, source::Map& texts) {
  Result<std::string> content = read_file(path);
  if (!content) {
    complain(content.error());
    return std::nullopt;
  }
  const Id<source::Text> text = texts.add(path, std::move(*content));
  diagnostics::Sink sink;
  AdapterRead read{adapters::read_adapter(texts, text, sink), text};
  show(sink, texts);
  if (sink.has_errors()) return std::nullopt;
  read.adapter.name = name;
  return read;
}

std::vector<std::string> adapter_names(const SearchOptions& search) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(adapters_folder(search), error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".yaml") names.push_back(entry->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string path_of(const std::string& adapter, const SearchOptions& search) {
  return fmt::format("{}/{}.yaml", adapters_folder(search), adapter);
}

bool is_database(const std::vector<std::string>& paths) {
  return paths.size() == 1 && sources::is_database(paths.front());
}

/// Where files lie that are there only as long as the command runs.
std::string folder_for_files() {
  if (const char* said = std::getenv("TMPDIR"); said != nullptr && *said != '\0') return said;
  std::error_code error;
  return fs::is_directory("/var/tmp", error) ? "/var/tmp" : "/tmp";
}

/// Errors: as `read_database`, `read_tables`.
Result<sources::ReadTables> read_waited(const std::vector<std::string>& paths, const ReadingOptions& reading,
                                        const sources::Adapter* adapter) {
  const auto bytes = std::make_shared<sources::BytesRead>(0);
  const Waiting waiting("reading the files", [bytes] { return *bytes == 0 ? "" : megabytes(*bytes); });
  const sources::Scratch scratch(folder_for_files());
  return adapter != nullptr && is_database(paths)
             ? sources::read_database(paths.front(), *adapter, scratch, bytes)
             : sources::read_tables(paths, encodings_of(reading, adapter), scratch, bytes);
}

/// What is wrong with them is said. `adapter`: the one that they are read by, where it is named.
std::optional<sources::ReadTables> read_paths(const std::vector<std::string>& paths, const ReadingOptions& reading,
                                              const sources::Adapter* adapter = nullptr) {
  Result<sources::ReadTables> read = read_waited(paths, reading, adapter);
  if (!read) {
    const auto snapshot = std::find_if(paths.begin(), paths.end(), history::is_snapshot);
    complain(
        snapshot == paths.end()
            ? read.error()
            : fmt::format("`{}` is a snapshot, and no export: it was read when it was made, give it to --history alone",
                          *snapshot));
  }
  if (!read) return std::nullopt;
  if (read->tables.empty()) {
    complain(fmt::format("there is nothing in `{}` that can be read: an export is files of CSV, JSON, XES or SQLite",
                         fmt::join(paths, "`, `")));
    for (const std::string& sentence : read->said) say("  " + report::shown(sentence));
    return std::nullopt;
  }
  return std::move(*read);
}

struct Candidate {
  AdapterRead read;
  sources::Fit fit;
};

/// An adapter that fits but for a few columns.
struct Near {
  std::string name;
  sources::Fit fit;
};
constexpr std::size_t few_columns = 3;

/// The adapters that fit, without those that read fewer tables than another; `near`: those that nearly do, and would
/// read more.
std::vector<Candidate> fitting(const std::vector<sources::Table>& tables, const SearchOptions& search,
                               source::Map& texts, std::vector<Near>& near) {
  std::vector<Candidate> found;
  for (const std::string& name : adapter_names(search)) {
    auto read = read_adapter(path_of(name, search), name, texts);
    if (!read) continue;
    sources::Fit fit = sources::fit(read->adapter, tables);
    if (fit.fits()) {
      found.push_back({std::move(*read), std::move(fit)});
    } else if (fit.lacking.size() == fit.nearly.size() && fit.read > 0 && fit.missing <= few_columns) {
      near.push_back({name, std::move(fit)});
    }
  }
  std::size_t most = 0;
  for (const Candidate& candidate : found) most = std::max(most, candidate.fit.read);
  std::erase_if(found, [&](const Candidate& candidate) { return candidate.fit.read < most; });
  for (const Near& one : near) most = std::max(most, one.fit.read);
  std::erase_if(near, [&](const Near& one) {
    return one.fit.read < most || (!found.empty() && one.fit.read <= found.front().fit.read);
  });
  return found;
}

bool has_columns(const std::vector<std::string>& header, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return std::any_of(header.begin(), header.end(),
                       [&](const auto& cell) { return history::same_letters(cell, name); });
  });
}

/// Whether they are what a history is without any adapter.
bool is_canonical(const std::vector<sources::Table>& tables) {
  return std::any_of(tables.begin(), tables.end(), [](const sources::Table& table) {
    return table.name == "deals.csv" && has_columns(sources::header_of(table), {"deal", "created"});
  });
}

void say_what_is_there(const sources::ReadTables& read) {
  const std::vector<sources::Table>& tables = read.tables;
  for (std::size_t i = 0; i < tables.size() && i < most_lines; ++i) {
    const std::vector<std::string> header = sources::header_of(tables[i]);
    say(header.empty() ? fmt::format("  {} is empty", report::shown(tables[i].name))
                       : fmt::format("  {} has {}", report::shown(tables[i].name), history::listed(header)));
  }
  for (std::size_t i = 0; i < read.said.size() && i < most_lines; ++i) say("  " + report::shown(read.said[i]));
}

/// `found`: whether another adapter is taken in place of them.
void say_near(const std::vector<Near>& near, bool found) {
  for (const Near& one : near) {
    std::vector<std::string> why = one.fit.partial;
    why.insert(why.end(), one.fit.nearly.begin(), one.fit.nearly.end());
    say(report::shown(
        fmt::format("{} {}: {}", one.name,
                    found ? fmt::format("would read {} of these files, and does not fit", one.fit.read) : "nearly fits",
                    fmt::join(why, ", "))));
  }
}

/// Of adapters that fit the same files that which says that it is to be taken; the others are said.
void leave_out_older(std::vector<Candidate>& found) {
  std::set<std::string> older;
  for (const Candidate& candidate : found) {
    for (const Candidate& other : found) {
      const std::vector<std::string>& names = candidate.read.adapter.rather_than;
      const std::string& name = other.read.adapter.name;
      if (std::find(names.begin(), names.end(), name) == names.end()) continue;
      older.insert(name);
      say(fmt::format(
          "these files fit {} and {}: the first is taken, for its columns tell more; --from says otherwise",
          candidate.read.adapter.name, name));
    }
  }
  std::erase_if(found, [&](const Candidate& candidate) { return older.contains(candidate.read.adapter.name); });
}

std::optional<Candidate> guess(const sources::ReadTables& read, const ExportOptions& options, source::Map& texts) {
  const std::vector<sources::Table>& tables = read.tables;
  if (is_canonical(tables)) {
    complain("these files are a canonical folder already: it needs no adapter, give it to --history");
    return std::nullopt;
  }
  std::vector<Near> near;
  std::vector<Candidate> found = fitting(tables, options.search, texts, near);
  leave_out_older(found);
  if (!found.empty()) say_near(near, true);
  if (found.size() == 1) {
    say(fmt::format("these files look like {}, since {}; --from says otherwise", found[0].read.adapter.name,
                    fmt::join(found[0].fit.reasons, ", ")));
    return std::move(found[0]);
  }
  std::vector<std::string> names;
  for (const Candidate& candidate : found) names.push_back(candidate.read.adapter.name);
  if (found.empty()) {
    complain(
        fmt::format("no adapter fits these files: say with --from which system exported them ({}), or with --mapping "
                    "what their columns mean",
                    fmt::join(adapter_names(options.search), ", ")));
  } else {
    complain(fmt::format("several adapters fit these files: say with --from which, {}", fmt::join(names, " or ")));
  }
  if (found.empty()) say_near(near, false);
  if (found.empty() && near.empty())
    say("adapters know columns by their names in English or in the API: where yours are translated or renamed, "
        "--mapping says "
        "what they mean");
  say_what_is_there(read);
  return std::nullopt;
}

/// By name or path. What is wrong with it is said.
std::optional<AdapterRead> named_adapter(const ExportOptions& options, source::Map& texts) {
  if (options.from.empty()) return read_adapter(options.mapping, {}, texts);
  if (!has_adapter(options.from, options.search)) return std::nullopt;
  return read_adapter(path_of(options.from, options.search), options.from, texts);
}

/// What does not fit is said.
std::optional<Candidate> fitted(AdapterRead adapter, const sources::ReadTables& read, const ExportOptions& options,
                                const source::Map& texts) {
  sources::Fit fit = sources::fit(adapter.adapter, read.tables);
  if (!fit.misplaced.empty()) {
    show_misfits(fit.misplaced, adapter.text, texts);
    return std::nullopt;
  }
  if (fit.read == 0 && fit.lacking.empty()) fit.lacking = fit.circular;
  if (fit.read == 0 && fit.lacking.empty()) fit.lacking.emplace_back("none of them is a file that it reads");
  if (!fit.lacking.empty()) {
    complain(fmt::format("these files are no export as {} describes it: {}",
                         options.from.empty() ? options.mapping : options.from, fmt::join(fit.lacking, ", ")));
    say_what_is_there(read);
    return std::nullopt;
  }
  return Candidate{std::move(adapter), std::move(fit)};
}

/// What is there, and the adapter that reads it: the one that is named, or the one that fits.
std::optional<Candidate> choose(const ExportOptions& options, source::Map& texts, Tables& read) {
  if (is_database(options.paths) && options.from.empty() && options.mapping.empty()) {
    complain("say with --mapping what to read of a database: each of its files says with `query` what it is");
    return std::nullopt;
  }
  if (options.from.empty() && options.mapping.empty()) {
    if (!read) read = read_paths(options.paths, options.reading);
    return read ? guess(*read, options, texts) : std::nullopt;
  }
  auto adapter = named_adapter(options, texts);
  if (!adapter) return std::nullopt;
  take_reading(options.reading, adapter->adapter);
  if (!read) read = read_paths(options.paths, options.reading, &adapter->adapter);
  return read ? fitted(std::move(*adapter), *read, options, texts) : std::nullopt;
}

bool said_already(const history::ValueFrom& value, const std::string& cell) {
  return std::any_of(value.rename.begin(), value.rename.end(), [&](const auto& pair) { return pair.first == cell; });
}

std::string spaced(const std::string& name, bool capitals) {
  std::string text = name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') text[i] = ' ';
    const bool starts = i == 0 || (capitals && text[i - 1] == ' ');
    if (starts && text[i] >= 'a' && text[i] <= 'z') text[i] = static_cast<char>(text[i] - 'a' + 'A');
  }
  return text;
}

/// A stage is called in the export as the rulebook labels it, or as it is named there: `closed_won` is `Closed Won`.
void take_labels(history::ValueFrom& value, const model::Rulebook& rulebook) {
  if (!value.given() || value.constant) return;
  for (const model::Stage& stage : rulebook.stages) {
    for (const std::string& label : {stage.label, spaced(stage.name, true), spaced(stage.name, false)}) {
      if (!label.empty() && !said_already(value, label)) value.rename.emplace_back(label, stage.name);
    }
  }
}

/// All that a stage may be called.
std::vector<std::string> stage_names(const model::Rulebook& rulebook) {
  std::vector<std::string> names;
  for (const model::Stage& stage : rulebook.stages) {
    names.push_back(stage.name);
    if (!stage.label.empty()) names.push_back(stage.label);
  }
  return names;
}

void take_labels(history::Mapping& mapping, const model::Rulebook& rulebook) {
  for (history::FileSpec& file : mapping.files) {
    for (history::RowSpec& row : file.rows) {
      if (row.kind != history::RowKind::move) continue;
      take_labels(row.from, rulebook);
      take_labels(row.to, rulebook);
    }
  }
}

/// Where a misfit is shown: in the user's own mapping. Missing: of an adapter of the standard library, which is not his
/// to mend.
Id<source::Text> text_of(const Candidate& candidate) {
  return candidate.read.adapter.name.empty() ? candidate.read.text : Id<source::Text>();
}

/// A table that is read and has the columns of one that is not. Missing: empty.
std::string twin_of(const std::vector<sources::Table>& tables, std::size_t unread, const sources::Fit& fit) {
  const std::vector<std::string> own = sources::header_of(tables[unread]);
  for (const std::vector<std::size_t>& parts : fit.tables_of) {
    for (const std::size_t table : parts) {
      if (!own.empty() && sources::same_columns(own, sources::header_of(tables[table]))) return tables[table].name;
    }
  }
  return {};
}

void say_how(const sources::ReadTables& read, const Candidate& candidate) {
  for (const std::string& sentence : read.said) say(report::shown(sentence));
  for (const std::string& sentence : candidate.fit.together) say(report::shown(sentence));
  const auto each_table = [&](auto&& work) {
    for (std::size_t file = 0; file < candidate.fit.tables_of.size(); ++file) {
      for (const std::size_t table : candidate.fit.tables_of[file])
        work(candidate.read.adapter.steps[file], read.tables[table]);
    }
  };
  each_table([](const sources::Steps& steps, const sources::Table& table) {
    if (!steps.not_read.empty()) say(fmt::format("{}: not read: {}", report::shown(table.name), steps.not_read));
  });
  each_table([](const sources::Steps& steps, const sources::Table& table) {
    for (const auto& [column, why] : steps.columns_not_read) {
      if (has_columns(sources::header_of(table), {column}))
        say(fmt::format("{}: `{}` is not read: {}", report::shown(table.name), column, why));
    }
  });
  std::vector<std::string> unread;
  const std::string who = candidate.read.adapter.name.empty() ? "the mapping" : candidate.read.adapter.name;
  for (std::size_t table = 0; table < read.tables.size(); ++table) {
    const auto& of = candidate.fit.tables_of;
    if (std::any_of(of.begin(), of.end(), [&](const auto& parts) { return std::ranges::count(parts, table) > 0; }))
      continue;
    const std::string twin = twin_of(read.tables, table, candidate.fit);
    const auto apart = candidate.fit.apart.find(table);
    const std::string why = apart != candidate.fit.apart.end() ? apart->second
                            : twin.empty()                     ? fmt::format("{} knows no such file", who)
                                                               : fmt::format(
                                                                     "it has the columns of `{}`, and of which file of {} it is a "
                                                                                         "part nobody says: a mapping does with `parts`",
                                                                     twin, who);
    unread.push_back(fmt::format("{}: not read: {}", report::shown(read.tables[table].name), report::shown(why)));
  }
  say_unread(unread);
  for (const std::string& sentence : candidate.read.adapter.assumes)
    say(fmt::format("taken for granted: {}", sentence));
}

/// Where the files of a message lie. Missing: empty when they come from several places.
std::string place_of(const std::vector<std::string>& paths) {
  if (paths.size() != 1 || sources::is_database(paths[0])) return {};
  std::string folder = fs::is_directory(paths[0]) ? paths[0] : fs::path(paths[0]).parent_path().string();
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

/// Looks at the beginning of a file only, which may be large.
bool has_header(const fs::path& path, const std::vector<std::string>& wanted) {
  std::string start(1 << 16, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  return has_columns(sources::header_of({{}, start, sources::delimiter_of(start)}), wanted);
}

}  // namespace

std::string adapters_folder(const SearchOptions& search) {
  const std::string stdlib = stdlib_folder(search);
  return stdlib.empty() ? std::string() : (fs::path(stdlib) / "adapters").string();
}

bool has_adapter(const std::string& name, const SearchOptions& search) {
  const std::vector<std::string> names = adapter_names(search);
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  complain(fmt::format("--from: there is no adapter `{}`{}", name, did_you_mean(name, names)));
  return false;
}

bool is_export(const HistoryOptions& options, Tables& read) {
  if (!options.from.empty() || sources::is_database(options.history)) return true;
  std::error_code error;
  if (!options.mapping.empty()) {
    const bool told_how = is_asked(options.reading) && fs::is_directory(options.history, error);
    // What is wrong with it is said when it is read.
    const Result<std::string> content = read_file(options.mapping);
    if (!content) return false;
    source::Map texts;
    diagnostics::Sink sink;
    const sources::Adapter adapter = adapters::read_adapter(texts, texts.add(options.mapping, *content), sink);
    return !sink.has_errors() && (told_how || !adapter.encoding.empty() ||
                                  std::any_of(adapter.steps.begin(), adapter.steps.end(), [](const auto& steps) {
                                    return steps.any() || !steps.encoding.empty() || !steps.parts.empty();
                                  }));
  }
  if (!fs::is_directory(options.history, error)) return false;
  const fs::path deals = fs::path(options.history) / "deals.csv";
  if (fs::is_regular_file(deals, error) && has_header(deals, {"deal"})) return false;
  Result<sources::ReadTables> tables = read_waited({options.history}, options.reading, nullptr);
  if (!tables) return false;
  read = std::move(*tables);
  source::Map texts;
  std::vector<Near> near;
  return !fitting(read->tables, options.search, texts, near).empty();
}

std::optional<std::string> guess_adapter(const ExportOptions& options, Tables& read) {
  read = read_paths(options.paths, options.reading);
  if (!read) return std::nullopt;
  source::Map texts;
  const auto found = guess(*read, options, texts);
  if (!found) return std::nullopt;
  return found->read.adapter.name;
}

std::optional<Export> load_export(const ExportOptions& options, const model::Rulebook& rulebook, const time::Zone& zone,
                                  source::Map& texts, Tables read) {
  std::optional<Candidate> candidate = choose(options, texts, read);
  if (!candidate) return std::nullopt;
  take_reading(options.reading, candidate->read.adapter);
  if (const auto taken = take_reading(options.reading, read->tables, candidate->fit, candidate->read.adapter); !taken) {
    complain(taken.error());
    return std::nullopt;
  }
  if (!is_database(options.paths) && !options.mapping.empty()) say_unasked(options.mapping, candidate->read.adapter);
  say_how(*read, *candidate);
  sources::PrepareFailure failure;
  const auto prepare_waited = [&] {
    const Waiting waiting("preparing the rows");
    return sources::prepare(candidate->read.adapter, candidate->fit, std::move(read->tables), failure,
                            stage_names(rulebook));
  };
  auto prepared = prepare_waited();
  if (!prepared) {
    show_misfits({{failure.place, failure.message, {}}},
                 failure.place.line > 0 ? text_of(*candidate) : Id<source::Text>(), texts);
    return std::nullopt;
  }
  take_labels(prepared->mapping, rulebook);
  history::LoadOptions how;
  how.default_zone = zone;
  how.threads = options.threads;
  if (options.every_problem) how.max_problems = SIZE_MAX;
  const auto load_waited = [&] {
    history::Progress progress;
    const Waiting waiting("reading", [&progress] { return how_far(progress); });
    return history::load_texts(prepared->files, prepared->mapping, eval::schema_of(rulebook), how, progress);
  };
  Result<history::Loaded> loaded = load_waited();
  for (const sources::Table& table : prepared->originals) {
    const auto gone = sources::unread(table);
    if (!gone) continue;
    complain(gone->message);
    return std::nullopt;
  }
  if (!loaded) {
    complain(loaded.error());
    return std::nullopt;
  }
  if (!loaded->mapping_problems.empty()) {
    show_misfits(loaded->mapping_problems, text_of(*candidate), texts);
    return std::nullopt;
  }
  show_report(place_of(options.paths), loaded->report);
  return Export{std::move(*loaded), std::move(prepared->originals), candidate->read.adapter.name};
}

}  // namespace plumb::tool
