#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "model/expr.h"
#include "model/facts.h"
#include "model/rule.h"
#include "time/time.h"

/// Ladders: what happens when the same thing is missed again and again. Help comes before any choice.
namespace plumb::model {

using source::Span;

struct LadderStart {
  enum class Of : std::uint8_t { same_right, right, rule } of = Of::same_right;
  Right right = Right::none;              // right
  std::string rule;                       // rule: its name
  std::int64_t missed = 0, out_of = 0;    // missed in so many of so many periods
  time::Period period = time::Period::month;
};
/// `manager tells person`, `manager records R`, `manager holds 2 E`, `person owes R every day for at most D`.
struct RungStep {
  enum class Act : std::uint8_t { tells, records, holds, owes } act = Act::tells;
  std::string who;                        // manager, person, or a role
  std::string told;                       // tells: whom
  Id<Record> record;                      // records; holds: a record of that kind counts, too
  Id<Event> event;                        // holds
  std::string rule;                       // owes
  std::int64_t times = 1;                 // holds
  bool every_business_day = false;        // owes
  std::optional<time::Period> every;      // owes
  std::optional<time::Duration> at_most;  // owes
  std::optional<time::Duration> within;
  Id<Record> only_after;                  // a record that has to be there first
  Span span;
};
struct Rung {
  std::string name;
  std::string title;
  std::vector<RungStep> steps;
  Span span;
};
/// `waits at coach while C`. Missing: no rung for all of them.
struct LadderWait {
  std::optional<std::uint32_t> rung;      // its row
  Id<Expr> condition;
};
struct Ladder {
  std::string name;
  std::string title;
  Subject subject;
  LadderStart starts;
  std::vector<Rung> rungs;                // lowest first
  std::optional<time::Period> climbs_in_next;
  std::vector<LadderWait> waits;
  std::int64_t clears_after = 0;          // so many periods kept; 0: never
  time::Period clears_period = time::Period::month;
  std::string because;
  Header header;
  Span span;
};

}  // namespace plumb::model
