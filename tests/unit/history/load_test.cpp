#include "history/load.h"

#include "folder.h"

namespace plumb::history {
namespace {

TEST(Load, TheCanonicalFolderAsAWhole) {
  Folder folder;
  folder
      .with("deals.csv",
            "deal,created,recorded,account,owner,amount,segment,close_date,amount.recorded,unknown column\n"
            "D2,2026-03-01T09:00:00Z,,Globex,ana,20000 USD,SMB,2026-06-30,2026-03-02T08:00:00Z,x\n"
            "D1,2026-03-02,2026-03-03T10:00:00Z,,max,,,,,y\n")
      .with("events.csv",
            "deal,at,recorded,kind,name,from,to,actor,source,sequence,goal,goal.recorded,new_deals\n"
            "D2,2026-03-02T09:00:00+01:00,,move,,lead,prospecting,ana,,,,,\n"
            "D2,2026-03-03T10:00:00Z,2026-03-03T12:00:00Z,activity,meeting,,,ana,buyer,,agree_problem,2026-03-02T17:00:"
            "00Z,\n"
            "D2,2026-03-04T10:00:00Z,,change,amount,20000 USD,EUR 15000.5,,,,,,\n"
            "D2,2026-03-04T10:00:00Z,,change,owner,ana,zoe,,,,,,\n"
            "D1,,,activity,call,,,,,,,,\n"
            "D1,2026-03-05T10:00:00Z,,record,report,,,max,,,,,3\n"
            "D1,2026-03-05T10:00:00Z,,activity,lunch,,,max,,,,,\n")
      .with("people.csv",
            "person,from,joined,left,role,team,manager\n"
            "ana,,2020-01-01,,rep,north,max\n"
            "ana,2026-03-01,,2026-12-31,rep,south,max\n")
      .with("leave.csv", "person,from,to\nana,2026-03-10,2026-03-12\n")
      .with("records.csv", "person,name,at,recorded,actor,new_deals\nana,report,2026-03-09T16:00:00Z,,ana,4\n")
      .with("accounts.csv", "account,industry\nGlobex,steel\n")
      .with("coverage.csv", "what,from,until\neverything,2026-01-01,\nmeeting,2026-02-01T00:00:00Z,2026-06-01\n");
  const Loaded loaded = load_well(folder, canonical_mapping(), acme());
  EXPECT_EQ(dump(loaded.history),
            "account Globex industry=steel\n"
            "deal D1 amount=-@2026-03-03T10:00:00Z segment=- close_date=- share=? signed=? seen=? owner=max\n"
            "  unknown call recorded unknown\n"
            "  2026-03-02T00:00:00Z (day) created recorded 2026-03-03T10:00:00Z\n"
            "  2026-03-05T10:00:00Z report new_deals=3 by max recorded 2026-03-05T10:00:00Z\n"
            "deal D2 amount=20,000 USD@2026-03-02T08:00:00Z segment=smb close_date=2026-06-30 share=? signed=? seen=? "
            "owner=ana of Globex\n"
            "  2026-03-01T09:00:00Z created recorded 2026-03-01T09:00:00Z\n"
            "  2026-03-02T08:00:00Z moved from=lead to=prospecting by ana recorded 2026-03-02T08:00:00Z\n"
            "  2026-03-03T10:00:00Z meeting goal=agree_problem@2026-03-02T17:00:00Z held=? by ana source 3 "
            "recorded 2026-03-03T12:00:00Z\n"
            "  2026-03-04T10:00:00Z amount from=20,000 USD to=15,000.5 EUR recorded 2026-03-04T10:00:00Z\n"
            "  2026-03-04T10:00:00Z owner from=ana to=zoe recorded 2026-03-04T10:00:00Z\n"
            "person ana joined 2020-01-01 left 2026-12-31\n"
            "  from unknown role=rep workload=? team=north manager=max\n"
            "  from 2026-03-01 role=rep workload=? team=south manager=max\n"
            "  2026-03-09T16:00:00Z report new_deals=4 by ana recorded 2026-03-09T16:00:00Z\n"
            "person max joined unknown left unknown\n"
            "person zoe joined unknown left unknown\n"
            "leave 0 2026-03-10 2026-03-12\n");
  EXPECT_EQ(problems_of(loaded), Lines{"events.csv:8 the rulebook declares no activity `lunch` (1 row ignored)"});
  const History& history = loaded.history;
  EXPECT_EQ(time::to_text_utc(history.coverage.at("amount").from), "2026-01-01T00:00:00Z");
  EXPECT_EQ(history.coverage.at("amount").until, Instant::max());
  EXPECT_EQ(time::to_text_utc(history.coverage.at("meeting").until), "2026-06-01T00:00:00Z");
  EXPECT_EQ(history.supplier.at("goal"), "events.csv column `goal`");
  EXPECT_EQ(history.supplier.at("meeting.goal"), "events.csv column `goal`");
  EXPECT_EQ(history.supplier.at("stage"), "events.csv column `to`");
  EXPECT_EQ(history.supplier.at("created"), "deals.csv column `created`");
  EXPECT_EQ(history.supplier.at("amount"), "deals.csv column `amount`");
  EXPECT_EQ(history.supplier.at("team"), "people.csv column `team`");
  EXPECT_EQ(history.supplier.count("share"), 1u) << "a change may name it";
  const auto& events = loaded.report.files[4];
  EXPECT_EQ(events.path, "events.csv");
  EXPECT_EQ(events.ignored, 1u) << "nobody declares lunch";
  EXPECT_EQ(events.used, 6u);
  const Origin origin = history.deal_events.origin[history.deal_events.first[1] + 1];
  EXPECT_EQ(history.files[origin.file], "events.csv");
  EXPECT_EQ(origin.line, 2u);
}

TEST(Load, OnlyDealsMustBeThere) {
  Folder folder;
  folder.with("deals.csv", "deal,created\nD1,2026-03-01\n");
  EXPECT_EQ(load_well(folder, canonical_mapping(), {}).history.deals.size(), 1u);
  Folder none;
  none.with("dealz.csv", "deal,created\n");
  EXPECT_EQ(mapping_problems_of(none, canonical_mapping(), {}),
            Lines{"the history has no file `deals.csv` | did you mean `dealz.csv`? it holds `dealz.csv`"});
}

TEST(Load, AHeaderAloneIsAnEmptyHistory) {
  Folder folder;
  folder.with("deals.csv", "deal,created").with("events.csv", "deal,at,kind\n");
  const Loaded loaded = load_well(folder, canonical_mapping(), acme());
  EXPECT_EQ(loaded.history.deals.size(), 0u);
  EXPECT_EQ(loaded.history.deal_events.first, Array<std::uint32_t>{0});
  EXPECT_FALSE(loaded.history.extent.last.known());
}

TEST(LoadRows, IdenticalRowsAreOneAndOthersAreRefused) {
  Folder folder;
  folder
      .with("deals.csv",
            "deal,created,amount\n"
            "D1,2026-03-01,5 USD\n"
            "D1,2026-03-01,\"5.00 USD\"\n"
            "D1,2026-03-01,6 USD\n"
            "D1,2026-03-02,5 USD\n"
            ",2026-03-02,5 USD\n")
      .with("events.csv",
            "deal,at,kind,name,goal,actor\n"
            "D1,2026-03-05,activity,meeting,x,ana\n"
            "D1,2026-03-05,activity,meeting,x,ana\n"
            "D1,2026-03-05T00:00:00Z,activity,meeting,x,ana\n"
            "D1,2026-03-05,activity,meeting,x,max\n"
            "D9,2026-03-05,activity,meeting,x,ana\n"
            "D1,2026-03-05,party,meeting,x,ana\n"
            "D1,2026-03-05,activity,,x,ana\n"
            "D1,2026-03-05,move,,x,ana\n")
      .with("accounts.csv", "account,industry\nA,x\nA,x\nA,y\n")
      .with("people.csv", "person,from,team\nana,,a\nana,,a\nana,,b\n");
  const Loaded loaded = load_well(folder, canonical_mapping(), acme());
  EXPECT_EQ(problems_of(loaded),
            (Lines{"accounts.csv:4! account `A` already stands at accounts.csv:2 with other values",
                   "people.csv:4! `ana` already stands at people.csv:2 with other values",
                   "deals.csv:4! deal `D1` already stands at deals.csv:2 with other values",
                   "deals.csv:5! deal `D1` already stands at deals.csv:2 with other values",
                   "deals.csv:6! column `deal` is empty, and the row does not say which deal it is about",
                   "events.csv:6! no row says that there is a deal `D9`",
                   "events.csv:7! `party` is no kind of row that this file may have: it has `move`, `change`, "
                   "`activity`, `record`",
                   "events.csv:8! column `name` is empty",
                   "events.csv:9! the mapping does not say to which stage a move goes"}));
  const FileReport& deals = loaded.report.files[2];
  EXPECT_EQ(deals.used, 1u);
  EXPECT_EQ(deals.merged, 1u);
  EXPECT_EQ(deals.refused, 3u);
  const FileReport& events = loaded.report.files[3];
  EXPECT_EQ(events.used, 3u);
  EXPECT_EQ(events.merged, 1u);
  EXPECT_EQ(events.refused, 4u);
  EXPECT_EQ(loaded.history.deal_events.size(), 4u);
  EXPECT_EQ(loaded.history.people.names.size(), 2u);
  EXPECT_EQ(loaded.report.problem_count, 9u);
}

TEST(LoadRows, RowsThatHaveNotTheHeadersShapeAreRefused) {
  Folder folder;
  folder.with("deals.csv",
              "deal,created,segment\n"
              "D1,2026-03-01\n"
              "\"D2\nx\",2026-03-01,smb,more\n"
              "D3,\"2026-03-01\"x,smb\n"
              "\n"
              "D4,2026-03-01,smb\n"
              "D5,2026-03-01,\"smb\n"
              "D6,2026-03-01,smb\n");
  const Loaded loaded = load_well(folder, canonical_mapping(), acme());
  EXPECT_EQ(
      problems_of(loaded),
      (Lines{"deals.csv:2! the row has 2 cells, and the header 3", "deals.csv:3! the row has 4 cells, and the header 3",
             "deals.csv:5! text follows a closing quote; a quote inside a quoted cell is written twice",
             "deals.csv:8! a quote that opens in this row is never closed; the rest of the file is in it"}));
  EXPECT_EQ(loaded.history.deals.size(), 1u);
  EXPECT_EQ(loaded.report.files[0].rows, 5u);
}

TEST(LoadRows, TheFirstProblemsAreKeptAndAllAreCounted) {
  Folder folder;
  std::string deals = "deal,created\n", events = "deal,at,kind,name\n";
  for (int i = 0; i < 50; ++i) events += "D9,2026-03-01,activity,call\n,2026-03-01,activity,call\n";
  folder.with("deals.csv", deals).with("events.csv", events);
  LoadOptions options;
  options.max_problems = 5;
  const Loaded loaded = load_well(folder, canonical_mapping(), acme(), options);
  EXPECT_EQ(loaded.report.problem_count, 100u);
  ASSERT_EQ(loaded.report.problems.size(), 5u);
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(loaded.report.problems[i].line, i + 2);
  options.max_problems = 0;
  EXPECT_EQ(load_well(folder, canonical_mapping(), acme(), options).report.problems.size(), 0u);
}

TEST(LoadPeople, StrangersArePeopleOnlyWhereTheMappingSaysSo) {
  Folder folder;
  folder.with("deals.csv", "deal,created,owner\nD1,2026-03-01,zoe\n")
      .with("events.csv",
            "deal,at,kind,name,actor\nD1,2026-03-02,activity,call,max\nD1,2026-03-03,activity,call,max\n"
            "D1,2026-03-03,activity,call,\n")
      .with("people.csv", "person,from,manager\nana,,eva\n")
      .with("leave.csv", "person,from,to\nbob,2026-03-02,\nana,2026-03-05,2026-03-04\n")
      .with("records.csv", "person,name,at\ncarl,report,2026-03-02\n");
  Mapping mapping = canonical_mapping();
  mapping.unnamed_actor = "nobody in particular";
  Loaded loaded = load_well(folder, mapping, acme());
  Lines names;
  for (std::uint32_t id : loaded.history.people.names.ids) names.emplace_back(loaded.history.words[id]);
  EXPECT_EQ(names, (Lines{"ana", "bob", "carl", "eva", "max", "nobody in particular", "zoe"}));
  EXPECT_EQ(problems_of(loaded), Lines{"leave.csv:3! the leave ends on 2026-03-04, before it begins on 2026-03-05"});
  ASSERT_EQ(loaded.history.people.leave.size(), 1u);
  EXPECT_EQ(time::to_text(loaded.history.people.leave[0].to), "2200-12-31");

  mapping.actors_are_people = false;
  loaded = load_well(folder, mapping, acme());
  names.clear();
  for (std::uint32_t id : loaded.history.people.names.ids) names.emplace_back(loaded.history.words[id]);
  EXPECT_EQ(names, (Lines{"ana", "nobody in particular"}));
  EXPECT_EQ(problems_of(loaded),
            (Lines{"people.csv:2 `eva` manages somebody here, and no row says that this is a person",
                   "leave.csv:2! no row says that `bob` is a person",
                   "leave.csv:3! the leave ends on 2026-03-04, before it begins on 2026-03-05",
                   "deals.csv:2 `zoe` owns this deal, and no row says that this is a person",
                   "events.csv:2 `max` acts here, and no row says that this is a person",
                   "records.csv:2! no row says that `carl` is a person"}));
  EXPECT_EQ(loaded.history.deal_events.size(), 4u);
  EXPECT_EQ(loaded.history.person_events.size(), 0u);
}

TEST(LoadPeople, TheDayOfJoiningAndLeavingIsTheLastThatIsSaid) {
  Folder folder;
  folder.with("deals.csv", "deal,created\n")
      .with("people.csv",
            "person,from,joined,left\nana,2026-02-01,2020-01-01,2026-05-01\nana,,2020-01-01,2026-04-01\nana,x,,\n");
  const Loaded loaded = load_well(folder, canonical_mapping(), acme());
  EXPECT_EQ(day_text(loaded.history.people.left[0]), "2026-05-01");
  EXPECT_EQ(problems_of(loaded),
            (Lines{"people.csv:2 `ana` left on 2026-05-01 here and on 2026-04-01 in an earlier row; this one counts",
                   "people.csv:4! column `from`: `x` is not a date such as 2026-05-25"}));
}

std::string failure_of(const std::string& path, const Mapping& mapping = canonical_mapping()) {
  const Result<Loaded> loaded = load(path, mapping, acme(), {});
  return loaded ? "no failure" : loaded.error();
}

TEST(LoadDisk, WhatCannotBeReadIsSaid) {
  Folder folder;
  folder.with("file.csv", "x\n");
  EXPECT_EQ(failure_of(folder.path("nowhere")), "there is no folder `" + folder.path("nowhere") + "`");
  EXPECT_EQ(failure_of(folder.path("file.csv")),
            "`" + folder.path("file.csv") + "` is a file; a history is a folder of CSV files");
  std::filesystem::create_directory(folder.path("deals.csv"));
  EXPECT_EQ(failure_of(folder.path()), "`deals.csv` is a folder, not a CSV file");
  Folder binary;
  binary.with("deals.csv", std::string_view("deal,created\n\0\1\2", 16));
  EXPECT_EQ(failure_of(binary.path()),
            "`deals.csv` is no text that can be read: line 2 holds a NUL byte, as in a file that is damaged or was "
            "copied in part; export it again");
}

TEST(LoadDisk, AHeaderOfTenMegabytesIsShownShort) {
  Folder folder;
  folder.with("deals.csv", std::string(10'000'000, 'x'));
  const Lines problems = mapping_problems_of(folder, canonical_mapping(), acme());
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_LT(problems[0].size(), 300u);
}

}  // namespace
}  // namespace plumb::history
