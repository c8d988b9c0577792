#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/id.h"
#include "model/expr.h"
#include "model/facts.h"
#include "model/process.h"
#include "model/rule.h"
#include "time/time.h"

/// Tests in the language: a cast, what happens, and what is expected to come of it. Local times are those of the
/// default calendar's zone; everything is an instant here.
namespace plumb::model {

using source::Span;

/// A value of a fact, of the field's type.
struct FactValue {
  Type type;
  Id<Expr> literal;                       // a literal, or a choice of the field
  std::string word;                       // a text, or a person of the cast
};
struct Fact {
  Id<Field> field;
  FactValue value;
  SourceRank source = SourceRank::none;
  std::optional<time::Instant> from, to;  // of a person's field: in force
  std::optional<time::Instant> recorded;  // none: when it happened
  Span span;
};
struct TestLeave {
  std::uint32_t person = 0;               // row of the cast
  time::Instant from, to;                 // half open; the last day is included
  std::optional<time::Instant> recorded;
  Span span;
};
/// Who is in the test. An account or a team is a name only.
struct CastMember {
  enum class Kind : std::uint8_t { person, deal, contact, account, team } kind = Kind::deal;
  std::string name;
  std::optional<std::uint32_t> of;        // contact: its deal, a row of the cast
  std::vector<Fact> facts;
  Span span;
};
/// `D1 enters S`, `D1 leaves S`, `D1 sets F to V`, `ana records R { … }`, `D1 ACTIVITY { … }`.
struct Deed {
  enum class Kind : std::uint8_t { enters, leaves, sets, records, happens } kind = Kind::happens;
  std::uint32_t subject = 0;              // row of the cast
  Id<Stage> stage;                        // enters, leaves
  Id<Record> record;                      // records
  Id<Activity> activity;                  // happens
  EventKind happened = EventKind::activity;  // happens: an activity, or created, won, lost, reopened
  std::vector<Fact> facts;                // sets: one
  time::Instant at;                       // of a day: its start
  std::optional<time::Day> day;           // a line without a time of day: it happened on that day, nobody knows when
  std::optional<time::Instant> recorded;
  Span span;
};
/// Whom an expectation is about that is `for company`.
inline constexpr std::uint32_t the_company = UINT32_MAX;

/// `as of T [known at T] expect R is V for S [opened T] [because C]`, `expect no R for S`.
struct TestExpectation {
  time::Instant as_of;                    // of a day: its end
  std::optional<time::Instant> known_at;  // of a day: its end
  bool none = false;                      // no R for S
  std::string rule;                       // a rule, a stage clause, an item; empty for a measure
  Id<Measure> measure;
  VerdictWord verdict = VerdictWord::kept;
  Id<Expr> value;                         // of a measure
  std::uint32_t subject = 0;              // row of the cast, or the_company
  std::optional<time::Instant> opened;    // of a day: its start
  std::optional<time::Day> opened_on;     // opened on that day, whenever
  Id<Expr> because;
  Span span;
};
struct Test {
  std::string title;
  std::vector<CastMember> cast;
  std::vector<TestLeave> leaves;
  std::vector<Deed> deeds;                // rows: in the order of the text; repeated ones written out
  std::vector<TestExpectation> expectations;
  Span span;
};

}  // namespace plumb::model
