#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/id.h"
#include "source/source.h"
#include "time/calendar.h"
#include "time/time.h"

/// The typed rulebook: every name resolved, every expression typed. Made by `check`, read by everything after it. One
/// Rulebook owns all; nodes refer to each other by Id. What is broken was reported and has Op::error / TypeKind::error;
/// a rulebook with errors is good for looking at, not for evaluating.
namespace plumb::model {

using source::Span;

struct Expr;
struct Event;
struct Field;
struct Stage;
struct Process;
struct Activity;
struct Record;
struct Measure;

// ---- types ----------------------------------------------------------------------------------------------------------

enum class TypeKind : std::uint8_t {
  error, money, percent, count, number, text, note, choice, boolean, date, instant, duration, person, stage, condition,
};

/// `choice` types compare by the field that lists the choices; a duration by its unit.
struct Type {
  TypeKind kind = TypeKind::error;
  Id<Field> choices;                      // choice: whose list
  time::Unit unit = time::Unit::days;     // duration
};

// ---- what a history may hold ----------------------------------------------------------------------------------------

enum class OwnerKind : std::uint8_t { deal, account, contact, person, activity, record };

struct Field {
  std::string name;
  OwnerKind owner = OwnerKind::deal;
  Id<Activity> activity;                  // owner == activity
  Id<Record> record;                      // owner == record
  Type type;
  std::vector<std::string> choices;       // type.kind == choice: in the order of the text
  bool built_in = false;                  // deal: owner (person), account (text); person: team (text), manager (person)
  Span span;
};

struct Activity {
  std::string name;
  bool with_buyer = false;
  std::vector<Id<Field>> fields;
  Span span;
};

struct Record {
  std::string name;
  std::vector<Id<Field>> fields;
  bool built_in = false;                  // told, waiver, action … of semantics.md §1
  Span span;
};

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
  measure,         // measure
  time_since,      // event: type duration (exact)
  total_time_in,   // stage: type duration (exact)
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
};

enum class Comparison : std::uint8_t {
  is, is_not, is_one_of, at_least, at_most, more_than, less_than, before, after, not_before, not_after,
};
enum class DealState : std::uint8_t { open, closed, won, lost };
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
/// What an aggregate runs over: events, or deals by the event that put them there.
enum class PopulationKind : std::uint8_t { events, deals };

struct Aggregate {
  AggregateFunction function = AggregateFunction::count;
  PopulationKind population = PopulationKind::events;
  Id<Event> event;                        // events: which; deals: created, won, lost, or none for `closed`/`open` deals
  std::optional<DealState> deals_in;      // `closed deals` (won or lost), `open deals`
  Id<Expr> value;                         // what sum, mean, median add up; share of F: by value; none: by number
  Id<Expr> where;                         // share: the part; else the filter
  Id<Event> followed_by;                  // share of E followed by F within D: the part
  std::optional<time::Duration> followed_within;
  Id<Event> span_from, span_to;           // median days from E to F of P
  time::Unit span_unit = time::Unit::days;
  bool by_actor = false;                  // belongs to the actor instead of the deal's owner
  std::string of;                         // "", "team", "company": whose events, when wider than the subject
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
  Arithmetic arithmetic = Arithmetic::plus;
  std::optional<Aggregate> aggregate;
  Tails tails;
  std::string words;                      // as written, blanks folded: what reports quote
  Span span;
};

// ---- the process ----------------------------------------------------------------------------------------------------

enum class StageEnd : std::uint8_t { open, won, lost };

struct Stage {
  std::string name;
  std::string label;                      // empty: none given
  std::string buyer, manager;
  Id<Process> process;
  StageEnd end = StageEnd::open;
  bool on_hold = false;
  bool may_be_first = false;              // the path's first stage always may
  Id<Expr> may_be_first_when;
  bool may_be_skipped = false;
  Id<Expr> may_be_skipped_when;
  std::vector<std::string> was;
  Span span;                              // the name
};

enum class MoveKind : std::uint8_t { path, back, from_any };

/// One arrow; a path of n stages gives n − 1 of them, `from any open stage -> S` one per open stage.
struct Move {
  Id<Stage> from, to;
  MoveKind kind = MoveKind::path;
  std::optional<std::int64_t> at_most_times;  // back
  Id<Expr> when;
  Span span;
};

struct Process {
  std::string name;
  Id<Expr> for_deals_where;               // none: every deal
  Id<Expr> on_hold_while;
  std::vector<Id<Stage>> stages;          // in the order of the text
  std::vector<Id<Stage>> path;            // in the order of the first `path` line; empty: none written, any move may be made
  std::vector<Move> moves;
  Span span;                              // the name
};

// ---- rules ----------------------------------------------------------------------------------------------------------

struct Measure {
  std::string name;
  Id<Expr> value;
  Span span;
};

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

/// Where a rule comes from: written as a rule, a clause of a stage,
/// or a process's own path (every move it makes is one that the process allows).
enum class RuleOrigin : std::uint8_t { rule, to_enter, to_move_on, while_in, at_most, path };

struct Response {
  std::string verdict;                    // missed, late, kept, cannot tell
  std::string text;
  Id<Record> recorded_as;
  std::string by;                         // owner, manager, or a role
  std::optional<time::Duration> within;
};

struct Given {
  std::int64_t count = 0;
  Id<Expr> population;                    // a count aggregate
};

struct Rule {
  std::string name;                       // PROCESS.STAGE.to_enter for stage clauses
  std::string title;                      // empty: none given
  RuleOrigin origin = RuleOrigin::rule;
  Id<Stage> stage;                        // the clause's; none for rule and path
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
  std::string because;
  std::vector<Response> responses;
  std::optional<time::Day> effective_from;  // its own, else the rulebook's
  std::string sentence;                   // the whole rule in one plain sentence (R35)
  Span span;                              // the name
};

struct Calendar {
  std::string name;
  time::CalendarSpec spec;
  Span span;
};

/// A declaration that is understood as such but not evaluated yet: `run` refuses it unless told to go on without.
struct Unevaluated {
  std::string keyword;
  std::string name;
  Span span;
};

struct Rulebook {
  std::string name;
  std::string title;
  std::string version;
  std::optional<time::Day> effective_from, review_by;
  std::vector<Response> responses;        // the default of every must

  std::vector<Calendar> calendars;        // the first is the default; empty: UTC without business days
  Store<Field> fields;
  Store<Activity> activities;
  Store<Record> records;
  Store<Event> events;
  Store<Expr> exprs;
  Store<Stage> stages;
  Store<Process> processes;
  Store<Measure> measures;
  std::vector<Rule> rules;                // rows: written rules in the order of the text, then stage clauses
  std::vector<Unevaluated> unevaluated;

  const Calendar* default_calendar() const { return calendars.empty() ? nullptr : &calendars.front(); }
};

std::string_view to_text(TypeKind kind);
std::string_view to_text(Comparison comparison);  // is at least
std::string_view to_text(Shape shape);
std::string_view to_text(Strength strength);
std::string_view to_text(Right right);            // right thing
std::string_view to_text(StageEnd end);

}  // namespace plumb::model
