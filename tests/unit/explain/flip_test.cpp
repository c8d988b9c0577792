#include <gtest/gtest.h>

#include "unit/eval/random_history.h"
#include "unit/explain/flip.h"
#include "unit/explain/random_deals.h"

namespace plumb::explain {
namespace {

// At least so many of a hundred that could be kept, as far as is known, are promised.
constexpr std::size_t promised = 95;

// What is due or missed in small random histories, by rules of every shape and with every clause.
TEST(Flip, EveryShape) {
  const model::Rulebook book = eval::testing::rulebook(eval::testing::every_shape);
  testing::Flips flips;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const history::History history = eval::testing::load(eval::testing::RandomHistory(seed, {}).rows(), book);
    const eval::Options options{eval::testing::day(22)};
    const auto evaluation = eval::run(book, history, options);
    ASSERT_TRUE(evaluation);
    flips.add({book, history, *evaluation, {}, {}}, options, time::Zone::utc(), fmt::format("seed {}", seed));
  }
  flips.show();
  EXPECT_GT(flips.all.asked, 500u);
  EXPECT_GE(flips.all.flipped * 100, (flips.all.asked - flips.all.never) * promised);
}

TEST(Flip, EveryClause) {
  const model::Rulebook book = eval::testing::rulebook(testing::every_clause);
  testing::Flips flips;
  for (std::uint32_t seed = 0; seed < 6; ++seed) {
    const history::History history = testing::RandomDeals(seed).load(book);
    eval::Options options{eval::testing::day(24)};
    if (seed % 3 == 2) options.known_at = eval::testing::day(20);
    const auto evaluation = eval::run(book, history, options);
    ASSERT_TRUE(evaluation);
    flips.add({book, history, *evaluation, {}, {}}, options, *time::Zone::find("America/New_York"),
              fmt::format("seed {}", seed));
  }
  flips.show();
  EXPECT_GT(flips.all.asked, 550u);
  EXPECT_GE(flips.all.flipped * 100, (flips.all.asked - flips.all.never) * promised);
}

}  // namespace
}  // namespace plumb::explain
