#include "history/columns.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "history/load_following.h"
#include "time/time.h"

namespace plumb::history {
namespace {

TEST(Cells, AreAsWideAsTheyHaveToBe) {
  Cells cells{missing, unreadable, unobserved, 0, -5, INT32_MAX, Cells::last_no_value + 1};
  EXPECT_FALSE(cells.is_wide());
  EXPECT_EQ(cells[0], missing);
  EXPECT_EQ(cells[1], unreadable);
  EXPECT_EQ(cells[2], unobserved);
  EXPECT_EQ(cells[4], -5);
  EXPECT_EQ(cells[5], INT32_MAX);
  EXPECT_EQ(cells[6], INT32_MIN + 3);
  for (const std::int64_t large : {std::int64_t{INT32_MAX} + 1, std::int64_t{INT32_MIN}, std::int64_t{INT32_MIN} + 2}) {
    Cells more = cells;
    more.push_back(large);
    EXPECT_TRUE(more.is_wide() && more.narrow.empty());
    EXPECT_TRUE(std::equal(cells.begin(), cells.end(), more.begin()));
    EXPECT_EQ(more[7], large);
    Cells other = cells;
    other.set(0, large);
    EXPECT_TRUE(other.is_wide());
    EXPECT_EQ(other[0], large);
    EXPECT_EQ(other[1], unreadable);
    other.set(1, 7);
    EXPECT_EQ(other[1], 7);
    other.resize(9, unobserved);
    EXPECT_EQ(other[8], unobserved);
    other.resize(1);
    EXPECT_EQ(other.size(), 1u);
    cells.resize(7);
    EXPECT_EQ(cells.size(), 7u);
  }
  EXPECT_FALSE(cells.is_wide());
}

TEST(Cells, MakeRoomForThoseOfAnyWidth) {
  Cells cells{1, 2};
  cells.reserve(10, false);
  EXPECT_TRUE(cells.fits(8, false));
  EXPECT_FALSE(cells.fits(8, true)) << "the two have to move";
  cells.extend(2, false);
  EXPECT_FALSE(cells.is_wide());
  cells.extend(3, true);
  EXPECT_TRUE(cells.is_wide());
  EXPECT_EQ(cells.size(), 7u);
  EXPECT_EQ(cells[1], 2);
  Cells none;
  none.extend(0, true);
  EXPECT_TRUE(none.empty());
  none.extend(1, false);
  EXPECT_FALSE(none.is_wide());
}

TEST(Said, TakesRoomFromTheFirstRowThatSaysAnything) {
  Said<time::Instant> said;
  said.put(0, time::Instant::unknown()), said.put(1, time::Instant::unknown());
  EXPECT_TRUE(said.rows.empty());
  said.put(2, time::Instant{5}), said.put(3, time::Instant::unknown());
  EXPECT_FALSE(said[0].known() || said[1].known() || said[3].known() || said[4].known());
  EXPECT_EQ(said[2], time::Instant{5});
}

TEST(Origins, AreLinesOfFiles) {
  Origins origins;
  EXPECT_EQ(origins[0].file, UINT32_MAX);
  origins.lines_before = {0, 0, 10, 10};  // of the first nobody knows a line, nor of the third
  const Origin rows[] = {{1, 1}, {1, 9}, {}, {3, 0}, {3, 7}};
  for (const Origin& row : rows) origins.push_back(row);
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    EXPECT_EQ(origins[i].file, rows[i].file) << i;
    EXPECT_EQ(origins[i].line, rows[i].line) << i;
  }
}

TEST(Following, KeepWhatWasPutHoweverItLeaps) {
  using loading::Following;
  for (const std::uint32_t step : {1u, 2u, 900u}) {
    std::vector<std::uint32_t> wanted;
    Following all, part;
    for (std::uint32_t i = 0; i < 4000; ++i) {
      const std::uint32_t value = i + i / step + 7;
      if (i < 1000) {
        all.push_back(value);
      } else {
        part.push_back(value - 1000);
      }
      wanted.push_back(value);
    }
    all.append(part, 1000), all.append(Following(), 5);
    ASSERT_EQ(all.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_EQ(all[i], wanted[i]) << i << " of " << step;
    all.push_back(1);
    EXPECT_EQ(all[4000], 1u);
    all.clear();
    EXPECT_EQ(all.size(), 0u);
    all.push_back(3);
    EXPECT_EQ(all[0], 3u);
  }
}

}  // namespace
}  // namespace plumb::history
