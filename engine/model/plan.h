#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/id.h"
#include "model/expr.h"
#include "model/facts.h"
#include "model/rule.h"
#include "time/time.h"

/// What the numbers ask for: measures, targets and plans.
namespace plumb::model {

using source::Span;

struct Measure {
  std::string name;
  Id<Expr> value;
  std::string title;
  Header header;
  Span span;
};

/// `is V in S or later where C from DATE`. Missing: no stages for any, no `where` for all, no day for always.
struct TargetCase {
  Id<Expr> value;
  std::vector<Id<Stage>> stages;
  Id<Expr> where;
  std::optional<time::Day> from;
  Span span;
};
/// A number with a name. Of the cases that apply on a day the most particular one governs: stage and condition before
/// either before none, then the latest `from`.
struct Target {
  std::string name;
  std::string title;
  Type type;                              // of every case
  std::vector<TargetCase> cases;          // in the order of the text
  std::optional<Basis> basis;             // missing: none given
  std::string because;
  Header header;
  Span span;
};

/// `, else of team`, `, else 40%, 60%`.
struct Fallback {
  std::string of;                         // team, company; empty where there are values
  std::vector<Id<Expr>> values;
};
/// A plan: a target, worked back to what has to happen before it.
struct Plan {
  std::string name;
  std::string title;
  Id<Expr> target;                        // money or a count
  Id<Expr> achieved;                      // what counts towards it: an aggregate of its type
  time::Period period = time::Period::quarter;
  Subject subject;
  Id<Expr> worth;                         // what one deal is worth: money; none where the target is a count
  std::optional<Given> worth_given;
  std::vector<Fallback> worth_else;
  std::vector<Id<Event>> steps;           // from the last (won) to the first
  std::int64_t rates_over = 0;            // so many periods
  time::Period rates_period = time::Period::quarter;
  std::optional<Given> rates_given;
  std::vector<Fallback> rates_else;       // values: one for each rate, steps − 1 of them, the last step's first
  std::optional<time::Duration> reached_within;
  AggregateFunction lead_time = AggregateFunction::median;
  std::optional<time::Duration> lead_time_fixed;
  std::vector<Decimal> ramp;              // fractions; the last one stays
  time::Period ramp_by = time::Period::month;
  std::vector<Adjustment> adjusted_for;
  std::optional<Basis> basis;
  std::string because;
  Header header;
  Span span;
};

}  // namespace plumb::model
