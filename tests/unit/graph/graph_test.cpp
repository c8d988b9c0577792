#include "graph/graph.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "unit/graph/process_builder.h"

namespace plumb::graph {
namespace {

using testing::ProcessBuilder;
using Names = std::vector<std::string>;

/// Each edge in words: `a > b`, skips as `a / b`, with the way past a stage in parentheses.
Names edges_of(const ProcessBuilder& process) {
  const StageGraph graph = process.graph();
  const auto name = [&](std::size_t v) {
    const std::string stage = process.book().stages[graph.vertices[v].stage].name;
    return graph.vertices[v].passed ? "(" + stage + ")" : stage;
  };
  Names result;
  for (const Edge& edge : graph.edges) {
    result.push_back(name(edge.from) + (edge.kind == EdgeKind::skip ? " / " : " > ") + name(edge.to));
  }
  return result;
}

Names unavoidable_of(const ProcessBuilder& process) { return process.names(unavoidable(process.graph())); }

Names firsts_of(const ProcessBuilder& process) {
  Names result;
  for (const Vertex& vertex : process.graph().vertices) {
    const std::string& name = process.book().stages[vertex.stage].name;
    if (vertex.may_be_first) result.push_back(vertex.passed ? "(" + name + ")" : name);
  }
  return result;
}

TEST(Build, TakesEachMoveOnce) {
  ProcessBuilder p({"a", "b", "won!", "lost?"});
  p.path({"a", "b", "won"}).path({"a", "b", "lost"}).back("b", "a");
  EXPECT_EQ(edges_of(p), (Names{"a > b", "b > won", "b > lost", "b > a"}));
}

TEST(Build, KeepsWhatAMoveIsBoundTo) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "b", "won"}).back("b", "a").at_most(2).when("x is known");
  const Edge edge = p.graph().edges.back();
  EXPECT_EQ(edge.kind, EdgeKind::back);
  EXPECT_EQ(edge.at_most_times, 2);
  EXPECT_EQ(p.book().exprs[edge.when].words, "x is known");
  EXPECT_EQ(edge.span.begin, 1002u);
}

TEST(Build, LeavesOutTheMoveFromAnyStageToItself) {
  ProcessBuilder p({"a", "parked", "won!"});
  p.path({"a", "won"}).path({"parked", "won"}).from_any("parked");
  EXPECT_EQ(edges_of(p), (Names{"a > won", "parked > won", "a > parked"}));
}

TEST(Build, LeadsPastAStageThatMayBeSkipped) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "b", "won"}).skip("b");
  EXPECT_EQ(edges_of(p), (Names{"a > b", "a / (b)", "b > won", "(b) / won"}));
}

TEST(Build, ChainsSkips) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "b", "c", "won"}).skip("b").skip("c");
  EXPECT_EQ(edges_of(p),
            (Names{"a > b", "a / (b)", "b > c", "b / (c)", "(b) / c", "(b) / (c)", "c > won", "(c) / won"}));
}

TEST(Build, SkipsAlongThePathOnly) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "b", "won"}).back("c", "b").back("b", "c").skip("b").skip("c");
  EXPECT_EQ(edges_of(p), (Names{"a > b", "a / (b)", "b > won", "(b) / won", "c > b", "b > c"}));
}

TEST(Build, GoesPastNoEnd) {
  ProcessBuilder p({"a", "won!", "after", "last"});
  p.path({"a", "won", "after", "last"}).skip("won").skip("last");
  EXPECT_EQ(edges_of(p), (Names{"a > won", "won > after", "after > last"}));
}

TEST(Build, KnowsWhereADealMayBegin) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"b", "c", "won"}).first("a");
  EXPECT_EQ(firsts_of(p), (Names{"a", "b"}));
  p.skip("b");
  EXPECT_EQ(firsts_of(p), (Names{"a", "b", "(b)"}));
}

TEST(Build, WithoutAPathAnyMoveMayBeMade) {
  ProcessBuilder p({"a", "b", "won!"});
  EXPECT_TRUE(p.graph().any_move);
  EXPECT_EQ(firsts_of(p), (Names{"a", "b", "won"}));
  EXPECT_EQ(unavoidable_of(p), Names{});
}

TEST(Build, SaysWhenAStageIsMissing) {
  ProcessBuilder p({"a", "won!"});
  p.path({"a", "won"});
  EXPECT_FALSE(p.graph().incomplete);
  p.broken_move("a");
  EXPECT_TRUE(p.graph().incomplete);
  EXPECT_EQ(edges_of(p), Names{"a > won"});
}

TEST(Unavoidable, IsAllOfAStraightPath) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "b", "c", "won"}).back("c", "a").at_most(1);
  EXPECT_EQ(unavoidable_of(p), (Names{"a", "b", "c"}));
}

TEST(Unavoidable, IsOfTheLanguagePageAllButNeeds) {
  EXPECT_EQ(unavoidable_of(testing::new_business()),
            (Names{"lead", "prospecting", "qualification", "proposal", "negotiation"}));
}

TEST(Unavoidable, LeavesOutChainedSkips) {
  ProcessBuilder p({"a", "b", "c", "d", "won!"});
  p.path({"a", "b", "c", "d", "won"}).skip("b").skip("c");
  EXPECT_EQ(unavoidable_of(p), (Names{"a", "d"}));
}

TEST(Unavoidable, LeavesOutAFirstStageThatMayBeSkipped) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "b", "won"}).skip("a");
  EXPECT_EQ(unavoidable_of(p), Names{"b"});
}

TEST(Unavoidable, IsWhatAllFirstStagesHaveInCommon) {
  ProcessBuilder p({"a", "b", "c", "d", "won!"});
  p.path({"a", "b", "c", "won"}).path({"d", "c"}).first("d");
  EXPECT_EQ(unavoidable_of(p), Names{"c"});
  p.path({"d", "won"});
  EXPECT_EQ(unavoidable_of(p), Names{});
}

TEST(Unavoidable, LooksAtAllStagesThatAreWon) {
  ProcessBuilder p({"a", "b", "c", "signed!", "renewed!"});
  p.path({"a", "b", "signed"}).path({"a", "c", "renewed"});
  EXPECT_EQ(unavoidable_of(p), Names{"a"});
}

TEST(Unavoidable, IgnoresWalksThatGoOnBehindAnEnd) {
  ProcessBuilder p({"a", "b", "won!", "lost?"});
  p.path({"a", "b", "won"}).path({"a", "lost"}).back("lost", "won");
  EXPECT_EQ(unavoidable_of(p), (Names{"a", "b"}));
}

TEST(Unavoidable, IgnoresStagesThatNoDealReaches) {
  ProcessBuilder p({"a", "b", "island", "won!"});
  p.path({"a", "b", "won"}).path({"island", "b"}).path({"island", "won"});
  EXPECT_EQ(unavoidable_of(p), (Names{"a", "b"}));
}

TEST(Unavoidable, IsNothingWhereNobodyWins) {
  ProcessBuilder p({"a", "b", "won!", "lost?"});
  p.path({"a", "b", "lost"});
  EXPECT_EQ(unavoidable_of(p), Names{});
}

/// By the definition: a stage is unavoidable when won cannot be reached without it, though it can be reached with it.
Names naive_unavoidable(const ProcessBuilder& process) {
  const StageGraph graph = process.graph();
  const auto wins_without = [&](std::size_t banned) {
    std::vector<bool> reached(graph.vertices.size(), false);
    for (std::size_t v = 0; v < reached.size(); ++v) reached[v] = graph.vertices[v].may_be_first && v != banned;
    for (std::size_t round = 0; round < reached.size(); ++round) {
      for (const Edge& edge : graph.edges) {
        const bool walks_on = graph.vertices[edge.from].end == model::StageEnd::open;
        if (reached[edge.from] && walks_on && edge.to != banned) reached[edge.to] = true;
      }
    }
    for (std::size_t v = 0; v < reached.size(); ++v) {
      if (reached[v] && graph.vertices[v].end == model::StageEnd::won) return true;
    }
    return false;
  };
  Names result;
  if (!wins_without(graph.vertices.size())) return result;
  for (std::size_t v = 0; v < graph.stage_count; ++v) {
    const bool is_open = graph.vertices[v].end == model::StageEnd::open;
    if (is_open && !wins_without(v)) result.push_back(process.book().stages[graph.vertices[v].stage].name);
  }
  return result;
}

TEST(Unavoidable, IsWhatTheDefinitionSaysInManyProcesses) {
  std::uint32_t state = 7;
  const auto random = [&](std::uint32_t n) { return (state = state * 1664525u + 1013904223u) / 65536u % n; };
  const Names names{"a", "b", "c", "d", "e", "f", "won", "done", "lost"};
  int with_some = 0;
  for (int round = 0; round < 2000; ++round) {
    ProcessBuilder p({"a", "b", "c", "d", "e", "f", "won!", "done!", "lost?"});
    p.path({"a", names[1 + random(5)]});
    const std::uint32_t moves = 4 + random(14);
    for (std::uint32_t i = 0; i < moves; ++i) {
      const std::string from = names[random(9)];
      const std::string to = names[random(9)];
      random(4) == 0 ? p.back(from, to) : p.path({from, to});
    }
    for (std::uint32_t i = random(3); i > 0; --i) p.skip(names[random(9)]);
    if (random(3) == 0) p.first(names[random(6)]);
    const Names expected = naive_unavoidable(p);
    ASSERT_EQ(unavoidable_of(p), expected) << "round " << round;
    if (expected.size() > 1) ++with_some;
  }
  EXPECT_GT(with_some, 200);
}

// Over that many stages in a row there are two million skips.
TEST(Unavoidable, TakesALongPathInItsStride) {
  Names names;
  for (int i = 0; i < 2000; ++i) names.push_back("s" + std::to_string(i));
  names.push_back("won!");
  ProcessBuilder p(names);
  names.back() = "won";
  p.path(names).back("s1999", "s0");
  EXPECT_EQ(unavoidable_of(p).size(), 2000u);
  for (int i = 1; i < 1999; ++i) p.skip(names[static_cast<std::size_t>(i)]);
  EXPECT_EQ(unavoidable_of(p), (Names{"s0", "s1999"}));
}

}  // namespace
}  // namespace plumb::graph
