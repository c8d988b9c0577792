#pragma once

#include <string_view>

namespace plumb::syntax {

/// Whether a word means something to the grammar anywhere; as a name it may have to stand in quotes.
bool is_keyword(std::string_view word);

}  // namespace plumb::syntax
