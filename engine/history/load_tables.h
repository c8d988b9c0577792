#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "history/history.h"
#include "history/load.h"
#include "history/load_events.h"
#include "history/load_following.h"
#include "history/load_identity.h"
#include "history/load_words.h"

/// What is gathered while files are read, in the order of reading; `load_order` and `load_people` number and sort it.
namespace plumb::history::loading {

/// In Column::recorded while loading: the attribute has no time of its own here, the row's counts.
inline constexpr Instant as_row{INT64_MIN + 1};

/// Columns that grow by rows. Rows: `rows` are whole; what stands behind them is a row in the making.
struct Table {
  std::vector<Column> columns;
  std::vector<std::uint8_t> own_time;  // per column: some source gives the attribute its own `recorded`
  std::uint32_t rows = 0;

  /// The column of that name, made when there is none: unobserved in the rows there are.
  std::uint32_t column(std::string_view name, ValueType type);
  /// Missing: -1.
  int find(std::string_view name) const;
  void give_own_time(std::uint32_t column);
  void commit() { ++rows; }
  void discard();
  void clear();
  /// Columns of those names and types, without rows.
  Table empty() const;
  /// Rows that hold anything behind those there are, for those of `like`; whether they find room without moving these.
  void extend(const Table& like);
  bool fits(const Table& like) const;
  void reserve(std::size_t size, const Table& like);
  bool same(const Table& other, std::uint32_t row, std::uint32_t other_row) const;
};

struct RawKind {
  std::string name;
  KindClass of;
  const SchemaField* field = nullptr;                // change: whose
  const std::vector<SchemaField>* fields = nullptr;  // activity, record: the declared ones
  Table table;
};

struct RawSubject {
  std::uint32_t word = 0;
  Place place;
  std::uint32_t account = 0;  // deals: a word; 0: none; nobody: nobody knows
  std::uint32_t created = 0;  // deals: the event
};

struct RawContact {
  std::uint32_t word = 0, deal = 0;
  Instant since, recorded;
  std::uint8_t by_day = 0;  // as in Contacts
  Source source = Source::none;
  Place place;
};

struct RawRate {
  std::uint32_t from = 0, into = 0;
  Day day;
  Decimal rate;
  Place place;
};

struct RawPersonRow {
  std::uint32_t word = 0;
  Place place;
  Day from, joined, left;
  bool joined_unsaid = false, left_unsaid = false;  // nobody knows whether there is such a day
};

struct RawLeave {
  std::uint32_t word = 0;
  Place place;
  Day from, to;
  Instant at;  // the start of its first day
  Instant recorded;
};

/// word → row, dense. Missing: `nobody`.
class WordIndex {
 public:
  std::uint32_t find(std::uint32_t word) const { return word < of_.size() ? of_[word] : nobody; }
  void set(std::uint32_t word, std::uint32_t row) {
    if (word >= of_.size()) of_.resize(std::max<std::size_t>(word + 1, of_.size() * 2), nobody);
    of_[word] = row;
  }

 private:
  std::vector<std::uint32_t> of_;
};

/// A name in the files that the rulebook does not declare: rows that are ignored because of it.
struct UnknownName {
  std::uint64_t rows = 0;
  Place first;
};

/// The lines in which the rows of a file begin.
class Lines {
 public:
  void push_back(std::uint32_t line) { of_.push_back(line); }
  std::uint32_t operator[](std::uint32_t row) const { return row < given_.size() ? given_[row] : of_[row]; }
  std::uint32_t size() const { return of_.size(); }
  /// The highest of them. Missing: 0 when there are no rows.
  std::uint32_t last() const;
  void clear() { of_.clear(); }
  /// Rows stand in these lines, wherever they are read from.
  void give(const std::vector<std::uint32_t>& lines) { given_ = lines; }
  /// Rows whose lines count from `line`.
  void append(const Lines& more, std::uint32_t line) { of_.append(more.of_, line - 1); }

 private:
  Following of_;
  std::vector<std::uint32_t> given_;
};

/// What became of the rows of a file.
struct FileRows {
  std::string path;
  std::string stands_in;                                    // FileReport::stands_in
  std::map<std::uint32_t, std::string> wrong;               // TextFile::wrong
  const std::map<std::string, TakenFrom>* taken = nullptr;  // TextFile::taken
  const std::vector<std::uint32_t>* ranks = nullptr;        // TextFile::ranks
  std::string part_of;                                      // FileSpec::part_of
  std::uint32_t table = 0;                                  // the first file of the same table, itself if alone
  Lines line;
  Array<std::uint8_t> facts;  // that stand
  Array<std::uint8_t> fate;   // refused_bit, merged_bit
  std::uint64_t unreadable_cells = 0;

  static constexpr std::uint8_t refused_bit = 1, merged_bit = 2;

  /// Rows that say what others say, in their order: the first ones, as many as examples may be asked for.
  std::vector<std::pair<std::uint32_t, Place>> twins;
  void note_twin(std::uint32_t row, Place of);
};

/// Per kind: what deals are created with in the field that it changes, a row for each deal; null: nothing says it.
using AsCreated = std::vector<const Column*>;

/// The first `limit` problems in the order of files and lines; counts all.
class Problems {
 public:
  explicit Problems(std::size_t limit) : limit_(limit) {}
  /// Whether a problem there would be kept; else only `count()` it. The text is made only when it is.
  bool keeps(Place place) const { return noted_.size() < limit_ || place <= latest_; }
  void count() { ++count_; }
  void add(Place place, bool refused, std::string message);
  struct Noted {
    Place place;
    bool refused;
    std::string message;
    friend auto operator<=>(const Noted&, const Noted&) = default;
  };
  std::vector<Noted> sorted();
  std::uint64_t all() const { return count_; }
  std::size_t limit() const { return limit_; }
  void clear() { noted_.clear(), count_ = 0, latest_ = {0, 0}; }
  /// Problems that were found and not kept.
  void count(std::uint64_t more) { count_ += more; }

 private:
  void shrink();

  std::size_t limit_;
  std::uint64_t count_ = 0;
  std::vector<Noted> noted_;
  Place latest_{0, 0};  // of those that are kept for good
};

struct Raw {
  Raw(const Schema& schema, std::size_t max_problems);
  /// For a part of the file `file`: the kinds and tables of the whole, without rows, and words on top of its words,
  /// which have to stay as they are for as long.
  Raw(const Raw& whole, std::uint32_t file);
  Raw(const Raw&) = delete;  // kinds point at `owner` and into the schema
  Raw& operator=(const Raw&) = delete;

  Words words;
  std::vector<RawKind> kinds;
  std::map<std::pair<KindClass, std::string>, std::uint16_t> kind_of;
  SchemaField owner;                        // the field every deal has
  Table deals, accounts, people, contacts;  // rows as in the four below
  std::vector<RawSubject> deal_rows, account_rows;
  std::vector<RawPersonRow> person_rows;
  std::vector<RawContact> contact_rows;
  std::vector<RawRate> rates;
  std::vector<RawLeave> leave;
  WordIndex deal_of, account_of;
  RawEvents deal_events, person_events;
  std::map<std::string, std::pair<time::Interval, Place>> coverage;
  std::map<std::pair<KindClass, std::string>, UnknownName> unknown_names;
  std::vector<FileRows> files;
  Strangers strangers;
  std::function<Result<bool>(RowIdentity&)> identify;  // reads again the rows that it wants; empty: they are the same
  std::optional<Failure> trouble;                      // what came of that
  std::map<std::string, std::string> supplier;
  Problems problems;

  /// A problem with the cell or row at `place`; `make` gives its text.
  template <class Make>
  void complain(Place place, bool refused, Make&& make) {
    if (problems.keeps(place)) {
      problems.add(place, refused, make());
    } else {
      problems.count();
    }
  }
  /// What is read from now on are rows of the file behind those there are.
  FileRows& begin_file();
  /// A fact of the row is taken back.
  void refuse(Place place);
  void merge(Place place, Place kept);
  /// Of the files, for the rows of timelines.
  Origins origins() const;
  Origin origin(Place place) const { return {place.file, files[place.file].line[place.row]}; }
  /// The names that the rulebook declares for such events.
  std::vector<std::string> names_of(KindClass of) const;
  /// The declared name that is `name`, else the only one that differs in the case of letters alone. Missing: empty.
  std::string_view declared(KindClass of, std::string_view name) const;
  /// deals.csv:12
  std::string cite(Place place) const;
};

}  // namespace plumb::history::loading
