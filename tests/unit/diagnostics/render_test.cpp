#include "diagnostics/render.h"

#include <gtest/gtest.h>

#include <chrono>

namespace plumb::diagnostics {
namespace {

constexpr Code unknown_field{"unknown-field", Severity::error, "deals have no field `{}`"};
constexpr Code late{"late", Severity::warning, "late"};

struct Rendered : ::testing::Test {
  source::Map texts;

  source::Span find(Id<source::Text> text, std::string_view words, std::size_t from = 0) {
    const std::size_t at = texts[text].content().find(words, from);
    EXPECT_NE(at, std::string_view::npos) << words;
    return {text, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + words.size())};
  }
  static Diagnostic about(source::Span span, std::string_view word = "amout") {
    Sink sink;
    return sink.report(span, unknown_field, word);
  }
  std::string human(const Diagnostic& diagnostic) { return render_human(diagnostic, texts, {}); }
  std::string human_of(std::string content, std::string_view words) {
    const auto text = texts.add("a.plumb", std::move(content));
    return human(about(find(text, words)));
  }
};

TEST_F(Rendered, IsAsTheHeaderSays) {
  std::string content;
  for (int i = 0; i < 11; ++i) content += "# a line\n";
  const auto text = texts.add("rules.plumb", content + "  expect amout is known\n");
  Diagnostic diagnostic = about(find(text, "amout"));
  diagnostic.hint("did you mean `{}`?", "amount");
  EXPECT_EQ(human(diagnostic),
            "error[unknown-field]: deals have no field `amout`\n"
            "  --> rules.plumb:12:10\n"
            "   |\n"
            "12 |   expect amout is known\n"
            "   |          ^^^^^\n"
            "   = help: did you mean `amount`?\n");
}

TEST_F(Rendered, PutsLabelsBesideOrBelow) {
  const auto other = texts.add("base.plumb", "\n\nfields deal {\n}\n");
  const auto text = texts.add("a.plumb", "expect amout\nstage x\n");
  Diagnostic diagnostic = about(find(text, "amout"));
  diagnostic.label(find(text, "expect"), "asked here").label(find(text, "stage"), "in here");
  diagnostic.label(find(other, "deal"), "the fields").label({}, "of no place");
  EXPECT_EQ(human(diagnostic),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:8\n"
            "  |\n"
            "1 | expect amout\n"
            "  |        ^^^^^\n"
            "  | ------ asked here\n"
            " --> a.plumb:2:1\n"
            "  |\n"
            "2 | stage x\n"
            "  | ----- in here\n"
            " --> base.plumb:3:8\n"
            "  |\n"
            "3 | fields deal {\n"
            "  |        ---- the fields\n"
            "  = note: of no place\n");
}

TEST_F(Rendered, ShowsFirstAndLastOfManyLines) {
  EXPECT_EQ(human_of("  stage x {\n    a\n    b\n  } end\n", "x {\n    a\n    b\n  }"),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:9\n"
            "  |\n"
            "1 |   stage x {\n"
            "  |         ^^^\n"
            ".\n"
            "4 |   } end\n"
            "  |   ^\n");
}

TEST_F(Rendered, ShowsTwoLinesWithoutAGap) {
  EXPECT_EQ(human_of("aa bb\r\ncc dd\r\n", "bb\r\ncc"),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:4\n"
            "  |\n"
            "1 | aa bb\n"
            "  |    ^^\n"
            "2 | cc dd\n"
            "  | ^^\n");
}

TEST_F(Rendered, KeepsASpanUpToTheLineBreakOnItsLine) {
  EXPECT_EQ(human_of("aa bb\r\ncc\r\n", "bb\r\n"),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:4\n"
            "  |\n"
            "1 | aa bb\n"
            "  |    ^^\n");
}

TEST_F(Rendered, PointsBehindTheLastLine) {
  const auto text = texts.add("a.plumb", "stage x {");
  EXPECT_EQ(human(about({text, 9, 9})),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:10\n"
            "  |\n"
            "1 | stage x {\n"
            "  |          ^\n");
  const auto ended = texts.add("a.plumb", "stage x {\n");
  EXPECT_EQ(human(about({ended, 10, 10})),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:2:1\n"
            "  |\n"
            "2 |\n"
            "  | ^\n");
  const auto empty = texts.add("a.plumb", "");
  EXPECT_NE(human(about({empty, 0, 0})).find("1 |\n  | ^\n"), std::string::npos);
}

TEST_F(Rendered, HasNoArrowWithoutAText) {
  Diagnostic diagnostic = about({});
  diagnostic.hint("write one");
  EXPECT_EQ(human(diagnostic), "error[unknown-field]: deals have no field `amout`\n  = help: write one\n");
}

TEST_F(Rendered, ShowsTabsAsOneBlankAndControlsAsSigns) {
  EXPECT_EQ(human_of("\tx\x1b[31m amout \xE2\x80\xAE\xFF", "amout"),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:9\n"
            "  |\n"
            "1 |  x\xEF\xBF\xBD[31m amout \xEF\xBF\xBD\xEF\xBF\xBD\n"
            "  |         ^^^^^\n");
  const std::string message = human(about({}, "a\nb\x1b[1m"));
  EXPECT_EQ(message,
            "error[unknown-field]: deals have no field `a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD[1m`\n");
}

TEST_F(Rendered, AlignsUnderWideAndCombiningCharacters) {
  EXPECT_EQ(human_of("\xE4\xB8\x96\xE7\x95\x8C e\xCC\x81 amout", "amout"),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:7\n"
            "  |\n"
            "1 | \xE4\xB8\x96\xE7\x95\x8C e\xCC\x81 amout\n"
            "  |        ^^^^^\n");
  EXPECT_NE(human_of("\xE4\xB8\x96\xE7\x95\x8C", "\xE7\x95\x8C").find("  |   ^^\n"), std::string::npos);
}

TEST_F(Rendered, CutsALongLineAroundTheSpan) {
  const std::string before(200, 'b'), after(200, 'a');
  EXPECT_EQ(human_of(before + " amout " + after, "amout"),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:202\n"
            "  |\n"
            "1 | …" +
                std::string(29, 'b') + " amout " + std::string(74, 'a') +
                "…\n"
                "  | " +
                std::string(31, ' ') + "^^^^^\n");
}

TEST_F(Rendered, ShowsTheBeginOfALongLineWhenItIsNear) {
  EXPECT_EQ(human_of("  amout " + std::string(500, 'a'), "amout"),
            "error[unknown-field]: deals have no field `amout`\n"
            " --> a.plumb:1:3\n"
            "  |\n"
            "1 |   amout " +
                std::string(102, 'a') +
                "…\n"
                "  |   ^^^^^\n");
}

TEST_F(Rendered, EndsTheStrokesWhereALongSpanIsCut) {
  const std::string span(300, 'x');
  EXPECT_NE(human_of("say " + span, span).find("  |     " + std::string(106, '^') + "\n"), std::string::npos);
}

TEST_F(Rendered, IsCheapInALineOfTenMegabytes) {
  std::string content(10'000'000, 'x');
  for (std::size_t at = 0; at + 2 < content.size(); at += 997) content[at] = ' ';
  const auto text = texts.add("a.plumb", content);
  const auto start = std::chrono::steady_clock::now();
  std::size_t longest = 0;
  for (std::uint32_t i = 0; i < 200; ++i) {
    Diagnostic diagnostic = about({text, 9'999'000 - i * 49'000, 9'999'005 - i * 49'000});
    diagnostic.label({text, 0, 10'000'000}, "all of it").suggest({text, 0, 10'000'000}, "");
    longest = std::max(longest, human(diagnostic).size());
  }
  EXPECT_LT(longest, 2'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST_F(Rendered, CutsAHeapOfCombiningMarks) {
  std::string content = "a";
  for (int i = 0; i < 100'000; ++i) content += "\xCC\x81";
  EXPECT_LT(human_of(content, "a").size(), 1'000u);
}

TEST_F(Rendered, ShowsASuggestionThatNoHelpSays) {
  const auto text = texts.add("a.plumb", "expect amout the\n");
  Diagnostic diagnostic = about(find(text, "amout"));
  diagnostic.suggest(find(text, "amout"), "amount").suggest(find(text, "the"), "");
  const std::string shown = human(diagnostic);
  EXPECT_NE(shown.find("  = help: write `amount`\n  = help: leave `the` out\n"), std::string::npos) << shown;
  diagnostic.hint("did you mean `amount`?");
  EXPECT_EQ(human(diagnostic).find("write `amount`"), std::string::npos);
}

TEST_F(Rendered, ColoursOnlyWhenAsked) {
  const auto text = texts.add("a.plumb", "amout");
  const Diagnostic diagnostic = about(find(text, "amout"));
  EXPECT_EQ(human(diagnostic).find('\x1b'), std::string::npos);
  const std::string coloured = render_human(diagnostic, texts, {true});
  EXPECT_EQ(coloured.find("\x1b[1;31merror[unknown-field]\x1b[0m"), 0u);
  EXPECT_NE(coloured.find("\x1b[1;31m^^^^^\x1b[0m\n"), std::string::npos);
}

TEST_F(Rendered, PlainIsOneLine) {
  const auto text = texts.add("rules.plumb", "\n  expect amout");
  Diagnostic diagnostic = about(find(text, "amout"));
  diagnostic.hint("did you mean `amount`?").hint("or say\nmore");
  EXPECT_EQ(render_plain(diagnostic, texts),
            "rules.plumb:2:10: error: deals have no field `amout` [unknown-field] - did you mean `amount`? - or say"
            "\xEF\xBF\xBDmore");
  Sink sink;
  EXPECT_EQ(render_plain(sink.report({}, late), texts), "warning: late [late]");
}

TEST_F(Rendered, JsonSaysEverything) {
  const auto text = texts.add("rules.plumb", "fields deal\n  expect amout\n");
  Diagnostic diagnostic = about(find(text, "amout"));
  diagnostic.label(find(text, "deal"), "the \"fields\"").hint("did you mean `amount`?").hint("or not");
  diagnostic.suggest(find(text, "amout"), "amount").label({}, "nowhere");
  EXPECT_EQ(
      render_json(diagnostic, texts),
      R"({"code":"unknown-field","severity":"error","message":"deals have no field `amout`",)"
      R"("file":"rules.plumb","line":2,"column":10,"end_line":2,"end_column":15,)"
      R"("labels":[{"file":"rules.plumb","line":1,"column":8,"end_line":1,"end_column":12,"text":"the \"fields\""},)"
      R"({"file":null,"line":null,"column":null,"end_line":null,"end_column":null,"text":"nowhere"}],)"
      R"("help":["did you mean `amount`?","or not"],)"
      R"("suggestions":[{"file":"rules.plumb","line":2,"column":10,"end_line":2,"end_column":15,"text":"amount"}]})");
}

TEST_F(Rendered, JsonEscapesWhatAnybodyWrites) {
  const auto text = texts.add("a\\\"\xFF.plumb", "amout");
  Diagnostic diagnostic = about(find(text, "amout"), "a\n\t\r\x01\x7F\xC3\xA9\xE2\x82\xF0\x9F\x98\x80");
  const std::string json = render_json(diagnostic, texts);
  EXPECT_NE(json.find(R"("file":"a\\\")"
                      "\xEF\xBF\xBD.plumb\""),
            std::string::npos)
      << json;
  EXPECT_NE(json.find("`a\\n\\t\\r\\u0001\\u007f\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80`"), std::string::npos)
      << json;
  EXPECT_EQ(json.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace plumb::diagnostics
