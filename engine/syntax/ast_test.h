#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "syntax/ast_clause.h"

/// The tests in a rulebook: who is there, what happens, and what is expected to come of it.
namespace plumb::syntax::ast {

/// `2026-03-02`, `2026-03-02 09:00`, `2026-03-02 09:00+01:00`.
struct Moment {
  time::Day day;
  std::optional<std::int64_t> micros_of_day;
  std::optional<int> offset_seconds;
  Span span;
};

/// `goal agree_problem from buyer recorded 2026-03-02 17:00`; `role manager from DATE to DATE`.
struct Fact {
  Name name;
  ExprId value;
  std::optional<Name> source;
  std::optional<Moment> from, to;
  std::optional<Moment> recorded;
  Span span;
};
/// `ana on leave from T to T`; without a name in the braces of a person.
struct Leave {
  std::optional<Name> who;
  Moment from, to;
  std::optional<Moment> recorded;
  Span span;
};

/// `person ana { … }`, `contact c of D1 { … }`.
struct Cast {
  Name kind;  // person, deal, contact, account, team
  Name name;
  std::optional<Name> of;
  std::vector<Fact> facts;
  std::vector<Leave> leaves;
  Span span;
};

/// `D1 enters S`, `D1 leaves S`, `D1 sets F to V from SOURCE`, `ana records R { … }`, `D1 ACTIVITY { … }`.
struct Deed {
  enum class Kind : std::uint8_t { enters, leaves, sets, records, happens } kind = Kind::happens;
  Name subject;
  Name what;                   // the stage, field, record or event
  ExprId value;                // sets
  std::optional<Name> source;  // sets
  std::vector<Fact> facts;
  std::vector<Leave> leaves;
  Span span;
};
struct DatedLine { Moment at; Deed deed; std::optional<Moment> recorded; Span span; };
/// `8 times from DATE every business day 10:00 DEED`.
struct RepeatedLine {
  std::int64_t times = 0;
  time::Day from;
  bool business_days = false;
  time::Period every = time::Period::day;
  std::optional<std::int64_t> micros_of_day;
  Deed deed;
  Span span;
};

/// `as of T [known at T] expect R is V for S [opened T] [because C]`, `… expect no R for S`.
struct Expectation {
  Moment as_of;
  std::optional<Moment> known_at;
  bool none = false;            // no R for S
  Name of;                      // the rule, the measure
  std::optional<Name> verdict;  // a word: missed, cannot tell, a choice
  ExprId value;                 // or a literal
  Name subject;
  std::optional<Moment> opened;
  ExprId because;
  Span span;
};

struct Test {
  Text title;
  std::vector<Cast> cast;
  std::vector<std::variant<Leave, DatedLine, RepeatedLine>> lines;
  std::vector<Expectation> expectations;
  Body body;
  Span span;
};

}  // namespace plumb::syntax::ast
