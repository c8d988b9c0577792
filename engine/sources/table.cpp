#include "sources/table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "base/assert.h"
#include "history/csv.h"
#include "history/words.h"
#include "sources/given.h"

namespace plumb::sources {

using history::CsvReader;
using history::Text;

namespace {

constexpr std::string_view separators = ",;\t";

/// Whether the characters of a line are held by quotes, while they go by. One inside of a cell that does not begin with
/// one is a letter; which of the separators is that of the line is not known yet.
class Quotes {
 public:
  bool hold(char c) {
    if (c != '"') {
      begins_ = !inside_ && (separators.find(c) != std::string_view::npos || c == '|');
    } else if (inside_ || begins_) {
      inside_ = !inside_;
      begins_ = true;  // a second one goes on
    }
    return inside_;
  }

 private:
  bool inside_ = false, begins_ = true;
};

/// Up to the first line end that no quote holds. Missing: nullopt when there is none.
std::optional<std::string_view> first_line(std::string_view text) {
  Quotes quotes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!quotes.hold(text[i]) && (text[i] == '\n' || text[i] == '\r')) return text.substr(0, i);
  }
  return std::nullopt;
}

/// The first line that is not empty. Cost: that of what it takes.
std::string header_line(const Bytes& text) {
  for (std::size_t size = 4096;; size *= 4) {
    std::string begin = text.beginning(size);
    const bool all = begin.size() < size;
    begin.erase(0, std::min(begin.find_first_not_of("\r\n"), begin.size()));
    if (const auto line = first_line(begin)) return begin.substr(0, line->size());
    if (all) return begin;
  }
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
  if (stem.ends_with("sses")) stem.resize(stem.size() - 2);
  if (stem.ends_with("ies")) stem.replace(stem.size() - 3, 3, "y");
  if (stem.ends_with("s")) stem.pop_back();
  return stem;
}

int column_in(const std::vector<std::string>& header, std::string_view name) {
  const auto exact = std::find(header.begin(), header.end(), name);
  if (exact != header.end()) return static_cast<int>(exact - header.begin());
  const auto alike =
      std::find_if(header.begin(), header.end(), [&](const auto& cell) { return history::same_letters(cell, name); });
  return alike == header.end() ? -1 : static_cast<int>(alike - header.begin());
}

std::string_view Cells::at(std::size_t row, int column) const {
  if (column < 0 || static_cast<std::size_t>(column) >= columns_.size()) {
    PLUMB_ASSERT(column < 0 || !given_, "a column that is looked at is held");
    return {};
  }
  const Column& held = columns_[static_cast<std::size_t>(column)];
  PLUMB_ASSERT(held.held || !given_, "a column that is looked at is held");
  return row < held.ids.size() ? held.words[held.ids[row]] : std::string_view();
}

std::size_t Cells::width(std::size_t row) const {
  const auto cut = widths_.find(static_cast<std::uint32_t>(row));
  return cut != widths_.end() ? cut->second : own_ == 0 ? header.size() : own_;
}

void Cells::put(std::size_t row, std::size_t column, std::string_view text) {
  if (column >= columns_.size()) columns_.resize(column + 1);
  Column& held = columns_[column];
  held.held = true;
  if (held.ids.size() <= row) held.ids.resize(row + 1);
  held.ids[row] = held.words.add(text);
  held.given = false;
}

std::size_t Cells::add_column(std::string name) {
  header.push_back(std::move(name));
  columns_.resize(header.size());
  columns_.back().held = true;
  return header.size() - 1;
}

void Cells::put_in_order(const std::vector<std::uint32_t>& order) {
  for (Column& column : columns_) {
    if (!column.held) continue;
    std::vector<std::uint32_t> ids(size_);
    for (std::size_t row = 0; row < size_; ++row)
      ids[row] = order[row] < column.ids.size() ? column.ids[order[row]] : 0;
    column.ids = std::move(ids);
  }
  if (lines.size() == size_) {
    std::vector<std::uint32_t> sorted;
    for (const std::uint32_t row : order) sorted.push_back(lines[row]);
    lines = std::move(sorted);
  }
  if (widths_.empty() && wrong.empty()) return;
  std::map<std::uint32_t, std::size_t> widths;
  std::map<std::uint32_t, std::string> sorted;
  for (std::uint32_t row = 0; row < size_; ++row) {
    if (const auto cut = widths_.find(order[row]); cut != widths_.end()) widths.emplace(row, cut->second);
    if (const auto why = wrong.find(order[row]); why != wrong.end()) sorted.emplace(row, why->second);
  }
  widths_ = std::move(widths);
  wrong = std::move(sorted);
}

void Cells::give(std::shared_ptr<const Given> given) {
  given_ = std::move(given);
  columns_.resize(header.size());
  for (Column& column : columns_) column.given = column.held;
}

void Cells::forget_given() {
  for (Column& column : columns_) {
    if (column.given) column = {};
  }
  if (given_ && given_->of) given_->of->forget_given();
}

std::vector<std::string> header_of(const Table& table) {
  CsvReader reader(Text::copy_of(header_line(table.text)), table.delimiter);
  if (!reader.next()) return {};
  std::vector<std::string> header(reader.cells().begin(), reader.cells().end());
  for (std::string& cell : header) cell = std::string(history::column_name(cell));
  return header;
}

std::optional<Failure> unread(const Table& table) {
  const std::string why = table.text.wrong();
  if (why.empty()) return std::nullopt;
  return Failure{fmt::format("`{}` cannot be read to its end: {}", table.name, why)};
}

char delimiter_of(const Bytes& text) {
  std::array<std::size_t, separators.size()> counts{};
  bool bar = false;
  Quotes quotes;
  for (char c : header_line(text)) {
    if (quotes.hold(c)) continue;
    const std::size_t sign = separators.find(c);
    if (sign != std::string_view::npos) ++counts[sign];
    bar = bar || c == '|';
  }
  // A bar stands in headers, too; nothing else separates them where it does.
  if (bar && std::ranges::all_of(counts, [](std::size_t count) { return count == 0; })) return '|';
  return separators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

}  // namespace plumb::sources
