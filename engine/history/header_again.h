#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::history {

/// Why a row is refused that is the header of its file once more.
inline constexpr std::string_view header_again =
    "the row is the header again, as where files are put behind one another";

/// Whether a row of as many cells as the header has is that once more.
bool is_header_again(std::span<const std::string_view> cells, const std::vector<std::string>& header);

}  // namespace plumb::history
