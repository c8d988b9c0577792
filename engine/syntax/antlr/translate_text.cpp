#include <algorithm>
#include <array>
#include <cctype>

#include "syntax/antlr/translation.h"

// Texts that lack one of their quotes. The reader takes the quote that ends a text for one that begins another, up to
// the end of the line: where it stands, and the words around it, say what was meant.
namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;
using diagnostics::diag::OpenString;

constexpr std::size_t longest_shown = 40;  // bytes

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

template <class List>
bool is_in(const List& list, std::size_t type) {
  return std::any_of(list.begin(), list.end(), [type](auto each) { return std::size_t{each} == type; });
}

std::size_t code_points(std::string_view text) {
  const auto is_begin = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_begin));
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Whether the quote of raw token `i` stands directly behind a word, as one does that ends a text.
bool ends_text(const Translation& t, std::size_t i) {
  return t.on_line(i) && i > 0 && adjacent(*t.raw[i - 1], *t.raw[i]);
}

/// The first raw token of `i`'s line, or the first behind a text or a brace before `i`.
std::size_t start_of_stretch(const Translation& t, std::size_t i) {
  constexpr std::array ends{L::STRING, L::BRACE_OPEN, L::BRACE_CLOSE};
  while (i > 0 && !t.starts_line[i] && !is_in(ends, t.type(i - 1))) --i;
  return i;
}

/// Where a text may begin behind raw token `i`, which begins a clause or a declaration. Missing: none.
std::size_t text_behind(const Translation& t, std::size_t i, bool first) {
  constexpr std::array at_once{L::TITLE, L::BECAUSE, L::ZONE, L::AUTHOR, L::AS, L::MISSED, L::LATE, L::KEPT, L::PROVE,
                               L::TERM};
  constexpr std::array when_first{L::BUYER, L::MANAGER, L::TEST};
  constexpr std::array named{L::MUST, L::SHOULD, L::TRIAL,   L::PROCESS, L::CHECKLIST, L::TARGET,
                             L::PLAN, L::ITEM,   L::HOLIDAY, L::LADDER,  L::RUNG,      L::MEASURE};
  const std::size_t type = t.type(i);
  if (is_in(at_once, type) || (first && is_in(when_first, type))) return i + 1;
  if (type == L::CANNOT || type == L::PROPOSED) return i + 2;  // if cannot tell, proposed by
  return first && is_in(named, type) ? i + 2 : none;
}

/// The first word of the text that ends at raw token `quote`. Missing: none.
std::size_t start_of_text(const Translation& t, std::size_t quote) {
  constexpr std::array connecting{L::AND,   L::OR,    L::IS,         L::NOT,   L::EXPECT, L::WHERE,
                                  L::COMMA, L::ARROW, L::PAREN_OPEN, L::KNOWN, L::WHEN,   L::TO};
  const std::size_t first = start_of_stretch(t, quote);
  for (std::size_t i = first; i < quote; ++i) {
    const std::size_t start = text_behind(t, i, i == first);
    if (start != none) return start < quote ? start : none;
  }
  std::size_t start = quote;
  while (start > first && is_word(*t.raw[start - 1]) && !is_in(connecting, t.type(start - 1))) --start;
  return start < quote ? start : none;
}

/// Where a text was meant to end whose quote is missing there, in bytes. Missing: npos.
std::size_t end_of_text(const Translation& t, std::size_t i, std::string_view text) {
  const std::size_t first = start_of_stretch(t, i);
  const auto line_has = [&](std::size_t type) {
    for (std::size_t k = first; k < i; ++k) {
      if (t.type(k) == type) return true;
    }
    return false;
  };
  const auto first_of = [&text](std::initializer_list<std::string_view> words) {
    std::size_t place = std::string_view::npos;
    for (const std::string_view each : words) place = std::min(place, text.find(each));
    return place;
  };
  if (i > 0 && t.type(i - 1) == L::ZONE) return text.find_first_of(" \t");
  if (line_has(L::IF)) return std::min(text.find(" recorded as "), text.rfind(" by "));
  if (line_has(L::PROVE)) return first_of({" every path to ", " from every stage ", " in ladder ", " longest path "});
  if (line_has(L::MEASURE)) return text.rfind(" is ");
  if (line_has(L::PROPOSED)) return text.rfind(" on ");
  if (line_has(L::TERM)) return text.find_first_of("0123456789", std::min(text.find(" 20"), text.size()));
  return text.find(" {");
}

/// The words of a piece of a text, as they would have been read without the quote before them.
std::vector<std::unique_ptr<antlr4::CommonToken>> words_in(const antlr4::Token& place, std::size_t first_point,
                                                            std::string_view piece) {
  antlr4::ANTLRInputStream input{std::string(piece)};
  PlumbLexer lexer(&input);
  lexer.removeErrorListeners();
  std::vector<std::unique_ptr<antlr4::CommonToken>> words;
  for (auto token = lexer.nextToken(); token->getType() != antlr4::Token::EOF; token = lexer.nextToken()) {
    if (token->getType() == L::BLANK || token->getType() == L::COMMENT) continue;
    words.push_back(stand_in(place, token->getType(), token->getText()));
    const std::size_t begin = place.getStartIndex() + first_point;
    words.back()->setStartIndex(begin + token->getStartIndex());
    words.back()->setStopIndex(begin + token->getStopIndex());
    words.back()->setCharPositionInLine(place.getCharPositionInLine() + first_point + token->getStartIndex());
  }
  return words;
}

/// Puts a text in place of raw `start` up to `quote`, and behind it the words of what followed the text.
void put_text(Translation& t, std::size_t start, std::size_t quote, std::string_view text, std::size_t kept) {
  const std::string written = t.raw[quote]->getText();
  const std::size_t points = code_points(std::string_view(written).substr(0, kept));
  auto rest = words_in(*t.raw[quote], points, std::string_view(written).substr(kept));
  auto token = stand_in(*t.raw[start], L::STRING, std::string(text));
  token->setStopIndex(t.raw[quote]->getStartIndex() + points - 1);
  const auto at = [&t](std::size_t i) { return t.raw.begin() + static_cast<std::ptrdiff_t>(i); };
  t.raw[start] = std::move(token);
  t.raw.erase(at(start + 1), at(quote + 1));
  t.starts_line.erase(t.starts_line.begin() + static_cast<std::ptrdiff_t>(start + 1),
                      t.starts_line.begin() + static_cast<std::ptrdiff_t>(quote + 1));
  t.starts_line.insert(t.starts_line.begin() + static_cast<std::ptrdiff_t>(start + 1), rest.size(), false);
  t.raw.insert(at(start + 1), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  t.mended.insert(start);
}

/// `because Without a date it is a hope."`
bool mend_beginning(Translation& t, std::size_t quote) {
  const std::size_t start = ends_text(t, quote) ? start_of_text(t, quote) : none;
  if (start == none) return false;
  source::Span span = t.reader.offsets.span(*t.raw[start]);
  span.end = t.reader.offsets.span(*t.raw[quote]).begin + 1;
  const std::string text = "\"" + std::string(t.text_of(span));
  suggest(t.say(span, ForeignSpelling, t.text_of(span)), span, text);
  put_text(t, start, quote, text, 1);
  return true;
}

void say_open(Translation& t, source::Span span, std::string_view text) {
  Diagnostic* said = t.say(span, OpenString);
  if (said == nullptr) return;
  const std::string shown = text.size() > longest_shown ? "…\"" : std::string(text) + "\"";
  said->hint("close it with `\"` on the same line: `{}`", shown);
}

/// `stage offer as "Offer { won }`
bool mend_end(Translation& t, std::size_t quote) {
  const std::string written = t.raw[quote]->getText();
  const std::size_t end = end_of_text(t, quote, written);
  if (end == std::string::npos || end < 2) return false;
  const std::string_view text = without_blanks(std::string_view(written).substr(0, end));
  say_open(t, t.reader.offsets.span(*t.raw[quote]), text);
  put_text(t, quote, quote, std::string(text) + "\"", text.size());
  return true;
}

/// A text over two lines or three: its end is no mistake of its own.
void skip_rest_of_text(Translation& t) {
  std::size_t lines = 0;
  for (std::size_t i = t.at + 1; i < t.raw.size(); ++i) {
    if (t.starts_line[i] && ++lines > 3) return;
    const std::size_t type = t.type(i);
    if (type == L::STRING || type == L::BRACE_OPEN || type == L::BRACE_CLOSE) return;
    if (type != L::OPEN_STRING) continue;
    if (t.raw[i]->getText().find_first_not_of(" \t\r", 1) != std::string::npos) return;
    for (std::size_t k = t.at + 1; k <= i; ++k) t.silent.insert(k);
    return;
  }
}

/// Whether the text that begins at raw `i` goes on in the next lines.
bool goes_on_below(const Translation& t, std::size_t i) {
  for (std::size_t next = i + 1, lines = 0; next < t.raw.size() && lines <= 3; ++next) {
    if (t.starts_line[next]) ++lines;
    const std::size_t type = t.type(next);
    if (type == L::STRING || type == L::BRACE_OPEN || type == L::BRACE_CLOSE) return false;
    if (type == L::OPEN_STRING) return t.raw[next]->getText().find_first_not_of(" \t\r", 1) == std::string::npos;
  }
  return false;
}

}  // namespace

void mend_texts(Translation& t) {
  for (std::size_t i = 0; i < t.raw.size(); ++i) {
    if (t.type(i) != L::OPEN_STRING) continue;
    if (goes_on_below(t, i)) return;
    if (mend_beginning(t, i)) {
      i = *t.mended.rbegin();
    } else {
      mend_end(t, i);
    }
  }
}

/// A text whose line ends before it does. What closes a body at the end of the line was hardly meant to be in it.
void translate_open_string(Translation& t) {
  const std::string written = t.here().getText();
  std::string_view text = without_blanks(written);
  const char last = text.back();
  if (last == '{' || last == '}') text.remove_suffix(1);
  if (text.size() > 1) text = without_blanks(text);
  say_open(t, t.span(), text);
  auto token = stand_in(t.here(), L::STRING, std::string(text) + "\"");
  token->setStopIndex(t.here().getStartIndex() + code_points(text) - 1);
  t.emit(std::move(token), true);
  skip_rest_of_text(t);
  if (last == '{') t.emit(L::BRACE_OPEN, "{");
  if (last == '}') t.emit(L::BRACE_CLOSE, "}");
}

void translate_string(Translation& t) {
  const std::string text = t.here().getText();
  // The quotes are one to three bytes long; what stands between them begins and ends a code point.
  std::size_t begin = 1, end = text.size() - 1;
  while ((static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  const std::string straight = "\"" + text.substr(begin, end - begin) + "\"";
  suggest(t.say(t.span(), ForeignSpelling, text), t.span(), straight);
  t.emit(L::STRING, straight);
}

}  // namespace plumb::syntax::antlr
