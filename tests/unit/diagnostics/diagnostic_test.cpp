#include "diagnostics/diagnostic.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace plumb::diagnostics {
namespace {

constexpr Code unknown_field{"unknown-field", Severity::error, "{} have no field `{}`"};
constexpr Code late_clause{"late-clause", Severity::warning, "this clause stands late"};
constexpr Code aside{"aside", Severity::note, "by the way"};

TEST(Catalog, WordsEachMessageByTheRules) {
  const std::regex kebab("[a-z0-9]+(-[a-z0-9]+)*");
  std::set<std::string_view> names;
  for (const Code& code : catalog()) {
    SCOPED_TRACE(code.name);
    EXPECT_TRUE(std::regex_match(std::string(code.name), kebab));
    EXPECT_TRUE(names.insert(code.name).second) << "a code occurs once";
    ASSERT_FALSE(code.format.empty());
    EXPECT_NE(code.format.back(), '.') << "no final stop";
    EXPECT_FALSE(code.format.front() >= 'A' && code.format.front() <= 'Z') << "lower case";
    EXPECT_EQ(code.format.find('\n'), std::string_view::npos);
  }
  EXPECT_FALSE(names.empty());
}

TEST(Sink, CountsAndFormats) {
  Sink sink;
  sink.report({}, unknown_field, "deals", std::string("amout")).hint("did you mean `{}`?", "amount");
  sink.report({}, late_clause);
  sink.report({}, late_clause);
  sink.report({}, aside);
  EXPECT_TRUE(sink.has_errors());
  EXPECT_EQ(sink.errors(), 1u);
  EXPECT_EQ(sink.warnings(), 2u);
  ASSERT_EQ(sink.all().size(), 4u);
  EXPECT_EQ(sink.all()[0].message, "deals have no field `amout`");
  EXPECT_EQ(sink.all()[0].code, "unknown-field");
  EXPECT_EQ(sink.all()[0].help, std::vector<std::string>{"did you mean `amount`?"});
  EXPECT_EQ(sink.all()[3].severity, Severity::note);
}

TEST(Sink, WithoutErrorsHasNone) {
  Sink sink;
  sink.report({}, late_clause);
  EXPECT_FALSE(sink.has_errors());
}

TEST(Sink, SortsByTextPlaceAndCode) {
  source::Map texts;
  const auto a = texts.add("a", "0123456789");
  const auto b = texts.add("b", "0123456789");
  Sink sink;
  sink.report({}, aside);
  sink.report({b, 0, 1}, aside);
  sink.report({a, 5, 6}, late_clause);
  sink.report({a, 5, 6}, aside);
  sink.report({a, 2, 9}, late_clause);
  std::string order;
  for (const Diagnostic& d : sink.sorted()) {
    order += d.span.known() ? fmt::format("{}{} {}; ", texts[d.span.text].path(), d.span.begin, d.code) : "none";
  }
  EXPECT_EQ(order, "a2 late-clause; a5 aside; a5 late-clause; b0 aside; none");
}

TEST(Nearest, FindsSlipsOfTheFinger) {
  const std::vector<std::string> fields = {"amount", "close_date", "next_step_on", "champion"};
  EXPECT_EQ(nearest("amout", fields), "amount");
  EXPECT_EQ(nearest("amuont", fields), "amount");
  EXPECT_EQ(nearest("amoount", fields), "amount");
  EXPECT_EQ(nearest("champoin", fields), "champion");
}

TEST(Nearest, TakesCaseAndJoinersForNothing) {
  const std::vector<std::string> fields = {"amount", "close_date", "on"};
  EXPECT_EQ(nearest("Close Date", fields), "close_date");
  EXPECT_EQ(nearest("close-date", fields), "close_date");
  EXPECT_EQ(nearest("ON", fields), "on");
}

TEST(Nearest, KeepsSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest("budget", {"amount", "champion"}), "");
  EXPECT_EQ(nearest("an", {"on"}), "") << "a third of two letters is none";
  EXPECT_EQ(nearest("", {"a"}), "");
  EXPECT_EQ(nearest("amount", {}), "");
  EXPECT_EQ(nearest("abcxyz", {"abcdef"}), "") << "three of six is more than a third";
}

TEST(Nearest, PrefersTheNearestAndThenTheFirst) {
  EXPECT_EQ(nearest("stages", {"stakes", "stage", "sages"}), "stakes");
  EXPECT_EQ(nearest("stagess", {"stakes", "stages"}), "stages");
  EXPECT_EQ(nearest("\xC3\xBC"
                    "bersicht",
                    {"ubersicht"}),
            "ubersicht")
      << "a letter is one letter, whatever its bytes";
}

TEST(Nearest, IsCheapForAHugeWord) {
  const std::string huge(5'000'000, 'a');
  EXPECT_EQ(nearest(huge, {huge}), "");
}

}  // namespace
}  // namespace plumb::diagnostics
