#include "suite/table.h"

#include <algorithm>

namespace plumb::suite {

namespace {

// Every cell is quoted, and a row is one line: what a test calls somebody may hold anything.
void put_cell(std::string& text, std::string_view cell) {
  text += '"';
  for (const char c : cell) {
    if (c == '"') text += '"';
    text += c == '\n' || c == '\r' || c == '\0' ? ' ' : c;
  }
  text += '"';
}

void put_row(std::string& text, const std::vector<std::string>& cells, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    if (i > 0) text += ',';
    put_cell(text, i < cells.size() ? std::string_view(cells[i]) : std::string_view());
  }
  text += '\n';
}

}  // namespace

std::size_t Table::column(const std::string& name) {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
  columns_.push_back(name);
  return columns_.size() - 1;
}

void Table::add(source::Span from, const Cells& cells) {
  std::vector<std::string> row;
  for (const auto& [name, cell] : cells) {
    const std::size_t at = column(name);
    if (row.size() <= at) row.resize(at + 1);
    row[at] = cell;
  }
  rows_.push_back(std::move(row));
  origins_.push_back(from);
}

history::TextFile Table::file() const {
  std::string text;
  put_row(text, columns_, columns_.size());
  for (const std::vector<std::string>& row : rows_) put_row(text, row, columns_.size());
  return {name_, std::move(text)};
}

source::Span Table::origin(std::uint32_t line) const {
  return line >= 2 && line - 2 < origins_.size() ? origins_[line - 2] : source::Span();
}

}  // namespace plumb::suite
