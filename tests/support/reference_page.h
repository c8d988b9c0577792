#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What the tests of the language reference read of it and of the grammar.
namespace plumb::house {

/// The language reference, grammar/README.md.
std::string reference_page();

/// A heading of the page, and what stands below it up to the next one.
struct ReferencePart {
  std::string title;
  std::vector<std::string> syntax;  // the lines of its syntax blocks
  std::string examples;             // its plumb blocks, one after the other, without comments
};

/// Rows: in the order of the page.
std::vector<ReferencePart> parts_of(const std::string& page);

/// `NAME: 'word';` as the lexer has it.
std::vector<std::string> keywords_of(const std::string& lexer);

}  // namespace plumb::house
