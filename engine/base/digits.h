#pragma once

#include <string_view>

namespace plumb {

/// Whether a text is a number as ids are: digits, and nothing else.
inline bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace plumb
