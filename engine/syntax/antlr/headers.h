#pragma once

#include "syntax/antlr/tokens.h"

/// What stands before the `{` of a body, for texts whose braces do not match: line breaks and indentation mean nothing
/// in Plumb, and are then still the best witness of what was meant.
namespace plumb::syntax::antlr {

/// Whether a declaration begins with this token: its keyword stands at the left edge.
bool begins_declaration(const antlr4::Token& token);

/// Behind the name and title, `of account`, `with buyer` of the declaration, stage, item, … whose first word is
/// `first`: where its `{` stands, at most `tokens.size()`. Missing: SIZE_MAX for what has no body.
std::size_t end_of_header(const Tokens& tokens, std::size_t first);

/// Whether a line that begins so can only go on with the one before: `and …`, `where …`, a text.
bool continues_line(const antlr4::Token& token);

/// Nesting and lists that cost the parser more than they are worth to anybody. Missing: false, and nothing said.
bool is_excessive(Reader& reader, const Tokens& tokens);

}  // namespace plumb::syntax::antlr
