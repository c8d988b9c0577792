#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "property/case.h"
#include "property/twin/value.h"

/// Cases by name in which one of the two was wrong once: engine and twin answer them alike.
namespace plumb::property {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') cells.emplace_back();
    if (c != ',') cells.back().push_back(c);
  }
  return cells;
}

// A case as `to_text` writes it: the files, and as of when.
Case read_case(const std::filesystem::path& path) {
  Case of;
  std::ifstream file(path);
  std::string rules, line;
  Table* table = nullptr;
  while (std::getline(file, line)) {
    if (line.starts_with("#") && rules.empty()) continue;
    if (line.starts_with("--- file h/")) {
      for (Table* each : of.tables.all()) {
        if (line.substr(11) == each->file) table = each;
      }
    } else if (line.starts_with("as of ")) {
      of.as_of = twin::read_time(line.substr(6)).at;
    } else if (line.starts_with("known at ")) {
      of.known_at = twin::read_time(line.substr(9)).at;
    } else if (table != nullptr && table->columns.empty()) {
      table->columns = cells_of(line);
    } else if (table != nullptr) {
      table->rows.push_back(cells_of(line));
    } else if (line != "--- file rules.plumb") {
      rules += line + "\n";
    }
  }
  of.draft.declarations = {rules};
  const Compiled compiled = compile(rules);
  EXPECT_TRUE(compiled.book) << path << ": " << compiled.why;
  of.book = compiled.book;
  return of;
}

TEST(Twin, AgreesOnCasesByName) {
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PLUMB_PROPERTY_CASES)) {
    const Case of = read_case(entry.path());
    EXPECT_TRUE(of.as_of.known()) << entry.path() << " does not say as of when";
    EXPECT_EQ(disagreement(of), "") << entry.path();
    ++cases;
  }
  EXPECT_GT(cases, 0);
}

}  // namespace
}  // namespace plumb::property
