#include "history/load.h"

#include <algorithm>
#include <random>

#include "folder.h"

namespace plumb::history {
namespace {

Lines order_of(std::string_view events, const Mapping& mapping = canonical_mapping()) {
  Folder folder;
  folder.with("deals.csv", "deal,created\nD1,2026-03-01T09:00:00Z\n")
      .with("events.csv", std::string("deal,at,kind,name,from,to,sequence,goal\n").append(events));
  const Loaded loaded = load_well(folder, mapping, acme());
  Lines result;
  const Timeline& timeline = loaded.history.deal_events;
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    const Kind& kind = loaded.history.kinds[timeline.kind[i]];
    std::string text = kind.name;
    for (const Column& column : kind.columns) {
      if (column.values[timeline.row[i]] != unobserved) text += " " + text_of(loaded.history, column, timeline.row[i]);
    }
    result.push_back(text);
  }
  return result;
}

TEST(LoadOrder, ByInstantThenClassThenText) {
  EXPECT_EQ(
      order_of("D1,2026-03-01T09:00:00Z,activity,meeting,,,,b\n"
               "D1,2026-03-01T09:00:00Z,record,report,,,,\n"
               "D1,2026-03-01T09:00:00Z,activity,meeting,,,,a\n"
               "D1,2026-03-01T09:00:00Z,move,,,lead,,\n"
               "D1,2026-03-01T09:00:00Z,change,segment,smb,enterprise,,\n"
               "D1,2026-03-01T08:59:59.999999Z,activity,call,,,,\n"
               "D1,,activity,call,,,,\n"),
      (Lines{"call", "call", "created", "segment smb enterprise", "moved - lead", "meeting a", "meeting b", "report"}));
}

TEST(LoadOrder, TheSequenceColumnStandsBeforeTheChainAndTheText) {
  EXPECT_EQ(order_of("D1,2026-03-02,activity,meeting,,,2,a\n"
                     "D1,2026-03-02,record,report,,,3,\n"
                     "D1,2026-03-02,activity,meeting,,,10,c\n"
                     "D1,2026-03-02,activity,meeting,,,,d\n"
                     "D1,2026-03-02,activity,meeting,,,1,b\n"),
            (Lines{"created", "meeting d", "meeting b", "meeting a", "report", "meeting c"}));
  EXPECT_EQ(order_of("D1,2026-03-02,move,,lead,prospecting,2,\nD1,2026-03-02,move,,prospecting,won,1,\n"),
            (Lines{"created", "moved prospecting won", "moved lead prospecting"}));
}

TEST(LoadOrder, TheFilesOrderCountsWhereTheMappingSaysSo) {
  Mapping mapping = canonical_mapping();
  for (FileSpec& file : mapping.files) {
    file.file_order_is_sequence = true;
    for (RowSpec& row : file.rows) row.sequence = {};
  }
  EXPECT_EQ(order_of("D1,2026-03-02,activity,meeting,,,,b\n"
                     "D1,2026-03-02,activity,call,,,,\n"
                     "D1,2026-03-02,activity,meeting,,,,a\n"
                     "D1,2026-03-02,activity,meeting,,,,b\n",
                     mapping),
            (Lines{"created", "meeting b", "call", "meeting a"}))
      << "the position of a row is no fact: the two identical rows are one";
}

TEST(LoadOrder, MovesOfOneInstantFollowFromOneAnother) {
  EXPECT_EQ(
      order_of("D1,2026-03-02T09:00:00Z,move,,,proposal,,\n"
               "D1,2026-03-03T09:00:00Z,move,,lead,won,,\n"
               "D1,2026-03-03T09:00:00Z,move,,prospecting,lead,,\n"
               "D1,2026-03-03T09:00:00Z,move,,proposal,prospecting,,\n"),
      (Lines{"created", "moved - proposal", "moved proposal prospecting", "moved prospecting lead", "moved lead won"}));
}

TEST(LoadOrder, ManyFactsWithoutATimeKeepTheirClasses) {
  EXPECT_EQ(order_of("D1,,move,,lead,prospecting,,\nD1,,move,,,lead,,\nD1,,change,segment,,smb,,\n"),
            (Lines{"segment smb", "moved - lead", "moved lead prospecting", "created"}));
}

TEST(LoadOrder, RowsOfDifferentIdsAreDifferentFacts) {
  Folder folder;
  folder.with("deals.csv", "deal,created\nD1,2026-03-01T09:00:00Z\n")
      .with("events.csv",
            "deal,at,kind,name,from,to,id\n"
            "D1,2026-03-02T09:00:00Z,activity,call,,,2\n"
            "D1,2026-03-02T09:00:00Z,activity,call,,,1\n"
            "D1,2026-03-02T09:00:00Z,activity,call,,,\n"
            "D1,2026-03-02T09:00:00Z,activity,call,,,1\n"
            "D1,2026-03-02T09:00:00Z,activity,meeting,,,1\n"
            "D1,2026-03-03T09:00:00Z,activity,call,,,2\n");
  const Loaded loaded = load_well(folder, canonical_mapping(), acme());
  const FileReport& file = loaded.report.files[1];
  EXPECT_EQ(std::tuple(file.used, file.merged, file.refused), std::tuple(3u, 2u, 1u));
  ASSERT_EQ(file.twins.size(), 2u);
  EXPECT_EQ(file.twins[0].line, 4u);
  EXPECT_EQ(file.twins[0].of_line, 2u);
  EXPECT_EQ(file.twins[1].line, 5u);
  EXPECT_EQ(file.twins[1].of_line, 3u);
  EXPECT_EQ(loaded.report.problems.at(0).message, "the row `2` already stands at events.csv:2 with other values");
  std::vector<std::string> ids;
  for (std::uint32_t id : loaded.history.deal_events.id) ids.emplace_back(loaded.history.words[id]);
  EXPECT_EQ(ids, (std::vector<std::string>{"", "1", "2", "1"}));
}

TEST(LoadOrder, PermutedRowsAreTheSameHistory) {
  Lines deals, events, people;
  for (int d = 0; d < 6; ++d) {
    deals.push_back(fmt::format("D{},2026-03-01T0{}:00:00Z,A{},p{},{} USD", d, d, d % 2, d % 3, d * 100));
    for (int e = 0; e < 30; ++e) {
      const std::string at = fmt::format("D{},2026-03-0{}T09:00:00Z", d, 2 + e % 3);
      events.push_back(
          fmt::format("{},activity,meeting,,,p{},{},", at, e % 4, e % 5 == 0 ? "" : fmt::format("g{}", e % 7)));
      // Some say the same as others, with an id of their own, with the same one or with none.
      events.push_back(
          fmt::format("{},activity,call,,,p{},,{}", at, e % 2, e % 3 == 0 ? "" : fmt::format("c{}", e % 12)));
    }
    const std::string at = fmt::format("D{},2026-03-05T09:00:00Z", d);
    for (const char* move :
         {"lead,prospecting", "prospecting,proposal", "proposal,prospecting", "proposal,won", ",lead"}) {
      events.push_back(fmt::format("{},move,,{},p1,,", at, move));
    }
    events.push_back(fmt::format("{},change,amount,1 USD,2 EUR,p1,,", at));
    events.push_back(fmt::format("{},change,amount,2 EUR,3 USD,p1,,", at));
    events.push_back(fmt::format("{},change,owner,p1,p{},p1,,", at, 7 + d));
    people.push_back(fmt::format("p{},2026-0{}-01,team{}", d % 3, 1 + d, d));
  }
  const auto joined = [](const std::string& header, const Lines& lines) {
    std::string text = header + "\n";
    for (const std::string& line : lines) text += line + "\n";
    return text;
  };
  std::mt19937 random(7);
  std::string first;
  std::uint64_t merged = 0;
  for (int round = 0; round < 20; ++round) {
    Folder folder;
    folder.with("deals.csv", joined("deal,created,account,owner,amount", deals))
        .with("events.csv", joined("deal,at,kind,name,from,to,actor,goal,id", events))
        .with("people.csv", joined("person,from,team", people));
    const Loaded loaded = load_well(folder, canonical_mapping(), acme());
    const std::string now = dump(loaded.history);
    if (round == 0) {
      first = now;
      merged = loaded.report.files[2].merged;
      EXPECT_GT(first.size(), 10000u);
    }
    ASSERT_EQ(now, first) << "round " << round;
    ASSERT_EQ(loaded.report.files[2].merged, merged);
    std::shuffle(deals.begin(), deals.end(), random);
    std::shuffle(events.begin(), events.end(), random);
    std::shuffle(people.begin(), people.end(), random);
  }
}

}  // namespace
}  // namespace plumb::history
