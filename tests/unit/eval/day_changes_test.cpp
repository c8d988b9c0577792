#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "unit/eval/random_history.h"

namespace plumb::eval::testing {
namespace {

// What a program counts up is stated often: looking for the order of a day must not take longer than reading it.
TEST(ChangesOfDay, ManyThatGoOnFromOneAnotherAreToldSoon) {
  const model::Rulebook book = rulebook(R"(
fields deal { size number }
must counted_up { for each deal after created expect size is 800 within 10 days }
)");
  Rows rows{.deals = {"D1,2026-03-02T09:00:00Z,,,0,"}};
  for (int i = 0; i < 800; ++i) rows.events.push_back(fmt::format("D1,2026-03-04,,change,size,{},{},,", i, i + 1));
  std::shuffle(rows.events.begin(), rows.events.end(), std::mt19937(1));
  const std::vector<Told> told = evaluate(book, load(rows, book), day(20));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.front().verdict, Verdict::kept) << to_text(told.front());
}

}  // namespace
}  // namespace plumb::eval::testing
