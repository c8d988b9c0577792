#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"

namespace plumb::source {

/// Counted from 1. `column` counts Unicode code points, `column_utf16` counts UTF-16 units (editors, SARIF). A byte
/// that is no UTF-8 counts as one character; a byte order mark at the text's begin is not counted. Missing: all 0, the
/// place of what nobody wrote.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t column_utf16 = 0;
};

/// One text that somebody wrote: a rulebook, a mapping. The text is UTF-8; offsets are bytes.
class Text {
 public:
  Text(std::string path, std::string content);

  const std::string& path() const { return path_; }
  std::string_view content() const { return content_; }
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
  /// The line without its line break (LF, CRLF or CR). `line` counts from 1.
  std::string_view line(std::uint32_t line) const;
  /// Byte offset of the line's first byte. `line` counts from 1.
  std::uint32_t line_start(std::uint32_t line) const;
  /// The line that holds the byte; a line break belongs to the line that it ends.
  std::uint32_t line_at(std::uint32_t offset) const;
  /// Where the character at a byte stands; within a line break, the end of its line. Cost: a search for the line and a
  /// few thousand bytes at most, however long the line is.
  Place place(std::uint32_t offset) const;

 private:
  /// What has been counted from the text's begin up to `offset`, where a character begins.
  struct Mark {
    std::uint32_t offset = 0;
    std::uint32_t characters = 0;
    std::uint32_t utf16_units = 0;
  };
  Mark after(Mark mark) const;
  Mark count_to(std::uint32_t offset) const;

  std::string path_;
  std::string content_;
  std::vector<std::uint32_t> line_starts_;
  std::vector<Mark> marks_;
};

/// A stretch of one text, in bytes, half open. Missing: a default span, of no text, for what nobody wrote.
struct Span {
  Id<Text> text;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool known() const { return static_cast<bool>(text); }
  friend bool operator==(Span, Span) = default;
};

/// From the first byte of `a` to the last of `b`; the known one where the other is not.
Span join(Span a, Span b);

/// Owns the texts of one run. A text's address never changes.
class Map {
 public:
  Id<Text> add(std::string path, std::string content);
  const Text& operator[](Id<Text> id) const;
  std::size_t size() const { return texts_.size(); }

  /// What is written there. Missing: empty for an unknown span.
  std::string_view words(Span span) const;
  Place place(Id<Text> text, std::uint32_t offset) const;
  Place begin(Span span) const { return place(span.text, span.begin); }
  Place end(Span span) const { return place(span.text, span.end); }

 private:
  std::deque<Text> texts_;
};

}  // namespace plumb::source
