#include "plumb/loading.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "adapters/mapping_file.h"
#include "diagnostics/diagnostic.h"
#include "eval/run.h"
#include "history/progress.h"
#include "history/snapshot.h"
#include "history/words.h"
#include "plumb/choosing.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/exports.h"
#include "plumb/files.h"
#include "plumb/waiting.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::tool {

namespace {

constexpr std::size_t most_problems_per_file = 10, most_unread = 10;
constexpr std::string_view refused_file = "refused.csv";  // which `plumb import` leaves there for people

std::optional<AdapterRead> read_mapping(const std::string& path, source::Map& texts) {
  if (!path.empty()) return read_adapter(path, "", texts);
  AdapterRead read;
  read.adapter.mapping = history::canonical_mapping();
  return read;
}

/// The word that begins at a line and column of a text: what a message about the mapping points at.
source::Span word_at(const source::Text& text, Id<source::Text> id, history::MappingPlace place) {
  if (place.line == 0 || place.line > text.line_count()) return {};
  const std::string_view line = text.line(place.line);
  std::size_t at = 0;
  for (std::uint32_t column = 1; column < place.column && at < line.size(); ++column) {
    // Continuation bytes belong to the character before them.
    do ++at;
    while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U);
  }
  const bool quoted = at < line.size() && (line[at] == '"' || line[at] == '\'');
  const std::size_t last = quoted ? line.find(line[at], at + 1) : line.find_first_of(" \t,]}#", at);
  const std::size_t end = std::min(last == std::string_view::npos ? last : last + (quoted ? 1 : 0), line.size());
  const std::uint32_t start = text.line_start(place.line);
  return {id, start + static_cast<std::uint32_t>(at), start + static_cast<std::uint32_t>(end)};
}

std::string counted_rows(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}", report::number_text(count), what);
}

/// The problems of one file, the first few as they are.
void show_problems(const std::string& folder, const history::LoadReport& report, std::uint32_t file) {
  const history::FileReport& about = report.files[file];
  const std::string place = folder.empty() ? about.stands_in : fmt::format("{}/{}", folder, about.stands_in);
  std::uint64_t listed = 0;
  std::uint64_t again = 0;  // what a row would have been twice is refused twice
  const history::Problem* last = nullptr;
  for (const history::Problem& problem : report.problems) {
    if (problem.file != file) continue;
    const history::Problem* before = std::exchange(last, &problem);
    if (before != nullptr && before->line == problem.line && before->message == problem.message) {
      ++again;
      continue;
    }
    if (listed == most_problems_per_file) continue;
    ++listed;
    say(fmt::format("{}:{}: {}{}", place, problem.line,
                    !problem.refused ? ""
                    : problem.used   ? "row refused in part: "
                                     : "row refused: ",
                    report::shown(problem.message)));
  }
  const auto in_file = [&](const history::Problem& problem) { return problem.file == file; };
  const auto known = static_cast<std::uint64_t>(std::count_if(report.problems.begin(), report.problems.end(), in_file));
  // The loader keeps the first problems of all files; its counts go on.
  const std::uint64_t all = std::max(known - again, about.refused + about.in_part + about.unreadable_cells);
  if (all > listed && listed > 0) {
    say(fmt::format("{}: and {} more", place, report::number_text(all - listed)));
  }
}

/// What is there and no folder can only be a snapshot.
bool is_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_directory(status);
}

std::string pages_gone;  // what is said where pages of a mapped file are

void say_pages_gone(int) {
  (void)!::write(STDERR_FILENO, pages_gone.data(), pages_gone.size());
  ::_exit(bad_input);
}

/// A snapshot is mapped: the system ends who reads what is gone of a file that is made shorter.
void expect_pages_to_go(const std::string& path) {
  pages_gone = fmt::format("plumb: the history `{}` was made shorter while it was read\n", path);
  struct sigaction action {};
  action.sa_handler = say_pages_gone;
  ::sigaction(SIGBUS, &action, nullptr);
}

std::optional<history::Loaded> load_snapshot(const std::string& path, const std::string& mapping_path,
                                             const model::Rulebook& rulebook, const history::LoadOptions& options) {
  if (!mapping_path.empty()) {
    complain(fmt::format("--mapping: `{}` is no folder: a snapshot was mapped when it was made", path));
    return std::nullopt;
  }
  expect_pages_to_go(path);
  Result<history::Loaded> loaded = history::read_snapshot(path, eval::schema_of(rulebook), options);
  if (!loaded) {
    complain(fmt::format("the history `{}` {}", path, loaded.error()));
    return std::nullopt;
  }
  show_report(path, loaded->report);
  return std::move(*loaded);
}

Result<history::Loaded> load_folder(const std::string& path, const history::Mapping& mapping,
                                    const model::Rulebook& rulebook, const history::LoadOptions& options) {
  history::Progress progress;
  const Waiting waiting("reading", [&progress] { return how_far(progress); });
  return history::load(path, mapping, eval::schema_of(rulebook), options, progress);
}

/// The files of tables that lie in a folder and that nobody asked for, in the order of their names. What is clearly
/// something else, a text or a rulebook, is none.
std::vector<std::string> tables_beside(const std::string& folder, const history::Mapping& mapping,
                                       std::vector<std::string>& present) {
  static constexpr std::array<std::string_view, 14> endings{".csv",    ".tsv",      ".json",    ".xlsx",    ".xls",
                                                            ".ods",    ".csv.gz",   ".tsv.gz",  ".json.gz", ".xes",
                                                            ".xes.gz", ".jsonocel", ".xmlocel", ".sqlite"};
  std::vector<std::string> beside;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (name.starts_with('.') || name == refused_file || entry->is_directory(ignored)) continue;
    present.push_back(name);
    const auto ends = [&](std::string_view ending) {
      return name.size() > ending.size() && history::same_letters(name.substr(name.size() - ending.size()), ending);
    };
    const auto is_read = [&](const history::FileSpec& file) { return file.path == name; };
    if (std::ranges::any_of(endings, ends) && std::ranges::none_of(mapping.files, is_read)) beside.push_back(name);
  }
  std::sort(beside.begin(), beside.end());
  return beside;
}

/// The file of a canonical folder that has what such a table would be called after. Missing: empty.
std::string_view canonical_for(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 24> tables{{
      {"activities", "events.csv"},  {"activity", "events.csv"},     {"calls", "events.csv"},
      {"meetings", "events.csv"},    {"emails", "events.csv"},       {"tasks", "events.csv"},
      {"moves", "events.csv"},       {"stages", "events.csv"},       {"changes", "events.csv"},
      {"history", "events.csv"},     {"opportunities", "deals.csv"}, {"pipeline", "deals.csv"},
      {"leads", "deals.csv"},        {"users", "people.csv"},        {"persons", "people.csv"},
      {"employees", "people.csv"},   {"owners", "people.csv"},       {"team", "people.csv"},
      {"companies", "accounts.csv"}, {"customers", "accounts.csv"},  {"absences", "leave.csv"},
      {"vacation", "leave.csv"},     {"reports", "records.csv"},     {"currencies", "rates.csv"},
  }};
  const std::string_view stem = std::string_view(name).substr(0, name.find('.'));
  for (const auto& [table, file] : tables) {
    if (history::same_letters(stem, table)) return file;
  }
  return {};
}

/// Names what is left unread in a folder whose files are read as they are called.
void say_unread_in(const std::string& folder, const history::Mapping& mapping) {
  std::vector<std::string> absent, present;
  const std::vector<std::string> beside = tables_beside(folder, mapping, present);
  for (const history::FileSpec& file : mapping.files) {
    if (std::ranges::find(present, file.path) == present.end()) absent.push_back(file.path);
  }
  const bool canonical = mapping.path.empty();
  const std::string_view who = canonical ? "the canonical folder has" : "the mapping knows";
  std::vector<std::string> unread;
  for (const std::string& name : beside) {
    const bool packed =
        name.ends_with(".gz") && std::ranges::find(absent, name.substr(0, name.size() - 3)) != absent.end();
    std::string_view near = history::nearest_word(name, absent);
    if (!near.empty() && !history::same_letters(near.substr(0, 1), name.substr(0, 1))) near = {};
    const std::string_view place = canonical && near.empty() ? canonical_for(name) : std::string_view();
    const std::string meant = packed           ? "; unpack it first"
                              : !near.empty()  ? fmt::format("; did you mean `{}`?", near)
                              : !place.empty() ? fmt::format("; what it tells belongs into `{}`", place)
                                               : "";
    unread.push_back(fmt::format("{}: not read: {} no such file{}", report::shown(name), who, meant));
  }
  say_unread(unread);
  if (!canonical || unread.empty()) return;
  std::vector<std::string> files;
  for (const history::FileSpec& file : mapping.files) files.push_back(file.path);
  say(fmt::format("a canonical folder has {}; all but deals.csv may be left out", fmt::join(files, ", ")));
}

/// `history/` and `history` are the same folder.
std::string without_slash(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

}  // namespace

void say_unread(const std::vector<std::string>& files) {
  for (std::size_t i = 0; i < files.size() && i < most_unread; ++i) say(files[i]);
  if (files.size() > most_unread)
    say(fmt::format("and {} not read", report::count_text(files.size() - most_unread, "more file", "more files")));
}

void say_unasked(const std::string& mapping_path, const sources::Adapter& adapter) {
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
    const history::FileSpec& spec = adapter.mapping.files[file];
    if (adapter.steps[file].query.empty()) continue;
    say(fmt::format("{}:{}: the `query` is not asked: this is no database, and the file `{}` itself is read",
                    mapping_path, spec.place.line, spec.path));
  }
}

void say_notes(const std::string& mapping_path, const history::Loaded& loaded) {
  for (const history::MappingProblem& note : loaded.mapping_notes)
    say(fmt::format("{}:{}: {}", mapping_path, note.place.line, report::shown(note.message)));
}

namespace {

history::RowKind row_kind(history::KindClass of) {
  switch (of) {
    case history::KindClass::move: return history::RowKind::move;
    case history::KindClass::change: return history::RowKind::change;
    case history::KindClass::activity: return history::RowKind::activity;
    case history::KindClass::record: return history::RowKind::record;
    case history::KindClass::created: break;
  }
  return history::RowKind::deal;
}

/// From which columns the time of such rows of a file is taken, in the order of the mapping.
std::vector<std::string> time_columns(const history::Mapping& mapping, const std::string& file, history::RowKind kind) {
  std::vector<std::string> columns;
  for (const history::FileSpec& spec : mapping.files) {
    for (const history::RowSpec& row : spec.rows) {
      if (spec.path != file || row.kind != kind || !row.at.column.given()) continue;
      const std::string& name = row.at.column.names.front();
      if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
    }
  }
  return columns;
}

}  // namespace

void say_untimed(const history::Mapping& mapping, const history::History& history) {
  using history::KindClass;
  static constexpr std::array<std::pair<KindClass, std::string_view>, 4> classes{{{KindClass::move, "move"},
                                                                                  {KindClass::change, "change"},
                                                                                  {KindClass::activity, "activity"},
                                                                                  {KindClass::record, "record"}}};
  std::map<std::pair<std::uint32_t, KindClass>, std::uint64_t> rows;
  const history::Timeline& events = history.deal_events;
  for (std::size_t deal = 0; deal + 1 < events.first.size(); ++deal) {
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1] && !events.at[i].known(); ++i)
      ++rows[{events.origin[i].file, history.kinds[events.kind[i]].of}];
  }
  for (const auto& [of, count] : rows) {
    const auto word = std::ranges::find(classes, of.second, [](const auto& one) { return one.first; });
    if (word == classes.end()) continue;
    const std::string& file = history.files[of.first];
    const std::vector<std::string> columns = time_columns(mapping, file, row_kind(of.second));
    if (columns.empty()) continue;
    const bool one = count == 1;
    say(fmt::format(
        "{}: {} `{}` {} no time: `{}` is empty or cannot be read. {} happened, and nobody knows when; where {} did not "
        "happen, say so in the mapping: `when: {{ {}: {{ not: \"\" }} }}`",
        report::shown(file), report::count_text(count, "row that is", "rows that are"), word->second,
        one ? "has" : "have", fmt::join(columns, "` or `"), one ? "It" : "They", one ? "it" : "they", columns.back()));
  }
}

std::string how_far(const history::Progress& progress) {
  // How long what steps of a mapping make will be is not known before.
  const std::uint64_t bytes = std::min<std::uint64_t>(progress.bytes, progress.of_bytes);
  return fmt::format("{} of {}, {}, {} refused", megabytes(bytes), megabytes(progress.of_bytes),
                     report::count_text(progress.rows, "row", "rows"), report::number_text(progress.refused));
}

std::optional<sources::Adapter> load_adapter(const std::string& path, source::Map& texts) {
  std::optional<AdapterRead> read = read_mapping(path, texts);
  if (!read) return std::nullopt;
  return std::move(read->adapter);
}

void show_misfits(const std::vector<history::MappingProblem>& problems, Id<source::Text> mapping_text,
                  const source::Map& texts) {
  diagnostics::Sink sink;
  std::set<std::string> said;
  for (const history::MappingProblem& problem : problems) {
    if (!mapping_text) {
      const std::string text =
          problem.help.empty() ? problem.message : fmt::format("{}: {}", problem.message, problem.help);
      if (said.insert(text).second) complain(text);
      continue;
    }
    diagnostics::Diagnostic& diagnostic = sink.report(word_at(texts[mapping_text], mapping_text, problem.place),
                                                      diagnostics::diag::MappingMisfit, problem.message);
    if (!problem.help.empty()) diagnostic.hint("{}", problem.help);
  }
  show(sink, texts);
}

void show_report(const std::string& folder, const history::LoadReport& report) {
  history::FileReport sum;
  for (std::uint32_t file = 0; file < report.files.size(); ++file) {
    show_problems(folder, report, file);
    const history::FileReport& about = report.files[file];
    sum.rows += about.rows;
    sum.used += about.used;
    sum.ignored += about.ignored;
    sum.merged += about.merged;
    sum.refused += about.refused;
    sum.unreadable_cells += about.unreadable_cells;
  }
  say(fmt::format("read {} in {}: {}, {}, {}, {}, {}", report::count_text(sum.rows, "row", "rows"),
                  counted(report.files.size(), "file", "files"), counted_rows(sum.used, "used"),
                  counted_rows(sum.ignored, "ignored"), counted_rows(sum.merged, "merged"),
                  counted_rows(sum.refused, "refused"),
                  report::count_text(sum.unreadable_cells, "unreadable cell", "unreadable cells")));
}

namespace {

/// What is said of how to read an export, and the history is none. Missing: empty.
std::string wrong_with_reading_a_folder(const HistoryOptions& options) {
  const std::string& path = options.history;
  const bool snapshot = is_file(path);
  if (!snapshot && !options.mapping.empty()) return {};  // of a mapping that cannot be read that is said
  if (!options.reading.zone.empty()) {
    return fmt::format("--zone: it is for what a system exported; in `{}` times without an offset {}", path,
                       snapshot ? "were read when the snapshot was made" : "are in UTC, as in every canonical folder");
  }
  if (!options.reading.encodings.empty()) {
    return fmt::format("--encoding: it is for what a system exported; {}",
                       snapshot ? fmt::format("`{}` is a snapshot", path)
                                : fmt::format("`{}` is read as a canonical folder, which is UTF-8", path));
  }
  if (options.reading.dates.empty()) return {};
  return fmt::format("--dates: it is for what a system exported; {}",
                     snapshot
                         ? fmt::format("`{}` is a snapshot", path)
                         : fmt::format("`{}` is read as a canonical folder, whose dates begin with the year", path));
}

/// A folder that is read as it lies there, or a snapshot. Missing: when it cannot be used, which was said, unless
/// `unreadable` says why.
std::optional<history::Loaded> load_as_it_lies(const HistoryOptions& options, const model::Rulebook& rulebook,
                                               const time::Zone& zone, source::Map& texts, unsigned threads,
                                               std::string& unreadable) {
  const std::string& path = options.history;
  history::LoadOptions how;
  how.default_zone = zone;
  how.threads = threads;
  if (is_file(path)) return load_snapshot(path, options.mapping, rulebook, how);
  std::optional<AdapterRead> read = read_mapping(options.mapping, texts);
  if (!read) return std::nullopt;
  Result<history::Loaded> loaded = load_folder(path, read->adapter.mapping, rulebook, how);
  if (!loaded) {
    unreadable = fmt::format("cannot read the history `{}`: {}", path, loaded.error());
    return std::nullopt;
  }
  if (!loaded->mapping_problems.empty()) {
    show_misfits(loaded->mapping_problems, read->text, texts);
    return std::nullopt;
  }
  say_unread_in(path, read->adapter.mapping);
  say_unasked(options.mapping, read->adapter);
  say_notes(options.mapping, *loaded);
  if (!options.mapping.empty()) say_untimed(read->adapter.mapping, loaded->history);
  show_report(without_slash(path), loaded->report);
  return std::move(*loaded);
}

}  // namespace

std::optional<history::Loaded> load_with_report(const HistoryOptions& options, const model::Rulebook& rulebook,
                                                const time::Zone& zone, source::Map& texts, unsigned threads) {
  Tables tables;
  if (!is_export(options, tables)) {
    if (const std::string wrong = wrong_with_reading_a_folder(options); !wrong.empty()) {
      complain(wrong);
      return std::nullopt;
    }
    std::string unreadable;
    std::optional<history::Loaded> loaded = load_as_it_lies(options, rulebook, zone, texts, threads, unreadable);
    if (loaded || unreadable.empty()) return loaded;
    if (!is_otherwise_behind(options)) {
      complain(unreadable);
      return std::nullopt;
    }
  }
  std::optional<Export> read =
      load_export({{options.history}, options.from, options.mapping, options.search, options.reading, false, threads},
                  rulebook, zone, texts, std::move(tables));
  if (!read) return std::nullopt;
  return std::move(read->loaded);
}

std::optional<history::History> load_history(const HistoryOptions& options, const model::Rulebook& rulebook,
                                             const time::Zone& zone, source::Map& texts, unsigned threads) {
  std::optional<history::Loaded> loaded = load_with_report(options, rulebook, zone, texts, threads);
  if (!loaded) return std::nullopt;
  return std::move(loaded->history);
}

}  // namespace plumb::tool
