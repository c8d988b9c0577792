#pragma once

#include <cstdint>
#include <vector>

#include "eval/plan.h"

namespace plumb::eval {

/// Who is there to be asked anything as of the horizon: whoever a list names, and who acts, owns or is spoken of in
/// what had happened by then: 1, else 0. Somebody of whom only later facts speak is not known yet. Rows: as
/// History::people. Cost: one pass over the events, until everybody is known.
std::vector<std::uint8_t> known_people(const Plan& plan);

/// Whether a deal is not there yet, nor anything of it: created later, or written down too late.
bool is_later(const Plan& plan, std::uint32_t deal);

}  // namespace plumb::eval
