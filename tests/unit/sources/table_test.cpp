#include <gtest/gtest.h>

#include "cells.h"

namespace plumb::sources {
namespace {

TEST(Table, TellsItsDelimiterByTheHeaderOutsideOfQuotes) {
  EXPECT_EQ(delimiter_of("a,b\n1;2;3;4\n"), ',');
  EXPECT_EQ(delimiter_of("a;b\n"), ';');
  EXPECT_EQ(delimiter_of("a\tb\n"), '\t');
  EXPECT_EQ(delimiter_of("\"a;b;c\",d\n"), ',');
  EXPECT_EQ(delimiter_of("3.5\" disk;b\n1,2,3"), ';');
  EXPECT_EQ(delimiter_of("\"say \"\"a;b;c\"\"\",d\n"), ',');
  EXPECT_EQ(delimiter_of("one"), ',');
  EXPECT_EQ(delimiter_of("a|b\n1;2|3\n"), '|');
  EXPECT_EQ(delimiter_of("a|b;c\n"), ';');
  EXPECT_EQ(delimiter_of(""), ',');
}

TEST(Table, IsToldByItsNameInSingularAndPlural) {
  for (const char* name : {"Opportunity Sales Processes.json", "opportunitysalesprocess.csv"})
    EXPECT_EQ(stem_of(name), stem_of("opportunitysalesprocesses.csv.gz")) << name;
  EXPECT_EQ(stem_of("Opportunities.csv"), stem_of("opportunity"));
  EXPECT_NE(stem_of("cases.csv"), stem_of("process.csv"));
}

TEST(Table, HasAHeaderOfTrimmedCells) {
  EXPECT_EQ(header_of({"", " a ,\"b\nc\"\r\n1,2", ','}), (Texts{"a", "b\nc"}));
  EXPECT_TRUE(header_of({"", "", ','}).empty());
}

TEST(Table, KnowsTheLineOfEachRow) {
  const auto read = cells_of({"t.csv", "a,b\n\n1,\"x\ny\"\r\n2,z\n", ','});
  ASSERT_TRUE(read);
  EXPECT_EQ(rows_of(*read), (Rows{{"1", "x\ny"}, {"2", "z"}}));
  EXPECT_EQ(read->lines, (std::vector<std::uint32_t>{3, 5}));
}

TEST(Table, SaysWhereAQuoteDoesNotFit) {
  const auto open = cells_of({"t.csv", "a,b\n1,2\n3,\"x\n4,5\n", ','});
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().find("`t.csv`: the quotes of line 3"), std::string::npos) << open.error();
  EXPECT_FALSE(cells_of({"t.csv", "a,b\n1,\"x\"y\n", ','}));
}

TEST(Table, IsWrittenSoThatItReadsTheSame) {
  const Cells of = cells({{"a", "b,c"}, {"x\ny", "\"q\""}, {"", ""}, {"ragged"}});
  const auto again = cells_of({"t.csv", text_of(of), ','});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->header, of.header);
  EXPECT_EQ(rows_of(*again), rows_of(of));
}

TEST(Table, FindsAColumnWhateverItsCase) {
  const Cells of = cells({{"Id", "ID", "name"}});
  EXPECT_EQ(of.column("ID"), 1);  // the exact one before another
  EXPECT_EQ(of.column("id"), 0);
  EXPECT_EQ(of.column("NAME"), 2);
  EXPECT_EQ(of.column("none"), -1);
}

}  // namespace
}  // namespace plumb::sources
