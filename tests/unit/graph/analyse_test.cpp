#include "graph/analyse.h"

#include <gtest/gtest.h>

#include "unit/graph/process_builder.h"

namespace plumb::graph {
namespace {

using testing::ProcessBuilder;
using Names = std::vector<std::string>;

/// Every finding as `begin code: message`, in the order in which a user sees them.
Names findings(const ProcessBuilder& process) {
  diagnostics::Sink sink;
  analyse(process.book(), sink);
  Names result;
  for (const auto& d : sink.sorted()) {
    result.push_back(std::to_string(d.span.begin) + " " + std::string(d.code) + ": " + d.message);
  }
  return result;
}

/// The help of the only finding.
Names help(const ProcessBuilder& process) {
  diagnostics::Sink sink;
  analyse(process.book(), sink);
  return sink.all().size() == 1 ? sink.all().front().help : Names{"not exactly one finding"};
}

TEST(Analyse, HasNothingToSayOfTheLanguagePage) { EXPECT_EQ(findings(testing::new_business()), Names{}); }

TEST(Analyse, HasNothingToSayWithoutAPath) {
  ProcessBuilder p({"a", "b"});
  EXPECT_EQ(findings(p), Names{});
  p.back("b", "b");
  EXPECT_EQ(findings(p), Names{});
}

TEST(Analyse, IsSilentWhereAMoveIsBroken) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "won"});
  EXPECT_EQ(findings(p).size(), 1u);
  p.broken_move("a");
  EXPECT_EQ(findings(p), Names{});
}

// ---- unreachable-stage

TEST(Unreachable, NamesAStageThatNoMoveLeadsTo) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "won"});
  EXPECT_EQ(findings(p), (Names{"20 unreachable-stage: no deal can reach the stage `b`"}));
  EXPECT_EQ(help(p), (Names{"name it in the `path`, say `may be first` in it, or take it out"}));
}

TEST(Unreachable, NamesAnEndToo) {
  ProcessBuilder p({"a", "won!", "lost?"});
  p.path({"a", "lost"});
  EXPECT_EQ(findings(p), (Names{"20 unreachable-stage: no deal can reach the stage `won`"}));
}

TEST(Unreachable, NamesOnlyTheRoot) {
  ProcessBuilder p({"a", "c", "b", "won!", "d"});
  p.path({"a", "won"}).path({"b", "c", "d", "won"});
  EXPECT_EQ(findings(p), (Names{"30 unreachable-stage: no deal can reach the stage `b`"}));
  EXPECT_EQ(help(p).back(), "nor can a deal reach `c` and `d`, behind it");
}

TEST(Unreachable, NamesACycleAtItsFirstStage) {
  ProcessBuilder p({"a", "won!", "x", "y"});
  p.path({"a", "won"}).path({"y", "x", "y"});
  EXPECT_EQ(findings(p), (Names{"30 unreachable-stage: no deal can reach the stage `x`"}));
  EXPECT_EQ(help(p).back(), "nor can a deal reach `y`, behind it");
}

TEST(Unreachable, NamesEachRootAndSharesWhatIsBehindThem) {
  ProcessBuilder p({"a", "won!", "x", "y", "behind"});
  p.path({"a", "won"}).path({"x", "behind", "won"}).path({"y", "behind"});
  EXPECT_EQ(findings(p), (Names{"30 unreachable-stage: no deal can reach the stage `x`",
                                "40 unreachable-stage: no deal can reach the stage `y`"}));
}

TEST(Unreachable, CountsWhatIsTooMuchToName) {
  ProcessBuilder p({"a", "won!", "x", "b", "c", "d", "e", "f", "g", "h"});
  p.path({"a", "won"}).path({"x", "b", "c", "d", "e", "f", "g", "h", "won"});
  EXPECT_EQ(help(p).back(), "nor can a deal reach `b`, `c`, `d`, `e`, `f` and 2 more, behind it");
}

TEST(Unreachable, TakesAnotherFirstStageOrAReopeningForAWay) {
  ProcessBuilder p({"a", "b", "won!", "lost?", "revived"});
  p.path({"a", "won"}).path({"b", "won"}).from_any("lost").first("b").back("lost", "revived");
  EXPECT_EQ(findings(p), Names{});
}

TEST(Unreachable, IsNotLostAmongMovesFromAnyStage) {
  ProcessBuilder p({"a", "b", "won!", "lost?"});
  p.path({"a", "won"}).from_any("lost");
  EXPECT_EQ(findings(p), (Names{"20 unreachable-stage: no deal can reach the stage `b`"}));
}

// ---- stage-without-end

TEST(WithoutEnd, NamesTheDeadEndAndNotWhatLeadsThere) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "won"}).path({"a", "b", "c"});
  EXPECT_EQ(findings(p), (Names{"30 stage-without-end: a deal that enters `c` can neither be won nor lost"}));
  EXPECT_EQ(help(p),
            (Names{"no move leads out of it: name where it goes on in the `path`, or mark it `won` or `lost`"}));
}

TEST(WithoutEnd, IsSatisfiedByALoss) {
  ProcessBuilder p({"a", "b", "won!", "lost?"});
  p.path({"a", "won"}).path({"a", "b"}).from_any("lost");
  EXPECT_EQ(findings(p), Names{});
}

TEST(WithoutEnd, IsAskedOfRevivedDealsToo) {
  ProcessBuilder p({"a", "won!", "lost?", "revived"});
  p.path({"a", "won"}).path({"a", "lost"}).back("lost", "revived");
  EXPECT_EQ(findings(p), (Names{"40 stage-without-end: a deal that enters `revived` can neither be won nor lost"}));
}

TEST(WithoutEnd, IsNotSaidOfAStageThatNobodyReaches) {
  ProcessBuilder p({"a", "won!", "x"});
  p.path({"a", "won"});
  EXPECT_EQ(findings(p), (Names{"30 unreachable-stage: no deal can reach the stage `x`"}));
}

TEST(WithoutEnd, IsNotHiddenByAStageThatMayBeSkippedAtTheEnd) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "won"}).path({"a", "b", "c"}).skip("b").skip("c");
  EXPECT_EQ(findings(p), (Names{"30 stage-without-end: a deal that enters `c` can neither be won nor lost"}));
}

// ---- cycle-without-exit

TEST(Cycle, IsNamedOnceWithItsWalk) {
  ProcessBuilder p({"a", "b", "c", "d", "won!"});
  p.path({"a", "won"}).path({"a", "b", "c", "d"}).back("d", "c");
  EXPECT_EQ(findings(p),
            (Names{"30 cycle-without-exit: a deal that enters `c` goes round without an end: `c -> d -> c`"}));
  EXPECT_EQ(help(p), (Names{"no move leads out of `c` and `d`: let one of them go on to a stage that is won or lost"}));
}

TEST(Cycle, BeginsAtItsFirstStageInTheText) {
  ProcessBuilder p({"c", "a", "won!", "b"});
  p.path({"a", "won"}).path({"a", "b", "c"}).back("c", "b");
  EXPECT_EQ(findings(p),
            (Names{"10 cycle-without-exit: a deal that enters `c` goes round without an end: `c -> b -> c`"}));
}

TEST(Cycle, ShowsNoSkipInItsWalk) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "won"}).path({"a", "b", "c", "b"}).skip("c");
  EXPECT_EQ(findings(p),
            (Names{"20 cycle-without-exit: a deal that enters `b` goes round without an end: `b -> c -> b`"}));
}

TEST(Cycle, IsFineWhenOneOfItsStagesHasAnExit) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "b", "c", "won"}).back("c", "b").back("b", "a");
  EXPECT_EQ(findings(p), Names{});
}

TEST(Cycle, IsNotTheCauseWhenItLeadsIntoADeadEnd) {
  ProcessBuilder p({"a", "b", "c", "d", "won!"});
  p.path({"a", "won"}).path({"a", "b", "c", "d"}).back("c", "b");
  EXPECT_EQ(findings(p), (Names{"40 stage-without-end: a deal that enters `d` can neither be won nor lost"}));
}

TEST(Cycle, MayBeOneStage) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "won"}).path({"a", "b", "b"});
  EXPECT_EQ(findings(p), (Names{"20 cycle-without-exit: a deal that enters `b` goes round without an end: `b -> b`"}));
  EXPECT_EQ(help(p), (Names{"no other move leads out of it: name where it goes on in the `path`"}));
}

TEST(Cycle, DoesNotCountReopeningAsAnExit) {
  ProcessBuilder p({"a", "won!", "lost?", "b"});
  p.path({"a", "won"}).path({"a", "lost"}).back("lost", "b").back("b", "lost").back("won", "a");
  EXPECT_EQ(findings(p), Names{});
}

TEST(Cycle, ShortensALongWalk) {
  Names names;
  for (int i = 0; i < 20; ++i) names.push_back("s" + std::to_string(i));
  Names all{"start", "won!"};
  all.insert(all.end(), names.begin(), names.end());
  ProcessBuilder p(all);
  p.path({"start", "won"}).path({"start", "s0"}).path(names).back("s19", "s0");
  EXPECT_EQ(findings(p),
            (Names{"30 cycle-without-exit: a deal that enters `s0` goes round without an end: `s0 -> s1 -> s2 -> s3 -> "
                   "s4 -> s5 -> s6 -> s7 -> s8 -> s9 -> s10 -> s11 -> s12 -> … -> s0`"}));
}

// ---- process-without-won

TEST(WithoutWon, IsSaidAtTheProcess) {
  ProcessBuilder p({"a", "lost?"});
  p.path({"a", "lost"});
  EXPECT_EQ(findings(p), (Names{"1 process-without-won: no stage of the process `sales` is won"}));
  EXPECT_EQ(help(p), (Names{"mark the stage that ends well, as in `stage signed { won }`"}));
}

TEST(WithoutWon, IsTheOneCauseWhenThereIsNoEndAtAll) {
  ProcessBuilder p({"a", "b", "c"});
  p.path({"a", "b", "c"}).back("c", "b");
  EXPECT_EQ(findings(p), (Names{"1 process-without-won: no stage of the process `sales` is won"}));
  EXPECT_EQ(help(p).back(), "no stage is lost either: every deal stays open for ever");
}

// ---- move-to-itself

TEST(MoveToItself, IsAWarningWhereItStands) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "b", "b", "won"});
  EXPECT_EQ(findings(p), (Names{"1001 move-to-itself: `b -> b` leaves the deal where it is"}));
  diagnostics::Sink sink;
  analyse(p.book(), sink);
  EXPECT_FALSE(sink.has_errors());
}

TEST(MoveToItself, IsSaidOnceForEachStage) {
  ProcessBuilder p({"a", "won!"});
  p.path({"a", "a", "a", "won"}).back("a", "a");
  EXPECT_EQ(findings(p), (Names{"1000 move-to-itself: `a -> a` leaves the deal where it is"}));
}

TEST(MoveToItself, IsSaidOfAnEndToo) {
  ProcessBuilder p({"a", "won!"});
  p.path({"a", "won", "won"});
  EXPECT_EQ(findings(p), (Names{"1001 move-to-itself: `won -> won` leaves the deal where it is"}));
}

// ---- size

TEST(Analyse, TakesALongPathInItsStride) {
  Names names;
  for (int i = 0; i < 2000; ++i) names.push_back("s" + std::to_string(i));
  Names all = names;
  all.push_back("won!");
  ProcessBuilder p(all);
  p.path(names).back("s1999", "s0");
  for (const std::string& name : names) p.skip(name);
  EXPECT_EQ(findings(p).size(), 2u);  // won is not reached, and the path is a cycle
}

}  // namespace
}  // namespace plumb::graph
