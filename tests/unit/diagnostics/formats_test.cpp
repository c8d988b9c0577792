#include <gtest/gtest.h>

#include "diagnostics/json_writer.h"
#include "diagnostics/path.h"
#include "diagnostics/render.h"

namespace plumb::diagnostics {
namespace {

struct Formats : ::testing::Test {
  source::Map texts;
  Sink sink;
  Id<source::Text> text = texts.add("./a b.plumb", "expect amout\nis known\n");

  Diagnostic& about(source::Span span, std::string_view word = "amout") {
    return sink.report(span, diag::UnknownField, "deals have", word);
  }
  Report report(std::optional<Severity> fails_at = Severity::error) {
    return {{{"a b.plumb", sink.sorted(), ""}}, fails_at};
  }
};

bool holds(const std::string& page, std::string_view words) { return page.find(words) != std::string::npos; }

TEST_F(Formats, GithubNamesThePlace) {
  about({text, 7, 12}).hint("did you mean `amount`?");
  EXPECT_EQ(render_github(sink.all()[0], texts),
            "::error file=a b.plumb,line=1,col=8,endLine=1,endColumn=13,title=unknown-field::"
            "deals have no field `amout`%0Adid you mean `amount`?");
}

TEST_F(Formats, GithubGivesNoColumnsOfSeveralLines) {
  EXPECT_EQ(render_github(about({text, 7, 15}), texts),
            "::error file=a b.plumb,line=1,endLine=2,title=unknown-field::deals have no field `amout`");
  Diagnostic note = about({});
  note.severity = Severity::note;
  EXPECT_EQ(render_github(note, texts), "::notice title=unknown-field::deals have no field `amout`");
}

TEST_F(Formats, GithubEscapesWhatACommandIsMadeOf) {
  const auto odd = texts.add("a,b:c%\n.plumb", "x");
  EXPECT_EQ(render_github(about({odd, 0, 1}, "50%0A::error::\r\n\x1b"), texts),
            "::error file=a%2Cb%3Ac%25\xEF\xBF\xBD.plumb,line=1,col=1,endLine=1,endColumn=2,title=unknown-field::"
            "deals have no field `50%250A::error::\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD`");
  EXPECT_EQ(render_github("a:b", "cannot read `a:b`: 100%"),
            "::error file=a%3Ab,title=unreadable::cannot read `a:b`: 100%25");
}

TEST_F(Formats, SarifLeavesNoPlaceholderAndNoLink) {
  about({text, 7, 12}, "{0} [a](http://b)");
  EXPECT_TRUE(holds(render_sarif(report(), texts, "1.2.3"), R"(`{{0}} \\[a\\](http://b)`)"));
}

TEST_F(Formats, SarifHasWhatADiagnosticHas) {
  Diagnostic& diagnostic = about({text, 7, 12});
  diagnostic.label({text, 13, 15}, "here").label({}, "of no place").hint("did you mean `amount`?");
  diagnostic.suggest({text, 7, 12}, "amount").suggest({text, 13, 15}, "");
  const std::string log = render_sarif(report(), texts, "1.2.3");
  EXPECT_TRUE(holds(log, R"("uri": "a%20b.plumb")")) << log;
  EXPECT_TRUE(holds(log, R"("text": "deals have no field `amout`\ndid you mean `amount`?")")) << log;
  EXPECT_TRUE(holds(log, R"("text": "… no field `…`")")) << log;
  EXPECT_TRUE(holds(log, R"("relatedLocations": [)")) << log;
  EXPECT_TRUE(holds(log, R"("insertedContent": {
                        "text": "amount"
                      })"))
      << log;
}

TEST_F(Formats, JunitFailsAsAsked) {
  sink.report({text, 0, 6}, diag::MoveToItself, "a", "a");
  EXPECT_TRUE(holds(render_junit(report(), texts), "failures=\"0\"")) << "a warning alone";
  EXPECT_TRUE(holds(render_junit(report(), texts), "<system-out>./a b.plumb:1:1: warning: ")) << "but it is said";
  EXPECT_TRUE(holds(render_junit(report(Severity::warning), texts), "failures=\"1\""));
  about({text, 7, 12});
  EXPECT_TRUE(holds(render_junit(report(), texts), "message=\"1 error\""));
  EXPECT_TRUE(holds(render_junit(report(Severity::note), texts), "message=\"1 error, 1 warning\""));
  EXPECT_TRUE(holds(render_junit(report(std::nullopt), texts), "failures=\"0\""));
}

TEST_F(Formats, JunitEscapes) {
  about({text, 7, 12}, "]]>&<\"'\x01\xEF\xBF\xBF");
  EXPECT_TRUE(holds(render_junit(report(), texts), "`]]&gt;&amp;&lt;&quot;&apos;\xEF\xBF\xBD\xEF\xBF\xBD`"));
}

TEST_F(Formats, SaysOnceWhatTwoInputsFind) {
  about({text, 7, 12});
  about({});
  const auto again = texts.add("./a b.plumb", "expect amout\nis known\n");
  Sink second;
  second.report({again, 7, 12}, diag::UnknownField, "deals have", "amout");
  second.report({}, diag::UnknownField, "deals have", "amout");
  const Report both{{{"one", sink.sorted(), ""}, {"two", second.sorted(), ""}}, Severity::error};
  const std::vector<Found> found = without_repeats(both, texts);
  ASSERT_EQ(found.size(), 3u) << "what is of no text is of its input";
  EXPECT_EQ(found[0].input, "one");
  EXPECT_EQ(found[2].input, "two");
}

TEST(Fails, CountsWhatIsWorse) {
  EXPECT_TRUE(fails({{}, Severity::warning}, Severity::error));
  EXPECT_TRUE(fails({{}, Severity::warning}, Severity::warning));
  EXPECT_FALSE(fails({{}, Severity::warning}, Severity::note));
  EXPECT_FALSE(fails({{}, std::nullopt}, Severity::error));
}

TEST(Path, IsAUri) {
  EXPECT_EQ(uri_of("a/b_c-1.plumb"), "a/b_c-1.plumb");
  EXPECT_EQ(uri_of("././/a.plumb"), "a.plumb");
  EXPECT_EQ(uri_of("../a.plumb"), "../a.plumb");
  EXPECT_EQ(uri_of("/a b"), "file:///a%20b");
  EXPECT_EQ(uri_of("//a"), "file:///a");
  EXPECT_EQ(uri_of("c:d?e#f%\xFF"), "c%3Ad%3Fe%23f%25%FF");
  EXPECT_EQ(uri_of("."), ".");
}

TEST(JsonWriter, StaysOnALine) {
  EXPECT_EQ(json_quoted("\n\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\xC2\xA0"), "\"\\n\\u0085\\u2028\\u2029\xC2\xA0\"");
}

TEST(JsonWriter, Indents) {
  JsonWriter json;
  json.open("", '{');
  json.text("a", "\"");
  json.open("b", '[');
  json.open("", '{');
  json.close('}');
  json.truth("", true);
  json.close(']');
  json.open("c", '[');
  json.close(']');
  json.number("d", 1);
  json.close('}');
  EXPECT_EQ(json.take(), "{\n  \"a\": \"\\\"\",\n  \"b\": [\n    {},\n    true\n  ],\n  \"c\": [],\n  \"d\": 1\n}\n");
}

}  // namespace
}  // namespace plumb::diagnostics
