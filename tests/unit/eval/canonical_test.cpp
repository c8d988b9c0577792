#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "history/write.h"
#include "unit/eval/random_history.h"

/// A history that is written as canonical texts and loaded again gives the same verdicts.
namespace plumb::eval::testing {
namespace {

history::History again(const history::History& history, const model::Rulebook& book, const time::Zone& zone) {
  history::LoadOptions options;
  options.default_zone = zone;
  auto loaded = history::load_texts(history::write_canonical(history, zone), history::canonical_mapping(),
                                    schema_of(book), options);
  if (!loaded) {
    ADD_FAILURE() << loaded.error();
    return {};
  }
  EXPECT_TRUE(loaded->mapping_problems.empty());
  for (const history::Problem& problem : loaded->report.problems) EXPECT_FALSE(problem.refused) << problem.message;
  return std::move(loaded->history);
}

TEST(Canonical, RandomHistoriesWrittenAndReadAgainGiveTheSameVerdicts) {
  const model::Rulebook book = rulebook(every_shape);
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const history::History first = load(RandomHistory(seed, {}).rows(), book);
    const history::History second = again(first, book, time::Zone::utc());
    EXPECT_EQ(difference(evaluate(book, first, day(28)), evaluate(book, second, day(28))), "") << "seed " << seed;
  }
}

TEST(Canonical, TheExampleWrittenAndReadAgainGivesTheSameVerdicts) {
  const std::string folder = PLUMB_REPOSITORY "/examples/new_business";
  std::stringstream text;
  text << std::ifstream(folder + "/rules.plumb").rdbuf();
  const model::Rulebook book = rulebook(text.str());
  history::LoadOptions options;
  options.default_zone = *time::Zone::find(book.default_calendar()->spec.zone);
  const auto first = history::load(folder + "/history", history::canonical_mapping(), schema_of(book), options);
  ASSERT_TRUE(first);
  const history::History second = again(first->history, book, options.default_zone);
  const Instant end{first->history.last_event().micros + 1};
  const std::vector<Told> told = evaluate(book, first->history, end);
  EXPECT_GT(told.size(), 1000u);
  EXPECT_EQ(difference(told, evaluate(book, second, end)), "");
}

}  // namespace
}  // namespace plumb::eval::testing
