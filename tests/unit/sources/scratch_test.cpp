#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cells.h"
#include "sources/encoding.h"
#include "sources/scratch.h"

namespace plumb::sources {
namespace {

namespace fs = std::filesystem;

/// A file that is gone with it.
class Written {
 public:
  explicit Written(const std::string& text)
      : path(fs::temp_directory_path() / ("plumb_bytes." + std::to_string(::getpid()))) {
    std::ofstream(path, std::ios::binary) << text;
  }
  ~Written() { fs::remove(path); }
  const fs::path path;
};

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + '\n';
  return text;
}

constexpr std::size_t nothing = 0, one_block = Scratch::block_size;

TEST(Aside, GivesWhatWasPutWhereverItIs) {
  const std::string text = numbers(60'000);
  for (const std::size_t in_memory : {nothing, one_block, std::size_t{64} * one_block}) {
    const Scratch scratch("/tmp", in_memory);
    Aside whole(scratch), small(scratch), lines(scratch);
    whole.append(text);
    small.append("a");
    for (std::size_t at = 0; at < text.size(); at += 777) lines.append(std::string_view(text).substr(at, 777));
    const auto one = whole.finish(), two = small.finish(), three = lines.finish();
    ASSERT_TRUE(one && two && three);
    EXPECT_EQ(one->size(), text.size());
    EXPECT_EQ(all_of(*one), text);
    EXPECT_EQ(all_of(*two), "a");
    EXPECT_EQ(all_of(three->reader(), 100'000), text);
    EXPECT_EQ(all_of(one->from(70'000)), text.substr(70'000));
    EXPECT_EQ(one->beginning(10), text.substr(0, 10));
  }
}

TEST(Aside, UsesTheRoomAgainThatNobodyNeeds) {
  const Scratch scratch("/nowhere", 2 * one_block);  // no more than the memory is there
  const std::string text(2 * one_block, 'x');
  for (int times = 0; times < 3; ++times) {
    Aside aside(scratch);
    aside.append(text);
    const auto bytes = aside.finish();
    ASSERT_TRUE(bytes) << bytes.error();
    EXPECT_EQ(all_of(*bytes), text);
  }
}

TEST(Aside, SaysWhereThereIsNoRoom) {
  Aside aside{Scratch("/nowhere", one_block)};
  aside.append(std::string(3 * one_block, 'x'));
  EXPECT_EQ(aside.finish().error(),
            "what does not fit into memory cannot be put aside in `/nowhere`: No such file or directory; say "
            "with TMPDIR which folder has room for it");
}

/// Those of open files that lie in a folder, gone or not.
std::vector<int> open_in(const fs::path& folder) {
  std::vector<int> numbers;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    if (fs::read_symlink(entry.path(), ignored).string().starts_with(folder.string() + "/"))
      numbers.push_back(std::stoi(entry.path().filename()));
  }
  return numbers;
}

TEST(Aside, LeavesNoFileBehind) {
  const Written beside("");
  const fs::path own = beside.path.string() + ".folder";
  fs::create_directory(own);
  Aside aside{Scratch(own.string(), nothing)};
  aside.append(std::string(3 * one_block, 'x'));
  EXPECT_TRUE(fs::is_empty(own));
  const std::vector<int> open = open_in(own);
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(::fcntl(open[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);  // no program that is started has it
  EXPECT_TRUE(aside.finish());
  fs::remove_all(own);
}

TEST(Bytes, OfAFileThatIsMadeShorterSaySo) {
  const std::string text = numbers(60'000);
  const Written file(text);
  const auto bytes = Bytes::of_file(file.path, text.size());
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_EQ(all_of(*bytes), text);
  fs::resize_file(file.path, 1000);
  EXPECT_EQ(bytes->beginning(5), text.substr(0, 5));
  EXPECT_LT(all_of(*bytes).size(), text.size());
  EXPECT_EQ(bytes->wrong(), "it was made shorter while it was read");
  const Table table{"t.csv", *bytes, ','};
  EXPECT_EQ(cells_of(table).error(), "`t.csv` cannot be read to its end: it was made shorter while it was read");
  EXPECT_EQ(decode(*bytes, Scratch()).error(), "it was made shorter while it was read");
}

TEST(Bytes, OfAFileThatIsWrittenToSaySo) {
  const std::string text = "id,a\n1,x\n";
  for (const auto& [written, wrong] : {std::pair("id,a\n1,y\n", "it was changed while it was read"),
                                       std::pair("id,a\n1,x\n2,y\n", "it was made longer while it was read")}) {
    const Written file(text);
    fs::last_write_time(file.path, fs::file_time_type::clock::now() - std::chrono::seconds(1));
    const auto bytes = Bytes::of_file(file.path, text.size());
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->wrong(), "");
    const auto count = std::make_shared<BytesRead>(0);
    EXPECT_EQ(all_of(*Bytes::of_file(file.path, text.size(), count)), text);
    EXPECT_EQ(*count, text.size());
    std::ofstream(file.path, std::ios::binary) << written;
    EXPECT_EQ(bytes->wrong(), wrong);
    EXPECT_EQ(unread({"t.csv", *bytes, ','})->message, fmt::format("`t.csv` cannot be read to its end: {}", wrong));
  }
}

TEST(Bytes, OfAFileThatIsMadeShorterBetweenTwoReadingsSaySo) {
  std::string text = "id,a,b\n";
  for (int i = 0; i < 60'000; ++i) text += std::to_string(i) + ",some text,1\n";
  const std::string wrong = "`t.csv` cannot be read to its end: it was made shorter while it was read";
  for (const bool ordered : {false, true}) {
    const Written file(text);
    const auto bytes = Bytes::of_file(file.path, text.size());
    ASSERT_TRUE(bytes);
    Reading how;
    how.wanted = Texts{};
    how.newest_first = ordered;
    const auto of = cells_of({"t.csv", *bytes, ','}, how);
    ASSERT_TRUE(of);
    const auto turned = unpivot({"t", "*", "name", "value", {"id"}, "", "", "", {}}, std::make_shared<Cells>(*of));
    ASSERT_TRUE(turned);
    fs::resize_file(file.path, 1000);
    for (const Cells* cells : {&*of, &*turned}) {
      WholeRows rows(*cells);
      while (rows.next()) {
      }
      EXPECT_EQ(rows.wrong(), wrong);
    }
    EXPECT_EQ(unread({"t.csv", *bytes, ','})->message, wrong);
  }
}

TEST(Gathered, IsATableWhoseColumnsAreFoundOnTheWay) {
  const Scratch scratch("/tmp", nothing);
  Gathered of(scratch);
  of.add_row(3, {{of.column("a"), "1"}});
  of.add_row(3, {{of.column("b"), "x\n\"y\""}, {of.column("a"), "2"}, {of.column("a"), "3"}});
  of.add_row(9, {});
  EXPECT_EQ(of.size(), 3u);
  const auto text = of.text(scratch);
  ASSERT_TRUE(text);
  EXPECT_EQ(all_of(*text), "a,b\n\n1,\n3,\"x\n\"\"y\"\"\"\n\n\n\n,\n");
}

TEST(Gathered, KeepsRowsOfAnyLength) {
  const Scratch scratch("/tmp", one_block);
  Gathered of(scratch);
  std::string expected = "a\n";
  for (const std::size_t size : {1u, 100'000u, 0u, 700'000u}) {
    of.add_row(0, {{of.column("a"), std::string(size, 'x')}});
    expected += size == 0 ? "\"\"\n" : std::string(size, 'x') + '\n';
  }
  const auto text = of.text(scratch);
  ASSERT_TRUE(text);
  EXPECT_EQ(all_of(*text), expected);
}

}  // namespace
}  // namespace plumb::sources
