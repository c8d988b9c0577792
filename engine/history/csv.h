#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

/// CSV after RFC 4180, over text in memory.
namespace plumb::history {

/// Bytes behind a text that may be read, whatever they are: so many are looked at at once.
inline constexpr std::size_t text_slack = 16;

/// The bytes of a text, owned; the reader rewrites quoted cells in place. `text_slack` more may be read.
struct Text {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;

  static Text of_size(std::size_t size);
  static Text copy_of(std::string_view text);
  std::string_view view() const { return {bytes.get(), size}; }
};

/// The mark that some programs put in front of UTF-8.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// A cell of a header without what nobody sees at its ends: blanks, also those that do not break a line, and letters
/// without a width, a byte order mark in the middle of a file among them.
std::string_view column_name(std::string_view cell);

/// What is wrong with the form of a row. Such a row has cells, but they are not to be trusted.
enum class CsvFault : std::uint8_t { none, quote_never_closed, text_after_quote };

/// Reads row by row: LF, CRLF or CR ends one; a cell that starts with `"` runs to the next lone `"` over delimiters and
/// line ends, with `""` for one quote. Lines without any character are skipped. Cost: one pass, no allocation per row;
/// some 0.5 ns a byte. Cells are views into the text.
class CsvReader {
 public:
  /// A text from its beginning, which may be a byte order mark.
  CsvReader(Text text, char delimiter);
  /// What begins with a row, in the line `line`; it is rewritten, and has to live as long as the reader and the slack
  /// of a Text behind it.
  CsvReader(char* begin, char* end, char delimiter, std::uint32_t line = 1);

  /// The next row. Missing: false at the end of the text.
  bool next();
  std::span<const std::string_view> cells() const { return {cells_.data(), count_}; }
  /// The first line of the row, from 1.
  std::uint32_t line() const { return row_line_; }
  CsvFault fault() const { return fault_; }

  /// What is not read yet, and the line it begins in.
  char* rest() const { return at_; }
  std::uint32_t next_line() const { return line_; }

 private:
  void read_row();
  void read_quoted();
  void add_cell(const char* begin, const char* end) {
    if (count_ == cells_.size()) cells_.resize(2 * count_ + 8);
    cells_[count_++] = {begin, static_cast<std::size_t>(end - begin)};
  }

  Text text_;
  char* at_ = nullptr;
  char* end_ = nullptr;
  char delimiter_ = ',';
  std::vector<std::string_view> cells_;  // of which `count_` are the row's
  std::size_t count_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t row_line_ = 1;
  CsvFault fault_ = CsvFault::none;
};

/// Where the last row ends that ends in a text which begins with a row and goes on behind its end. Missing: 0 when none
/// does. Cost: nearly nothing in a text without a quote, else some 1 ns a byte.
std::size_t end_of_last_row(std::string_view text, char delimiter);

}  // namespace plumb::history
