#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "suite/suite.h"

/// What the tests of a rulebook leave alone.
namespace plumb::suite {

enum class Part : std::uint8_t { rule, stage, move, condition, deadline };
std::string_view to_text(Part part);

/// One thing that a test can exercise, and whether one does.
struct Point {
  Part part = Part::rule;
  std::string of;    // the rule, PROCESS.STAGE, or PROCESS
  std::string what;  // condition: its words; move: `talk -> offer`; else empty
  std::string side;  // condition: true, false; deadline: met, passed; else empty
  source::Span span;
  bool exercised = false;
  std::string why;  // why not; empty when it is
};

/// Rows: each rule is one point, each stage, each move of a process's paths, each side of each condition, and both
/// sides of each deadline; in the order of the rulebook.
struct Coverage {
  std::vector<Point> points;

  std::size_t exercised() const;
  /// Tenths of a percent, rounded down: 100 % is all. Missing: 1000 where there is nothing to exercise.
  std::size_t per_mille() const;
};

/// A rule is exercised by an expectation about one of its obligations; a stage or a move by a deal that enters or makes
/// it before something is expected; a side of a condition by such an obligation that it decided, or, of a
/// rule's `where` and `while`, by a subject for which it was so when something (or nothing) is expected; a deadline by
/// an obligation that is expected to be kept, and to be missed or late. `is_own`: whether a declaration stands in the
/// rulebook itself, and not in one that it builds on.
Coverage coverage_of(const model::Rulebook& book, const Exercised& exercised,
                     const std::function<bool(source::Span)>& is_own);

}  // namespace plumb::suite
