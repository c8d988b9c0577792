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

// A waiver says itself what it is about, and from when to when it holds.
TEST(Canonical, AWaiverWrittenAndReadAgainIsAboutTheSame) {
  const model::Rulebook book = rulebook(
      "activity call {}\n"
      "must r { for each deal after created expect call within 2 days }\n"
      "must s { for each deal after created expect call within 5 days }\n");
  const std::vector<history::TextFile> files = {
      {"deals.csv", "deal,created\nD1,2026-03-01\nD2,2026-03-01\nD3,2026-03-01\nD4,2026-03-01\n"},
      {"events.csv",
       "deal,at,kind,name,from,to,rule\n"
       "D1,2026-03-01T09:00:00Z,record,waiver,,,r\n"
       "D2,2026-03-01T09:00:00Z,record,waiver,2026-03-05,2026-03-09,\n"},
      {"records.csv", "person,name,at,actor,rule,deal,from,to\n,waiver,2026-03-01T09:00:00Z,max,s,D3,,\n"}};
  auto first = history::load_texts(files, history::canonical_mapping(), schema_of(book), {});
  ASSERT_TRUE(first);
  const std::vector<Told> told = evaluate(book, first->history, day(28));
  EXPECT_EQ(std::ranges::count(told, Verdict::excused, &Told::verdict), 3);
  EXPECT_EQ(difference(told, evaluate(book, again(first->history, book, time::Zone::utc()), day(28))), "");
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
  const Instant end{first->history.extent.last.micros + 1};
  const std::vector<Told> told = evaluate(book, first->history, end);
  EXPECT_GT(told.size(), 1000u);
  EXPECT_EQ(difference(told, evaluate(book, second, end)), "");
}

}  // namespace
}  // namespace plumb::eval::testing
