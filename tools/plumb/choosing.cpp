#include "plumb/choosing.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "adapters/mapping_file.h"
#include "diagnostics/diagnostic.h"
#include "history/snapshot.h"
#include "history/words.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/loading.h"
#include "plumb/waiting.h"
#include "report/escape.h"
#include "sources/postgres.h"
#include "sources/renamed.h"

namespace plumb::tool {

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

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_lines = 8;

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

/// Whether there are adapters. Says where none are.
bool has_adapters(const SearchOptions& search) {
  if (!adapter_names(search).empty()) return true;
  const std::string folder = adapters_folder(search);
  complain(fmt::format("there are no adapters: the standard library was not found {}; say with --stdlib or "
                       "PLUMB_STDLIB where it is, or with --mapping what the columns of the files mean",
                       folder.empty() ? "in `../share/plumb/stdlib` from where plumb is"
                                      : fmt::format("in `{}`", report::shown(folder))));
  return false;
}

std::string path_of(const std::string& adapter, const SearchOptions& search) {
  return fmt::format("{}/{}.yaml", adapters_folder(search), adapter);
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

/// What an adapter looks for, and how to tell it what the columns are called here.
void say_renamed(const std::string& adapter, const sources::Renamed& renamed) {
  std::vector<std::string> lacking, optional, called;
  const auto take = [&](const sources::Lacking& columns, std::vector<std::string>& names) {
    for (const auto& [name, near] : columns) {
      names.push_back(name);
      called.push_back(fmt::format("{}: [{}]", name, near.empty() ? "…" : near));
    }
  };
  take(renamed.lacking, lacking), take(renamed.optional, optional);
  const bool none = renamed.has() == 0;
  say(report::shown(fmt::format("{} knows `{}` by its columns {}; of these `{}` has {}", adapter, renamed.file,
                                history::listed(renamed.asked), renamed.table,
                                none ? "none" : "no " + history::listed(lacking))));
  say(report::shown(fmt::format(
      "where your columns are called otherwise, as in another language: copy `adapters/{}.yaml` of the standard "
      "library, "
      "say below `file: {}` what they are called, `also called: {{ {} }}`, and give the copy with --mapping, beside "
      "your rulebook",
      adapter, renamed.file, fmt::join(called, ", "))));
  if (!optional.empty())
    say(report::shown(fmt::format("  {} may be left out where there is no such column: what {} would tell is not known",
                                  history::listed(optional), optional.size() == 1 ? "it" : "they")));
  for (const auto& [column, words] : renamed.words)
    say(
        report::shown(fmt::format("  in `{}` it knows the words {}: where yours are others, write them beside these in "
                                  "the copy, wherever they stand",
                                  column, history::listed(words))));
}

/// The adapter that knows the most of the columns. Missing: none where it is less than half of those that it asks for.
bool say_nearest(const sources::ReadTables& read, const SearchOptions& search, source::Map& texts) {
  std::optional<sources::Renamed> best;
  std::string of;
  for (const std::string& name : adapter_names(search)) {
    const auto adapter = read_adapter(path_of(name, search), name, texts);
    if (!adapter) continue;
    auto one = sources::renamed(adapter->adapter, sources::fit(adapter->adapter, read.tables), read.tables);
    const bool near = one && one->has() > 1 && 2 * one->has() >= one->asked.size();
    if (near && (!best || one->has() > best->has())) best = std::move(one), of = name;
  }
  if (best) say_renamed(of, *best);
  return best.has_value();
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
      say(fmt::format("these files fit {} and {}: the first is taken, for its columns tell more; --from says otherwise",
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
  if (!has_adapters(options.search)) return std::nullopt;
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
  if (found.empty() && near.empty() && !say_nearest(read, options.search, texts))
    say("adapters know columns by their names in English or in the API: where yours are translated or renamed, --from "
        "with the name of your system says what it looks for, and --mapping what your columns mean");
  say_what_is_there(read);
  return std::nullopt;
}

/// By name or path. What is wrong with it is said.
std::optional<AdapterRead> named_adapter(const ExportOptions& options, source::Map& texts) {
  if (options.from.empty()) return read_adapter(options.mapping, {}, texts);
  if (!has_adapter(options.from, options.search)) return std::nullopt;
  return read_adapter(path_of(options.from, options.search), options.from, texts);
}

/// Which other adapters read such files, as of an export of the same system without its history.
void say_what_fits(const sources::ReadTables& read, const SearchOptions& search) {
  source::Map texts;
  std::vector<Near> near;
  std::vector<Candidate> found = fitting(read.tables, search, texts, near);
  leave_out_older(found);
  std::vector<std::string> names;
  for (const Candidate& candidate : found) names.push_back("--from " + candidate.read.adapter.name);
  if (!names.empty()) say(fmt::format("what reads these files is {}", fmt::join(names, " or ")));
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
    if (!options.from.empty()) say_what_fits(read, options.search);
    const auto renamed = options.from.empty() ? std::nullopt : sources::renamed(adapter.adapter, fit, read.tables);
    if (renamed) say_renamed(options.from, *renamed);
    say_what_is_there(read);
    return std::nullopt;
  }
  return Candidate{std::move(adapter), std::move(fit)};
}

/// Where files lie that are there only as long as the command runs.
std::string folder_for_files() {
  if (const char* said = std::getenv("TMPDIR"); said != nullptr && *said != '\0') return said;
  std::error_code error;
  return fs::is_directory("/var/tmp", error) ? "/var/tmp" : "/tmp";
}

}  // namespace

bool has_columns(const std::vector<std::string>& header, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return std::any_of(header.begin(), header.end(),
                       [&](const auto& cell) { return history::same_letters(cell, name); });
  });
}

bool is_database(const std::vector<std::string>& paths) {
  return paths.size() == 1 && sources::is_database(paths.front());
}

Result<sources::ReadTables> read_waited(const std::vector<std::string>& paths, const ReadingOptions& reading,
                                        const sources::Adapter* adapter) {
  const auto bytes = std::make_shared<sources::BytesRead>(0);
  const Waiting waiting("reading the files", [bytes] { return *bytes == 0 ? "" : megabytes(*bytes); });
  const sources::Scratch scratch(folder_for_files());
  return adapter != nullptr && is_database(paths)
             ? sources::read_database(paths.front(), *adapter, scratch, bytes)
             : sources::read_tables(paths, encodings_of(reading, adapter), scratch, bytes);
}

bool some_fits(const std::vector<sources::Table>& tables, const SearchOptions& search) {
  source::Map texts;
  std::vector<Near> near;
  return !fitting(tables, search, texts, near).empty();
}

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

std::string adapters_folder(const SearchOptions& search) {
  const std::string stdlib = stdlib_folder(search);
  return stdlib.empty() ? std::string() : (fs::path(stdlib) / "adapters").string();
}

bool has_adapter(const std::string& name, const SearchOptions& search) {
  if (!has_adapters(search)) return false;
  const std::vector<std::string> names = adapter_names(search);
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  complain(fmt::format("--from: there is no adapter `{}`{}", name, did_you_mean(name, names)));
  return false;
}

std::optional<std::string> guess_adapter(const ExportOptions& options, Tables& read) {
  read = read_paths(options.paths, options.reading);
  if (!read) return std::nullopt;
  source::Map texts;
  const auto found = guess(*read, options, texts);
  if (!found) return std::nullopt;
  return found->read.adapter.name;
}

}  // namespace plumb::tool
