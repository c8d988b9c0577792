#include "syntax/antlr/tokens.h"

#include "PlumbLexer.h"
#include "syntax/parse.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::diag::EmptyRulebook;
using diagnostics::diag::TooManyWords;

/// Comments go into the file, blanks nowhere. Missing: nullopt when there are more words than the limit.
std::optional<Tokens> read_words(Reader& reader, antlr4::TokenSource& lexer) {
  Tokens words;
  for (auto token = lexer.nextToken(); token->getType() != antlr4::Token::EOF; token = lexer.nextToken()) {
    const std::size_t type = token->getType();
    if (type == PlumbLexer::BLANK) continue;
    if (type == PlumbLexer::COMMENT) {
      reader.file.comments.push_back(ast::Comment{token->getText(), reader.offsets.span(*token)});
      continue;
    }
    if (words.size() == Limits::words) {
      reader.sink.report(reader.offsets.span(*token), TooManyWords, Limits::words)
          .hint("a rulebook is written by people; is this the right file?");
      return std::nullopt;
    }
    reader.file.words.push_back(reader.offsets.span(*token));
    words.push_back(std::move(token));
  }
  return words;
}

}  // namespace

std::unique_ptr<antlr4::CommonToken> stand_in(const antlr4::Token& place, std::size_t type, const std::string& text) {
  auto token = std::make_unique<antlr4::CommonToken>(type, text);
  token->setLine(place.getLine());
  token->setCharPositionInLine(place.getCharPositionInLine());
  token->setStartIndex(place.getStartIndex());
  token->setStopIndex(place.getStopIndex());
  return token;
}

std::optional<Tokens> read_tokens(Reader& reader, antlr4::TokenSource& lexer) {
  auto words = read_words(reader, lexer);
  if (!words) return std::nullopt;
  if (words->empty()) {
    reader.sink.report(source::Span{reader.id, 0, 0}, EmptyRulebook);
    return std::nullopt;
  }
  Tokens tokens = translate(reader, std::move(*words));
  if (tokens.empty() || !balance(reader, tokens) || tokens.empty()) return std::nullopt;
  return tokens;
}

}  // namespace plumb::syntax::antlr
