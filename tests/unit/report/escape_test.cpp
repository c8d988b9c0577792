#include "report/escape.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "unit/report/sample.h"

namespace plumb::report {
namespace {

std::string json(std::string_view text) {
  Buffer out;
  append_json(out, text);
  return out;
}

std::string json(time::Instant instant) {
  Buffer out;
  append_json(out, instant);
  return out;
}

std::string csv_cell(std::string_view text) {
  Buffer out;
  append_csv(out, text);
  return out;
}

TEST(Json, EscapesWhatTheFormatAsksFor) {
  EXPECT_EQ(json("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json("1\n2\r3\t4\b5\f6"), R"("1\n2\r3\t4\b5\f6")");
  EXPECT_EQ(json(std::string_view("\x00\x1f", 2)), R"("\u0000\u001f")");
  EXPECT_EQ(json(""), "\"\"");
}

TEST(Json, GivesEveryAsciiCharacterBack) {
  std::string all;
  for (char c = 0; c >= 0 && c < 127; ++c) all += c;
  EXPECT_EQ(nlohmann::json::parse(json(all)).get<std::string>(), all);
}

TEST(Json, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(json("Zürich 東京 😀"), "\"Zürich 東京 😀\"");
  EXPECT_EQ(json("a\xff\xfe"
                 "b"),
            "\"a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(json("cut \xe6\x9d"), "\"cut \xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_TRUE(nlohmann::json::accept(json("\xc0\x80\xed\xa0\x80\xf5\x80\x80\x80")));
}

TEST(Json, WritesInstantsInUtcAndNothingForWhatIsUnknown) {
  EXPECT_EQ(json(at(2012, 3, 1, 10)), "\"2012-03-01T10:00:00Z\"");
  EXPECT_EQ(json(at(1969, 12, 31, 23, 59)), "\"1969-12-31T23:59:00Z\"");
  EXPECT_EQ(json(time::Instant{at(2026, 3, 2, 9).micros + 123'456}), "\"2026-03-02T09:00:00.123456Z\"");
  EXPECT_EQ(json(time::Instant::unknown()), "null");
  EXPECT_EQ(json(time::Instant::max()), "null");
}

TEST(Json, AgreesWithTheTimeModuleOnEveryDayOfManyYears) {
  for (int day = -40'000; day < 80'000; day += 13) {
    const std::int64_t second = (std::int64_t{day} * 86'400 + 45'296) * time::micros_per_second;
    for (const std::int64_t fraction : {0, 1, 380'000, 90'807, 999'999}) {
      Buffer out;
      append_utc(out, time::Instant{second + fraction});
      ASSERT_EQ(out, time::to_text_utc(time::Instant{second + fraction}));
    }
  }
}

TEST(Csv, QuotesWhatRfc4180AsksFor) {
  EXPECT_EQ(csv_cell("plain text"), "plain text");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"no\""), "\"say \"\"no\"\"\"");
  EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
}

TEST(Csv, DisarmsWhatASpreadsheetWouldTakeForAFormula) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("+1"), "'+1");
  EXPECT_EQ(csv_cell("-1"), "'-1");
  EXPECT_EQ(csv_cell("@now"), "'@now");
  EXPECT_EQ(csv_cell("=A1,\"x\""), "\"'=A1,\"\"x\"\"\"");
  EXPECT_EQ(csv_cell("a=b"), "a=b");
}

TEST(Shown, LetsNoTextSteerATerminal) {
  EXPECT_EQ(shown("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(shown("two\nlines"), "two lines");
  EXPECT_EQ(shown("\xE2\x80\xAE"
                  "over"),
            "\xEF\xBF\xBD"
            "over");
  EXPECT_EQ(shown("\xff"), "\xEF\xBF\xBD");
  EXPECT_EQ(shown("Zürich"), "Zürich");
  EXPECT_EQ(width_of("Zürich"), 6U);
}

}  // namespace
}  // namespace plumb::report
