#include <gtest/gtest.h>

#include <array>

#include "unit/check/checking.h"

namespace plumb::check::testing {
namespace {

struct Kind {
  std::string_view type;
  bool quantity = false, timed = false;
};
constexpr std::array<Kind, 11> kinds{{{"money", true},
                                      {"percent", true},
                                      {"count", true},
                                      {"number", true},
                                      {"days", true},
                                      {"date", false, true},
                                      {"instant", false, true},
                                      {"text"},
                                      {"person"},
                                      {"stage"},
                                      {"note"}}};

/// The codes of what is said of a comparison of `one` with `other`, two fields of a deal.
std::string codes(std::string_view one, std::string_view other, std::string_view comparison) {
  const Checked checked(fmt::format("fields deal {{ mine {}   theirs {} }}\nmust a {{ for each deal at won expect mine {} theirs }}",
                                    one, other, comparison));
  std::string result;
  for (const diagnostics::Diagnostic& diagnostic : checked.sink.all()) result += diagnostic.code;
  return result;
}

TEST(Types, EachHasItsComparisons) {
  for (const Kind& kind : kinds) {
    const bool note = kind.type == "note";
    const auto expected = [&](bool fits) { return note ? "note-tested" : fits ? "" : "wrong-comparison"; };
    for (const std::string_view word : {"is", "is not", "is one of"})
      EXPECT_EQ(codes(kind.type, kind.type, word), expected(true)) << kind.type << " " << word;
    for (const std::string_view word : {"is at least", "is at most", "is more than", "is less than"})
      EXPECT_EQ(codes(kind.type, kind.type, word), expected(kind.quantity)) << kind.type << " " << word;
    for (const std::string_view word : {"is before", "is after", "is not before", "is not after"})
      EXPECT_EQ(codes(kind.type, kind.type, word), expected(kind.timed)) << kind.type << " " << word;
  }
}

TEST(Types, OnlyCountsAndNumbersMix) {
  for (const Kind& one : kinds) {
    for (const Kind& other : kinds) {
      const bool numbers = (one.type == "count" || one.type == "number") && (other.type == "count" || other.type == "number");
      if (one.type == other.type || numbers) continue;
      const bool note = one.type == "note" || other.type == "note";
      EXPECT_EQ(codes(one.type, other.type, "is"), note ? "note-tested" : "types-differ") << one.type << " " << other.type;
    }
  }
}

TEST(Types, AChoiceComparesWithItsWordsOnly) {
  for (const Kind& other : kinds) EXPECT_EQ(codes("one of x, y", other.type, "is"), "unknown-choice") << other.type;
}

}  // namespace
}  // namespace plumb::check::testing
