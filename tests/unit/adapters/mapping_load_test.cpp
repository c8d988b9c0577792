#include "history/load.h"
#include "unit/adapters/reading_a_mapping.h"

namespace plumb::adapters {

namespace {

/// A folder that is gone when the test is over.
struct Folder {
  std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "mapping_load_test";
  explicit Folder(const std::string& deals) {
    std::filesystem::create_directories(path);
    std::ofstream(path / "deals.csv", std::ios::binary) << deals;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

// What the reader of mappings writes down and what loading makes of it must agree: an empty constant is a value that is
// missing, and what no row says is unobserved.
TEST(MappingAndLoading, AgreeOnWhatIsMissingAndWhatIsUnobserved) {
  const Folder folder(
      "id,stage,engaged,closed,value\n"
      "D1,Won,01/02/2026,15/02/2026,\"1.200,50\"\nD2,Open,03/02/2026,,\nD3,Gone,,,\n");
  const ReadMapping read_mapping = read(
      head +
      "dates: day first\ndecimal: comma\nstages: { Won: won, Open: engaging }\nfiles:\n  - file: deals.csv\n    rows:\n"
      "      - { is: deal, deal: id, when: { stage: { not: Gone } }, created: engaged, fields: { amount: { value: \"\" "
      "} } }\n"
      "      - { is: change of amount, when: { stage: Won }, deal: id, at: closed, to: { column: value, currency: EUR "
      "} }\n"
      "      - { is: move, when: { stage: Won }, deal: id, at: closed, to: stage }\n");
  ASSERT_TRUE(read_mapping.errors.empty()) << testing::PrintToString(read_mapping);
  history::Schema schema;
  schema.deal_fields = {{"amount", history::ValueType::money, {}}, {"budget", history::ValueType::money, {}}};
  schema.stages = {"engaging", "won"};
  const auto loaded = history::load(folder.path.string(), read_mapping.mapping, schema, {});
  ASSERT_TRUE(loaded.ok()) << loaded.error();
  ASSERT_TRUE(loaded->mapping_problems.empty()) << loaded->mapping_problems[0].message;
  EXPECT_EQ(loaded->report.problem_count, 0u);
  EXPECT_EQ(loaded->report.files.at(0).ignored, 1u);
  const history::History& history = loaded->history;
  ASSERT_EQ(history.deals.size(), 2u);
  EXPECT_EQ(history.deals.columns.at(history.deals.column("amount")).values[0], history::missing);
  EXPECT_EQ(history.deals.columns.at(history.deals.column("budget")).values[0], history::unobserved);
  for (const history::Kind& kind : history.kinds) {
    if (kind.name == "amount") {
      ASSERT_EQ(kind.columns.at(1).values.size(), 1u);
      EXPECT_EQ(kind.columns[0].values[0], history::unobserved);
      EXPECT_EQ(kind.columns[1].values[0], 1'200'500'000);
      EXPECT_EQ(history.words[kind.columns[1].currency[0]], "EUR");
    }
    if (kind.name == "moved") {
      ASSERT_EQ(kind.columns.at(1).values.size(), 1u);
      EXPECT_EQ(history.words[static_cast<std::uint32_t>(kind.columns[1].values[0])], "won");
    }
  }
}

}  // namespace

}  // namespace plumb::adapters
