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

/// The rows of a text that begin in some lines, asked for in the order of the lines.
class RowsAt {
 public:
  /// Missing: nullptr for a file that is not there.
  explicit RowsAt(const sources::Table* table) : table_(table) {}

  /// Up to the first line end outside of quotes. Missing: empty for a line that there is not.
  std::string row(std::uint32_t line) {
    if (line < line_) line_ = 1, begin_ = 0, held_ = {};
    while (line_ < line && go_on()) {
    }
    return line_ == line && table_ != nullptr ? row_at(begin_) : std::string();
  }

 private:
  /// To where the next line begins; LF, CRLF or CR ends one. Missing: false when there is none.
  bool go_on() {
    for (std::size_t at = begin_;; ++at) {
      const char c = character(at);
      if (c != '\n' && c != '\r') {
        if (c == '\0' && at >= size()) return false;
        continue;
      }
      begin_ = at + (c == '\r' && character(at + 1) == '\n' ? 2 : 1);
      ++line_;
      return true;
    }
  }

  std::size_t size() const { return table_ == nullptr ? 0 : table_->text.size(); }

  /// Missing: NUL.
  char character(std::size_t at) {
    if (at < from_ || at >= from_ + held_.size()) read(at);
    return at - from_ < held_.size() ? held_[at - from_] : '\0';
  }

  void read(std::size_t at) {
    constexpr std::size_t at_once = std::size_t{1} << 18U;
    from_ = at;
    held_.resize(at < size() ? std::min(at_once, size() - at) : 0);
    if (held_.empty()) return;
    if (table_->text.read(at, held_.data(), held_.size())) return;
    table_ = nullptr;  // what cannot be read any more is not shown
    held_.clear();
  }

  std::string row_at(std::size_t start) {
    std::string row;
    bool quoted = false;
    for (std::size_t at = start; at < size() && row.size() < longest_row; ++at) {
      const char c = character(at);
      if (c == '"') quoted = !quoted;
      if (!quoted && (c == '\n' || c == '\r')) return row;
      row += c;
    }
    // A character is not cut in two.
    const char next = character(start + row.size());
    if (row.size() < longest_row || (static_cast<unsigned char>(next) & 0xC0U) != 0x80U) return row;
    while (!row.empty() && (static_cast<unsigned char>(row.back()) & 0xC0U) == 0x80U) row.pop_back();
    if (!row.empty()) row.pop_back();
    return row;
  }

  const sources::Table* table_;
  std::uint32_t line_ = 1;
  std::size_t begin_ = 0;  // of the line
  std::string held_;
  std::size_t from_ = 0;  // of what is held
};

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
  bool any = false;
  RowsAt rows(nullptr);
  for (std::size_t i = 0; i < report.problems.size(); ++i) {
    const history::Problem& problem = report.problems[i];
    if (!problem.refused) continue;
    any = true;
    const std::string reasons = reasons_of(report.problems, i);
    const std::string& path = report.files[problem.file].stands_in;
    if (problem.file != now) {
      now = problem.file;
      const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == path; });
      rows = RowsAt(file == files.end() ? nullptr : &*file);
    }
    put(piece, path);
    piece += fmt::format(",{},", problem.line);
    put(piece, problem.used ? fmt::format("in part: {}", reasons) : reasons);
    piece += ',';
    if (problem.line > 0) put(piece, rows.row(problem.line));
    piece += '\n';
    if (piece.size() < piece_size) continue;
    if (const auto taken = take(refused_name, piece); !taken) return taken;
    piece.clear();
  }
  if (!any || piece.empty()) return any;
  return take(refused_name, piece);
}

}  // namespace plumb::tool
