#pragma once

#include <vector>

#include "eval/obligation.h"

/// When `while A expect B` asks for B of a subject.
namespace plumb::eval {

/// A maximal stretch over which a condition keeps one value.
struct Stretch {
  Instant from;
  Instant until;
  Truth holds;
};

/// While A holds and the subject is open: the stretch, what A was, and B's stretches within it.
struct Interval {
  Instant from;
  Instant until;
  Truth asked;   // A, with the rule's filter; never no
  bool ended;    // A ended, or the deal closed; otherwise the horizon came first
  bool doubted;  // when it began, whether an earlier version asked could not be told
  std::vector<Stretch> kept;
  bool perhaps_ended = false;  // whether A ended there cannot be told
  bool only_goes_on = false;   // the version was over: nothing began there, but what was asked before may go on
  /// It began where whether A held before cannot be told: since then B may have been asked for, and false. Unknown:
  /// neither.
  Instant lapsed_since = Instant::unknown();
};

/// Rows: in order and apart; those of a rule by the version that was in force when each began. Whoever owes it when it
/// opens, by his calendar it is asked until it ends. Cost: O(turns), each of which asks A and B once.
std::vector<Interval> lasting(RuleRun& run, View& view);

/// The interval as it was if A did not end where that cannot be told.
Interval gone_on(const std::vector<Interval>& all, std::size_t i);

/// A and whatever narrows the rule's subjects; a closed deal is asked nothing unless the rule says so. `running`: it
/// has been asked without a break, and goes on by the version that was in force when it began.
Truth asked_at(RuleRun& run, View& view, Instant now, const time::Calendar& calendar, bool running);
/// Whether the deal is open just after an instant: the event that closes it ends what runs.
Truth open_after(const View& view, Instant now);

/// From where a condition of the rule is looked at.
Context context_at(const RuleRun& run, View& view, Instant cut, const time::Calendar& calendar);
/// The calendar of whoever owes it at an instant.
const time::Calendar& calendar_at(const RuleRun& run, View& view, Instant at);

}  // namespace plumb::eval
