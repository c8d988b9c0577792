#pragma once

#include <cstddef>
#include <string>

namespace plumb::history {

/// Of one history: their numbers have 16 bits.
inline constexpr std::size_t most_files = 65'534;
/// What is wrong with so many files. Missing: empty.
std::string too_many_files(std::size_t files);

}  // namespace plumb::history
