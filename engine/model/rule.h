#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "model/expr.h"
#include "model/facts.h"
#include "model/process.h"
#include "time/time.h"

/// What is expected: rules, and the clauses of stages and checklists, which are rules like any other.
namespace plumb::model {

using source::Span;

struct Item;
struct Ladder;

enum class Strength : std::uint8_t { must, should, trial };
enum class Right : std::uint8_t { none, thing, way, time };
enum class SubjectKind : std::uint8_t { deal, person, team, company };
enum class Shape : std::uint8_t { after, before, at, while_, every, throughout };

struct Subject {
  SubjectKind kind = SubjectKind::deal;
  Id<Process> process;                    // of PROCESS, or that of the stages
  std::vector<Id<Stage>> stages;          // in S, in S or later; empty: any
  Id<Expr> where;
};

/// `by monday 16:30 of the week after or the next business day`.
struct Point {
  std::optional<int> weekday;             // 1 is Monday
  std::optional<std::int64_t> day_number; // the n-th (business) day of the period
  bool business = false;
  std::optional<std::int64_t> micros_of_day;  // none: the end of the day
  bool of_period_after = false;
  bool or_next_business_day = false;
};

/// Where a rule comes from: written as a rule, a clause of a stage, a process's own path (every move it makes is one
/// that the process allows), what an item of a checklist needs, or what is done about a verdict (`if missed …`).
enum class RuleOrigin : std::uint8_t { rule, to_enter, to_move_on, while_in, at_most, path, needs, response };

struct Response {
  std::string verdict;                    // missed, late, kept, cannot tell
  std::string text;
  Id<Record> recorded_as;
  std::string by;                         // owner, manager, or a role
  std::optional<time::Duration> within;
};

/// Of a rule of origin `response`: the row of the rule that it responds to, and which of its clauses for the same
/// verdict it is, from 1.
struct RespondsTo {
  std::uint32_t rule = 0;
  std::uint32_t clause = 1;
};

struct Given {
  std::int64_t count = 0;
  Id<Expr> population;                    // a count aggregate
};

/// What an expectation is adjusted for: holidays, leave, ramp, or a percentage that is known of the person.
struct Adjustment {
  enum class For : std::uint8_t { holidays, leave, ramp, field } by = For::holidays;
  Id<Field> field;                        // field: of the person, a percentage
  std::optional<time::Duration> longer_than;  // leave
};

/// Where a threshold comes from: so many cases until a day, or judgement.
struct Basis {
  bool judgement = false;
  std::int64_t count = 0;
  Id<Event> event;                        // what was counted: the event that made them so; none: periods
  std::optional<time::Period> periods;
  std::optional<time::Day> until;
};

struct Rule {
  std::string name;                       // PROCESS.STAGE.to_enter for stage clauses, LIST.ITEM for what an item needs,
                                          // RULE.if_missed.1 for responses
  std::string title;                      // empty: none given
  RuleOrigin origin = RuleOrigin::rule;
  Id<Stage> stage;                        // the clause's; none for rule and path
  Id<Item> item;                          // needs
  Strength strength = Strength::must;
  Right right = Right::none;
  Subject subject;
  Shape shape = Shape::at;
  Id<Event> trigger;                      // after, before, at
  Id<Expr> while_condition;               // while_: A
  std::optional<time::Period> period;     // every
  std::optional<Point> point;
  Id<Expr> expect;                        // none when an event is expected
  Id<Event> expect_event;                 // a new occurrence after the trigger
  std::optional<time::Duration> within;
  std::optional<time::Duration> ahead;    // at least D ahead
  std::optional<time::Duration> lapse;    // lapse at most D at a time
  std::vector<Given> given;
  std::optional<std::pair<std::int64_t, time::Period>> averaged_over;
  bool even_when_closed = false;
  bool each_its_own = false;
  std::string owed_by;                    // empty: the default of the subject; owner, manager, team manager, or a person field
  std::vector<Adjustment> adjusted_for;
  std::optional<VerdictWord> late_counts_as;  // kept or missed
  std::optional<Basis> basis;
  std::string because;
  std::vector<Response> responses;        // its own; of a response: the one clause that it is
  std::optional<RespondsTo> responds_to;  // response
  Id<Ladder> ladder;                      // its own, else the rulebook's where it is a must
  Header header;
  std::optional<time::Day> effective_from;  // its own, else that of the rulebook that wrote or changed it
  std::optional<time::Day> effective_until;  // exclusive: from then on later versions of it are in force
  std::optional<std::uint32_t> same_as;   // the row before, where it is the same rule: a version, or for others; else none
  std::string governed_by;                // whose it is, and for which part of its subjects: `acme.new_business 3.1.0`;
                                          // empty: this rulebook's own
  std::string sentence;                   // the whole rule in one plain sentence (R35)
  Span span;                              // the name
};

}  // namespace plumb::model
