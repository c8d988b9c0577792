#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "report/report.h"
#include "unit/report/sample.h"

namespace plumb::report {
namespace {

using eval::Fact;
using eval::FactKind;
using eval::Ground;
using eval::Verdict;

Sample two_rows() {
  Sample s;
  Obligation missed;
  missed.owed_by = Sample::ana;
  missed.verdict = Verdict::missed;
  missed.opened = at(2026, 3, 3, 10);
  missed.deadline = missed.settled = at(2026, 3, 6);
  missed.reasons = {{Ground::fails, s.next_step_known, {}, 0, 0}};
  missed.evidence = {{false, 0}, {false, 1}};
  s.add(missed);
  Obligation untold;
  untold.rule = Sample::report;
  untold.verdict = Verdict::cannot_tell;
  untold.deadline = time::Instant::max();
  untold.period = {at(2026, 3, 2), at(2026, 3, 9)};
  untold.facts = {{FactKind::deal_field, s.next_step_on, {}}, {FactKind::attribute, s.goal, {}}};
  s.add(untold);
  return s;
}

std::vector<nlohmann::json> objects(const std::string& lines) {
  std::vector<nlohmann::json> found;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) found.push_back(nlohmann::json::parse(line));
  return found;
}

TEST(JsonLines, SayEverythingOfAnObligation) {
  const Sample s = two_rows();
  const std::string lines = json_lines(s.input());
  EXPECT_EQ(lines.substr(0, lines.find('\n')),
            R"({"rule":"agreed_next_step","subject":"D1","owed_by":"ana","right":"time",)"
            R"("opened":"2026-03-03T10:00:00Z","deadline":"2026-03-06T00:00:00Z","verdict":"missed",)"
            R"("settled":"2026-03-06T00:00:00Z","period":null,"reasons":["`next_step_on is known` was not true"],)"
            R"("missing":[],"evidence":[{"at":"2026-03-03T10:00:00Z","kind":"meeting","where":"events.csv:12"},)"
            R"({"at":null,"kind":"created","where":null}]})");
}

TEST(JsonLines, AreNullWhereNothingIsKnown) {
  const Sample s = two_rows();
  const auto row = objects(json_lines(s.input())).at(1);
  EXPECT_EQ(row["subject"], "north");
  EXPECT_EQ(row["verdict"], "cannot tell");
  EXPECT_TRUE(row["owed_by"].is_null());
  EXPECT_TRUE(row["opened"].is_null());
  EXPECT_TRUE(row["deadline"].is_null());
  EXPECT_TRUE(row["settled"].is_null());
  EXPECT_EQ(row["period"]["name"], "2026-W10");
  EXPECT_EQ(row["period"]["until"], "2026-03-09T00:00:00Z");
  EXPECT_EQ(row["missing"][0]["from"], "deals.csv column `next step`");
  EXPECT_EQ(row["missing"][1]["fact"], "goal of meeting");
  EXPECT_TRUE(row["missing"][1]["from"].is_null());
}

TEST(JsonLines, StayOneLineEachWhateverTheNames) {
  Sample s = two_rows();
  s.history.deals.ids[0] = s.history.words.add("a\nb\"\\\xff");
  const auto rows = objects(json_lines(s.input()));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["subject"], "a\nb\"\\\xEF\xBF\xBD");
}

TEST(JsonLines, AreOfOneRuleWhereOneIsAsked) {
  const Sample s = two_rows();
  Input input = s.input();
  input.only_rule = "weekly_report";
  const auto rows = objects(json_lines(input));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["rule"], "weekly_report");
}

TEST(JsonSummary, CountsEachRuleInTheOrderOfTheRulebook) {
  const Sample s = two_rows();
  EXPECT_EQ(
      json_summary(s.input()),
      R"({"rules":[)"
      R"({"rule":"agreed_next_step","kept":0,"late":0,"missed":1,"due":0,"excused":0,"cannot_tell":0},)"
      R"({"rule":"phone_first","strength":"should","kept":0,"late":0,"missed":0,"due":0,"excused":0,"cannot_tell":0},)"
      R"({"rule":"weekly_report","kept":0,"late":0,"missed":0,"due":0,"excused":0,"cannot_tell":1},)"
      R"({"rule":"new_business.needs.to_enter","kept":0,"late":0,"missed":0,"due":0,"excused":0,"cannot_tell":0})"
      "]}\n");
}

TEST(JsonSummary, OfNothingIsStillAnObject) {
  Sample s;
  s.rulebook.rules.clear();
  EXPECT_EQ(json_summary(s.input()), "{\"rules\":[]}\n");
}

TEST(Csv, HasTheColumnsOfTheJson) {
  const Sample s = two_rows();
  EXPECT_EQ(csv(s.input()),
            "rule,subject,owed_by,right,opened,deadline,verdict,settled,period,reasons,missing,evidence,strength\r\n"
            "agreed_next_step,D1,ana,time,2026-03-03T10:00:00Z,2026-03-06T00:00:00Z,missed,2026-03-06T00:00:00Z,,"
            "`next_step_on is known` was not true,,2026-03-03T10:00:00Z meeting events.csv:12; created,must\r\n"
            "weekly_report,north,,time,,,cannot tell,,2026-W10,,"
            "next_step_on (deals.csv column `next step`); goal of meeting (no file says it; a column `goal` of "
            "events.csv would),,must\r\n");
}

TEST(Csv, SummaryCounts) {
  const Sample s = two_rows();
  Input input = s.input();
  input.only_rule = "agreed_next_step";
  EXPECT_EQ(csv_summary(input),
            "rule,kept,late,missed,due,excused,cannot_tell,strength\r\nagreed_next_step,0,0,1,0,0,0,must\r\n");
}

}  // namespace
}  // namespace plumb::report
