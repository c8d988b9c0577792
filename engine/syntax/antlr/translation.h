#pragma once

#include <set>
#include <string>
#include <string_view>

#include "PlumbLexer.h"
#include "syntax/antlr/tokens.h"

/// The inside of `translate`: signs in translate.cpp, texts in translate_text.cpp, what stands around words in translate_marks.cpp, words
/// in translate_words.cpp, numbers and money in translate_literal.cpp, dates and times in translate_date.cpp, those in
/// words in translate_time.cpp.
namespace plumb::syntax::antlr {

using L = PlumbLexer;

inline constexpr std::size_t none = SIZE_MAX;

/// The token list while it is being put right.
struct Translation {
  Reader& reader;
  Tokens raw;
  std::vector<bool> starts_line;
  std::size_t at = 0;
  Tokens tokens;
  std::vector<TokenFacts> facts;
  bool report_reaches_next = false;
  std::set<std::size_t> silent = {};  // of raw: spoken of already, and left out
  std::set<std::size_t> mended = {};  // of raw: texts that lacked a quote, spoken of already

  const antlr4::Token& here() const { return *raw[at]; }
  source::Span span() const { return reader.offsets.span(here()); }
  /// Of raw tokens that have not been emitted yet, both inclusive.
  source::Span span(std::size_t first, std::size_t last) const;
  std::string_view written(std::size_t first, std::size_t last) const { return text_of(span(first, last)); }
  std::string_view text_of(source::Span span) const;
  /// Of the raw tokens from `at` on. Missing: the end of the file.
  std::size_t type(std::size_t i) const { return i < raw.size() ? raw[i]->getType() : antlr4::Token::EOF; }
  /// Whether there is such a token, on the line of the one before it.
  bool on_line(std::size_t i) const { return i < raw.size() && !starts_line[i]; }
  bool is_unit(std::size_t i) const { return is_unit_word(type(i)); }
  /// The type of the n-th token before, from 1. Missing: the end of the file.
  std::size_t before(std::size_t n) const {
    return n <= tokens.size() ? tokens[tokens.size() - n]->getType() : antlr4::Token::EOF;
  }
  /// Whether the words of `phrase` stand here, on one line, in any case: the last of them. Missing: none.
  std::size_t matches(std::string_view phrase) const;
  /// Whether this line has a keyword up to here, not far before.
  bool in_line_of(std::size_t keyword) const;
  static bool is_unit_word(std::size_t type);

  /// Emits the words of Plumb in `words` in place of the last `before` that were emitted and of raw up to `last`, and
  /// goes there.
  void replace(std::size_t before, std::size_t last, std::string_view words);

  void emit(std::unique_ptr<antlr4::Token> token, bool reported) {
    TokenFacts fact;
    const bool first_of_place = tokens.empty() || tokens.back()->getStartIndex() != token->getStartIndex();
    fact.starts_line = first_of_place && starts_line[at];
    fact.reported = reported || report_reaches_next;
    report_reaches_next = false;
    tokens.push_back(std::move(token));
    facts.push_back(fact);
  }
  void emit(std::size_t type, const std::string& text) { emit(stand_in(here(), type, text), true); }
  void drop() {
    report_reaches_next = true;
    if (starts_line[at] && at + 1 < raw.size()) starts_line[at + 1] = true;
  }

  /// Missing: null when enough has been said about this file.
  template <class... Args>
  diagnostics::Diagnostic* say(source::Span place, const diagnostics::Code& code, const Args&... args) {
    return reader.may_report() ? &reader.sink.report(place, code, args...) : nullptr;
  }
};

bool adjacent(const antlr4::Token& a, const antlr4::Token& b);
bool is_word(const antlr4::Token& token);

/// As Translation::replace, and says so; whoever is `certain` suggests it, too.
void rewrite(Translation& t, std::size_t before, std::size_t last, std::string_view words, bool certain = true);

/// Says what to write instead, as a help and as a suggestion. `said` may be null.
void suggest(diagnostics::Diagnostic* said, source::Span span, const std::string& text);

// Each says whether it has translated what stands here.
bool translate_words(Translation& t);       // comparisons, lists, units and numbers in words
bool translate_marks(Translation& t);       // bullets, comments over lines, brackets, dashes of ranges
bool translate_amount(Translation& t);      // money and large numbers
bool translate_time_words(Translation& t);  // dates in words, times of twelve hours

/// Closes, in `raw`, the texts that lack a quote where it is clear which.
void mend_texts(Translation& t);
void translate_open_string(Translation& t);
void translate_string(Translation& t);
void translate_stray(Translation& t);
void translate_percent(Translation& t);
void translate_money(Translation& t);
void translate_glued(Translation& t);
void translate_date(Translation& t);
void translate_instant(Translation& t);
/// Reports a date, time or offset that there is not.
void check_literal(Translation& t);

}  // namespace plumb::syntax::antlr
