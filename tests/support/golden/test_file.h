#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::golden {

enum class Kind : std::uint8_t { file, bytes, check, run, input, exit, output, errors, wrote };

/// One section of a `.test` file: its line `--- KIND ARGUMENT` and what follows up to the next one.
struct Section {
  Kind kind = Kind::file;
  std::string argument;
  std::string body;
  std::uint32_t line = 0;  // of the `---` line, counted from 1
};

/// A run and what it is expected to do.
struct Step {
  Section run;
  std::optional<Section> input;
  int exit = 0;
  std::string output;
  std::string errors;
  std::vector<Section> wrote;
};

/// A whole `.test` file; tests/golden/README.md says what it may hold.
struct Test {
  std::string why;  // the comment at its head, as it stands
  std::vector<Section> files;
  std::vector<std::string> checks;
  std::vector<Step> steps;
};

Result<Test> parse_test(std::string_view text);
/// The text that parses to this test: sections in one order, what is empty left out.
std::string print_test(const Test& test);

/// What the file holds: the body, or what the escapes of a `bytes` section stand for.
Result<std::string> content_of(const Section& file);

/// The words of a command: divided by blanks, with '…', "…" and \ as in a shell, and nothing else of a shell.
Result<std::vector<std::string>> split_words(std::string_view command);

/// The lines without their breaks; a break at the end ends the last line.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace plumb::golden
