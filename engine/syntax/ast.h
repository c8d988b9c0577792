#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "syntax/ast_clause.h"
#include "syntax/ast_expr.h"
#include "syntax/ast_plan.h"
#include "syntax/ast_rule.h"
#include "syntax/ast_test.h"

/// The declarations and the file. Every declaration has its header words, its body with the clauses in the order of the
/// text, and its span.
namespace plumb::syntax::ast {

struct Rulebook {
  Name name;
  std::optional<Text> title;
  std::optional<Name> version;
  Header header;
  std::optional<Name> calendar;
  std::optional<Text> because;
  std::vector<Response> responses;
  std::optional<Name> ladder;
  Body body;
  Span span;
};

struct Use { Name name; Span span; };
struct Extends { Name name; Span span; };

// ---- calendars ------------------------------------------------------------------------------------------------------

struct WorkLine {
  int from_weekday = 1, to_weekday = 1;  // 1 is Monday
  std::int64_t from_micros = 0, until_micros = 0;  // since midnight
  Span span;
};
struct HolidayLine { time::Day day; std::optional<Text> name; Span span; };
struct TermLine { Text name; time::Day from, to; Span span; };
struct Calendar {
  Name name;
  std::optional<Text> zone;
  std::vector<WorkLine> work;
  std::vector<HolidayLine> holidays;
  std::vector<TermLine> terms;
  std::optional<int> fiscal_year_starts_month;
  std::optional<int> week_starts_weekday;
  Header header;
  Body body;
  Span span;
};

// ---- what we know and what happens ----------------------------------------------------------------------------------

/// `amount money`, `segment one of smb, mid_market`.
struct Field {
  Name name;
  Name type;                   // money, text, …; empty when choices are given
  std::vector<Name> choices;
  Span span;
};
/// `fields deal of account { … }`.
struct Fields {
  Name of;
  std::optional<Name> parent;
  std::vector<Field> fields;
  Header header;
  Body body;
  Span span;
};
struct Activity {
  Name name;
  bool with_buyer = false;
  std::vector<Field> fields;
  Header header;
  Body body;
  Span span;
};
struct Record { Name name; std::vector<Field> fields; Header header; Body body; Span span; };
struct EventDecl { Name name; EventId event; Header header; Body body; Span span; };

// ---- processes ------------------------------------------------------------------------------------------------------

struct StageCondition { ExprId condition; Span span; };
struct StageLimit { DurationLit at_most; Span span; };
struct Stage {
  Name name;
  std::optional<Text> label;    // as
  std::optional<Text> buyer;
  std::optional<Text> manager;
  bool won = false, lost = false, on_hold = false;
  bool may_be_first = false;
  ExprId may_be_first_when;
  bool may_be_skipped = false;
  ExprId may_be_skipped_when;
  std::vector<StageCondition> to_enter, to_move_on, while_in;
  std::vector<StageLimit> at_most;
  std::vector<Name> was;
  Header header;
  Span span;
};
struct Move {
  enum class Kind : std::uint8_t { path, back, from_any } kind = Kind::path;
  std::vector<Name> stages;          // path: in order; back: from, to; from_any: the targets
  std::optional<std::int64_t> at_most_times;
  ExprId when;
  Span span;
};
struct Process {
  Name name;
  std::optional<Text> title;
  ExprId for_deals_where;
  ExprId on_hold_while;
  std::vector<Stage> stages;
  std::vector<Move> moves;
  Header header;
  Body body;
  Span span;
};

// ---- what a client changes ------------------------------------------------------------------------------------------

/// `change stage S in P { … }`: what stands in it, as if it were declared anew. The `for each` of a changed rule is the
/// part of its subjects for which it is changed.
struct Change {
  Name kind;               // must, stage, target …
  std::optional<Name> in;  // of a stage, an item, a rung
  std::variant<Rule, Stage, Item, Rung, Target, Measure, EventDecl, Plan, Ladder, Checklist, Process, Calendar, Fields,
               Activity, Record>
      to;
  Body body;
  Span span;
};
/// `remove should phone_first because "…"`.
struct Remove {
  Name kind;
  Name name;
  std::optional<Name> in;
  Text because;
  Header header;
  Body body;
  Span span;
};

using Declaration = std::variant<Use, Extends, Calendar, Fields, Activity, Record, EventDecl, Process, Checklist, Rule,
                                 Measure, Target, Plan, Ladder, Prove, Test, Change, Remove>;

struct Comment { std::string text; Span span; };

/// What the declarations of a text are to the rulebook that is checked: its own, those of what it `extends`, or those
/// of what it uses.
enum class Role : std::uint8_t { own, base, library };

/// One of the texts of a joined file.
struct Source {
  Id<source::Text> text;
  Role role = Role::own;
  std::string rulebook;  // the name in its header; of a text without one, that of its package
};

/// One file; or several joined into one, over one store: the base before what extends it, libraries before both. Rows:
/// declarations, words and comments in the order of the texts.
struct File {
  Id<source::Text> text;           // joined: the one that has the rulebook's own header
  std::vector<Source> sources;     // joined: every text; empty for one that was read alone
  std::vector<Rulebook> bases;     // joined: the headers of what is extended, the nearest first
  bool open = false;               // a `use` or `extends` was not followed: unknown names may come from there
  bool whole = true;  // nothing was reported, so nothing was left out
  std::optional<Rulebook> rulebook;
  std::vector<Declaration> declarations;
  std::vector<Comment> comments;
  std::vector<Span> lost;          // stretches that were reported and not understood
  std::vector<Span> words;         // words and marks, comments apart, as they were written
  std::vector<Name> quoted_names;  // the names, and parts of dotted names, that were written in quotes
  Store<Expr> exprs;
  Store<Event> events;
};

}  // namespace plumb::syntax::ast
