#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "history/load.h"
#include "source/source.h"

namespace plumb::suite {

/// Cells of one row, by their column.
using Cells = std::vector<std::pair<std::string, std::string>>;

/// One CSV file of a test's history, which remembers for each row the line of the test that it comes from.
class Table {
 public:
  Table(std::string name, std::vector<std::string> columns) : name_(std::move(name)), columns_(std::move(columns)) {}

  /// Missing: a cell that is not given is empty; a column that is new is empty in the other rows.
  void add(source::Span from, const Cells& cells);
  const std::string& name() const { return name_; }
  history::TextFile file() const;
  /// The line of the test behind a line of the file, counted from 1. Missing: unknown for the header.
  source::Span origin(std::uint32_t line) const;

 private:
  std::size_t column(const std::string& name);

  std::string name_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<source::Span> origins_;
};

}  // namespace plumb::suite
