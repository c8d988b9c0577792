#include "sources/fit.h"

#include <gtest/gtest.h>

namespace plumb::sources {
namespace {

history::ValueFrom column(const char* name) {
  history::ValueFrom from;
  from.column.names = {name};
  return from;
}

history::FileSpec file(const char* path, bool optional = false) {
  history::FileSpec spec;
  spec.path = path, spec.optional = optional;
  history::RowSpec row;
  row.kind = history::RowKind::deal;
  row.subject = column("id"), row.at = column("made");
  row.owner = column("owner"), row.account = column("account");
  spec.rows = {row};
  return spec;
}

Adapter adapter_of(std::vector<history::FileSpec> files) {
  Adapter adapter;
  adapter.steps.resize(files.size());
  adapter.mapping.files = std::move(files);
  return adapter;
}

TEST(Fit, IsByNameWhateverItsEndingAndNumber) {
  const Fit fits =
      fit(adapter_of({file("Opportunity.csv")}), {{"opportunities.tsv.gz", "id\tmade\towner\taccount\n", '\t'}});
  ASSERT_TRUE(fits.fits());
  EXPECT_EQ(fits.reasons.front(), "`opportunities.tsv.gz` is `Opportunity.csv` by its name");
}

TEST(Fit, IsByColumnsWhereOneFileHasThem) {
  const std::string header = "ID,Made,OWNER,account,more\n";
  EXPECT_TRUE(fit(adapter_of({file("deals.csv")}), {{"export.csv", header, ','}, {"other.csv", "x\n", ','}}).fits());
}

TEST(Fit, IsAllFilesWithTheSameColumnsOrOneNameButForNumbers) {
  const Adapter adapter = adapter_of({file("deals.csv")});
  const std::string header = "id,made,owner,account,more\n", turned = "more,account,owner,made,ID\n";
  const Fit two = fit(adapter, {{"a.csv", header, ','}, {"b.csv", turned, ','}});
  EXPECT_TRUE(two.fits());
  EXPECT_EQ(two.tables_of.front(), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(two.together.front(), "`deals.csv` is 2 files, read as one table: `a.csv`, `b.csv`");
  const Fit unlike = fit(adapter, {{"a.csv", header, ','}, {"b.csv", "id,made,owner,account\n", ','}});
  EXPECT_EQ(unlike.lacking,
            (std::vector<std::string>{"`deals.csv` could be `a.csv` and `b.csv`: take the other away, or "
                                      "call the right one so"}));
  const Fit akin = fit(adapter, {{"a-2025.csv", header, ','}, {"a-2026.csv", "id,made,owner,account\n", ','}});
  EXPECT_EQ(akin.tables_of.front(), (std::vector<std::size_t>{0, 1}));
  const Fit lacking = fit(adapter, {{"deals.csv", header, ','}, {"deals2.csv", "id,made,owner\n", ','}});
  EXPECT_EQ(lacking.tables_of.front(), (std::vector<std::size_t>{0}));
  EXPECT_EQ(lacking.apart.at(1), "it has no column `account`");
}

TEST(Fit, IsTheFilesThatTheMappingSays) {
  Adapter adapter = adapter_of({file("deals.csv")});
  adapter.steps[0].parts = {{"North*.csv", {3, 5}}, {"west.csv", {4, 5}}};
  const std::string header = "id,made,owner,account\n";
  const std::vector<Table> tables = {
      {"deals.csv", header, ','}, {"north1.csv", header, ','}, {"north2.csv", header, ','}};
  const Fit said = fit(adapter, tables);
  EXPECT_EQ(said.tables_of.front(), (std::vector<std::size_t>{1, 2}));
  ASSERT_EQ(said.misplaced.size(), 1u);
  EXPECT_EQ(said.misplaced.front().message, "the export has no file `west.csv`");
  EXPECT_EQ(said.misplaced.front().place.line, 4u);
}

TEST(Fit, SaysWhatLacks) {
  const Fit none = fit(adapter_of({file("deals.csv"), file("more.csv", true)}), {{"x.csv", "a,b\n", ','}});
  EXPECT_EQ(none.lacking, (std::vector<std::string>{"no file is `deals.csv`"}));
  const Fit part = fit(adapter_of({file("deals.csv")}), {{"deals.csv", "id,made\n", ','}});
  EXPECT_FALSE(part.fits());
  EXPECT_EQ(part.partial, (std::vector<std::string>{"`deals.csv` has no column `account` and `owner`"}));
}

TEST(Prepare, LeavesTheLinesOfTheUser) {
  Adapter adapter = adapter_of({file("deals.csv"), file("parts")});
  adapter.steps[0].long_ids = {{{"id"}, {}}};
  adapter.steps[1].unpivot = Unpivot{"deals.csv", "x*", "name", "value", {}, "", {}};
  const std::vector<Table> tables = {{"Deal.csv", "id,made,owner,account,x1,x2\n\n1,t,o,a,p,q\n", ','}};
  PrepareFailure failure;
  const auto prepared = prepare(adapter, fit(adapter, tables), tables, failure);
  ASSERT_TRUE(prepared) << failure.message;
  ASSERT_EQ(prepared->files.size(), 2u);
  for (const history::TextFile& made : prepared->files) EXPECT_EQ(made.stands_in, "Deal.csv") << made.name;
  EXPECT_EQ(prepared->files[0].lines, (std::vector<std::uint32_t>{3}));
  EXPECT_EQ(prepared->files[1].lines, (std::vector<std::uint32_t>{3, 3}));
  ASSERT_EQ(prepared->originals.size(), 1u);
  EXPECT_EQ(prepared->originals[0].text.beginning(1000), tables[0].text.beginning(1000));
}

TEST(Prepare, LeavesPartsAsTheyAreAndComparesTheirRows) {
  Adapter adapter = adapter_of({file("deals.csv")});
  adapter.steps[0].row_before = RowBefore{{"id"}, "made", {"owner"}, {}};
  adapter.steps[0].ordered_by = "account";
  const std::vector<Table> tables = {{"deals1.csv", "id,made,owner,account\n1,2026-01-01,a,4\n1,2026-01-02,b,2\n", ','},
                                     {"deals2.csv", "owner,account,id,made\nc,3,1,2026-01-02\n", ','}};
  PrepareFailure failure;
  const auto prepared = prepare(adapter, fit(adapter, tables), tables, failure);
  ASSERT_TRUE(prepared) << failure.message;
  ASSERT_EQ(prepared->files.size(), 2u);
  const auto text_of = [](const history::TextFile& file) {
    std::string text(1000, '\0');
    text.resize(file.open()(text.data(), text.size()));
    return text;
  };
  EXPECT_EQ(
      text_of(prepared->files[0]),
      "id,made,owner,account,first,before owner,owner changed\n1,2026-01-02,b,2,,a,yes\n1,2026-01-01,a,4,yes,,\n");
  EXPECT_EQ(text_of(prepared->files[1]),
            "owner,account,id,made,first,before owner,owner changed\nc,3,1,2026-01-02,,b,yes\n");
  EXPECT_EQ(prepared->files[0].lines, (std::vector<std::uint32_t>{3, 2}));
  EXPECT_EQ(prepared->files[0].ranks, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(prepared->files[1].ranks, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(prepared->files[1].taken.at("before owner").file_of(0), "deals1.csv");
  EXPECT_EQ(prepared->mapping.files[0].part_of, prepared->mapping.files[1].part_of);
}

TEST(Prepare, RefusesMoreFilesThanHaveNumbers) {
  Adapter adapter = adapter_of({file("deals.csv")});
  Fit fits;
  fits.tables_of = {std::vector<std::size_t>(65'535)};
  PrepareFailure failure;
  EXPECT_FALSE(prepare(adapter, fits, {{"deals.csv", "id,made,owner,account\n", ','}}, failure));
  EXPECT_EQ(failure.message, "there are 65535 files, and one history has at most 65534: put some of them together");
}

TEST(Prepare, RefusesFilesThatAreMadeOfThemselves) {
  Adapter adapter = adapter_of({file("deals.csv"), file("one"), file("two")});
  adapter.steps[1].groups = Groups{"two", {"id"}, {"x"}, {}};
  adapter.steps[2].groups = Groups{"one", {"id"}, {"x"}, {}};
  const std::vector<Table> tables = {{"deals.csv", "id,made,owner,account\n", ','}};
  PrepareFailure failure;
  EXPECT_FALSE(prepare(adapter, fit(adapter, tables), tables, failure));
  EXPECT_EQ(failure.message, "`one` is made of itself");
}

}  // namespace
}  // namespace plumb::sources
