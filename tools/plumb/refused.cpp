#include "plumb/refused.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "history/write.h"

namespace plumb::tool {

namespace {

constexpr std::size_t longest_row = 2000, piece_size = std::size_t{1} << 20U;
const std::string refused_name = "refused.csv";
constexpr std::string_view heading = "file,line,reason,row\n";

/// Where each line begins; LF, CRLF or CR ends one.
std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool ends = text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
    if (ends) starts.push_back(i + 1);
  }
  return starts;
}

/// Up to the first line end outside of quotes.
std::string_view row_at(std::string_view text, std::size_t start) {
  bool quoted = false;
  std::size_t end = start;
  for (; end < text.size() && end - start < longest_row; ++end) {
    if (text[end] == '"') quoted = !quoted;
    if (!quoted && (text[end] == '\n' || text[end] == '\r')) break;
  }
  // A character is not cut in two.
  while (end < text.size() && end > start && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(start, end - start);
}

// Also behind blanks, and in full width.
bool is_formula(std::string_view cell) {
  const std::size_t begin = cell.find_first_not_of(' ');
  if (begin == std::string_view::npos) return false;
  const std::string_view text = cell.substr(begin);
  const auto begins = [&](std::string_view sign) { return text.starts_with(sign); };
  return std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos || begins("\uff1d") ||
         begins("\uff0b") || begins("\uff0d") || begins("\uff20");
}

// A spreadsheet may separate at semicolons, too: what has one is quoted.
void put(std::string& line, std::string_view cell) {
  std::string safe = is_formula(cell) ? fmt::format("'{}", cell) : std::string(cell);
  if (safe.find_first_of(";\t") == std::string::npos) return history::append_cell(line, safe);
  for (std::size_t at = 0; (at = safe.find('"', at)) != std::string::npos; at += 2) safe.insert(at, 1, '"');
  line += fmt::format("\"{}\"", safe);
}

/// Why a row is refused, each reason once: what it would have been twice is refused twice. `at` goes on to the last of
/// the problems that are of the same row.
std::string reasons_of(const std::vector<history::Problem>& problems, std::size_t& at) {
  const history::Problem& first = problems[at];
  std::vector<std::string_view> reasons{first.message};
  for (; at + 1 < problems.size() && problems[at + 1].file == first.file && problems[at + 1].line == first.line; ++at) {
    const history::Problem& next = problems[at + 1];
    if (next.refused && std::find(reasons.begin(), reasons.end(), next.message) == reasons.end())
      reasons.emplace_back(next.message);
  }
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

Result<bool> refused_rows(const history::LoadReport& report, const std::vector<sources::Table>& files,
                          const history::TakePiece& take) {
  std::string piece(heading);
  std::uint32_t now = UINT32_MAX;
  std::string_view text;
  std::vector<std::size_t> starts;
  bool any = false;
  for (std::size_t i = 0; i < report.problems.size(); ++i) {
    const history::Problem& problem = report.problems[i];
    if (!problem.refused) continue;
    any = true;
    const std::string reasons = reasons_of(report.problems, i);
    const std::string& path = report.files[problem.file].stands_in;
    if (problem.file != now) {
      now = problem.file;
      const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == path; });
      text = file == files.end() ? std::string_view() : file->text.view();
      starts = line_starts(text);
    }
    put(piece, path);
    piece += fmt::format(",{},", problem.line);
    put(piece, problem.used ? fmt::format("in part: {}", reasons) : reasons);
    piece += ',';
    if (problem.line > 0 && problem.line <= starts.size()) put(piece, row_at(text, starts[problem.line - 1]));
    piece += '\n';
    if (piece.size() < piece_size) continue;
    if (const auto taken = take(refused_name, piece); !taken) return taken;
    piece.clear();
  }
  if (!any || piece.empty()) return any;
  return take(refused_name, piece);
}

}  // namespace plumb::tool
