#include <gtest/gtest.h>

#include "unit/syntax/shown.h"

namespace plumb::syntax {
namespace {

using Lines = std::vector<std::string>;

struct Mistake {
  std::string text;
  std::string said;       // line:column code
  std::string help = "";  // a part of the first help, where one matters
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, IsReportedOnceAndAtItsPlace) {
  const Parsed result = parsed(GetParam().text);
  ASSERT_EQ(said(result), Lines{GetParam().said}) << GetParam().text;
  const diagnostics::Diagnostic& diagnostic = result.sink.all().front();
  if (GetParam().help.empty()) return;
  ASSERT_FALSE(diagnostic.help.empty());
  EXPECT_NE(diagnostic.help.front().find(GetParam().help), std::string::npos) << diagnostic.help.front();
}

const Mistake syntax[] = {
    {"must a \"b\" {\n  expct x is known\n  within 2 days\n}", "2:3 unexpected-word", "did you mean `expect`?"},
    {"must a \"b\" {\n  expect x iss known\n  within 2 days\n}", "2:12 unexpected-word", "did you mean `is`?"},
    {"must a \"b\" {\n  expect x is\n  within 2 days\n}", "3:3 unexpected-word", "a value"},
    {"must a \"b\" {\n  within 2 bussiness days\n  expect x is known\n}", "2:12 unexpected-word", "`business`"},
    {"must a \"b\" {\n  within days\n  expect x is known\n}", "2:10 unexpected-word", "a number"},
    {"must a \"b\" { for each foo after x expct y within 2 days because \"z\" }", "1:23 unexpected-word", "`deal`"},
    {"must a \"b\" { expect since is known because \"z\" }", "1:21 unexpected-word", "connecting word"},
    {"must a \"b\" {\n  if missed \"x\" by manager\n  expect x is known\n}", "3:3 unexpected-word", "`within`"},
    {"must a \"b\" {\n  expect x is known and and y is known\n  because \"c\"\n}", "2:25 unexpected-word"},
    {"must a \"b\" {\n  expect (x is known or y is known\n  because \"c\"\n}", "3:3 unexpected-word", "`)`"},
    {"must a \"b\" {\n  expect x is known)\n  because \"c\"\n}", "2:20 unexpected-word"},
    {"must a \"b\" {\n  expect a is less b\n  because \"c\"\n}", "2:20 unexpected-word", "`than`"},
    {"must a \"b\" \"c\" {\n  expect x is known\n}", "1:12 unexpected-word", "`{`"},
    {"must { for each deal }", "1:6 unexpected-word", "a name"},
    {"foo bar { baz }\nmust a \"b\" { }", "1:1 unexpected-word", "`must`"},
    {"mustt a \"b\" { }", "1:1 unexpected-word", "did you mean `must`?"},
    {"fields deal {\n  amount mony\n  b text\n}", "2:10 unexpected-word", "`money`"},
    {"fields deal {\n  amount\n  b text\n}", "3:3 unexpected-word", "after `amount`"},
    {"fields deal {\n  kind one of a b\n  c text\n}", "3:3 unexpected-word"},
    {"calendar c { work Monday 09:00 to 10:00 }", "1:19 unexpected-word", "`monday`"},
    {"calendar c { fiscal year starts frebuary }", "1:33 unexpected-word", "`february`"},
    {"process p { path a -> b -> }", "1:28 unexpected-word", "a name"},
    {"process p {\n  stage a { byer \"x\" }\n  stage b { won }\n}", "2:13 unexpected-word", "`buyer`"},
    {"event e is 1st", "1:12 unexpected-end"},
    {"test \"t\" {\n  2026-01-01 D1 sets a 5\n  deal D2\n}", "2:24 unexpected-word", "`to`"},
    {"prove \"p\" every path to won pases lost", "1:29 unexpected-word", "`passes`"},
    {"ladder l {\n  starts when the same rigt is missed in 2 of 3 months\n}", "2:24 unexpected-word", "`right`"},
    {"process p {\n  stage a {\n    buyer \"x\"\n  stage b { won }\n  path a -> b\n}\nmust a \"b\" { }",
     "2:11 unclosed-brace"},
    {"must a \"b\" {\n  for each deal\nmust c \"d\" { }", "1:12 unclosed-brace"},
    {"must a \"b\" {\n  for each deal", "2:12 unexpected-end", "`must a`"},
    {"must a \"b\" { }\n}\nmust c \"d\" { }", "2:1 unmatched-brace"},
    {"process p {\n  stage a {\n    won\n  }\n  }\n  stage b { lost }\n}", "5:3 unmatched-brace"},
    {"must a \"b\" {\n  because \"x\"\n  because \"y\"\n}", "3:3 repeated-clause"},
    {"must a \"b\" { expect at least 1.5 of (a is known, b is known) }", "1:30 not-whole"},
    {"must a \"b\" { expect x is 99999999999999999999 }", "1:26 number-out-of-range"},
    {"must a \"b\" { expect 5 has happened }", "1:21 not-an-event"},
    {"must a \"b\" { expect x changed is 5 }", "1:21 event-as-value"},
};
INSTANTIATE_TEST_SUITE_P(Syntax, Mistakes, testing::ValuesIn(syntax));

const Mistake lexical[] = {
    {"", "1:1 empty-rulebook"},
    {"# nothing but a comment\n", "1:1 empty-rulebook"},
    {"rulebook x {\n  title \"Winning\n  version 1.0.0\n}", "2:9 open-string"},
    {"must a \"b {\n  for each deal\n}", "1:8 open-string"},
    {"must a \"b\" { @@@ expect x is known }", "1:14 stray-character"},
    {std::string("must a \"b\" { \0 }", 16), "1:14 stray-character", "plain text"},
    {"must a \"b\xFF\" { }", "1:10 not-utf8", "UTF-8"},
    {"\xFF\xFEm\0u\0", "1:1 not-utf8", "UTF-16"},
    {"calendar c { holiday 2026-02-30 \"x\" }", "1:22 invalid-date"},
    {"calendar c { work monday 09:00 to 25:30 }", "1:35 invalid-time"},
    {"test \"t\" { 2026-03-02 09:00+19:00 D1 call }", "1:23 invalid-time"},
};
INSTANTIATE_TEST_SUITE_P(Lexical, Mistakes, testing::ValuesIn(lexical));

struct Foreign {
  std::string text;    // a condition
  std::string shown;   // what it is read as
  std::string repair;  // what the suggestion writes; empty where a person must decide
};

class ForeignSpellings : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignSpellings, AreReadAsMeantAndPutRight) {
  const Parsed result = parsed("must a \"b\" { expect " + GetParam().text + " }");
  ASSERT_EQ(result.sink.all().size(), 1u) << GetParam().text;
  const diagnostics::Diagnostic& diagnostic = result.sink.all().front();
  EXPECT_EQ(diagnostic.code, "foreign-spelling");
  EXPECT_EQ(shown(result.file, only<ast::Rule>(result.file).expect), GetParam().shown);
  EXPECT_FALSE(diagnostic.help.empty());
  ASSERT_EQ(diagnostic.suggestions.size(), GetParam().repair.empty() ? 0u : 1u) << GetParam().text;
  if (GetParam().repair.empty()) return;
  std::string repaired(result.texts[result.file.text].content());
  const diagnostics::Suggestion& suggestion = diagnostic.suggestions.front();
  repaired.replace(suggestion.span.begin, suggestion.span.end - suggestion.span.begin, suggestion.text);
  EXPECT_EQ(repaired, "must a \"b\" { expect " + GetParam().repair + " }");
  EXPECT_TRUE(parsed(repaired).sink.all().empty()) << repaired;
}

const Foreign foreign[] = {
    {"a >= 5", "(at-least a 5)", "a is at least 5"},
    {"a>=5", "(at-least a 5)", "a is at least 5"},
    {"a is >= 5", "(at-least a 5)", "a is at least 5"},
    {"a <= 5", "(at-most a 5)", "a is at most 5"},
    {"a > 5", "(more-than a 5)", "a is more than 5"},
    {"a < 5", "(less-than a 5)", "a is less than 5"},
    {"a = b", "(is a b)", "a is b"},
    {"a == b", "(is a b)", "a is b"},
    {"a <> b", "(is-not a b)", "a is not b"},
    {"a != b", "(is-not a b)", "a is not b"},
    {"a is b && c is d", "(and (is a b) (is c d))", "a is b and c is d"},
    {"a is b || c is d", "(or (is a b) (is c d))", "a is b or c is d"},
    {"!(a is b)", "(not (is a b))", "not (a is b)"},
    {"a is “x y”", "(is a 'x y')", "a is \"x y\""},
    {"a is 'x'", "(is a 'x')", "a is \"x\""},
    {"a is at least $10k", "(at-least a 10,000USD)", ""},
    {"a is at least 5 €", "(at-least a 5EUR)", "a is at least 5 EUR"},
    {"a is at least 10k", "(at-least a 10,000)", "a is at least 10,000"},
    {"a is at least 12USD", "(at-least a 12USD)", "a is at least 12 USD"},
    {"a is at least 5days", "(at-least a <5 days>)", "a is at least 5 days"},
    {"a is at least 12 %", "(at-least a 0.12p)", "a is at least 12%"},
    {"a is after 5/25/2026", "(after a 2026-05-25)", "a is after 2026-05-25"},
    {"a is after 5/6/2026", "(after a 2026-05-06)", ""},
    {"a is after 25.5.2026", "(after a 2026-05-25)", "a is after 2026-05-25"},
    {"a is after 2026-5-6", "(after a 2026-05-06)", "a is after 2026-05-06"},
    {"a is after 2026-03-02T09:00:00.5Z", "(after a 2026-03-02@32400s+0s)", "a is after 2026-03-02 09:00:00Z"},
    {"close-date is known", "(known close-date)", "\"close-date\" is known"},
    {"a is known;", "(known a)", "a is known"},
};
INSTANTIATE_TEST_SUITE_P(All, ForeignSpellings, testing::ValuesIn(foreign));

TEST(Recovery, WhatStandsAroundAMistakeIsKept) {
  const Parsed result =
      parsed("must a \"b\" {\n  right time\n  expct x is known\n  within 2 days\n}\nmust c \"d\" { }");
  ASSERT_EQ(result.file.declarations.size(), 2u);
  const auto& rule = std::get<ast::Rule>(result.file.declarations[0]);
  EXPECT_TRUE(rule.right && rule.within);
  EXPECT_FALSE(rule.expect);
}

TEST(Recovery, SeveralMistakesAreReportedEach) {
  const Parsed result =
      parsed("must a \"b\" {\n  expct x is known\n  within days\n}\nfields f {\n  a mony\n  b text\n}");
  EXPECT_EQ(said(result), (Lines{"2:3 unexpected-word", "3:10 unexpected-word", "6:5 unexpected-word"}));
}

TEST(ForeignSpellings, CommentsOfOtherLanguages) {
  EXPECT_EQ(said(parsed("// one\nevent e is a\n")), Lines{"1:1 foreign-spelling"});
  EXPECT_EQ(said(parsed("event e is a\n----------\n")), Lines{"2:1 foreign-spelling"});
}

TEST(Recovery, TwentyMistakesAreEnough) {
  std::string text = "must a \"b\" {\n";
  for (int i = 0; i < 100; ++i) text += "  expct x is known\n";
  EXPECT_EQ(parsed(text + "}").sink.all().size(), Limits::syntax_errors);
}

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

TEST(Hostile, GetsOneClearAnswer) {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"must a \"b\" { expect " + repeated("(", 10'000) + "x is known" + repeated(")", 10'000) + " }", "too-deep"},
      {repeated("{", 50'000), "too-deep"},
      {repeated("}", 50'000), "unmatched-brace"},
      {"must a \"b\" { expect count of " + repeated("a where ", 20'000) + "b is c is at least 1 }", "too-deep"},
      {"must a \"b\" { expect " + repeated("5% of ", 20'000) + "x is known }", "too-deep"},
      {"must a \"b\" { expect at least 2 of (x is one of " + repeated("b, ", 50'000) + "c) }", "list-too-long"},
      {"must a \"b\" { expect " + repeated("not ", 50'000) + "x is known }", "too-deep"},
      {"measure m is " + repeated("a plus ", 20'000) + "b", "too-deep"},
      {repeated("a ", 5'000'000), "file-too-large"},
      {repeated("a ", 1'100'000), "too-many-words"},
      {repeated("a ", 100'000), "unexpected-word"},
      {repeated("@", 100'000), "stray-character"}};
  for (const auto& [text, code] : texts) {
    const Parsed result = parsed(text);
    ASSERT_EQ(result.sink.all().size(), 1u) << text.substr(0, 60);
    EXPECT_EQ(result.sink.all().front().code, code) << text.substr(0, 60);
  }
}

TEST(Hostile, LongButHarmlessTextsAreRead) {
  EXPECT_TRUE(parsed("must a \"b\" { expect " + repeated("not ", 1'000) + "x is known }").sink.all().empty());
  EXPECT_TRUE(
      parsed("must a \"b\" { expect " + repeated("x is known and ", 20'000) + "x is known }").sink.all().empty());
  EXPECT_TRUE(parsed("measure m is " + repeated("a plus ", 1'000) + "b").sink.all().empty());
  EXPECT_TRUE(parsed("event e is " + repeated("(", 190) + "x" + repeated(")", 190)).sink.all().empty());
}

// Cutting a valid text anywhere must neither crash nor go unnoticed in the middle of a declaration.
TEST(Hostile, EveryBeginningOfATextIsSurvived) {
  const std::string text =
      "must a \"b\" { for each deal after 1st call where x is y expect at least 2 of (a is one of b, c, "
      "count of d over last 2 e is at least 40%) within 2 days if missed \"t\" by owner within 1 day }";
  for (std::size_t length = 1; length < text.size(); ++length) {
    EXPECT_FALSE(parsed(text.substr(0, length)).sink.all().empty()) << text.substr(0, length);
  }
  EXPECT_TRUE(parsed(text).sink.all().empty());
}

}  // namespace
}  // namespace plumb::syntax
