#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "history/array.h"

/// Rows that take no more room than what they say: a page that is written to for the first time costs more than the
/// work on it, so that a history half as wide loads in little more than half the time.
namespace plumb::history {

/// Not a value: observed and empty; a cell was there that cannot be read (reported when loading); the source does not
/// say. Only `missing` is two-valued knowledge, the other two are unknown.
inline constexpr std::int64_t missing = INT64_MIN;
inline constexpr std::int64_t unreadable = INT64_MIN + 1;
inline constexpr std::int64_t unobserved = INT64_MIN + 2;
inline constexpr bool is_value(std::int64_t v) { return v > unobserved; }

/// The values of a column: of 32 bits as long as each of them fits, of 64 from the first on that does not.
struct Cells {
  using value_type = std::int64_t;

  Array<std::int32_t> narrow;  // the lowest three numbers are those that are no values
  Array<std::int64_t> wide;    // empty, or all of them, and `narrow` is empty

  static constexpr std::int32_t last_no_value = INT32_MIN + 2;
  static constexpr bool fits(std::int64_t v) { return v <= unobserved || (v > last_no_value && v <= INT32_MAX); }
  /// Of what fits.
  static constexpr std::int32_t narrowed(std::int64_t v) {
    return static_cast<std::int32_t>(is_value(v) ? v : v - INT64_MIN + INT32_MIN);
  }
  static constexpr std::int64_t widened(std::int32_t v) {
    return v > last_no_value ? std::int64_t{v} : std::int64_t{v} - INT32_MIN + INT64_MIN;
  }

  Cells() = default;
  explicit Cells(Array<std::int32_t> rows) : narrow(std::move(rows)) {}
  explicit Cells(Array<std::int64_t> rows) : wide(std::move(rows)) {}
  Cells(std::initializer_list<std::int64_t> values) {
    for (const std::int64_t value : values) push_back(value);
  }

  bool is_wide() const { return !wide.empty(); }
  std::size_t size() const { return is_wide() ? wide.size() : narrow.size(); }
  bool empty() const { return size() == 0; }
  std::int64_t operator[](std::size_t row) const { return is_wide() ? wide[row] : widened(narrow[row]); }

  void push_back(std::int64_t value) {
    if (!is_wide() && fits(value)) {
      narrow.push_back(narrowed(value));
    } else {
      widen();
      wide.push_back(value);
    }
  }
  void set(std::size_t row, std::int64_t value) {
    if (!is_wide() && fits(value)) {
      narrow[row] = narrowed(value);
    } else {
      widen();
      wide[row] = value;
    }
  }
  void resize(std::size_t size, std::int64_t value = missing);
  /// Rows that hold anything until they are written at `rows.room()`; whether they find room without moving the
  /// others. `wide`: they may be of 64 bits.
  void extend(std::size_t count, bool wide);
  bool fits(std::size_t count, bool wide) const;
  void reserve(std::size_t size, bool wide);
  /// From now on of 64 bits, if there are any.
  void widen();
  /// Calls `use` with the rows, which are of either sort.
  template <class Use>
  decltype(auto) with_rows(const Use& use) const {
    return is_wide() ? use(wide) : use(narrow);
  }
  template <class Use>
  decltype(auto) with_rows(const Use& use) {
    return is_wide() ? use(wide) : use(narrow);
  }

  class Iterator {
   public:
    using value_type = std::int64_t;
    using difference_type = std::ptrdiff_t;
    using reference = std::int64_t;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;

    Iterator() = default;
    Iterator(const Cells& cells, std::size_t row) : cells_(&cells), row_(row) {}
    std::int64_t operator*() const { return (*cells_)[row_]; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    Iterator operator++(int) { return {*cells_, row_++}; }
    bool operator==(const Iterator& other) const { return row_ == other.row_; }

   private:
    const Cells* cells_ = nullptr;
    std::size_t row_ = 0;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }
};

/// A column of which many histories say nothing: the rows behind those that are held are T{}.
template <class T>
struct Said {
  Array<T> rows;

  Said() = default;
  Said(std::initializer_list<T> values) : rows(values) {}

  T operator[](std::size_t row) const { return row < rows.size() ? rows[row] : T{}; }
  /// Of a row behind all that were put so far.
  void put(std::size_t row, T value) {
    if (rows.empty() && value == T{}) return;
    rows.resize(row, T{});
    rows.push_back(value);
  }
};

/// Where a row stood: index into History::files, and its first line (from 1).
struct Origin {
  std::uint32_t file = UINT32_MAX;
  std::uint32_t line = 0;
};

/// Where rows stood, by one number for all files: each counts on where the one before it ended.
struct Origins {
  Array<std::uint32_t> lines_before;  // per file
  Array<std::uint32_t> line;          // 0: nowhere, as are the rows behind those that are held

  std::uint32_t through(Origin origin) const { return lines_before[origin.file] + origin.line + 1; }

  Origin operator[](std::size_t row) const {
    const std::uint32_t through = row < line.size() ? line[row] : 0;
    if (through == 0) return {};
    const auto behind = std::lower_bound(lines_before.begin(), lines_before.end(), through);
    const auto file = static_cast<std::uint32_t>(behind - lines_before.begin()) - 1;
    return {file, through - lines_before[file] - 1};
  }
  /// The row behind the last, of one of the files whose lines are counted.
  void push_back(Origin origin) { line.push_back(origin.file < lines_before.size() ? through(origin) : 0); }
};

}  // namespace plumb::history
