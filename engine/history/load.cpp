#include "history/load.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/parallel.h"
#include "history/checksum.h"
#include "history/csv.h"
#include "history/lacking.h"
#include "history/load_file.h"
#include "history/load_coverage.h"
#include "history/load_finish.h"
#include "history/load_parts.h"
#include "history/load_pieces.h"
#include "history/load_program.h"
#include "history/most_files.h"
#include "history/progress.h"
#include "history/words.h"

namespace plumb::history {

namespace {

using namespace loading;

/// Where the bytes of files come from: the disk, or memory.
struct Files {
  std::vector<std::string> present;  // the CSV files that are there
  /// Missing: nullopt when there is no such file. Errors: it cannot be read.
  std::function<Result<std::optional<Pieces>>(const std::string& name, char delimiter)> open;
  const std::vector<TextFile>* texts = nullptr;  // null: on the disk, where rows stand where they are read
};

struct Loading {
  const Files& files;
  const Mapping& mapping;
  const Schema& schema;
  const LoadOptions& options;
  Raw raw;
  std::vector<MappingProblem> problems;
  std::vector<MappingProblem> notes;
  std::size_t bytes = 0;  // of the files that are not read yet
  Progress* progress = nullptr;
};

void report_absent(Loading& l, const FileSpec& file) {
  if (file.optional) return;
  const std::string_view near = nearest_word(file.path, l.files.present);
  std::string help =
      l.files.present.empty() ? "there is no CSV file" : fmt::format("it holds {}", listed(l.files.present));
  if (!near.empty()) help = fmt::format("did you mean {}? {}", in_ticks(near), help);
  l.problems.push_back({file.place, fmt::format("the history has no file `{}`", file.path), std::move(help)});
}

constexpr std::size_t looked_at = 16;  // of a file, to know what it is

bool is_own_by_another_name(const TakenFrom& taken, const std::string& name) {
  const bool same_row = taken.which == nullptr && taken.lines == nullptr && !taken.columns.empty();
  return same_row && taken.columns.front() != name;
}

// Reads it once more, to say what is wrong with it.
Failure broken(Loading& l, const FileSpec& file) {
  Result<std::optional<Pieces>> pieces = l.files.open(file.path, file.delimiter);
  if (!pieces) return Failure{pieces.error()};
  std::string start;
  std::size_t lines = 0;
  Piece piece;
  while (pieces->has_value()) {
    const Result<bool> more = (*pieces)->next(piece, piece_size);
    if (!more) return Failure{more.error()};
    if (!*more) break;
    const std::string_view bytes = piece.bytes.view().substr(0, piece.from + piece.size);
    if (start.empty()) start = bytes.substr(0, looked_at);
    std::optional<NoText> fault = fault_of(bytes);
    if (fault) fault->line += lines;
    if (std::string why = why_no_text(start, fault); !why.empty()) return no_text(file.path, why);
    lines += static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  }
  return Failure{fmt::format("`{}` was changed while it was read", file.path)};
}

// Missing: empty, and said, when the text begins with no row that can be read.
std::vector<std::string> read_header(Loading& l, const FileSpec& file, CsvReader& reader) {
  std::vector<std::string> header;
  if (!reader.next()) {
    l.problems.push_back({file.place, fmt::format("`{}` is empty", file.path), "its first line names the columns"});
  } else if (reader.fault() != CsvFault::none) {
    l.problems.push_back({file.place,
                          fmt::format("the header of `{}` has a quote that is not closed rightly", file.path),
                          "its first line names the columns"});
  } else {
    for (std::string_view cell : reader.cells()) header.emplace_back(column_name(cell));
  }
  return header;
}

void begin_file(Loading& l, const FileSpec& file) {
  const std::string& path = file.path;
  FileRows& rows = l.raw.begin_file();
  rows.path = rows.stands_in = path;
  rows.part_of = file.part_of;
  rows.table = static_cast<std::uint32_t>(l.raw.files.size() - 1);
  if (rows.table > 0 && !file.part_of.empty()) {
    const FileRows& before = l.raw.files[rows.table - 1];
    if (before.part_of == file.part_of) rows.table = before.table;
  }
  if (l.files.texts == nullptr) return;
  for (const TextFile& text : *l.files.texts) {
    if (text.name != path || text.lines.empty()) continue;
    rows.line.give(text.lines);
    rows.wrong = text.wrong;
    if (!text.stands_in.empty()) rows.stands_in = text.stands_in;
    rows.taken = &text.taken;
    rows.ranks = &text.ranks;
  }
}

// What stands in the file above its columns. Missing: empty for a column that steps added.
std::vector<std::string> header_as_written(const FileRows& rows, std::vector<std::string> header) {
  if (rows.taken == nullptr) return header;
  for (std::string& name : header) {
    const auto taken = rows.taken->find(name);
    if (taken == rows.taken->end()) continue;
    name = is_own_by_another_name(taken->second, name) ? taken->second.columns.front() : std::string();
  }
  return header;
}

// False when some of it is no text.
Result<bool> read_rows(Loading& l, const FileSpec& file, Pieces& pieces) {
  Piece first;
  const Result<bool> begun = pieces.next(first, piece_size);
  if (!begun) return begun;
  if (!why_no_text(first.bytes.view().substr(0, first.from + first.size)).empty()) return false;
  const auto index = static_cast<std::uint32_t>(l.raw.files.size());
  begin_file(l, file);
  CsvReader reader(first.begin(), first.end(), file.delimiter);
  const std::vector<std::string> header = read_header(l, file, reader);
  const auto used = static_cast<std::size_t>(reader.rest() - first.begin());
  first.from += used, first.size -= used;
  if (header.empty()) return rest_is_text(std::move(first), pieces);
  const FileProgram program =
      compile(l.mapping, file, l.schema, header, l.raw.files[index].taken, l.raw, l.problems, l.notes);
  if (!l.problems.empty()) return rest_is_text(std::move(first), pieces);
  return run_pieces(
      program,
      {file, header, header_as_written(l.raw.files[index], header), index, l.mapping, l.options, l.bytes, l.progress},
      std::move(first), reader.next_line(), pieces, l.raw);
}

// The rows of all files, and their lines, have numbers of 32 bits.
bool too_many_lines(const Raw& raw) {
  std::uint64_t rows = 0, lines = 0;
  for (const FileRows& file : raw.files) rows += file.line.size(), lines += std::uint64_t{file.line.last()} + 1;
  return std::max(rows, lines) > UINT32_MAX;
}

// Missing: a header, when the file is there; nothing has been said in either case.
std::optional<Failure> load_file(Loading& l, const FileSpec& file) {
  Result<std::optional<Pieces>> pieces = l.files.open(file.path, file.delimiter);
  if (!pieces) return Failure{pieces.error()};
  if (!*pieces) {
    report_absent(l, file);
    if (file.optional && !l.mapping.path.empty()) note_absent(l.mapping, file, l.schema, l.raw.supplier);
    return std::nullopt;
  }
  const Result<bool> read = read_rows(l, file, **pieces);
  l.bytes -= std::min(l.bytes, (*pieces)->size());
  if (!read) return Failure{read.error()};
  if (!*read) return broken(l, file);
  if (too_many_lines(l.raw)) {
    return Failure{
        fmt::format("with `{}` the files have more than {} lines: load a part of them", file.path, UINT32_MAX)};
  }
  return std::nullopt;
}

// The names in a mapping's `coverage` and `told by` that nothing has.
void note_names(const Mapping& mapping, const Schema& schema, std::vector<MappingProblem>& notes) {
  const ObservableNames observable(schema);
  for (const auto& [name, place] : mapping.coverage_places) {
    const bool told = name.starts_with(told_key(""));
    const std::string what = told ? name.substr(told_key("").size()) : name;
    if (!observable.has(what))
      notes.push_back({place, observable.unknown(told ? "`told by` of" : "the coverage of", what), {}});
  }
  const auto earlier = [](const MappingProblem& a, const MappingProblem& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  };
  std::stable_sort(notes.begin(), notes.end(), earlier);
}

// Examples for people.
constexpr std::size_t most_twins = 5;

FileReport tally(const FileRows& rows, const std::vector<FileRows>& all) {
  FileReport report;
  report.path = rows.path;
  report.stands_in = rows.stands_in;
  report.rows = rows.line.size();
  report.unreadable_cells = rows.unreadable_cells;
  for (std::size_t i = 0; i < rows.line.size(); ++i) {
    if (rows.facts[i] > 0) {
      ++report.used;
      report.in_part += (rows.fate[i] & FileRows::refused_bit) != 0 ? 1 : 0;
    } else if (rows.fate[i] & FileRows::refused_bit) {
      ++report.refused;
    } else if (rows.fate[i] & FileRows::merged_bit) {
      ++report.merged;
    } else {
      ++report.ignored;
    }
  }
  for (const auto& [row, of] : rows.twins) {
    if (report.twins.size() == most_twins || rows.facts[row] > 0 || (rows.fate[row] & FileRows::refused_bit) != 0)
      continue;
    report.twins.push_back({rows.line[row], of.file, all[of.file].line[of.row]});
  }
  PLUMB_ASSERT(report.rows == report.used + report.ignored + report.merged + report.refused,
               "every row of a file is used, ignored, merged or refused");
  return report;
}

// A message about a cell that was taken from elsewhere is about the user's own column there.
void name_own_column(const FileRows& file, Problems::Noted& noted) {
  constexpr std::string_view begins = "column `";
  const std::size_t end = noted.message.find('`', begins.size());
  if (file.taken == nullptr || !noted.message.starts_with(begins) || end == std::string::npos) return;
  const auto taken = file.taken->find(noted.message.substr(begins.size(), end - begins.size()));
  if (taken == file.taken->end() || taken->second.columns.empty()) return;
  const TakenFrom& from = taken->second;
  const std::uint32_t row = noted.place.row, own = file.line[row];
  const std::string& column = from.columns[from.which == nullptr ? 0 : (*from.which)[row]];
  const std::uint32_t line = from.lines == nullptr ? own : (*from.lines)[row];
  std::string named = fmt::format("column `{}`", column);
  const std::string& there = from.lines == nullptr ? file.stands_in : from.file_of(row);
  if (line != 0 && (there != file.stands_in || line != own)) named += fmt::format(" of {}:{}", there, line);
  if (line == 0 && from.which == nullptr) named += fmt::format(" of {}", there);
  noted.message.replace(0, end + 1, named);
}

LoadReport report_of(Raw& raw) {
  LoadReport report;
  for (const FileRows& file : raw.files) report.files.push_back(tally(file, raw.files));
  for (Problems::Noted& noted : raw.problems.sorted()) {
    const FileRows& file = raw.files[noted.place.file];
    // What one part of a row's mapping refuses another may still have taken.
    const bool used = file.facts[noted.place.row] > 0;
    const auto wrong = file.wrong.find(noted.place.row);
    if (noted.refused && wrong != file.wrong.end()) noted.message = wrong->second;
    name_own_column(file, noted);
    report.problems.push_back(
        {noted.place.file, file.line[noted.place.row], noted.refused, used, std::move(noted.message)});
  }
  report.problem_count = raw.problems.all();
  report.strangers = std::move(raw.strangers);
  return report;
}

// The columns whose cells tell rows apart: all that are the file's own, without that of ids, which tell by themselves.
std::vector<std::size_t> telling_columns(const FileSpec& spec, const FileRows& rows,
                                         const std::vector<std::string>& header) {
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < header.size(); ++c) {
    const bool added = rows.taken != nullptr && rows.taken->count(header[c]) > 0 &&
                       !is_own_by_another_name(rows.taken->at(header[c]), header[c]);
    const bool id = std::any_of(spec.rows.begin(), spec.rows.end(), [&](const RowSpec& row) {
      return std::any_of(row.id.column.names.begin(), row.id.column.names.end(),
                         [&](const std::string& name) { return same_letters(name, header[c]); });
    });
    if (!added && !id) columns.push_back(c);
  }
  return columns;
}

// Cells of a row, one behind the other, so that none runs into the next.
std::uint64_t hash_of(std::span<const std::string_view> cells, const std::vector<std::size_t>& columns,
                      std::string& text) {
  text.clear();
  for (const std::size_t c : columns) {
    const std::string_view cell = c < cells.size() ? trimmed(cells[c]) : std::string_view();
    text += cell;
    text += '\x1F';
    text += static_cast<char>(cell.size() % 251);
  }
  Checksum sum;
  sum.take(text);
  return sum.value();
}

// Reads a file once more for what `identity` wants of it. `tables`: headers, numbered as they are found.
Result<bool> identify(const Files& files, const FileSpec& spec, const FileRows& rows, std::size_t file,
                      std::map<std::vector<std::string>, std::uint32_t>& tables, RowIdentity& identity) {
  Result<std::optional<Pieces>> pieces = files.open(spec.path, spec.delimiter);
  if (!pieces) return Failure{pieces.error()};
  if (!*pieces) return Failure{fmt::format("`{}` is not there any more", spec.path)};
  std::vector<std::string> header;
  std::vector<std::size_t> columns;
  std::size_t row = 0;
  Piece piece;
  std::string text;
  for (;;) {
    const Result<bool> more = (*pieces)->next(piece, piece_size);
    if (!more || !*more) return more;
    CsvReader reader(piece.begin(), piece.end(), spec.delimiter);
    if (header.empty()) {
      reader.next();
      for (const std::string_view cell : reader.cells()) header.emplace_back(column_name(cell));
      columns = telling_columns(spec, rows, header);
      identity.put_table(file, tables.emplace(header, static_cast<std::uint32_t>(tables.size())).first->second);
    }
    for (; reader.next(); ++row) {
      if (row >= rows.fate.size()) return Failure{fmt::format("`{}` has changed while it was read", spec.path)};
      if (identity.wants(file, row)) identity.put(file, row, hash_of(reader.cells(), columns, text));
    }
  }
}

Result<bool> identify(const Loading& l, RowIdentity& identity) {
  std::map<std::vector<std::string>, std::uint32_t> tables;
  for (std::size_t file = 0; file < l.raw.files.size(); ++file) {
    if (!identity.wants(file)) continue;
    const FileRows& rows = l.raw.files[file];
    const auto spec = std::find_if(l.mapping.files.begin(), l.mapping.files.end(),
                                   [&](const FileSpec& one) { return one.path == rows.path; });
    const Result<bool> read = identify(l.files, *spec, rows, file, tables, identity);
    if (!read) return read;
  }
  return true;
}

Result<Loaded> load_from(const Files& files, const Mapping& mapping, const Schema& schema, const LoadOptions& options,
                         Progress* progress) {
  Loading l{files, mapping, schema, options, Raw(schema, options.max_problems), {}, {}, 0, progress};
  if (std::string wrong = too_many_files(mapping.files.size()); !wrong.empty()) return Failure{std::move(wrong)};
  for (const FileSpec& file : mapping.files) {
    const Result<std::optional<Pieces>> pieces = files.open(file.path, file.delimiter);
    if (pieces && *pieces) l.bytes += (*pieces)->size();
  }
  if (progress != nullptr) progress->of_bytes = l.bytes;
  for (const FileSpec& file : mapping.files) {
    if (const std::optional<Failure> failure = load_file(l, file)) return *failure;
  }
  Loaded loaded;
  l.raw.identify = [&](RowIdentity& identity) { return identify(l, identity); };
  if (l.problems.empty())
    loaded.history = finish(l.raw, mapping, schema, options.default_zone, threads_for(options.threads));
  if (l.raw.trouble) return *l.raw.trouble;
  for (const FileRows& file : l.raw.files) loaded.history.files.push_back(file.stands_in);
  loaded.report = report_of(l.raw);
  loaded.mapping_problems = std::move(l.problems);
  note_names(mapping, schema, l.notes);
  loaded.mapping_notes = std::move(l.notes);
  return loaded;
}

Result<std::optional<Pieces>> open_on_disk(const std::string& path, const std::string& name, char delimiter) {
  if (presence_of(path) == Presence::absent) return std::optional<Pieces>();
  Result<OpenFile> file = open_file(path, name);
  if (!file) return Failure{file.error()};
  return std::optional<Pieces>(Pieces(std::move(*file), delimiter));
}

std::optional<Pieces> open_in_memory(const std::vector<TextFile>& files, const std::string& name, char delimiter) {
  const auto found = std::find_if(files.begin(), files.end(), [&](const TextFile& file) { return file.name == name; });
  if (found == files.end()) return std::nullopt;
  if (found->open) return Pieces(found->open(), found->about, delimiter);
  return Pieces(found->text, delimiter);
}

Result<Loaded> load_folder(const std::string& folder, const Mapping& mapping, const Schema& schema,
                           const LoadOptions& options, Progress* progress) {
  Result<std::vector<std::string>> present = csv_files_in(folder);
  if (!present) return Failure{present.error()};
  const Files files{std::move(*present), [&](const std::string& name, char delimiter) {
                      return open_on_disk(folder + "/" + name, name, delimiter);
                    }};
  return load_from(files, mapping, schema, options, progress);
}

}  // namespace

Result<Loaded> load(const std::string& folder, const Mapping& mapping, const Schema& schema,
                    const LoadOptions& options) {
  return load_folder(folder, mapping, schema, options, nullptr);
}

Result<Loaded> load(const std::string& folder, const Mapping& mapping, const Schema& schema, const LoadOptions& options,
                    Progress& progress) {
  return load_folder(folder, mapping, schema, options, &progress);
}

namespace {

Result<Loaded> load_from_memory(const std::vector<TextFile>& texts, const Mapping& mapping, const Schema& schema,
                                const LoadOptions& options, Progress* progress) {
  Files files{{},
              [&](const std::string& name, char delimiter) -> Result<std::optional<Pieces>> {
                return open_in_memory(texts, name, delimiter);
              },
              &texts};
  for (const TextFile& file : texts) files.present.push_back(file.name);
  std::sort(files.present.begin(), files.present.end());
  const auto twice = std::adjacent_find(files.present.begin(), files.present.end());
  if (twice != files.present.end()) return Failure{fmt::format("there are two files `{}`", *twice)};
  return load_from(files, mapping, schema, options, progress);
}

}  // namespace

Result<Loaded> load_texts(const std::vector<TextFile>& texts, const Mapping& mapping, const Schema& schema,
                          const LoadOptions& options) {
  return load_from_memory(texts, mapping, schema, options, nullptr);
}

Result<Loaded> load_texts(const std::vector<TextFile>& texts, const Mapping& mapping, const Schema& schema,
                          const LoadOptions& options, Progress& progress) {
  return load_from_memory(texts, mapping, schema, options, &progress);
}

}  // namespace plumb::history
