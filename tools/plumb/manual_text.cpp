#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "plumb/manual.h"

namespace plumb::tool {

namespace {

using Lines = std::vector<std::string_view>;
using Row = std::vector<std::string>;

constexpr std::string_view fence_mark = "```";

/// In characters; every character of our texts is one column wide.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t has = width_of(text);
  return std::string(text) + std::string(has < width ? width - has : 0, ' ');
}

bool is_item(std::string_view line) { return line.starts_with("- "); }
bool is_row(std::string_view line) { return line.starts_with("|"); }
bool is_rule_of_table(std::string_view line) { return line.find_first_not_of("|-: ") == std::string_view::npos; }

/// What ends a paragraph or an item of a list.
bool begins_anew(std::string_view line) {
  return line.empty() || is_item(line) || is_row(line) || line.starts_with(fence_mark);
}

/// `[text](target)` at the front: its text, and how long it is. Missing: length 0.
std::pair<std::string_view, std::size_t> link_at(std::string_view text) {
  const std::size_t close = text.find("](");
  if (text.empty() || text.front() != '[' || close == std::string_view::npos) return {{}, 0};
  if (text.find_first_of("[]", 1) != close) return {{}, 0};
  const std::size_t end = text.find(')', close);
  if (end == std::string_view::npos) return {{}, 0};
  return {text.substr(1, close - 1), end + 1};
}

/// The cells of `| a | b |`; a `|` in code or behind a backslash divides nothing.
Row cells_of(std::string_view line) {
  Row cells;
  std::string cell;
  bool in_code = false;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '`') in_code = !in_code;
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|' && !in_code) {
      const std::size_t begin = std::min(cell.find_first_not_of(' '), cell.size());
      cell = without_marks(cell.substr(begin));
      cell.erase(cell.find_last_not_of(' ') + 1);
      cells.push_back(std::move(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

/// Terms to the left, what they mean wrapped beside them; a term that is too long stands on a line of its own.
std::string in_two_columns(const std::vector<Row>& rows, std::size_t width) {
  constexpr std::size_t widest_term = 26;
  std::size_t column = 0;
  for (const Row& row : rows) {
    if (width_of(row[0]) <= widest_term) column = std::max(column, width_of(row[0]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string first = "  " + padded(row[0], column) + "  ";
    if (width_of(row[0]) > column) {
      text += wrapped(row[0], width, 4, "  ");
      first = std::string(column + 4, ' ');
    }
    if (row[1].empty() && width_of(row[0]) > column) continue;
    text += row[1].empty() ? "  " + row[0] + "\n" : wrapped(row[1], width, column + 4, first);
  }
  return text;
}

/// Each row is a term and below it the other cells; those behind the second are named by the table's head.
std::string in_blocks(const Row& head, const std::vector<Row>& rows, std::size_t width) {
  std::string text;
  for (const Row& row : rows) {
    text += "  " + row[0] + "\n";
    for (std::size_t i = 1; i < row.size(); ++i) {
      const std::string name = i > 1 && !head[i].empty() ? head[i] + ": " : "";
      if (!row[i].empty()) text += wrapped(name + row[i], width, 6, "      ");
    }
  }
  return text;
}

std::string table(const Lines& lines, std::size_t width) {
  std::vector<Row> rows;
  std::size_t columns = 0;
  for (const std::string_view line : lines) {
    if (is_rule_of_table(line)) continue;
    rows.push_back(cells_of(line));
    columns = std::max(columns, rows.back().size());
  }
  for (Row& row : rows) row.resize(columns);  // the head's, too
  if (rows.empty() || columns == 0) return {};
  const Row head = rows.front();
  rows.erase(rows.begin());
  return columns == 2 ? in_two_columns(rows, width) : in_blocks(head, rows, width);
}

/// Takes the lines that belong together from `lines`, beginning at `at`.
std::string next_block(const Lines& lines, std::size_t& at, std::size_t width) {
  Lines block;
  if (lines[at].starts_with(fence_mark)) {
    std::string code;
    for (++at; at < lines.size() && !lines[at].starts_with(fence_mark); ++at) {
      code += lines[at].empty() ? "\n" : fmt::format("    {}\n", lines[at]);
    }
    ++at;
    return code;
  }
  if (is_row(lines[at])) {
    while (at < lines.size() && is_row(lines[at])) block.push_back(lines[at++]);
    return table(block, width);
  }
  const bool item = is_item(lines[at]);
  std::string text(lines[at++].substr(item ? 2 : 0));
  for (; at < lines.size() && !begins_anew(lines[at]); ++at) text += fmt::format(" {}", lines[at]);
  return item ? wrapped(without_marks(text), width, 2, "- ") : wrapped(without_marks(text), width, 0, "");
}

}  // namespace

std::string without_marks(std::string_view text) {
  std::string plain;
  bool in_code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto [link, length] = in_code ? std::pair<std::string_view, std::size_t>{{}, 0} : link_at(text.substr(i));
    if (text[i] == '`') in_code = !in_code;
    if (length > 0) {
      plain += without_marks(link);
      i += length - 1;
    } else if (!in_code && text[i] == '\\' && i + 1 < text.size()) {
      plain += text[++i];
    } else if (in_code || text[i] != '*') {
      plain += text[i];
    }
  }
  return plain;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent, std::string_view first) {
  std::string out;
  std::string line(first);
  bool has_word = false;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) break;
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    if (has_word && width_of(line) + 1 + width_of(word) > width) {
      out += line + "\n";
      line.assign(indent, ' ');
      has_word = false;
    }
    if (has_word) line += ' ';
    line += word;
    has_word = true;
  }
  return out + line + "\n";
}

std::string for_terminal(const std::vector<std::string_view>& lines, std::size_t width) {
  std::string text;
  bool after_item = false;
  for (std::size_t at = 0; at < lines.size();) {
    if (lines[at].empty()) {
      ++at;
      continue;
    }
    const bool item = is_item(lines[at]);
    if (!text.empty() && !(item && after_item)) text += '\n';
    text += next_block(lines, at, width);
    after_item = item;
  }
  return text;
}

}  // namespace plumb::tool
