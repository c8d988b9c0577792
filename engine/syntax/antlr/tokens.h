#pragma once

#include <optional>

#include "syntax/antlr/reader.h"

namespace plumb::syntax::antlr {

/// The words and marks of the text, comments apart (into `reader.file`), with what other languages write translated,
/// and with every brace closed; fills `reader.facts`.
/// Missing: nullopt when the text is not to be parsed at all (said why).
std::optional<Tokens> read_tokens(Reader& reader, antlr4::TokenSource& lexer);

/// Reports what makes a text unreadable: too large, not UTF-8, control characters. Missing: false, and nothing said.
bool unreadable(Reader& reader);

/// Translates foreign spellings, open texts and stray characters; each is reported once.
Tokens translate(Reader& reader, Tokens raw);

/// Drops a `}` that closes nothing, closes what is left open, and measures depth. Missing: false when too deep.
bool balance(Reader& reader, Tokens& tokens);

/// A token that nobody wrote, at the place of one that somebody did.
std::unique_ptr<antlr4::CommonToken> stand_in(const antlr4::Token& place, std::size_t type, const std::string& text);

}  // namespace plumb::syntax::antlr
