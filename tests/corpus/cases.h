#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::corpus {

/// One mistake in one rulebook, and what the check must say of it. README.md says how it is written.
struct Case {
  std::string file;  // in which it stands
  std::size_t line = 0;
  std::string name;
  std::string text;  // the whole wrong rulebook
  std::string code;
  std::uint32_t expected_line = 0;
  bool fixed = false;              // applying the suggestions leaves nothing to say
  std::vector<std::string> says;   // in the message
  std::vector<std::string> helps;  // in the help
};

/// Every case of tests/corpus/mistakes, in the order of the files and within them. Errors: throws on one that is not
/// written as README.md says, or that does not change the base in exactly one place.
std::vector<Case> read_cases();

}  // namespace plumb::corpus
