// The language reference (grammar/README.md) says what this version reads and what it evaluates: every example on the
// page is checked, so is every claim that something is not evaluated yet, and no keyword is left out.

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

#include "check/check.h"
#include "diagnostics/render.h"
#include "eval/run.h"
#include "graph/analyse.h"
#include "support/house.h"
#include "support/reference_page.h"
#include "syntax/parse.h"
#include "unit/syntax/examples.h"

namespace plumb::house {

std::string reference_page() { return text_of(repository() / "grammar" / "README.md"); }

std::vector<std::string> keywords_of(const std::string& lexer) {
  std::vector<std::string> words;
  static const std::regex token("\\b[A-Z_]+: '([a-z]+)'");
  for (std::sregex_iterator at(lexer.begin(), lexer.end(), token), end; at != end; ++at) words.push_back((*at)[1]);
  return words;
}

std::vector<ReferencePart> parts_of(const std::string& page) {
  std::vector<ReferencePart> parts(1);
  std::string fence;  // the first word behind the mark of the block that we are in
  std::istringstream in(page);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      fence = fence.empty() ? line.substr(3, line.find(' ') - 3) + "." : "";
    } else if (fence == "syntax.") {
      parts.back().syntax.push_back(line);
    } else if (fence == "plumb.") {
      parts.back().examples += line.substr(0, line.find('#')) + "\n";
    } else if (fence.empty() && line.starts_with("#")) {
      parts.emplace_back().title = line.substr(line.find(' ') + 1);
    }
  }
  parts.erase(parts.begin());  // what stands before the first heading
  return parts;
}

namespace {

/// A fenced block: ```plumb, and behind it on the same line what kind of text it is.
///
///   (nothing)      a whole rulebook
///   prelude        a whole rulebook, which also stands before the blocks of the kinds below
///   declarations   behind the prelude
///   conditions     each line is what a rule of the prelude's deals expects at a meeting
///   events         each line is an event
///   unevaluated    in addition: each declaration is understood and not evaluated yet; without this word, all are
///                  evaluated
///   unevaluated=N  in addition: so many of the declarations are not evaluated yet
struct Block {
  std::set<std::string> words;
  std::vector<std::string> lines;
  std::size_t line = 0;  // of its first line, from 1
  bool is(const std::string& word) const { return words.contains(word); }
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream in(page);
  std::string line;
  bool in_fence = false, in_plumb = false;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const bool fence = line.starts_with("```");
    if (!fence && in_plumb) blocks.back().lines.push_back(line);
    if (!fence) continue;
    std::istringstream info(line.substr(3));
    std::string word;
    info >> word;
    in_plumb = !in_fence && word == "plumb";
    in_fence = !in_fence;
    if (!in_plumb) continue;
    blocks.emplace_back().line = number + 1;
    while (info >> word) blocks.back().words.insert(word);
  }
  return blocks;
}

std::string joined(const std::vector<std::string>& lines) { return fmt::format("{}\n", fmt::join(lines, "\n")); }

/// What the texts of a block are when nothing is left out: one, or one for each line.
std::vector<std::string> rulebooks_of(const Block& block, const std::string& prelude) {
  const bool conditions = block.is("conditions"), events = block.is("events");
  if (block.is("declarations")) return {prelude + joined(block.lines)};
  if (!conditions && !events) return {joined(block.lines)};
  std::vector<std::string> texts;
  for (const std::string& line : block.lines) {
    if (line.empty() || line.starts_with("#")) continue;
    // The comment behind a condition ends with its line.
    const std::string rule = "must example {\n for each deal\n at held_meeting\n expect " + line + "\n}\n";
    texts.push_back(prelude + (conditions ? rule : "event example is " + line + "\n"));
  }
  return texts;
}

struct Compiled {
  std::string findings;     // errors and warnings, one a line
  std::string unevaluated;  // what is not evaluated yet, one a line
  std::size_t unevaluated_count = 0;
};

Compiled compile(const std::string& content) {
  source::Map texts;
  diagnostics::Sink sink;
  const auto text = texts.add("example", content);
  const model::Rulebook rulebook = check::check(syntax::parse(texts, text, sink), texts, sink);
  if (!sink.has_errors()) graph::analyse(rulebook, sink);
  Compiled result;
  for (const auto& diagnostic : sink.sorted()) result.findings += diagnostics::render_plain(diagnostic, texts) + "\n";
  if (sink.has_errors()) return result;
  for (const auto& item : eval::unevaluated(rulebook)) {
    result.unevaluated += item.keyword + " " + item.name + "\n";
    ++result.unevaluated_count;
  }
  return result;
}

std::string prelude_of(const std::vector<Block>& blocks) {
  const auto prelude = std::find_if(blocks.begin(), blocks.end(), [](const Block& b) { return b.is("prelude"); });
  return prelude == blocks.end() ? "" : joined(prelude->lines);
}

/// How many declarations of a rulebook made from the block shall not be evaluated.
std::size_t unevaluated_in(const Block& block) {
  for (const std::string& word : block.words) {
    if (word.starts_with("unevaluated=")) return std::stoul(word.substr(word.find('=') + 1));
  }
  if (!block.is("unevaluated")) return 0;
  if (!block.is("declarations")) return 1;
  const auto begins = [](const std::string& line) { return !line.empty() && line[0] >= 'a' && line[0] <= 'z'; };
  return static_cast<std::size_t>(std::count_if(block.lines.begin(), block.lines.end(), begins));
}

/// Everything on a page that is not as it says, one block or line each.
std::vector<std::string> untrue_in(const std::string& page) {
  std::vector<std::string> untrue;
  const std::vector<Block> blocks = blocks_of(page);
  const std::string prelude = prelude_of(blocks);
  for (const Block& block : blocks) {
    for (const std::string& text : rulebooks_of(block, prelude)) {
      const Compiled compiled = compile(text);
      const bool as_said = compiled.unevaluated_count == unevaluated_in(block);
      if (compiled.findings.empty() && as_said) continue;
      untrue.push_back(fmt::format("the block of line {}:\n{}{}not evaluated: {}\n{}", block.line, compiled.findings,
                                   compiled.findings.empty() ? "" : "\n", compiled.unevaluated, text));
    }
  }
  return untrue;
}

/// The keywords that no alternative of the parser's `word` takes as a name.
std::set<std::string> reserved_in(const std::string& lexer, const std::string& parser) {
  std::set<std::string> reserved;
  static const std::regex token("\\b([A-Z_]+): '([a-z]+)'");
  std::set<std::string> names;
  static const std::regex rule("\\n(?:plainWord|unitWord|stateWord|markWord)\\s*:([^;]*);");
  static const std::regex name("[A-Z_]+");
  for (std::sregex_iterator at(parser.begin(), parser.end(), rule), end; at != end; ++at) {
    const std::string body = (*at)[1];
    for (std::sregex_iterator n(body.begin(), body.end(), name); n != end; ++n) names.insert(n->str());
  }
  for (std::sregex_iterator at(lexer.begin(), lexer.end(), token), end; at != end; ++at) {
    if (!names.contains((*at)[1])) reserved.insert((*at)[2]);
  }
  return reserved;
}

/// The words that a page has in code: in fenced blocks and between backticks.
std::set<std::string> words_in_code(const std::string& page) {
  std::set<std::string> words;
  bool in_fence = false, in_ticks = false;
  std::string word;
  for (std::size_t i = 0; i <= page.size(); ++i) {
    const char c = i < page.size() ? page[i] : '\n';
    if ((std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_') {
      word += c;
      continue;
    }
    if (in_fence || in_ticks) words.insert(word);
    word.clear();
    const bool fence = page.compare(i, 3, "```") == 0;
    if (fence) in_fence = !in_fence, i += 2;
    if (!fence && !in_fence && c == '`') in_ticks = !in_ticks;
    if (c == '\n' && page.compare(i, 2, "\n\n") == 0) in_ticks = false;
  }
  return words;
}

TEST(ReferencePage, SaysWhatIsTrue) {
  const std::string text = reference_page();
  EXPECT_GE(blocks_of(text).size(), 15u);
  for (const std::string& untrue : untrue_in(text)) ADD_FAILURE() << untrue;
}

TEST(ReferencePage, HasEveryKeyword) {
  const std::vector<std::string> keywords = keywords_of(text_of(repository() / "grammar" / "PlumbLexer.g4"));
  EXPECT_GE(keywords.size(), 200u);
  const std::set<std::string> words = words_in_code(reference_page());
  for (const std::string& keyword : keywords) EXPECT_TRUE(words.contains(keyword)) << keyword;
}

TEST(ReferencePage, ListsTheReservedWords) {
  const std::string text = reference_page();
  const std::size_t begin = text.find("```text\n", text.find("**reserved**")) + 8;
  std::istringstream list(text.substr(begin, text.find("```", begin) - begin));
  std::set<std::string> listed;
  for (std::string word; list >> word;) listed.insert(word);
  const auto grammar = repository() / "grammar";
  EXPECT_EQ(listed, reserved_in(text_of(grammar / "PlumbLexer.g4"), text_of(grammar / "PlumbParser.g4")));
}

/// What the first example prints is a golden test; the page shows the same texts.
TEST(ReferencePage, ShowsTheGoldenExample) {
  const std::string text = reference_page();
  std::istringstream test(text_of(repository() / "tests" / "golden" / "reference" / "page" / "first_example.test"));
  std::vector<std::string> bodies;
  bool shown = false;
  for (std::string line; std::getline(test, line);) {
    if (line.starts_with("--- ")) {
      shown = line.starts_with("--- file") || line == "--- stdout";
      if (shown) bodies.emplace_back();
    } else if (shown) {
      bodies.back() += line + "\n";
    }
  }
  EXPECT_GE(bodies.size(), 4u);
  for (const std::string& body : bodies) EXPECT_NE(text.find("\n" + body + "```"), std::string::npos) << body;
}

/// What the golden test checks and runs are the two whole rulebooks of the unit tests, and not old copies of them.
TEST(ReferencePage, WholeExampleIsThatOfTheTests) {
  const std::string test = text_of(repository() / "tests" / "golden" / "package" / "extends" / "whole_example.test");
  const auto file = [](const char* name, const char* text) {
    return fmt::format("--- file {}\n{}--- file ", name, text);
  };
  EXPECT_NE(test.find(file("acme.plumb", syntax::acme)), std::string::npos);
  EXPECT_NE(test.find(file("globex.plumb", syntax::globex)), std::string::npos);
}

TEST(ReferencePage, IsReadableAsText) {
  std::istringstream in(reference_page());
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto width = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
    // A row of a table cannot be broken.
    EXPECT_TRUE(width <= 120 || line.starts_with("|")) << "line " << number << " has " << width << " characters";
  }
}

TEST(ReferencePageTest, SeesWhatIsUntrue) {
  const std::string prelude =
      "```plumb prelude\nfields deal { a text }\nactivity call\nevent held_meeting is call\n```\n";
  EXPECT_TRUE(untrue_in(prelude + "```plumb conditions\na is known\n# why\n\n```\n").empty());
  EXPECT_EQ(untrue_in(prelude + "```plumb conditions\na is known\nb is known\nc is known\n```\n").size(), 2u);
  EXPECT_EQ(untrue_in(prelude + "```plumb events unevaluated\ncall\n```\n").size(), 1u);
  EXPECT_EQ(untrue_in(prelude + "```plumb declarations\nladder l for each person { starts when the same right is missed in 2 of 3 months  rung notice { manager tells person within 1 day }  climbs when missed again in the next month  clears after 2 months kept }\n```\n").size(), 1u);
  EXPECT_TRUE(untrue_in(prelude + "```plumb declarations unevaluated\nladder l for each person { starts when the same right is missed in 2 of 3 months  rung notice { manager tells person within 1 day }  climbs when missed again in the next month  clears after 2 months kept }\n```\n").empty());
  EXPECT_TRUE(untrue_in(prelude + "```plumb declarations unevaluated=1\nladder l for each person { starts when the same right is missed in 2 of 3 months  rung notice { manager tells person within 1 day }  climbs when missed again in the next month  clears after 2 months kept }\n```\n").empty());
  EXPECT_EQ(untrue_in(prelude + "```plumb declarations unevaluated=2\nladder l for each person { starts when the same right is missed in 2 of 3 months  rung notice { manager tells person within 1 day }  climbs when missed again in the next month  clears after 2 months kept }\n```\n").size(), 1u);
  EXPECT_TRUE(untrue_in("```\nnot plumb\n```\n\n```text\n```plumb\n```\n").empty());
}

TEST(ReferencePageTest, ReadsWordsOfCodeOnly) {
  const std::set<std::string> words = words_in_code("an `ev_ent is` in\n```plumb\nmust x\n```\nprose `later`.\n");
  for (const char* word : {"ev_ent", "is", "plumb", "must", "x", "later"}) EXPECT_TRUE(words.contains(word)) << word;
  for (const char* word : {"an", "in", "prose"}) EXPECT_FALSE(words.contains(word)) << word;
  EXPECT_EQ(keywords_of("A: 'a'; MORE_WORD: 'more';\nARROW: '->';\n"), (std::vector<std::string>{"a", "more"}));
}

}  // namespace
}  // namespace plumb::house
