#pragma once

#include <string>
#include <string_view>

#include "suite/judge.h"

namespace plumb::suite {

/// Why a rule asks nothing of a deal or a person, in a clause: `meeting` has not happened. Missing: empty where none of
/// what a test can change stands out.
std::string why_nothing(const Evaluated& evaluated, const model::Rule& rule, std::string_view subject);

}  // namespace plumb::suite
