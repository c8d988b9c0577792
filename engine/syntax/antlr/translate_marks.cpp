#include <fmt/format.h>

#include "source/utf8.h"
#include "syntax/antlr/translation.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;
using diagnostics::diag::StrayCharacter;

/// `-`, `•`, `1.` before the clauses, as in a list: one mistake, however long the list.
std::size_t end_of_bullet(const Translation& t, std::size_t i) {
  if (!(i < t.raw.size()) || !t.starts_line[i] || !t.on_line(i + 1)) return none;
  const std::size_t type = t.type(i), next = t.type(i + 1);
  const bool mark = type == L::FOREIGN_MINUS || type == L::FOREIGN_DASH || type == L::FOREIGN_TIMES || type == L::STRAY;
  if (mark) return is_word(*t.raw[i + 1]) ? i : none;
  const bool numbered = type == L::NUMERAL && (next == L::DOT || next == L::PAREN_CLOSE);
  return numbered && t.on_line(i + 2) && is_word(*t.raw[i + 2]) ? i + 1 : none;
}

/// With the blanks behind it.
source::Span with_blanks(const Translation& t, source::Span span) {
  const std::string_view content = t.reader.text.content();
  while (span.end < content.size() && (content[span.end] == ' ' || content[span.end] == '\t')) ++span.end;
  return span;
}

bool translate_bullets(Translation& t) {
  const std::size_t last = end_of_bullet(t, t.at);
  // One stray mark is no list: an arrow or a subtraction may go on in the next line.
  if (last == none || (t.before(1) != L::BRACE_OPEN && t.type(t.at) == L::FOREIGN_MINUS)) return false;
  Diagnostic* said = t.say(t.span(t.at, last), ForeignSpelling, t.written(t.at, last));
  if (said != nullptr) said->hint("clauses stand without a mark before them; leave it out");
  const std::size_t type = t.here().getType();
  for (std::size_t i = t.at; i < t.raw.size() && t.type(i) != L::BRACE_CLOSE; ++i) {
    const std::size_t end = t.type(i) == type ? end_of_bullet(t, i) : none;
    if (end == none) continue;
    if (said != nullptr) said->suggest(with_blanks(t, t.span(i, end)), "");
    for (std::size_t k = i; k <= end; ++k) t.silent.insert(k);
  }
  t.drop();
  return true;
}

/// `/* … */`, over however many lines. Missing: none where no comment begins or none ends.
std::size_t end_of_comment(const Translation& t) {
  const auto pair = [&t](std::size_t i, std::size_t first, std::size_t second) {
    return t.type(i) == first && t.type(i + 1) == second && adjacent(*t.raw[i], *t.raw[i + 1]);
  };
  if (!pair(t.at, L::FOREIGN_DIVIDED, L::FOREIGN_TIMES)) return none;
  for (std::size_t i = t.at + 2; i < t.raw.size(); ++i) {
    if (pair(i, L::FOREIGN_TIMES, L::FOREIGN_DIVIDED)) return i + 1;
  }
  return none;
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? ""
                                         : std::string(text.substr(begin, text.find_last_not_of(" \t") + 1 - begin));
}

bool translate_comment(Translation& t) {
  const bool marked = t.type(t.at) == L::FOREIGN_LESS && t.type(t.at + 1) == L::FOREIGN_NOT &&
                      t.type(t.at + 2) == L::FOREIGN_COMMENT && t.on_line(t.at + 2);
  const std::size_t last = marked ? t.at + 2 : end_of_comment(t);
  if (last == none) return false;
  const source::Span span = t.span(t.at, last);
  const std::string_view all = t.text_of(span);
  const std::size_t opening = marked ? 4 : 2, closing = all.ends_with("-->") ? 3 : marked ? 0 : 2;
  if (Diagnostic* said = t.say(span, ForeignSpelling, all.substr(0, opening))) {
    const bool one_line = all.find('\n') == std::string_view::npos;
    said->hint("{} starts with `#`", one_line ? "a comment" : "each line of a comment");
    if (one_line && !t.on_line(last + 1)) {
      said->suggest(span, "# " + trimmed(all.substr(opening, all.size() - opening - closing)));
    }
  }
  t.at = last;
  t.drop();
  return true;
}

/// `[a, b]`: both brackets are one mistake.
bool translate_brackets(Translation& t) {
  if (t.here().getType() != L::FOREIGN_BRACKET_OPEN) return false;
  std::size_t close = t.at + 1;
  while (close < t.raw.size() && close < t.at + 1000 && t.type(close) != L::FOREIGN_BRACKET_CLOSE) ++close;
  if (t.type(close) != L::FOREIGN_BRACKET_CLOSE) return false;
  if (Diagnostic* said = t.say(t.span(), ForeignSpelling, "[")) {
    said->hint("write `(` and `)`").suggest(t.span(), "(").suggest(t.span(close, close), ")");
  }
  t.emit(L::PAREN_OPEN, "(");
  // The other half is read as what it is meant to be.
  t.raw[close] = stand_in(*t.raw[close], L::PAREN_CLOSE, ")");
  return true;
}

/// `09:00 - 17:30`, `monday-friday`, `monday – friday`: `to`.
bool translate_range(Translation& t) {
  const std::size_t type = t.here().getType();
  const bool dash = type == L::FOREIGN_MINUS || type == L::FOREIGN_DASH;
  const bool range = t.in_line_of(L::WORK) || t.in_line_of(L::TERM) || t.in_line_of(L::LEAVE);
  if (!dash || t.starts_line[t.at] || !range || t.tokens.empty() || t.before(1) == L::STRING) return false;
  const source::Span span = t.span();
  const std::string_view content = t.reader.text.content();
  std::string words = "to";
  if (content[span.begin - 1] != ' ') words.insert(0, " ");
  if (span.end < content.size() && content[span.end] != ' ') words += " ";
  if (Diagnostic* said = t.say(span, ForeignSpelling, t.text_of(span))) said->hint("write `to`").suggest(span, words);
  t.replace(0, t.at, "to");
  return true;
}

/// `sets amount = 5 USD`: `to`.
bool translate_setting(Translation& t) {
  if (t.here().getType() != L::FOREIGN_IS || t.before(2) != L::SETS) return false;
  rewrite(t, 0, t.at, "to");
  return true;
}

/// `-10` where a number is wanted.
bool translate_negative(Translation& t) {
  if (t.here().getType() != L::FOREIGN_MINUS || !t.on_line(t.at + 1)) return false;
  const std::size_t next = t.type(t.at + 1);
  const bool number = next == L::NUMERAL || next == L::PERCENTAGE || next == L::FOREIGN_GLUED;
  if (!number || !adjacent(t.here(), *t.raw[t.at + 1])) return false;
  const std::size_t before = t.before(1);
  const bool wanted = before == L::WITHIN || before == L::LEAST || before == L::MOST || before == L::THAN ||
                      before == L::IS || before == L::NOT || before == L::LAST || before == L::PAREN_OPEN;
  if (!wanted) return false;
  if (Diagnostic* said = t.say(t.span(t.at, t.at + 1), ForeignSpelling, t.written(t.at, t.at + 1))) {
    said->hint("a number is never negative; say it the other way round, with `before`, `less than`, `minus`");
  }
  t.drop();
  return true;
}

/// `2-day`.
bool translate_glued_unit(Translation& t) {
  const bool unit = t.here().getType() == L::FOREIGN_MINUS && t.before(1) == L::NUMERAL && t.is_unit(t.at + 1);
  if (!unit || !adjacent(t.here(), *t.raw[t.at + 1]) || t.starts_line[t.at]) return false;
  const std::string number = t.tokens.back()->getText();
  std::string word = t.raw[t.at + 1]->getText();
  if (number != "1" && word.back() != 's') word += "s";
  rewrite(t, 1, t.at + 1, number + " " + word);
  return true;
}

// ---- stray characters -----------------------------------------------------------------------------------------------

bool is_wide_blank(char32_t c) {
  return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0x85;
}

bool is_invisible(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0x061C || c == 0x180E;
}

/// `cham` and `pion`, with something between them that nobody sees: one word.
void join_halves(Translation& t, std::size_t last) {
  if (t.tokens.empty() || last + 1 >= t.raw.size()) return;
  const antlr4::Token& next = *t.raw[last + 1];
  const bool halves = is_word(*t.tokens.back()) && is_word(next) && adjacent(*t.tokens.back(), t.here()) &&
                      adjacent(*t.raw[last], next);
  if (!halves) return;
  const std::string whole = t.tokens.back()->getText() + next.getText();
  t.replace(1, last + 1, whole);
}

void say_unseen(Translation& t, source::Span span, char32_t character) {
  Diagnostic* said = t.say(span, StrayCharacter, fmt::format("U+{:04X}", static_cast<unsigned>(character)));
  if (said == nullptr) return;
  if (is_wide_blank(character)) {
    said->hint("it looks like a blank and is none; write a blank").suggest(span, " ");
  } else {
    said->hint("nobody sees it; leave it out").suggest(span, "");
  }
}

}  // namespace

void translate_stray(Translation& t) {
  const std::size_t first = t.at;
  std::size_t last = first;
  const auto stray = [&t](std::size_t i) { return t.type(i) == L::STRAY || t.type(i) == L::FOREIGN_QUOTE; };
  while (stray(last + 1) && adjacent(*t.raw[last], *t.raw[last + 1])) ++last;
  const source::Span span = t.span(first, last);
  const char32_t character = source::decode(t.text_of(span), 0).value;
  if (is_wide_blank(character) || is_invisible(character)) {
    say_unseen(t, span, character);
    if (is_invisible(character)) join_halves(t, last);
    if (t.at == first) t.at = last, t.drop();
    return;
  }
  const bool many = last - first > 20;
  const std::string text = many ? t.here().getText() + "…" : std::string(t.text_of(span));
  if (Diagnostic* said = t.say(span, StrayCharacter, text)) {
    if (t.here().getType() == L::FOREIGN_QUOTE) {
      said->hint("a text stands between two straight quotes, on one line: `\"…\"`");
    } else {
      said->hint("leave it out").suggest(span, "");
    }
  }
  t.at = last;
  t.drop();
}

namespace {

/// `stage proposal as Proposal/Price Quote`, `zone Europe/Berlin`: a text that lacks its quotes.
bool translate_label(Translation& t) {
  const bool label = t.before(1) == L::AS && t.before(3) == L::STAGE;
  const bool zone = t.before(1) == L::ZONE && t.type(t.at + 1) == L::FOREIGN_DIVIDED;
  if (!(label || zone) || t.starts_line[t.at] || !is_word(t.here())) return false;
  std::size_t last = t.at;
  const auto goes_on = [&t](std::size_t i) {
    const std::size_t type = t.type(i);
    return t.on_line(i) && type != L::BRACE_OPEN && type != L::BRACE_CLOSE && type != L::STRING &&
           type != L::OPEN_STRING;
  };
  while (goes_on(last + 1)) ++last;
  const source::Span span = t.span(t.at, last);
  const std::string quoted = "\"" + std::string(t.text_of(span)) + "\"";
  suggest(t.say(span, ForeignSpelling, t.text_of(span)), span, quoted);
  auto token = stand_in(t.here(), L::STRING, quoted);
  token->setStopIndex(t.raw[last]->getStopIndex());
  t.emit(std::move(token), true);
  t.at = last;
  return true;
}

}  // namespace

bool translate_marks(Translation& t) {
  const std::size_t type = t.here().getType();
  if ((t.before(1) == L::AS || t.before(1) == L::ZONE) && translate_label(t)) return true;
  if (t.starts_line[t.at] && translate_bullets(t)) return true;
  if (type < L::FOREIGN_AT_LEAST) return false;
  return translate_glued_unit(t) || translate_comment(t) || translate_brackets(t) || translate_range(t) ||
         translate_setting(t) || translate_negative(t);
}

}  // namespace plumb::syntax::antlr
