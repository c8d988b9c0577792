#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "syntax/ast_clause.h"

/// What is expected: rules, checklists, ladders, and the proofs about all of them.
namespace plumb::syntax::ast {

// ---- rules ----------------------------------------------------------------------------------------------------------

enum class Strength : std::uint8_t { must, should, trial };

enum class Shape : std::uint8_t { after, before, at, while_, every, throughout };
/// `by monday 16:30 of the week after or the next business day`.
struct Point {
  std::optional<int> weekday;            // by monday
  std::optional<std::int64_t> day_number;  // by day 5, by business day 5
  bool business = false;
  std::optional<std::int64_t> micros_of_day;
  bool of_period_after = false;
  bool or_next_business_day = false;
  Span span;
};
struct ShapeClause {
  Shape shape = Shape::at;
  EventId event;                        // after, before, at
  ExprId condition;                     // while
  std::optional<time::Period> period;   // every
  std::optional<Point> point;           // by POINT
  Span span;
};

struct Rule {
  Strength strength = Strength::must;
  Name name;                            // with its dots, in a change
  std::optional<Text> title;
  std::optional<Name> right;            // thing, way, time
  std::optional<Subject> subject;
  std::optional<ShapeClause> shape;
  ExprId expect;
  EventId expect_event;                 // expect E: a new occurrence
  std::optional<DurationLit> within, at_least_ahead, lapse_at_most;
  bool even_when_closed = false, each_its_own = false;
  std::vector<GivenAtLeast> given;
  std::optional<AveragedOver> averaged_over;
  std::optional<AdjustedFor> adjusted;
  std::optional<Name> late_counts_as;   // kept, missed
  std::optional<Name> owed_by;
  std::optional<Basis> basis;
  std::optional<Text> because;
  std::vector<Response> responses;
  std::optional<Name> ladder;
  Header header;
  Body body;
  Span span;
  // What a rulebook that builds on this one made of it; set where changes are made, not by the reader.
  Span changed;                   // the last `change` of it; unknown: none
  Span part;                      // the `for each` of that change, where this is the rule for that part alone
  std::vector<ExprId> narrowed;   // what has to hold of its subjects besides what the rule says
  bool later = false;             // in force from its day on, behind one that was so until then
  std::optional<time::Day> until; // exclusive: from then on later versions are in force
};

// ---- checklists -----------------------------------------------------------------------------------------------------

/// `level heard when C`.
struct Level { Name name; ExprId when; Span span; };
/// `needs heard to enter S`, `needs heard while in S or later`.
struct Need {
  Name level;
  Name stage;
  bool while_in = false;  // else to enter
  bool or_later = false;
  Span span;
};
struct Item {
  Name name;
  std::optional<Text> title;
  std::vector<Level> levels;
  std::vector<Need> needs;
  std::optional<Text> because;
  std::vector<Response> responses;
  Header header;
  Span span;
};
struct Checklist {
  Name name;
  std::optional<Text> title;
  ExprId for_deals_where;
  std::vector<Name> levels;  // lowest first
  std::vector<Item> items;
  std::optional<Text> because;
  Header header;
  Body body;
  Span span;
};

// ---- ladders --------------------------------------------------------------------------------------------------------

/// `starts when WHAT is missed in 2 of 3 months`.
struct LadderStart {
  enum class Of : std::uint8_t { same_right, right, rule } of = Of::same_right;
  Name what;  // the same right, right thing, RULE
  std::int64_t missed = 0, out_of = 0;
  time::Period period = time::Period::month;
  Span span;
};
/// `manager tells person`, `manager records R`, `manager holds 2 E`, `person owes R every day for at most D`.
struct RungStep {
  enum class Act : std::uint8_t { tells, records, holds, owes } act = Act::tells;
  Name who;
  Name what;                           // who is told, the record, the event, the rule
  std::int64_t times = 1;              // holds
  bool every_business_day = false;     // owes
  std::optional<time::Period> every;   // owes
  std::optional<DurationLit> at_most;  // owes
  std::optional<DurationLit> within;
  std::optional<Name> only_after;
  Span span;
};
struct Rung { Name name; std::optional<Text> title; std::vector<RungStep> steps; Span span; };
/// `waits at coach while C`.
struct LadderWait { std::optional<Name> at; ExprId condition; Span span; };
/// `clears after 2 months kept`.
struct LadderClear { std::int64_t count = 0; time::Period period = time::Period::month; Span span; };
struct Ladder {
  Name name;
  std::optional<Text> title;
  std::optional<Subject> subject;
  std::optional<LadderStart> starts;
  std::vector<Rung> rungs;  // lowest first
  std::optional<time::Period> climbs_in_next;
  std::vector<LadderWait> waits;
  std::optional<LadderClear> clears;
  std::optional<Text> because;
  Header header;
  Body body;
  Span span;
};

// ---- proofs ---------------------------------------------------------------------------------------------------------

/// `every path to S passes T`.
struct PathPasses { Name to, passes; };
/// `from every stage S or T is reachable`.
struct StageReaches { std::vector<Name> stages; };
/// `in ladder L R comes before Q`.
struct RungBefore { Name ladder, first, second; };
/// `longest path from S to T without going back is at most D`.
struct LongestPath { Name from, to; bool without_going_back = false; DurationLit at_most; };
struct Prove {
  Text claim;
  std::variant<PathPasses, StageReaches, RungBefore, LongestPath> is;
  std::optional<Name> process;
  Header header;
  Body body;
  Span span;
};

}  // namespace plumb::syntax::ast
