#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "history/history.h"
#include "history/load_remembered.h"
#include "history/load_words.h"
#include "history/mapping.h"
#include "history/words.h"
#include "time/calendar.h"
#include "time/parse_time.h"

/// How one cell of a row becomes a value.
namespace plumb::history::loading {

/// A ValueFrom against one file's header. Members that point into the mapping and the schema live as long as these.
struct CellPlan {
  bool given = false;
  int column = -1;  // in the file; -1: `constant` in every row
  std::string_view constant;
  std::string label;    // what messages call it: column `amount`
  std::string lacking;  // not given, for the file does not have it: `column `amount` of deals.csv, which …`
  ValueType type = ValueType::text;
  bool whole = false;      // a number without a fraction
  bool percent = false;    // a number alone counts hundredths
  bool day_alone = false;  // of an instant only the day that is written counts
  const std::vector<std::string>* choices = nullptr;
  const std::vector<std::string>* empty_words = nullptr;
  std::unordered_map<std::string_view, std::string_view> rename;
  bool rename_all = false;
  bool blank_is_unsaid = false;
  bool mark_is_unknown = false;  // canonical: `?` says that nobody knows
  bool escapes = false;          // canonical: `\?` is the text `?`
  bool unsaid = false;           // not given, and other rows may give it: what it was for these nobody says
  time::DateOrder order = time::DateOrder::year_month_day;
  time::Zone zone = time::Zone::utc();
  time::CommonTimes times;
  char point = '.', group = ',';
  std::uint32_t currency = 0;         // a word
  std::vector<int> currency_columns;  // the first that says one counts

  Remembered known;        // words and days: by the cell's text
  std::uint32_t next = 0;  // the word behind the last that was not known
};

/// What a cell came to. `refused`: it makes its whole row unreadable.
struct Cell {
  std::int64_t value = missing;
  std::uint32_t currency = 0;
  bool refused = false;
  bool known_unknown = false;  // `unreadable`, and that is no mistake
};

struct Moment {
  enum class Got : std::uint8_t { value, empty, unreadable };
  Got got = Got::empty;
  Instant at;
  bool by_day = false;
};

/// Whether a column's instants carry offsets: the first of either sort.
struct OffsetUse {
  std::uint32_t with = UINT32_MAX, without = UINT32_MAX;  // rows of the file
  std::string with_text, without_text, zone;
};

/// Reads the cells of one file's rows. Cost: no allocation for a cell that can be read, new words apart.
struct CellReader {
  Words& words;
  time::Zone default_zone;
  std::span<const std::string_view> cells;  // of the present row
  std::uint32_t row = 0;
  std::vector<OffsetUse> offsets;  // per column of the file
  std::string why;                 // set when a cell is unreadable: what is wrong with it

  /// The cell's text, trimmed; empty when it stands for nothing.
  std::string_view text(const CellPlan& plan) const {
    if (plan.column < 0 || plan.empty_words != nullptr) return other_text(plan);
    const std::string_view cell = cells[static_cast<std::size_t>(plan.column)];
    const auto stays = [](char c) { return c != ' ' && c != '\t'; };
    return cell.empty() || (stays(cell.front()) && stays(cell.back())) ? cell : trimmed(cell);
  }
  /// The same of a number or a time, without the apostrophe by which spreadsheets are told that it is no formula.
  std::string_view plain_text(const CellPlan& plan) const;
  Cell read(CellPlan& plan);
  /// Whether a canonical cell says that nobody knows.
  bool is_unknown(CellPlan& plan);
  /// As a dictionary id. Missing: `missing`, `unreadable`.
  std::int64_t word(CellPlan& plan);
  Moment moment(CellPlan& plan);
  /// A day, of a date or of an instant in its own zone. Missing: as for `read`.
  std::int64_t day(CellPlan& plan);

 private:
  std::string_view other_text(const CellPlan& plan) const;
  Moment no_moment(const CellPlan& plan, std::string_view text);
  bool renamed(const CellPlan& plan, std::string_view& text);
  std::int64_t look_up(const CellPlan& plan, std::string_view text);
  std::int64_t decimal(const CellPlan& plan, std::string_view text);
  std::int64_t too_large(const CellPlan& plan, std::string_view text);
  Cell money(CellPlan& plan, std::string_view text);
  std::int64_t boolean(std::string_view text);
  std::int64_t instant(CellPlan& plan);
  void note_offset(const CellPlan& plan, std::string_view text, bool has_offset);
};

}  // namespace plumb::history::loading
