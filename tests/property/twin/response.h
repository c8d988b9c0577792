#pragma once

#include <vector>

#include "property/twin/judge.h"

/// What `after E expect C within D` and what is done about a verdict have in common.
namespace plumb::twin {

struct Asked {
  const Look& look;
  const model::Rule& rule;
  const Opening& opening;
  Instant deadline;  // by one reading of the deal's holds
  Instant close, horizon;
  Instant used_until = {};  // known: what holds until then has answered another already
  const Fact* closing = nullptr;  // with a date alone: what moved the deal behind it on its day is no answer
  bool reached_by_day = false;    // it opens with what has a date alone, and no sooner than that on its day

  // The deadline, or the end of the deal if that comes first.
  Instant last_chance() const {
    return std::min(deadline, close == Instant::max() ? close : Instant{close.micros + 1});
  }
};

/// From where the condition is asked at an instant.
Moment moment(const Asked& asked, Instant now);

/// The first instant of [from, until) at which the condition is true. Missing: unknown.
Instant first_true(const Asked& asked, Instant from, Instant until);

/// Whether a date without a time of day may have made it true for a while, before the deadline.
bool may_have_been(const Asked& asked);
/// Whether it is true from an instant on in whatever order what has a date alone came within its day.
bool in_any_order(const Asked& asked, Instant from, Instant until);

/// A time at which what was expected came about, or may have.
struct Answer {
  const Fact* fact = nullptr;
  Instant at;  // unknown: nobody can say
  Tri in_time = Tri::no;
  Instant perhaps = {};  // known: it may have come then already
};
/// `late_at_best`: those alone that would be late, if they are answers.
std::vector<Answer> answers(const Asked& asked, bool late_at_best = false);

}  // namespace plumb::twin
