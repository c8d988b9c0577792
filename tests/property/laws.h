#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "property/case.h"
#include "property/engine.h"
#include "property/environment.h"
#include "property/twin/clock.h"

/// What the tests of laws share: random cases, and what the engine says of them.
namespace plumb::property {

/// A random case, its rulebook compiled. The draws that follow are the law's own.
struct Drawn {
  std::uint64_t seed;
  Chance chance;
  Case of;

  const model::Rulebook& book() const { return *of.book; }
  std::vector<Told> told(const Tables& tables) const { return told(tables, of.as_of); }
  std::vector<Told> told(const Tables& tables, time::Instant as_of) const {
    return evaluate(book(), tables, as_of, time::Instant::max());
  }
  std::vector<Told> told(const model::Rulebook& other, const Tables& tables) const {
    return evaluate(other, tables, of.as_of, time::Instant::max());
  }
  const model::Rule& rule(const Told& told) const {
    for (const model::Rule& each : book().rules) {
      if (each.name == told.rule) return each;
    }
    throw std::runtime_error("a verdict is of a rule");
  }
  /// The rule that it is about: of a response, the one that it responds to.
  const model::Rule& asked(const Told& told) const {
    const model::Rule& found = rule(told);
    return found.responds_to ? book().rules[found.responds_to->rule] : found;
  }
  bool has_holds() const {
    const auto hold = [](const auto& of) { return of.on_hold; };
    return std::ranges::any_of(book().stages, hold) ||
           std::ranges::any_of(book().processes, [](const model::Process& each) { return bool(each.on_hold_while); });
  }
  bool of_deal(const Told& told) const { return rule(told).subject.kind == model::SubjectKind::deal; }
  twin::Clock clock() const {
    return twin::Clock(book().calendars.empty() ? time::CalendarSpec{} : book().calendars.front().spec);
  }
};

/// Calls `law` for so many random cases; it returns what is wrong, or nothing.
template <class Law>
void for_random_cases(const Doubts& doubts, Law law) {
  const std::uint64_t first = from_environment("PLUMB_SEED", 1);
  const std::uint64_t cases = from_environment("PLUMB_LAW_CASES", 60);
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    int refused = 0;
    Drawn drawn{seed, Chance(seed * 31 + 7), random_case(seed * 10, doubts, refused)};  // each by its own calendar
    ASSERT_TRUE(drawn.of.book) << "seed " << seed;
    const std::string wrong = law(drawn);
    ASSERT_EQ(wrong, "") << "seed " << seed << "\n" << to_text(drawn.of);
  }
}

template <class Keep>
std::vector<Told> only(std::vector<Told> all, Keep keep) {
  std::erase_if(all, [&](const Told& told) { return !keep(told); });
  return all;
}

}  // namespace plumb::property
