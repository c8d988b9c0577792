#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::golden {

/// A diagnostic as a caret line tells it.
struct Finding {
  enum class Where : std::uint8_t { file, line, end };

  Where where = Where::line;  // `file`: of no place; `end`: behind the last line break
  std::uint32_t line = 0;     // of the file as it stands, counted from 1; 0 unless `where` is `line`
  std::uint32_t column = 0;
  std::uint32_t width = 0;
  bool goes_on = false;  // to later lines
  std::string words;     // error[code]: message

  friend auto operator<=>(const Finding&, const Finding&) = default;
};

/// The caret lines of a file. Errors: a comment that begins like a caret line and is none.
Result<std::vector<Finding>> read_carets(std::string_view content);

/// Whether a line of the file begins like a caret line.
bool has_carets(std::string_view content);

/// The file without its caret lines.
std::string strip_carets(std::string_view content);

/// The file with a caret line for each finding; `content` has none, and the findings' lines are those of `content`.
std::string insert_carets(std::string_view content, std::vector<Finding> findings);

/// One diagnostic of `plumb check --format json`.
struct Reported {
  std::string file;  // empty: of no text
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  std::string words;
};

/// Errors: a line that is no JSON object with the fields of a diagnostic.
Result<std::vector<Reported>> read_reported(std::string_view json_lines);

/// What the caret line of the diagnostic has to say, in a file with this content.
Finding finding_of(const Reported& reported, std::string_view content);

/// How the finding is written, without its line's number.
std::string caret_line(const Finding& finding, std::string_view line_above);

}  // namespace plumb::golden
