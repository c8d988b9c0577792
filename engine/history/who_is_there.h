#pragma once

#include <string_view>

#include "history/history.h"

namespace plumb::history {

/// The column of people that says whether somebody is there; where a rulebook declares a field of that name with other
/// values than yes and no, these are in the first, and it is in the second.
inline constexpr std::string_view who_is_there = "active", who_is_there_besides = "active, yes or no";

/// Rows: as those of people; unreadable: nobody knows. Missing: null.
const Column* who_is_there_in(const People& people);

}  // namespace plumb::history
