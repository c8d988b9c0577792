#pragma once

#include <string>
#include <vector>

#include "eval/run.h"
#include "suite/suite.h"

/// Holding one expectation against an evaluation. Nothing outside of suite/ includes this.
namespace plumb::suite {

/// A test's history as of one instant.
struct Evaluated {
  const model::Rulebook& book;
  const TestHistory& told;
  const eval::Evaluation& evaluation;
};

/// Rows of the verdicts: the obligations of the rule for the subject, and of these those that opened when it says.
struct Matches {
  std::vector<std::size_t> all, chosen;
};
Matches matches_of(const Evaluated& evaluated, const model::Test& test, const model::TestExpectation& expectation);

/// What is found, and whether it passes.
void judge(const Evaluated& evaluated, const model::Test& test, const model::TestExpectation& expectation,
           Checked& checked);

/// The obligation of a row, as people are told of it.
Turned turned(const Evaluated& evaluated, std::size_t row);

/// The obligations that an expectation is about: the one that it means, and of several that opened at once those that
/// are so. Missing: empty where it does not say which it means.
std::vector<std::size_t> meant(const Evaluated& evaluated, const model::Test& test,
                               const model::TestExpectation& expectation);

std::vector<eval::Reason> reasons_of(const eval::Verdicts& verdicts, std::size_t row);

}  // namespace plumb::suite
