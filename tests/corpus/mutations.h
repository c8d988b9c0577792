#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::corpus {

/// What is done to one word of a good rulebook.
enum class Change : std::uint8_t {
  leave_out,
  double_it,
  swap_with_next,
  misspell,
  leave_out_brace,
  leave_out_quote,
  fat_arrow,
  stray_character,
};
inline constexpr std::size_t changes = 8;
std::string_view to_text(Change change);

struct Mutant {
  std::string source;  // where the good rulebook is from
  Change change = Change::leave_out;
  std::uint32_t line = 0;  // of the change
  std::string words;       // what was there
  std::string text;
};

/// A rulebook without a mistake, and where it is from.
struct Good {
  std::string name;
  std::string text;
};

/// The examples of the repository: rulebooks, the blocks of the language reference, the whole one of the unit tests.
std::vector<Good> good_rulebooks();

/// `count` mutants of each of the rulebooks, the same ones every time. Rows: by rulebook, then by number.
std::vector<Mutant> mutants_of(const std::vector<Good>& rulebooks, std::size_t count);

}  // namespace plumb::corpus
