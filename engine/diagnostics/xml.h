#pragma once

#include <string>
#include <string_view>

namespace plumb::diagnostics {

/// Text as it may stand in XML 1.0, in an element and in an attribute alike. What XML cannot hold is `�`.
std::string xml_text(std::string_view text);

}  // namespace plumb::diagnostics
