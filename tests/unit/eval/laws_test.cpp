#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "unit/eval/random_history.h"

/// The laws of the semantics that this evaluator promises, over small random histories.
namespace plumb::eval::testing {
namespace {

constexpr std::uint32_t cases = 40;

class Laws : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { book_ = new model::Rulebook(rulebook(every_shape)); }
  static void TearDownTestSuite() { delete book_; }
  static std::vector<Told> told(const Rows& rows, Instant as_of) { return evaluate(*book_, load(rows, *book_), as_of); }
  static inline model::Rulebook* book_ = nullptr;
};

bool of_deal(const Told& told) { return told.subject.front() == 'D'; }

std::string cell(const std::string& row, int column) {
  std::size_t from = 0;
  for (; column > 0; --column) from = row.find(',', from) + 1;
  return row.substr(from, row.find(',', from) - from);
}

// What the file would have held at an instant. Dates alone begin at midnight in New York: 05:00 or 04:00.
bool begun(const std::string& at, const std::string& until) {
  if (at.empty()) return true;
  const std::string begin = at.size() > 10 ? at : at + (at < "2026-03-09" ? "T05:00:00Z" : "T04:00:00Z");
  return begin < until;
}

TEST_F(Laws, TheHistoriesReachEveryVerdictOfEveryRule) {
  std::map<std::string, std::set<Verdict>> seen;
  for (std::uint32_t seed = 0; seed < cases; ++seed) {
    for (const Told& each : told(RandomHistory(seed, {}).rows(), day(25))) seen[each.rule].insert(each.verdict);
  }
  EXPECT_EQ(seen.size(), book_->rules.size());
  for (const auto& [rule, verdicts] : seen) EXPECT_GE(verdicts.size(), rule == "q_company" ? 2u : 3u) << rule;
}

TEST_F(Laws, RaisingTheHorizonSettlesAndUnsettlesNothing) {
  for (std::uint32_t seed = 0; seed < cases; ++seed) {
    RandomHistory random(seed, {.doubts = false});
    const history::History history = load(random.rows(), *book_);
    const int first = 3 + random.below(20);
    std::vector<Told> earlier = evaluate(*book_, history, day(first));
    std::vector<Told> later = evaluate(*book_, history, day(first + 1 + random.below(6)));
    for (const Told& was : earlier) {
      const auto same_opening = [&](const Told& is) {
        return is.rule == was.rule && is.subject == was.subject && is.opened == was.opened && is.period == was.period &&
               is.owed_by == was.owed_by;
      };
      const auto follows = [&](const Told& is) {
        const bool settles = was.verdict == Verdict::due;
        const bool made_up_for = was.verdict == Verdict::missed && is.verdict == Verdict::late;
        const bool stays = was.verdict == is.verdict && was.settled == is.settled && was.deadline == is.deadline;
        return same_opening(is) && (settles || made_up_for || stays);
      };
      const auto found = std::find_if(later.begin(), later.end(), follows);
      ASSERT_TRUE(found != later.end()) << "seed " << seed << ": " << to_text(was) << "\nlater "
                                        << (std::any_of(later.begin(), later.end(), same_opening)
                                                ? to_text(*std::find_if(later.begin(), later.end(), same_opening))
                                                : "gone");
      later.erase(found);
    }
  }
}

TEST_F(Laws, AsOfAnInstantIsTheHistoryCutOffThere) {
  for (std::uint32_t seed = 0; seed < cases; ++seed) {
    RandomHistory random(seed, {});
    const Rows whole = random.rows();
    const int on = 6 + random.below(24);
    const std::string until = fmt::format("2026-03-{:02}T00:00:00Z", on);
    Rows cut = whole;
    std::erase_if(cut.deals, [&](const std::string& row) { return !begun(cell(row, 1), until); });
    std::erase_if(cut.events, [&](const std::string& row) { return !begun(cell(row, 1), until); });
    std::erase_if(cut.records, [&](const std::string& row) { return !begun(cell(row, 2), until); });
    EXPECT_EQ(difference(told(whole, day(on)), told(cut, day(on))), "") << "seed " << seed;
  }
}

TEST_F(Laws, KnownAtAnInstantIsTheHistoryWithoutWhatWasRecordedLater) {
  for (std::uint32_t seed = 0; seed < cases; ++seed) {
    RandomHistory random(seed, {.doubts = false, .late = true});
    const Rows whole = random.rows();
    const int on = 6 + random.below(24);
    const std::string until = fmt::format("2026-03-{:02}T00:00:00Z", on);
    const auto later = [&](const std::string& at, const std::string& recorded) {
      return (recorded.empty() ? at : recorded) >= until;
    };
    Rows known = whole;
    std::set<std::string> unknown_deals;
    for (const std::string& row : whole.deals) {
      if (later(cell(row, 1), "")) unknown_deals.insert(cell(row, 0));
    }
    std::erase_if(known.deals, [&](const std::string& row) { return unknown_deals.contains(cell(row, 0)); });
    std::erase_if(known.events, [&](const std::string& row) {
      return unknown_deals.contains(cell(row, 0)) || later(cell(row, 1), cell(row, 2));
    });
    std::erase_if(known.records, [&](const std::string& row) { return later(cell(row, 2), ""); });
    const std::vector<Told> as_known = evaluate(*book_, load(whole, *book_), day(29), day(on));
    EXPECT_EQ(difference(as_known, told(known, day(on))), "") << "seed " << seed;
  }
}

TEST_F(Laws, TheOrderOfRowsSaysNothing) {
  for (std::uint32_t seed = 0; seed < cases; ++seed) {
    const Rows rows = RandomHistory(seed, {}).rows();
    Rows shuffled = rows;
    std::mt19937 random(seed);
    for (auto* file : {&shuffled.deals, &shuffled.events, &shuffled.people, &shuffled.records}) {
      std::shuffle(file->begin(), file->end(), random);
    }
    EXPECT_EQ(difference(told(rows, day(28)), told(shuffled, day(28))), "") << "seed " << seed;
  }
}

TEST_F(Laws, AnUnrelatedDealChangesNoDealsVerdict) {
  for (std::uint32_t seed = 0; seed < cases; ++seed) {
    const Rows rows = RandomHistory(seed, {}).rows();
    Rows more = RandomHistory(seed + 1000, {}).rows();
    for (auto* file : {&more.deals, &more.events}) {
      for (std::string& row : *file) row[0] = 'X';
    }
    std::vector<Told> with, without = told(rows, day(28));
    more.deals.insert(more.deals.end(), rows.deals.begin(), rows.deals.end());
    more.events.insert(more.events.end(), rows.events.begin(), rows.events.end());
    for (std::string& row : more.deals) {
      if (row[0] == 'X') row = fmt::format("{},{},zoe,other,{},", cell(row, 0), cell(row, 1), cell(row, 4));
    }
    more.people = rows.people, more.records = rows.records;
    for (const Told& each : told(more, day(28))) {
      if (of_deal(each)) with.push_back(each);
    }
    std::erase_if(without, [](const Told& each) { return !of_deal(each); });
    EXPECT_EQ(difference(without, with), "") << "seed " << seed;
  }
}

TEST_F(Laws, DealByDealIsTheWholeForRulesThatReadOneDeal) {
  for (std::uint32_t seed = 0; seed < cases / 3; ++seed) {
    const Rows rows = RandomHistory(seed, {}).rows();
    std::vector<Told> whole = told(rows, day(28)), merged;
    std::erase_if(whole, [](const Told& each) { return !of_deal(each) || each.rule == "r_account"; });
    for (const std::string& deal : rows.deals) {
      Rows one = rows;
      one.deals = {deal};
      std::erase_if(one.events, [&](const std::string& row) { return cell(row, 0) != cell(deal, 0); });
      for (const Told& each : told(one, day(28))) {
        if (of_deal(each) && each.rule != "r_account") merged.push_back(each);
      }
    }
    std::sort(merged.begin(), merged.end());
    EXPECT_EQ(difference(whole, merged), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace plumb::eval::testing
