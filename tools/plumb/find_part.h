#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumb/manual.h"

/// Which parts of the language reference are about a word.
namespace plumb::tool {

/// How a part has a word or phrase, the best last. A syntax line begins with what stands first in it but for what is to
/// be filled in: `VALUE is at least VALUE` with `is at least`.
enum class Fit : std::uint8_t { none, in_text, in_code, in_title, in_syntax, begins_syntax, is_title };

struct Found {
  std::size_t part = 0;  // its place among the parts
  Fit fit = Fit::none;
};

/// The parts that have the words next to each other, in any case and in any quotes: the best first, those that fit
/// equally well in the order of the text. Rows: parts below the text's own title. When something fits at least by its
/// syntax, parts that merely mention the words are left out.
std::vector<Found> find_parts(const std::vector<Part>& parts, std::string_view phrase);

/// The titles, and the words of the syntax lines: what can be asked for.
std::vector<std::string> words_of(const std::vector<Part>& parts);

}  // namespace plumb::tool
