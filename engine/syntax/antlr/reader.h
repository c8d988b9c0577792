#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "antlr4-runtime.h"
#include "diagnostics/diagnostic.h"
#include "source/source.h"
#include "syntax/ast.h"

/// The rooms behind parse.h; the only folder that includes antlr4. `read_tokens` makes words of a text and puts right
/// what other languages write; `Recovery` reports a syntax error once and goes on at the next clause; `lower_*` make
/// the AST of the parse tree.
namespace plumb::syntax::antlr {

/// What recovery asks of a token; parallel to the token list. Its last row is the end of the file.
struct TokenFacts {
  std::uint32_t depth = 0;  // braces open before this token
  bool starts_line = false;
  bool reported = false;  // something was said about this token already
};

/// From antlr's code points to our bytes.
class Offsets {
 public:
  Offsets() = default;
  Offsets(Id<source::Text> text, std::string_view content, std::uint32_t first_byte);
  source::Span span(std::size_t start, std::size_t stop) const;  // both inclusive, in code points
  source::Span span(const antlr4::Token& token) const;
  source::Span span(const antlr4::ParserRuleContext& context) const;

 private:
  std::uint32_t byte(std::size_t code_point) const;
  Id<source::Text> text_;
  std::uint32_t first_byte_ = 0;
  std::uint32_t size_ = 0;
  std::vector<std::uint32_t> bytes_;  // empty where every code point is one byte
};

/// Everything the passes of this folder share about one text.
struct Reader {
  const source::Text& text;
  Id<source::Text> id;
  diagnostics::Sink& sink;
  ast::File& file;
  Offsets offsets;
  std::vector<TokenFacts> facts;
  std::size_t syntax_errors = 0;
  bool had_errors = false;
  bool guesses = true;  // whether words of Plumb are also read as what another language means by them
  std::size_t last_offence = SIZE_MAX;  // the token of the last syntax error

  /// Whether one more syntax error may be reported (see Limits); counts it.
  bool may_report();
};

using Tokens = std::vector<std::unique_ptr<antlr4::Token>>;

}  // namespace plumb::syntax::antlr
