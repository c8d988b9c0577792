#include "history/load.h"

#include "folder.h"

namespace plumb::history {
namespace {

Loaded load_deals(std::string_view text, const Mapping& mapping = canonical_mapping(), LoadOptions options = {}) {
  Folder folder;
  folder.with("deals.csv", text);
  return load_well(folder, mapping, acme(), options);
}

Lines column_of(const Loaded& loaded, std::string_view name) {
  Lines result;
  const int column = loaded.history.deals.column(name);
  if (column < 0) return {"no such column"};
  for (std::size_t i = 0; i < loaded.history.deals.size(); ++i) {
    result.push_back(text_of(loaded.history, loaded.history.deals.columns[static_cast<std::size_t>(column)], i));
  }
  return result;
}

TEST(LoadCells, MoneyHasItsCurrencyBeforeOrBehindOrNone) {
  const Loaded loaded = load_deals(
      "deal,created,amount\n1,,20000 USD\n2,,eur 20000.25\n3,,\"20,000\"\n4,,$5\n5,,\n6,,5 DOLLARS\n7,,7CHF\n8,,-3 "
      "USD\n");
  EXPECT_EQ(column_of(loaded, "amount"),
            (Lines{"20,000 USD", "20,000.25 EUR", "20,000 ", "!", "-", "!", "7 CHF", "-3 USD"}));
  EXPECT_EQ(problems_of(loaded),
            (Lines{"deals.csv:5 column `amount`: `$5` is no amount of money such as 20000 or 20000 USD",
                   "deals.csv:7 column `amount`: `5 DOLLARS` is no amount of money such as 20000 or "
                   "20000 USD"}));
  EXPECT_EQ(loaded.report.files[0].unreadable_cells, 2u);
  EXPECT_EQ(loaded.report.files[0].used, 8u) << "a row with an unreadable cell is kept";
}

TEST(LoadCells, TheCurrencyMayStandInAColumnOrInTheMapping) {
  Mapping mapping = canonical_mapping();
  RowSpec& deal = mapping.files[3].rows[0];
  ValueFrom amount = from_column("value");
  amount.currency = "USD";
  amount.currency_column.names = {"ccy"};
  amount.decimal_point = ',';
  amount.group_mark = '.';
  amount.empty_words = {"NULL"};
  deal.fields = {{"amount", amount}};
  const Loaded loaded =
      load_deals("deal,created,value,ccy\n1,,\"1.000,5\",EUR\n2,,7,\n3,,NULL,\n4,,5 USD,EUR\n5,,5,€\n", mapping);
  EXPECT_EQ(column_of(loaded, "amount"), (Lines{"1,000.5 EUR", "7 USD", "-", "!", "!"}));
}

TEST(LoadCells, ChoicesNumbersAndAnswers) {
  const Loaded loaded = load_deals(
      "deal,created,segment,share,signed\n1,,Enterprise,60%,yes\n2,, smb "
      ",0.5,FALSE\n3,,large,1e3,maybe\n4,,,,\n5,,smb,12.3456789%,1\n");
  EXPECT_EQ(column_of(loaded, "segment"), (Lines{"enterprise", "smb", "!", "-", "smb"}));
  EXPECT_EQ(column_of(loaded, "share"), (Lines{"0.6", "0.5", "!", "-", "!"}));
  EXPECT_EQ(column_of(loaded, "signed"), (Lines{"yes", "no", "!", "-", "yes"}));
  EXPECT_EQ(column_of(loaded, "amount"), (Lines{"?", "?", "?", "?", "?"})) << "no column says it";
  EXPECT_EQ(problems_of(loaded)[0],
            "deals.csv:4 column `segment`: `large` is none of `smb`, `mid_market`, `enterprise`");
}

TEST(LoadCells, ADateIsTheDayThatIsWritten) {
  const Loaded loaded = load_deals(
      "deal,created,close_date,seen\n"
      "1,,2026-03-08,2026-03-08T02:30:00Z\n"
      "2,,2026-03-08T23:30:00-05:00,2026-03-08\n"
      "3,,2026-03-08 02:30:00,2026-03-08 01:00:00\n"
      "4,,0000-00-00,9999-12-31\n"
      "5,,2026-02-30,\n");
  EXPECT_EQ(column_of(loaded, "close_date"), (Lines{"2026-03-08", "2026-03-08", "2026-03-08", "!", "!"}));
  EXPECT_EQ(column_of(loaded, "seen"), (Lines{"2026-03-08T02:30:00Z", "!", "2026-03-08T01:00:00Z", "!", "-"}));
  const Lines problems = problems_of(loaded);
  ASSERT_EQ(problems.size(), 5u);
  EXPECT_EQ(problems[0], "deals.csv:3 column `seen`: `2026-03-08` is a day without a time of day");
  EXPECT_EQ(
      problems[1].rfind("deals.csv:4 column `seen`: some times carry an offset (`2026-03-08T02:30:00Z` in line 2)", 0),
      0u)
      << problems[1];
  EXPECT_NE(problems[2].find("placeholder"), std::string::npos) << problems[2];
  EXPECT_NE(problems[3].find("placeholder"), std::string::npos) << problems[3];
}

TEST(LoadCells, RenamedWordsAreOurs) {
  Mapping mapping = canonical_mapping();
  RowSpec& deal = mapping.files[3].rows[0];
  ValueFrom segment = from_column("size");
  segment.rename = {{"Klein", "smb"}, {"Groß", "enterprise"}, {"", "mid_market"}, {"weg", ""}};
  deal.fields = {{"segment", segment}};
  const std::string text = "deal,created,size\n1,,Klein\n2,,Groß\n3,,\n4,,weg\n5,,SMB\n6,,riesig\n";
  EXPECT_EQ(column_of(load_deals(text, mapping), "segment"),
            (Lines{"smb", "enterprise", "mid_market", "-", "smb", "!"}));
  deal.fields[0].second.rename_all = true;
  const Loaded strict = load_deals(text, mapping);
  EXPECT_EQ(column_of(strict, "segment"), (Lines{"smb", "enterprise", "mid_market", "-"}));
  EXPECT_EQ(problems_of(strict), (Lines{"deals.csv:6! column `size`: the mapping does not say what `SMB` is",
                                        "deals.csv:7! column `size`: the mapping does not say what `riesig` is"}));
}

TEST(LoadTime, LocalTimesAreReadInTheNearestZoneThatIsSaid) {
  Mapping mapping = canonical_mapping();
  mapping.zone = "America/New_York";
  const Loaded loaded = load_deals(
      "deal,created\n1,2026-01-05 09:00\n2,2026-07-05 09:00\n3,2026-03-08 02:30\n4,2026-11-01 01:30\n5,2026-03-08 "
      "02:30-05:00\n",
      mapping);
  const Timeline& timeline = loaded.history.deal_events;
  ASSERT_EQ(timeline.size(), 5u);
  EXPECT_EQ(time::to_text_utc(timeline.at[0]), "2026-01-05T14:00:00Z");
  EXPECT_EQ(time::to_text_utc(timeline.at[1]), "2026-07-05T13:00:00Z");
  EXPECT_FALSE(timeline.at[2].known() || timeline.at[3].known());  // it happened, and nobody knows when
  EXPECT_EQ(time::to_text_utc(timeline.at[4]), "2026-03-08T07:30:00Z");
  const Lines problems = problems_of(loaded);
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_EQ(problems[0].rfind("deals.csv:4 column `created`: `2026-03-08 02:30` does not exist in America/New_York", 0),
            0u);
  EXPECT_EQ(problems[1].rfind("deals.csv:5 column `created`: `2026-11-01 01:30` occurs twice in America/New_York", 0),
            0u);
  EXPECT_EQ(
      problems[2],
      "deals.csv:6 column `created`: some times carry an offset (`2026-03-08 02:30-05:00` in line 6) and some do not "
      "(`2026-01-05 09:00` in line 2); those are read in America/New_York");

  mapping.files[3].zone = "Europe/Berlin";
  EXPECT_EQ(time::to_text_utc(load_deals("deal,created\n1,2026-01-05 09:00\n", mapping).history.deal_events.at[0]),
            "2026-01-05T08:00:00Z");
  mapping.files[3].rows[0].at.zone = "Asia/Tokyo";
  EXPECT_EQ(time::to_text_utc(load_deals("deal,created\n1,2026-01-05 09:00\n", mapping).history.deal_events.at[0]),
            "2026-01-05T00:00:00Z");
}

TEST(LoadTime, ADayStartsInTheDefaultZone) {
  LoadOptions options;
  options.default_zone = *time::Zone::find("America/New_York");
  const Loaded loaded = load_deals("deal,created\n1,2026-07-05\n2,\n3,2026-13-05\n", canonical_mapping(), options);
  const Timeline& timeline = loaded.history.deal_events;
  ASSERT_EQ(timeline.size(), 3u);
  EXPECT_EQ(time::to_text_utc(timeline.at[0]), "2026-07-05T04:00:00Z");
  EXPECT_EQ(timeline.by_day[0], 1);
  EXPECT_FALSE(timeline.at[1].known() || timeline.at[2].known());
  EXPECT_EQ(loaded.report.files[0].refused, 0u);
  EXPECT_EQ(loaded.report.files[0].unreadable_cells, 1u);
}

TEST(LoadTime, RecordedIsAtOnlyWhereTheMappingSaysSo) {
  const std::string text = "deal,created,recorded\n1,2026-01-05T09:00:00Z,\n2,2026-01-05T09:00:00Z,rubbish\n";
  Loaded loaded = load_deals(text);
  EXPECT_EQ(loaded.history.deal_events.recorded[0], loaded.history.deal_events.at[0]);
  EXPECT_FALSE(loaded.history.deal_events.recorded[1].known());
  EXPECT_EQ(loaded.report.files[0].unreadable_cells, 1u);
  Mapping mapping = canonical_mapping();
  mapping.recorded_is_at = false;
  EXPECT_FALSE(load_deals(text, mapping).history.deal_events.recorded[0].known());
}

}  // namespace
}  // namespace plumb::history
