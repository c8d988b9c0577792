#pragma once

#include "eval/members.h"

/// What stands at an instant, whatever happened: deals, open deals, people.
namespace plumb::eval {

/// Adds the stretches in which the loaded deal belongs to somebody (and is open, where only open deals are asked for).
void collect_standing(View& view, const WantedList& wanted, MemberList& list);

/// Whether a person is employed on a day.
bool employed(const history::People& people, std::uint32_t person, time::Day day);

}  // namespace plumb::eval
