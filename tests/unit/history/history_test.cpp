#include "history/history.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "history/load_chain.h"
#include "history/move_orders.h"
#include "history/words.h"

namespace plumb::history {
namespace {

TEST(Dictionary, KnowsEveryTextOnce) {
  Dictionary words;
  EXPECT_EQ(words.size(), 1u);
  EXPECT_EQ(words.find(""), 0u);
  const std::uint32_t a = words.add("a");
  EXPECT_EQ(words.add("a"), a);
  EXPECT_NE(words.add("b"), a);
  EXPECT_EQ(words.find("c"), Dictionary::none);
  EXPECT_EQ(words[a], "a");
}

TEST(Dictionary, StaysGoodWhenItGrowsAndWhenItMoves) {
  Dictionary words;
  for (int i = 0; i < 10000; ++i) words.add(std::to_string(i));
  Dictionary moved = std::move(words);
  Dictionary again;
  again.add("gone");
  again = std::move(moved);
  EXPECT_EQ(again.size(), 10001u);
  for (int i = 0; i < 10000; ++i) EXPECT_EQ(again[again.find(std::to_string(i))], std::to_string(i));
  EXPECT_EQ(again.find("gone"), Dictionary::none);
}

TEST(Coverage, WhatIsNotNamedIsCoveredAsEverythingIs) {
  Coverage coverage;
  coverage.everything.from = Instant{5};
  coverage.of["amount"] = {Instant{7}, Instant{9}};
  EXPECT_EQ(coverage.at("amount").from, Instant{7});
  EXPECT_EQ(coverage.at("goal").from, Instant{5});
}

TEST(History, TheRowsOfAKindStandInTheirOrderWhoeverFoundThem) {
  Timeline events;
  std::vector<std::vector<std::uint32_t>> of_kind(3);
  for (std::uint32_t i = 0; i < 700'000; ++i) {
    const std::uint16_t kind = i % 7 == 0 ? 2 : 0;
    events.kind.push_back(kind), events.at.push_back(Instant{i});
    of_kind[kind].push_back(i);
  }
  for (const unsigned threads : {1U, 2U}) {
    const ByKind found = by_kind(events, 3, threads);
    ASSERT_EQ(found.first, (Array<std::uint32_t>{0, 600'000, 600'000, 700'000}));
    ASSERT_EQ(found.rows.size(), events.size());
    EXPECT_TRUE(std::equal(of_kind[0].begin(), of_kind[0].end(), found.rows.begin()));
    EXPECT_TRUE(std::equal(of_kind[2].begin(), of_kind[2].end(), found.rows.begin() + 600'000));
  }
  EXPECT_EQ(by_kind({}, 1).first, (Array<std::uint32_t>{0, 0}));
}

TEST(History, TheFirstAndLastEventAreOfThoseWithATime) {
  History history;
  EXPECT_FALSE(extent_of(history).first.known());
  EXPECT_FALSE(extent_of(history).last.known());
  history.kinds = {{"created", KindClass::created, {}}, {std::string(leave_start), KindClass::activity, {}}};
  history.deal_events.at = {Instant::unknown(), Instant{3}, Instant{8}};
  history.deal_events.kind = {0, 0, 0};
  history.deal_events.first = {0, 3};
  history.person_events.at = {Instant{1}, Instant{9}, Instant{12}};  // from a leave to another
  history.person_events.kind = {1, 0, 1};
  history.person_events.first = {0, 3};
  history.deal_events.by_day = {0, 0, 0}, history.person_events.by_day = {0, 1, 0};
  for (const unsigned threads : {1U, 2U}) {
    const Extent extent = extent_of(history, threads);
    EXPECT_EQ(extent.first, Instant{3});
    EXPECT_EQ(extent.last, Instant{9});
    EXPECT_EQ(extent.latest, Instant{12});
    EXPECT_TRUE(extent.untimed);
    EXPECT_TRUE(extent.by_day);
  }
}

TEST(Words, TheNearestIsWithinAThird) {
  EXPECT_EQ(nearest_word("created_at", {"deal", "Created_On", "created_ad"}), "created_ad");
  EXPECT_EQ(nearest_word("GOAL", {"goal"}), "goal");
  EXPECT_EQ(nearest_word("goal", {"amount"}), "");
  EXPECT_EQ(in_ticks(std::string(100, 'x')), "`" + std::string(60, 'x') + "…`");
  EXPECT_EQ(in_ticks(std::string(59, 'x') + "é and more"), "`" + std::string(59, 'x') + "…`");
}

using loading::chain_order;
using Order = std::vector<std::size_t>;

TEST(Chain, EveryMoveBeginsWhereTheOneBeforeEnded) {
  EXPECT_EQ(chain_order({{1, 2}, {2, 3}, {3, 4}}, 1), (Order{0, 1, 2}));
  EXPECT_EQ(chain_order({{1, 2}, {3, 1}, {2, 4}}, 3), (Order{1, 0, 2}));
  EXPECT_EQ(chain_order({{1, 2}, {3, 1}, {2, 4}}, 99), (Order{1, 0, 2}));
}

TEST(Chain, ARoundIsWalkedBeforeTheWayOut) {
  // Leaving 1 for 5 first would leave the round 1 → 7 → 1 behind.
  EXPECT_EQ(chain_order({{1, 5}, {1, 7}, {7, 1}}, 1), (Order{1, 2, 0}));
  EXPECT_EQ(chain_order({{1, 2}, {2, 1}}, 2), (Order{1, 0}));
  EXPECT_EQ(chain_order({{1, 2}, {2, 1}}, 9), (Order{0, 1}));
}

TEST(Chain, WhatDoesNotHangTogetherFollowsInItsOwnChains) {
  EXPECT_EQ(chain_order({{5, 6}, {8, 9}, {6, 7}, {1, 2}}, 1), (Order{3, 0, 2, 1}));
  EXPECT_EQ(chain_order({{unobserved, 4}, {3, 1}, {1, 2}}, 3), (Order{0, 1, 2}));
  EXPECT_EQ(chain_order({{5, 6}, {unobserved, 4}, {4, 5}}, 3), (Order{1, 2, 0}));
  EXPECT_EQ(chain_order({{5, 6}, {unobserved, 4}, {unobserved, 5}}, 3), (Order{0, 1, 2}));
  EXPECT_EQ(chain_order({}, 3), Order{});
  EXPECT_EQ(chain_order({{1, 2}, {1, 3}, {1, 4}}, 1), (Order{0, 1, 2}));
  EXPECT_EQ(chain_order({{1, 2}, {1, 3}, {3, 1}, {1, 4}, {4, 5}}, 1), (Order{1, 2, 0, 3, 4}));
}

TEST(Chain, OfADayAllOrdersAreFoundInWhichTheFewestMovesCameFromElsewhere) {
  using Orders = std::vector<Order>;
  const auto all = [](const std::vector<Step>& steps, std::int64_t state, std::size_t most) {
    const MoveOrders found = orders_of_moves({steps, steps.size(), {}}, state, most);
    return found.all ? found.some : Orders{};
  };
  EXPECT_EQ(all({{unreadable, 4}, {4, 5}}, 3, 9), (Orders{{0, 1}}));
  EXPECT_EQ(all({{unreadable, 1}, {1, 5}}, 1, 9), (Orders{{0, 1}, {1, 0}}));
  EXPECT_EQ(all({{unobserved, 4}, {unobserved, 5}}, 3, 9), (Orders{{0, 1}, {1, 0}}));
  EXPECT_EQ(all({{4, 5}, {unreadable, 4}}, unreadable, 9), (Orders{{0, 1}, {1, 0}}));
  EXPECT_EQ(all({{5, 3}, {unobserved, 4}}, unreadable, 9), (Orders{{0, 1}}));
  // In none does each go on from the one before.
  EXPECT_EQ(all({{unobserved, 4}, {1, 5}}, 3, 9), (Orders{{0, 1}, {1, 0}}));
  // An empty cell is the first move's; elsewhere it says nothing.
  EXPECT_EQ(all({{4, 5}, {missing, 4}}, missing, 9), (Orders{{1, 0}}));
  EXPECT_EQ(all({{missing, 4}, {missing, 5}}, 3, 9), (Orders{{0, 1}, {1, 0}}));
  EXPECT_EQ(all({{missing, 4}, {missing, 5}}, missing, 9), (Orders{{0, 1}, {1, 0}}));
  // Moves that say the same are told apart by nothing; two others come at one of five places, each.
  std::vector<Step> moves(3, {unobserved, 4});
  EXPECT_EQ(all(moves, 3, 1), (Orders{{0, 1, 2}}));
  moves.insert(moves.end(), {{unobserved, 5}, {unobserved, 6}});
  EXPECT_EQ(all(moves, 3, 20).size(), 20U);
  EXPECT_TRUE(all(moves, 3, 19).empty());
  std::vector<Step> many(100'000, {unobserved, 4});
  EXPECT_EQ(all(many, 3, 1).size(), 1U);
  many.back().to = 5;
  EXPECT_TRUE(all(many, 3, 120).empty());
}

TEST(Chain, ManyMovesOfOneInstantAreWalkedInLinearTime) {
  std::vector<Step> steps;
  for (int i = 99'999; i >= 0; --i) steps.push_back({i, i + 1});
  const Order order = chain_order(steps, 0);
  ASSERT_EQ(order.size(), steps.size());
  for (std::size_t i = 0; i < order.size(); ++i) ASSERT_EQ(steps[order[i]].from, static_cast<std::int64_t>(i));
}

}  // namespace
}  // namespace plumb::history
