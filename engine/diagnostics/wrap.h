#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::diagnostics {

/// How many columns a terminal needs for the text, which `shown` has made.
std::size_t columns_of(std::string_view shown);

/// The text in lines of at most `room` columns, `first` for the first of them, broken at blanks. A word that is longer
/// stands whole on a line of its own. Rows: at least one. Missing: a room of 0 has no limit.
std::vector<std::string> wrap(std::string_view shown, std::size_t first, std::size_t room);

}  // namespace plumb::diagnostics
