#include "history/load.h"

#include "folder.h"

namespace plumb::history {
namespace {

using Texts = std::vector<TextFile>;

const Texts& acme_texts() {
  static const Texts texts{
      {"deals.csv",
       "deal,created,account,owner,amount,segment,amount.recorded\n"
       "D2,2026-03-01T09:00:00Z,Globex,ana,20000 USD,SMB,2026-03-02T08:00:00Z\n"
       "D1,2026-03-02,,max,,,\n"},
      {"events.csv",
       "\xEF\xBB\xBF"
       "deal,at,recorded,kind,name,from,to,actor,goal\r\n"
       "D2,2026-03-02T09:00:00+01:00,,move,,lead,prospecting,ana,\r\n"
       "D2,2026-03-03T10:00:00Z,2026-03-03T12:00:00Z,activity,meeting,,,ana,\"agree,\r\n the date\"\r\n"
       "D1,yesterday,,activity,call,,,,\r\n"},
      {"people.csv", "person,joined,role,team\nana,2020-01-01,rep,north\n"},
      {"leave.csv", "person,from,to\nana,2026-03-10,2026-03-12\n"}};
  return texts;
}

TEST(LoadTexts, GiveTheHistoryOfTheFolderThatHoldsThem) {
  Folder folder;
  for (const TextFile& file : acme_texts()) folder.with(file.name, file.text);
  const Loaded from_disk = load_well(folder, canonical_mapping(), acme());
  const Result<Loaded> from_memory = load_texts(acme_texts(), canonical_mapping(), acme(), {});
  ASSERT_TRUE(from_memory) << from_memory.error();
  EXPECT_NE(dump(from_memory->history), "");
  EXPECT_EQ(dump(from_memory->history), dump(from_disk.history));
  EXPECT_EQ(problems_of(*from_memory).size(), 1u);
  EXPECT_EQ(problems_of(*from_memory), problems_of(from_disk));
  EXPECT_EQ(from_memory->history.files, from_disk.history.files);
  EXPECT_EQ(from_memory->history.supplier, from_disk.history.supplier);
  const auto lines = [](const History& history) {
    std::vector<std::uint32_t> result;
    for (std::size_t i = 0; i < history.deal_events.size(); ++i) result.push_back(history.deal_events.origin[i].line);
    return result;
  };
  EXPECT_EQ(lines(from_memory->history), lines(from_disk.history));
}

TEST(LoadTexts, AreNoMoreThanHaveNumbers) {
  Mapping mapping = canonical_mapping();
  mapping.files.resize(65'535);
  const Result<Loaded> loaded = load_texts({}, mapping, acme(), {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error(), "there are 65535 files, and one history has at most 65534: put some of them together");
}

TEST(LoadTexts, SayWhichFileIsNotThere) {
  const Result<Loaded> loaded = load_texts({{"deal.csv", "deal,created\n"}}, canonical_mapping(), acme(), {});
  ASSERT_TRUE(loaded) << loaded.error();
  ASSERT_EQ(loaded->mapping_problems.size(), 1u);
  EXPECT_EQ(loaded->mapping_problems[0].message, "the history has no file `deals.csv`");
  EXPECT_EQ(loaded->mapping_problems[0].help, "did you mean `deal.csv`? it holds `deal.csv`");
}

TEST(LoadTexts, RefuseMoreLinesThanHaveNumbers) {
  Texts texts = acme_texts();
  texts[0].lines = {7, UINT32_MAX - 1};
  const Result<Loaded> loaded = load_texts(texts, canonical_mapping(), acme(), {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error(), "with `deals.csv` the files have more than 4294967295 lines: load a part of them");
}

TEST(LoadTexts, RefuseWhatIsNoTextAndTwoFilesOfOneName) {
  const Result<Loaded> bytes = load_texts({{"deals.csv", "deal,created\n\xFF,\n"}}, canonical_mapping(), acme(), {});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error(),
            "`deals.csv` is no text that can be read: line 2 is not UTF-8 (byte 0xff); save it as UTF-8");
  const Result<Loaded> two =
      load_texts({{"deals.csv", "deal,created\n"}, {"deals.csv", ""}}, canonical_mapping(), acme(), {});
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error(), "there are two files `deals.csv`");
}

}  // namespace
}  // namespace plumb::history
