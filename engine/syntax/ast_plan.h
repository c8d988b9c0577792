#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "syntax/ast_clause.h"

/// What the numbers ask for: measures, targets and plans.
namespace plumb::syntax::ast {

struct Measure { Name name; std::optional<Text> title; ExprId value; Header header; Body body; Span span; };

/// `is V in S or later where C from DATE`.
struct TargetCase {
  ExprId value;
  std::optional<Name> stage;
  bool or_later = false;
  ExprId where;
  std::optional<time::Day> from;
  Span span;
};
struct Target {
  Name name;
  std::optional<Text> title;
  std::vector<TargetCase> cases;
  std::optional<Basis> basis;
  std::optional<Text> because;
  Header header;
  Body body;
  Span span;
};

/// `, else of team`, `, else 40%, 60%`: what stands in where too little has happened.
struct Fallback {
  std::optional<Name> of;      // else
  std::vector<ExprId> values;  // these
  Span span;
};
/// `target V of P`.
struct PlanTarget { ExprId value; Population population; ExprId where; Span span; };
/// `a deal is worth V given at least N P, else …`.
struct Worth { ExprId value; std::optional<GivenAtLeast> given; std::vector<Fallback> fallbacks; Span span; };
/// `rates over last 4 quarters given at least N P, else …`.
struct Rates {
  std::int64_t count = 0;
  time::Period period = time::Period::quarter;
  std::optional<GivenAtLeast> given;
  std::vector<Fallback> fallbacks;
  Span span;
};
/// `lead time median`, `lead time 90 days`.
struct LeadTime {
  AggregateFunction average = AggregateFunction::median;  // median or mean, where nothing is fixed
  std::optional<DurationLit> fixed;
  Span span;
};
/// `ramp 0%, 50% by month`.
struct Ramp { std::vector<ExprId> steps; time::Period by = time::Period::month; Span span; };
struct Plan {
  Name name;
  std::optional<Text> title;
  std::optional<PlanTarget> target;
  std::optional<time::Period> period;  // every PERIOD
  std::optional<Subject> subject;      // for each SUBJECT
  std::optional<Worth> worth;
  std::vector<Name> work_back;         // from the last step to the first
  std::optional<Rates> rates;
  std::optional<DurationLit> reached_within;
  std::optional<LeadTime> lead_time;
  std::optional<Ramp> ramp;
  std::optional<AdjustedFor> adjusted;
  std::optional<Basis> basis;
  std::optional<Text> because;
  Header header;
  Body body;
  Span span;
};

}  // namespace plumb::syntax::ast
