#include <gtest/gtest.h>

#include <algorithm>

#include "report/report.h"
#include "unit/report/sample.h"

namespace plumb::report {
namespace {

using eval::FactKind;
using eval::Ground;
using eval::Verdict;

Obligation not_kept(std::uint32_t rule, std::uint32_t subject, std::uint32_t owed_by, time::Instant settled) {
  Obligation o;
  o.rule = rule;
  o.subject = subject;
  o.owed_by = owed_by;
  o.verdict = Verdict::missed;
  o.opened = o.deadline = o.settled = settled;
  return o;
}

Obligation due(std::uint32_t subject, time::Instant deadline) {
  Obligation o;
  o.subject = subject;
  o.owed_by = Sample::ben;
  o.verdict = Verdict::due;
  o.deadline = deadline;
  return o;
}

bool has(const std::string& page, std::string_view words) { return page.find(words) != std::string::npos; }

/// What stands under a heading.
std::string part(const std::string& page, const std::string& heading) {
  const std::size_t begin = page.find(heading + "\n");
  EXPECT_NE(begin, std::string::npos) << heading << "\n" << page;
  if (begin == std::string::npos) return {};
  // The next heading is the next line that begins with a letter.
  std::size_t end = page.find('\n', begin) + 1;
  while (end < page.size() && (page[end] == ' ' || page[end] == '\n')) end = page.find('\n', end) + 1;
  return page.substr(begin, end - begin);
}

constexpr const char* help = "Who needs help, with what";

TEST(Human, AnswersInOneOrder) {
  const Sample s;
  const std::string page = human(s.input(), false);
  std::size_t last = 0;
  for (const char* heading : {"How Acme sells", "What we expect of each other", "What is due next", help,
                              "Missed and late, newest first", "What cannot be told, and what would tell it"}) {
    const std::size_t found = page.find(heading);
    ASSERT_NE(found, std::string::npos) << heading;
    EXPECT_GE(found, last) << heading;
    last = found;
  }
  EXPECT_TRUE(has(page, "acme.sales 1.2.0, from rules.plumb"));
}

TEST(Human, SaysWhichClockSetTheHorizon) {
  Sample s;
  EXPECT_TRUE(has(human(s.input(), false), "As of the end of Mon 30 Mar 2026, UTC: as asked"));
  Input input = s.input();
  input.as_of_from_history = true;
  EXPECT_TRUE(has(human(input, false), "As of the end of Mon 30 Mar 2026, UTC: just after the history's last event"));
  s.evaluation.horizon_from = eval::HorizonFrom::complete_until;
  EXPECT_TRUE(has(human(s.input(), false), "the history is complete until then"));
}

TEST(Human, SaysEachRuleInOneSentenceWithItsCounts) {
  Sample s;
  s.add(not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 6)));
  Obligation kept;
  kept.owed_by = Sample::ana;
  s.add(kept);
  const std::string rules = part(human(s.input(), false), "What we expect of each other");
  EXPECT_TRUE(has(rules,
                  "  A next step is agreed\n"
                  "    agreed_next_step: must, right time\n"
                  "    After each held_meeting, next_step_on is known within 2 business days.\n"
                  "    asked 2 times: 1 kept, 1 missed\n"));
  EXPECT_TRUE(has(rules, "phone_first: should, right way (shown beside, counts for nothing)\n"));
  EXPECT_TRUE(has(rules, "nothing in this history asked for it"));
}

TEST(Human, ListsTheSoonestDeadlineFirst) {
  Sample s;
  s.add(due(0, at(2026, 4, 9)));
  s.add(due(1, time::Instant{at(2026, 4, 2, 16, 30).micros + 12'345'678}));
  s.add(due(2, time::Instant::max()));
  const std::string next = part(human(s.input(), false), "What is due next");
  // A deadline at midnight is the end of the day before.
  EXPECT_TRUE(has(next,
                  "by the end of Wed 8 Apr 2026: D1, owed by ben\n"
                  "    agreed_next_step is kept by: next_step_on is known\n"));
  EXPECT_LT(next.find("by Thu 2 Apr 2026 16:30: D2"), next.find("by the end of Wed 8 Apr"));
  EXPECT_TRUE(has(next, "1 expectation is without a date"));
}

TEST(Human, ShowsFifteenThatAreDueAndCountsTheRest) {
  Sample s;
  for (int day = 1; day <= 18; ++day) s.add(due(0, at(2026, 4, day)));
  const std::string next = part(human(s.input(), false), "What is due next");
  EXPECT_TRUE(has(next, "Tue 14 Apr"));
  EXPECT_FALSE(has(next, "Wed 15 Apr"));
  EXPECT_TRUE(has(next, "and 3 more, due then or later"));
}

TEST(Human, ShowsHowFarAQuotaIs) {
  Sample s;
  Obligation quota = due(0, at(2026, 4, 9));
  quota.rule = Sample::report;
  quota.reasons = {{Ground::progress, {}, {}, 1'000'000, 3'000'000}};
  s.add(quota);
  EXPECT_TRUE(has(human(s.input(), false), "weekly_report is kept by: held_meeting (1 so far, 3 asked)"));
}

TEST(Help, NamesPeopleByNameWhateverTheirNumbers) {
  Sample s;
  for (int day = 1; day < 9; ++day) s.add(not_kept(Sample::next_step, 0, Sample::zoe, at(2026, 3, day)));
  s.add(not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 9)));
  const std::string list = part(human(s.input(), false), help);
  EXPECT_LT(list.find("ana"), list.find("zoe"));
  EXPECT_TRUE(has(list, "  ana\n    help with the right time: agreed_next_step (1 of 1)\n"));
  EXPECT_TRUE(has(list, "agreed_next_step: Agree the date with the buyer. By the owner, within 2 business days."));
}

TEST(Help, IsNotForWhoOnlyMissedWhatCountsForNothing) {
  Sample s;
  s.add(not_kept(Sample::phone, Sample::ben, Sample::ben, at(2026, 3, 9)));
  EXPECT_TRUE(has(part(human(s.input(), false), help), "Nobody"));
  s.add(not_kept(Sample::next_step, 0, Sample::ben, at(2026, 3, 9)));
  EXPECT_TRUE(
      has(part(human(s.input(), false), help), "beside, and counting for nothing: phone_first (1 of 1, a should)"));
}

TEST(Help, CountsLateAndLeavesOutWhatNobodyOwed) {
  Sample s;
  Obligation late = not_kept(Sample::way, 0, Sample::ana, at(2026, 3, 9));
  late.verdict = Verdict::late;
  s.add(late);
  s.add(not_kept(Sample::next_step, 0, eval::nobody, at(2026, 3, 9)));
  const std::string list = part(human(s.input(), false), help);
  EXPECT_TRUE(has(list, "help with the process: new_business.needs.to_enter (1 of 1)"));
  EXPECT_TRUE(has(list, "1 time something was not as agreed, and the data does not say who owed it"));
}

TEST(NotKept, StandsNewestFirstWithReasonAndPlace) {
  Sample s;
  Obligation old = not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 6, 8));
  old.reasons = {{Ground::fails, s.next_step_known, {}, 0, 0}};
  old.evidence = {{false, 0}};
  s.add(old);
  s.add(not_kept(Sample::next_step, 1, Sample::ana, at(2026, 3, 9, 8)));
  const std::string list = part(human(s.input(), false), "Missed and late, newest first");
  EXPECT_LT(list.find("D2"), list.find("D1"));
  EXPECT_TRUE(has(list,
                  "Fri 6 Mar 2026: missed, agreed_next_step: D1, owed by ana\n"
                  "    `next_step_on is known` was not true (meeting Tue 3 Mar 2026 10:00, events.csv:12)\n"));
}

TEST(NotKept, SaysNothingTwice) {
  Sample s;
  Obligation lapsed = not_kept(Sample::phone, Sample::ana, Sample::ana, at(2026, 3, 6, 8));
  lapsed.reasons = {{Ground::fails, s.next_step_known, {}, 0, 0},
                    {Ground::lapse, s.next_step_known, {}, 3 * time::micros_per_hour, 0}};
  s.add(lapsed);
  EXPECT_TRUE(has(human(s.input(), false),
                  "Fri 6 Mar 2026: missed, phone_first (should): ana\n"
                  "    `next_step_on is known` was not true for 3 hours\n"));
}

TEST(NotKept, LeavesOutWhatWasAsItShouldBe) {
  Sample s;
  Obligation late = not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 6, 8));
  late.verdict = Verdict::late;
  late.reasons = {{Ground::holds, s.next_step_known, {}, 0, 0},
                  {Ground::happened_late, {}, {}, 3 * time::micros_per_hour, 0}};
  s.add(late);
  EXPECT_TRUE(has(human(s.input(), false), "owed by ana\n    it was done 3 hours after the deadline\n"));
}

TEST(NotKept, SaysWhereADealMovedTo) {
  Sample s;
  Obligation moved = not_kept(Sample::way, 0, Sample::ana, at(2026, 3, 6, 8));
  moved.evidence = {{false, 2}};
  s.add(moved);
  moved.evidence = {{false, 3}};
  s.add(moved);
  const std::string page = human(s.input(), false);
  // The first has a date without a time of day, the second does not say where it went.
  EXPECT_TRUE(has(page, "(moved to proposal Wed 4 Mar 2026, events.csv:13)"));
  EXPECT_TRUE(has(page, "(moved Thu 5 Mar 2026 00:00, events.csv:14)"));
}

TEST(NotKept, CountsTheDealsOnTrack) {
  Sample s;
  s.add(not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 6)));
  Obligation kept;
  kept.subject = 1;
  s.add(kept);
  kept.subject = 0;
  s.add(kept);
  EXPECT_TRUE(has(human(s.input(), false), "On track, with nothing missed or late: 1 of 2 deals"));
}

TEST(NotKept, IsLimited) {
  Sample s;
  for (int i = 0; i < 50; ++i) s.add(not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 6)));
  EXPECT_TRUE(has(human(s.input(), false), "and 30 earlier"));
}

TEST(CannotTell, IsGroupedByTheFactThatWouldTell) {
  Sample s;
  Obligation untold;
  untold.verdict = Verdict::cannot_tell;
  // One verdict that misses the same fact twice waits for it once.
  untold.facts = {{FactKind::deal_field, s.next_step_on, {}}, {FactKind::deal_field, s.next_step_on, {}}};
  s.add(untold);
  untold.rule = Sample::way;
  untold.facts = {{FactKind::deal_field, s.next_step_on, {}}, {FactKind::attribute, s.goal, {}}};
  s.add(untold);
  const std::string list = part(human(s.input(), false), "What cannot be told, and what would tell it");
  EXPECT_TRUE(has(list,
                  "  next_step_on: 2 verdicts wait for it\n"
                  "    it would stand in deals.csv column `next step`\n"
                  "    asked by agreed_next_step (1), new_business.needs.to_enter (1)\n"));
  EXPECT_TRUE(has(list, "goal of meeting: 1 verdict waits for it\n    no file says it; a column `goal` of events.csv would\n"));
}

TEST(CannotTell, SaysTooFewOnceForARule) {
  Sample s;
  Obligation untold;
  untold.rule = Sample::phone;
  untold.verdict = Verdict::cannot_tell;
  for (int cases = 1; cases < 4; ++cases) {
    untold.reasons = {{Ground::too_few, {}, {}, cases, 20}};
    s.add(untold);
  }
  EXPECT_TRUE(
      has(human(s.input(), false), "phone_first, 3 times: fewer than the 20 that the rule asks for before it judges"));
}

TEST(Human, ColoursOnlyOnRequestAndLetsNobodyElse) {
  Sample s;
  s.history.deals.ids[0] = s.history.words.add("D1\x1b[2J");
  s.add(not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 6)));
  EXPECT_FALSE(has(human(s.input(), false), "\x1b"));
  EXPECT_TRUE(has(human(s.input(), true), "\x1b[31mmissed"));
  EXPECT_FALSE(has(human(s.input(), true), "\x1b[2J"));
}

TEST(Human, KeepsToAHundredColumns) {
  Sample s;
  for (int i = 0; i < 40; ++i) s.rulebook.rules[0].sentence += " and so on";
  const std::string page = human(s.input(), false);
  for (std::size_t from = 0, to = 0; (to = page.find('\n', from)) != std::string::npos; from = to + 1) {
    EXPECT_LE(to - from, 100U) << page.substr(from, to - from);
  }
}

TEST(HumanSummary, AlignsTheCounts) {
  Sample s;
  s.add(not_kept(Sample::next_step, 0, Sample::ana, at(2026, 3, 6)));
  Input input = s.input();
  input.only_rule = "agreed_next_step";
  EXPECT_TRUE(has(human_summary(input, false),
                  "  rule              kept  late  missed  due  excused  cannot tell\n"
                  "  agreed_next_step     0     0       1    0        0            0\n"));
}

TEST(Human, ReadsAHistoryOfNothing) {
  Sample s;
  s.history = history::History();
  s.rulebook.rules.clear();
  const std::string page = human(s.input(), false);
  EXPECT_TRUE(has(page, "0 deals, 0 people, 0 events\n"));
  EXPECT_TRUE(has(page, "This rulebook has no rule."));
  EXPECT_TRUE(has(page, "Nothing has a date that is still ahead."));
}

}  // namespace
}  // namespace plumb::report
