#pragma once

#include <cstddef>
#include <string>

#include "source/source.h"
#include "syntax/ast.h"

namespace plumb::format {

/// What no line is longer than, where there is a place to break it.
inline constexpr std::size_t line_width = 100;

/// The text of a file as everybody writes it: two blanks for each brace, the clauses in their one order, comments where
/// they were. It means what it meant, and formatting it again changes nothing. Missing: a file that was not read whole
/// comes back as it is, letter for letter. Cost: linear in the text.
std::string format(const syntax::ast::File& file, const source::Map& texts);

}  // namespace plumb::format
