// The runner of the golden tests, tried on a program of a few lines that stands in for plumb.

#include <gtest/gtest.h>

#include <chrono>

#include "support/golden/carets.h"
#include "support/golden/process.h"
#include "support/golden/run_test.h"

namespace plumb::golden {
namespace {

// Reports each line that holds `bad` as an error on that word, and does a few odd things when asked.
constexpr std::string_view stand_in = R"sh(#!/bin/sh
case "$1" in
check) for name; do :; done
  awk -v file="$name" '/^[^#]*bad/ { at = index($0, "bad"); found = 1
    printf "{\"code\":\"bad-word\",\"severity\":\"error\",\"message\":\"`bad` is bad\",\"file\":\"%s\",", file
    printf "\"line\":%d,\"column\":%d,\"end_line\":%d,\"end_column\":%d}\n", NR, at, NR, at + 3 }
    END { exit found }' "$name" ;;
say) shift; for word; do echo "$word"; done ;;
where) pwd; echo "$HOME" ;;
echo) cat ;;
whine) echo sorry >&2; exit 3 ;;
bare) printf 'no break' ;;
env) echo "$SHADE $TZ" ;;
write) mkdir -p out; echo made > out/made.txt ;;
die) kill -SEGV $$ ;;
flood) exec yes ;;
clock) date +%N ;;
esac
)sh";

struct Golden : ::testing::Test {
  Folder folder;
  std::filesystem::path plumb = folder.beside("plumb");

  void SetUp() override {
    ASSERT_TRUE(write_file(plumb, stand_in).ok());
    std::filesystem::permissions(plumb, std::filesystem::perms::owner_all);
  }
  static golden::Test parse(std::string_view text) {
    auto test = parse_test(text);
    EXPECT_TRUE(test.ok()) << (test ? "" : test.error());
    return test ? *test : golden::Test{};
  }
  std::string problems(std::string_view text) {
    std::string all;
    for (const std::string& problem : run_test(parse(text), plumb)) all += problem + "\n";
    return all;
  }
  std::string updated(std::string_view text) {
    const auto test = update_test(parse(text), plumb);
    return test ? print_test(*test) : test.error();
  }
};

TEST_F(Golden, PassesWhenAllIsAsExpected) {
  EXPECT_EQ(
      problems("# Says.\n\n--- run say one 'two three' \"fo\\\"ur\" a\\ b ''\n--- stdout\none\ntwo three\nfo\"ur\na "
               "b\n\n--- run whine\n--- exit 3\n--- stderr\nsorry\n"),
      "");
}

TEST_F(Golden, ShowsADifferenceInLines) {
  EXPECT_EQ(problems("# Says.\n--- run say a b c d e f\n--- stdout\na\nb\nc\nd\nx\nf\n"),
            "line 2: stdout of `say a b c d e f` is another\n  b\n  c\n  d\n- x\n+ e\n  f\n\n");
  EXPECT_NE(problems("# Says.\n--- run bare\n--- stdout\nno break\n"), "");
  EXPECT_NE(problems("# Says.\n--- run say a\n"), "") << "a section that is left out is empty";
  EXPECT_NE(problems("# Says.\n--- run whine\n--- stderr\nsorry\n").find("exit code 3, not 0"), std::string::npos);
}

TEST_F(Golden, GivesInputFilesAndEnvironment) {
  EXPECT_EQ(problems("# Reads.\n--- run echo\n--- stdin\nhello\n--- stdout\nhello\n"), "");
  EXPECT_EQ(problems("# Shade.\n--- run SHADE=dark env\n--- stdout\ndark UTC\n"), "");
  EXPECT_EQ(problems("# Where.\n--- run where\n--- stdout\n<dir>\n<dir>\n"), "");
  EXPECT_EQ(problems("# Writes.\n--- run write\n--- wrote out/made.txt\nmade\n"), "");
  EXPECT_NE(problems("# Writes.\n--- run write\n--- wrote out/made.txt\nlost\n"), "");
  EXPECT_NE(problems("# Writes not.\n--- run bare\n--- stdout\nno break\n\\ no newline at the end\n--- wrote a\n"), "");
  EXPECT_NE(problems("# Leaves.\n--- file ../a\nx\n--- run bare\n--- stdout\nno break\n\\ no newline at the end\n"),
            "");
}

TEST_F(Golden, TakesADeathForAFailureWhateverIsExpected) {
  EXPECT_NE(problems("# Dies.\n--- run die\n--- exit 139\n").find("died of signal 11"), std::string::npos);
  EXPECT_NE(updated("# Dies.\n--- run die\n").find("died of signal 11"), std::string::npos);
  EXPECT_NE(problems("# Floods.\n--- run flood\n").find("prints without end"), std::string::npos);
}

TEST_F(Golden, KillsAChildThatHangs) {
  ASSERT_TRUE(write_file(plumb, "#!/bin/sh\nsleep 60 & sleep 60\n").ok());
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = run({plumb, {}, {}, "", std::chrono::milliseconds(100)}, folder);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->end, End::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(Golden, ComparesCaretLinesWithACheck) {
  const std::string well = "# Bad.\n--- file a.plumb\n  a bad word\n#   ^^^ error[bad-word]: `bad` is bad\n";
  EXPECT_EQ(problems(well), "");
  const std::string heading = "a.plumb: its caret lines are not what a check reports\n";
  EXPECT_EQ(
      problems("# Bad.\n--- file a.plumb\n  a bad word\n#    ^^ error[bad-word]: `bad` is bad\n"),
      heading + "    a bad word\n- #    ^^ error[bad-word]: `bad` is bad\n+ #   ^^^ error[bad-word]: `bad` is bad\n\n");
  EXPECT_EQ(problems("# Bad.\n--- file a.plumb\nfine\n# @1-3 error[bad-word]: `bad` is bad\n"),
            heading + "  fine\n- # @1-3 error[bad-word]: `bad` is bad\n\n");
  EXPECT_NE(problems(well + "bad\n"), "") << "each diagnostic has an annotation";
  EXPECT_NE(problems(well + "#   ^^^ error[bad-word]: `bad` is bad\n"), "") << "and only one";
  EXPECT_NE(problems("# Bad.\n--- file a.plumb\n  a bad word\n#   ^^^ error[bad-word]: `bad` is good\n"), "");
}

TEST_F(Golden, ChecksAlsoAFileThatIsToBeClean) {
  EXPECT_EQ(problems("# Good.\n--- file a.plumb\ngood\n--- check a.plumb\n"), "");
  EXPECT_NE(problems("# Bad.\n--- file a.plumb\nbad\n--- check a.plumb\n"), "");
  EXPECT_NE(problems("# Nothing.\n--- file a.plumb\ngood\n").find("runs nothing"), std::string::npos);
  EXPECT_NE(problems("# Table.\n--- file a.csv\nbad\n--- check a.csv\n").find("no caret line can stand"),
            std::string::npos);
}

TEST_F(Golden, UpdatesCaretLinesAndKeepsThem) {
  const std::string stale =
      "# Bad.\n--- file a.plumb\n# ^ ?\nbad\n\n\t a bad\n# ^^^ error[gone]: gone\nlast\n--- file b.csv\nbad\n";
  const std::string fresh =
      "# Bad.\n--- file a.plumb\nbad\n# @1-3 error[bad-word]: `bad` is bad\n\n\t a bad\n#   ^^^ error[bad-word]: `bad` "
      "is "
      "bad\nlast\n--- file b.csv\nbad\n";
  EXPECT_EQ(updated(stale), fresh);
  EXPECT_EQ(problems(fresh), "");
  EXPECT_EQ(updated(fresh), fresh);
}

TEST_F(Golden, UpdatesExpectationsAndKeepsThem) {
  const std::string fresh =
      "# Much.\n--- run say a\n--- stdout\na\n--- run whine\n--- exit 3\n--- stderr\nsorry\n--- run bare\n--- "
      "stdout\nno break\n\\ no newline at the end\n--- run write\n--- wrote out/made.txt\nmade\n";
  EXPECT_EQ(updated("# Much.\n--- run say a\n--- stdout\nb\n--- stderr\nold\n--- run whine\n--- run bare\n--- run "
                    "write\n--- wrote out/made.txt\n"),
            fresh);
  EXPECT_EQ(problems(fresh), "");
}

TEST_F(Golden, FailsWhatIsNotStable) {
  const std::string text = updated("# Clock.\n--- run clock\n");
  EXPECT_NE(problems(text), "");
}

TEST_F(Golden, EscapesLinesThatLookLikeSections) {
  const std::string text = "# Escapes.\n--- run say '--- a' '\\--- b' ---\n--- stdout\n\\--- a\n\\\\--- b\n---\n";
  EXPECT_EQ(problems(text), "");
  EXPECT_EQ(updated(text), text);
}

TEST(GoldenFile, RefusesWhatItDoesNotUnderstand) {
  const auto refusal = [](std::string_view text) {
    const auto test = parse_test(text);
    return test ? std::string() : test.error();
  };
  EXPECT_EQ(refusal("--- run a\n"), "line 1: a test begins with a comment that says why it is there");
  EXPECT_EQ(refusal("# Why.\nwhat\n--- run a\n"), "line 2: only comments stand before the first section");
  EXPECT_EQ(refusal("# Why.\n--- runs a\n"),
            "line 2: there is no section `runs`; a line of text is written `\\--- runs a`");
  EXPECT_EQ(refusal("# Why.\n--- stdout\nx\n"), "line 2: `--- stdout` stands after a run");
  EXPECT_EQ(refusal("# Why.\n--- run a\n--- file b\n"), "line 3: `--- file` stands before the runs");
  EXPECT_EQ(refusal("# Why.\n--- run\n"), "line 2: `--- run` stands with an argument");
  EXPECT_EQ(refusal("# Why.\n--- run a\n--- exit x\n"), "line 3: the exit code is no number");
  EXPECT_EQ(refusal("# Why.\n--- run a\nx\n"), "line 3: `--- run` is one line only");
}

TEST(GoldenFile, WritesAnyBytes) {
  const auto bytes = [](std::string body) {
    const auto content = content_of({Kind::bytes, "a", std::move(body), 1});
    return content ? *content : "refused: " + content.error();
  };
  EXPECT_EQ(bytes("a\\r\\n\nb\\xFF\\\\\\t\n"), "a\r\nb\xFF\\\t");
  EXPECT_EQ(bytes("<\\{3:ab\\n}>\n"), "<ab\nab\nab\n>");
  EXPECT_EQ(bytes("\\{2000000:#}\n").size(), 2'000'000u);
  EXPECT_EQ(bytes("\\{999999999999:#}\n"), "refused: a: the repetition is too large for a test");
  for (const char* wrong : {"\\q\n", "\\x1\n", "\\{3:ab\n", "\\{x:ab}\n", "\\{3}\n", "\\\n"}) {
    EXPECT_EQ(bytes(wrong).substr(0, 8), "refused:") << wrong;
  }
}

TEST(Words, AreDividedAsInAShell) {
  EXPECT_EQ(*split_words("  a  'b c'\"d\"e \\\"  "), (std::vector<std::string>{"a", "b cde", "\""}));
  EXPECT_FALSE(split_words("a 'b").ok());
}

TEST(Carets, SayWhatADiagnosticSays) {
  const std::string content = "fields\n  a b\n\xC3\xA9\xC3\xA9\xC3\xA9 x {\n}\n";
  const auto line = [&](const Reported& reported) { return caret_line(finding_of(reported, content), ""); };
  EXPECT_EQ(line({"a", 2, 3, 2, 4, "error[a]: m"}), "# ^ error[a]: m");
  EXPECT_EQ(line({"a", 2, 5, 2, 5, "error[a]: m"}), "#   ^ error[a]: m") << "an empty span has one caret";
  EXPECT_EQ(line({"a", 3, 5, 4, 2, "note[a]: m"}), "#   ^^^... note[a]: m");
  EXPECT_EQ(line({"a", 1, 1, 1, 7, "error[a]: m"}), "# @1-6 error[a]: m");
  EXPECT_EQ(line({"a", 1, 2, 4, 1, "error[a]: m"}), "# @2-6... error[a]: m");
  EXPECT_EQ(line({"", 0, 0, 0, 0, "error[a]: m"}), "# @file error[a]: m");
  EXPECT_EQ(line({"a", 5, 1, 5, 1, "error[a]: m"}), "# @end error[a]: m");
}

TEST(Carets, AreReadAsTheyAreWritten) {
  const std::string content = "fields\n\t\ta b\n  x\n";
  const auto at = Finding::Where::line;
  std::vector<Finding> findings = {{Finding::Where::file, 0, 0, 0, false, "error[f]: f"},
                                   {at, 1, 1, 6, true, "error[a]: m"},
                                   {at, 2, 3, 1, false, "warning[b]: m"},
                                   {at, 2, 5, 1, false, "note[c]: m: [x]: y"},
                                   {Finding::Where::end, 0, 0, 0, false, "error[e]: e"}};
  const std::string annotated = insert_carets(content, findings);
  EXPECT_EQ(annotated,
            "# @file error[f]: f\nfields\n# @1-6... error[a]: m\n\t\ta b\n#\t^ warning[b]: m\n#\t  ^ note[c]: m: [x]: "
            "y\n  x\n# @end error[e]: e\n");
  EXPECT_EQ(strip_carets(annotated), content);
  auto read = read_carets(annotated);
  ASSERT_TRUE(read.ok()) << read.error();
  findings[1].line = 2;
  findings[2].line = findings[3].line = 4;
  EXPECT_EQ(*read, findings);
}

TEST(Carets, AreTakenSeriously) {
  EXPECT_FALSE(read_carets("x\n# ^^ eror[a]: m\n").ok());
  EXPECT_FALSE(read_carets("x\n# ^^ error[a] m\n").ok());
  EXPECT_FALSE(read_carets("x\n# @3-1 error[a]: m\n").ok());
  EXPECT_FALSE(read_carets("# ^^ error[a]: m\nx\n").ok()) << "above every line";
  const auto ordinary = read_carets("# a ^ comment\nx # ^ error[a]: m\n# @someone\n#\n");
  ASSERT_TRUE(ordinary.ok());
  EXPECT_TRUE(ordinary->empty());
}

TEST(Reports, AreRefusedWhenTheyAreNone) {
  EXPECT_FALSE(read_reported("3 errors\n").ok());
  EXPECT_FALSE(read_reported("{\"code\":\"a\"}\n").ok());
  const auto nowhere = read_reported(R"({"code":"a","severity":"note","message":"m\nn","file":null,)"
                                     R"("line":null,"column":null,"end_line":null,"end_column":null})");
  ASSERT_TRUE(nowhere.ok()) << nowhere.error();
  EXPECT_EQ(nowhere->at(0).words, "note[a]: m n");
  EXPECT_EQ(nowhere->at(0).line, 0u);
}

TEST(Difference, ShowsThreeLinesAround) {
  EXPECT_EQ(difference("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\n5\nsix\n"), "  3\n  4\n  5\n- 6\n+ six\n");
  EXPECT_EQ(difference("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n"),
            "- a\n+ A\n  1\n  2\n  3\n  ...\n  5\n  6\n  7\n- b\n+ B\n");
  EXPECT_EQ(difference("", "a\n"), "+ a\n");
  EXPECT_EQ(difference("a\n", "a"), "  a\n+ \\ no newline at the end\n");
}

TEST(Difference, OfLongTextsIsCut) {
  std::string a, b;
  for (int i = 0; i < 5'000; ++i) a += "a\n", b += "b\n";
  const std::string shown = difference(a, b);
  EXPECT_LT(shown.size(), 1'000u);
  EXPECT_TRUE(shown.ends_with("  ...\n"));
}

}  // namespace
}  // namespace plumb::golden
