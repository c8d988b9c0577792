#include "support/house.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/golden/process.h"

namespace plumb::house {

namespace fs = std::filesystem;

fs::path repository() { return PLUMB_REPOSITORY; }

std::vector<fs::path> files_below(const fs::path& folder, const std::vector<std::string>& endings) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    const bool fits = std::any_of(endings.begin(), endings.end(), [&](const auto& end) { return name.ends_with(end); });
    if (entry.is_regular_file() && fits) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const fs::path& path) {
  const auto text = golden::read_file(path);
  EXPECT_TRUE(text.ok()) << path;
  return text ? *text : "";
}

TEST(House, IsWhereTheTestsLookForIt) {
  EXPECT_TRUE(fs::exists(repository() / "engine" / "LAYERS"));
  EXPECT_FALSE(files_below(repository() / "engine" / "base", {".h"}).empty());
}

}  // namespace plumb::house
