#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sources/steps.h"

/// How the rows of two tables belong to each other; inside of this module only.
namespace plumb::sources {

/// Missing: empty.
inline std::string_view cell(const std::vector<std::string_view>& row, int column) {
  return column >= 0 && static_cast<std::size_t>(column) < row.size() ? row[static_cast<std::size_t>(column)]
                                                                      : std::string_view();
}

/// Of which rows of a table the cells of another are, as they are found. Rows: of the other.
class TakenRows {
 public:
  TakenRows(const Cells& in, std::size_t rows) : in_(in), row_(rows, none) {}
  void found(std::size_t row, std::size_t theirs) { row_[row] = static_cast<std::uint32_t>(theirs); }
  /// Says of a column that its cells are those of `theirs` there.
  void say(const std::string& here, int theirs, Cells& cells);

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  std::shared_ptr<const std::vector<std::uint32_t>> lines_of(const std::vector<std::uint32_t>* lines) const;
  std::shared_ptr<const std::vector<std::uint16_t>> files_of(const std::vector<std::uint16_t>* files) const;

  const Cells& in_;
  std::vector<std::uint32_t> row_;
  std::shared_ptr<const std::vector<std::uint32_t>> lines_;  // of all columns that are the table's own
  std::shared_ptr<const std::vector<std::uint16_t>> files_;  // likewise, where they stand in several
};

std::optional<StepFailure> lacks(const Cells& cells, const std::string& column, history::MappingPlace place);

/// Missing: empty where one of the cells is, for what is not said agrees with nothing. With `times` two spellings of
/// one instant are the same. `key` is written over, so that its room is used again.
void put_key(const Cells& cells, std::size_t row, const std::vector<int>& columns, const Times* times,
             std::string& key);

/// What keys lead to. Cost: no allocation for a key but one for many.
template <class Value>
class ByKey {
 public:
  /// Missing: nullptr.
  Value* find(std::string_view key) {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }
  /// Of a key that is not there yet.
  void add(std::string_view key, Value value) {
    constexpr std::size_t at_once = 1 << 16;
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < key.size())
      blocks_.emplace_back().reserve(std::max(key.size(), at_once));
    std::string& block = blocks_.back();
    const std::size_t begin = block.size();
    block += key;
    values_.emplace(std::string_view(block).substr(begin), value);
  }

 private:
  std::deque<std::string> blocks_;  // the texts of the keys; none moves
  std::unordered_map<std::string_view, Value> values_;
};

/// Missing: -1.
std::vector<int> columns_of(const Cells& cells, const std::vector<std::string>& names);

/// Whether rows of a table count. The conditions outlive it.
class Condition {
 public:
  Condition(const std::vector<Where>& where, const std::vector<std::string>& header);
  std::optional<StepFailure> wrong(const Cells& cells, history::MappingPlace place) const;
  /// `cell`: of a column, -1 for one that is not there.
  template <class CellOf>
  bool counts(CellOf&& cell) const {
    for (std::size_t i = 0; i < where_.size(); ++i) {
      if (is_one_of(cell(columns_[i]), where_[i].words) == where_[i].negated) return false;
    }
    return true;
  }
  bool counts(const Cells& cells, std::size_t row) const {
    return counts([&](int column) { return cells.at(row, column); });
  }

 private:
  static bool is_one_of(std::string_view text, const std::vector<std::string>& words);

  const std::vector<Where>& where_;
  std::vector<int> columns_;
};

/// Which rows of two tables belong to each other. A table without a header is a file that may be absent.
class Agreement {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  /// The cells and their times outlive it.
  Agreement(const Pairs& same, const std::vector<Where>& where, const Cells& theirs, const Times& their_times,
            const Cells& ours, const Times& our_times);
  std::optional<StepFailure> wrong(history::MappingPlace place) const;
  bool counts(std::size_t theirs) const { return condition_.counts(theirs_, theirs); }
  void put_their_key(std::size_t row, std::string& key) const {
    put_key(theirs_, row, their_columns_, &their_times_, key);
  }
  void put_our_key(std::size_t row, std::string& key) const { put_key(ours_, row, our_columns_, &our_times_, key); }

 private:
  const Pairs& same_;
  const Cells &theirs_, &ours_;
  const Times &their_times_, &our_times_;
  Condition condition_;
  std::vector<int> our_columns_, their_columns_;
};

/// Whether columns of rows of two tables differ, as `Agreement` compares them; an empty cell is unlike any text. A
/// table without a header is a file that may be absent.
class Difference {
 public:
  /// The cells and their times outlive it.
  Difference(const Agreement::Pairs& unlike, const Cells& theirs, const Times& their_times, const Cells& ours,
             const Times& our_times);
  std::optional<StepFailure> wrong(history::MappingPlace place) const;
  /// Whether two of their rows differ from the same rows of ours.
  bool are_alike(std::size_t a, std::size_t b) const;
  /// In each of the columns.
  bool differs(std::size_t theirs, std::size_t ours) const;

 private:
  const Agreement::Pairs& unlike_;
  const Cells &theirs_, &ours_;
  const Times &their_times_, &our_times_;
  std::vector<std::vector<int>> our_columns_, their_columns_;  // each alone, for a key of its own
  mutable std::string one_, other_;                            // keys, whose room is used again
};

/// A cell that is no time stands behind all others: its row is refused when it is read.
inline constexpr std::int64_t no_moment = INT64_MAX;

/// The time that a cell says; a date is the start of its day. Unit: microseconds. Missing: no_moment.
std::int64_t moment_in(std::string_view cell, const Times& times);
/// The times of a column. Unit: microseconds; a date is the start of its day. Rows: as the table.
std::vector<std::int64_t> moments_of(const Cells& cells, int column, const Times& times);

}  // namespace plumb::sources
