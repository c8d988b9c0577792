#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "property/case.h"
#include "property/census.h"
#include "property/environment.h"

/// Engine and twin answer every random question alike.
namespace plumb::property {
namespace {

TEST(Twin, AgreesWithTheEngine) {
  const std::uint64_t first = from_environment("PLUMB_SEED", 1);
  const std::uint64_t cases = from_environment("PLUMB_CASES", 1500);
  const std::uint64_t bear = from_environment("PLUMB_FAILURES", 1);
  const bool shorten = from_environment("PLUMB_SHRINK", 1) != 0;
  std::uint64_t failures = 0;
  Census census;
  int refused = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    const Case each = random_case(seed, refused);
    ASSERT_TRUE(each.book) << "seed " << seed;
    std::vector<Told> told;
    const bool agreed = disagreement(each, &told).empty();
    census.count(each, told);
    if (agreed) continue;
    const Case small = shorten ? shrink(each) : each;
    ADD_FAILURE() << "seed " << seed << "\n" << to_text(small) << disagreement(small);
    if (++failures >= bear) break;
  }
  fmt::print("{}{} cases from seed {}, {} declarations refused, {} disagreements\n", census.to_text(), cases, first,
             refused, failures);
  if (cases < 1000) return;  // too few to have everything
  EXPECT_EQ(census.lacking(), std::vector<std::string>());
}

}  // namespace
}  // namespace plumb::property
