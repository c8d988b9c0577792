#pragma once

#include <optional>
#include <string>
#include <vector>

#include "source/source.h"
#include "suite/coverage.h"
#include "suite/suite.h"

namespace plumb::suite {

/// What came of the tests of one rulebook.
struct Ran {
  std::string path;     // as it was asked for
  std::string trouble;  // why its tests could not be run: it cannot be read, or does not compile; else empty
  SuiteRun suite;
  Coverage coverage;
};

struct Total {
  std::size_t tests = 0, passed = 0;
  std::size_t points = 0, exercised = 0;

  std::size_t failed() const { return tests - passed; }
  /// Tenths of a percent, rounded down. Missing: 1000 where there is nothing to exercise.
  std::size_t per_mille() const { return points == 0 ? 1000 : exercised * 1000 / points; }
};
Total total(const std::vector<Ran>& all);

struct HumanStyle {
  bool colour = false;
  bool gaps = false;  // what no test exercises, each
};

/// Each failure with what was expected, what is, and what that rests on; then the numbers.
std::string render_human(const std::vector<Ran>& all, const source::Map& texts, const HumanStyle& style);
/// One document: `tests`, `passed`, `failed`, `coverage`, `rulebooks`. Instants in UTC; what is not known is left out.
std::string render_json(const std::vector<Ran>& all, const source::Map& texts);
/// One test suite for each rulebook, one test case for each test.
std::string render_junit(const std::vector<Ran>& all, const source::Map& texts);

/// rules.plumb:12. Missing: empty for what nobody wrote.
std::string place_text(const source::Map& texts, source::Span span);
/// 87.5%
std::string percent_text(std::size_t per_mille);
/// true of `amount is known` in has_amount.
std::string gap_text(const Point& point);

}  // namespace plumb::suite
