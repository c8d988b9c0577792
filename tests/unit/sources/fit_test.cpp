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
  const Fit two = fit(adapter_of({file("deals.csv")}), {{"a.csv", header, ','}, {"b.csv", header, ','}});
  EXPECT_EQ(
      two.lacking,
      (std::vector<std::string>{"`deals.csv` could be `a.csv` and `b.csv`: put what belongs together into one file"}));
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
