// The pages of the diagnostics' codes (grammar/mistakes): one for each code of the catalog, and each says what is true.
// The examples are run with the program as its users run it; CONTRIBUTING.md says how a page is written.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "support/golden/process.h"
#include "support/golden/test_file.h"
#include "support/house.h"

namespace plumb::house {
namespace {

struct Example {
  std::map<std::string, std::string> files;  // by their names in the folder of the run
  std::string command;
  std::size_t fences = 0;  // without those that stand in both examples
};

struct Page {
  std::string code;
  std::string prose;
  Example wrong, right;
};

/// Files that the examples of mappings need and do not show.
constexpr std::string_view rulebook_beside =
    "fields deal { amount money }\n"
    "must has_amount { for each deal at created expect amount is known }\n";
constexpr std::string_view export_beside = "id,created,owner,amount\nD1,2026-03-02,ana,1000\n";

/// What stands behind the mark of a fence: `yaml wrong file=plumb.yaml bytes copies=2 $ plumb check .`.
struct Info {
  std::set<std::string> words;
  std::string language, file, command;
  std::size_t copies = 1;

  explicit Info(const std::string& line) {
    const std::size_t dollar = line.find("$ ");
    if (dollar != std::string::npos) command = line.substr(dollar + 2);
    std::istringstream in(line.substr(0, dollar));
    in >> language;
    for (std::string word; in >> word;) {
      if (word.starts_with("file=")) file = word.substr(5);
      if (word.starts_with("copies=")) copies = std::stoul(word.substr(7));
      words.insert(word);
    }
    if (file.empty()) file = language == "yaml" ? "mapping.yaml" : "rules.plumb";
  }
};

void put(Example& example, const Info& info, const std::string& body) {
  std::string content = body;
  if (info.words.contains("bytes")) {
    const auto bytes = golden::content_of({golden::Kind::bytes, info.file, body, 1});
    if (!bytes) {
      ADD_FAILURE() << "the bytes of " << info.file << ": " << bytes.error();
      return;
    }
    content = *bytes;
  }
  const auto numbered = [](std::string text, std::size_t number) {
    for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;) {
      text.replace(at, 1, std::to_string(number));
    }
    return text;
  };
  if (info.copies == 1) example.files[info.file] = content;
  for (std::size_t i = 1; info.copies > 1 && i <= info.copies; ++i) {
    example.files[numbered(info.file, i)] += numbered(content, i);
  }
  if (!info.command.empty()) example.command = info.command;
}

void put(Page& page, const Info& info, const std::string& body) {
  const bool both = info.words.contains("both");
  if (both || info.words.contains("wrong")) put(page.wrong, info, body);
  if (both || info.words.contains("right")) put(page.right, info, body);
  if (info.words.contains("wrong")) ++page.wrong.fences;
  if (info.words.contains("right")) ++page.right.fences;
}

/// What is asked of the examples when the page does not say.
void complete(Page& page) {
  if (page.right.command.empty()) page.right.command = page.wrong.command;
  for (Example* example : {&page.wrong, &page.right}) {
    const bool mapping = example->files.contains("mapping.yaml");
    if (mapping) example->files.try_emplace("rules.plumb", rulebook_beside);
    if (mapping) example->files.try_emplace("deals.csv", export_beside);
    if (!example->command.empty()) continue;
    example->command = mapping ? "plumb run rules.plumb --history . --mapping mapping.yaml" : "plumb check rules.plumb";
  }
}

std::vector<Page> pages_of(const std::string& text) {
  std::vector<Page> pages;
  std::optional<Info> fence;
  std::string body;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      if (fence && !pages.empty()) put(pages.back(), *fence, body);
      fence = fence ? std::nullopt : std::optional<Info>(Info(line.substr(3)));
      body.clear();
    } else if (fence) {
      body += line + "\n";
    } else if (line.starts_with("## ")) {
      pages.push_back({line.substr(3), "", {}, {}});
    } else if (!pages.empty() && !line.empty()) {
      pages.back().prose += line + "\n";
    }
  }
  for (Page& page : pages) complete(page);
  return pages;
}

std::vector<Page> all_pages() {
  std::vector<Page> pages;
  for (const auto& path : files_below(repository() / "grammar" / "mistakes", {".md"})) {
    for (Page& page : pages_of(text_of(path))) pages.push_back(std::move(page));
  }
  return pages;
}

/// What a run said, each by severity: `error[unknown-field]`.
struct Said {
  int exit = 0;
  std::set<std::string> errors, others;
  std::string text;
};

Said said_by(const std::string& output) {
  Said said;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    for (const auto& code : diagnostics::catalog()) {
      for (const std::string_view severity : {"error", "warning", "note"}) {
        if (!line.starts_with(fmt::format("{}[{}]:", severity, code.name))) continue;
        (severity == "error" ? said.errors : said.others).emplace(code.name);
      }
    }
  }
  said.text = output.substr(0, 2000);
  return said;
}

Said run(const Example& example) {
  const golden::Folder folder;
  for (const auto& [name, content] : example.files) {
    EXPECT_TRUE(golden::write_file(folder.inside() / name, content).ok()) << name;
  }
  auto words = golden::split_words(example.command);
  if (!words || words->size() < 2 || words->front() != "plumb") {
    Said said;
    said.exit = -1;
    said.text = fmt::format("`{}` is no command", example.command);
    return said;
  }
  golden::Command command;
  command.program = PLUMB_BINARY;
  command.arguments.assign(words->begin() + 1, words->end());
  const auto outcome = golden::run(command, folder);
  Said said = said_by(outcome ? outcome->errors + outcome->output : outcome.error());
  said.exit = outcome && outcome->end == golden::End::exited ? outcome->number : -1;
  return said;
}

const diagnostics::Code* find_code(const std::string& name) {
  const auto& codes = diagnostics::catalog();
  const auto code = std::find_if(codes.begin(), codes.end(), [&](const auto& c) { return c.name == name; });
  return code == codes.end() ? nullptr : &*code;
}

/// What is untrue on a page of the code, in words; empty when nothing is.
std::string untrue_on(const Page& page, diagnostics::Severity severity) {
  if (page.wrong.fences == 0 || page.right.fences == 0) return "it has no wrong or no right example";
  const Said wrong = run(page.wrong);
  const std::set<std::string> one = {page.code};
  const bool is_error = severity == diagnostics::Severity::error;
  const bool as_said = is_error ? wrong.errors == one && wrong.exit > 1
                                : wrong.errors.empty() && wrong.others.contains(page.code) && wrong.exit >= 0;
  if (!as_said) return fmt::format("the wrong example ends with {} and says\n{}", wrong.exit, wrong.text);
  const Said right = run(page.right);
  if (right.errors.empty() && !right.others.contains(page.code) && right.exit == 0) return "";
  return fmt::format("the right example ends with {} and says\n{}", right.exit, right.text);
}

TEST(CodePages, HaveOneForEachCode) {
  std::multiset<std::string> written, codes;
  for (const Page& page : all_pages()) written.insert(page.code);
  for (const auto& code : diagnostics::catalog()) codes.emplace(code.name);
  for (const std::string& code : codes) {
    EXPECT_EQ(written.count(code), 1u) << "pages for " << code << " in grammar/mistakes; CONTRIBUTING.md says how";
  }
  for (const std::string& page : written) EXPECT_TRUE(codes.contains(page)) << page << " is no code of catalog.def";
}

TEST(CodePages, SayWhatIsTrue) {
  for (const Page& page : all_pages()) {
    const diagnostics::Code* code = find_code(page.code);
    if (code == nullptr) continue;  // said by the test above
    const std::string untrue = untrue_on(page, code->severity);
    EXPECT_TRUE(untrue.empty()) << page.code << ": " << untrue;
  }
}

/// The first sentence stands in the list of the codes, so it is one, and neither empty nor a paragraph.
TEST(CodePages, BeginWithASentence) {
  for (const Page& page : all_pages()) {
    std::string prose = page.prose;
    std::replace(prose.begin(), prose.end(), '\n', ' ');
    const std::size_t end = prose.find(". ");
    ASSERT_NE(end, std::string::npos) << page.code;
    EXPECT_GE(end, 20u) << page.code;
    EXPECT_LE(end, 200u) << page.code;
  }
}

/// What `explain-code` makes of a page: a title for each file, a heading for each code, and none below.
TEST(CodePages, HaveTheHeadingsThatAreRead) {
  for (const auto& path : files_below(repository() / "grammar" / "mistakes", {".md"})) {
    const std::string text = text_of(path);
    EXPECT_TRUE(text.starts_with("# ")) << path;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      EXPECT_FALSE(line.starts_with("### ")) << path << ": " << line;
    }
  }
}

Page page_with(const std::string& wrong, const std::string& right) {
  return pages_of("# T\n\n## unknown-field\n\nWhy.\n\n" + wrong + "\n" + right + "\n").at(0);
}

TEST(CodePagesTest, SeesWhatIsUntrue) {
  const auto untrue = [](const std::string& wrong, const std::string& right) {
    return untrue_on(page_with(wrong, right), diagnostics::Severity::error);
  };
  const std::string rule = "must a { for each deal at created expect x is known }\n```\n";
  const std::string wrong = "```plumb wrong\n" + rule;
  const std::string right = "```plumb right\nfields deal { x text }\n" + rule;
  EXPECT_EQ(untrue(wrong, right), "");
  EXPECT_NE(untrue(wrong, "```plumb right\n" + rule).find("the right example"), std::string::npos);
  EXPECT_NE(untrue("```plumb wrong\nfields deal { x text }\n" + rule, right).find("the wrong example"),
            std::string::npos);
  EXPECT_NE(untrue("```plumb wrong\nfields deal { y text y text }\n" + rule, right), "") << "a second error";
  EXPECT_NE(untrue(wrong, ""), "");
  EXPECT_NE(untrue("```plumb wrong $ rm rules.plumb\n" + rule, right), "");
}

TEST(CodePagesTest, ReadsTheWordsOfAFence) {
  const Page page = pages_of(
                        "# T\n\n## a\n\nWhy.\n\n```plumb both file=base.plumb\nb\n```\n```yaml wrong file=p.yaml $ "
                        "plumb check p.yaml\n"
                        "c\n```\n```plumb right bytes\n\\{2:x}\n```\n```plumb right file=c@.plumb copies=2\nn @\n```\n"
                        "```plumb right file=d.plumb copies=2\nuse c@\n```\n")
                        .at(0);
  EXPECT_EQ(page.wrong.files, (std::map<std::string, std::string>{{"base.plumb", "b\n"}, {"p.yaml", "c\n"}}));
  EXPECT_EQ(page.right.files, (std::map<std::string, std::string>{{"base.plumb", "b\n"},
                                                                  {"rules.plumb", "xx"},
                                                                  {"c1.plumb", "n 1\n"},
                                                                  {"c2.plumb", "n 2\n"},
                                                                  {"d.plumb", "use c1\nuse c2\n"}}));
  EXPECT_EQ(page.right.command, "plumb check p.yaml");
}

}  // namespace
}  // namespace plumb::house
