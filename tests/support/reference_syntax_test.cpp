// The syntax lines of the language reference say what is true: their words are those of the grammar, none is left out,
// what is to be filled in is explained, and each construct is shown in an example (which another test runs).

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/golden/process.h"
#include "support/house.h"
#include "support/reference_page.h"

namespace plumb::house {
namespace {

using Words = std::vector<std::string>;

/// Words, and each mark for itself.
Words tokens_of(const std::string& line) {
  static const std::regex token("[A-Za-z0-9_]+|[^A-Za-z0-9_\\s]");
  Words tokens;
  for (std::sregex_iterator at(line.begin(), line.end(), token), end; at != end; ++at) tokens.push_back(at->str());
  return tokens;
}

bool is_word(const std::string& token) { return std::isalpha(static_cast<unsigned char>(token[0])) != 0; }
bool is_keyword(const std::string& token) {
  return is_word(token) && std::none_of(token.begin(), token.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// The first words in small letters that stand next to each other, whatever comes before: `is at least` of
/// `VALUE is at least VALUE`. A word of several to choose from, `won|lost`, is left out.
Words phrase_of(const std::string& line) {
  const Words tokens = tokens_of(line);
  Words phrase;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool chosen = (i > 0 && tokens[i - 1] == "|") || (i + 1 < tokens.size() && tokens[i + 1] == "|");
    if (is_keyword(tokens[i]) && !chosen) {
      phrase.push_back(tokens[i]);
    } else if (!phrase.empty()) {
      break;
    }
  }
  return phrase;
}

/// The words in capitals that the section on the notation explains.
std::set<std::string> explained_in(const std::string& page) {
  const std::size_t begin = page.find("## How the syntax lines are written\n");
  const std::string section = page.substr(begin, page.find("\n## ", begin) - begin);
  static const std::regex word("`([A-Z]+)`");
  std::set<std::string> words;
  for (std::sregex_iterator at(section.begin(), section.end(), word), end; at != end; ++at) words.insert((*at)[1]);
  return words;
}

/// Everything in the page's syntax lines that is not true.
std::vector<std::string> untrue_syntax(const std::string& page, const std::vector<std::string>& keywords) {
  std::vector<std::string> untrue;
  std::set<std::string> unseen(keywords.begin(), keywords.end());
  const std::set<std::string> known = unseen;
  const std::set<std::string> explained = explained_in(page);
  for (const ReferencePart& part : parts_of(page)) {
    const Words examples = tokens_of(part.examples);
    for (const std::string& line : part.syntax) {
      const std::string place = fmt::format("{}: {}", part.title, line);
      for (const std::string& token : tokens_of(line)) {
        if (!is_word(token)) continue;
        if (is_keyword(token) && !known.contains(token)) untrue.push_back(place + ": no keyword: " + token);
        if (!is_keyword(token) && !explained.contains(token)) untrue.push_back(place + ": not explained: " + token);
        unseen.erase(token);
      }
      const Words phrase = phrase_of(line);
      const bool shown =
          std::search(examples.begin(), examples.end(), phrase.begin(), phrase.end()) != examples.end() ||
          (phrase.empty() && !examples.empty());
      if (!shown) untrue.push_back(place + ": no example below this heading");
    }
  }
  for (const std::string& word : unseen) untrue.push_back("in no syntax line: " + word);
  return untrue;
}

std::vector<std::string> all_keywords() { return keywords_of(text_of(repository() / "grammar" / "PlumbLexer.g4")); }

TEST(ReferenceSyntax, SaysWhatIsTrue) {
  for (const std::string& untrue : untrue_syntax(reference_page(), all_keywords())) ADD_FAILURE() << untrue;
}

/// The declarations of the grammar, by their first words, each have a heading with a syntax line that begins so.
TEST(ReferenceSyntax, HasAHeadingForEachDeclaration) {
  const std::string parser = text_of(repository() / "grammar" / "PlumbParser.g4");
  static const std::regex rule("\\n([a-z]+)Declaration: ([A-Z]+|strength) ");
  std::set<std::string> first_words;
  for (const ReferencePart& part : parts_of(reference_page())) {
    for (const std::string& line : part.syntax) first_words.insert(tokens_of(line).front());
  }
  std::size_t declarations = 0;
  for (std::sregex_iterator at(parser.begin(), parser.end(), rule), end; at != end; ++at, ++declarations) {
    std::string word = (*at)[2];
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
    EXPECT_TRUE(first_words.contains(word == "strength" ? "must" : word)) << word;
  }
  EXPECT_GE(declarations, 19u);
}

/// No two headings are alike, so that each can be asked for.
TEST(ReferenceSyntax, HasHeadingsOfItsOwn) {
  std::set<std::string> titles;
  for (const ReferencePart& part : parts_of(reference_page()))
    EXPECT_TRUE(titles.insert(part.title).second) << part.title;
}

/// Links within the page lead to a heading.
TEST(ReferenceSyntax, LinksToHeadingsThatAreThere) {
  const std::string page = reference_page();
  std::set<std::string> anchors;
  for (const ReferencePart& part : parts_of(page)) {
    std::string anchor;
    for (const char c : part.title) {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-') {
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
      if (c == ' ') anchor += '-';
    }
    anchors.insert(anchor);
  }
  static const std::regex link("\\]\\(#([^)]*)\\)");
  for (std::sregex_iterator at(page.begin(), page.end(), link), end; at != end; ++at) {
    EXPECT_TRUE(anchors.contains((*at)[1])) << (*at)[1];
  }
}

golden::Outcome help(const golden::Folder& folder, std::vector<std::string> words) {
  golden::Command command;
  command.program = PLUMB_BINARY;
  command.arguments = {"help"};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  const auto outcome = golden::run(command, folder);
  EXPECT_TRUE(outcome.ok());
  return outcome ? *outcome : golden::Outcome{};
}

TEST(Help, KnowsEveryKeyword) {
  const golden::Folder folder;
  for (const std::string& keyword : all_keywords()) {
    const golden::Outcome outcome = help(folder, {keyword});
    EXPECT_EQ(outcome.number, 0) << keyword << ": " << outcome.errors;
    EXPECT_TRUE(std::regex_search(outcome.output, std::regex("\\b" + keyword + "\\b", std::regex::icase))) << keyword;
  }
}

TEST(Help, AnswersToEachHeadingWithItsPart) {
  const golden::Folder folder;
  for (const ReferencePart& part : parts_of(reference_page())) {
    if (part.title == "The Plumb language") continue;
    const golden::Outcome outcome = help(folder, {part.title});
    EXPECT_TRUE(outcome.output.starts_with(part.title + "\n")) << part.title << "\n" << outcome.output.substr(0, 200);
  }
}

TEST(ReferenceSyntaxTest, SeesWhatIsUntrue) {
  const std::string page =
      "# P\n\n## How the syntax lines are written\n\n`N` is a number.\n\n## A\n\n```syntax\nat most "
      "N\nopen|closed\n```\n\n"
      "```plumb\n# at least\nat most 3\n```\n";
  const std::vector<std::string> keywords = {"at", "most", "open", "closed"};
  EXPECT_TRUE(untrue_syntax(page, keywords).empty());
  EXPECT_EQ(untrue_syntax(page, {"at", "most", "open"}).size(), 1u) << "closed is no keyword";
  EXPECT_EQ(untrue_syntax(page, {"at", "most", "open", "closed", "won"}).size(), 1u) << "won is nowhere";
  EXPECT_EQ(untrue_syntax(std::regex_replace(page, std::regex("`N`"), "N"), keywords).size(), 1u)
      << "N is not explained";
  EXPECT_EQ(untrue_syntax(std::regex_replace(page, std::regex("at most 3"), "at 3"), keywords).size(), 1u)
      << "no example";
}

TEST(ReferenceSyntaxTest, FindsThePhraseOfALine) {
  EXPECT_EQ(phrase_of("VALUE is at least VALUE and more"), (Words{"is", "at", "least"}));
  EXPECT_EQ(phrase_of("won|lost"), Words{});
  EXPECT_EQ(phrase_of("back NAME -> NAME [at most N times]"), Words{"back"});
}

}  // namespace
}  // namespace plumb::house
