#pragma once

#include <cstddef>
#include <cstdint>

#include "history/history.h"

namespace plumb::history {

/// Who stands for those of whom nobody knows who they are, a row of People::names. Missing: UINT32_MAX for none.
std::uint32_t unknown_person(const History& history);

/// How many people there are besides.
std::size_t count_people(const History& history);

}  // namespace plumb::history
