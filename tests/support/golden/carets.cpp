#include "support/golden/carets.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "source/utf8.h"
#include "support/golden/test_file.h"

namespace plumb::golden {

namespace {

using Where = Finding::Where;

// A comment's own column, and what stands behind its `#` and blanks; nothing when the line is no caret line.
struct Comment {
  std::uint32_t column = 0;  // of the first character of `words`
  std::string_view words;
};

std::optional<Comment> caret_comment(std::string_view line) {
  const std::size_t sign = line.find_first_not_of(" \t");
  if (sign == std::string_view::npos || line[sign] != '#') return std::nullopt;
  const std::size_t begin = line.find_first_not_of(" \t", sign + 1);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view words = line.substr(begin);
  const bool points = words.starts_with('^') || words.starts_with("@file ") || words.starts_with("@end ") ||
                      (words.size() > 1 && words[0] == '@' && words[1] >= '0' && words[1] <= '9');
  if (!points) return std::nullopt;
  return Comment{static_cast<std::uint32_t>(begin) + 1, words};
}

bool take(std::string_view& words, std::string_view prefix) {
  if (!words.starts_with(prefix)) return false;
  words.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint32_t> take_number(std::string_view& words) {
  std::uint32_t number = 0;
  const auto read = std::from_chars(words.data(), words.data() + words.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  words.remove_prefix(static_cast<std::size_t>(read.ptr - words.data()));
  return number;
}

bool take_columns(std::string_view& words, Finding& finding) {
  const auto first = take_number(words);
  if (!first || !take(words, "-")) return false;
  const auto last = take_number(words);
  if (!last || *first < 1 || *last < *first) return false;
  finding.column = *first;
  finding.width = *last - *first + 1;
  return true;
}

// `^^^^`, `@3-7`, `@file` or `@end`; the first two may go on with `...`.
bool take_place(std::string_view& words, std::uint32_t column, Finding& finding) {
  finding.where = take(words, "@file") ? Where::file : take(words, "@end") ? Where::end : Where::line;
  if (finding.where != Where::line) {
    finding.line = 0;
    return true;
  }
  if (take(words, "@")) {
    if (!take_columns(words, finding)) return false;
  } else {
    finding.column = column;
    finding.width = static_cast<std::uint32_t>(std::min(words.find_first_not_of('^'), words.size()));
    words.remove_prefix(finding.width);
  }
  finding.goes_on = take(words, "...");
  return true;
}

bool begins_like_a_message(std::string_view words) {
  const bool severity = take(words, "error[") || take(words, "warning[") || take(words, "note[");
  return severity && words.find("]: ") != std::string_view::npos;
}

Result<Finding> read_caret(const Comment& comment, std::uint32_t line_above) {
  Finding finding;
  finding.line = line_above;
  std::string_view words = comment.words;
  const bool well = take_place(words, comment.column, finding) && take(words, " ") && begins_like_a_message(words);
  if (!well) {
    return Failure{
        fmt::format("`# {}` is no caret line: write `^^^ error[code]: message`, or let --update do it", comment.words)};
  }
  if (finding.where == Where::line && line_above == 0) return Failure{"a caret line stands below a line of the file"};
  finding.words = words;
  return finding;
}

std::uint32_t length_of(std::string_view line) {
  std::uint32_t length = 0;
  for (std::size_t at = 0; at < line.size(); at += source::decode(line, at).size) ++length;
  if (line.ends_with('\r')) --length;
  return length;
}

std::string one_line(std::string words) {
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

// Blanks up to the column; a tab where the line above has one, so that the caret is where the eye expects it.
std::string blanks_below(std::string_view line, std::uint32_t from, std::uint32_t to) {
  std::string blanks;
  std::size_t at = 0;
  for (std::uint32_t column = 1; column < to; ++column) {
    const bool is_tab = at < line.size() && line[at] == '\t';
    if (column >= from) blanks += is_tab ? '\t' : ' ';
    if (at < line.size()) at += source::decode(line, at).size;
  }
  return blanks;
}

}  // namespace

Result<std::vector<Finding>> read_carets(std::string_view content) {
  std::vector<Finding> findings;
  std::uint32_t number = 0;
  std::uint32_t line_above = 0;
  for (const std::string& line : lines_of(content)) {
    ++number;
    const auto comment = caret_comment(line);
    if (!comment) {
      line_above = number;
      continue;
    }
    auto finding = read_caret(*comment, line_above);
    if (!finding) return Failure{fmt::format("line {}: {}", number, finding.error())};
    findings.push_back(std::move(*finding));
  }
  return findings;
}

bool has_carets(std::string_view content) {
  const std::vector<std::string> lines = lines_of(content);
  return std::any_of(lines.begin(), lines.end(), [](const auto& line) { return caret_comment(line).has_value(); });
}

std::string strip_carets(std::string_view content) {
  std::string stripped;
  for (const std::string& line : lines_of(content)) {
    if (!caret_comment(line)) stripped += fmt::format("{}\n", line);
  }
  return stripped;
}

std::string caret_line(const Finding& finding, std::string_view line_above) {
  if (finding.where == Where::file) return fmt::format("# @file {}", finding.words);
  if (finding.where == Where::end) return fmt::format("# @end {}", finding.words);
  const std::string_view more = finding.goes_on ? "..." : "";
  if (finding.column <= 2) {
    return fmt::format("# @{}-{}{} {}", finding.column, finding.column + finding.width - 1, more, finding.words);
  }
  return fmt::format("#{}{}{} {}", blanks_below(line_above, 2, finding.column), std::string(finding.width, '^'), more,
                     finding.words);
}

std::string insert_carets(std::string_view content, std::vector<Finding> findings) {
  std::sort(findings.begin(), findings.end());
  std::string out;
  const auto put = [&](Where where, std::uint32_t number, std::string_view line) {
    for (const Finding& finding : findings) {
      if (finding.where == where && finding.line == number) out += fmt::format("{}\n", caret_line(finding, line));
    }
  };
  put(Where::file, 0, "");
  std::uint32_t number = 0;
  for (const std::string& line : lines_of(content)) {
    out += fmt::format("{}\n", line);
    put(Where::line, ++number, line);
  }
  put(Where::end, 0, "");
  return out;
}

Result<std::vector<Reported>> read_reported(std::string_view json_lines) {
  std::vector<Reported> all;
  for (const std::string& line : lines_of(json_lines)) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const auto number = [&](const char* name) {
      return json.at(name).is_null() ? 0 : json.at(name).get<std::uint32_t>();
    };
    try {
      Reported reported;
      reported.words = one_line(fmt::format("{}[{}]: {}", json.at("severity").get<std::string>(),
                                            json.at("code").get<std::string>(), json.at("message").get<std::string>()));
      if (!json.at("file").is_null()) reported.file = json.at("file").get<std::string>();
      reported.line = number("line");
      reported.column = number("column");
      reported.end_line = number("end_line");
      reported.end_column = number("end_column");
      all.push_back(std::move(reported));
    } catch (const nlohmann::json::exception& error) {
      return Failure{fmt::format("`{}` is no diagnostic in JSON: {}", line, error.what())};
    }
  }
  return all;
}

Finding finding_of(const Reported& reported, std::string_view content) {
  const std::vector<std::string> lines = lines_of(content);
  Finding finding;
  finding.words = reported.words;
  finding.where = reported.line == 0 ? Where::file : reported.line > lines.size() ? Where::end : Where::line;
  if (finding.where != Where::line) return finding;
  finding.line = reported.line;
  finding.column = reported.column;
  finding.goes_on = reported.end_line > reported.line;
  const std::uint32_t end = finding.goes_on ? length_of(lines[reported.line - 1]) + 1 : reported.end_column;
  finding.width = end > finding.column ? end - finding.column : 1;
  return finding;
}

}  // namespace plumb::golden
