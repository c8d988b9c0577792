#include <fmt/format.h>
#include <gtest/gtest.h>

#include "property/case.h"
#include "property/engine.h"
#include "property/environment.h"
#include "unit/explain/flip.h"

namespace plumb::property {
namespace {

// What is offered keeps the obligation, whatever the rulebook asks; where nothing is offered it is said why. Random
// rulebooks ask for much that no fact can bring about: what is promised of how often there is a change, unit_explain
// holds over rules that somebody would write.
TEST(Explain, TheChangeThatIsOfferedFlipsTheVerdict) {
  const std::uint64_t first = from_environment("PLUMB_SEED", 1), cases = from_environment("PLUMB_CASES", 300);
  explain::testing::Flips flips;
  int refused = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    const Case each = random_case(seed, refused);
    const Compiled compiled = compile(each.draft.text());
    ASSERT_TRUE(compiled.book) << "seed " << seed;
    const history::History history = load(*compiled.book, each.tables);
    const eval::Options options{.as_of = each.as_of, .threads = 1};
    const auto evaluation = eval::run(*compiled.book, history, options);
    ASSERT_TRUE(evaluation);
    flips.add({*compiled.book, history, *evaluation, {}, {}}, options, report::default_calendar(*compiled.book).zone(),
              fmt::format("seed {}", seed));
    if (HasFailure()) {
      fmt::print("{}", to_text(each));
      break;
    }
  }
  fmt::print("{} of {} missed and due obligations flip\n", flips.all.flipped, flips.all.asked);
  EXPECT_GT(flips.all.asked, cases);
}

}  // namespace
}  // namespace plumb::property
