#include <algorithm>
#include <array>

#include "PlumbLexer.h"
#include "syntax/antlr/tokens.h"
#include "syntax/parse.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::diag::ListTooLong;
using diagnostics::diag::TooDeep;
using diagnostics::diag::UnclosedBrace;
using diagnostics::diag::UnexpectedEnd;
using diagnostics::diag::UnmatchedBrace;

constexpr std::array declaration_words{
    PlumbLexer::RULEBOOK, PlumbLexer::USE,    PlumbLexer::EXTENDS, PlumbLexer::CALENDAR, PlumbLexer::FIELDS,
    PlumbLexer::ACTIVITY, PlumbLexer::RECORD, PlumbLexer::EVENT,   PlumbLexer::PROCESS,  PlumbLexer::CHECKLIST,
    PlumbLexer::MUST,     PlumbLexer::SHOULD, PlumbLexer::TRIAL,   PlumbLexer::MEASURE,  PlumbLexer::TARGET,
    PlumbLexer::PLAN,     PlumbLexer::LADDER, PlumbLexer::PROVE,   PlumbLexer::TEST,     PlumbLexer::CHANGE,
    PlumbLexer::REMOVE};

/// Line breaks mean nothing in Plumb; where a brace is missing they are still the best witness of what was meant.
bool begins_declaration(const antlr4::Token& token) {
  const auto found = std::find(declaration_words.begin(), declaration_words.end(), token.getType());
  return token.getCharPositionInLine() == 0 && found != declaration_words.end();
}

/// A `{` that waits for its `}`.
struct Open {
  std::size_t index = 0;
  std::size_t indent = 0;  // column of the first word of its line
  bool indented = false;   // its body begins on a line of its own, further to the right
};

/// The balanced list while it grows.
struct Balanced {
  Tokens tokens;
  std::vector<TokenFacts> facts;
  std::vector<Open> open;
  std::size_t indent = 0;  // of the line of the last token

  void add(std::unique_ptr<antlr4::Token> token, TokenFacts fact) {
    fact.depth = static_cast<std::uint32_t>(open.size());
    const std::size_t column = token->getCharPositionInLine();
    if (fact.starts_line) indent = column;
    const bool first_of_body = !open.empty() && open.back().index + 1 == tokens.size();
    if (first_of_body) open.back().indented = fact.starts_line && column > open.back().indent;
    if (token->getType() == PlumbLexer::BRACE_CLOSE && !open.empty()) open.pop_back();
    if (token->getType() == PlumbLexer::BRACE_OPEN) open.push_back(Open{tokens.size(), indent, false});
    tokens.push_back(std::move(token));
    facts.push_back(fact);
  }
  void close(const antlr4::Token& before) {
    TokenFacts fact;
    fact.reported = true;
    add(stand_in(before, PlumbLexer::BRACE_CLOSE, "}"), fact);
  }
  void close_all(const antlr4::Token& before) {
    while (!open.empty()) close(before);
  }
};

/// The first words before a `{`, which say what it belongs to: process new_business.
std::string owner_of(const Balanced& balanced, std::size_t brace) {
  std::size_t first = brace;
  while (first > 0 && brace - first < 8) {
    const std::size_t type = balanced.tokens[first - 1]->getType();
    const bool ends_there = type == PlumbLexer::BRACE_OPEN || type == PlumbLexer::BRACE_CLOSE;
    if (ends_there || balanced.facts[first].starts_line) break;
    --first;
  }
  std::string words = first < brace ? balanced.tokens[first]->getText() : "{";
  if (first + 1 < brace) words += " " + balanced.tokens[first + 1]->getText();
  return words;
}

void report_unclosed(Reader& reader, const Balanced& balanced, const antlr4::Token* before) {
  if (!reader.may_report()) return;
  const std::size_t brace = balanced.open.back().index;
  const source::Span opened = reader.offsets.span(*balanced.tokens[brace]);
  const std::string owner = owner_of(balanced, brace);
  if (before == nullptr) {
    const source::Span end = reader.offsets.span(*balanced.tokens.back());
    reader.sink.report(end, UnexpectedEnd, "`" + owner + "`")
        .label(opened, "nothing closes this")
        .hint("write `}}` where `{}` ends", owner);
    return;
  }
  const std::string word = before->getText();
  reader.sink.report(opened, UnclosedBrace, owner)
      .label(reader.offsets.span(*before), "a `}` is missing before this")
      .hint("write `}}` before `{}`", word);
}

void report_unmatched(Reader& reader, const antlr4::Token& brace) {
  if (!reader.may_report()) return;
  reader.sink.report(reader.offsets.span(brace), UnmatchedBrace).hint("leave it out, or write the `{{` that it closes");
}

/// The first word of the declaration that a `}` was meant to close, where its `{` is missing. Missing: SIZE_MAX.
std::size_t unopened_declaration(const Balanced& balanced) {
  for (std::size_t i = balanced.tokens.size(); i-- > 0;) {
    const std::size_t type = balanced.tokens[i]->getType();
    if (type == PlumbLexer::BRACE_OPEN || type == PlumbLexer::BRACE_CLOSE) return SIZE_MAX;
    if (balanced.facts[i].starts_line && begins_declaration(*balanced.tokens[i])) return i;
  }
  return SIZE_MAX;
}

/// Where the `{` of a declaration belongs: behind its name and title, `of account`, `with buyer`.
std::size_t end_of_header(const Balanced& balanced, std::size_t first) {
  const auto type = [&](std::size_t i) {
    return i < balanced.tokens.size() ? balanced.tokens[i]->getType() : antlr4::Token::EOF;
  };
  std::size_t place = first + 2;
  for (;;) {
    if (type(place) == PlumbLexer::STRING) {
      ++place;
    } else if (type(place) == PlumbLexer::DOT || type(place) == PlumbLexer::OF || type(place) == PlumbLexer::WITH) {
      place += 2;
    } else {
      return place;
    }
  }
}

/// `must calls "…"` and its clauses, without the `{` between them: it is put in where the first line ends, so that what
/// stands behind it is read. Whether it was so.
bool open_declaration(Reader& reader, Balanced& balanced, const antlr4::Token& brace) {
  const std::size_t first = balanced.open.empty() ? unopened_declaration(balanced) : SIZE_MAX;
  if (first == SIZE_MAX || first + 2 >= balanced.tokens.size()) return false;
  const std::size_t place = end_of_header(balanced, first);
  if (place >= balanced.tokens.size()) return false;
  const antlr4::Token& last = *balanced.tokens[place - 1];
  if (reader.may_report()) {
    const std::string words = balanced.tokens[first]->getText() + " " + balanced.tokens[first + 1]->getText();
    reader.sink.report(reader.offsets.span(brace), UnmatchedBrace)
        .label(reader.offsets.span(last), "a `{` is missing behind this")
        .hint("write `{{` where the body of `{}` begins", words);
  }
  TokenFacts fact;
  fact.reported = true;
  auto token = stand_in(last, PlumbLexer::BRACE_OPEN, "{");
  balanced.tokens.insert(balanced.tokens.begin() + static_cast<std::ptrdiff_t>(place), std::move(token));
  balanced.facts.insert(balanced.facts.begin() + static_cast<std::ptrdiff_t>(place), fact);
  for (std::size_t i = place + 1; i < balanced.facts.size(); ++i) ++balanced.facts[i].depth;
  balanced.open.push_back(Open{place, 0, true});
  return true;
}

bool is_balanced(const Tokens& tokens) {
  std::int64_t open = 0;
  for (const auto& token : tokens) {
    if (token->getType() == PlumbLexer::BRACE_OPEN) ++open;
    if (token->getType() == PlumbLexer::BRACE_CLOSE && --open < 0) return false;
  }
  return open == 0;
}

/// Whether the innermost body must have ended before this token, by how the lines are indented.
bool body_has_ended(const Balanced& balanced, const antlr4::Token& token, const TokenFacts& fact) {
  if (balanced.open.empty() || token.getType() == PlumbLexer::BRACE_CLOSE) return false;
  const Open& open = balanced.open.back();
  return fact.starts_line && open.indented && token.getCharPositionInLine() <= open.indent;
}

/// Whether a `}` closes nothing: there is no `{`, or it stands further to the right than what it would close.
bool is_unmatched(const Balanced& balanced, const antlr4::Token& token, const TokenFacts& fact, bool trusted) {
  if (token.getType() != PlumbLexer::BRACE_CLOSE) return false;
  if (balanced.open.empty()) return true;
  const Open& open = balanced.open.back();
  return !trusted && fact.starts_line && open.indented && token.getCharPositionInLine() > open.indent;
}

bool opens(std::size_t type) { return type == PlumbLexer::BRACE_OPEN || type == PlumbLexer::PAREN_OPEN; }
bool closes(std::size_t type) { return type == PlumbLexer::BRACE_CLOSE || type == PlumbLexer::PAREN_CLOSE; }

/// Operators whose operand is again a whole value or condition: a chain of them is a tree as deep as the chain.
bool nests(std::size_t type) {
  return type == PlumbLexer::NOT || type == PlumbLexer::PLUS || type == PlumbLexer::MINUS ||
         type == PlumbLexer::DIVIDED;
}

/// Depth and long lists cost the parser more than they are worth to anybody.
bool is_excessive(Reader& reader, const Tokens& tokens) {
  struct Bracket {
    bool is_parenthesis = false;
    std::size_t commas = 0;
    std::size_t operators = 0;
  };
  std::vector<Bracket> open{Bracket{}};
  const auto say = [&reader](const antlr4::Token& token, const diagnostics::Code& code, std::size_t limit) {
    reader.had_errors = true;
    reader.sink.report(reader.offsets.span(token), code, limit)
        .hint("give a part of it a name of its own: an `event`, a `measure`");
    return true;
  };
  for (const auto& token : tokens) {
    const std::size_t type = token->getType();
    if (opens(type)) open.push_back(Bracket{type == PlumbLexer::PAREN_OPEN, 0, 0});
    if (closes(type) && open.size() > 1) open.pop_back();
    if (type == PlumbLexer::COMMA) ++open.back().commas;
    if (begins_declaration(*token)) open.back().operators = 0;
    if (nests(type) && ++open.back().operators > Limits::operators) return say(*token, TooDeep, Limits::operators);
    if (open.size() > Limits::depth + 1) return say(*token, TooDeep, Limits::depth);
    const bool too_long = open.back().is_parenthesis && open.back().commas >= Limits::list;
    if (too_long) return say(*token, ListTooLong, Limits::list);
  }
  return false;
}

}  // namespace

bool balance(Reader& reader, Tokens& tokens) {
  if (is_excessive(reader, tokens)) return false;
  const bool trusted = is_balanced(tokens);
  Balanced balanced;
  bool extra = false;  // several `}` that close nothing are one mistake
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const antlr4::Token& token = *tokens[i];
    while (!trusted && body_has_ended(balanced, token, reader.facts[i])) {
      report_unclosed(reader, balanced, &token);
      balanced.close(token);
    }
    if (!trusted && !balanced.open.empty() && begins_declaration(token)) {
      report_unclosed(reader, balanced, &token);
      balanced.close_all(token);
    }
    const bool closes_nothing = is_unmatched(balanced, token, reader.facts[i], trusted);
    const bool unmatched = closes_nothing && !open_declaration(reader, balanced, token);
    if (unmatched && !extra) report_unmatched(reader, token);
    extra = unmatched;
    if (!unmatched) balanced.add(std::move(tokens[i]), reader.facts[i]);
  }
  if (!balanced.open.empty()) {
    report_unclosed(reader, balanced, nullptr);
    const auto last = stand_in(*balanced.tokens.back(), PlumbLexer::BRACE_CLOSE, "}");
    balanced.close_all(*last);
  }
  TokenFacts end;
  end.starts_line = true;
  balanced.facts.push_back(end);
  tokens = std::move(balanced.tokens);
  reader.facts = std::move(balanced.facts);
  return true;
}

}  // namespace plumb::syntax::antlr
