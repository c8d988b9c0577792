#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "history/load_events.h"

/// Which rows of files are the same in every cell, those among them that nothing reads.
namespace plumb::history::loading {

/// Only rows that say the same are looked at: a history without any costs nothing, and one with some a second reading
/// of their files. Rows: of files, as Place.
class RowIdentity {
 public:
  /// `rows`: of each file.
  explicit RowIdentity(const std::vector<std::size_t>& rows) : rows_(rows), hash_(rows.size()), table_(rows.size()) {}

  /// A row that may have to be told apart; the others are asked of nothing.
  void want(Place place) {
    std::vector<std::uint64_t>& file = hash_[place.file];
    if (file.empty()) file.resize(rows_[place.file], unasked);
    file[place.row] = asked;
  }
  bool wants(std::size_t file) const { return !hash_[file].empty(); }
  bool wants(std::size_t file, std::size_t row) const { return hash_[file][row] != unasked; }

  /// What was read: of the file `table`, equal for files of one header; of a row a hash of its cells.
  void put_table(std::size_t file, std::uint32_t table) { table_[file] = table; }
  void put(std::size_t file, std::size_t row, std::uint64_t hash) { hash_[file][row] = hash | 2; }

  /// Whether two rows are the same, cell by cell. Those of files of other headers are not.
  bool same(Place a, Place b) const { return a == b || (table(a) == table(b) && hash(a) == hash(b)); }
  /// Rows that are the same have the same, and none has to be asked for.
  std::uint64_t hash(Place place) const { return hash_[place.file].empty() ? unasked : hash_[place.file][place.row]; }
  std::uint32_t table(Place place) const { return table_[place.file]; }

 private:
  static constexpr std::uint64_t unasked = 0, asked = 1;

  std::vector<std::size_t> rows_;
  std::vector<std::vector<std::uint64_t>> hash_;  // per file; empty: none of its rows is asked for
  std::vector<std::uint32_t> table_;
};

}  // namespace plumb::history::loading
