#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/id.h"
#include "model/facts.h"
#include "time/time.h"

/// Event expressions, conditions and values: every name resolved, every node typed. Nodes refer to each other by Id.
namespace plumb::model {

using source::Span;

struct Expr;
struct Event;
struct Stage;
struct Measure;
struct Target;
struct Plan;

// ---- events ---------------------------------------------------------------------------------------------------------

enum class EventKind : std::uint8_t {
  error,
  created, won, lost, reopened,
  enters, leaves,         // stage
  changed,                // field
  moved_period,           // field (a date), later, period: to a later (earlier) period than the one before
  starts_leave,           // the subject person, or a deal's owner
  activity, record,
  ordinal,                // parts[0]; nth, per deal or per `for_each` account; on_another_day
  any_of,                 // parts
  filtered,               // parts[0] where `where`
};

struct Event {
  EventKind kind = EventKind::error;
  Id<Activity> activity;
  Id<Record> record;
  Id<Stage> stage;
  Id<Field> field;
  bool later = true;
  time::Period period = time::Period::quarter;
  std::int64_t nth = 0;
  bool for_each_account = false;
  bool for_each_contact = false;
  bool on_another_day = false;            // a day on which no earlier occurrence was counted
  std::vector<Id<Event>> parts;
  Id<Expr> where;
  std::string name;                       // the declared name, where this is a declaration; else empty
  std::string words;                      // as written, blanks folded
  Span span;
};

// ---- conditions and values ------------------------------------------------------------------------------------------

enum class Op : std::uint8_t {
  error,
  // values
  subject_field,   // field: of the deal, or of the person the rule is about
  account_field,   // field: of the deal's account
  its_field,       // field: of the activity or record that opened the obligation
  event_field,     // field: of the candidate activity or record inside a `where`
  number,          // decimal (count and number)
  percent,         // decimal: the fraction
  money,           // decimal, text = currency
  date,            // day
  instant,         // at
  text,            // text; as a choice: choice = index into field's choices
  choice,          // field, choice
  duration,        // duration
  today,           // civil date, in the obligation's calendar, of the evaluating instant
  aggregate,       // aggregate
  measure,         // measure; text: `team` or `company`, where it is theirs
  time_since,      // event: type duration (exact)
  total_time_in,   // stage: type duration (exact)
  target,          // target: the value of the case that governs the subject on the day
  quota,           // plan, text: its step: what the plan asks of the subject for this period
  person_field,    // args[0] a person; field: of that person, as of the evaluating instant
  stage_name,      // stage: on the right of a field of type stage
  arithmetic,      // arithmetic, args[0], args[1]
  // conditions
  not_, and_, or_,  // args
  at_least_of,     // number of args that hold >= count
  known, missing,  // args[0]; tails
  happened,        // event; tails
  compare,         // comparison, args[0], args[1…] (is_one_of has several)
  apart,           // |args[0] − args[1]| in duration: args[0] is at most/least duration after (before) args[1]
  differs,         // args[0] differs from args[1] by at most args[2]
  state,           // state
  in_stage,        // stages: any of
  verdict,         // verdict_of, verdict: `RULE is kept`, `right thing is missed`, `effort is kept`
  situation,       // args[0] a person, or none for the subject; situation
};

enum class Comparison : std::uint8_t {
  is, is_not, is_one_of, at_least, at_most, more_than, less_than, before, after, not_before, not_after,
};
enum class DealState : std::uint8_t { open, closed, won, lost };
/// What `RULE is kept` asks of: a rule, a right, all steps of effort, the plan's own target.
enum class VerdictOf : std::uint8_t { rule, right_thing, right_way, right_time, effort, result };
enum class VerdictWord : std::uint8_t { kept, late, missed, due, excused, cannot_tell };
/// `is on leave`, `is in ramp`, `is on hold`, `owes a step`.
enum class Situation : std::uint8_t { on_leave, in_ramp, on_hold, owes_a_step };
enum class Arithmetic : std::uint8_t { plus, minus, times, divided_by };

/// Order of trust; `none`: the rule does not ask.
enum class SourceRank : std::uint8_t { none, claim, third_party, buyer, system };

/// Which of the facts count.
struct Tails {
  SourceRank source = SourceRank::none;
  bool or_better = false;
  Id<Event> since;
  std::optional<time::Duration> in;
  std::int64_t last = 0;                  // `over last N E`; 0: not asked
  Id<Event> last_of;
  std::int64_t last_periods = 0;          // `over last 4 quarters`; 0: not asked
  time::Period last_period = time::Period::quarter;
  bool any() const { return source != SourceRank::none || since || in || last != 0 || last_periods != 0; }
};

enum class AggregateFunction : std::uint8_t { count, sum, mean, median, share };
/// What an aggregate runs over: events, deals by the event that put them there, contacts of the deal, people.
enum class PopulationKind : std::uint8_t { events, deals, contacts, people };

struct Aggregate {
  AggregateFunction function = AggregateFunction::count;
  PopulationKind population = PopulationKind::events;
  Id<Event> event;                        // events: which; deals: created, won, lost, any of the two; none: those that stand
  std::optional<DealState> deals_in;      // `closed deals`, `open deals`
  Id<Expr> value;                         // what sum, mean, median add up; share of F: by value; none: by number
  Id<Expr> where;                         // share: the part; else the filter
  Id<Event> followed_by;                  // share of E followed by F within D: the part
  std::optional<time::Duration> followed_within;
  Id<Event> span_from, span_to;           // median days from E to F of P
  time::Unit span_unit = time::Unit::days;
  bool by_actor = false;                  // belongs to the actor instead of the deal's owner
  std::string of;                         // "", "team", "company": whose events, when wider than the subject
  std::optional<time::Period> per;        // per quarter: the mean over the periods of the tail
  Id<Event> read_at;                      // at created, at won
  Tails tails;
};

struct Expr {
  Op op = Op::error;
  Type type;
  std::vector<Id<Expr>> args;
  Id<Field> field;
  Id<Event> event;
  Id<Stage> stage;
  Id<Measure> measure;
  Id<Target> target;
  Id<Plan> plan;
  std::vector<Id<Stage>> stages;
  Decimal decimal;
  std::string text;
  std::uint32_t choice = 0;
  time::Day day;
  time::Instant at;
  time::Duration duration;
  std::int64_t count = 0;
  Comparison comparison = Comparison::is;
  bool at_most = true;                    // apart
  bool after = true;                      // apart
  DealState state = DealState::open;
  VerdictOf verdict_of = VerdictOf::rule;  // verdict; of a rule: `text` is its name
  VerdictWord verdict = VerdictWord::kept;
  Situation situation = Situation::on_leave;
  Arithmetic arithmetic = Arithmetic::plus;
  std::optional<Aggregate> aggregate;
  Tails tails;
  std::string words;                      // as written, blanks folded: what reports quote
  Span span;
};

}  // namespace plumb::model
