#pragma once

#include <vector>

#include "property/twin/party.h"

/// What `while A expect B` asks, and when; `throughout` of people, teams and the company is asked as if of a condition
/// that always holds.
namespace plumb::twin {

/// Conditions as functions of time: what they are from here until the next one.
struct Stretch {
  Instant from, until;
  Tri asked, held;
  bool anew;    // what was asked before has ended, by the calendar of whoever it was asked of
  Tri goes_on;  // whether it has: no, or nobody can tell
  bool tail;    // the version was over: nothing begins here, but what was asked before may go on
};

/// By the versions of the rule: what begins before a version's day goes on by the one that it began with, and the next
/// one asks nothing as long as it does.
std::vector<Stretch> stretches(const Party& party);
/// Whoever owes what opens then.
Debtor debtor_at(const Party& party, Instant at);
/// When the conditions of the rule may turn, from `begin` on.
std::vector<Instant> turns_of(const Party& party, Instant begin);

/// What is asked from one stretch to the next may be the same. `from + 1` is one of them.
bool may_go_on(const std::vector<Stretch>& all, std::size_t from);

/// How conditions are looked at, by the default calendar.
Moment moment_of(const Look& look, Instant now);

}  // namespace plumb::twin
