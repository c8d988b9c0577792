#include "sources/read.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sources/bytes.h"
#include "sources/encoding.h"
#include "sources/gzip.h"
#include "sources/json.h"
#include "sources/ocel.h"
#include "sources/postgres.h"
#include "sources/xes.h"

namespace plumb::sources {

namespace {

namespace fs = std::filesystem;

enum class Form { csv, xes, ocel_xml, json, sqlite };

constexpr std::size_t looked_at = 32;  // bytes of a file, for its form

/// In small letters, without `.gz`.
std::string ending_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? std::string() : name.substr(dot);
}

/// Missing: empty for what is read.
std::string_view why_left_alone(const std::string& name) {
  static const std::set<std::string> spreadsheets = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"};
  static const std::set<std::string> archives = {".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst"};
  if (name.ends_with("/")) return "it is a folder: the files of folders in a folder are not read";
  if (has_known_ending(name)) return {};
  const std::string ending = ending_of(name);
  if (spreadsheets.contains(ending)) return "it is a spreadsheet: save each of its sheets as CSV";
  if (archives.contains(ending)) return "it is an archive: unpack it first";
  return "its ending is that of no export";
}

// Logs in XML are told by what is in them: programs call those of either form `.xml`.
Form form_of(const std::string& name, std::string_view start, const Bytes& bytes) {
  constexpr std::string_view sqlite_start("SQLite format 3\0", 16);
  if (start.starts_with(sqlite_start)) return Form::sqlite;
  const std::string ending = ending_of(name);
  if (ending == ".xes" || ending == ".xmlocel" || ending == ".xml")
    return is_ocel_xml(bytes).value_or(ending != ".xes") ? Form::ocel_xml : Form::xes;
  if (ending == ".jsonocel" || ending == ".json") return Form::json;
  if (ending == ".sqlite" || ending == ".db" || ending == ".sqlite3") return Form::sqlite;
  return Form::csv;
}

/// What a text that is to be a table is in truth. Missing: empty.
std::string_view why_no_table(std::string_view start) {
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  start.remove_prefix(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
  std::string small(start);
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
  if (small.starts_with("<!doctype html") || small.starts_with("<html"))
    return "it is a web page and no table, as a server sends it that wants a sign-in first: export it again";
  if (small.starts_with("<?xml")) return "it is XML and no table: save it as CSV";
  if (small.starts_with("{\"") || small.starts_with("[{"))
    return "it is JSON and no table: if it is the export, give it the ending `.json`";
  return {};
}

Result<Bytes> bytes_of(const std::string& path, const std::shared_ptr<BytesRead>& read) {
  std::error_code error;
  if (!fs::exists(path, error)) return Failure{"it is a link that leads to no file"};
  // A pipe that nobody writes to would be waited for.
  if (!fs::is_regular_file(path, error)) return Failure{"it is no ordinary file"};
  const auto size = fs::file_size(path, error);
  if (error) return Failure{error.message()};
  if (size > most_bytes) return Failure{fmt::format("it is larger than {} MB", most_bytes / 1'000'000)};
  return Bytes::of_file(path, size, read);
}

constexpr std::string_view separator_says = "sep=";
constexpr std::size_t said_separator_size = separator_says.size() + 1;

/// What spreadsheets are told of the cells in a line before the header: `sep=;`. Missing: nullopt.
std::optional<char> said_separator(const Bytes& text) {
  const std::string begin = text.beginning(said_separator_size + 1);
  if (begin.size() <= said_separator_size || !begin.starts_with(separator_says)) return std::nullopt;
  const char separator = begin[separator_says.size()], end = begin.back();
  const bool is_one = std::string_view(",;\t|").find(separator) != std::string_view::npos;
  return is_one && (end == '\r' || end == '\n') ? std::optional(separator) : std::nullopt;
}

class TableReader {
 public:
  TableReader(const Encodings& encodings, const Scratch& scratch, std::shared_ptr<BytesRead> read)
      : encodings_(encodings), scratch_(scratch), read_(std::move(read)) {}

  /// `named`: by the user, rather than one of a folder.
  std::string add(const std::string& path, const std::string& name, bool named) {
    named_ = named;
    Result<Bytes> bytes = bytes_of(path, read_);
    if (!bytes) return bytes.error();
    const std::string wrong = add(path, name, *bytes);
    return wrong.empty() ? bytes->wrong() : wrong;
  }

  /// What was read in pages becomes tables. Errors: what is wrong with which file.
  std::optional<std::pair<std::string, std::string>> finish() {
    for (auto& [name, pages] : pages_) {
      share_columns(pages);
      for (Page& page : pages) {
        if (page.records.empty()) result.said.push_back(fmt::format("{}: there is no record in it", page.name));
        for (Records& list : page.records) {
          std::string wrong = add_rows(name_of(page.name, list.name), std::move(list.rows));
          if (!wrong.empty()) return std::pair(page.name, std::move(wrong));
          result.tables.back().is_within = list.is_within;
        }
      }
    }
    return std::nullopt;
  }

  ReadTables result;

 private:
  /// Of one answer of an API, which may come in several.
  struct Page {
    std::string name;
    std::vector<Records> records;
  };

  /// `deals_2.json` is called `deals.json`, and `2.json` has no name.
  static std::string name_of_pages(const std::string& name) {
    std::string result;
    for (char c : name) {
      if (c < '0' || c > '9') result += c;
    }
    const std::size_t dot = result.find('.');
    const std::size_t last = result.find_last_not_of("_- ()", dot == std::string::npos ? dot : dot - 1);
    if (dot == 0) return result;
    if (dot == std::string::npos || last == std::string::npos) return name;
    return result.substr(0, last + 1) + result.substr(dot);
  }

  static std::string name_of(const std::string& file, const std::string& part) {
    return part.empty() ? file : file + ": " + part;
  }

  /// What the records of one page do not have and those of another do is empty, as it is within a page.
  static void share_columns(std::vector<Page>& pages) {
    std::map<std::string, std::vector<std::string>> columns;  // by the name of the list
    for (const Page& page : pages) {
      for (const Records& list : page.records) {
        std::vector<std::string>& of = columns[list.name];
        std::ranges::copy(list.rows.header(), std::back_inserter(of));
      }
    }
    for (Page& page : pages) {
      for (Records& list : page.records) {
        for (const std::string& column : columns[list.name]) list.rows.column(column);
      }
    }
  }

  std::string add(const std::string& path, const std::string& name, const Bytes& file) {
    const bool packed = is_gzip(file.beginning(looked_at));
    const Result<Bytes> bytes = packed ? gunzip(file, most_bytes, scratch_) : Result<Bytes>(file);
    if (!bytes) return bytes.error();
    const Form form = form_of(name, bytes->beginning(looked_at), *bytes);
    if (!named_ && ending_of(name) == ".xml" && !is_ocel_xml(*bytes)) {
      result.said.push_back(fmt::format("{}: left alone, since it is XML, but no event log", name));
      return {};
    }
    if (const auto said = encodings_.of.find(stem_of(name)); form != Form::csv && said != encodings_.of.end())
      return said->second.said_by + " its `encoding`, and only a table of text (CSV) has one that has to be said";
    switch (form) {
      case Form::csv: return add_csv(name, *bytes);
      case Form::xes: return add_rows(name, read_xes(*bytes, scratch_));
      case Form::ocel_xml: return add_log(name, read_ocel_xml(*bytes, scratch_));
      case Form::json: return add_json(name, *bytes);
      case Form::sqlite:
        return packed ? "a database is not read packed: unpack it first"
                      : add_log(name, read_ocel_sqlite(path, scratch_));
    }
    return {};
  }

  const Encodings& encodings_;
  Scratch scratch_;
  std::shared_ptr<BytesRead> read_;
  std::map<std::string, std::vector<Page>> pages_;  // by the name without numbers
  bool named_ = false;

  std::string add_csv(const std::string& name, const Bytes& bytes) {
    const auto said = encodings_.of.find(stem_of(name));
    const auto& [encoding, said_by] = said == encodings_.of.end() ? encodings_.all : said->second;
    if (const std::string_view why = why_no_table(bytes.beginning(looked_at)); !why.empty()) {
      if (named_) return std::string(why);
      result.said.push_back(fmt::format("{}: left alone, since {}", name, why));
      return {};
    }
    Result<Decoded> decoded = decode(bytes, encoding, said_by, scratch_);
    if (!decoded) return decoded.error();
    if (!encoding.empty()) {
      result.said.push_back(fmt::format("{}: read as {}, as {}", name, encoding, said_by));
    } else if (!decoded->was.empty()) {
      result.said.push_back(fmt::format("{}: read as {}, since it is not UTF-8", name, decoded->was));
    }
    const std::optional<char> separator = said_separator(decoded->text);
    // What is left is an empty line, so that the others stand where they do.
    if (separator) decoded->text = decoded->text.from(said_separator_size);
    const char delimiter = separator.value_or(delimiter_of(decoded->text));
    if (delimiter != ',') {
      result.said.push_back(fmt::format("{}: its cells are separated by {}", name,
                                        delimiter == ';'   ? "semicolons"
                                        : delimiter == '|' ? "bars"
                                                           : "tabs"));
    }
    result.tables.push_back({name, std::move(decoded->text), delimiter, encoding});
    return {};
  }

  std::string add_rows(const std::string& name, Result<Gathered> rows) {
    return rows ? add_text(name, rows->text(scratch_)) : rows.error();
  }

  std::string add_text(const std::string& name, Result<Bytes> text) {
    if (!text) return text.error();
    result.tables.push_back({name, std::move(*text), ','});
    return {};
  }

  // Where it is UTF-16, as some shells write what a program says.
  std::string add_json(const std::string& name, const Bytes& bytes) {
    const std::string start = bytes.beginning(2);
    const bool wide = start == "\xFF\xFE" || start == "\xFE\xFF" || start.find('\0') != std::string::npos;
    const Result<Decoded> decoded = wide ? decode(bytes, scratch_) : Result<Decoded>(Decoded{bytes, {}});
    if (!decoded) return decoded.error();
    if (wide) result.said.push_back(fmt::format("{}: read as {}", name, decoded->was));
    Result<JsonRead> read = read_json(decoded->text, scratch_);
    if (!read) return read.error();
    if (read->log) return add_log(name, std::move(*read->log));
    if (read->other) {
      constexpr std::string_view why =
          "it is JSON, but neither an object-centric event log (`events` and `objects`) nor a list of records";
      if (named_) return std::string(why);
      result.said.push_back(fmt::format("{}: left alone, since {}", name, why));
      return {};
    }
    pages_[name_of_pages(name)].push_back({name, std::move(read->records)});
    return {};
  }

  std::string add_log(const std::string& name, Result<ObjectLog> log) {
    if (!log) return log.error();
    std::string wrong = add_rows(name_of(name, "objects"), std::move(log->objects));
    if (wrong.empty()) wrong = add_rows(name_of(name, "events"), std::move(log->events));
    if (wrong.empty() && log->changes.size() > 0) wrong = add_rows(name_of(name, "changes"), std::move(log->changes));
    return wrong;
  }
};

Failure about(const std::string& path, const std::string& why) {
  return Failure{fmt::format("cannot read `{}`: {}", shown_address(path), why)};
}

/// What lies directly in a folder, in the order of the names; a folder in it with a `/` behind its name. Errors: what
/// the system says.
Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (!name.starts_with(".")) names.push_back(entry->is_directory(ignored) ? name + "/" : name);
  }
  if (error) return Failure{error.message()};
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

bool has_known_ending(const std::string& name) {
  static const std::set<std::string> endings = {".csv",     ".tsv",  ".txt",    ".xes", ".xml",    ".jsonocel",
                                                ".xmlocel", ".json", ".sqlite", ".db",  ".sqlite3"};
  return endings.contains(ending_of(name));
}

bool is_plain(const std::string& name, const Bytes& beginning) {
  const std::string start = beginning.beginning(looked_at);
  if (is_gzip(start) || form_of(name, start, beginning) != Form::csv) return false;
  const Result<Decoded> text = decode(beginning, Scratch());
  return text && text->was.empty();
}

Result<ReadTables> read_tables(const std::vector<std::string>& paths, const Encodings& encodings,
                               const Scratch& scratch, const std::shared_ptr<BytesRead>& read) {
  TableReader reader(encodings, scratch, read);
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) return about(path, "there is no such file or folder");
    if (!fs::is_directory(path, error)) {
      if (std::string why = reader.add(path, fs::path(path).filename().string(), true); !why.empty())
        return about(path, why);
      continue;
    }
    const auto names = files_in(path);
    if (!names) return about(path, names.error());
    for (const std::string& name : *names) {
      const std::string file = (fs::path(path) / name).string();
      if (const std::string_view why = why_left_alone(name); !why.empty()) {
        reader.result.said.push_back(fmt::format("{}: left alone, since {}", name, why));
      } else if (std::string why = reader.add(file, name, false); !why.empty()) {
        return about(file, why);
      }
    }
  }
  if (const auto wrong = reader.finish()) return about(wrong->first, wrong->second);
  std::vector<Table>& tables = reader.result.tables;
  std::stable_sort(tables.begin(), tables.end(), [](const Table& a, const Table& b) { return a.name < b.name; });
  const auto twice =
      std::adjacent_find(tables.begin(), tables.end(), [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != tables.end())
    return Failure{fmt::format("there are two files `{}`: give one of them another name", twice->name)};
  return std::move(reader.result);
}

}  // namespace plumb::sources
