#include "sources/table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include "history/csv.h"
#include "history/words.h"
#include "history/write.h"

namespace plumb::sources {

using history::CsvFault;
using history::CsvReader;
using history::Text;

namespace {

std::vector<std::string> texts_of(std::span<const std::string_view> cells) { return {cells.begin(), cells.end()}; }

/// Up to the first line end that no quote holds.
std::string_view first_line(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && (text[i] == '\n' || text[i] == '\r')) return text.substr(0, i);
  }
  return text;
}

std::uint32_t lines_in(std::string_view text) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) ? 1 : 0;
  }
  return count;
}

}  // namespace

std::string stem_of(const std::string& path) {
  // Of a log in one file the tables are told by what stands behind its name.
  const std::size_t part = path.rfind(": ");
  std::string name;
  for (char c : part == std::string::npos ? path : path.substr(part + 2)) {
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const std::string_view ending : {".gz", ".csv", ".tsv", ".txt", ".json"}) {
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  }
  std::string stem;
  std::copy_if(name.begin(), name.end(), std::back_inserter(stem),
               [](unsigned char c) { return std::isalnum(c) != 0; });
  if (stem.ends_with("ies")) stem.replace(stem.size() - 3, 3, "y");
  if (stem.ends_with("s")) stem.pop_back();
  return stem;
}

int Cells::column(std::string_view name) const {
  const auto exact = std::find(header.begin(), header.end(), name);
  if (exact != header.end()) return static_cast<int>(exact - header.begin());
  const auto alike =
      std::find_if(header.begin(), header.end(), [&](const auto& cell) { return history::same_letters(cell, name); });
  return alike == header.end() ? -1 : static_cast<int>(alike - header.begin());
}

void append_rows(Cells& cells, Cells more) {
  std::vector<std::size_t> columns;
  for (const std::string& name : more.header) {
    auto at = std::find(cells.header.begin(), cells.header.end(), name);
    if (at == cells.header.end()) at = cells.header.insert(at, name);
    columns.push_back(static_cast<std::size_t>(at - cells.header.begin()));
  }
  for (auto& row : cells.rows) row.resize(cells.header.size());
  for (auto& row : more.rows) {
    auto& made = cells.rows.emplace_back(cells.header.size());
    for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i) made[columns[i]] = std::move(row[i]);
  }
}

std::vector<std::string> header_of(const Table& table) {
  CsvReader reader(Text::copy_of(first_line(table.text)), table.delimiter);
  if (!reader.next()) return {};
  std::vector<std::string> header = texts_of(reader.cells());
  for (std::string& cell : header) cell = std::string(history::trimmed(cell));
  return header;
}

Result<Cells> cells_of(const Table& table) {
  CsvReader reader(Text::copy_of(table.text), table.delimiter);
  Cells cells;
  cells.header = header_of(table);
  if (!reader.next()) return cells;
  do {
    if (reader.fault() != CsvFault::none) {
      return Failure{fmt::format("`{}`: the quotes of line {} do not fit: {}", table.name, reader.line(),
                                 reader.fault() == CsvFault::quote_never_closed
                                     ? "one is opened and never closed; is the end of the file missing?"
                                     : "text follows a closing quote; a quote inside a quoted cell is written twice")};
    }
    cells.rows.push_back(texts_of(reader.cells()));
    cells.lines.push_back(reader.line());
  } while (reader.next());
  cells.rows.erase(cells.rows.begin());  // the header
  cells.lines.erase(cells.lines.begin());
  return cells;
}

std::string text_of(const Cells& cells) {
  std::string text;
  std::uint32_t line = 1;
  const auto put = [&](const std::vector<std::string>& row) {
    const std::size_t start = text.size();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ',';
      history::append_cell(text, row[i]);
    }
    if (text.size() == start) text += "\"\"";  // a line without any character is no row
    line += lines_in(std::string_view(text).substr(start)) + 1;
    text += '\n';
  };
  std::size_t size = cells.lines.empty() ? 0 : cells.lines.back();
  for (const auto& row : cells.rows) {
    for (const std::string& cell : row) size += cell.size() + 1;
  }
  text.reserve(size + size / 16 + 1000);  // some for quotes and the header
  put(cells.header);
  for (std::size_t i = 0; i < cells.rows.size(); ++i) {
    const std::uint32_t wanted = i < cells.lines.size() ? cells.lines[i] : 0;
    for (; line < wanted; ++line) text += '\n';
    put(cells.rows[i]);
  }
  return text;
}

char delimiter_of(std::string_view text) {
  std::array<std::size_t, 3> counts{};
  const std::string_view signs = ",;\t";
  bool quoted = false;
  for (char c : first_line(text)) {
    if (c == '"') quoted = !quoted;
    const std::size_t sign = signs.find(c);
    if (!quoted && sign != std::string_view::npos) ++counts[sign];
  }
  return signs[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

}  // namespace plumb::sources
