#pragma once

#include <optional>
#include <vector>

#include "eval/asked.h"

/// When `while A expect B` asks for B of a subject, and `throughout` of people, teams and the company, where A is that
/// the rule is about them.
namespace plumb::eval {

/// A maximal stretch over which a condition keeps one value.
struct Stretch {
  Instant from;
  Instant until;
  Truth holds;
};

/// While A holds and the subject is open, or employed: the stretch, what A was, and B's stretches within it.
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
  bool may_lapse_on = false;  // a lapse with which one before it ended, and B was asked for, may go on in it
};

/// Rows: in order and apart; those of a rule by the version that was in force when each began. Whoever owes it when it
/// opens, by his calendar it is asked until it ends. Cost: O(turns), each of which asks A and B once.
std::vector<Interval> lasting(RuleRun& run, View& view);

/// When what made something turn at an instant came, by a calendar: what has a date alone on that date as it is written.
Instant turn_as_written(const RuleRun& run, const View& view, Instant at, const time::Calendar& calendar);

/// Whether what is asked goes on from one interval to the next, or may.
bool may_go_on(const Interval& one, const Interval& next);
/// The interval as it was if A did not end where that cannot be told.
Interval gone_on(const std::vector<Interval>& all, std::size_t i);

/// What an obligation comes to by one reading.
struct Outcome {
  Instant deadline, settled;
  Verdict verdict;
  bool held;                                    // due: the clock stands still at the horizon
  Instant perhaps_missed = Instant::unknown();  // as Earlier::missed
  Instant surely_missed = Instant::unknown();   // as Earlier::surely_missed
};
/// What it comes to where the readings of when A ended differ: due as long as it is by one of them. What was done is
/// done, late, also where nobody may have asked for it any more.
Outcome by_both(const Outcome& one, const Outcome& other);
/// Says in the trace why it cannot be told whether anything is asked.
void lack_asked(RuleRun& run, View& view, Instant now, const time::Calendar& calendar);
/// Who owes what is asked in an interval, by whose calendar. Missing: nullopt where nothing is to be judged: what was
/// asked before only goes on, or whether anything is asked cannot be told, which is written down.
struct Owing {
  std::uint32_t owner;
  const time::Calendar& calendar;
};
std::optional<Owing> owing(RuleRun& run, View& view, const Interval& interval);

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
