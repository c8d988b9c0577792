#include "diagnostics/wrap.h"

#include <gtest/gtest.h>

#include "diagnostics/render.h"

namespace plumb::diagnostics {
namespace {

using Lines = std::vector<std::string>;

TEST(Wrap, BreaksAtBlanks) {
  EXPECT_EQ(wrap("one two three", 0, 0), (Lines{"one two three"})) << "no limit";
  EXPECT_EQ(wrap("one two three", 7, 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrap("one two three", 6, 7), (Lines{"one", "two", "three"})) << "the first line has less room";
  EXPECT_EQ(wrap("one two three", 3, 20), (Lines{"one", "two three"}));
  EXPECT_EQ(wrap("", 5, 5), (Lines{""}));
}

TEST(Wrap, LeavesALongWordWhole) {
  EXPECT_EQ(wrap("a immeasurable b", 4, 4), (Lines{"a", "immeasurable", "b"}));
  EXPECT_EQ(wrap("immeasurable", 1, 4), (Lines{"immeasurable"}));
}

TEST(Wrap, CountsWhatATerminalShows) {
  EXPECT_EQ(columns_of("\xE4\xB8\x96\xE7\x95\x8C"), 4u);
  EXPECT_EQ(wrap("\xE4\xB8\x96 \xE7\x95\x8C", 4, 4), (Lines{"\xE4\xB8\x96", "\xE7\x95\x8C"}));
  EXPECT_EQ(wrap("\xC3\xBC\xC3\xBC \xC3\xBC", 4, 4), (Lines{"\xC3\xBC\xC3\xBC \xC3\xBC"}));
}

struct Narrow : ::testing::Test {
  source::Map texts;
  Sink sink;

  Diagnostic& about(std::string content, std::uint32_t begin, std::uint32_t end) {
    static constexpr Code code{"unknown-field", Severity::error, "deals have no field that is called `{}`"};
    return sink.report({texts.add("a.plumb", std::move(content)), begin, end}, code, "amout");
  }
};

TEST_F(Narrow, WrapsMessageHelpAndLabel) {
  Diagnostic& diagnostic = about("expect amout is known\n", 7, 12);
  diagnostic.label({diagnostic.span.text, 0, 6}, "the rule that is asked begins here and goes on");
  diagnostic.hint("did you mean `amount`, or another of the fields?");
  EXPECT_EQ(render_human(diagnostic, texts, {false, 40}),
            "error[unknown-field]: deals have no\n"
            "  field that is called `amout`\n"
            " --> a.plumb:1:8\n"
            "  |\n"
            "1 | expect amout is known\n"
            "  |        ^^^^^\n"
            "  | ------ the rule that is asked begins\n"
            "  |        here and goes on\n"
            "  = help: did you mean `amount`, or\n"
            "          another of the fields?\n");
}

TEST_F(Narrow, PutsALabelBelowWhereTheLineIsFull) {
  Diagnostic& diagnostic = about("expect that the amout is known\n", 16, 21);
  diagnostic.label({diagnostic.span.text, 16, 30}, "this is what is asked of them");
  EXPECT_EQ(render_human(diagnostic, texts, {false, 40}),
            "error[unknown-field]: deals have no\n"
            "  field that is called `amout`\n"
            " --> a.plumb:1:17\n"
            "  |\n"
            "1 | expect that the amout is known\n"
            "  |                 ^^^^^\n"
            "  |                 --------------\n"
            "  |                 this is what is\n"
            "  |                 asked of them\n");
}

TEST_F(Narrow, CutsTheUsersLineAtTheWidth) {
  for (const std::size_t width : {20u, 40u, 80u, 200u}) {
    const std::string page =
        render_human(about(std::string(300, 'b') + " amout " + std::string(300, 'a'), 301, 306), texts, {false, width});
    const std::size_t begin = page.find("1 | ");
    ASSERT_NE(begin, std::string::npos);
    const std::string line = page.substr(begin, page.find('\n', begin) - begin);
    EXPECT_EQ(columns_of(line), std::max<std::size_t>(width, 26)) << "one less would be a waste";
    EXPECT_NE(line.find(" amout "), std::string::npos);
  }
}

}  // namespace
}  // namespace plumb::diagnostics
