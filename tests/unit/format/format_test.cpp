#include "unit/format/formatting.h"

namespace plumb::format {
namespace {

TEST(Lines, BlanksAndBreaksMeanNothing) {
  EXPECT_EQ(well_formatted("event   e\n is\tcall\n\n where ( channel is phone and\nwon )"),
            "event e is call where (channel is phone and won)\n");
  EXPECT_EQ(well_formatted("use a . b"), "use a.b\n");
  EXPECT_EQ(well_formatted("process p{path a->b}"), "process p {\n  path a -> b\n}\n");
  EXPECT_EQ(well_formatted("\xEF\xBB\xBFuse a\r\n\r\n\r\nuse b # c\t \r\n"), "use a\n\nuse b  # c\n");
}

TEST(Lines, LiteralsStayAsWritten) {
  const std::string text = "target t {\n  is 10,000 USD\n  is 12.50%\n  is 2026-03-02 09:00 +01:00\n}\n";
  EXPECT_EQ(well_formatted(text), text);
}

TEST(Lines, LongOnesBreakAtTheOutermostConnectingWord) {
  EXPECT_EQ(well_formatted("event e is call where (first_condition is known or second_condition is known and "
                           "third_condition is one of first_choice, second_choice)"),
            "event e is call where (first_condition is known\n"
            "  or second_condition is known and third_condition is one of first_choice, second_choice)\n");
  EXPECT_EQ(well_formatted("must m \"t\" { expect first_condition is one of first_choice, second_choice and "
                           "second_condition is known or third is at most 3 }"),
            "must m \"t\" {\n"
            "  expect first_condition is one of first_choice, second_choice and second_condition is known\n"
            "    or third is at most 3\n"
            "}\n");
  EXPECT_EQ(well_formatted("fields deal { reason_that_was_given one of the_price_was_too_high, the_product_was_wrong, "
                           "the_time_was_quite_wrong }"),
            "fields deal {\n"
            "  reason_that_was_given   one of the_price_was_too_high, the_product_was_wrong,\n"
            "    the_time_was_quite_wrong\n"
            "}\n");
}

TEST(Lines, DoNotBreakWhereOrConnectsNothing) {
  const std::string text = well_formatted(
      "measure m is count of activity_with_a_name where some_field_with_a_name is "
      "known from buyer or better in 10 business days");
  EXPECT_EQ(text.find("\n  or better"), std::string::npos);
}

TEST(Lines, GoOnWhereThereIsNoPlaceToBreak) {
  const std::string text = "remove must r because \"" + std::string(120, 'x') + "\"\n";
  EXPECT_EQ(well_formatted(text), text);
}

TEST(Bodies, StayOnOneLineWhereTheyStoodOnOne) {
  EXPECT_EQ(well_formatted("activity call {channel one of phone,video direction one of made , received}"),
            "activity call { channel one of phone, video   direction one of made, received }\n");
  EXPECT_EQ(well_formatted("activity call {\nchannel text }"), "activity call {\n  channel        text\n}\n");
  EXPECT_EQ(well_formatted("must m \"t\" { right way expect won }"), "must m \"t\" {\n  right way\n  expect won\n}\n");
  EXPECT_EQ(well_formatted("change must m { within 1 day }"), "change must m { within 1 day }\n");
  EXPECT_EQ(well_formatted("calendar c {\n}"), "calendar c { }\n");
}

TEST(Bodies, StandOnLinesOfTheirOwnWhereOneIsTooShort) {
  const std::string long_field = "a_field_with_a_long_name one of first_choice, second_choice";
  EXPECT_EQ(well_formatted("record r { " + long_field + "  b_field_with_a_long_name text }"),
            "record r {\n"
            "  a_field_with_a_long_name   one of first_choice, second_choice\n"
            "  b_field_with_a_long_name   text\n"
            "}\n");
}

TEST(Bodies, ClausesStandInOneOrder) {
  EXPECT_EQ(well_formatted(R"(must m "t" {
  because "b"
  within 1 day
  expect won
  if missed "x" by owner within 1 day
  after call
  given at least 2 call
  for each deal
  given at least 1 call
  right way
  review by 2026-01-01
})"),
            R"(must m "t" {
  review by 2026-01-01
  right way
  for each deal
  after call
  expect won
  within 1 day
  given at least 2 call
  given at least 1 call
  because "b"
  if missed "x" by owner within 1 day
}
)");
}

TEST(Bodies, CommentsAndBlankLinesGoWithTheirClauses) {
  EXPECT_EQ(well_formatted(R"(process p {
  path a -> b  # the way

  # first
  stage a # one
  # second
  stage b {
    at most 2 days
    # why

    won   # at last
  }
})"),
            R"(process p {
  # first
  stage a  # one
  # second
  stage b {
    # why

    won  # at last
    at most 2 days
  }
  path a -> b  # the way
}
)");
}

TEST(Fields, HaveOneColumnBetweenBlankLines) {
  EXPECT_EQ(well_formatted(R"(fields deal {
  a text
  # about b
  a_name_of_sixteen money

  c date
  a_name_that_is_longer_than_any one of x,y
  größe_groß_sehr_groß text
})"),
            R"(fields deal {
  a                   text
  # about b
  a_name_of_sixteen   money

  c                          date
  a_name_that_is_longer_than_any one of x, y
  größe_groß_sehr_groß       text
}
)");
}

TEST(Names, LoseQuotesTheyDoNotNeed) {
  EXPECT_EQ(well_formatted("event \"e\" is call where \"channel\" is \"phone\""),
            "event e is call where channel is \"phone\"\n");
  EXPECT_EQ(well_formatted("use \"acme\".\"b c\".\"stage\".\"USD\""), "use acme.\"b c\".\"stage\".\"USD\"\n");
  const std::string verdict = "must m \"t\" {\n  expect \"effort\" is kept\n}\n";
  EXPECT_EQ(well_formatted(verdict), verdict);
}

TEST(Comments, StayWhereTheyAre) {
  EXPECT_EQ(well_formatted(R"(# above


# and more
use a # beside
   # below
use b

# of c

calendar c # head
# inside
{ # brace
  zone "UTC" # zone
  # in the end
} # after

# last
)"),
            R"(# above

# and more
use a  # beside
# below
use b

# of c

calendar c {  # head
  # inside
  # brace
  zone "UTC"  # zone
  # in the end
}  # after

# last
)");
}

TEST(Comments, BreakTheClauseTheyStandIn) {
  EXPECT_EQ(well_formatted(R"(must m "t" {
  expect at least 2 of (budget is known, # money
    # who decides
    authority is known, need is known)
  right # of three
    way
}
fields deal { amount # how much
 money b text })"),
            R"(must m "t" {
  right  # of three
    way
  expect at least 2 of (budget is known,  # money
    # who decides
    authority is known, need is known)
}

fields deal {
  amount  # how much
    money
  b              text
}
)");
}

TEST(Declarations, AreOneBlankLineApart) {
  EXPECT_EQ(well_formatted("use a\nuse b\nevent e is call\nevent f is call\n\nevent g is call\nfields deal { a text }\n"
                           "fields person {\n a text }\nfields contact { a text }"),
            "use a\nuse b\n\nevent e is call\nevent f is call\n\nevent g is call\n\nfields deal { a text }\n"
            "fields person {\n  a              text\n}\n\nfields contact { a text }\n");
  EXPECT_EQ(well_formatted("change must a { within 1 day }\nremove must b because \"c\""),
            "change must a { within 1 day }\nremove must b because \"c\"\n");
}

TEST(Declarations, TestsHaveTheirCastFirst) {
  EXPECT_EQ(well_formatted(R"(test "t" { as of 2026-03-04 expect m is due for D1
  2026-03-03 10:00 D1 meeting {status held goal x recorded 2026-03-02 17:00} recorded 2026-03-04
  deal D1 {owner ana record_type "New Business"} })"),
            R"(test "t" {
  deal D1 { owner ana   record_type "New Business" }
  2026-03-03 10:00 D1 meeting { status held   goal x recorded 2026-03-02 17:00 } recorded 2026-03-04
  as of 2026-03-04 expect m is due for D1
}
)");
}

TEST(Mistakes, LeaveTheTextAsItIs) {
  for (const std::string text :
       {"must m {  expect  }", "use a\n\n\n use >= b\r\n", "", "# only this  \n", "use a\xFF"}) {
    const Formatted result = formatted(text);
    EXPECT_FALSE(result.whole) << text;
    EXPECT_EQ(result.text, text);
  }
}

}  // namespace
}  // namespace plumb::format
