#include "plumb/exports.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
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
#include "model/stage_names.h"
#include "plumb/choosing.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/loading.h"
#include "plumb/waiting.h"
#include "report/escape.h"
#include "sources/encoding.h"
#include "sources/names.h"
#include "sources/postgres.h"

namespace plumb::tool {

namespace {

namespace fs = std::filesystem;

bool said_already(const history::ValueFrom& value, const std::string& cell) {
  return std::any_of(value.rename.begin(), value.rename.end(), [&](const auto& pair) { return pair.first == cell; });
}

/// How exports call stages, and the stage. Missing: what is the name of another one, or means several stages, since
/// that depends on the deal's process.
std::vector<std::pair<std::string, std::string>> labels_of(const model::Rulebook& rulebook) {
  std::map<std::string, std::set<std::string>> meant;
  for (const model::Process& process : rulebook.processes) {
    for (const auto& [text, stage] : model::other_names(rulebook, process.stages))
      meant[text].insert(rulebook.stages[stage].name);
  }
  for (const model::Stage& stage : rulebook.stages) meant.erase(stage.name);
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto& [text, stages] : meant) {
    if (stages.size() == 1) labels.emplace_back(text, *stages.begin());
  }
  return labels;
}

void take_labels(const std::vector<std::pair<std::string, std::string>>& labels, history::ValueFrom& value) {
  if (!value.given() || value.constant) return;
  for (const auto& label : labels) {
    if (!said_already(value, label.first)) value.rename.push_back(label);
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

/// A stage is called in the export as the rulebook labels it, or as it is named there.
void take_labels(history::Mapping& mapping, const model::Rulebook& rulebook) {
  const std::vector<std::pair<std::string, std::string>> labels = labels_of(rulebook);
  for (history::FileSpec& file : mapping.files) {
    for (history::RowSpec& row : file.rows) {
      if (row.kind != history::RowKind::move) continue;
      take_labels(labels, row.from);
      take_labels(labels, row.to);
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
    const std::string twin = read.tables[table].is_within ? std::string() : twin_of(read.tables, table, candidate.fit);
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

/// The beginning of a file, which may be large.
sources::Table beginning_of(const fs::path& path) {
  std::string start(1 << 16, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  if (const std::size_t end = start.rfind('\n'); !file.eof() && end != std::string::npos) start.resize(end + 1);
  return {path.filename().string(), start, sources::delimiter_of(start)};
}

/// The files of a folder that may be tables.
struct Lying {
  std::vector<sources::Table> tables;  // their beginnings, or all of them, in the order of their names
  std::set<std::string> not_plain;     // files of which only an import knows what is in them
};

Lying beginnings_in(const std::string& folder) {
  Lying lying;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (name.starts_with('.') || !sources::has_known_ending(name) || !entry->is_regular_file(ignored)) continue;
    lying.tables.push_back(beginning_of(entry->path()));
    if (!sources::is_plain(name, lying.tables.back().text)) lying.not_plain.insert(name);
  }
  std::ranges::sort(lying.tables, {}, &sources::Table::name);
  return lying;
}

/// Whether an import would read a file otherwise than as UTF-8 whose cells are separated as the mapping says.
bool is_written_otherwise(const sources::Table& beginning, const history::FileSpec& file, const sources::Fit& fit) {
  const bool says_separator = beginning.text.beginning(4) == "sep=";
  const bool is_separated = beginning.delimiter == file.delimiter || file.delimiter == '|';
  return says_separator || (!is_separated && fit.partial.empty());
}

/// Whether beside the files of a mapping lie others that an import would read, or say why it does not: parts of them,
/// and what is called or written a little otherwise. `read`: all that lies there, where it takes that to tell.
bool has_more_to_read(const HistoryOptions& options, const sources::Adapter& adapter, Tables& read) {
  const std::vector<history::FileSpec>& files = adapter.mapping.files;
  const auto lies_deeper = [](const history::FileSpec& file) { return file.path.find('/') != std::string::npos; };
  if (std::ranges::any_of(files, lies_deeper)) return false;
  Lying lying = beginnings_in(options.history);
  if (!lying.not_plain.empty()) {
    Result<sources::ReadTables> all = read_waited({options.history}, options.reading, &adapter);
    if (!all) return true;  // it is read once more, and what is wrong is said
    lying.tables = all->tables;
    read = std::move(*all);
  }
  const sources::Fit fit = sources::fit(adapter, lying.tables);
  if (!fit.apart.empty()) return true;
  for (std::size_t table = 0; table < lying.tables.size(); ++table) {
    const std::string& name = lying.tables[table].name;
    for (std::size_t file = 0; file < files.size(); ++file) {
      if (std::ranges::count(fit.tables_of[file], table) == 0) continue;
      if (files[file].path != name || is_written_otherwise(lying.tables[table], files[file], fit)) return true;
      if (lying.not_plain.contains(name)) return true;
    }
    const auto is_called = [&](const history::FileSpec& file) { return file.path == name; };
    const auto is_akin = [&](const history::FileSpec& file) { return sources::akin(file.path, name); };
    if (std::ranges::none_of(files, is_called) && std::ranges::any_of(files, is_akin)) return true;
  }
  return false;
}

/// Missing: when it cannot be used; what is wrong with it is said when it is read.
std::optional<sources::Adapter> adapter_in(const std::string& mapping) {
  const Result<std::string> content = read_file(mapping);
  if (!content) return std::nullopt;
  source::Map texts;
  diagnostics::Sink sink;
  sources::Adapter adapter = adapters::read_adapter(texts, texts.add(mapping, *content), sink);
  if (sink.has_errors()) return std::nullopt;
  return adapter;
}

/// Whether one of the tables is called as a file of a canonical folder, and is one as far as anybody can tell: exports
/// have an `accounts.csv` of their own.
bool has_canonical_file(const std::vector<sources::Table>& tables) {
  const history::Mapping canonical = history::canonical_mapping();
  return std::ranges::any_of(tables, [&](const sources::Table& table) {
    const bool is_called = std::ranges::count(canonical.files, table.name, &history::FileSpec::path) > 0;
    return is_called && (table.name == "deals.csv" || has_columns(sources::header_of(table), {"deal"}));
  });
}

bool is_in_another_encoding(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  if (error || size == 0 || size > sources::most_bytes) return false;
  const Result<sources::Bytes> bytes = sources::Bytes::of_file(path.string(), static_cast<std::size_t>(size));
  if (!bytes) return false;
  const Result<sources::Decoded> text = sources::decode(*bytes, sources::Scratch());
  return !text || !text->was.empty();
}

}  // namespace

bool is_otherwise_behind(const HistoryOptions& options) {
  if (options.mapping.empty()) return false;
  const std::optional<sources::Adapter> adapter = adapter_in(options.mapping);
  return adapter && std::ranges::any_of(adapter->mapping.files, [&](const history::FileSpec& file) {
           return is_in_another_encoding(fs::path(options.history) / file.path);
         });
}

bool is_export(const HistoryOptions& options, Tables& read) {
  if (!options.from.empty() || sources::is_database(options.history)) return true;
  std::error_code error;
  const bool folder = fs::is_directory(options.history, error);
  if (!options.mapping.empty()) {
    const bool file = fs::is_regular_file(options.history, error) && !history::is_snapshot(options.history);
    const std::optional<sources::Adapter> adapter = adapter_in(options.mapping);
    if (!adapter) return false;
    const auto is_worked_on = [](const sources::Steps& steps) {
      return steps.any() || !steps.encoding.empty() || !steps.parts.empty();
    };
    return file || (is_asked(options.reading) && folder) || !adapter->encoding.empty() ||
           std::ranges::any_of(adapter->steps, is_worked_on) || (folder && has_more_to_read(options, *adapter, read));
  }
  const bool file = fs::is_regular_file(options.history, error) && sources::has_known_ending(options.history);
  if (!folder && (!file || history::is_snapshot(options.history))) return false;
  const fs::path deals = file ? fs::path(options.history) : fs::path(options.history) / "deals.csv";
  if (fs::is_regular_file(deals, error) && has_columns(sources::header_of(beginning_of(deals)), {"deal"})) return false;
  Result<sources::ReadTables> tables = read_waited({options.history}, options.reading, nullptr);
  if (!tables) return false;
  read = std::move(*tables);
  // Of what is neither it is said why no adapter fits.
  const auto is_table = [](const sources::Table& table) { return sources::header_of(table).size() > 1; };
  const bool neither = std::ranges::any_of(read->tables, is_table) && !has_canonical_file(read->tables);
  return neither || some_fits(read->tables, options.search);
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
  for (const std::string& sentence : prepared->said) say(report::shown(sentence));
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
  if (!options.mapping.empty()) {
    say_notes(options.mapping, *loaded);
    say_untimed(candidate->read.adapter.mapping, loaded->history);
  }
  show_report(place_of(options.paths), loaded->report);
  return Export{std::move(*loaded), std::move(prepared->originals), candidate->read.adapter.name};
}

}  // namespace plumb::tool
