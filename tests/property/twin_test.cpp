#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "property/case.h"
#include "property/environment.h"

/// Engine and twin answer every random question alike.
namespace plumb::property {
namespace {

TEST(Twin, AgreesWithTheEngine) {
  const std::uint64_t first = from_environment("PLUMB_SEED", 1);
  const std::uint64_t cases = from_environment("PLUMB_CASES", 1500);
  const std::uint64_t bear = from_environment("PLUMB_FAILURES", 1);
  std::uint64_t failures = 0;
  int refused = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    const Case each = random_case(seed, refused);
    ASSERT_TRUE(compile(each.draft.text()).book) << "seed " << seed;
    if (disagreement(each).empty()) continue;
    const Case small = shrink(each);
    ADD_FAILURE() << "seed " << seed << "\n" << to_text(small) << disagreement(small);
    if (++failures >= bear) break;
  }
  fmt::print("{} cases from seed {}, {} declarations refused, {} disagreements\n", cases, first, refused, failures);
}

}  // namespace
}  // namespace plumb::property
