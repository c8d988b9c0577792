// One mistake, one diagnostic: the cases of tests/corpus/mistakes.

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "corpus/cases.h"
#include "corpus/reading.h"

namespace plumb::corpus {
namespace {

using diagnostics::Diagnostic;

bool any_holds(const std::vector<std::string>& texts, const std::string& words) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(words) != std::string::npos; });
}

/// Missing: empty where the check says of the case what it should.
std::string wrong_with(const Case& each, const Reading& reading) {
  if (reading.sink.all().size() != 1) return fmt::format("{} diagnostics", reading.sink.all().size());
  const Diagnostic& said = reading.first();
  if (said.code != each.code) return "another code than " + each.code;
  if (reading.first_line(said) > each.expected_line || reading.last_line(said) < each.expected_line) {
    return fmt::format("not at line {}", each.expected_line);
  }
  for (const std::string& words : each.says) {
    if (said.message.find(words) == std::string::npos) return fmt::format("does not say `{}`", words);
  }
  for (const std::string& words : each.helps) {
    if (!any_holds(said.help, words)) return fmt::format("does not help with `{}`", words);
  }
  if (said.help.empty()) return "no help";
  if (!each.fixed) return said.suggestions.empty() ? "" : "suggestions, and nothing says `fixed`";
  if (said.suggestions.empty()) return "no suggestion";
  const Reading after(repaired(each.text, reading));
  return after.sink.all().empty() ? "" : "what it suggests leaves\n" + after.shown();
}

TEST(Mistakes, TheBaseHasNone) {
  const Reading reading(read_file("tests/corpus/base.plumb"));
  EXPECT_EQ(reading.shown(), "");
}

TEST(Mistakes, EachIsSaidOnceWhereItIsAndHowItIsPutRight) {
  const std::vector<Case> cases = read_cases();
  for (const Case& each : cases) {
    const Reading reading(each.text);
    const std::string wrong = wrong_with(each, reading);
    EXPECT_EQ(wrong, "") << each.file << ":" << each.line << ": " << each.name << "\n" << reading.shown();
    EXPECT_EQ(internals_in(reading.shown()), "") << each.name << "\n" << reading.shown();
  }
  EXPECT_GE(cases.size(), 250u);
}

TEST(Mistakes, NoneIsThereTwice) {
  std::set<std::string> names, texts;
  for (const Case& each : read_cases()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_TRUE(texts.insert(each.text).second) << each.name;
  }
}

}  // namespace
}  // namespace plumb::corpus
