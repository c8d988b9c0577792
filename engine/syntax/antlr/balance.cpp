#include <algorithm>

#include "PlumbLexer.h"
#include "syntax/antlr/headers.h"
#include "syntax/parse.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::diag::UnclosedBrace;
using diagnostics::diag::UnexpectedEnd;
using diagnostics::diag::UnexpectedWord;
using diagnostics::diag::UnmatchedBrace;

/// A `{` that waits for its `}`.
struct Open {
  std::size_t index = 0;
  std::size_t indent = 0;  // column of the first word of its line
  bool indented = false;   // its body begins on a line of its own, further to the right
  bool supplied = false;   // nobody wrote it
};

/// The balanced list while it grows.
struct Balanced {
  Tokens tokens;
  std::vector<TokenFacts> facts;
  std::vector<Open> open;
  std::size_t indent = 0;  // of the line of the last token
  std::size_t line = 0;    // the first token of that line

  void add(std::unique_ptr<antlr4::Token> token, TokenFacts fact) {
    const std::size_t column = token->getCharPositionInLine();
    if (fact.starts_line) indent = column;
    if (fact.starts_line) line = tokens.size();
    const bool first_of_body = !open.empty() && open.back().index + 1 == tokens.size();
    if (first_of_body) open.back().indented = fact.starts_line && column > open.back().indent;
    if (token->getType() == PlumbLexer::BRACE_CLOSE && !open.empty()) open.pop_back();
    if (token->getType() == PlumbLexer::BRACE_OPEN) open.push_back(Open{tokens.size(), indent, false, false});
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
  /// The `{` that is missing behind the token before `place`.
  void supply(std::size_t place) {
    TokenFacts fact;
    fact.reported = true;
    auto token = stand_in(*tokens[place - 1], PlumbLexer::BRACE_OPEN, "{");
    tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(place), std::move(token));
    facts.insert(facts.begin() + static_cast<std::ptrdiff_t>(place), fact);
    open.push_back(Open{place, indent, false, true});
  }
  void measure_depth() {
    std::uint32_t depth = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      facts[i].depth = depth;
      if (tokens[i]->getType() == PlumbLexer::BRACE_OPEN) ++depth;
      if (tokens[i]->getType() == PlumbLexer::BRACE_CLOSE && depth > 0) --depth;
    }
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
  if (balanced.open.back().supplied || !reader.may_report()) return;
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

/// A stage, an item, … on the last line that has no `{` although something was meant to close it. Missing: SIZE_MAX.
std::size_t unopened_on_line(const Balanced& balanced) {
  const Tokens& tokens = balanced.tokens;
  for (std::size_t i = tokens.size(); i-- > balanced.line;) {
    const std::size_t type = tokens[i]->getType();
    const bool inner = type == PlumbLexer::STAGE || type == PlumbLexer::ITEM || type == PlumbLexer::RUNG;
    const std::size_t place = inner || i == balanced.line ? end_of_header(tokens, i) : SIZE_MAX;
    const bool of_stages = inner && i > 0 && tokens[i - 1]->getType() == PlumbLexer::OPEN;  // from any open stage
    if (place == SIZE_MAX || of_stages) continue;
    if (place == tokens.size() || tokens[place]->getType() != PlumbLexer::BRACE_OPEN) return i;
  }
  return SIZE_MAX;
}

std::string first_words(const Balanced& balanced, std::size_t first) {
  const std::string words = balanced.tokens[first]->getText();
  return first + 1 < balanced.tokens.size() ? words + " " + balanced.tokens[first + 1]->getText() : words;
}

/// `must calls "…"` and its clauses, without the `{` between them: it is put in where the first line ends, so that what
/// stands behind it is read. Whether it was so.
bool supply_open(Reader& reader, Balanced& balanced, const antlr4::Token& brace, const TokenFacts& fact) {
  const bool none_open = balanced.open.empty();
  const bool same_line = !none_open && balanced.open.back().index >= balanced.line;
  std::size_t first = fact.starts_line || same_line ? SIZE_MAX : unopened_on_line(balanced);
  if (first == SIZE_MAX && none_open) first = unopened_declaration(balanced);
  const std::size_t place = first == SIZE_MAX ? SIZE_MAX : end_of_header(balanced.tokens, first);
  if (place == SIZE_MAX) return false;
  if (reader.may_report()) {
    reader.sink.report(reader.offsets.span(brace), UnmatchedBrace)
        .label(reader.offsets.span(*balanced.tokens[place - 1]), "a `{` is missing behind this")
        .hint("write `{{` where the body of `{}` begins", first_words(balanced, first));
  }
  balanced.supply(place);
  return true;
}

/// `stage offer` without a `{`, and its clauses on lines of their own, further to the right.
void supply_open_above(Reader& reader, Balanced& balanced, const antlr4::Token& token, const TokenFacts& fact) {
  if (!fact.starts_line || balanced.tokens.empty() || continues_line(token)) return;
  const std::size_t first = balanced.line, end = balanced.tokens.size();
  const bool deeper = token.getCharPositionInLine() > balanced.tokens[first]->getCharPositionInLine();
  const std::size_t place = deeper ? end_of_header(balanced.tokens, first) : SIZE_MAX;
  const antlr4::Token& last = *balanced.tokens.back();
  if (place != end || (continues_line(last) && last.getType() != PlumbLexer::STRING)) return;
  if (reader.may_report()) {
    reader.sink.report(reader.offsets.span(token), UnexpectedWord, token.getText())
        .label(reader.offsets.span(last), "a `{` is missing behind this")
        .hint("write `{{` where the body of `{}` begins", first_words(balanced, first));
  }
  balanced.supply(end);
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
  // Where nothing is indented, a line at the left edge says nothing.
  const bool says = open.indented || open.indent > 0;
  return fact.starts_line && says && token.getCharPositionInLine() <= open.indent;
}

/// Whether a `}` closes nothing: there is no `{`, or it stands further to the right than what it would close.
bool is_unmatched(const Balanced& balanced, const antlr4::Token& token, const TokenFacts& fact, bool trusted) {
  if (token.getType() != PlumbLexer::BRACE_CLOSE) return false;
  if (balanced.open.empty()) return true;
  const Open& open = balanced.open.back();
  return !trusted && fact.starts_line && open.indented && token.getCharPositionInLine() > open.indent;
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
    if (!trusted) supply_open_above(reader, balanced, token, reader.facts[i]);
    const bool closes = !trusted && token.getType() == PlumbLexer::BRACE_CLOSE;
    const bool supplied = closes && supply_open(reader, balanced, token, reader.facts[i]);
    const bool unmatched = !supplied && is_unmatched(balanced, token, reader.facts[i], trusted);
    if (unmatched && !extra) report_unmatched(reader, token);
    extra = unmatched;
    if (!unmatched) balanced.add(std::move(tokens[i]), reader.facts[i]);
  }
  if (!balanced.open.empty()) {
    report_unclosed(reader, balanced, nullptr);
    const auto last = stand_in(*balanced.tokens.back(), PlumbLexer::BRACE_CLOSE, "}");
    balanced.close_all(*last);
  }
  balanced.measure_depth();
  TokenFacts end;
  end.starts_line = true;
  balanced.facts.push_back(end);
  tokens = std::move(balanced.tokens);
  reader.facts = std::move(balanced.facts);
  return true;
}

}  // namespace plumb::syntax::antlr
