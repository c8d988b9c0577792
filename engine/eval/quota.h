#pragma once

#include <functional>
#include <vector>

#include "eval/leave.h"
#include "eval/obligation.h"

/// What `every … expect` is made of: which periods are judged, which way each can still go, and what is said of it.
namespace plumb::eval {

/// One period of one subject.
struct Quota {
  const time::Calendar* calendar;
  time::Interval period;
  Instant deadline;
  std::vector<Window> windows;  // of the periods that are judged together, its own the last

  Instant window_from() const { return windows.front().from; }
};

/// Of whom a quota is asked.
struct Asked {
  std::uint32_t subject;
  std::uint32_t person = nobody;
  std::uint32_t team = nobody;
  std::uint32_t owed_by = nobody;
  std::vector<std::uint32_t> members = {};  // whose holidays and leave reduce it
  bool members_told = true;                 // false: others may be of them, since nobody knows their team
};

/// Whether another version of the rule is about the subject in a period.
using Asks = std::function<Truth(RuleRun& version, const time::Calendar& calendar, const time::Interval& period)>;
/// The periods of which this version of the rule asks anything, from `begin` on until the horizon, in order. Of a
/// period that is judged with some before it the last version asks whose day none of them began before.
std::vector<Quota> quotas(const RuleRun& run, const time::Calendar& calendar, Instant begin, const Asks& asks);
/// The same where whoever owes it may have a calendar of his own: each period by the one that counts when it starts.
using CalendarAt = std::function<const time::Calendar&(const time::Calendar& of_period, Instant)>;
std::vector<Quota> quotas_of(const RuleRun& run, Instant begin, const CalendarAt& calendar_at, const Asks& asks);

/// Which way a condition can still go while its window runs: a count that asks for enough can only come true, one that
/// allows no more only become false.
enum class Course : std::uint8_t { floor, ceiling, open };
/// `stated`: by a point, so that an attribute may come to be another.
Course course_of(const Plan& plan, Id<model::Expr> condition, bool stated);

/// The condition as it is looked at for a period, by what there is before the cut.
Context context_of(const RuleRun& run, View& view, const Asked& asked, const Quota& quota, Instant cut);
/// From when on anything may count: what names the period from where that begins, also before its window does.
Instant counted_from(const RuleRun& run, const Quota& quota);

/// Where a condition turned. `by_day`: or later on that day, since what turned it may have a date alone.
struct Turned {
  Instant at = Instant::unknown();
  bool by_day = false;
};
/// The instant before `cut` at which a condition of one course turned, by bisection over the instants of its members.
Turned turned(const RuleRun& run, View& view, const Asked& asked, const Quota& quota, Instant cut, Truth to);

/// What is left of the threshold in the periods that are judged together.
Share share_of(const RuleRun& run, const Asked& asked, const Quota& quota);

/// The number of a calendar, into Plan::calendars.
inline std::uint32_t number_of(const Plan& plan, const time::Calendar& calendar) {
  return static_cast<std::uint32_t>(&calendar - plan.calendars.data());
}
/// As far as it can be shown.
std::int64_t whole(Rational r);

/// By what it is adjusted, so that everybody can check it.
void give_adjustments(RuleRun& run, const Asked& asked, const Quota& quota);
/// How much of it is asked, or what would have to be known to say so (`untold`).
void give_share(RuleRun& run, const Asked& asked, const Quota& quota, const Share& share, bool untold);
/// What was not so by the deadline, the context's cut, and by how much what made it so was late; takes that as
/// evidence.
void give_late(RuleRun& run, const Asked& asked, const Quota& quota, const Context& by_deadline, const Turned& late);
/// How far it has come; while it is due also what is still needed, and where it would be by now if it came evenly.
void give_progress(RuleRun& run, const Asked& of, const Quota& quota, const Context& context, bool due);

}  // namespace plumb::eval
