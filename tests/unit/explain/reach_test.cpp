#include <gtest/gtest.h>

#include "explain/case.h"
#include "explain/search.h"
#include "explain/why.h"
#include "unit/eval/evaluating.h"
#include "unit/eval/random_history.h"

namespace plumb::explain {
namespace {

constexpr const char* book_text = R"(
rulebook a { title "A" }
activity call { }
activity email { }
process sales { stage talk stage won { won } stage lost { lost } path talk -> won from any open stage -> lost }
must called { right thing for each deal after created expect call within 2 days }
must mailed { right way for each deal after created expect email within 2 days }
must managed { right time for each deal after created expect call within 3 days owed by manager }
should read_one { for each deal after email expect called is kept within 9 days }
should hard { for each person every month expect right thing is kept }
should timely { for each person every month expect right time is kept }
)";

struct Made {
  model::Rulebook book = eval::testing::rulebook(book_text);
  history::History history;
  eval::Options options{eval::testing::day(40)};
  eval::Evaluation evaluation;

  Made() {
    eval::testing::Rows rows;
    for (const std::string who : {"ana", "ben"}) {
      for (int i = 0; i < 3; ++i) {
        const std::string deal = who + std::to_string(i);
        rows.deals.push_back(deal + ",2026-03-02T08:00:00Z," + who + ",,,");
        rows.events.push_back(deal + ",2026-03-02T08:00:00Z,,move,,,talk,,");
        rows.events.push_back(deal + ",2026-03-02T09:00:00Z,,activity,email,,,,");
      }
      rows.people.push_back(who + ",,,,,east,cyd");
    }
    rows.people.push_back("cyd,,,,,east,");
    history = eval::testing::load(rows, book);
    evaluation = *eval::run(book, history, options);
  }
  // Of the first obligation of a rule.
  Case of(std::string_view rule) const {
    const report::Input input{book, history, evaluation, {}, {}};
    const eval::Verdicts& v = evaluation.verdicts;
    for (std::size_t row = 0; row < v.size(); ++row) {
      if (book.rules[v.rule[row]].name == rule) return case_of(input, options, row, false);
    }
    ADD_FAILURE() << "nothing is asked by " << rule;
    return case_of(input, options, 0, false);
  }
};

TEST(Reach, WhoeverReadsARightIsJudgedByItsRulesAndByHisDeals) {
  const Made made;
  const Case c = made.of("hard");
  ASSERT_EQ(c.book.rules.size(), 2u);
  EXPECT_EQ(c.book.rules[0].name, "called");
  EXPECT_EQ(c.book.rules[c.rule].name, "hard");
  // His own, and the first of all, since periods begin with it.
  EXPECT_LE(c.part.deals.size(), 4u);
}

TEST(Reach, OfWhatAManagerOwesTheDealsOfAllAreNeeded) {
  const Made made;
  const Case c = made.of("timely");
  EXPECT_EQ(c.book.rules.size(), 2u);
  EXPECT_EQ(c.part.deals.size(), 6u);
}

TEST(Reach, ADealThatReadsAVerdictIsJudgedByItself) {
  const Made made;
  const Case c = made.of("read_one");
  EXPECT_EQ(c.book.rules.size(), 2u);
  EXPECT_EQ(c.part.deals.size(), 1u);
}

TEST(Reach, OfWhatIsHeldAgainstManyEventsAndRulesFewerChangesAreTried) {
  const Made made;
  const auto of_many_events = [&](std::string_view rule) {
    Case c = made.of(rule);
    c.part.deal_events.at = history::Array<time::Instant>(100'000);
    return affordable(c, Effort{});
  };
  EXPECT_EQ(affordable(made.of("read_one"), Effort{}), Effort{}.attempts);
  EXPECT_EQ(of_many_events("mailed"), 199u);
  EXPECT_EQ(of_many_events("read_one"), 99u);
}

TEST(Reach, ThatTheSearchEndedIsSaid) {
  const Case c = Made().of("mailed");
  EXPECT_EQ(why_none_keeps(c, 16, false), "none of the 16 changes that were tried keeps it");
  EXPECT_EQ(
      why_none_keeps(c, 16, true),
      "none of the 16 changes that were tried keeps it, and there the search ended: each is held against 3 events "
      "and 1 rule");
}

}  // namespace
}  // namespace plumb::explain
