#pragma once

#include "eval/members.h"

/// What stands at an instant, whatever happened: deals, open deals, people.
namespace plumb::eval {

/// Adds the stretches in which the loaded deal belongs to somebody (and is open, where only open deals are asked for).
void collect_standing(View& view, const WantedList& wanted, MemberList& list);

/// Whether a person is employed on a day.
bool employed(const Plan& plan, std::uint32_t person, time::Day day);
/// Whether there may be a day from which on a person is employed no more.
bool may_leave(const Plan& plan, std::uint32_t person);
/// Whether a person is gone by a day, as far as `active` says it. `no`: from the row's day on; where that has none
/// nobody knows since when. What nobody knows: he may be. No where it is said when he left.
Truth gone(const Plan& plan, std::uint32_t person, time::Day day);

/// Whether a person is there on a day: employed, as far as that is known.
Truth present(const Plan& plan, std::uint32_t person, time::Day day);

/// The team of a person on a day, as the key of a list. Missing: `nobody` in none, `anybody` where nobody knows which.
std::uint32_t team_key(const Plan& plan, std::uint32_t person, time::Day day);
/// Whether the data says in which team a person is on a day, or that he is in none.
bool team_told(const Plan& plan, std::uint32_t person, time::Day day);

}  // namespace plumb::eval
