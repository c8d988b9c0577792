#include "sources/read.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
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

enum class Form { csv, xes, json, sqlite };

/// In small letters, without `.gz`.
std::string ending_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? std::string() : name.substr(dot);
}

bool is_known(const std::string& name) {
  static const std::set<std::string> endings = {".csv",  ".tsv",    ".txt", ".xes",    ".jsonocel",
                                                ".json", ".sqlite", ".db",  ".sqlite3"};
  return endings.contains(ending_of(name));
}

Form form_of(const std::string& name, std::string_view bytes) {
  constexpr std::string_view sqlite_start("SQLite format 3\0", 16);
  if (bytes.starts_with(sqlite_start)) return Form::sqlite;
  const std::string ending = ending_of(name);
  if (ending == ".xes") return Form::xes;
  if (ending == ".jsonocel" || ending == ".json") return Form::json;
  if (ending == ".sqlite" || ending == ".db" || ending == ".sqlite3") return Form::sqlite;
  return Form::csv;
}

Result<Bytes> bytes_of(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return Failure{"it is a link that leads to no file"};
  // A pipe that nobody writes to would be waited for.
  if (!fs::is_regular_file(path, error)) return Failure{"it is no ordinary file"};
  const auto size = fs::file_size(path, error);
  if (error) return Failure{error.message()};
  if (size > most_bytes) return Failure{fmt::format("it is larger than {} MB", most_bytes / 1'000'000)};
  return Bytes::of_file(path, size);
}

class TableReader {
 public:
  explicit TableReader(const Encodings& encodings) : encodings_(encodings) {}

  std::string add(const std::string& path, const std::string& name) {
    Result<Bytes> bytes = bytes_of(path);
    if (!bytes) return bytes.error();
    const bool packed = is_gzip(bytes->view());
    if (packed) {
      Result<std::string> unpacked = gunzip(bytes->view(), most_bytes);
      if (!unpacked) return unpacked.error();
      bytes = Bytes(std::move(*unpacked));
    }
    const Form form = form_of(name, bytes->view());
    if (const auto said = encodings_.of.find(stem_of(name)); form != Form::csv && said != encodings_.of.end())
      return said->second.said_by + " its `encoding`, and only a table of text (CSV) has one that has to be said";
    switch (form) {
      case Form::csv: return add_csv(name, *bytes);
      case Form::xes: return add_cells(name, read_xes(bytes->view()));
      case Form::json: return add_json(name, read_json(bytes->view()));
      case Form::sqlite:
        return packed ? "a database is not read packed: unpack it first" : add_log(name, read_ocel_sqlite(path));
    }
    return {};
  }

  /// What was read in pages is put together. Errors: what is wrong with which file.
  std::optional<std::pair<std::string, std::string>> finish() {
    for (auto& [name, pages] : pages_) {
      const auto full =
          std::find_if(pages.begin(), pages.end(), [](const Page& page) { return !page.records.empty(); });
      if (full == pages.end())
        return std::pair(pages.front().name, std::string("it is JSON, and there is no record in it"));
      const std::string& outermost = full->records.front().name;
      const bool alike = std::all_of(pages.begin(), pages.end(), [&](const Page& page) {
        return page.records.empty() || page.records.front().name == outermost;
      });
      if (pages.size() == 1 || !alike) {
        for (Page& page : pages) add_records(page.name, std::move(page.records));
      } else {
        put_together(name, std::move(pages));
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

  /// `deals_2.json` is called `deals.json`.
  static std::string without_numbers(const std::string& name) {
    std::string result;
    for (char c : name) {
      if (c < '0' || c > '9') result += c;
    }
    const std::size_t dot = result.find('.');
    const std::size_t last = result.find_last_not_of("_- ()", dot == std::string::npos ? dot : dot - 1);
    if (dot == 0 || dot == std::string::npos || last == std::string::npos) return name;
    return result.substr(0, last + 1) + result.substr(dot);
  }

  void add_records(const std::string& name, const std::vector<Records>& records) {
    for (const Records& list : records) {
      result.tables.push_back({list.name.empty() ? name : name + ": " + list.name, text_of(list.cells), ','});
    }
  }

  void put_together(const std::string& name, std::vector<Page> pages) {
    std::vector<std::string> names;
    std::vector<Records> all;
    for (Page& page : pages) {
      names.push_back(page.name);
      for (Records& list : page.records) {
        const auto known = std::find_if(all.begin(), all.end(), [&](const Records& r) { return r.name == list.name; });
        if (known == all.end()) {
          all.push_back(std::move(list));
        } else {
          append_rows(known->cells, list.cells);
        }
      }
    }
    for (Records& list : all) list.cells.lines.clear();  // of several files
    result.said.push_back(fmt::format("{}: read as the pages of one answer, {}", fmt::join(names, ", "), name));
    add_records(name, all);
  }

  const Encodings& encodings_;
  std::map<std::string, std::vector<Page>> pages_;  // by the name without numbers

  std::string add_csv(const std::string& name, const Bytes& bytes) {
    const auto said = encodings_.of.find(stem_of(name));
    const auto& [encoding, said_by] = said == encodings_.of.end() ? encodings_.all : said->second;
    Result<Decoded> decoded = decode(bytes, encoding, said_by);
    if (!decoded) return decoded.error();
    if (!encoding.empty()) {
      result.said.push_back(fmt::format("{}: read as {}, as {}", name, encoding, said_by));
    } else if (!decoded->was.empty()) {
      result.said.push_back(fmt::format("{}: read as {}, since it is not UTF-8", name, decoded->was));
    }
    const char delimiter = delimiter_of(decoded->text.view());
    if (delimiter != ',') {
      result.said.push_back(
          fmt::format("{}: its cells are separated by {}", name, delimiter == ';' ? "semicolons" : "tabs"));
    }
    result.tables.push_back({name, std::move(decoded->text), delimiter, encoding});
    return {};
  }

  std::string add_cells(const std::string& name, const Result<Cells>& cells) {
    if (!cells) return cells.error();
    result.tables.push_back({name, text_of(*cells), ','});
    return {};
  }

  std::string add_json(const std::string& name, Result<JsonRead> read) {
    if (!read) return read.error();
    if (read->log) return add_log(name, *read->log);
    pages_[without_numbers(name)].push_back({name, std::move(read->records)});
    return {};
  }

  std::string add_log(const std::string& name, const Result<ObjectLog>& log) {
    if (!log) return log.error();
    result.tables.push_back({name + ": objects", text_of(log->objects), ','});
    result.tables.push_back({name + ": events", text_of(log->events), ','});
    if (log->changes.size() > 0) result.tables.push_back({name + ": changes", text_of(log->changes), ','});
    return {};
  }
};

Failure about(const std::string& path, const std::string& why) {
  return Failure{fmt::format("cannot read `{}`: {}", shown_address(path), why)};
}

/// The files directly in a folder, in the order of their names. Errors: what the system says.
Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(".") && !entry->is_directory()) names.push_back(name);
  }
  if (error) return Failure{error.message()};
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Result<ReadTables> read_tables(const std::vector<std::string>& paths, const Encodings& encodings) {
  TableReader reader(encodings);
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) return about(path, "there is no such file or folder");
    if (!fs::is_directory(path, error)) {
      if (std::string why = reader.add(path, fs::path(path).filename().string()); !why.empty()) return about(path, why);
      continue;
    }
    const auto names = files_in(path);
    if (!names) return about(path, names.error());
    for (const std::string& name : *names) {
      const std::string file = (fs::path(path) / name).string();
      if (!is_known(name)) {
        reader.result.said.push_back(fmt::format("{}: left alone, since its ending is that of no export", name));
      } else if (std::string why = reader.add(file, name); !why.empty()) {
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
