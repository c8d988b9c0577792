#include "report/page.h"

#include <algorithm>

#include "report/escape.h"

namespace plumb::report {

namespace {

constexpr std::size_t page_width = 100;

std::string_view colour_code(Tone tone) {
  switch (tone) {
    case Tone::strong: return "\x1b[1m";
    case Tone::quiet: return "\x1b[2m";
    case Tone::good: return "\x1b[32m";
    case Tone::warning: return "\x1b[33m";
    case Tone::bad: return "\x1b[31m";
    case Tone::plain: break;
  }
  return {};
}

}  // namespace

void Page::put(std::string_view shown_text, Tone tone) {
  const bool coloured = colour_ && tone != Tone::plain;
  if (coloured) text_ += colour_code(tone);
  text_ += shown_text;
  if (coloured) text_ += "\x1b[0m";
}

void Page::heading(std::string_view text) {
  if (!text_.empty()) blank();
  put(shown(text), Tone::strong);
  blank();
}

void Page::line(std::size_t indent, const std::vector<Piece>& pieces) {
  text_.append(indent, ' ');
  for (const Piece& piece : pieces) put(shown(piece.text), piece.tone);
  blank();
}

void Page::line(std::size_t indent, std::string_view text) { line(indent, {{std::string(text), Tone::plain}}); }

void Page::paragraph(std::size_t indent, std::string_view text, Tone tone) {
  const std::string words = shown(text);
  std::string current;
  std::size_t width = indent;
  const auto flush = [&] {
    if (current.empty()) return;
    text_.append(indent, ' ');
    put(current, tone);
    blank();
    current.clear();
    width = indent;
  };
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    const std::string_view word = std::string_view(words).substr(at, end - at);
    const std::size_t wanted = width_of(word) + (current.empty() ? 0 : 1);
    if (width + wanted > page_width) flush();
    if (!word.empty()) {
      if (!current.empty()) current += ' ';
      width += width_of(word) + (current.empty() ? 0 : 1);
      current += word;
    }
    at = end + 1;
  }
  flush();
}

void put_table(Page& page, std::size_t indent, const Table& table) {
  std::vector<std::size_t> widths;
  for (const std::vector<Piece>& row : table.rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i].text));
  }
  for (const std::vector<Piece>& row : table.rows) {
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool right = i < table.right.size() && table.right[i];
      const bool last = i + 1 == row.size();
      const std::string gap(widths[i] - width_of(row[i].text), ' ');
      if (i > 0) pieces.push_back({"  ", Tone::plain});
      if (right) pieces.push_back({gap, Tone::plain});
      pieces.push_back(row[i]);
      if (!right && !last) pieces.push_back({gap, Tone::plain});
    }
    page.line(indent, pieces);
  }
}

}  // namespace plumb::report
