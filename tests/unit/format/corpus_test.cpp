#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "unit/format/formatting.h"
#include "unit/syntax/examples.h"

namespace plumb::format {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The files under a folder whose names end so, in one order.
std::vector<fs::path> files_under(const std::string& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(PLUMB_REPOSITORY) / folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ending) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool starts_with(const std::string& line, std::string_view with) { return line.compare(0, with.size(), with) == 0; }

/// The rulebooks that a golden test writes into its folder.
std::vector<std::string> rulebooks_in(const std::string& golden) {
  std::vector<std::string> rulebooks;
  bool in_rulebook = false;
  std::istringstream lines(golden);
  for (std::string line; std::getline(lines, line);) {
    if (starts_with(line, "--- ")) {
      in_rulebook = starts_with(line, "--- file ") && line.size() > 6 && line.substr(line.size() - 6) == ".plumb";
      if (in_rulebook) rulebooks.emplace_back();
    } else if (in_rulebook) {
      rulebooks.back() += line + '\n';
    }
  }
  return rulebooks;
}

/// The blocks between ```plumb and ``` of a page.
std::vector<std::string> blocks_of(const std::string& page) {
  std::vector<std::string> blocks;
  bool in_block = false;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (starts_with(line, "```")) {
      in_block = !in_block && starts_with(line, "```plumb");
      if (in_block) blocks.emplace_back();
    } else if (in_block) {
      blocks.back() += line + '\n';
    }
  }
  return blocks;
}

TEST(Corpus, TheExamplesOfTheLanguageReference) {
  // The limit of a line is all that the formatter has against them.
  const std::string text = well_formatted(syntax::acme);
  std::istringstream expected(syntax::acme);
  std::size_t missing = 0;
  for (std::string line; std::getline(expected, line);) {
    const bool there = text.find(line + '\n') != std::string::npos;
    if (!there) EXPECT_GT(line.size(), line_width) << line;
    missing += there ? 0 : 1;
  }
  EXPECT_LE(missing, 4u);
  EXPECT_EQ(well_formatted(syntax::globex), syntax::globex);
}

TEST(Corpus, EveryRulebookOfTheRepository) {
  std::size_t count = 0;
  for (const std::string folder : {"examples", "stdlib", "tests"}) {
    for (const fs::path& path : files_under(folder, ".plumb")) {
      SCOPED_TRACE(path.string());
      const std::string text = read(path);
      if (!formatted(text).whole) continue;
      well_formatted(text);
      ++count;
    }
  }
  EXPECT_GE(count, 2u);
}

TEST(Corpus, EveryGoldenTest) {
  std::size_t count = 0;
  for (const fs::path& path : files_under("tests/golden", ".test")) {
    SCOPED_TRACE(path.string());
    for (const std::string& text : rulebooks_in(read(path))) {
      if (!formatted(text).whole) continue;
      well_formatted(text);
      ++count;
    }
  }
  EXPECT_GE(count, 100u);
}

TEST(Corpus, EveryExampleOfTheReferencePage) {
  std::size_t count = 0;
  for (const std::string& text : blocks_of(read(fs::path(PLUMB_REPOSITORY) / "grammar" / "README.md"))) {
    if (!formatted(text).whole) continue;
    well_formatted(text);
    ++count;
  }
  EXPECT_GE(count, 10u);
}

// ---- the same text, laid out otherwise ------------------------------------------------------------------------------

/// Joins and splits lines wherever that says nothing: not at blank lines, not at comments, not where `{` ends a line,
/// and within one line only by blanks where it has braces.
class Shuffler {
 public:
  explicit Shuffler(unsigned seed) : random_(seed) {}

  std::string shuffled(const std::string& text) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size();) {
      if (!quoted && text[i] == '#') {
        const std::size_t end = std::min(text.find('\n', i), text.size());
        out += text.substr(i, end - i) + (end < text.size() ? "\n" : "");
        i = end + 1;
        continue;
      }
      if (text[i] == '"') quoted = !quoted;
      const bool blank = !quoted && (text[i] == ' ' || text[i] == '\n');
      if (!blank) {
        out += text[i++];
        continue;
      }
      const std::size_t end = std::min(text.find_first_not_of(" \n", i), text.size());
      out += gap(text, i, end);
      i = end;
    }
    return out;
  }

 private:
  std::string gap(const std::string& text, std::size_t begin, std::size_t end) {
    const std::string was = text.substr(begin, end - begin);
    const auto breaks = std::count(was.begin(), was.end(), '\n');
    const bool at_comment = end < text.size() && text[end] == '#';
    const bool at_begin = begin == 0 || text[begin - 1] == '\n';  // behind a comment
    const bool opens = begin > 0 && text[begin - 1] == '{';
    const bool ends = end == text.size();
    if (breaks > 1 || at_comment || at_begin || ends || (opens && breaks == 1)) return was + blanks();
    if (on_line_with_braces(text, begin)) return was + blanks();
    if (breaks == 1 && declares_next(text, end)) return "\n" + blanks();
    return random_() % 3 == 0 ? "\n" + blanks() : " " + blanks();
  }
  /// A line with a `{` that is closed on it, or a declaration's own `}` at the begin of a line.
  static bool on_line_with_braces(const std::string& text, std::size_t at) {
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(begin, end - begin);
    return line.find('}') != std::string::npos;
  }
  /// Whether two declarations are parted by a blank line counts; that they are on two lines does not, but here it
  /// keeps a comment behind the first from being one of the second.
  static bool declares_next(const std::string& text, std::size_t end) { return end > 0 && text[end - 1] == '\n'; }
  std::string blanks() {
    static const char* some[] = {"", " ", "\t", "   ", ""};
    return some[random_() % 5];
  }

  std::mt19937 random_;
};

TEST(Corpus, LaidOutOtherwiseIsTheSame) {
  for (const char* example : {syntax::acme, syntax::globex}) {
    const std::string canonical = well_formatted(example);
    for (unsigned seed = 1; seed <= 60; ++seed) {
      const std::string shuffled = Shuffler(seed).shuffled(canonical);
      ASSERT_NE(shuffled, canonical);
      const Formatted result = formatted(shuffled);
      ASSERT_TRUE(result.whole) << shuffled;
      ASSERT_EQ(result.text, canonical) << "seed " << seed;
    }
  }
}

TEST(Corpus, LineBreaksOfOtherSystemsAndTabs) {
  const std::string canonical = well_formatted(syntax::acme);
  std::string other;
  for (std::size_t i = 0; i < canonical.size(); ++i) {
    if (canonical[i] == '\n') other += '\r';
    const bool inner = canonical.compare(i, 2, "  ") == 0 && (i == 0 || canonical[i - 1] == '\n');
    other += inner ? '\t' : canonical[i];
    if (inner) ++i;
  }
  ASSERT_NE(other.find("\r\n\tfor"), std::string::npos);
  EXPECT_EQ(well_formatted(other), canonical);
}

/// Any layout at all, comments included: what comes out means the same and stays as it is.
TEST(Corpus, EveryGoldenTestInAnyLayout) {
  std::mt19937 random(11);
  const char* gaps[] = {" ", "  ", "\n", "\n\n", "\r\n\t", " # beside\n", "\n# above\n", "\n\n# apart\n\n"};
  for (const fs::path& path : files_under("tests/golden", ".test")) {
    for (const std::string& text : rulebooks_in(read(path))) {
      if (!formatted(text).whole || text.find('#') != std::string::npos) continue;
      std::string other;
      bool quoted = false, escaped = false;
      for (const char c : text) {
        if (c == '"' && !escaped) quoted = !quoted;
        escaped = quoted && c == '\\' && !escaped;
        if (quoted || (c != ' ' && c != '\n')) {
          other += c;
        } else {
          other += random() % 4 == 0 ? gaps[random() % 8] : " ";
        }
      }
      SCOPED_TRACE(path.string() + "\n" + other);
      well_formatted(other);
    }
  }
}

/// Words left out, doubled and swapped: what still has no mistake is as good a text as any, and often an odd one; what
/// has some is left alone.
TEST(Corpus, WhatIsLeftOfMutatedTexts) {
  std::mt19937 random(7);
  std::size_t whole = 0;
  for (const fs::path& path : files_under("tests/golden", ".test")) {
    for (const std::string& text : rulebooks_in(read(path))) {
      if (text.size() > 20'000 || !formatted(text).whole) continue;
      std::vector<std::string> words;
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line); words.emplace_back("\n")) {
        std::istringstream parts(line);
        for (std::string word; parts >> word;) words.push_back(word);
      }
      for (int round = 0; round < 6; ++round) {
        std::vector<std::string> mutated = words;
        const std::size_t at = random() % mutated.size();
        switch (random() % 3) {
          case 0: mutated.erase(mutated.begin() + static_cast<std::ptrdiff_t>(at)); break;
          case 1:
            mutated.insert(mutated.begin() + static_cast<std::ptrdiff_t>(at), words[random() % words.size()]);
            break;
          default: std::swap(mutated[at], mutated[random() % mutated.size()]);
        }
        std::string other;
        for (const std::string& word : mutated) other += word == "\n" ? word : word + ' ';
        const Formatted result = formatted(other);
        if (!result.whole) {
          ASSERT_EQ(result.text, other);
          continue;
        }
        ++whole;
        well_formatted(other);
      }
    }
  }
  EXPECT_GE(whole, 50u);
}

// ---- comments anywhere ----------------------------------------------------------------------------------------------

/// A comment in one gap after the other, on a line of its own or behind a word: none is lost, and nothing else changes
/// its meaning.
TEST(Corpus, CommentsMayStandBetweenAnyTwoWords) {
  const std::string text = well_formatted(
      "process p { for deals where a is one of b, c  stage a as \"A\" { at most 2 days  to enter at least 1 of (x is "
      "known, y is known) } path a -> b }\nactivity call { channel one of d, e  note_of_it note }\n"
      "test \"t\" { deal D1 { owner ana } 2026-03-03 D1 call { channel d } recorded 2026-03-04 }");
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted || (text[i] != ' ' && text[i] != '\n')) continue;
    for (const char* comment : {" # one\n", "\n# one\n", " # one\n\n# two\n\n"}) {
      std::string with = text;
      with.insert(i, comment);
      well_formatted(with);
    }
  }
}

}  // namespace
}  // namespace plumb::format
