#include "format/lines.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "format/format.h"

namespace plumb::format {

namespace {

bool stands_apart(const Word& before, const Word& word) {
  if (word.text == "," || word.text == ")" || word.text == ".") return false;
  return before.text != "(" && before.text != ".";
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

/// `or later`, `or better`, `or the next business day` belong to what stands before them.
bool connects(const Words& words, std::size_t word, std::size_t end) {
  const std::string& text = words[word].text;
  if (text == "and") return true;
  return text == "or" && word + 1 < end && !is_one_of(words[word + 1].text, {"later", "better", "the"});
}

/// How deep a line break before a word would cut; the smaller the better. Missing: no break may stand there.
std::optional<std::size_t> depth_of_break(const Words& words, std::size_t word, std::size_t end, std::size_t depth) {
  const bool behind_comma = words[word - 1].text == ",";
  if (!behind_comma && !connects(words, word, end)) return std::nullopt;
  // Outside of parentheses commas part the choices of one condition, inside of them whole conditions.
  if (depth > 0) return 4 * depth + (behind_comma ? 0 : words[word].text == "or" ? 1 : 2);
  return behind_comma ? 2 : words[word].text == "or" ? 0 : 1;
}

/// The word that the next line begins with. Missing: the end, where there is no place to break.
std::size_t next_line(const Words& words, Range range, std::size_t column) {
  std::size_t best = range.end;
  std::optional<std::size_t> best_depth;
  std::size_t depth = 0;
  for (std::size_t i = range.first; i < range.end; ++i) {
    if (i > range.first) {
      const auto cut = depth_of_break(words, i, range.end, depth);
      if (cut && (!best_depth || *cut <= *best_depth)) {
        best = i;
        best_depth = cut;
      }
      if (stands_apart(words[i - 1], words[i])) ++column;
    }
    column += width_of(words[i].text);
    if (column > line_width && best_depth) return best;
    if (words[i].text == "(") ++depth;
    if (words[i].text == ")" && depth > 0) --depth;
  }
  return column > line_width ? best : range.end;
}

/// Words without a comment between them.
void write_lines(std::string& out, const Words& words, Range range, std::size_t column, std::size_t go_on) {
  for (;;) {
    const std::size_t next = next_line(words, range, column);
    out += joined(words, {range.first, next});
    if (next == range.end) return;
    out += '\n';
    out.append(go_on, ' ');
    column = go_on;
    range.first = next;
  }
}

void write_comments_between(std::string& out, const Words& words, std::size_t word, std::size_t indent) {
  for (const Comment& comment : words[word].comments) {
    if (comment.trailing) {
      out += "  " + comment.text;
    } else {
      out += '\n' + std::string(indent, ' ') + comment.text;
    }
  }
  out += '\n';
  out.append(indent, ' ');
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string joined(const Words& words, Range range) {
  std::string text;
  for (std::size_t i = range.first; i < range.end; ++i) {
    if (i > range.first && stands_apart(words[i - 1], words[i])) text += ' ';
    text += words[i].text;
  }
  return text;
}

void write_run(std::string& out, const Words& words, Range range, const Place& place) {
  out.append(place.indent, ' ');
  out += place.begun;
  std::size_t column = place.indent + width_of(place.begun);
  while (range.size() > 0) {
    std::size_t next = range.first + 1;
    while (next < range.end && words[next].comments.empty()) ++next;
    write_lines(out, words, {range.first, next}, column, place.go_on);
    range.first = next;
    column = place.go_on;
    if (range.size() > 0) write_comments_between(out, words, next, place.go_on);
  }
  if (const Comment* comment = words.behind(range.end - 1)) out += "  " + comment->text;
  out += '\n';
}

}  // namespace plumb::format
