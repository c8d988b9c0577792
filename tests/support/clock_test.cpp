#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/house.h"

namespace {

namespace fs = std::filesystem;

struct Line {
  std::string file;
  std::string text;
};

// Without what stands behind `//`.
std::vector<Line> lines_of(const char* folder) {
  std::vector<Line> lines;
  for (const fs::path& file : plumb::house::files_below(plumb::house::repository() / folder, {".h", ".cpp"})) {
    std::istringstream in(plumb::house::text_of(file));
    for (std::string text; std::getline(in, text);) {
      lines.push_back({fs::relative(file, plumb::house::repository()).string(), text.substr(0, text.find("//"))});
    }
  }
  return lines;
}

std::vector<std::string> found(const std::vector<Line>& lines, const std::string& pattern,
                               const std::vector<std::string>& allowed_in = {}) {
  const std::regex wanted(pattern);
  std::vector<std::string> result;
  for (const Line& line : lines) {
    if (std::find(allowed_in.begin(), allowed_in.end(), line.file) != allowed_in.end()) continue;
    if (std::regex_search(line.text, wanted)) result.push_back(line.file + ": " + line.text);
  }
  return result;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// ARCHITECTURE.md, invariants 1 and 5: the same inputs give the same bytes, today and tomorrow, here and elsewhere.
const char* const clocks =
    R"(\b(gettimeofday|clock_gettime|localtime|localtime_r|gmtime|gmtime_r|mktime|strftime|current_zone)\s*\()"
    R"(|::clock\s*\(|\btime\s*\(\s*(NULL|nullptr|0|&)|::now\s*\(|\bput_time\b)";
const char* const chance =
    R"(\b(random_device|mt19937|mt19937_64|default_random_engine)\b|\b(rand|srand|random|drand48)\s*\()";
// While nobody sets a locale, the functions of C that follow one follow "C".
const char* const locales = R"(\b(setlocale|newlocale|uselocale|imbue)\b|\bstd::locale\b)";
const char* const environment = R"(\b(getenv|secure_getenv|setenv|environ)\b)";

TEST(House, the_engine_asks_no_clock_no_chance_no_locale_and_no_environment) {
  const std::vector<Line> lines = lines_of("engine");
  ASSERT_GT(lines.size(), 10'000u);
  for (const char* const pattern : {clocks, chance, locales, environment}) {
    EXPECT_EQ(joined(found(lines, pattern)), "") << pattern;
  }
}

TEST(House, the_tools_ask_no_clock_no_chance_and_no_locale) {
  const std::vector<Line> lines = lines_of("tools");
  // How long somebody has waited decides whether he is told how far the work is, and nothing else.
  EXPECT_EQ(joined(found(lines, clocks, {"tools/plumb/waiting.cpp"})), "");
  for (const char* const pattern : {chance, locales}) EXPECT_EQ(joined(found(lines, pattern)), "") << pattern;
}

// How many threads the machine has decides how fast, and nothing else: one place asks.
TEST(House, the_machine_is_asked_for_its_threads_in_one_place) {
  EXPECT_EQ(
      joined(found(lines_of("engine"), "hardware_concurrency|sysconf|sched_getaffinity", {"engine/base/parallel.cpp"})),
      "");
}

// The order of a hash table is nobody's: it is looked up in, and not walked through.
TEST(House, no_hash_table_is_walked_through) {
  const std::vector<Line> lines = lines_of("engine");
  const std::regex declared(R"(\bunordered_(?:multi)?(?:map|set)<.*>\s*(?:&\s*)?(\w+)\s*[;={(,)])");
  const std::vector<std::string> order_does_not_matter = {
      "engine/history/load_program.cpp",        // from one table into another
      "engine/history/load_compile_cells.cpp",  // of a list that is called like the table
      "engine/report/human_help.cpp",           // into a sorted one
  };
  std::size_t tables = 0;
  for (const Line& line : lines) {
    std::smatch match;
    if (!std::regex_search(line.text, match, declared)) continue;
    ++tables;
    // What a header declares, its whole folder may walk through.
    const fs::path place(line.file);
    const bool shared = place.extension() == ".h";
    std::vector<Line> near;
    for (const Line& other : lines) {
      const fs::path file(other.file);
      if (shared ? file.parent_path() == place.parent_path() : file == place) near.push_back(other);
    }
    const std::string walked =
        R"(\bfor\s*\(.*:\s*(?:\w+(?:\.|->))*)" + match[1].str() + R"(\s*\)|\b)" + match[1].str() + R"(\.c?begin\s*\()";
    EXPECT_EQ(joined(found(near, walked, order_does_not_matter)), "") << line.file << ": " << match[1];
  }
  EXPECT_GT(tables, 5u);
}

}  // namespace
