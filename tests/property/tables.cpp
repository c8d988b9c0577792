#include "property/tables.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::property {

namespace {

std::size_t index_of(const Table& table, const std::string& column) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), column);
  return static_cast<std::size_t>(found - table.columns.begin());
}

}  // namespace

bool Table::has(const std::string& column) const { return index_of(*this, column) < columns.size(); }

const std::string& Table::cell(std::size_t row, const std::string& column) const {
  static const std::string nothing;
  const std::size_t at = index_of(*this, column);
  return at < columns.size() ? rows[row][at] : nothing;
}

std::string& Table::cell(std::size_t row, const std::string& column) { return rows[row].at(index_of(*this, column)); }

void Table::add(const std::vector<std::pair<std::string, std::string>>& cells) {
  std::vector<std::string> row(columns.size());
  for (const auto& [column, text] : cells) {
    const std::size_t at = index_of(*this, column);
    if (at < columns.size()) row[at] = text;
  }
  rows.push_back(std::move(row));
}

std::vector<Table*> Tables::all() {
  return {&deals, &events, &people, &leave, &records, &accounts, &contacts, &coverage};
}

std::vector<const Table*> Tables::all() const {
  return {&deals, &events, &people, &leave, &records, &accounts, &contacts, &coverage};
}

std::string to_csv(const Table& table) {
  std::string text = fmt::format("{}\n", fmt::join(table.columns, ","));
  for (const auto& row : table.rows) text += fmt::format("{}\n", fmt::join(row, ","));
  return text;
}

std::string to_text(const Tables& tables) {
  std::string text;
  for (const Table* table : tables.all()) {
    if (!table->columns.empty()) text += fmt::format("--- file h/{}\n{}", table->file, to_csv(*table));
  }
  return text;
}

}  // namespace plumb::property
