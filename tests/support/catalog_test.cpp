// Each message that the product can say is seen in at least one golden test.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "diagnostics/diagnostic.h"
#include "support/house.h"

namespace plumb::house {
namespace {

std::vector<std::string> unseen_codes(const std::vector<diagnostics::Code>& codes,
                                      const std::vector<std::string>& tests) {
  std::vector<std::string> unseen;
  for (const diagnostics::Code& code : codes) {
    const std::string in_text = fmt::format("[{}]", code.name);
    const std::string in_json = fmt::format("\"{}\"", code.name);
    const bool seen = std::any_of(tests.begin(), tests.end(), [&](const std::string& test) {
      return test.find(in_text) != std::string::npos || test.find(in_json) != std::string::npos;
    });
    if (!seen) unseen.emplace_back(code.name);
  }
  return unseen;
}

TEST(Catalog, IsSeenWholeInTheGoldenTests) {
  std::vector<std::string> tests;
  for (const auto& path : files_below(repository() / "tests" / "golden", {".test"})) tests.push_back(text_of(path));
  const std::vector<std::string> unseen = unseen_codes(diagnostics::catalog(), tests);
  EXPECT_TRUE(unseen.empty()) << unseen.size() << " codes of catalog.def occur in no test below tests/golden:\n  "
                              << fmt::format("{}", fmt::join(unseen, "\n  "));
}

TEST(Catalog, ShowsWhatIsUnseen) {
  using diagnostics::Severity;
  const std::vector<diagnostics::Code> codes = {
      {"a", Severity::error, ""}, {"b-c", Severity::error, ""}, {"d", Severity::note, ""}};
  EXPECT_EQ(unseen_codes(codes, {"# ^ error[a]: x", "{\"code\":\"d\"}"}), std::vector<std::string>{"b-c"});
  EXPECT_EQ(unseen_codes(codes, {}).size(), 3u);
}

}  // namespace
}  // namespace plumb::house
