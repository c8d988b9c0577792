#pragma once

#include <cstdint>
#include <string>

#include "property/histories.h"
#include "property/rulebooks.h"
#include "property/tables.h"
#include "property/told.h"

/// One random question that two evaluators answer.
namespace plumb::property {

struct Case {
  Draft draft;
  Tables tables;
  time::Instant as_of, known_at = time::Instant::max();
  std::shared_ptr<const model::Rulebook> book = {};  // of the draft. Missing: nullptr when it cannot be compiled
};

/// `refused` counts the declarations that had to be left out, since the language refuses them.
Case random_case(std::uint64_t seed, int& refused, bool reading_verdicts = true);
/// With these doubts about the history and no others.
Case random_case(std::uint64_t seed, const Doubts& doubts, int& refused, bool reading_verdicts = true);

/// How the answers of engine and twin differ; empty when they agree, or when the case cannot be compiled. `told`: what
/// the engine says.
std::string disagreement(const Case& of, std::vector<Told>* told = nullptr);

/// A smaller case that still differs: declarations, deals, facts and cells left out as long as it does.
Case shrink(Case of);

std::string to_text(const Case& of);

}  // namespace plumb::property
