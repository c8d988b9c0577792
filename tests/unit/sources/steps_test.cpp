#include "sources/steps.h"

#include <gtest/gtest.h>

#include "cells.h"

namespace plumb::sources {
namespace {

const Times utc{time::Zone::utc(), time::DateOrder::year_month_day};

TEST(LongIds, HaveTheLettersThatSayTheCase) {
  EXPECT_EQ(long_id("006000000000001"), "006000000000001AAA");
  EXPECT_EQ(long_id("005000000000Ann"), "005000000000AnnAAE");
  EXPECT_EQ(long_id("006x0000001YtCr"), "006x0000001YtCrAAK");
  EXPECT_EQ(long_id("006x0000001YtCrAAK"), "006x0000001YtCrAAK");  // has them
  EXPECT_EQ(long_id("Proposal Review"), "Proposal Review");        // 15 characters, and no id
}

TEST(LongIds, HaveTheirCapitalsAgain) {
  for (const char* id : {"006X0000001YTCRAAK", "006x0000001ytcraak"})
    EXPECT_EQ(long_id(id), "006x0000001YtCrAAK") << id;
  EXPECT_EQ(long_id("006X0000001YTCR"), "006X0000001YTCRIA4");     // nothing says what it was
  EXPECT_EQ(long_id("006x0000001YtCrAAA"), "006x0000001YtCrAAA");  // nobody changed its case
  EXPECT_EQ(long_id("INTERNATIONALSALES"), "INTERNATIONALSALES");  // a word
  EXPECT_EQ(long_id("006000000000001AAB"), "006000000000001AAB");  // a digit is no capital
  EXPECT_EQ(long_id(""), "");
}

TEST(LongIds, AreMadeInTheRowsThatHaveSome) {
  Cells of = cells({{"what", "value"}, {"owner", "005000000000Ann"}, {"stage", "ProposalReview1"}, {"owner"}});
  long_ids_of({{{"value"}, {{"what", {"owner"}, false, false}}}}, of);
  EXPECT_EQ(rows_of(of), (Rows{{"owner", "005000000000AnnAAE"}, {"stage", "ProposalReview1"}, {"owner"}}));
}

Merges merges_of(const Texts& columns) { return {columns, "merges", "gone", "left", {}}; }

TEST(MergedIds, AreFollowedToTheEnd) {
  Cells of = cells({{"id"}, {"a"}, {"b"}, {"c"}, {""}});
  ASSERT_FALSE(merge(merges_of({"id"}), cells({{"gone", "left"}, {"a", "b"}, {"b", "c"}, {"", "x"}}), of));
  EXPECT_EQ(column(of, "id"), (Texts{"c", "c", "c", ""}));
}

TEST(MergedIds, ThatLeadInACircleAreRefused) {
  Cells of = cells({{"id"}, {"a"}});
  const auto wrong = merge(merges_of({"id"}), cells({{"gone", "left"}, {"a", "b"}, {"b", "a"}}), of);
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->message, "the merges of `a` lead in a circle");
}

LookUp look_up_of() {
  LookUp step;
  step.in = "log", step.same = {{"id", "deal"}}, step.columns = {{"found", "value", false}};
  return step;
}

const Rows log_rows = {{"deal", "kind", "at", "value"},    {"1", "a", "2026-01-03", "third"},
                       {"1", "b", "2026-01-02", "second"}, {"1", "b", "2026-01-01", "first"},
                       {"1", "b", "never", "no time"},     {"", "b", "2026-01-01", "nobody's"}};

TEST(LookUp, TakesTheFirstRowThatCounts) {
  Cells of = cells({{"id"}, {"1"}, {"2"}, {""}});
  LookUp step = look_up_of();
  ASSERT_FALSE(look_up(step, cells(log_rows), utc, utc, of));
  EXPECT_EQ(column(of, "found"), (Texts{"third", "", ""}));
}

TEST(LookUp, TakesTheEarliestOrTheLatest) {
  for (const bool last : {false, true}) {
    Cells of = cells({{"id"}, {"1"}});
    LookUp step = look_up_of();
    step.by = "at", step.last = last;
    ASSERT_FALSE(look_up(step, cells(log_rows), utc, utc, of));
    EXPECT_EQ(column(of, "found"), (Texts{last ? "third" : "first"}));
  }
}

TEST(LookUp, AsksWhereByWordsAndWithoutThem) {
  Cells of = cells({{"id"}, {"1"}});
  LookUp step = look_up_of();
  step.where = {{"kind", {"a", "c"}, true, false}, {"lacking", {""}, false, true}};
  ASSERT_FALSE(look_up(step, cells(log_rows), utc, utc, of));
  EXPECT_EQ(column(of, "found"), (Texts{"second"}));
  step.where = {{"lacking", {""}, false, false}};
  const auto wrong = look_up(step, cells(log_rows), utc, utc, of);
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->message, "the file has no column `lacking`; it has `deal`, `kind`, `at`, `value`");
}

TEST(LookUp, TakesTheFirstRowThatIsUnlike) {
  const Cells log = cells({{"deal", "value"}, {"1", "x"}, {"1", "y"}, {"1", "x"}, {"1", ""}, {"2", "x"}});
  for (const bool last : {false, true}) {
    Cells of = cells({{"id", "mine"}, {"1", "x"}, {"1", "y"}, {"1", ""}, {"2", "x"}});
    LookUp step = look_up_of();
    step.unlike = {{"mine", "value"}}, step.last = last;
    ASSERT_FALSE(look_up(step, log, utc, utc, of));
    EXPECT_EQ(column(of, "found"), last ? (Texts{"", "", "x", ""}) : (Texts{"y", "x", "x", ""}));
  }
}

// Rows of one key must not be compared each with each.
TEST(LookUp, FindsWhatIsUnlikeAmongManySoon) {
  for (const bool last : {false, true}) {
    Rows rows = {{"deal", "value"}}, ours = {{"id", "mine"}};
    for (int i = 0; i < 50'000; ++i) {
      rows.push_back({"1", std::to_string(i)});
      ours.push_back({"1", std::to_string(i)});
    }
    Cells of = cells(ours);
    LookUp step = look_up_of();
    step.unlike = {{"mine", "value"}}, step.last = last;
    ASSERT_FALSE(look_up(step, cells(rows), utc, utc, of));
    Texts found(50'000, last ? "49999" : "0");
    (last ? found.back() : found.front()) = last ? "49998" : "1";
    EXPECT_EQ(column(of, "found"), found);
  }
}

TEST(LookUp, TakesTheEarliestThatIsUnlike) {
  const Rows log = {{"deal", "at", "value"},  {"1", "2026-01-05", "x"}, {"1", "2026-01-04", "y"},
                    {"1", "2026-01-03", "x"}, {"1", "2026-01-02", "z"}, {"1", "2026-01-06", "y"}};
  for (const bool last : {false, true}) {
    Cells of = cells({{"id", "mine"}, {"1", "x"}, {"1", "y"}, {"1", "z"}, {"1", ""}});
    LookUp step = look_up_of();
    step.unlike = {{"mine", "value"}}, step.by = "at", step.last = last;
    ASSERT_FALSE(look_up(step, cells(log), utc, utc, of));
    EXPECT_EQ(column(of, "found"), last ? (Texts{"y", "x", "y", "y"}) : (Texts{"z", "z", "x", "z"}));
  }
}

TEST(LookUp, FindsNothingInAFileThatIsNotThere) {
  Cells of = cells({{"id"}, {"1"}});
  LookUp step = look_up_of();
  step.by = "at";
  ASSERT_FALSE(look_up(step, Cells(), utc, utc, of));
  EXPECT_EQ(column(of, "found"), (Texts{""}));
}

template <class Step>
Step changes_of() {
  Step step;
  step.in = "log", step.same = {{"id", "deal"}};
  step.by = "at", step.sequence = "no", step.name = "what", step.was = "old";
  return step;
}

const Rows changes = {{"no", "deal", "at", "what", "old", "new"},
                      {"4", "1", "2026-01-09", "Stage", "b", "c"},
                      {"3", "1", "2026-01-09", "stage", "a", "b"},
                      {"1", "1", "2026-01-02", "stage", "y", "z"},
                      {"9", "1", "2026-01-01", "other", "q", "r"}};

TEST(AtFirst, IsTheOldValueOfTheEarliestChange) {
  Cells of =
      cells({{"id", "stage", "made"}, {"1", "now", "2026-01-05"}, {"2", "always", "2026-01-05"}, {"1", "now", ""}});
  auto step = changes_of<AtFirst>();
  step.columns = {{"stage", {"stage", "Stage"}}};
  Cells every = of;
  ASSERT_FALSE(at_first(step, cells(changes), utc, utc, every));
  EXPECT_EQ(column(every, "first stage"), (Texts{"y", "always", "y"}));
  step.since = "made";
  ASSERT_FALSE(at_first(step, cells(changes), utc, utc, of));
  EXPECT_EQ(column(of, "first stage"), (Texts{"a", "always", "y"}));  // at one instant the smaller number was first
}

TEST(AtTheTime, IsWhatTheLastChangeMadeOfIt) {
  Cells of = cells({{"id", "when"},
                    {"1", "2026-01-01"},
                    {"1", "2026-01-02"},
                    {"1", "2026-01-08"},
                    {"1", "2026-01-09"},
                    {"1", "soon"},
                    {"2", "2026-01-09"}});
  auto step = changes_of<AtTheTime>();
  step.became = "new", step.at = "when", step.columns = {{"then", {"stage", "Stage"}}};
  ASSERT_FALSE(at_the_time(step, cells(changes), utc, utc, of));
  EXPECT_EQ(column(of, "then"), (Texts{"y", "z", "z", "c", "", ""}));
}

TEST(Compare, IsByDaysWhereOneHasNoTime) {
  Cells of = cells({{"a", "b"},
                    {"2026-01-05T10:00:00Z", "2026-01-05T09:00:00Z"},
                    {"2026-01-05T10:00:00Z", "2026-01-05"},
                    {"2026-01-05", "2026-01-06T00:00:00Z"},
                    {"2026-01-05", ""},
                    {"soon", "2026-01-05"}});
  ASSERT_FALSE(compare({"a", "b", "said", {}}, utc, of));
  EXPECT_EQ(column(of, "said"), (Texts{"later", "same", "earlier", "", ""}));
}

TEST(Compare, HasTheDayOfItsZone) {
  Cells of = cells({{"a", "b"}, {"2026-01-05T23:30:00Z", "2026-01-06"}});
  const Times berlin{*time::Zone::find("Europe/Berlin"), time::DateOrder::year_month_day};
  ASSERT_FALSE(compare({"a", "b", "said", {}}, berlin, of));
  EXPECT_EQ(column(of, "said"), (Texts{"same"}));
}

TEST(RowBefore, GoesByTimeAndNotByTheFile) {
  Cells of = cells({{"id", "at", "stage"},
                    {"1", "2026-01-03", "c"},
                    {"1", "2026-01-01", "a"},
                    {"2", "2026-01-02", "x"},
                    {"1", "2026-01-02", "a"},
                    {"1", "soon", "?"},
                    {"3", "", ""}});
  ASSERT_FALSE(row_before({{"id"}, "at", {"stage"}, {}}, utc, of));
  EXPECT_EQ(column(of, "first"), (Texts{"", "yes", "yes", "", "yes", ""}));
  EXPECT_EQ(column(of, "before stage"), (Texts{"a", "", "", "a", "", ""}));
  EXPECT_EQ(column(of, "stage changed"), (Texts{"yes", "", "", "", "", ""}));
}

TEST(TurnedRound, KeepsItsLines) {
  Cells of = cells({{"a"}, {"1"}, {"2"}, {"3"}});
  of.wrong = {{0, "why"}};
  turn_round(of);
  EXPECT_EQ(column(of, "a"), (Texts{"3", "2", "1"}));
  EXPECT_EQ(of.lines, (std::vector<std::uint32_t>{4, 3, 2}));
  EXPECT_EQ(of.wrong, (std::map<std::uint32_t, std::string>{{2, "why"}}));
}

std::shared_ptr<Cells> shared(const Rows& rows) { return std::make_shared<Cells>(cells(rows)); }

Unpivot unpivot_of() {
  Unpivot step;
  step.columns = "entered_*", step.but = {"current"}, step.name = "stage", step.value = "at", step.none = "none";
  return step;
}

TEST(Unpivot, MakesARowOfEachColumn) {
  const auto made = unpivot(unpivot_of(), shared({{"id", "Entered_a", "entered_b", "entered_current"},
                                                  {"1", "x", "", "y"},
                                                  {"2", "", " ", "z"},
                                                  {"3", "cut"}}));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->header, (Texts{"id", "entered_current", "stage", "at", "none"}));
  EXPECT_EQ(
      rows_of(*made),
      (Rows{{"1", "y", "a", "x", ""}, {"1", "y", "b", "", ""}, {"2", "z", "a", "", "yes"}, {"2", "z", "b", " ", ""}}));
  EXPECT_EQ(made->lines, (std::vector<std::uint32_t>{2, 2, 3, 3}));
  EXPECT_FALSE(unpivot(unpivot_of(), shared({{"id", "entered_current"}, {"1", "x"}})));
}

TEST(Groups, AreRowsAndWhatIsNotWholeIsRefused) {
  const Groups step{"log", {"id", "name"}, {"value", "at"}, {}};
  const auto of = cells_of({"log.csv", "any,header\n1,A,x,t1,y,t2\n2,B,x,t1,,\n3,C,x,\n4,D\n5\n6,E,x,t1,y\n", ','});
  ASSERT_TRUE(of);
  const auto grouped = regroup(step, std::make_shared<Cells>(*of));
  ASSERT_TRUE(grouped);
  const Cells& made = *grouped;
  EXPECT_EQ(rows_of(made), (Rows{{"1", "A", "x", "t1"},
                                 {"1", "A", "y", "t2"},
                                 {"2", "B", "x", "t1"},
                                 {"3", "C", "x", ""},
                                 {"4", "D", "", ""},
                                 {"5", "", "", ""},
                                 {"6", "E", "x", "t1", "y"}}));
  EXPECT_EQ(made.lines, (std::vector<std::uint32_t>{2, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(made.wrong, (std::map<std::uint32_t, std::string>{{6, "its last group has 1 of 2 cells"}}));
}

TEST(WholeRows, StandInTheOrderThatWasAskedFor) {
  const Table table{"t.csv", "id,v\nb,1\n\na,\"x\"\"y\"\nb,2\nc\n", ','};
  Reading how;
  how.wanted = Texts{"v"};
  how.ordered_by = "id";
  const auto sorted = cells_of(table, how);
  ASSERT_TRUE(sorted);
  EXPECT_EQ(rows_of(*sorted), (Rows{{"a", "x\"y"}, {"b", "1"}, {"b", "2"}, {"c"}}));
  EXPECT_EQ(column(*sorted, "v"), (Texts{"x\"y", "1", "2", ""}));
  EXPECT_EQ(sorted->lines, (std::vector<std::uint32_t>{4, 2, 5, 6}));
  EXPECT_FALSE(sorted->is_whole(3));
  how.newest_first = true;
  EXPECT_EQ(rows_of(*cells_of(table, how)), (Rows{{"c"}, {"b", "2"}, {"b", "1"}, {"a", "x\"y"}}));
}

TEST(WholeRows, HaveWhatStepsMadeOfThem) {
  Reading how;
  how.wanted = Texts{"id"};
  how.long_ids = {{{"user"}, {{"id", {"1"}, false, false}}}};
  auto of = cells_of({"t.csv", "id,user\n1,005000000000Ann\n2,005000000000Ann\n3\n", ','}, how);
  ASSERT_TRUE(of);
  ASSERT_FALSE(merge(merges_of({"id"}), cells({{"gone", "left"}, {"2", "1"}}), *of));
  of->put(0, of->add_column("more"), "m");
  of->forget_given();
  EXPECT_EQ(rows_of(*of), (Rows{{"1", "005000000000AnnAAE", "m"}, {"1", "005000000000Ann", ""}, {"3", ""}}));
  EXPECT_EQ(text_of(*of), "id,user,more\n1,005000000000AnnAAE,m\n1,005000000000Ann,\n3,\n");
}

TEST(WholeRows, OfATextComeInPieces) {
  std::string text = "id,v\n";
  for (int i = 0; i < 90'000; ++i) text += std::to_string(i) + ",\"some, text\"\n";
  const auto of = cells_of({"t.csv", text, ','});
  ASSERT_TRUE(of);
  const history::TextFile file = streamed("t.csv", std::make_shared<Cells>(*of));
  EXPECT_EQ(all_of(file.open()), text);
}

}  // namespace
}  // namespace plumb::sources
