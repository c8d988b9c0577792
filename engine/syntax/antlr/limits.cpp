#include "PlumbLexer.h"
#include "syntax/antlr/headers.h"
#include "syntax/parse.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::diag::ListTooLong;
using diagnostics::diag::TooDeep;

bool opens(std::size_t type) { return type == PlumbLexer::BRACE_OPEN || type == PlumbLexer::PAREN_OPEN; }
bool closes(std::size_t type) { return type == PlumbLexer::BRACE_CLOSE || type == PlumbLexer::PAREN_CLOSE; }

/// Operators whose operand is again a whole value or condition: a chain of them is a tree as deep as the chain.
bool nests(std::size_t type) {
  return type == PlumbLexer::NOT || type == PlumbLexer::PLUS || type == PlumbLexer::MINUS ||
         type == PlumbLexer::DIVIDED;
}

}  // namespace

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

}  // namespace plumb::syntax::antlr
