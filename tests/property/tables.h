#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

/// A small history as the rows of its canonical files: the one source from which the engine and the twin both read.
namespace plumb::property {

/// Rows of one file. Every row has a cell for every column, as the file would have it; "" is an empty cell.
struct Table {
  std::string file;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::set<std::size_t> unseen;  // rows that nobody knows of yet: they have their place in the order and are left out then

  bool has(const std::string& column) const;
  /// The cell of a row. Missing: "" where there is no such column.
  const std::string& cell(std::size_t row, const std::string& column) const;
  std::string& cell(std::size_t row, const std::string& column);
  /// One more row; columns that are not named are empty, those that the file lacks are left out.
  void add(const std::vector<std::pair<std::string, std::string>>& cells);
};

/// One table for each canonical file. A table without columns is a file that is not there.
struct Tables {
  Table deals{"deals.csv", {}, {}}, events{"events.csv", {}, {}}, people{"people.csv", {}, {}},
      leave{"leave.csv", {}, {}}, records{"records.csv", {}, {}}, accounts{"accounts.csv", {}, {}},
      contacts{"contacts.csv", {}, {}}, coverage{"coverage.csv", {}, {}};

  std::vector<Table*> all();
  std::vector<const Table*> all() const;
};

std::string to_csv(const Table& table);
/// All files that are there, for people to read.
std::string to_text(const Tables& tables);

}  // namespace plumb::property
