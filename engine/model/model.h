#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "model/checklist.h"
#include "model/expr.h"
#include "model/facts.h"
#include "model/ladder.h"
#include "model/plan.h"
#include "model/process.h"
#include "model/proof.h"
#include "model/rule.h"
#include "model/test.h"
#include "source/source.h"
#include "time/calendar.h"

/// The typed rulebook: every name resolved, every expression typed. Made by `check`, read by everything after it. One
/// Rulebook owns all; nodes refer to each other by Id. What is broken was reported and has Op::error / TypeKind::error;
/// a rulebook with errors is good for looking at, not for evaluating.
namespace plumb::model {

struct Calendar {
  std::string name;
  time::CalendarSpec spec;
  Span span;
  std::vector<std::string> holiday_names = {};  // Rows: as spec.holidays. Missing: empty, for one without a name
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
  std::vector<Response> responses;        // the default of every must
  Id<Ladder> ladder;                      // the default of every must
  Header header;                          // effective from: the default of every rule

  std::vector<Calendar> calendars;        // the first is the default; empty: UTC without business days
  Store<Field> fields;
  Store<Activity> activities;
  Store<Record> records;
  Store<Event> events;
  Store<Expr> exprs;
  Store<Stage> stages;
  Store<Process> processes;
  Store<Measure> measures;
  Store<Target> targets;
  Store<Plan> plans;
  Store<Checklist> checklists;
  Store<Item> items;
  Store<Ladder> ladders;
  std::vector<Proof> proofs;
  std::vector<Test> tests;
  std::vector<Rule> rules;                // rows: written rules in the order of the text, then stage clauses, what items
                                          // need, and last the responses to all of them, each behind what it responds to
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
