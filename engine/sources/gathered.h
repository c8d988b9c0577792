#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sources/scratch.h"

namespace plumb::sources {

/// A table that is made of what is no table: its columns are found while its rows are read, and its rows are put aside.
/// Cost: a block of memory, whatever its size. What a row does not have is empty.
class Gathered {
 public:
  /// The cells that a row has: columns and texts. Of two of one column the later counts.
  using Row = std::vector<std::pair<std::size_t, std::string>>;

  explicit Gathered(const Scratch& scratch) : rows_(scratch) {}

  const std::vector<std::string>& header() const { return header_; }
  /// The column of that name, which is added where there is none.
  std::size_t column(const std::string& name);
  std::size_t size() const { return size_; }
  /// `line`: in which it begins in its file; 0: it stands in none.
  void add_row(std::uint32_t line, const Row& row);

  /// As CSV with commas, which it is no table any more then; every row in its line where it can stand there. Errors:
  /// there was no room for it, or it is larger than `most_bytes`.
  Result<Bytes> text(const Scratch& scratch);

 private:
  class Writing;

  std::vector<std::string> header_;
  std::unordered_map<std::string, std::size_t> column_of_;
  std::size_t size_ = 0;
  Aside rows_;
  std::string row_;  // written over
};

/// A row as a line of CSV, without its end; one without any character would be none.
void append_row(std::string& text, const std::vector<std::string_view>& row);

}  // namespace plumb::sources
