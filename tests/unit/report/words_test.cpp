#include "report/words.h"

#include <gtest/gtest.h>

#include "unit/report/sample.h"

namespace plumb::report {
namespace {

using eval::Fact;
using eval::FactKind;
using eval::Ground;
using eval::Reason;
using eval::Verdict;

constexpr std::int64_t hour = time::micros_per_hour;

TEST(Reasons, AreSaidInTheWordsOfTheRulebook) {
  const Sample s;
  const Input input = s.input();
  const auto text = [&](const Reason& reason) { return reason_text(input, reason, Verdict::missed); };
  EXPECT_EQ(text({Ground::holds, s.next_step_known, {}, 0, 0}), "`next_step_on is known` was true");
  EXPECT_EQ(text({Ground::fails, s.next_step_known, {}, 0, 0}), "`next_step_on is known` was not true");
  EXPECT_EQ(text({Ground::unknown, s.next_step_known, {}, 0, 0}), "`next_step_on is known` cannot be told");
  EXPECT_EQ(text({Ground::nothing_happened, {}, s.enters, 0, 0}), "`enters proposal` did not happen in time");
  EXPECT_EQ(text({Ground::happened_late, {}, s.held, 27 * hour, 0}),
            "`held_meeting` happened 1 day 3 hours after the deadline");
  EXPECT_EQ(text({Ground::happened_late, {}, {}, 3 * hour, 0}), "it was done 3 hours after the deadline");
  EXPECT_EQ(text({Ground::lapse, s.next_step_known, {}, 50 * hour, 0}),
            "`next_step_on is known` was not true for 2 days 2 hours");
  EXPECT_EQ(text({Ground::too_few, {}, {}, 12, 20}), "12 of the 20 that the rule asks for before it judges");
}

TEST(Reasons, CountProgressInTheUnitOfTheComparison) {
  const Sample s;
  const Reason count{Ground::progress, {}, {}, 3'000'000, 8'000'000};
  EXPECT_EQ(reason_text(s.input(), count, Verdict::due), "3 so far, 8 asked");
  EXPECT_EQ(reason_text(s.input(), count, Verdict::missed), "3 by then, 8 asked");
  const Reason share{Ground::progress, s.share, {}, 125'000, 600'000};
  EXPECT_EQ(reason_text(s.input(), share, Verdict::due), "12.5% so far, 60% asked");
}

TEST(Reasons, HaveWordsForEveryGround) {
  const Sample s;
  for (int ground = 0; ground <= static_cast<int>(Ground::unknown_process); ++ground) {
    // That a fact has a date alone is said of an event, or of a row that there is.
    const Id<model::Event> event = static_cast<Ground>(ground) == Ground::day_only ? s.held : Id<model::Event>();
    const std::string text = reason_text(s.input(), {static_cast<Ground>(ground), {}, event, -1, -1}, Verdict::missed);
    EXPECT_FALSE(text.empty()) << ground;
    EXPECT_NE(text.back(), '.') << ground;
  }
}

TEST(Facts, AreNamedWithWhatSuppliesThem) {
  const Sample s;
  const Input input = s.input();
  const Fact field{FactKind::deal_field, s.next_step_on, {}};
  EXPECT_EQ(fact_text(input, field), "next_step_on");
  EXPECT_EQ(fact_source(input, field), "deals.csv column `next step`");
  const Fact event{FactKind::event, {}, s.held};
  EXPECT_EQ(fact_text(input, event), "whether held_meeting happened");
  EXPECT_EQ(fact_source(input, event), "events.csv");
  EXPECT_EQ(fact_text(input, {FactKind::event_time, {}, s.enters}), "when `enters proposal` happened");
  EXPECT_EQ(fact_text(input, {FactKind::attribute, s.goal, {}}), "goal of meeting");
  EXPECT_EQ(fact_text(input, {FactKind::recorded, s.goal, {}}), "when goal of meeting was recorded");
}

TEST(Facts, HaveNoSourceWhereNoFileHasOne) {
  const Sample s;
  EXPECT_EQ(fact_source(s.input(), {FactKind::attribute, s.goal, {}}), "");
  EXPECT_EQ(fact_source(s.input(), {FactKind::recorded, s.next_step_on, {}}), "");
  EXPECT_EQ(fact_source(s.input(), {FactKind::stage, {}, {}}), "");
}

TEST(Facts, PreferTheSourceOfTheOneActivity) {
  Sample s;
  s.history.supplier["goal"] = "other.csv column `goal`";
  s.history.supplier["meeting.goal"] = "events.csv column `goal`";
  EXPECT_EQ(fact_source(s.input(), {FactKind::attribute, s.goal, {}}), "events.csv column `goal`");
}

TEST(Evidence, PointsAtFileAndLine) {
  const Sample s;
  EXPECT_EQ(where_text(evidence_row(s.input(), {false, 0})), "events.csv:12");
  EXPECT_EQ(where_text(evidence_row(s.input(), {false, 1})), "");
}

TEST(Lengths, NameTheirTwoLargestUnits) {
  EXPECT_EQ(length_text(0), "no time");
  EXPECT_EQ(length_text(1), "less than a second");
  EXPECT_EQ(length_text(hour / 60), "1 minute");
  EXPECT_EQ(length_text(49 * hour + 1), "2 days 1 hour");
  EXPECT_EQ(length_text(48 * hour + 5'000'000), "2 days");
}

TEST(Numbers, AreGrouped) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(999), "999");
  EXPECT_EQ(number_text(1'234'567), "1,234,567");
  EXPECT_EQ(count_text(1, "deal", "deals"), "1 deal");
  EXPECT_EQ(count_text(1000, "deal", "deals"), "1,000 deals");
}

}  // namespace
}  // namespace plumb::report
