#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "adapters/mapping_file.h"

namespace plumb::adapters {

struct ReadMapping {
  history::Mapping mapping;
  std::vector<std::string> errors;  // 8:9 unknown-mapping-key: a deal row has no key `creatd`
  std::vector<std::string> help;    // of the first error
  std::string suggestion;           // of the first error
};

inline ReadMapping read(const std::string& content) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> text = texts.add("mapping.yaml", content);
  ReadMapping result;
  result.mapping = read_mapping(texts, text, sink);
  for (const diagnostics::Diagnostic& error : sink.sorted()) {
    const source::Place place = texts.begin(error.span);
    if (result.errors.empty()) result.help = error.help;
    if (result.errors.empty() && !error.suggestions.empty()) result.suggestion = error.suggestions[0].text;
    result.errors.push_back(fmt::format("{}:{} {}: {}", place.line, place.column, error.code, error.message));
  }
  return result;
}

inline void PrintTo(const ReadMapping& read, std::ostream* out) {
  for (const std::string& error : read.errors) *out << "\n  " << error;
}

/// What a mapping must say, in two lines; what is tested begins in line 3.
inline const std::string head = "zone: UTC\ncoverage: { everything: always }\n";

/// A mapping whose only row, from line 6 on, has these lines.
inline std::string with_row(const std::string& lines) {
  std::string result = head + "files:\n  - file: deals.csv\n    rows:\n      - ";
  for (const char c : lines) {
    result += c;
    if (c == '\n') result += "        ";
  }
  return result + "\n";
}

/// The one row of such a mapping, without errors.
inline history::RowSpec row(const std::string& lines) {
  const ReadMapping result = read(with_row(lines));
  EXPECT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  if (result.mapping.files.size() != 1 || result.mapping.files[0].rows.size() != 1) {
    ADD_FAILURE() << "one row was expected of\n" << lines;
    return {};
  }
  return result.mapping.files[0].rows[0];
}

/// The build says where the repository is, or the test is run somewhere inside it.
inline std::filesystem::path repository() {
#ifdef PLUMB_REPOSITORY
  return PLUMB_REPOSITORY;
#else
  std::filesystem::path here = std::filesystem::current_path();
  while (!std::filesystem::exists(here / "engine/LAYERS") && here != here.root_path()) here = here.parent_path();
  return here;
#endif
}

inline std::string reference_mapping(const std::string& folder) {
  std::ifstream file(repository() / "tests/reference" / folder / "mapping.yaml", std::ios::binary);
  EXPECT_TRUE(file.is_open()) << "run this inside the repository, or build it with PLUMB_REPOSITORY";
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace plumb::adapters
