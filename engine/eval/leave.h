#pragma once

#include <vector>

#include "eval/plan.h"
#include "eval/value.h"
#include "model/rule.h"

/// People's leave, and how much of a threshold is left of it (semantics.md §4, Quota).
namespace plumb::eval {

struct Trace;

/// Whether somebody is on leave on a day. Missing: unknown outside what is observed of leave, and where a leave may
/// have been recorded too late for the known-at.
Truth on_leave(const Plan& plan, std::uint32_t person, time::Day day);

/// Says which facts about his leave in a period nobody knows.
void lack_leave(const Plan& plan, std::uint32_t person, time::Interval period, Trace& trace);

/// Whether a leave that starts on a day may be one that goes on from another, whose beginning or end nobody knows.
bool may_go_on(const Plan& plan, std::uint32_t person, time::Day start);

/// How much of a threshold is asked: the parts of its periods that are left, added up. Unit: periods. `low` and `high`
/// differ where it is not known which days were leave.
struct Share {
  Rational low, high;
  bool known = true;        // false: a percentage that is not known
  bool reduced = false;     // something is taken off, or may be
  Id<model::Field> lacks;   // the percentage that is not known
  std::vector<Share> each;  // of several periods, the first one first
  bool nothing() const { return known && high.n == 0; }
};

/// What a rule asks of `people` (the mean of them) in a period: of the period's working days the share that is left
/// after holidays and leave, each day weighted with the percentages that hold on it. In a calendar without working
/// hours every day is a working day. Cost: linear in the days of the period.
Share asked_in(const Plan& plan, const model::Rule& rule, const std::vector<std::uint32_t>& people,
               const time::Calendar& calendar, time::Interval period);

void add(Share& sum, const Share& more);

/// The working days of all of them in a period that the share above is of. Unit: days.
std::int64_t days_asked_of(const model::Rule& rule, const std::vector<std::uint32_t>& people,
                           const time::Calendar& calendar, time::Interval period);

/// The part of the working days that are left in a period of `people` that is over at an instant; weighted as above.
Rational gone_by(const Plan& plan, const model::Rule& rule, const std::vector<std::uint32_t>& people,
                 const time::Calendar& calendar, time::Interval period, Instant now);

/// By what a threshold is adjusted in a period: each holiday, each row of leave that takes off a working day, each row
/// with a percentage that is not the whole. `number`: the calendar's, in the plan.
void tell_adjustments(const Plan& plan, const model::Rule& rule, const std::vector<std::uint32_t>& people,
                      std::uint32_t number, time::Interval period, std::vector<Reason>& out);

}  // namespace plumb::eval
