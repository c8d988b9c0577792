#include "source/source.h"

#include <algorithm>
#include <utility>

#include "source/utf8.h"

namespace plumb::source {

namespace {

// One mark for so many bytes: small enough that counting from the nearest mark is cheap, large enough that the marks
// of a text weigh nothing beside it.
constexpr std::uint32_t mark_distance = 4096;

bool is_line_break(char c) { return c == '\n' || c == '\r'; }

std::vector<std::uint32_t> find_line_starts(std::string_view content) {
  std::vector<std::uint32_t> starts{0};
  for (std::size_t at = 0; at < content.size(); ++at) {
    if (!is_line_break(content[at])) continue;
    if (content[at] == '\r' && at + 1 < content.size() && content[at + 1] == '\n') ++at;
    starts.push_back(static_cast<std::uint32_t>(at + 1));
  }
  return starts;
}

// Editors do not show the byte order mark and do not count it.
bool is_byte_order_mark(Character character, std::uint32_t at) { return at == 0 && character.value == 0xFEFF; }

}  // namespace

Text::Text(std::string path, std::string content) : path_(std::move(path)), content_(std::move(content)) {
  PLUMB_ASSERT(content_.size() < UINT32_MAX, "a text is shorter than 4 GB when it is added");
  line_starts_ = find_line_starts(content_);
  Mark mark;
  std::uint32_t next = 0;
  while (mark.offset < content_.size()) {
    if (mark.offset >= next) {
      marks_.push_back(mark);
      next += mark_distance;
    }
    mark = after(mark);
  }
  if (marks_.empty() || mark.offset >= next) marks_.push_back(mark);
}

std::uint32_t Text::line_start(std::uint32_t line) const {
  PLUMB_ASSERT(line >= 1 && line <= line_count(), "a line is asked for by a number that the text has");
  return line_starts_[line - 1];
}

std::string_view Text::line(std::uint32_t line) const {
  const std::uint32_t start = line_start(line);
  std::size_t end = line < line_count() ? line_starts_[line] : content_.size();
  if (end > start && content_[end - 1] == '\n') --end;
  if (end > start && content_[end - 1] == '\r') --end;
  return std::string_view(content_).substr(start, end - start);
}

std::uint32_t Text::line_at(std::uint32_t offset) const {
  const auto above = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<std::uint32_t>(above - line_starts_.begin());
}

Text::Mark Text::after(Mark mark) const {
  const Character character = decode(content_, mark.offset);
  if (!is_byte_order_mark(character, mark.offset)) {
    ++mark.characters;
    mark.utf16_units += character.utf16_units();
  }
  mark.offset += character.size;
  return mark;
}

// A character that spans a mark's distance pushes its mark up to three bytes to the right.
Text::Mark Text::count_to(std::uint32_t offset) const {
  std::size_t nearest = std::min<std::size_t>(offset / mark_distance, marks_.size() - 1);
  if (marks_[nearest].offset > offset) --nearest;
  Mark mark = marks_[nearest];
  while (mark.offset < offset) {
    const Mark next = after(mark);
    if (next.offset > offset) break;
    mark = next;
  }
  return mark;
}

Place Text::place(std::uint32_t offset) const {
  PLUMB_ASSERT(offset <= content_.size(), "a place is asked for by an offset inside its text");
  const std::uint32_t number = line_at(offset);
  const std::uint32_t start = line_start(number);
  const Mark from = count_to(start);
  const Mark to = count_to(std::min(offset, start + static_cast<std::uint32_t>(line(number).size())));
  return {number, to.characters - from.characters + 1, to.utf16_units - from.utf16_units + 1};
}

Span join(Span a, Span b) {
  if (!a.known()) return b;
  if (!b.known()) return a;
  PLUMB_ASSERT(a.text == b.text, "spans are joined only within one text");
  return {a.text, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

Id<Text> Map::add(std::string path, std::string content) {
  texts_.emplace_back(std::move(path), std::move(content));
  return Id<Text>(texts_.size() - 1);
}

const Text& Map::operator[](Id<Text> id) const {
  PLUMB_ASSERT(id.index() < texts_.size(), "a text's id is used with the map that gave it out");
  return texts_[id.index()];
}

std::string_view Map::words(Span span) const {
  if (!span.known()) return {};
  const std::string_view content = (*this)[span.text].content();
  PLUMB_ASSERT(span.begin <= span.end && span.end <= content.size(), "a span lies inside its text");
  return content.substr(span.begin, span.end - span.begin);
}

Place Map::place(Id<Text> text, std::uint32_t offset) const { return text ? (*this)[text].place(offset) : Place{}; }

}  // namespace plumb::source
