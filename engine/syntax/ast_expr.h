#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/id.h"
#include "source/source.h"
#include "time/time.h"

/// What a rulebook says, word for word: no name is resolved, no type known. Everything carries its span. Plain values;
/// one File owns the expressions and event expressions, everything else is held in place.
namespace plumb::syntax::ast {

using source::Span;

/// A name as it was written, without quotes. Missing (after a syntax error): empty.
struct Name {
  std::string text;
  Span span;
  bool written() const { return !text.empty(); }
};

struct Text {
  std::string text;  // without the quotes, escapes undone
  Span span;
};

struct DurationLit {
  time::Duration duration;
  Span span;
};

struct Expr;
struct Event;
using ExprId = Id<Expr>;
using EventId = Id<Event>;

// ---- event expressions ----------------------------------------------------------------------------------------------

/// A declared activity, record or event, or one of `created won lost reopened`.
struct NamedEvent { Name name; };
struct EntersStage { Name stage; };
struct LeavesStage { Name stage; };
/// `F changed`; `owner changed` is the field `owner`.
struct FieldChanged { Name field; };
/// `F moved to a later quarter` (or `earlier`).
struct FieldMoved { Name field; bool later = true; time::Period period = time::Period::quarter; };
/// `owner starts leave`.
struct StartsLeave { Name who; };
/// `1st E for each account`, `2nd E on another day`.
struct OrdinalEvent {
  std::int64_t ordinal = 1;
  EventId event;
  std::optional<Name> for_each;
  bool on_another_day = false;
};
/// `any of (E, E)`, and a bare list in parentheses.
struct AnyEvent { std::vector<EventId> events; };
/// `E where C`.
struct FilteredEvent { EventId event; ExprId where; };

struct Event {
  std::variant<NamedEvent, EntersStage, LeavesStage, FieldChanged, FieldMoved, StartsLeave, OrdinalEvent, AnyEvent,
               FilteredEvent>
      is;
  Span span;
};

// ---- conditions and values -------------------------------------------------------------------------------------------

/// Which of the facts count: `from buyer or better`, `since E`, `in D`, `over last N THINGS`.
struct Tails {
  std::optional<Name> source;
  bool or_better = false;
  EventId since;
  std::optional<DurationLit> in;
  std::optional<std::int64_t> last;
  EventId last_of;                           // `over last N E`
  std::optional<time::Period> last_periods;  // `over last 4 quarters`
  Span span;
};

struct NameRef { Name name; };                 // a field, event, measure, target, choice: the checker decides
struct ItsField { Name field; };               // its goal
struct OfName { Name name; Name of; };         // money of bant, industry of account, manager of owner
struct NumberLit { Decimal value; };           // 3 · 10,000 · 2.5
struct PercentLit { Decimal fraction; };       // 60% is 0.6
struct MoneyLit { Decimal value; Name currency; };
struct DateLit { time::Day day; };
struct InstantLit { time::Day day; std::int64_t micros_of_day = 0; std::optional<int> offset_seconds; };
struct TextLit { Text text; };
struct DurationValue { DurationLit duration; };
struct Today {};
struct Not { ExprId operand; };
struct And { std::vector<ExprId> operands; };
struct Or { std::vector<ExprId> operands; };
/// `at least 3 of (C, C, C)`; with `checklist`, `at least 6 of bant are confirmed`.
struct AtLeastOf {
  std::int64_t least = 0;
  std::vector<ExprId> conditions;
  std::optional<Name> checklist;
  std::optional<Name> level;
};
/// `X is known`, `X is missing`.
struct Known { ExprId value; bool missing = false; Tails tails; };
/// `E has happened`.
struct Happened { EventId event; Tails tails; };

enum class Comparison : std::uint8_t {
  is, is_not, is_one_of, at_least, at_most, more_than, less_than, before, after, not_before, not_after,
};
/// `is one of` has several right sides, everything else one.
struct Compare { ExprId left; Comparison comparison; std::vector<ExprId> right; Tails tails; };
/// `DATE is at most D after DATE` (or `before`; `at least`).
struct Apart { ExprId left; bool at_most = true; DurationLit by; bool after = true; ExprId right; };
/// `X differs from Y by at most N`.
struct Differs { ExprId left; ExprId right; ExprId at_most; };
enum class DealState : std::uint8_t { open, closed, won, lost };
struct InState { DealState state; };
/// `in proposal`, `in proposal or later`.
struct InStage { Name stage; bool or_later = false; };
/// `right thing is missed`, `effort is kept`; `RULE is kept` is a Compare of two names until it is checked.
struct VerdictIs { Name of; Name verdict; };

enum class AggregateFunction : std::uint8_t { count, sum, mean, median, share };
/// What is counted: an event expression, or subjects (`won deals`, `contact`, `person`).
struct Population {
  EventId event;              // none for subjects
  std::optional<Name> of;     // deals, contact, person …
  std::optional<Name> state;  // created won lost closed open, before `deals`
};
/// `count of E`, `sum F of P`, `F of P`, `share of P where C`, `share of E followed by F within D`, `median days from E
/// to F of P`, with `where`, tails, `by actor`, `of team`, `per quarter`.
struct Aggregate {
  AggregateFunction function = AggregateFunction::count;
  std::optional<Name> field;         // sum F of; share of F of (by value)
  std::optional<time::Unit> span_in;  // median days from … to …
  EventId span_from, span_to;
  Population population;
  ExprId where;
  EventId followed_by;
  std::optional<DurationLit> followed_within;
  bool by_actor = false;
  std::optional<Name> of;            // team, company
  std::optional<time::Period> per;
  std::optional<Name> read_at;       // at created, at won
  Tails tails;
};
struct TimeSince { EventId event; };
struct TotalTimeIn { Name stage; };
/// `quota for M`.
struct QuotaFor { Name measure; };
enum class Operator : std::uint8_t { plus, minus, times, divided_by };
/// Only in a measure. `40% of X` is `times`.
struct Arithmetic { Operator op; ExprId left; ExprId right; };
/// What could not be understood and has been reported.
struct Broken {};

struct Expr {
  std::variant<Broken, NameRef, ItsField, OfName, NumberLit, PercentLit, MoneyLit, DateLit, InstantLit, TextLit,
               DurationValue, Today, Not, And, Or, AtLeastOf, Known, Happened, Compare, Apart, Differs, InState, InStage,
               VerdictIs, Aggregate, TimeSince, TotalTimeIn, QuotaFor, Arithmetic>
      is;
  Span span;
};

}  // namespace plumb::syntax::ast
