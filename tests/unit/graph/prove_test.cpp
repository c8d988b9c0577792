#include "graph/prove.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "unit/graph/process_builder.h"

namespace plumb::graph {
namespace {

using testing::ProcessBuilder;
using Stage = Id<model::Stage>;
using Is = Decision::Is;

// ---- every walk, taken one by one -----------------------------------------------------------------------------------

/// A stage, and how often each move of the model was made.
struct At {
  Stage stage;
  std::vector<std::int64_t> made;
  auto operator<=>(const At&) const = default;
};

/// What a deal may do, read off the model move by move: the way to decide a proof that needs no thought.
class Walker {
 public:
  explicit Walker(const ProcessBuilder& builder)
      : book_(builder.book()), process_(book_.processes[builder.process()]) {}

  std::set<At> begins() const {
    std::set<At> result;
    for (const Stage stage : process_.stages) {
      if (!book_.stages[stage].may_be_first && stage != process_.path.front()) continue;
      for (const Stage first : onward(stage))
        result.insert({first, std::vector<std::int64_t>(process_.moves.size(), 0)});
    }
    return result;
  }

  std::set<At> next(const At& at, bool without_going_back = false) const {
    std::set<At> result;
    if (book_.stages[at.stage].end != model::StageEnd::open) return result;
    for (std::size_t m = 0; m < process_.moves.size(); ++m) {
      const model::Move& move = process_.moves[m];
      const bool back = move.kind == model::MoveKind::back;
      const bool used_up = move.at_most_times && at.made[m] >= *move.at_most_times;
      if (move.from != at.stage || used_up || (back && without_going_back)) continue;
      if (move.kind == model::MoveKind::from_any && move.from == move.to) continue;
      At there = at;
      if (move.at_most_times) ++there.made[m];
      const std::set<Stage> to = move.kind == model::MoveKind::path ? onward(move.to) : std::set<Stage>{move.to};
      for (const Stage stage : to) {
        there.stage = stage;
        result.insert(there);
      }
    }
    return result;
  }

  std::set<At> all_from(std::set<At> open, Stage avoided = {}) const {
    std::set<At> seen;
    while (!open.empty()) {
      const At at = *open.begin();
      open.erase(open.begin());
      if (at.stage == avoided || !seen.insert(at).second) continue;
      open.merge(next(at));
    }
    return seen;
  }

  bool passes(Stage to, Stage passed) const {
    if (to == passed) return true;
    for (const At& at : all_from(begins(), passed)) {
      if (at.stage == to) return false;
    }
    return true;
  }

  bool reaches(const std::vector<Stage>& goals) const {
    for (const At& at : all_from(begins())) {
      bool any = false;
      for (const At& later : all_from({at})) any |= std::ranges::find(goals, later.stage) != goals.end();
      if (!any) return false;
    }
    return true;
  }

  /// Missing: nullopt where no walk is the longest, a stage has no limit, or there is no walk.
  std::optional<std::int64_t> longest(Stage from, Stage to, bool without,
                                      const std::map<Stage, std::int64_t>& limits) const {
    Search search{*this, to, without, limits, {}, {}, true, -1};
    for (const At& at : all_from(begins())) {
      if (at.stage == from) search.visit(at, 0);
    }
    return search.bounded && search.best >= 0 ? std::optional(search.best) : std::nullopt;
  }

 private:
  /// A stage, and those that a deal may be in instead when it is skipped.
  std::set<Stage> onward(Stage first) const {
    std::set<Stage> result, skipped;
    std::vector<Stage> open{first};
    while (!open.empty()) {
      const Stage stage = open.back();
      open.pop_back();
      result.insert(stage);
      const model::Stage& of = book_.stages[stage];
      if (!of.may_be_skipped || of.end != model::StageEnd::open || !skipped.insert(stage).second) continue;
      for (const model::Move& move : process_.moves) {
        if (move.kind == model::MoveKind::path && move.from == stage) open.push_back(move.to);
      }
    }
    return result;
  }

  struct Search {
    const Walker& walker;
    Stage to;
    bool without;
    const std::map<Stage, std::int64_t>& limits;
    std::map<At, std::int64_t> on_walk;  // with the sum it was come to with
    std::map<At, bool> ends;
    bool bounded;
    std::int64_t best;

    bool leads_on(const At& at) {
      std::set<At> open{at}, seen;
      while (!open.empty()) {
        const At here = *open.begin();
        open.erase(open.begin());
        if (here.stage == to) return true;
        if (seen.insert(here).second) open.merge(walker.next(here, without));
      }
      return false;
    }

    void visit(const At& at, std::int64_t sum) {
      if (!bounded) return;
      if (const auto again = on_walk.find(at); again != on_walk.end()) {
        if (sum > again->second) bounded = false;
        return;
      }
      if (at.stage == to) best = std::max(best, sum);
      on_walk.emplace(at, sum);
      for (const At& later : walker.next(at, without)) {
        const auto [known, is_new] = ends.try_emplace(later, false);
        if (is_new) known->second = leads_on(later);
        if (!known->second) continue;
        const auto limit = limits.find(at.stage);
        if (limit == limits.end()) {
          bounded = false;
          break;
        }
        visit(later, sum + limit->second);
      }
      on_walk.erase(at);
    }
  };

  const model::Rulebook& book_;
  const model::Process& process_;
};

// ---- random processes -----------------------------------------------------------------------------------------------

struct Random {
  std::mt19937 engine;
  int upto(int n) { return static_cast<int>(engine() % static_cast<unsigned>(n)); }
  bool one_in(int n) { return upto(n) == 0; }
};

const std::vector<std::string> open_stages{"a", "b", "c", "d"};

ProcessBuilder random_process(Random& random, std::map<Stage, std::int64_t>& limits) {
  const int open = 2 + random.upto(3);
  std::vector<std::string> stages(open_stages.begin(), open_stages.begin() + open);
  const std::vector<std::string> inner = stages;
  stages.insert(stages.end(), {"won!", "lost?"});
  ProcessBuilder p(stages);
  std::vector<std::string> path = inner;
  path.push_back("won");
  p.path(path);
  const auto any = [&] { return inner[static_cast<std::size_t>(random.upto(open))]; };
  if (random.one_in(2)) p.from_any("lost");
  std::set<std::pair<std::string, std::string>> backs;
  for (int i = random.upto(4); i > 0; --i) {
    const auto ends = std::pair(any(), any());
    if (!backs.insert(ends).second) continue;
    p.back(ends.first, ends.second);
    if (!random.one_in(4)) p.at_most(random.upto(3));
  }
  if (random.one_in(4)) p.path({any(), "lost"});
  if (random.one_in(6)) p.from_any(any());
  for (const std::string& name : inner) {
    if (random.one_in(3)) p.skip(name);
    if (random.one_in(5)) p.first(name);
    if (random.one_in(12)) continue;
    const int days = random.upto(4);
    p.limit(name, days);
    limits.emplace(p.stage_id(name), days);
  }
  return p;
}

model::Proof proof_of(const ProcessBuilder& p, decltype(model::Proof::is) is) {
  model::Proof proof;
  proof.is = std::move(is);
  proof.process = p.process();
  return proof;
}

std::string shown(const ProcessBuilder& p) {
  std::string result;
  const model::Rulebook& book = p.book();
  for (const model::Stage& stage : book.stages)
    result += stage.name + (stage.may_be_skipped ? "~" : "") + (stage.may_be_first ? "^ " : " ");
  for (const model::Move& move : book.processes[p.process()].moves)
    result += fmt::format("{}{}{}({}) ", book.stages[move.from].name, move.kind == model::MoveKind::back ? "<" : ">",
                          book.stages[move.to].name, move.at_most_times.value_or(-1));
  return result;
}

constexpr unsigned cases = 600;

TEST(Prove, AgreesWithEveryWalkOnWhatIsPassed) {
  int failed = 0;
  for (unsigned seed = 0; seed < cases; ++seed) {
    Random random{std::mt19937(seed)};
    std::map<Stage, std::int64_t> limits;
    const ProcessBuilder p = random_process(random, limits);
    const Walker walker(p);
    for (const Stage to : p.book().processes[p.process()].stages) {
      for (const Stage passed : p.book().processes[p.process()].stages) {
        const Decision decision = decide(p.book(), proof_of(p, model::PathPasses{to, passed}));
        ASSERT_EQ(decision.is == Is::holds, walker.passes(to, passed)) << seed << ": " << shown(p);
        if (decision.is == Is::holds) continue;
        ++failed;
        ASSERT_FALSE(decision.walk.empty());
        ASSERT_EQ(decision.walk.back(), to);
        ASSERT_EQ(std::ranges::find(decision.walk, passed), decision.walk.end()) << seed << ": " << shown(p);
      }
    }
  }
  EXPECT_GT(failed, 300);
}

TEST(Prove, AgreesWithEveryWalkOnWhatIsReached) {
  int failed = 0;
  for (unsigned seed = 0; seed < cases; ++seed) {
    Random random{std::mt19937(seed)};
    std::map<Stage, std::int64_t> limits;
    const ProcessBuilder p = random_process(random, limits);
    const Walker walker(p);
    const auto& stages = p.book().processes[p.process()].stages;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      for (const std::vector<Stage>& goals : {std::vector{stages[i]}, std::vector{stages[i], stages.back()},
                                              std::vector{stages[i], stages.back(), stages[stages.size() - 2]}}) {
        const Decision decision = decide(p.book(), proof_of(p, model::StageReaches{goals}));
        ASSERT_EQ(decision.is == Is::holds, walker.reaches(goals)) << seed << ": " << shown(p);
        failed += decision.is == Is::fails;
      }
    }
  }
  EXPECT_GT(failed, 300);
}

TEST(Prove, AgreesWithEveryWalkOnTheLongest) {
  int bounded = 0, unbounded = 0;
  for (unsigned seed = 0; seed < cases; ++seed) {
    Random random{std::mt19937(seed)};
    std::map<Stage, std::int64_t> limits;
    const ProcessBuilder p = random_process(random, limits);
    const Walker walker(p);
    const auto& stages = p.book().processes[p.process()].stages;
    for (const Stage to : {stages[1], stages[stages.size() - 2]}) {
      for (const bool without : {false, true}) {
        const auto longest = walker.longest(stages[0], to, without, limits);
        const auto at_most = [&](std::int64_t days) {
          const time::Duration limit{days, time::Unit::business_days};
          return decide(p.book(), proof_of(p, model::LongestPath{stages[0], to, without, limit})).is;
        };
        ASSERT_EQ(at_most(longest.value_or(100'000)), longest ? Is::holds : Is::fails) << seed << ": " << shown(p);
        if (longest) ASSERT_EQ(at_most(*longest - 1), Is::fails) << seed << ": " << shown(p);
        ++(longest ? bounded : unbounded);
      }
    }
  }
  EXPECT_GT(bounded, 300);
  EXPECT_GT(unbounded, 150);
}

// ---- single cases ---------------------------------------------------------------------------------------------------

TEST(Prove, ShowsTheShortestWalk) {
  ProcessBuilder p({"a", "b", "c", "won!"});
  p.path({"a", "b", "c", "won"}).back("c", "a").skip("b");
  const Decision decision = decide(p.book(), proof_of(p, model::PathPasses{p.stage_id("won"), p.stage_id("b")}));
  EXPECT_EQ(decision.reason, "`a -> c -> won` does not pass `b`");
  ASSERT_EQ(decision.labels.size(), 1u);
  EXPECT_EQ(decision.labels[0].text, "`b` may be skipped");
}

TEST(Prove, CountsAReturnAsOftenAsItIsAllowed) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "b", "won"}).back("b", "a").at_most(3).limit("a", 2).limit("b", 5);
  const auto at_most = [&](std::int64_t days) {
    return decide(
        p.book(),
        proof_of(p, model::LongestPath{p.stage_id("a"), p.stage_id("won"), false, {days, time::Unit::business_days}}));
  };
  EXPECT_EQ(at_most(28).is, Is::holds);
  EXPECT_EQ(at_most(27).reason, "`a -> b -> a -> b -> a -> b -> a -> b -> won` may take 28 business days");
}

TEST(Prove, IsStuckWhereTheReturnIsUsedUp) {
  ProcessBuilder p({"a", "b", "won!"});
  p.path({"a", "won"}).path({"a", "b"}).back("b", "a").at_most(1);
  const Decision decision = decide(p.book(), proof_of(p, model::StageReaches{{p.stage_id("won")}}));
  EXPECT_EQ(decision.reason, "after `a -> b -> a -> b` no walk reaches `won`");
}

TEST(Prove, DecidesThreeHundredStagesAndGivesUpOnTooManyReturns) {
  std::vector<std::string> stages;
  for (int i = 0; i < 300; ++i) stages.push_back("s" + std::to_string(i));
  std::vector<std::string> path = stages;
  path.push_back("won");
  stages.push_back("won!");
  ProcessBuilder p(stages);
  p.path(path);
  for (const std::string& name : path) {
    if (name != "won") p.limit(name, 1).skip(name).from_any("won");
  }
  const auto all_of_it = [&] {
    return decide(p.book(), proof_of(p,
                                     model::LongestPath{
                                         p.stage_id("s0"), p.stage_id("won"), false, {300, time::Unit::business_days}}))
        .is;
  };
  EXPECT_EQ(all_of_it(), Is::holds);
  for (int i = 1; i < 100; ++i)
    p.back(path[static_cast<std::size_t>(i)], path[static_cast<std::size_t>(i - 1)]).at_most(9);
  EXPECT_EQ(all_of_it(), Is::too_large);
}

}  // namespace
}  // namespace plumb::graph
