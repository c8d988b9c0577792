#pragma once

#include "eval/run.h"
#include "suite/suite.h"

namespace plumb::suite {

/// Holds what a measure comes to for the subject of an expectation against the value that it names.
void judge_measure(const model::Rulebook& book, const TestHistory& told, const model::Test& test,
                   const model::TestExpectation& expectation, const eval::Options& options, Checked& checked);

}  // namespace plumb::suite
