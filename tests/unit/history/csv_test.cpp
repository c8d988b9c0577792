#include "history/csv.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "history/load_file.h"

namespace plumb::history {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows_of(std::string_view text, char delimiter = ',') {
  CsvReader reader(Text::copy_of(text), delimiter);
  std::vector<Row> rows;
  while (reader.next()) rows.emplace_back(reader.cells().begin(), reader.cells().end());
  return rows;
}

std::vector<std::uint32_t> lines_of(std::string_view text) {
  CsvReader reader(Text::copy_of(text), ',');
  std::vector<std::uint32_t> lines;
  while (reader.next()) lines.push_back(reader.line());
  return lines;
}

std::vector<CsvFault> faults_of(std::string_view text) {
  CsvReader reader(Text::copy_of(text), ',');
  std::vector<CsvFault> faults;
  while (reader.next()) faults.push_back(reader.fault());
  return faults;
}

TEST(Csv, EveryLineEndIsOneLineEnd) {
  const std::vector<Row> wanted = {{"a", "b"}, {"1", "2"}, {"3", ""}};
  EXPECT_EQ(rows_of("a,b\n1,2\n3,\n"), wanted);
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n3,\r\n"), wanted);
  EXPECT_EQ(rows_of("a,b\r1,2\r3,"), wanted);
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a,b\r\n1,2\n3,"),
            wanted);
}

TEST(Csv, DelimitersOtherThanTheOneAskedForAreText) {
  EXPECT_EQ(rows_of("a;b,c\n", ';'), (std::vector<Row>{{"a", "b,c"}}));
  EXPECT_EQ(rows_of("a\tb;c\n", '\t'), (std::vector<Row>{{"a", "b;c"}}));
}

TEST(Csv, QuotedCellsHoldAnything) {
  EXPECT_EQ(rows_of("\"a,b\",\"c\"\"d\"\"\",\"\"\n"), (std::vector<Row>{{"a,b", "c\"d\"", ""}}));
  EXPECT_EQ(rows_of("\"one\r\ntwo\nthree\",x\n"), (std::vector<Row>{{"one\r\ntwo\nthree", "x"}}));
  EXPECT_EQ(rows_of("a \"quote\" inside,x\n"), (std::vector<Row>{{"a \"quote\" inside", "x"}}));
  EXPECT_EQ(rows_of("\"\"\"\"\n"), (std::vector<Row>{{"\""}}));
}

TEST(Csv, LinesAreCountedThroughQuotedCellsAndEmptyLines) {
  EXPECT_EQ(lines_of("a,b\n\"x\ny\",2\n\n3,4\r\n5,6\r7,8"), (std::vector<std::uint32_t>{1, 2, 5, 6, 7}));
}

TEST(Csv, EmptyTextsHaveNoRow) {
  EXPECT_TRUE(rows_of("").empty());
  EXPECT_TRUE(rows_of("\xEF\xBB\xBF").empty());
  EXPECT_TRUE(rows_of("\n\r\n\r").empty());
}

TEST(Csv, FaultsAreOfTheRowThatHasThem) {
  EXPECT_EQ(faults_of("a,b\n\"x\"y,2\n3,4\n"),
            (std::vector<CsvFault>{CsvFault::none, CsvFault::text_after_quote, CsvFault::none}));
  EXPECT_EQ(faults_of("a,b\n\"x,2\n3,4\n"), (std::vector<CsvFault>{CsvFault::none, CsvFault::quote_never_closed}));
  EXPECT_EQ(faults_of("a,b\n\"x\"  ,2\n"), (std::vector<CsvFault>{CsvFault::none, CsvFault::none}));
  EXPECT_EQ(faults_of("\""), (std::vector<CsvFault>{CsvFault::quote_never_closed}));
}

TEST(Csv, ALineOfTenMegabytesIsARow) {
  const std::string long_cell(10'000'000, 'x');
  const std::vector<Row> rows = rows_of(long_cell + ",b\n1,2\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0][0].size(), long_cell.size());
  EXPECT_EQ(rows[1], (Row{"1", "2"}));
}

TEST(Csv, WhatIsNoUtf8IsNoText) {
  using loading::why_no_text;
  EXPECT_EQ(why_no_text("plain, and é, and 漢, and 😀\n"), "");
  EXPECT_NE(why_no_text(std::string_view("\xFF\xFE"
                                         "d\0e\0",
                                         6))
                .find("UTF-16"),
            std::string::npos);
  EXPECT_NE(why_no_text(std::string_view("d\0e\0a\0", 6)).find("UTF-16"), std::string::npos);
  EXPECT_NE(why_no_text("PK\x03\x04").find("spreadsheet"), std::string::npos);
  EXPECT_EQ(why_no_text(std::string_view("deal\nx\0y\n", 9)),
            "line 2 holds a NUL byte, as in a file that is damaged or was copied in part; export it again");
  EXPECT_EQ(why_no_text("name\nAndr\xE9\n"), "line 2 is not UTF-8 (byte 0xe9); save it as UTF-8");
  for (const char* broken : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "12345678\x80"}) {
    EXPECT_NE(why_no_text(broken), "") << broken;
  }
}

}  // namespace
}  // namespace plumb::history
