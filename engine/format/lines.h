#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "format/words.h"

/// Words put into lines. Nothing outside of format/ includes it.
namespace plumb::format {

/// The words on one line, each a blank apart but for commas, parentheses and dots.
std::string joined(const Words& words, Range range);

/// The number of characters.
std::size_t width_of(std::string_view text);

/// Where a run of words stands: how far in, and how far in the lines are that it goes on in. The first words may be
/// written already, in `begun`.
struct Place {
  std::size_t indent = 0;
  std::size_t go_on = 0;
  std::string begun;
};

/// Writes the words of a clause or a head with the comments between them and the one behind the last, and the line
/// break. A line that is too long is broken before `or` and `and` and behind commas, the outermost ones first.
void write_run(std::string& out, const Words& words, Range range, const Place& place);

}  // namespace plumb::format
