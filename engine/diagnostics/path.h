#pragma once

#include <string>
#include <string_view>

namespace plumb::diagnostics {

/// The path as programs compare it: without `./` at its begin.
std::string_view without_dot(std::string_view path);

/// The path as a URI: relative as it is, absolute as `file://…`; what is no letter, digit or `-._~/` percent-encoded.
std::string uri_of(std::string_view path);

}  // namespace plumb::diagnostics
