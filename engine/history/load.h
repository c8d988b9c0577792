#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "history/history.h"
#include "history/mapping.h"
#include "time/calendar.h"

namespace plumb::history {

struct SchemaField {
  std::string name;
  ValueType type = ValueType::text;
  std::vector<std::string> choices;  // a choice field: the words it may hold; else empty
  bool qualified = false;  // History::supplier knows it as `waiver.rule` only: other things may be called `rule`
  bool person = false;     // its values are ids of people
  bool whole = false;      // a number that counts: 5, not 5.5
};

struct SchemaKind {
  std::string name;
  std::vector<SchemaField> fields;
};

/// What the rulebook declares: only this is loaded.
struct Schema {
  std::vector<SchemaField> deal_fields, account_fields, person_fields, contact_fields;
  std::vector<SchemaKind> activities, records;
  std::vector<std::string> stages;
};

/// A row or cell that could not be taken as it is. A refused row makes no event; a row with an unreadable cell is kept
/// and that value is unknown.
struct Problem {
  std::uint32_t file = 0;  // into LoadReport::files
  std::uint32_t line = 0;  // first line of the row, from 1
  bool refused = false;    // wholly, or in part: what it should have been besides what it is
  bool used = false;       // refused in part
  std::string message;     // lower case, names column and cell
};

/// A row that was merged, and the one that says the same and counts.
struct Twin {
  std::uint32_t line = 0;  // from 1
  std::uint32_t file = 0;  // of the other: into LoadReport::files
  std::uint32_t of_line = 0;
};

struct FileReport {
  std::string path;
  std::string stands_in;      // the file that lines are those of: `path`, unless it was made of another
  std::uint64_t rows = 0;     // data rows read, header excluded
  std::uint64_t used = 0;     // rows that made at least one fact
  std::uint64_t in_part = 0;  // of those, rows of which another part is refused
  std::uint64_t ignored = 0;  // rows that no `when` wanted
  std::uint64_t merged = 0;   // rows that say what another says
  std::uint64_t refused = 0;
  std::uint64_t unreadable_cells = 0;
  std::vector<Twin> twins;  // of the merged rows the first few
};

/// Whoever acts, owns, manages or is named in the data, and is nobody to the rules, since no row describes him and the
/// mapping does not say that actors are people.
struct Strangers {
  struct One {
    std::string name;
    std::string as;                    // `owns this deal`
    std::uint32_t file = 0, line = 0;  // where first: as Problem
  };
  std::uint64_t people = 0;
  std::vector<One> first;  // some of them, in the order of files and lines
};

/// rows = used + ignored + merged + refused, for every file.
struct LoadReport {
  std::vector<FileReport> files;
  Strangers strangers;
  std::vector<Problem> problems;    // the first `LoadOptions::max_problems`, in the order of files and lines
  std::uint64_t problem_count = 0;  // all of them
};

/// The mapping does not fit the files: a column or file it names is not there. `place` is in the mapping.
struct MappingProblem {
  MappingPlace place;
  std::string message;
  std::string help;
};

struct LoadOptions {
  time::Zone default_zone = time::Zone::utc();  // the default calendar's: where date-only facts have their day
  std::size_t max_problems = 1000;
  unsigned threads = 0;  // 0: as many as the machine runs at once; the history does not depend on it
};

struct Loaded {
  History history;
  LoadReport report;
  std::vector<MappingProblem> mapping_problems;  // when not empty the history is not to be used
  std::vector<MappingProblem> mapping_notes;     // names in the mapping that the rulebook does not declare
};

/// Reads a folder of CSV files (RFC 4180; UTF-8 with or without BOM; LF, CRLF or CR; newlines inside quoted cells) into
/// columns. Memory: that of the history and some 30 bytes an event, whatever the size of the files. Errors: the folder
/// or a file that is there cannot be read, is a directory, or is no text.
Result<Loaded> load(const std::string& folder, const Mapping& mapping, const Schema& schema,
                    const LoadOptions& options);

/// Where the cells of a column that was added to a file were taken from. Rows: as those of the file. `which`: into
/// `columns`; null: all from the first. `lines`: where the rows stand there; 0: the cell was not taken from any, and is
/// of the same row where `which` says of which column; null: all are of the same row. `files`: where rows are taken
/// from several, in place of `file`, and `of` says from which.
struct TakenFrom {
  std::string file;
  std::vector<std::string> columns;
  std::shared_ptr<const std::vector<std::uint32_t>> which, lines;
  std::vector<std::string> files = {};
  std::shared_ptr<const std::vector<std::uint16_t>> of = {};

  const std::string& file_of(std::uint32_t row) const { return of == nullptr ? file : files[(*of)[row]]; }
};

/// Puts the next bytes of a text, as many as there is room for, and says how many; 0 at its end.
using TextReader = std::function<std::size_t(char* into, std::size_t room)>;

/// A file held in memory, as it would stand in a folder: `deals.csv` and its bytes; or one whose text is made while it
/// is read.
struct TextFile {
  std::string name;
  std::string text;
  std::string stands_in = {};                       // the file that it was made of; empty: it is one itself
  std::vector<std::uint32_t> lines = {};            // where each data row stands there; empty: in its own line
  std::map<std::uint32_t, std::string> wrong = {};  // why rows of another length than the header are refused
  std::map<std::string, TakenFrom> taken = {};      // by header: columns that are not the file's own
  std::vector<std::uint32_t> ranks = {};            // of a part of a table: the row's place among those of all parts
  std::function<TextReader()> open = {};            // the text, from its beginning, in place of `text`
  std::size_t about = 0;                            // of such a text: how many bytes it may have
};

/// The same over files held in memory: the same history, report and messages. Errors: two files of one name; a text
/// that is not UTF-8.
Result<Loaded> load_texts(const std::vector<TextFile>& texts, const Mapping& mapping, const Schema& schema,
                          const LoadOptions& options);

}  // namespace plumb::history
