#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::diagnostics {

/// One character of a text as a terminal shows it.
struct Cell {
  std::string shown;
  std::uint32_t width = 1;  // columns: 0 for combining marks, 2 for wide characters
  std::uint32_t size = 1;   // bytes in the text
};

/// The character at byte `at`. A tab is one blank; control characters, bytes that are no UTF-8, and what reorders a
/// line or breaks it are `�`: a text that somebody sent must not be able to rewrite our own words on the screen.
Cell cell_at(std::string_view text, std::size_t at);

/// The whole text, cell by cell.
std::string shown(std::string_view text);

}  // namespace plumb::diagnostics
