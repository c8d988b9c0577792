#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The texts that come inside the program: the language reference and the pages of the diagnostics' codes. Nothing of
/// them is read unless somebody asks.
namespace plumb::tool {

/// grammar/README.md.
std::string_view reference_text();

/// The files of grammar/mistakes.
std::span<const std::string_view> code_texts();

/// A heading of a text and what stands below it, up to the next heading of any kind.
struct Part {
  std::size_t level = 0;  // 1 for `# …`
  std::string title;      // without marks
  std::vector<std::string_view> lines;
};

/// The parts of a Markdown text, in its order. What stands before the first heading is left out.
std::vector<Part> parts_of(std::string_view text);

/// One fenced block.
struct Fence {
  std::string_view info;  // what stands behind the marks
  std::vector<std::string_view> lines;
};

std::vector<Fence> fences_of(const Part& part);

/// How wide a text for the terminal may be: as the terminal is within reason, and 80 where there is none.
std::size_t text_width();

/// Without the marks of Markdown; what stands in backticks keeps them, as in all our messages.
std::string without_marks(std::string_view text);

/// `text` in lines of at most `width` characters, each after `indent` blanks; a longer word stands alone. The first
/// line follows upon `first` instead, which may be longer than the indent.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent, std::string_view first);

/// A Markdown text as it reads in a terminal: paragraphs, lists and tables wrapped, code indented.
std::string for_terminal(const std::vector<std::string_view>& lines, std::size_t width);

/// A title, underlined.
std::string underlined(std::string_view title, char with);

}  // namespace plumb::tool
