#pragma once

#include <string>
#include <string_view>

#include "PlumbLexer.h"
#include "syntax/antlr/tokens.h"

/// The inside of `translate`: signs and texts in translate.cpp, numbers and dates in translate_literal.cpp.
namespace plumb::syntax::antlr {

using L = PlumbLexer;

/// The token list while it is being put right.
struct Translation {
  Reader& reader;
  Tokens raw;
  std::vector<bool> starts_line;
  std::size_t at = 0;
  Tokens tokens;
  std::vector<TokenFacts> facts;
  bool report_reaches_next = false;

  const antlr4::Token& here() const { return *raw[at]; }
  source::Span span() const { return reader.offsets.span(here()); }

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
  void drop() { report_reaches_next = true; }

  /// Missing: null when enough has been said about this file.
  template <class... Args>
  diagnostics::Diagnostic* say(source::Span place, const diagnostics::Code& code, const Args&... args) {
    return reader.may_report() ? &reader.sink.report(place, code, args...) : nullptr;
  }
};

bool adjacent(const antlr4::Token& a, const antlr4::Token& b);

/// Says what to write instead, as a help and as a suggestion. `said` may be null.
void suggest(diagnostics::Diagnostic* said, source::Span span, const std::string& text);

void translate_percent(Translation& t);
void translate_money(Translation& t);
void translate_glued(Translation& t);
void translate_date(Translation& t);
void translate_instant(Translation& t);
/// Reports a date, time or offset that there is not.
void check_literal(Translation& t);

}  // namespace plumb::syntax::antlr
