#include "history/load.h"

#include "folder.h"

namespace plumb::history {
namespace {

Mapping pipeline() {
  Mapping mapping;
  FileSpec file;
  file.path = "log.csv";
  file.delimiter = ';';
  RowSpec move;
  move.kind = RowKind::move;
  move.subject = from_column("id");
  move.at = from_column("when");
  move.at.order = time::DateOrder::day_month_year;
  move.to = from_column("status");
  move.to.rename = {{"L", "lead"}, {"P", "prospecting"}};
  RowCondition condition;
  condition.column.names = {"type"};
  condition.is_one_of = {"status", ""};
  move.when = {condition};
  RowSpec call;
  call.kind = RowKind::activity;
  call.subject = from_column("id");
  call.name = always("call");
  call.at = move.at;
  condition.is_one_of = {"note", "status", ""};
  condition.negated = true;
  call.when = {condition};
  file.rows = {move, call};
  mapping.files = {file};
  return mapping;
}

TEST(LoadMapping, RowsAreToldApartByTheirCells) {
  Folder folder;
  folder.with("log.csv",
              "ID;when;type;status\n"
              "1;25/05/2026 10:00;status;L\n"
              "1;26/05/2026;;P\n"
              "2;1.6.2026 09:30;phone;\n"
              "2;1.6.2026 09:30;note;\n"
              "1;27/05/2026;status;Proposl\n"
              "1;28/05/2026;status;Proposl\n"
              "1;28/05/2026;status;prospect\n");
  const Loaded loaded = load_well(folder, pipeline(), acme());
  EXPECT_EQ(dump(loaded.history),
            "deal 1 amount=? segment=? close_date=? share=? signed=? seen=?\n"
            "  unknown created recorded unknown\n"
            "  2026-05-25T10:00:00Z moved from=? to=lead recorded unknown\n"
            "  2026-05-26T00:00:00Z (day) moved from=? to=prospecting recorded unknown\n"
            "  2026-05-27T00:00:00Z (day) moved from=? to=Proposl recorded unknown\n"
            "  2026-05-28T00:00:00Z (day) moved from=? to=Proposl recorded unknown\n"
            "  2026-05-28T00:00:00Z (day) moved from=? to=prospect recorded unknown\n"
            "deal 2 amount=? segment=? close_date=? share=? signed=? seen=?\n"
            "  unknown created recorded unknown\n"
            "  2026-06-01T09:30:00Z call recorded unknown\n");
  EXPECT_EQ(loaded.report.files[0].ignored, 1u);
  EXPECT_EQ(problems_of(loaded), (Lines{"log.csv:6 no process has a stage `Proposl` (2 rows); did you mean `proposal`? "
                                        "Then say there `was \"Proposl\"`",
                                        "log.csv:8 no process has a stage `prospect` (1 row)"}));
}

TEST(LoadMapping, ARowMayMakeSeveralFacts) {
  Mapping mapping = pipeline();
  RowSpec deal;
  deal.kind = RowKind::deal;
  deal.subject = from_column("id");
  deal.at = from_column("when");
  deal.at.order = time::DateOrder::day_month_year;
  mapping.files[0].rows.push_back(deal);
  Folder folder;
  folder.with("log.csv",
              "id;when;type;status\n1;25/05/2026;status;L\n1;25/05/2026;status;L\n1;26/05/2026;status;P\n1;;note;\n");
  const Loaded loaded = load_well(folder, mapping, acme());
  const FileReport& file = loaded.report.files[0];
  EXPECT_EQ(file.used, 2u);
  EXPECT_EQ(file.merged, 1u);
  EXPECT_EQ(file.refused, 1u);
  EXPECT_EQ(problems_of(loaded), (Lines{"log.csv:4! deal `1` already stands at log.csv:2 with other values",
                                        "log.csv:5! deal `1` already stands at log.csv:2 with other values"}))
      << "the move of line 4 stands, so the row is refused in part";
}

TEST(LoadMapping, BrokenChainsAreSaidOncePerKind) {
  Folder folder;
  folder.with("deals.csv", "deal,created\nD1,2026-03-01\nD2,2026-03-01\n")
      .with("events.csv",
            "deal,at,kind,name,from,to\n"
            "D1,2026-03-02,move,,,lead\nD1,2026-03-03,move,,prospecting,won\n"
            "D2,2026-03-02,move,,,lead\nD2,2026-03-03,move,,proposal,won\n"
            "D2,2026-03-02,change,close_date,,2026-05-01\nD2,2026-03-03,change,close_date,2026-05-02,\n");
  EXPECT_EQ(
      problems_of(load_well(folder, canonical_mapping(), acme())),
      (Lines{"events.csv:3 a move from `prospecting`, and the one before went to `lead` (such rows of `moved`: 2); the "
             "new value counts",
             "events.csv:7 a change from 2026-05-02, and the one before went to 2026-05-01 (such rows of `close_date`: "
             "1); the new value counts"}));
}

TEST(LoadMapping, AColumnThatIsNotThereIsTheMappingsProblem) {
  Folder folder;
  folder.with("log.csv", "id;when;types;state\n1;25/05/2026;status;L\n");
  const std::string has = "it has `id`, `when`, `types`, `state`";
  EXPECT_EQ(mapping_problems_of(folder, pipeline(), acme()),
            (Lines{"`log.csv` has no column `type` | did you mean `types`? " + has,
                   "`log.csv` has no column `status` | did you mean `state`? " + has}));
  folder.with("log.csv", "id,when,type,status\n");
  const Lines problems = mapping_problems_of(folder, pipeline(), acme());
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_EQ(problems[0],
            "`log.csv` has no column `type` | the header is one cell, `id,when,type,status`; is the delimiter `,`?");
  folder.with("log.csv", "id;when;type;status;Type;type\n");
  EXPECT_EQ(mapping_problems_of(folder, pipeline(), acme()),
            Lines{"`log.csv` has 2 columns called `type` | a column that is read needs a header of its own"});
}

TEST(LoadMapping, OtherThingsThatAMappingCannotMean) {
  Folder folder;
  folder.with("log.csv", "");
  EXPECT_EQ(mapping_problems_of(folder, pipeline(), acme()),
            Lines{"`log.csv` is empty | its first line names the columns"});
  folder.with("log.csv", "id;when;type;status\n");
  Mapping mapping = pipeline();
  mapping.zone = "Europe/Berlni";
  ASSERT_EQ(mapping_problems_of(folder, mapping, acme()).size(), 1u);
  EXPECT_EQ(mapping_problems_of(folder, mapping, acme())[0].rfind("there is no time zone `Europe/Berlni`", 0), 0u);
}

TEST(LoadMapping, ConditionsOnAColumnThatMayBeAbsent) {
  Mapping mapping = pipeline();
  for (RowSpec& row : mapping.files[0].rows) row.when[0].column.optional = true;
  Folder folder;
  folder.with("log.csv", "id;when;status\n1;25/05/2026;L\n");
  const Loaded loaded = load_well(folder, mapping, acme());
  EXPECT_EQ(loaded.history.deal_events.size(), 2u) << "an absent cell is empty: the move is wanted, the call is not";
}

}  // namespace
}  // namespace plumb::history
