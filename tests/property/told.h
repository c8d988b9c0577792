#pragma once

#include <compare>
#include <string>
#include <vector>

#include "time/time.h"

/// What an evaluation says, in the terms of no particular evaluator.
namespace plumb::property {

using time::Instant;

/// One obligation. Instants: unknown where there is none, or none can be told. `period`: where it starts, of a quota.
struct Told {
  std::string rule, subject, owed_by;
  std::int64_t opened = Instant::unknown().micros, period = Instant::unknown().micros;
  std::int64_t deadline = Instant::unknown().micros, settled = Instant::unknown().micros;
  std::string verdict;
  std::string why;  // of what was excused: by what; of what is due: `on hold`, where that keeps it without a date
  friend auto operator<=>(const Told&, const Told&) = default;
};

std::string to_text(const Told& told);
std::string to_text(const std::vector<Told>& all);

/// What only one of two sorted lists has, a line each, marked `engine` and `twin`, or as one says. Empty: the same.
std::string difference(const std::vector<Told>& a, const std::vector<Told>& b, const char* of_a = "engine",
                       const char* of_b = "twin");

}  // namespace plumb::property
