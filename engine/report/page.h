#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A page of text for a person: lines of at most 100 columns, colour only on request. Whatever the texts hold, nothing
/// but the page's own colour codes steers a terminal.
namespace plumb::report {

enum class Tone { plain, strong, quiet, good, warning, bad };

struct Piece {
  std::string text;
  Tone tone = Tone::plain;
};

class Page {
 public:
  explicit Page(bool colour) : colour_(colour) {}

  /// A title with a blank line before it, except at the page's top.
  void heading(std::string_view text);
  void line(std::size_t indent, const std::vector<Piece>& pieces);
  void line(std::size_t indent, std::string_view text);
  /// Broken at blanks. A word that is longer than a line stands alone on one.
  void paragraph(std::size_t indent, std::string_view text, Tone tone = Tone::plain);
  void blank() { text_ += '\n'; }

  std::string take() { return std::move(text_); }

 private:
  void put(std::string_view shown_text, Tone tone);

  bool colour_;
  std::string text_;
};

/// Columns: each as wide as its widest cell. `right` names those that are aligned to the right.
struct Table {
  std::vector<std::vector<Piece>> rows;
  std::vector<bool> right;
};
void put_table(Page& page, std::size_t indent, const Table& table);

}  // namespace plumb::report
