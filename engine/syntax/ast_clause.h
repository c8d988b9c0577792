#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "syntax/ast_expr.h"

/// What may stand in many declarations.
namespace plumb::syntax::ast {

/// What a clause of a body says first. The order here is the one order in which the clauses of any body stand; clauses
/// of one kind stand as they were written.
enum class ClauseKind : std::uint8_t {
  title, version,
  proposed, effective, review, author, sealed, tighten,         // the header words
  calendar,
  zone, work, holiday, fiscal, week, term,                      // of a calendar
  field,                                                        // of fields, activities and records
  for_deals, on_hold_while, stage, path, back, from_any,        // of a process
  won, lost, on_hold, was, buyer, manager, may_be_first, to_enter, while_in, to_move_on, at_most, may_be_skipped,
  levels, item,                                                 // of a checklist
  level, needs,                                                 // of its items
  plan_target, plan_every, worth, work_back, rates, reached, lead_time, ramp,
  right, for_each, shape, expect, ahead, within, lapse, even_when_closed, each_its_own, given, averaged_over,
  starts, rung, climbs, waits, clears,                          // of a ladder
  step,                                                         // of its rungs
  adjusted, late_counts, owed_by,
  target_case, based_on,
  because, response, ladder,
  cast, line, expectation,                                      // of a test
  fact,                                                         // of what stands in a test
};

struct Clause;
/// What stands in braces, in the order of the text. Missing: an unknown span, where there are no braces.
struct Body {
  Span span;  // braces included
  std::vector<Clause> clauses;
};
struct Clause {
  ClauseKind kind = ClauseKind::title;
  Span span;
  Body body;  // of a stage, an item, a rung, what stands in a test
};

/// The header words, which may stand in any declaration.
struct Header {
  std::optional<Text> author;
  std::optional<Text> proposed_by;
  std::optional<time::Day> proposed_on;
  std::optional<time::Day> effective_from;
  std::optional<time::Day> review_by;
  bool sealed = false;
  bool tighten_only = false;
};

/// `if missed "TEXT" [recorded as RECORD] by WHO within D`.
struct Response {
  Name verdict;  // missed, late, kept, cannot tell
  Text text;
  std::optional<Name> recorded_as;
  Name by;
  std::optional<DurationLit> within;
  Span span;
};

enum class SubjectKind : std::uint8_t { deal, person, team, company, other };
/// `for each deal of P in S or later where C`.
struct Subject {
  SubjectKind kind = SubjectKind::deal;
  Name word;                        // as written
  std::optional<Name> process;      // of PROCESS
  std::optional<Name> stage;        // in STAGE
  bool or_later = false;
  ExprId where;
  Span span;
};

/// `given at least 20 first_touch`.
struct GivenAtLeast { std::int64_t count = 0; Population population; ExprId where; Span span; };
struct AveragedOver { std::int64_t count = 0; time::Period period; Span span; };

/// What `adjusted for` names: holidays, leave, ramp, or a field of the person.
struct Adjustment { Name name; std::optional<DurationLit> longer_than; Span span; };
/// `adjusted for holidays, leave longer than 2 business days`.
struct AdjustedFor { std::vector<Adjustment> adjustments; Span span; };

/// `4 quarters`, `214 won deals`, `20 held_meeting`: periods, or an event; deals are named by the event that made them
/// so, as `lost deals` by `lost`.
struct Thing { std::optional<time::Period> periods; EventId event; };

/// `based on judgement`, `based on 214 deals until 2026-01-01`.
struct Basis {
  std::optional<std::int64_t> count;  // none for judgement
  Thing thing;
  std::optional<time::Day> until;
  Span span;
};

}  // namespace plumb::syntax::ast
