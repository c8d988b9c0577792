#pragma once

#include <string>

#include "syntax/ast.h"

namespace plumb::format {

/// Everything that a file says, without where it says it: equal for two texts that mean the same. The moves of a
/// process stand by kind, as the clauses of every body do.
std::string meaning(const syntax::ast::File& file);

}  // namespace plumb::format
